//! Every file of the corpus: read four ways, compared with what its own Python found in it, and written back.

use std::io::Write as _;

use ndpickle::numpy::Arrays;
use ndpickle::{Node, Pickle, Walk, write};
use serde_json::{Value, json};

use super::manifest::{Entry, Expected, manifest};
use super::sources::{alike, outcome};
use super::tree::{ascii_json, tree};
use super::{dump, row};

/// Calls `check` with every file, and reports all that fail at once.
#[track_caller]
pub(crate) fn each(implementations: &[&str], mut check: impl FnMut(&Entry) -> Result<(), String>) {
    let (mut count, mut failed) = (0, Vec::new());
    for entry in &manifest().entries {
        if implementations.is_empty() || implementations.contains(&entry.text("implementation")) {
            count += 1;
            if let Err(what) = check(entry) {
                failed.push(format!("{}: {what}", entry.name()));
            }
        }
    }
    assert!(count > 0, "no file of {implementations:?}");
    let shown = failed
        .iter()
        .take(200)
        .cloned()
        .collect::<Vec<_>>()
        .join("\n");
    assert!(
        failed.is_empty(),
        "{} of {count} files\n{shown}",
        failed.len()
    );
}

pub(crate) fn want(same: bool, what: impl FnOnce() -> String) -> Result<(), String> {
    if same { Ok(()) } else { Err(what()) }
}

/// Where two trees begin to differ.
fn apart(a: &Value, b: &Value) -> String {
    let (a, b) = (ascii_json(a), ascii_json(b));
    let same = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    let from = same.saturating_sub(100);
    let piece = |text: &str| text[from..].chars().take(250).collect::<String>();
    format!("\n  {}\n  {}", piece(&a), piece(&b))
}

fn same_text(what: &str, a: &str, b: &str) -> Result<(), String> {
    want(a == b, || format!("{what}: {}", dump::difference(a, b)))
}

#[test]
fn four_sources_give_one_document() {
    each(&[], |entry| {
        if entry.is_session() {
            return Ok(()); // read from slices alone
        }
        let pickle = alike(entry.name(), &entry.bytes, || entry.options());
        let expected = outcome(&pickle);
        let opened = match entry.file() {
            Some(path) => entry.options().open(path),
            None => {
                let mut file = tempfile::NamedTempFile::new().expect("a file");
                file.write_all(&entry.bytes).expect("room");
                entry.options().open(file.path())
            }
        };
        same_text("the file itself", &expected, &outcome(&opened))?;
        let end = entry.bytes.len() - entry.number("trailing");
        let pickle = pickle.map_err(|error| error.to_string())?;
        let is_end = pickle.end() == end as u64 || entry.number("pickles") > 1;
        want(is_end, || format!("ends at {}, not {end}", pickle.end()))
    });
}

#[test]
fn several_pickles() {
    each(&[], |entry| {
        let (count, documents) = (entry.number("pickles"), entry.documents()?);
        let found: usize = documents
            .iter()
            .map(|document| document.roots().len())
            .sum();
        want(found == count, || format!("{found} pickles, not {count}"))?;
        if entry.is_session() {
            return Ok(());
        }
        // A stream is left right behind each.
        let mut stream = &entry.bytes[..];
        for document in &documents {
            let before = entry.bytes.len() - stream.len();
            let read = entry
                .options()
                .read(&mut stream)
                .map_err(|error| error.to_string())?;
            want(before as u64 == document.start(), || "another start".into())?;
            same_text("the stream", &dump::value(document), &dump::value(&read))?;
        }
        want(stream.len() == entry.number("trailing"), || {
            "another end".into()
        })
    });
}

#[test]
fn walks_reach_what_cursors_reach() {
    each(&[], |entry| {
        for document in entry.documents()? {
            let mut walked: Vec<_> = Vec::new();
            for root in document.roots() {
                walked.extend(Walk::new(root).map(|visit| visit.node.id()));
            }
            let mut reached = dump::reachable(&document);
            for ids in [&mut walked, &mut reached] {
                ids.sort_unstable();
                ids.dedup();
            }
            want(walked == reached, || {
                format!("{} of {}", walked.len(), reached.len())
            })?;
        }
        Ok(())
    });
}

/// Calls `check` with the root of every pickle and what is told of it.
fn each_root(mut check: impl FnMut(&Entry, Node<'_, '_>, &Expected<'_>) -> Result<(), String>) {
    each(&[], |entry| {
        let documents = entry.documents()?;
        let roots = documents.iter().flat_map(Pickle::roots);
        let mut told = manifest().expected(entry).into_iter();
        for (n, root) in roots.enumerate() {
            let expected = told.next().ok_or("nothing told")?;
            check(entry, root, &expected).map_err(|what| format!("pickle {n}: {what}"))?;
        }
        Ok(())
    });
}

#[test]
fn values_are_what_python_had() {
    let (mut told, mut untold) = (0, 0);
    each_root(|entry, root, expected| {
        let rows: Vec<_> = Arrays::below(root).map(row::told).collect();
        let paths = paths(&rows, expected.rows)?;
        let found = || tree(root, entry.is_py2(), entry.number("protocol"), &paths);
        match (expected.tree, expected.tree_digest) {
            (Some(tree), _) => {
                told += 1;
                let found = found();
                want(found == *tree, || apart(&found, tree))
            }
            (None, Some(digest)) => {
                told += 1;
                let digested = dump::sha256(ascii_json(&found()).as_bytes());
                want(digested == digest, || "another digest".into())
            }
            (None, None) => {
                untold += 1;
                Ok(())
            }
        }
    });
    assert!(
        told > 2500 && untold < 250,
        "{told} trees, {untold} without"
    );
}

/// The manifest's path for each of ours, by the order of the rows: the same.
fn paths(rows: &[Value], expected: &[Value]) -> Result<Vec<(String, String)>, String> {
    let text = |row: &Value| row["path"].as_str().unwrap_or_default().to_owned();
    let pairs = rows
        .iter()
        .zip(expected)
        .map(|(row, expected)| (text(row), text(expected)));
    let pairs: Vec<_> = pairs.collect();
    match pairs.iter().find(|(ours, theirs)| ours != theirs) {
        Some(pair) => Err(format!("path {pair:?}")),
        None => Ok(pairs),
    }
}

#[test]
fn arrays_are_what_numpy_had() {
    let (mut plain, mut other) = (0, 0);
    each_root(|_, root, expected| {
        let rows: Vec<_> = Arrays::below(root).map(row::told).collect();
        let count = expected
            .digest
            .map_or(expected.rows.len(), |(count, _)| count as usize);
        want(rows.len() == count, || {
            format!("{} rows, not {count}: {rows:?}", rows.len())
        })?;
        if let Some((_, digest)) = expected.digest {
            let text = ascii_json(&Value::Array(rows.clone()));
            want(dump::sha256(text.as_bytes()) == digest, || {
                "another digest".into()
            })?;
        }
        paths(&rows, expected.rows)?;
        for (row, expected) in rows.iter().zip(expected.rows) {
            match expected.get("plain") {
                Some(_) => other += 1,
                None => plain += 1,
            }
            want(row == expected, || format!("\n  {row}\n  {expected}"))?;
        }
        Ok(())
    });
    assert!(
        plain > 3000 && other > 2000,
        "{plain} plain rows, {other} others"
    );
}

/// The node at a path, outside of arrays (but for their objects), dtypes and random states.
pub(crate) fn at<'p, 'a>(node: Node<'p, 'a>, path: &str) -> Option<Node<'p, 'a>> {
    let mut walk = Walk::new(node);
    while let Some(visit) = walk.next() {
        let (here, found) = (walk.path(), visit.node);
        if here == path {
            return Some(found);
        }
        let is_whole =
            found.array_kind().is_some() || found.is_dtype() || found.random_kind().is_some();
        if is_whole {
            walk.skip_children();
        }
        if let Some(rest) = path.strip_prefix(&format!("{here}.flat["))
            && let Ok(mut elements) = found.elements()
        {
            let (index, rest) = rest.split_once(']')?;
            return at(elements.nth(index.parse().ok()?)?, rest);
        }
    }
    None
}

#[test]
fn dtypes_are_what_numpy_had() {
    let mut told = 0;
    each(&[], |entry| {
        let expected = manifest().dtypes(entry);
        let Some(document) = entry
            .documents()?
            .into_iter()
            .next()
            .filter(|_| !expected.is_empty())
        else {
            return Ok(());
        };
        for expected in expected {
            let path = expected["path"].as_str().ok_or("no path")?;
            let node = at(document.root(), path).ok_or_else(|| format!("no {path}"))?;
            told += 1;
            let dtype = node.dtype().map_err(|error| error.to_string())?;
            let (text, descr) = row::texts(&dtype);
            // A subarray has the flags of its elements.
            let element = dtype.subarray().map_or(&dtype, |(base, _)| base);
            let is_aligned = element.fields().is_some_and(|fields| fields.is_aligned());
            let found = json!({
                "str": text, "descr": descr, "itemsize": dtype.itemsize(), "isalignedstruct": is_aligned,
                "hasobject": dtype.has_objects(), "metadata": node.dtype_metadata().is_some(),
            });
            for (key, found) in found.as_object().expect("keys") {
                want(*found == expected[key], || {
                    format!("{key} of {expected} is {found}")
                })?;
            }
            match dtype.subarray() {
                Some((base, shape)) => {
                    want(json!(shape) == expected["shape"], || format!("{expected}"))?;
                    let base = row::dtype(base);
                    want(base == expected["base"], || format!("{base} of {expected}"))?;
                }
                None => {
                    let dtype = row::dtype(&dtype);
                    want(dtype == expected["dtype"], || {
                        format!("{dtype} of {expected}")
                    })?;
                }
            }
        }
        Ok(())
    });
    assert!(told > 1000, "{told} dtypes");
}

/// The documents written as they were read.
fn written(entry: &Entry) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    for document in entry.documents()? {
        let written = write::Options::new().to_vec(&document);
        bytes.extend(written.map_err(|error| error.to_string())?);
    }
    Ok(bytes)
}

fn same_bytes(entry: &Entry) -> Result<(), String> {
    let written = written(entry)?;
    let original = entry.pickles();
    want(written == original, || {
        let n = written
            .iter()
            .zip(original)
            .take_while(|(a, b)| a == b)
            .count();
        let (len, context) = (original.len(), n.saturating_sub(20)..);
        let piece = |bytes: &[u8]| {
            bytes[context.clone()]
                .iter()
                .take(40)
                .copied()
                .collect::<Vec<_>>()
        };
        let (a, b) = (piece(&written), piece(original));
        format!(
            "byte {n} of {len}\n  {}\n  {}",
            a.escape_ascii(),
            b.escape_ascii()
        )
    })
}

#[test]
fn c_picklers_come_back_byte_for_byte() {
    each(&["c"], same_bytes);
}

#[test]
fn pure_picklers_come_back_byte_for_byte() {
    each(&["pure"], |entry| {
        // `_keep_alive` of Python 2's pickle.py spends a number of the memo on what `__getinitargs__` gave, which shows in
        // no opcode.
        let known = entry.text("case") == "old_style";
        want(same_bytes(entry).is_err() == known, || {
            match same_bytes(entry) {
                Err(what) => what,
                Ok(()) => "comes back now".into(),
            }
        })
    });
}

#[test]
fn what_is_written_is_the_same_value() {
    each(&["hand", "optimize", "pure"], |entry| {
        let written = written(entry)?;
        let documents = entry.documents()?;
        let mut again = entry.options().parse_all(&written);
        for document in &documents {
            let read = again
                .next()
                .ok_or("fewer pickles")?
                .map_err(|error| error.to_string())?;
            same_text("read again", &dump::value(document), &dump::value(&read))?;
        }
        Ok(())
    });
}
