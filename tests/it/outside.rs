//! Persistent ids and extension codes in other protocols: against what the Python of this machine writes and loads. Buffers are
//! in `buffers.rs`.

use std::collections::BTreeMap;

use ndpickle::{Category, Pickle, write};
use serde_json::{Value, json};

use super::hex::{hex, unhex};
use super::live;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/live/outside.py");

/// Why a pickle may not be the one that Python writes in another protocol.
fn reason(kind: &str, name: &str, from: u8, to: u8) -> Option<&'static str> {
    match (kind, name, from) {
        _ if from == to => None,
        ("code", ..) if from < 2 => Some("the names of classes tell no code"),
        (_, "ints", 0) => Some("in protocol 0 an id is a text"),
        (_, "shared lines", 0) => Some("in protocol 0 an id is no object"),
        _ => None,
    }
}

#[test]
fn as_python_writes_in_other_protocols() {
    let Some(python) = live::python() else { return };
    let (cell, cases) = live::made(&python, SCRIPT);
    let (mut same, mut loaded) = (0, Vec::new());
    for case in cases {
        let text = |key: &str| case[key].as_str().expect("a text");
        let (kind, name) = (text("kind"), text("name"));
        let pickles: BTreeMap<u8, Vec<u8>> = (case["pickles"].as_object().expect("pickles"))
            .iter()
            .map(|(protocol, hex)| (protocol.parse().expect("a digit"), hex))
            .map(|(protocol, hex): (u8, &Value)| (protocol, unhex(hex.as_str().expect("hex"))))
            .collect();
        for (from, bytes) in &pickles {
            let pickle = Pickle::parse(bytes).expect(name);
            let stands = write::Options::new().to_vec(&pickle).expect(name);
            assert_eq!(stands, *bytes, "{kind} {name} {from}");
            for to in 0..=5 {
                let way = format!("{from} -> {to}");
                let written = cell.options(to).to_vec(&pickle);
                // Below protocol 2 there are no codes, and their names are Python's alone.
                let has_code = kind == "code" && *from >= 2;
                if (has_code && to < 2) || (name == "objects" && kind == "persistent" && to == 0) {
                    let error = written.expect_err("no such spelling");
                    assert_eq!(error.category(), Category::Unsupported, "{error}");
                    continue;
                }
                let written = written.expect(name);
                match reason(kind, name, *from, to) {
                    None => {
                        assert_eq!(hex(&written), hex(&pickles[&to]), "{kind} {name} {way}");
                        same += 1;
                    }
                    Some(_) => {
                        let pickle = hex(&written);
                        let told =
                            json!({"kind": kind, "name": name, "way": way, "pickle": pickle});
                        loaded.push(told);
                    }
                }
            }
        }
    }
    assert!(same > 150 && loaded.len() > 40, "{same} {}", loaded.len());
    live::loads(&python, SCRIPT, &loaded);
}

#[test]
fn lines_that_cannot_be() {
    let protocol_0 = write::Options::new().protocol(0);
    for (pickle, expected) in [
        (&b"\x80\x04\x8c\x03abcQ."[..], Some(&b"Pabc\n."[..])),
        (b"\x80\x04K\x07Q.", Some(b"P7\n.")),
        (b"\x80\x02U\x03abcQ.", Some(b"Pabc\n.")),
        (b"Pabc\n.", Some(b"Pabc\n.")),
        // A line ends it; it is ASCII; Python's `str` of others is the text of no id.
        (b"\x80\x04\x8c\x03a\ncQ.", None),
        (b"\x80\x04\x8c\x02\xc3\xa9Q.", None),
        (b"\x80\x04]Q.", None),
        (b"\x80\x04C\x03abcQ.", None),
        // What hangs on an id would be lost.
        (
            b"\x80\x04\x8c\x03abc\x8c\x02os\x8c\x06system\x93)R0Q.",
            None,
        ),
    ] {
        let pickle = Pickle::parse(pickle).expect("a pickle");
        let written = protocol_0.to_vec(&pickle);
        if let Err(error) = &written {
            assert_eq!(error.category(), Category::Unsupported, "{error}");
        }
        assert_eq!(written.ok().as_deref(), expected, "{pickle:?}");
    }
    // Python converts no longer int to text.
    let digits = [&b"\x80\x02\x8b\x10\x27\0\0"[..], &[0x11; 10_000], b"Q."].concat();
    let pickle = Pickle::parse(&digits).expect("a pickle");
    let error = protocol_0.to_vec(&pickle).expect_err("too many digits");
    assert_eq!(error.category(), Category::Limit, "{error}");
}

/// What others than Python's picklers do: such things in the memo, with items and states, in themselves.
#[test]
fn outside_objects_with_parts() {
    let parts = |pickle: &Pickle<'_>| {
        let first = pickle.root().index(0).expect("an item");
        let items = (first.items().count(), first.pairs().count());
        let is_first = |n| pickle.root().index(n) == pickle.root().index(0);
        let places: Vec<bool> = (0..pickle.root().len()).map(is_first).collect();
        (first.states().count(), items, places)
    };
    // [p, p], where p was built of a list that holds p; and where p was appended to, and had an item set.
    for rest in [
        &b"\x94]\x94h\x01abh\x01e."[..],
        b"\x94K\x01ah\x01K\x02K\x03sh\x01e.",
    ] {
        for what in [&b"\x8c\x03abcQ"[..], b"\x82\x07", b"\x97"] {
            let bytes = [b"\x80\x05]\x94(", what, rest].concat();
            let read = || Pickle::options().buffers([&b"buffer"[..]]);
            let pickle = read().parse(&bytes).expect("a pickle");
            for protocol in 2..=5 {
                let options = write::Options::new().protocol(protocol);
                if what == b"\x97" {
                    // Bytes have neither.
                    let error = options.to_vec(&pickle).expect_err("in the pickle");
                    assert_eq!(error.category(), Category::Unsupported, "{error}");
                    continue;
                }
                let written = options.to_vec(&pickle).expect("a spelling");
                let again = Pickle::parse(&written).expect("what was written");
                assert_eq!(parts(&pickle), parts(&again), "{written:?}");
            }
            let options = write::Options::new().protocol(5);
            let (written, buffers) = options.to_vec_with_buffers(&pickle).expect("protocol 5");
            let again = Pickle::options().buffers(buffers).parse(&written);
            let again = again.expect("what was written");
            assert_eq!(parts(&pickle), parts(&again), "{written:?}");
        }
    }
}

/// Ids of ids, a million levels.
#[test]
fn depth() {
    let bytes = [&b"\x80\x04N"[..], &b"Q".repeat(1_000_000), b"."].concat();
    let pickle = Pickle::parse(&bytes).expect("a pickle");
    for protocol in 1..=5 {
        let options = write::Options::new().protocol(protocol);
        let written = options.to_vec(&pickle).expect("ids");
        let again = Pickle::parse(&written).expect("what was written");
        assert_eq!(again.len(), pickle.len(), "protocol {protocol}");
    }
    let error = write::Options::new().protocol(0).to_vec(&pickle);
    let error = error.expect_err("an id that is no line");
    assert_eq!(error.category(), Category::Unsupported);
}
