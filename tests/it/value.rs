//! Trees of their own: made of what Python pickles, compared, and written for Python.

use std::collections::BTreeMap;

use ndpickle::value::{self, Object, ObjectArray};
use ndpickle::{
    Builder, Category, Constructor, Flavour, Global, NdArray, Pickle, Value, Version, num_bigint,
    write,
};
use serde_json::json;

use super::hex::{hex, unhex};
use super::live;
use super::manifest::manifest;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/live/value.py");

#[track_caller]
fn read(bytes: &[u8]) -> Value {
    Value::from_node(Pickle::parse(bytes).expect("a pickle").root()).expect("a tree")
}

#[track_caller]
fn error(bytes: &[u8]) -> ndpickle::Error {
    Value::from_node(Pickle::parse(bytes).expect("a pickle").root()).expect_err("no tree")
}

pub(crate) fn newest(protocol: u8) -> Flavour {
    Flavour::new(protocol, Version::NEWEST, Version::NEWEST).expect("they are together")
}

fn written(value: &Value, flavour: Flavour) -> Vec<u8> {
    let pickle = value.to_pickle(flavour).expect("a document");
    write::Options::new().to_vec(&pickle).expect("room")
}

/// What every protocol spells is one value; Python loads what is written of it, in every protocol, as the value that it was.
#[test]
fn values_of_python() {
    for python in live::pythons().unwrap_or_default() {
        let (cell, cases) = live::made(&python, SCRIPT);
        let mut first: BTreeMap<String, Value> = BTreeMap::new();
        let mut pickles = Vec::new();
        for case in &cases {
            let name = case["name"].as_str().expect("a name");
            let bytes = unhex(case["pickle"].as_str().expect("hex"));
            let value = read(&bytes);
            if let Some(text) = case["repr"].as_str() {
                // Paths show all characters but those that break a line; so do values.
                assert_eq!(format!("{value:?}"), text, "{name}");
            }
            for protocol in 0..=5 {
                let way = format!("{} to {protocol}", case["protocol"]);
                let bytes = written(&value, cell.flavour(protocol));
                assert_eq!(read(&bytes), value, "{name} {way}");
                // What was made by `object.__new__` is not always made by that of its class.
                if case["alike"] == true || (protocol < 2) == (case["protocol"].as_u64() < Some(2))
                {
                    pickles.push(json!({"name": name, "way": way, "pickle": hex(&bytes)}));
                }
            }
            if case["alike"].as_bool().expect("a bool") {
                let first = first.entry(name.into()).or_insert_with(|| value.clone());
                assert_eq!(value, *first, "{name} {}", case["protocol"]);
            }
        }
        assert!(pickles.len() > 36 * 35, "{}", pickles.len());
        live::loads(&python, SCRIPT, &pickles);
    }
}

/// Every file of the corpus becomes a tree, or says why not; and a tree that is written and read is the same.
#[test]
fn trees_of_the_corpus() {
    let (mut trees, mut reasons) = (0, BTreeMap::<String, u32>::new());
    for entry in &manifest().entries {
        let Ok(pickle) = entry.options().parse(entry.pickles()) else {
            continue;
        };
        let value = match Value::from_node(pickle.root()) {
            Ok(value) => value,
            Err(error) => {
                assert!(error.path().is_some(), "{}: {error}", entry.name());
                *reasons.entry(error.kind().to_string()).or_default() += 1;
                continue;
            }
        };
        assert_eq!(value, value.clone(), "{}", entry.name());
        // Python 3 has no classes of Python 2's old kind.
        let (protocol, py2) = (pickle.protocol(), Version::new(2, 7, 18));
        let flavour = match pickle.dialect().python {
            ndpickle::Python::Py2 => Flavour::compat(protocol, py2).expect("they are together"),
            _ => newest(protocol),
        };
        let again = match value.to_pickle(flavour) {
            Ok(again) => again,
            Err(error) => {
                assert_eq!(error.category(), Category::Unsupported, "{error}");
                *reasons.entry(error.kind().to_string()).or_default() += 1;
                continue;
            }
        };
        let bytes = write::Options::new().to_vec(&again).expect("room");
        if entry.text("case") == "types" && pickle.dialect().python == ndpickle::Python::Py2 {
            // Python 2's `_functools.reduce` is `__builtin__.reduce` to Python 3, and that is `functools.reduce`.
            continue;
        }
        assert_eq!(read(&bytes), value, "{}", entry.name());
        trees += 1;
    }
    println!("{trees} trees; {reasons:#?}");
    assert!(trees > 2000, "{trees}");
}

/// Runs something on a stack on which a million levels of recursion have no place.
fn on_small_stack(run: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(128 << 10).spawn(run);
    thread.expect("a thread").join().expect("no overflow");
}

const LEVELS: usize = 1_000_000;

#[track_caller]
fn deep(bytes: Vec<u8>, protocol: u8) {
    on_small_stack(move || {
        let value = read(&bytes);
        let mut copy = value.clone();
        assert!(value == copy);
        assert!(format!("{value:?}").len() < 20_000);
        let pickle = value.to_pickle(newest(protocol)).expect("a document");
        let again = write::Options::new().to_vec(&pickle).expect("room");
        drop(pickle);
        assert!(read(&again) == value);
        copy = Value::None;
        assert!(value != copy);
    });
}

#[test]
fn a_million_levels() {
    let nested = |start: &str, end: &str| {
        [&start.repeat(LEVELS), "N", &end.repeat(LEVELS), "."]
            .concat()
            .into_bytes()
    };
    deep(nested("]", "a"), 2);
    deep(nested("(", "t"), 2);
    deep(nested("}K\u{1}", "s"), 2);
    // Keys of dicts, callables, arguments, persistent ids.
    let keys = [
        b"}".repeat(LEVELS),
        b"N".to_vec(),
        b"Ns".repeat(LEVELS),
        b".".to_vec(),
    ];
    deep(keys.concat(), 2);
    let calls = [b"cm\nf\n".to_vec(), b")R".repeat(LEVELS), b".".to_vec()];
    deep(calls.concat(), 2);
    let args = [
        b"cm\nf\n".repeat(LEVELS),
        b"N".to_vec(),
        b"\x85R".repeat(LEVELS),
        b".".to_vec(),
    ];
    deep(args.concat(), 2);
    let states = [
        b"cm\nf\n)R".repeat(LEVELS),
        b"N".to_vec(),
        b"b".repeat(LEVELS),
        b".".to_vec(),
    ];
    deep(states.concat(), 2);
    deep(
        [b"N".to_vec(), b"Q".repeat(LEVELS), b".".to_vec()].concat(),
        2,
    );
}

#[test]
fn cycles_have_a_path() {
    // a = [1]; a.append({'k': (a,)})
    let error = error(b"\x80\x02]q\0(K\x01}X\x01\0\0\0kh\0\x85se.");
    assert_eq!(
        (error.category(), error.path()),
        (Category::Data, Some("[1]['k'][0]"))
    );
    assert!(
        error
            .to_string()
            .contains("a list that contains itself has no tree")
    );
}

#[test]
fn cycles_through_objects_have_a_path() {
    // x = C(); x.me = [x]
    let found = error(b"\x80\x02cm\nC\n)\x81q\0}X\x02\0\0\0me]h\0asb.");
    assert_eq!(found.path(), Some(".me[0]"));
    // Slots, items and pairs.
    let found = error(b"\x80\x02cm\nC\n)\x81q\0N}X\x02\0\0\0meh\0s\x86b.");
    assert_eq!(found.path(), Some(".slots['me']"));
    let found = error(b"\x80\x02cm\nC\n)\x81q\0h\0a.");
    assert_eq!(found.path(), Some(".items[0]"));
    let found = error(b"\x80\x02cm\nC\n)\x81q\0K\x07h\0s.");
    assert_eq!(found.path(), Some("[7]"));
}

/// What is shared is a copy in each place, and bounded.
#[test]
fn expansion_is_bounded() {
    let mut bytes = b"\x80\x02]q\0".to_vec();
    for _ in 0..64 {
        bytes.extend(b"q\0](h\0h\0e");
    }
    bytes.push(b'.');
    let found = error(&bytes);
    assert_eq!(found.category(), Category::Limit);
    assert!(
        found
            .path()
            .is_some_and(|path| path.starts_with("[0][0][0]")),
        "{found}"
    );
    // Ten copies of three items and the list itself.
    let shared = |places: usize| {
        [
            b"\x80\x02](](NNNeq\0".to_vec(),
            b"h\0".repeat(places),
            b"e.".to_vec(),
        ]
        .concat()
    };
    let options = value::Options::new().copies(40);
    let bytes = shared(10);
    let pickle = Pickle::parse(&bytes).expect("a pickle");
    let tree = options.read(pickle.root()).expect("as many as are allowed");
    assert_eq!(tree.items().len(), 11);
    assert!(tree.items().iter().all(|item| item.items().len() == 3));
    let bytes = shared(11);
    let pickle = Pickle::parse(&bytes).expect("a pickle");
    let found = options.read(pickle.root()).expect_err("one more");
    assert_eq!(
        found.to_string(),
        "[11]: limit `copies` of 40 is used up (offset 4)"
    );
}

#[test]
fn copied_bytes_are_bounded() {
    for (opcode, free) in [(b'U', 64), (b'C', 64), (0x8c, 64)] {
        for len in [free, free + 1] {
            let bytes = [
                &b"\x80\x04]("[..],
                &[opcode, len],
                &vec![b'x'; usize::from(len)],
                b"q\0h\0h\0h\0e.",
            ]
            .concat();
            let pickle = Pickle::parse(&bytes).expect("a pickle");
            let found = value::Options::new().bytes(2 * 65).read(pickle.root());
            assert_eq!(found.is_ok(), len == free, "{opcode} {found:?}");
            if let Err(error) = found {
                assert_eq!(error.path(), Some("[3]"));
            }
        }
    }
}

/// What a tree cannot have is told with its path.
#[test]
fn what_has_no_tree() {
    for (bytes, path, what) in [
        // A call made and thrown away after the list's item.
        (
            &b"\x80\x02](K\x01cos\nsystem\n)R0e."[..],
            "[0]",
            "thrown away",
        ),
        (b"\x80\x05](\x97e.", "[0]", "buffer"),
        (b"\x80\x02](cm\nC\n}K\x01K\x02sbe.", "[0]", "state"),
        (b"\x80\x02](cm\nf\nK\x07Re.", "[0]", "tuple"),
        (b"\x80\x02}K\x01X\x01\0\0\0\xffs.", "[1]", "UTF-8"),
    ] {
        let pickle = Pickle::parse(bytes);
        let Ok(pickle) = pickle else {
            // Whether arguments are a tuple is told when they are met.
            assert_eq!(what, "tuple");
            continue;
        };
        let found = Value::from_node(pickle.root()).expect_err(what);
        assert_eq!(found.path(), Some(path), "{found}");
        assert!(found.to_string().contains(what), "{found}");
    }
    let pickle = Pickle::parse(b"\x80\x02](K\x01cos\nsystem\n)R0e.").expect("a pickle");
    let value = value::Options::new().without_popped().read(pickle.root());
    assert_eq!(value.expect("a tree"), Value::List(vec![Value::Int(1)]));
}

#[test]
fn buffers_are_bytes() {
    let bytes = b"\x80\x05\x97\x97\x98\x86.";
    let pickle = Pickle::options()
        .buffers([&b"ab"[..], &b"cd"[..]])
        .parse(bytes);
    let value = Value::from_node(pickle.expect("a pickle").root()).expect("a tree");
    let expected = [
        Value::ByteArray(b"ab".to_vec()),
        Value::Bytes(b"cd".to_vec()),
    ];
    assert_eq!(value.items(), expected);
}

/// What can be made in Rust and not written says where it is.
#[test]
fn what_is_not_written() {
    let at = |value: Value, protocol| {
        let error = value.to_pickle(newest(protocol)).expect_err("not written");
        (error.path().expect("a path").to_owned(), error.to_string())
    };
    let list = |value| Value::List(vec![Value::None, value]);
    let object = |constructor, kwargs| {
        Value::from(Object {
            kwargs,
            states: vec![Value::Dict(vec![(
                Value::from("a"),
                list(Value::Extension(0)),
            )])],
            ..Object::new(constructor, Value::None, vec![Value::None])
        })
    };
    assert_eq!(at(list(Value::Extension(-1)), 4).0, "[1]");
    assert_eq!(at(list(Value::Extension(1)), 1).0, "[1]");
    assert_eq!(at(list(Value::Persistent(Box::default())), 0).0, "[1]");
    assert_eq!(at(list(Value::SurrogateStr(vec![0xff])), 4).0, "[1]");
    assert_eq!(at(object(Constructor::NewObj, vec![]), 4).0, ".a[1]");
    let kwargs = vec![(Value::from("k"), Value::Extension(0))];
    assert_eq!(
        at(object(Constructor::NewObjEx, kwargs), 4).0,
        ".kwargs['k']"
    );
    let kwargs = vec![(Value::None, Value::None)];
    let value = Value::from(Object {
        kwargs,
        ..Object::new(Constructor::Reduce, Value::None, vec![])
    });
    assert!(at(list(value), 4).1.contains("only NEWOBJ_EX"));
    let array = Value::Objects(Box::new(ObjectArray {
        dtype: "O".parse().expect("a dtype"),
        shape: vec![3],
        items: vec![Value::None],
    }));
    assert!(
        at(list(array), 4)
            .1
            .starts_with("[1]: 1 objects for the shape [3]")
    );
}

/// Elements are held once, however often they are shared.
#[test]
fn arrays_share_their_elements() {
    let array = ndarray::Array1::from_iter(0..1000i32);
    let mut builder = Builder::new(newest(4));
    let id = builder.array(&array).expect("an array");
    let root = builder.list(&[id, id]).expect("a list");
    let pickle = builder.finish(root).expect("a document");
    let value = Value::from_node(pickle.root()).expect("a tree");
    drop(pickle);
    let place = |n: usize| {
        let array = value.items()[n].as_array().expect("an array");
        array
            .payload()
            .and_then(|payload| payload.as_slice())
            .map(<[u8]>::as_ptr)
    };
    assert!(place(0).is_some());
    assert_eq!(place(0), place(1));
    let copy = value.items()[0].as_array().expect("an array");
    assert_eq!(copy.view::<i32, ndarray::Ix1>().expect("in place"), array);
}

#[test]
fn values_of_rust() {
    let array = NdArray::of(ndarray::array![1.5f32, 2.5]).expect("an array");
    let value: Value = [Some("a"), None].into_iter().collect();
    assert_eq!(format!("{value:?}"), "['a', None]");
    assert_eq!(Value::from(u64::MAX), Value::from(num(u64::MAX)));
    assert_eq!(Value::from(7u64), Value::Int(7));
    assert_eq!(Value::BigInt(num(7)), Value::Int(7));
    assert_eq!(Value::from(array.clone()), Value::from(array.clone()));
    assert_ne!(Value::from(array), Value::None);
    assert_eq!(Value::Float(f64::NAN), Value::Float(f64::NAN));
    assert_ne!(Value::Float(0.0), Value::Float(-0.0));
    assert_ne!(Value::Str("a".into()), Value::Bytes(b"a".to_vec()));
    let pairs = [("a", 1), ("b", 2)].map(|(key, n)| (Value::from(key), Value::from(n)));
    let reversed = pairs.iter().rev().cloned().collect();
    assert_ne!(Value::Dict(pairs.to_vec()), Value::Dict(reversed));
    let class = Global {
        module: "m".into(),
        name: "C".into(),
    };
    let object = Object::new(Constructor::NewObj, Value::Global(Box::new(class)), vec![]);
    assert_eq!(object.class().map(ToString::to_string), Some("m.C".into()));
    assert!(object.attribute("a").is_none());
}

fn num(value: u64) -> num_bigint::BigInt {
    value.into()
}

/// The last of equal keys, and `1`, `1.0` and `True` are one.
#[test]
fn keys_are_found_as_in_python() {
    let value = read(b"\x80\x04}(\x8c\x01aK\x01C\x01bK\x02U\x01cK\x03K\x07K\x04G@ \0\0\0\0\0\0K\x05\x88K\x06\x8c\x01aK\x07u.");
    let get = |key: &str| value.get(key).and_then(Value::as_i64);
    assert_eq!(
        [get("a"), get("b"), get("c"), get("d")],
        [Some(7), Some(2), Some(3), None]
    );
    let get = |key: i64| value.get(key).and_then(Value::as_i64);
    assert_eq!(
        [get(7), get(8), get(1), get(0)],
        [Some(4), Some(5), Some(6), None]
    );
    let get = |key: &[u8]| value.get(key).and_then(Value::as_i64);
    assert_eq!([get(b"a"), get(b"b"), get(b"c")], [None, Some(2), Some(3)]);
}
