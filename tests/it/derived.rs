//! Instances of classes derived from builtin ones in other protocols: against what the Python of this machine writes and loads.

use ndpickle::{Pickle, write};
use serde_json::json;

use super::hex::{hex, unhex};
use super::live;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/live/derived.py");

/// Why a pickle may not be the one that Python writes in another protocol.
fn reason(name: &str, from: u8, to: u8) -> Option<&'static str> {
    let (is_old, gets_old) = (from < 2, to < 2);
    if is_old == gets_old {
        return (name == "full cycle" && is_old)
            .then_some("what holds itself was asked for its items twice");
    }
    match name {
        "plain" => None,
        "full cycle" => Some("the items hold the object before they are all there"),
        _ if is_old && ["tuple", "complex"].contains(&name) => {
            Some("what `__getnewargs__` gives is the secret of the class")
        }
        _ if is_old => None,
        _ => Some("from which builtin class a class derives is in no pickle"),
    }
}

#[test]
fn as_python_writes_in_other_protocols() {
    let Some(python) = live::python() else { return };
    let (cell, cases) = live::made(&python, SCRIPT);
    let (mut same, mut loaded) = (0, Vec::new());
    for case in cases {
        let name = case["name"].as_str().expect("a name");
        let pickles: Vec<Vec<u8>> = (case["pickles"].as_array().expect("pickles").iter())
            .map(|hex| unhex(hex.as_str().expect("hex")))
            .collect();
        for (from, bytes) in (0..).zip(&pickles) {
            let pickle = Pickle::parse(bytes).expect(name);
            for (to, expected) in (0..).zip(&pickles) {
                let way = format!("{from} -> {to}");
                let written = cell.options(to).to_vec(&pickle).expect(name);
                if reason(name, from, to).is_none() {
                    assert_eq!(hex(&written), hex(expected), "{name} {way}");
                    same += 1;
                } else if name != "empty" {
                    let pickle = hex(&written);
                    loaded.push(json!({"name": name, "way": way, "pickle": pickle}));
                }
            }
        }
    }
    assert!(same > 250 && loaded.len() > 60, "{same} {}", loaded.len());
    live::loads(&python, SCRIPT, &loaded);
}

/// A call that was popped among what a rewritten instance has no place for.
#[test]
fn what_hangs_on_arguments_stays() {
    const POPPED: &[u8] = b"cos\nsystem\n(X\x02\0\0\0lstR0";
    for parts in [
        [
            &b"ccopyreg\n_reconstructor\n"[..],
            b"(cm\nC\ncbuiltins\nobject\nNtR.",
        ],
        [
            b"ccopyreg\n_reconstructor\n(cm\nC\ncbuiltins\nobject\n",
            b"NtR.",
        ],
        [
            b"ccopyreg\n_reconstructor\n(cm\nC\ncbuiltins\nobject\nN",
            b"tR.",
        ],
        [
            b"ccopyreg\n_reconstructor\n(cm\nC\ncbuiltins\nlist\n]",
            b"tR.",
        ],
        [
            b"ccopyreg\n_reconstructor\n(cm\nC\ncbuiltins\nobject\nNt",
            b"R.",
        ],
        [b"ccopyreg\n__newobj__\n", b"(cm\nC\ntR."],
        [b"ccopyreg\n__newobj__\n(cm\nC\nt", b"R."],
    ] {
        let bytes = parts.join(POPPED);
        let pickle = Pickle::parse(&bytes).expect("a pickle");
        let written = write::Options::new().protocol(4).to_vec(&pickle);
        let written = written.expect("a pickle of protocol 4");
        let again = Pickle::parse(&written).expect("what was written");
        let names = again.globals().filter_map(|node| node.global());
        let is_there = names.into_iter().any(|global| global.name == "system");
        assert!(is_there, "{}", written.escape_ascii());
    }
}
