//! Entries of dicts by key, with Python's equality.

use ndpickle::{Node, Options, Pickle};

use super::sources::alike;

#[test]
fn keys_are_equal_as_in_python() {
    // {'a': 1, b'b': 2, py2 'c': 3, 1: 4, 2.0: 5, True: 6, 'a': 7, 9 as a long of too many bytes: 8}
    let bytes = b"}(X\x01\0\0\0aK\x01C\x01bK\x02U\x01cK\x03K\x01K\x04G@\0\0\0\0\0\0\0K\x05\x88K\x06X\x01\0\0\0aK\x07\x8a\x09\x09\0\0\0\0\0\0\0\0K\x08u.";
    let pickle = alike("keys", bytes, Options::new).expect("a pickle");
    let dict = pickle.root();
    let get = |key: &str| dict.get(key).and_then(Node::as_i64);
    assert_eq!(
        [get("a"), get("b"), get("c"), get("d")],
        [Some(7), Some(2), Some(3), None]
    );
    let bytes = |key: &'static [u8]| dict.get(key).and_then(Node::as_i64);
    assert_eq!(
        [bytes(b"a"), bytes(b"b"), bytes(b"c")],
        [None, Some(2), Some(3)]
    );
    let int = |key: i64| dict.get(key).and_then(Node::as_i64);
    assert_eq!(
        [int(0), int(1), int(2), int(9)],
        [None, Some(6), Some(5), Some(8)]
    );
}

#[test]
fn keys_may_be_nodes() {
    // {'a': 1, b'b' as protocol 2 has it: 2, (1,): 3, 2.5: 4, 2**70: 5}, and a list of equal keys.
    let bytes = b"\x80\x02]\x94(}\x94(X\x01\0\0\0aK\x01c_codecs\nencode\nX\x01\0\0\0bX\x06\0\0\0latin1\x86RK\x02K\x01\x85\x94K\x03G@\x04\0\0\0\0\0\0K\x04\x8a\x09\0\0\0\0\0\0\0\0\x40K\x05uX\x01\0\0\0aC\x01bh\x02K\x01\x85G@\x04\0\0\0\0\0\0\x8a\x0a\0\0\0\0\0\0\0\0\x40\0C\x01ae.";
    let pickle = alike("keys", bytes, Options::new).expect("a pickle");
    let root = pickle.root();
    let dict = root.index(0).expect("a dict");
    let get = |n: usize| {
        let key = root.index(n).expect("a key").id();
        dict.get(key).and_then(Node::as_i64)
    };
    // The text, the bytes, the tuple itself and not an equal one, the float, the int; the bytes of the text are not the text.
    assert_eq!(
        [get(1), get(2), get(3), get(4), get(5), get(6), get(7)],
        [Some(1), Some(2), Some(3), None, Some(4), Some(5), None]
    );
    let b: &[u8] = b"b";
    assert_eq!(dict.get(b).and_then(Node::as_i64), Some(2));
}

#[test]
fn large_dicts_are_indexed() {
    let mut bytes = b"}(".to_vec();
    for round in 0..2u32 {
        for n in 0..5000u32 {
            let key = format!("key {n}");
            bytes.extend(
                [
                    b"X",
                    &(key.len() as u32).to_le_bytes()[..],
                    key.as_bytes(),
                    b"J",
                    &(n + round).to_le_bytes(),
                ]
                .concat(),
            );
            bytes.extend([b"J", &n.to_le_bytes()[..], b"J", &(n + round).to_le_bytes()].concat());
        }
    }
    bytes.extend(b"u.");
    let pickle = Pickle::parse(&bytes).expect("a pickle");
    let dict = pickle.root();
    assert_eq!(dict.len(), 20_000);
    for n in 0..5000 {
        assert_eq!(
            dict.get(&format!("key {n}")).and_then(Node::as_i64),
            Some(n + 1)
        );
        assert_eq!(dict.get(n).and_then(Node::as_i64), Some(n + 1));
    }
    assert!(dict.get("key 5000").is_none() && dict.get(-1).is_none());
}
