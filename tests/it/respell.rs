//! Pickles of the corpus rewritten to other versions and protocols, against what those versions wrote of the same value.

use std::collections::{BTreeMap, HashSet};

use ndpickle::python::View;
use ndpickle::{Category, Flavour, Pickle, Version, write};
use serde_json::{Value, json};

use super::deep;
use super::hex::{hex, unhex};
use super::manifest::manifest;
use super::{dump, live};

/// A pickle of a case, and for whom it was written.
pub(crate) struct Made<'m> {
    pub(crate) bytes: &'m [u8],
    pub(crate) cell: String,
    pub(crate) flavour: Flavour,
}

/// Every pickle of C picklers by generator and case.
pub(crate) fn cases() -> BTreeMap<(&'static str, &'static str), Vec<Made<'static>>> {
    let mut cases: BTreeMap<_, Vec<Made<'_>>> = BTreeMap::new();
    for entry in &manifest().entries {
        let is_one = entry.number("pickles") == 1 && entry.number("trailing") == 0;
        if entry.text("implementation") != "c" || !is_one {
            continue;
        }
        for name in entry.names() {
            let Some((cell, file)) = name.split_once('/') else {
                continue;
            };
            let is_buffers = file.contains(".buffers.");
            let protocol = file.split(".p").nth(1).and_then(|rest| rest.chars().next());
            let protocol = protocol.and_then(|digit| digit.to_digit(10));
            let (Some((python, numpy)), Some(protocol), false) =
                (versions(cell), protocol, is_buffers)
            else {
                continue;
            };
            let flavour = Flavour::new(protocol as u8, python, numpy).expect(cell);
            let made = Made {
                bytes: &entry.bytes,
                cell: name.clone(),
                flavour,
            };
            let case = (entry.text("generator"), entry.text("case"));
            cases.entry(case).or_default().push(made);
        }
    }
    cases
}

/// Python and NumPy of a cell such as `py38-np1.24.4`; none of those without NumPy.
pub(crate) fn versions(cell: &str) -> Option<(Version, Version)> {
    let (python, numpy) = cell.strip_prefix("py")?.split_once("-np")?;
    let (major, minor) = python.split_at(1);
    let python = format!("{major}.{minor}").parse().expect(cell);
    Some((python, numpy.parse().expect(cell)))
}

/// Why the pickles of a case may not be those that another version writes.
pub(crate) fn reason(case: &str, source: &Made<'_>, target: &Made<'_>) -> Option<&'static str> {
    let python = |minor: u16| target.flavour.python.minor == minor;
    let is_py2 = source.flavour.python.major == 2;
    let has_k_order = |made: &Made<'_>| made.flavour.numpy.is_from(2, 3, 0);
    let tells_layouts = [source, target].map(|made| made.flavour.protocol()) == [5, 5]
        && has_k_order(source) == has_k_order(target);
    let into_py2 = !is_py2 && target.flavour.python.major == 2;
    let is = |cases: &[&str]| cases.contains(&case);
    let starts = |starts: &[&str]| starts.iter().any(|start| case.starts_with(start));
    Some(match case {
        _ if python(11) || python(12) => {
            "literals of one letter are objects of their own in Python 3.11 and 3.12.1"
        }
        _ if starts(&["random_"]) => {
            "not every NumPy has all of the states, NumPy 1 tells no seed sequence, the words of states are shared otherwise"
        }
        _ if starts(&["user_", "array_bfloat16"]) => {
            "ml_dtypes 0.2 has other flags; their modules are texts of their own"
        }
        _ if starts(&["long_double"]) => "long doubles hold garbage beside their number",
        _ if !tells_layouts
            && (starts(&["layout"]) || is(&["structured_layouts", "user_layouts"])) =>
        {
            "what was not contiguous, or read-only, only protocol 5 of the same NumPy tells"
        }
        _ if is_py2
            && is(&[
                "array_cycle",
                "array_twice",
                "embeddings",
                "object_array_in_object",
                "scalars_numbers",
                "data_frame",
                "replay_buffer",
            ]) =>
        {
            "dicts of Python 2 have no order, and its ints are others"
        }
        _ if into_py2
            && is(&[
                "array_cycle",
                "array_shared",
                "array_twice",
                "data_frame",
                "dtypes",
                "dtypes_compound",
                "dtypes_swapped",
                "embeddings",
                "object_array_in_object",
                "replay_buffer",
                "scalars_numbers",
                "times_units",
            ]) =>
        {
            "texts are str in one and unicode in the other, dicts of Python 2 have no order, nan has another sign"
        }
        "array_places" | "estimator" => {
            "classes derived from builtin types are made in another way below protocol 2"
        }
        "memo_traps"
        | "string_arrays"
        | "object_array_holds_itself"
        | "object_arrays"
        | "masked_objects" => {
            "which equal texts and bytes are one object is not told in all protocols"
        }
        "numpy_functions" | "numpy_others" | "ufuncs" | "poly1d" | "polynomials"
        | "dtype_classes" | "scalar_types" => {
            "functions, types and attributes are others in other versions"
        }
        // Each has everything that the NumPy of the cell can make.
        "uncommon"
        | "scalars"
        | "subclasses_of_ndarray"
        | "subclasses_all"
        | "masked_arrays"
        | "structured"
        | "structured_dtypes"
        | "structured_objects"
        | "structured_objects_dtypes"
        | "structured_objects_scalars"
        | "scalars_structured"
        | "times_dtypes"
        | "times_scalars"
        | "times_uncommon"
        | "dtypes_letters" => "the versions make different values",
        _ => return None,
    })
}

#[test]
fn rewritten_as_other_versions_wrote_them() {
    let (mut same, mut failed) = (0, BTreeMap::<_, Vec<String>>::new());
    for ((generator, case), made) in &cases() {
        let mut sources = HashSet::new();
        for source in made.iter().filter(|made| sources.insert(made.bytes)) {
            let pickle = Pickle::parse(source.bytes).expect("a pickle");
            let mut targets = HashSet::new();
            for target in made {
                if !targets.insert((target.bytes, target.flavour)) {
                    continue;
                }
                let options = write::Options::new()
                    .protocol(target.flavour.protocol())
                    .python(target.flavour.python)
                    .numpy(target.flavour.numpy)
                    .py2_str(write::Py2Str::Latin1);
                match options.to_vec(&pickle) {
                    Ok(written) if written == target.bytes => same += 1,
                    _ if reason(case, source, target).is_some() => {}
                    other => {
                        let what = other
                            .err()
                            .map_or("differs".into(), |error| error.to_string());
                        let places = failed.entry((*generator, *case)).or_default();
                        places.push(format!("{} -> {}: {what}", source.cell, target.cell));
                    }
                }
            }
        }
    }
    let shown: Vec<String> = failed
        .iter()
        .map(|(case, places)| {
            format!(
                "{case:?}: {} such as {} and {}",
                places.len(),
                places[0],
                places[places.len() / 2]
            )
        })
        .collect();
    assert!(
        failed.is_empty(),
        "{same} the same, of others:\n{}",
        shown.join("\n")
    );
    assert!(same > 50_000, "{same}");
}

/// What is spelled as the target spells it stays as it is.
#[test]
fn rewritten_for_those_who_wrote_them() {
    let (mut same, mut failed) = (0, Vec::new());
    for ((generator, case), made) in &cases() {
        let mut sources = HashSet::new();
        for made in made {
            if !sources.insert((made.bytes, made.flavour)) {
                continue;
            }
            let pickle = Pickle::parse(made.bytes).expect("a pickle");
            let options = write::Options::new()
                .protocol(made.flavour.protocol())
                .python(made.flavour.python)
                .numpy(made.flavour.numpy);
            match options.to_vec(&pickle) {
                Ok(written) if written == made.bytes => same += 1,
                _ if reason(case, made, made).is_some() => {}
                _ => failed.push(format!("{generator} {case}: {}", made.cell)),
            }
        }
    }
    assert!(
        failed.is_empty(),
        "{same} the same, {} not:\n{}",
        failed.len(),
        failed.join("\n")
    );
    assert!(same > 3_800, "{same}");
}

/// What is rewritten for all NumPys, and for the one that loads it, loads without a warning and is the same value.
#[test]
fn rewritten_pickles_load() {
    let (Some(newest), Some(pythons)) = (live::python(), live::pythons()) else {
        return;
    };
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/live/compat.py");
    let made = live::run(&newest, &["-B", script, "make"]);
    for python in pythons {
        let versions =
            "import platform, numpy; print(platform.python_version() + ' ' + numpy.__version__)";
        let versions = live::run(&python, &["-c", versions]);
        let (version, numpy) = versions.trim().split_once(' ').expect("two versions");
        let [version, numpy]: [Version; 2] = [version, numpy].map(|text| text.parse().expect(text));
        let highest = Flavour::highest_protocol(version);
        let mut lines = Vec::new();
        for line in made.lines() {
            let case: Value = serde_json::from_str(line).expect("JSON");
            let name = case["name"].as_str().expect("a name");
            let bytes = unhex(case["pickle"].as_str().expect("hex"));
            let pickle = Pickle::parse(&bytes).expect(name);
            for protocol in 0..=highest {
                let options = write::Options::new().protocol(protocol);
                let ways = [
                    ("compat", options.clone().compat()),
                    ("own", options.python(version).numpy(numpy)),
                ];
                for (way, options) in ways {
                    let written = options.to_vec(&pickle).expect(name);
                    let way = format!("{way} protocol {protocol}");
                    lines.push(
                        json!({"name": name, "way": way, "pickle": hex(&written)}).to_string(),
                    );
                }
            }
        }
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), lines.join("\n")).expect("room");
        let path = file.path().to_str().expect("a text");
        let told = live::run(&python, &["-B", script, "load", path]);
        assert_eq!(told.trim(), lines.len().to_string(), "{}", python.display());
        assert!(lines.len() >= 42, "{} pickles", lines.len());
    }
}

#[test]
fn versions_that_never_were() {
    let version = |text: &str| text.parse::<Version>().expect(text);
    let pickle = Pickle::parse(b"\x80\x04N.").expect("a pickle");
    for options in [
        write::Options::new().python(version("2.7")).protocol(3),
        write::Options::new().python(version("3.6")).protocol(5),
        write::Options::new()
            .python(version("3.6"))
            .numpy(version("1.26")),
        write::Options::new()
            .python(version("3.8"))
            .numpy(version("2")),
        write::Options::new().protocol(6),
    ] {
        let error = options.to_vec(&pickle).expect_err("no such versions");
        assert_eq!(error.category(), Category::Unsupported, "{options:?}");
    }
    for text in ["", "x", "1.2.3.4", "1.-2", "1..2"] {
        assert!(text.parse::<Version>().is_err(), "{text}");
    }
}

#[test]
fn strs_of_python_2() {
    use write::Py2Str as S;
    let pickle =
        |text: &str| [b"\x80\x02U", &[text.len() as u8][..], text.as_bytes(), b"."].concat();
    for (text, py2_str, expected) in [
        (
            "abc",
            S::Keep,
            Some(&b"\x80\x04\x95\x07\0\0\0\0\0\0\0U\x03abc\x94."[..]),
        ),
        (
            "abc",
            S::Ascii,
            Some(b"\x80\x04\x95\x07\0\0\0\0\0\0\0\x8c\x03abc\x94."),
        ),
        (
            "abc",
            S::Bytes,
            Some(b"\x80\x04\x95\x07\0\0\0\0\0\0\0C\x03abc\x94."),
        ),
        (
            "\u{e9}",
            S::Utf8,
            Some(b"\x80\x04\x95\x06\0\0\0\0\0\0\0\x8c\x02\xc3\xa9\x94."),
        ),
        (
            "\u{e9}",
            S::Latin1,
            Some(b"\x80\x04\x95\x08\0\0\0\0\0\0\0\x8c\x04\xc3\x83\xc2\xa9\x94."),
        ),
        ("\u{e9}", S::Ascii, None),
    ] {
        let bytes = pickle(text);
        let pickle = Pickle::parse(&bytes).expect("a pickle");
        let written = write::Options::new()
            .protocol(4)
            .py2_str(py2_str)
            .to_vec(&pickle);
        assert_eq!(written.ok().as_deref(), expected, "{text} {py2_str:?}");
    }
}

/// What Python 2 tells apart and Python 3 does not, written by either of its picklers: `[int, long, 'abc', 5L]` of 2.7.18.
#[test]
fn python_2_stays_python_2() {
    let python: Version = "2.7".parse().expect("a version");
    for (protocol, bytes) in [
        (
            0,
            &b"(lp0\nc__builtin__\nint\np1\nac__builtin__\nlong\np2\naS'abc'\np3\naL5L\na."[..],
        ),
        (
            2,
            b"\x80\x02]q\0(c__builtin__\nint\nq\x01c__builtin__\nlong\nq\x02U\x03abcq\x03\x8a\x01\x05e.",
        ),
        (
            2,
            b"\x80\x02]q\x01(c__builtin__\nint\nq\x02c__builtin__\nlong\nq\x03U\x03abcq\x04\x8a\x01\x05e.",
        ),
    ] {
        let pickle = Pickle::parse(bytes).expect("a pickle");
        for target in 0..=2 {
            let options = write::Options::new().protocol(target).python(python);
            let written = options.to_vec(&pickle).expect("for Python 2");
            let again = Pickle::parse(&written).expect("what was written");
            assert_eq!(
                dump::value(&again),
                dump::value(&pickle),
                "protocol {protocol} to {target}"
            );
        }
    }
}

/// Arguments of `__new__` by name: protocol 4 has an opcode for them, and the others a call.
#[test]
fn arguments_by_name() {
    let bytes = b"\x80\x04\x8c\tfractions\x8c\x08Fraction\x93)}(\x8c\tnumeratorK\x03\x8c\x0bdenominatorK\x04u\x92.";
    let pickle = Pickle::parse(bytes).expect("a pickle");
    let pickles: Vec<Vec<u8>> = (0..=5)
        .map(|protocol| {
            let options = write::Options::new().protocol(protocol);
            options.to_vec(&pickle).expect("any protocol")
        })
        .collect();
    for (protocol, bytes) in pickles.iter().enumerate() {
        let again = Pickle::parse(bytes).expect("what was written");
        let Some(View::Instance(instance)) = again.root().python() else {
            panic!("protocol {protocol}")
        };
        let class = instance.class().map(|class| class.to_string());
        assert_eq!(class.as_deref(), Some("fractions.Fraction"));
        assert_eq!(instance.kwargs().count(), 2, "protocol {protocol}");
    }
    let Some(python) = live::python() else { return };
    let hex: Vec<String> = pickles.iter().map(|bytes| hex(bytes)).collect();
    let code = format!(
        "import pickle\nfor text in '{}'.split(): print(repr(pickle.loads(bytes.fromhex(text))))",
        hex.join(" ")
    );
    let told = live::run(&python, &["-c", &code]);
    assert_eq!(told.lines().collect::<Vec<_>>(), ["Fraction(3, 4)"; 6]);
}

/// A million levels, and values that hold themselves.
#[test]
fn depth_and_cycles() {
    let [lists, tuples, dicts, _] = deep::nested(1_000_000);
    for bytes in [lists, tuples, dicts] {
        let pickle = Pickle::parse(&bytes).expect("a pickle");
        for protocol in [0, 2, 5] {
            let written = write::Options::new()
                .protocol(protocol)
                .to_vec(&pickle)
                .expect("lists");
            let again = Pickle::parse(&written).expect("what was written");
            assert_eq!(again.len(), pickle.len(), "protocol {protocol}");
        }
    }
    // l = [l]; d = {0: d}; t = ([t],)
    for bytes in [
        &b"\x80\x04]\x94h\0a."[..],
        b"\x80\x04}\x94K\0h\0s.",
        b"\x80\x04]\x94h\0\x85\x94a0h\x01.",
    ] {
        let pickle = Pickle::parse(bytes).expect("a pickle");
        let back = |protocol: u8| {
            let there = write::Options::new()
                .protocol(protocol)
                .to_vec(&pickle)
                .expect("a cycle");
            let there = Pickle::parse(&there).expect("what was written");
            write::Options::new()
                .protocol(4)
                .to_vec(&there)
                .expect("a cycle")
        };
        let expected = write::Options::new()
            .protocol(4)
            .to_vec(&pickle)
            .expect("a cycle");
        for protocol in [0, 1, 2, 3, 5] {
            assert_eq!(back(protocol), expected, "protocol {protocol}");
        }
    }
    let parts = ["a"; 100_000].join(".");
    let mut nested = b"\x80\x04\x8c\x02osX".to_vec();
    nested.extend((parts.len() as u32).to_le_bytes());
    nested.extend(parts.as_bytes());
    nested.extend(b"\x93.");
    let pickle = Pickle::parse(&nested).expect("a pickle");
    assert!(write::Options::new().protocol(4).to_vec(&pickle).is_ok());
    let error = write::Options::new()
        .protocol(2)
        .to_vec(&pickle)
        .expect_err("too many parts");
    assert_eq!(error.category(), Category::Unsupported);
}

/// What is thrown away is written too, wherever it hangs.
#[test]
fn what_is_popped_stays() {
    let call = "cos\nsystem\n(S'ls'\ntR";
    for value in [
        "N",
        "I01\n",
        "I7\n",
        "F1.5\n",
        "(t",
        "L99999999999999999999L\n",
        "Va\n",
        "Vtext\n",
        "S'old'\n",
        "cmath\nsin\n",
        "(lI1\na",
        "(d",
        "cnumpy\ndtype\n(S'f8'\nI0\nI1\ntR",
        "(I1\nt",
        "(lcmath\nsin\na",
    ] {
        for pickle in [format!("{call}0{value}."), format!("{value}{call}0.")] {
            let pickle = Pickle::parse(pickle.as_bytes()).expect("a pickle");
            for protocol in 0..=5 {
                let written = write::Options::new()
                    .protocol(protocol)
                    .to_vec(&pickle)
                    .expect(value);
                let again = Pickle::parse(&written).expect("what was written");
                let names: Vec<String> = again
                    .globals()
                    .filter_map(|node| Some(node.global()?.to_string()))
                    .collect();
                assert!(
                    names.contains(&"os.system".to_owned()),
                    "{value:?} {protocol}: {names:?}"
                );
                let popped = again.walk().filter(|visit| {
                    visit.node.popped().next().is_some()
                        || visit.node.popped_before().next().is_some()
                });
                assert_eq!(popped.count(), 1, "{value:?} {protocol}");
            }
        }
    }
}
