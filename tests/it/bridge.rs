//! To and from the tree of serde-pickle: nothing is lost without an error, and each crate reads what the other writes.

use std::collections::{BTreeMap, BTreeSet};

use ndpickle::num_bigint::BigInt;
use ndpickle::serde_pickle::{
    self, DeOptions, HashableValue as TheirKey, SerOptions, Value as Theirs,
};
use ndpickle::{Category, Pickle, Value, strategy, write};
use proptest::collection::{btree_map, btree_set, vec};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::json;

use super::hex::hex;
use super::live;
use super::value::newest;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/live/bridge.py");

/// Floats between -1000 and 1000 that are no whole numbers: as keys they are told apart from ints.
fn floats() -> impl Strategy<Value = f64> {
    (-1000..1000i32).prop_map(|value| f64::from(value) + 0.375)
}

fn large_ints() -> impl Strategy<Value = BigInt> {
    // Those of 64 bits and less are not large.
    let bytes = vec(any::<u8>(), 9..40).prop_map(|mut bytes| {
        bytes.extend([1, 1]);
        BigInt::from_signed_bytes_le(&bytes)
    });
    (bytes, any::<bool>()).prop_map(|(value, is_negative)| if is_negative { -value } else { value })
}

/// Keys of theirs.
fn their_keys() -> impl Strategy<Value = TheirKey> {
    let leaf = prop_oneof![
        Just(TheirKey::None),
        any::<bool>().prop_map(TheirKey::Bool),
        any::<i64>().prop_map(TheirKey::I64),
        large_ints().prop_map(TheirKey::Int),
        floats().prop_map(TheirKey::F64),
        vec(any::<u8>(), 0..300).prop_map(TheirKey::Bytes),
        any::<String>().prop_map(TheirKey::String),
    ];
    leaf.prop_recursive(3, 8, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(TheirKey::Tuple),
            btree_set(inner, 0..4).prop_map(TheirKey::FrozenSet),
        ]
    })
}

/// Trees of theirs.
fn theirs() -> impl Strategy<Value = Theirs> {
    let leaf = prop_oneof![
        4 => their_keys().prop_map(TheirKey::into_value),
        1 => any::<f64>().prop_map(Theirs::F64),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Theirs::List),
            vec(inner.clone(), 0..6).prop_map(Theirs::Tuple),
            btree_set(their_keys(), 0..5).prop_map(Theirs::Set),
            btree_set(their_keys(), 0..5).prop_map(Theirs::FrozenSet),
            btree_map(their_keys(), inner, 0..5).prop_map(Theirs::Dict),
        ]
    })
}

fn written(value: &Value, protocol: u8) -> Vec<u8> {
    let pickle = value.to_pickle(newest(protocol)).expect("a document");
    write::Options::new().to_vec(&pickle).expect("room")
}

#[track_caller]
fn read(bytes: &[u8]) -> Value {
    Value::from_node(Pickle::parse(bytes).expect("a pickle").root()).expect("a tree")
}

/// Their text of a tree, with the bits of its floats: their values are not equal to themselves where there is a NaN.
fn told(value: &Theirs) -> String {
    format!("{value:?}")
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn theirs_come_back(theirs in theirs()) {
        let ours = Value::from(theirs.clone());
        prop_assert_eq!(told(&Theirs::try_from(&ours)?), told(&theirs));
        prop_assert_eq!(told(&ours.to_serde_pickle_sorted()?), told(&theirs));
    }

    #[test]
    fn keys_come_back(key in their_keys()) {
        let ours = Value::from(key.clone());
        prop_assert_eq!(TheirKey::try_from(&ours)?, key);
    }

    /// Where there is a tree of theirs, ours comes back from it; else the error has the path.
    #[test]
    fn ours_come_back(value in strategy::values()) {
        match Theirs::try_from(&value) {
            Ok(theirs) => prop_assert_eq!(sorted(Value::from(theirs)), sorted(value)),
            Err(error) => {
                prop_assert_eq!(error.category(), Category::Unsupported);
                prop_assert!(error.path().is_some(), "{}", error);
            }
        }
    }

    #[test]
    fn they_read_ours(theirs in theirs(), protocol in 0..=5u8) {
        let ours = Value::from(theirs.clone());
        let bytes = written(&ours, protocol);
        let found = serde_pickle::value_from_slice(&bytes, DeOptions::new());
        // Protocols 0 to 2 have empty bytes as a call of `bytes`, as Python writes it; that name is not known there.
        if bytes.windows(18).any(|window| window == b"__builtin__\nbytes\n") {
            let error = found.expect_err("a name that is not known").to_string();
            prop_assert!(error.contains("unresolved global"), "{}", error);
            return Ok(());
        }
        prop_assert!(found.is_ok(), "{:?} of {:?}", found, bytes);
        prop_assert_eq!(told(&found?), told(&theirs));
    }

    #[test]
    fn we_read_theirs(theirs in theirs()) {
        let ours = Value::from(theirs.clone());
        for options in [SerOptions::new(), SerOptions::new().proto_v2()] {
            let bytes = serde_pickle::value_to_vec(&theirs, options)?;
            prop_assert_eq!(&read(&bytes), &ours);
        }
    }
}

/// The value with its sets in one order, which is none of theirs.
fn sorted(value: Value) -> String {
    match value {
        Value::Set(ref items) | Value::FrozenSet(ref items) => {
            let mut items: Vec<String> = items.iter().cloned().map(sorted).collect();
            items.sort();
            format!("{:?}{items:?}", std::mem::discriminant(&value))
        }
        Value::List(ref items) | Value::Tuple(ref items) => {
            let items: Vec<String> = items.iter().cloned().map(sorted).collect();
            format!("{:?}{items:?}", std::mem::discriminant(&value))
        }
        Value::Dict(ref pairs) => {
            let pairs = pairs.iter().cloned();
            let pairs: Vec<_> = pairs
                .map(|(key, value)| (sorted(key), sorted(value)))
                .collect();
            format!("{pairs:?}")
        }
        leaf => format!("{leaf:?}"),
    }
}

/// Live Python loads one value from what either writes.
#[test]
fn python_loads_one_value() {
    let Some(python) = live::python() else { return };
    let mut runner = TestRunner::deterministic();
    let pickles: Vec<_> = (0..400)
        .map(|_| {
            let theirs = theirs().new_tree(&mut runner).expect("a sample").current();
            let ours = Value::from(theirs.clone());
            let mut all: Vec<String> = (0..=5)
                .map(|protocol| hex(&written(&ours, protocol)))
                .collect();
            for options in [SerOptions::new(), SerOptions::new().proto_v2()] {
                all.push(hex(
                    &serde_pickle::value_to_vec(&theirs, options).expect("room")
                ));
            }
            json!({"pickles": all})
        })
        .collect();
    live::loads(&python, SCRIPT, &pickles);
}

/// What would be lost is told, with the path.
#[test]
fn what_is_lost() {
    let key = |text: &str| Value::from(text);
    let list = |value| Value::List(vec![Value::None, value]);
    let nan = Value::Tuple(vec![Value::Float(f64::NAN)]);
    let keyed =
        |keys: Vec<Value>| Value::Dict(keys.into_iter().map(|key| (key, Value::None)).collect());
    for (value, what) in [
        (Value::Complex(Default::default()), "has no complex numbers"),
        (
            Value::SurrogateStr(b"\xed\xa0\x80".to_vec()),
            "has no strs with surrogates",
        ),
        (
            Value::Py2Str(b"a".to_vec()),
            "has no strs of Python 2, but bytes and texts",
        ),
        (Value::ByteArray(b"a".to_vec()), "has no bytearrays"),
        (Value::Extension(1), "has no extension codes"),
        (Value::Persistent(Box::default()), "has no persistent ids"),
        (
            keyed(vec![key("b"), key("a")]),
            "the order of a dict is lost in serde_pickle: key 1 comes before the one before it",
        ),
        (
            keyed(vec![key("a"), key("a")]),
            "to serde_pickle, key or element 1 is equal to one before it",
        ),
        (
            keyed(vec![Value::Bool(true), Value::Int(1)]),
            "to serde_pickle, key or element 1 is equal to one before it",
        ),
        // Python tells these apart.
        (
            Value::Set(vec![
                Value::Float(9007199254740992.0),
                Value::Int(9007199254740993),
            ]),
            "to serde_pickle, key or element 1 is equal to one before it",
        ),
        (
            keyed(vec![nan.clone()]),
            "of the sorted keys or elements, number 0 is not found again by serde_pickle: it is or holds a NaN, or a large int beside floats",
        ),
        (
            Value::FrozenSet(vec![list(Value::None)]),
            "key or element 0 is of a type that serde_pickle has for no key",
        ),
        (
            keyed(vec![Value::Tuple(vec![list(Value::None)])]),
            "key or element 0 is of a type that serde_pickle has for no key",
        ),
    ] {
        let error = Theirs::try_from(&list(value)).expect_err(what);
        assert_eq!(
            (error.category(), error.path()),
            (Category::Unsupported, Some("[1]")),
            "{what}"
        );
        assert!(error.to_string().ends_with(what), "{error}");
    }
    let array = ndpickle::NdArray::of(ndarray::array![1, 2]).expect("an array");
    let value = Value::Dict(vec![(key("w"), list(Value::from(array)))]);
    let error = Theirs::try_from(&value).expect_err("no array");
    assert_eq!(error.to_string(), "['w'][1]: serde_pickle has no arrays");
    let error = TheirKey::try_from(&list(Value::None)).expect_err("no key");
    assert_eq!(error.path(), Some(""));
}

/// As deep as serde_pickle's own recursion allows, and no deeper.
#[test]
fn depth_is_bounded() {
    let deep = |levels: usize| (0..levels).fold(Value::None, |value, _| Value::Tuple(vec![value]));
    let theirs = Theirs::try_from(&deep(1000)).expect("as deep as is allowed");
    assert_eq!(Value::from(theirs), deep(1000));
    let theirs = TheirKey::try_from(&deep(1000)).expect("as deep as is allowed");
    assert_eq!(Value::from(theirs), deep(1000));
    let error = Theirs::try_from(&deep(1001)).expect_err("deeper");
    assert!(
        error.to_string().contains("more than 1000 levels"),
        "{error}"
    );
    // An error of a tree that is deeper than any stack.
    assert!(Theirs::try_from(&deep(1_000_000)).is_err());
}

/// An int that they have as a large one stays one, and is equal to one of 64 bits.
#[test]
fn large_ints_stay() {
    let small = Theirs::Int(BigInt::from(5));
    let ours = Value::from(small.clone());
    assert_eq!(ours, Value::Int(5));
    assert_eq!(Theirs::try_from(&ours).expect("lossless"), small);
}

/// Where the two differ, and why.
#[test]
fn differences() {
    let they = |bytes: &[u8]| serde_pickle::value_from_slice(bytes, DeOptions::new());
    let text = |text: &str| Theirs::String(text.into());
    let int = Theirs::I64;
    let fails = |bytes: &[u8], what: &str| {
        let error = they(bytes).expect_err("an error").to_string();
        assert!(error.contains(what), "{error}");
    };

    // s = ['a']; [s, s]: their second pass takes a shared list out of the memo, and takes what was in it for a cycle.
    let shared = b"\x80\x04]\x94(]\x94\x8c\x01a\x94ah\x01e.";
    fails(shared, "recursive");
    assert_eq!(format!("{:?}", read(shared)), "[['a'], ['a']]");

    // Dicts are sorted there.
    let order = b"\x80\x04}(\x8c\x01bK\x01\x8c\x01aK\x02u.";
    let sorted = BTreeMap::from([
        (TheirKey::String("a".into()), int(2)),
        (TheirKey::String("b".into()), int(1)),
    ]);
    assert_eq!(they(order).expect("a dict"), Theirs::Dict(sorted));
    assert_eq!(format!("{:?}", read(order)), "{'b': 1, 'a': 2}");
    assert!(Theirs::try_from(&read(order)).is_err());

    // A str of Python 2 is bytes there, and a bytearray too.
    let py2 = b"\x80\x02U\x01a.";
    assert_eq!(they(py2).expect("a str"), Theirs::Bytes(b"a".to_vec()));
    assert_eq!(read(py2), Value::Py2Str(b"a".to_vec()));
    let array = b"\x80\x05\x96\x01\0\0\0\0\0\0\0a.";
    assert_eq!(
        they(array).expect("a bytearray"),
        Theirs::Bytes(b"a".to_vec())
    );
    assert_eq!(read(array), Value::ByteArray(b"a".to_vec()));

    // Strs with surrogates, persistent ids, extension codes and out-of-band buffers are not there.
    let surrogate = b"\x80\x04\x8c\x03\xed\xa0\x80.";
    assert!(they(surrogate).is_err());
    assert_eq!(
        read(surrogate),
        Value::SurrogateStr(b"\xed\xa0\x80".to_vec())
    );
    fails(b"\x80\x02K\x01Q.", "unsupported opcode");
    assert_eq!(
        read(b"\x80\x02K\x01Q."),
        Value::Persistent(Box::new(Value::Int(1)))
    );
    fails(b"\x80\x02\x82\x07.", "unsupported opcode");
    assert_eq!(read(b"\x80\x02\x82\x07."), Value::Extension(7));

    // An INT of protocol 0 beyond 64 bits, which Python takes.
    let int0 = b"I9223372036854775808\n.";
    assert!(they(int0).is_err());
    assert_eq!(read(int0), Value::from(u64::MAX / 2 + 1));

    // Classes are unresolved there, or their names are lost; here they have a name.
    let date = b"\x80\x02cdatetime\ndate\nK\x01K\x02K\x03\x87R.";
    fails(date, "unresolved global");
    assert_eq!(format!("{:?}", read(date)), "datetime.date(1, 2, 3)");

    // NaN is no key there that is found again: two entries stay two only by chance of their order.
    let nans = b"\x80\x04}(G\x7f\xf8\0\0\0\0\0\0K\x01K\x02K\x03u.";
    let Theirs::Dict(theirs) = they(nans).expect("a dict") else {
        panic!("a dict")
    };
    assert!(!theirs.contains_key(&TheirKey::F64(f64::NAN)));
    assert_eq!(read(nans).pairs().len(), 2);

    // Protocols that do not exist are read there.
    assert_eq!(they(b"\x80\xffN.").expect("any protocol"), Theirs::None);
    assert!(Pickle::parse(b"\x80\xffN.").is_err());

    // Both take ints and bools for one key, as Python does.
    let equal = b"\x80\x04\x8f(K\x01\x88\x90.";
    assert_eq!(
        they(equal).expect("a set"),
        Theirs::Set(BTreeSet::from([TheirKey::I64(1)]))
    );
    assert_eq!(they(b"\x80\x04\x8c\x01a.").expect("a text"), text("a"));
}
