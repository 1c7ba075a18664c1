//! Edits of every file of the corpus that change nothing, and imports of every root.

use std::collections::BTreeSet;

use ndpickle::numpy::random::Random;
use ndpickle::{Builder, Category, Flavour, Pickle, Python, Version, write};
use serde_json::Value;

use super::super::corpus::{each, want};
use super::super::row;

fn fails(error: ndpickle::Error) -> String {
    error.to_string()
}

#[test]
fn an_edit_that_changes_nothing_is_the_file() {
    each(&[], |entry| {
        for document in entry.documents()? {
            let expected = write::Options::new().to_vec(&document).map_err(fails)?;
            let mut edit = document.edit();
            // It looks for what new nodes would share.
            edit.builder();
            let edited = edit.finish().map_err(fails)?;
            let written = write::Options::new().to_vec(&edited).map_err(fails)?;
            want(written == expected, || "differs".into())?;
        }
        Ok(())
    });
}

/// For whom new nodes are spelled is seen in the file: an array that is made anew is the one that was there.
#[test]
fn an_array_made_anew_is_the_file() {
    const CASES: [&str; 14] = [
        "array_f8",
        "array_bool",
        "array_i1",
        "array_u1",
        "array_i2",
        "array_u2",
        "array_i4",
        "array_u4",
        "array_i8",
        "array_u8",
        "array_f2",
        "array_f4",
        "array_c8",
        "array_c16",
    ];
    let mut count = 0;
    each(&["c"], |entry| {
        let is_outside = entry.name().contains(".buffers.");
        if !CASES.contains(&entry.text("case")) || is_outside {
            return Ok(());
        }
        let document = Pickle::parse(&entry.bytes).map_err(fails)?;
        let array = document.root().array().map_err(fails)?;
        let mut edit = document.edit();
        let root = edit.builder().array(&array).map_err(fails)?;
        want(root != edit.root().id(), || "no new array".into())?;
        edit.set_root(root).map_err(fails)?;
        let edited = edit.finish().map_err(fails)?;
        let written = write::Options::new().to_vec(&edited).map_err(fails)?;
        count += 1;
        want(written == entry.bytes, || {
            super::difference(&written, &entry.bytes)
        })
    });
    assert!(count > 60, "{count} files");
}

/// What stays of arrays at any protocol.
fn arrays(pickle: &Pickle<'_>) -> Vec<Value> {
    let rows = pickle.arrays().map(row::told).map(|row| {
        let keys = ["kind", "dtype", "shape", "sha256", "mask_sha256"];
        keys.iter().map(|key| row[*key].clone()).collect()
    });
    rows.collect()
}

#[test]
fn a_root_that_is_imported_is_the_file() {
    each(&["c", "pure"], |entry| {
        for (document, target) in entry.documents()?.into_iter().zip(entry.documents()?) {
            let is_one = document.roots().len() == 1;
            // There two texts name a module, and another object holds the one that is no global's.
            let is_odd = entry.text("case") == "numpy_others";
            let has_buffers = document.walk().any(|visit| visit.node.buffer().is_some());
            if !is_one || is_odd || has_buffers {
                continue;
            }
            let expected = write::Options::new().to_vec(&document).map_err(fails)?;
            let mut edit = target.edit();
            let none = edit.builder().none();
            edit.set_root(none).map_err(fails)?;
            let root = edit.import(document.root()).map_err(fails)?;
            edit.set_root(root).map_err(fails)?;
            let edited = edit.finish().map_err(fails)?;
            let written = write::Options::new().to_vec(&edited).map_err(fails)?;
            want(written == expected, || {
                super::difference(&written, &expected)
            })?;
        }
        Ok(())
    });
}

/// The bits of all random states: how many arrays those are in is up to the version.
fn bits(pickle: &Pickle<'_>) -> BTreeSet<String> {
    let randoms = pickle.walk().filter_map(|visit| visit.node.random().ok());
    let states = randoms.filter_map(|random| match random {
        Random::RandomState(state) => Some(state.bit_generator.state),
        Random::Generator(generator) => Some(generator.bit_generator.state),
        Random::BitGenerator(bits) => Some(bits.state),
        Random::SeedSequence(_) | Random::Seedless => None,
    });
    states.map(|state| format!("{state:?}")).collect()
}

/// Imports the root of a document into one for these versions.
fn imported<'a>(document: &Pickle<'a>, flavour: Flavour) -> ndpickle::Result<Vec<u8>> {
    let mut builder = Builder::new(flavour);
    let none = builder.none();
    let mut edit = builder.finish(none)?.edit();
    let root = edit.import(document.root())?;
    edit.set_root(root)?;
    write::Options::new().to_vec(&edit.finish()?)
}

#[test]
fn roots_are_imported_at_every_protocol() {
    let (mut count, mut refused) = (0, 0);
    let at_flavour = |case: &str, document: &Pickle<'_>, flavour: Flavour| {
        let is_py2 = |python| python == Python::Py2;
        let is_known = match case {
            // In Python 2 titles that are bytes are as others.
            "structured" | "scalars_structured" => is_py2(flavour.dialect.python),
            // What a class of its own says of its array stays a str of Python 2.
            "subclasses_all" => is_py2(document.dialect().python),
            _ if case.starts_with("random_") => true,
            _ => false,
        };
        let expected = arrays(document);
        let name = || {
            format!(
                "protocol {} of Python {}",
                flavour.protocol(),
                flavour.python
            )
        };
        match imported(document, flavour) {
            Ok(written) => {
                let again =
                    Pickle::parse(&written).map_err(|error| format!("{}: {error}", name()))?;
                want(bits(&again) == bits(document), || {
                    format!("{}: other random states", name())
                })?;
                let found = arrays(&again);
                want(found == expected || is_known, || {
                    let first = found.iter().zip(&expected).find(|(a, b)| a != b);
                    let first = first.map(|(a, b)| format!("\n  {a}\n  {b}"));
                    let (found, expected) = (found.len(), expected.len());
                    format!("{}: {found} of {expected} arrays, {first:?}", name())
                })?;
                Ok(true)
            }
            Err(error) if error.category() == Category::Unsupported => Ok(false),
            Err(error) => Err(format!("{}: {error}", name())),
        }
    };
    each(&["c", "pure"], |entry| {
        for document in entry.documents()? {
            let newest = (0..=5).map(|protocol| (protocol, Version::NEWEST, Version::NEWEST));
            let python_2 = (0..=2).map(|protocol| {
                let (python, numpy) = (Version::new(2, 7, 18), Version::new(1, 16, 6));
                (protocol, python, numpy)
            });
            for (protocol, python, numpy) in newest.chain(python_2) {
                let flavour = Flavour::new(protocol, python, numpy).map_err(fails)?;
                match at_flavour(entry.text("case"), &document, flavour)? {
                    true => count += 1,
                    false => refused += 1,
                }
            }
        }
        Ok(())
    });
    assert!(
        count > 10_000 && refused < 500,
        "{count}, {refused} refused"
    );
}
