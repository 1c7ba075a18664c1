//! What serde cannot have of a pickle, and a pickle not of serde: errors with paths.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;

use ndarray::{Array1, Array2, ArrayD, array};
use ndpickle::num_complex::Complex;
use ndpickle::typed::Serializer;
use ndpickle::{
    Builder, Category, Flavour, Id, Pickle, Py2Text, Result, Version, from_node, from_slice, to_vec,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// A document made by `make`.
pub(super) fn made(make: impl FnOnce(&mut Builder<'static>) -> Result<Id>) -> Pickle<'static> {
    let mut builder = Builder::new(Flavour::compat(4, Version::NEWEST).expect("a flavour"));
    let root = make(&mut builder).expect("a value");
    builder.finish(root).expect("a document")
}

pub(super) fn dict(b: &mut Builder<'static>, entries: &[(&str, Id)]) -> Result<Id> {
    let mut pairs = Vec::new();
    for (key, value) in entries {
        pairs.push((b.str(key)?, *value));
    }
    b.dict(&pairs)
}

#[track_caller]
fn fails<T: DeserializeOwned + Debug>(
    expected: &str,
    make: impl FnOnce(&mut Builder<'static>) -> Result<Id>,
) {
    let pickle = made(make);
    let error = from_node::<T>(pickle.root()).expect_err(expected);
    let text = error.to_string();
    let text = text.split(" (offset ").next().unwrap_or_default();
    assert_eq!(text, expected);
    assert_eq!(error.category(), Category::Data, "{expected}");
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Strict {
    #[serde(rename = "a")]
    _a: u8,
}

#[derive(Debug, Deserialize)]
struct Layer {
    #[serde(rename = "w")]
    _w: Array2<f32>,
}

#[derive(Debug, Deserialize)]
struct Model {
    #[serde(rename = "layers")]
    _layers: Vec<Layer>,
}

#[derive(Debug, Deserialize)]
struct WithLayer {
    #[serde(rename = "w", with = "ndpickle::array")]
    _w: Array2<f32>,
}

#[derive(Debug, Deserialize)]
#[serde(rename = "shop:Item")]
struct Item {
    #[serde(rename = "price")]
    _price: u8,
}

#[derive(Debug, Deserialize)]
enum Choice {
    Yes,
    No(#[allow(dead_code)] u8),
}

#[test]
fn wrong_types_tell_the_path() {
    type B = Builder<'static>;
    let layers = |last: fn(&mut B) -> Result<Id>| {
        move |b: &mut B| {
            let good = b.array(Array2::<f32>::zeros((3, 4)))?;
            let good = dict(b, &[("w", good)])?;
            let bad = last(b)?;
            let bad = dict(b, &[("w", bad)])?;
            let list = b.list(&[good, good, good, bad])?;
            dict(b, &[("layers", list)])
        }
    };
    fails::<Model>(
        "['layers'][3]['w']: expected float32, found float64 (3, 4)",
        layers(|b| b.array(Array2::<f64>::zeros((3, 4)))),
    );
    fails::<Model>(
        "['layers'][3]['w']: expected 2 dimensions, found float32 (5,)",
        layers(|b| b.array(Array1::<f32>::zeros(5))),
    );
    fails::<Model>(
        "['layers'][3]['w']: expected an array, found None",
        layers(|b| Ok(b.none())),
    );
    fails::<WithLayer>("['w']: expected float32, found int16 (3, 4)", |b| {
        let array = b.array(Array2::<i16>::zeros((3, 4)))?;
        dict(b, &[("w", array)])
    });
    fails::<WithLayer>("['w']: expected 2 dimensions, found float32 (3,)", |b| {
        let array = b.array(Array1::<f32>::zeros(3))?;
        dict(b, &[("w", array)])
    });
    fails::<WithLayer>("['w']: expected an array, found a list", |b| {
        let list = b.list(&[])?;
        dict(b, &[("w", list)])
    });
    fails::<WithLayer>("the root: missing field `w`", |b| b.dict(&[]));
    fails::<u8>(
        "the root: expected u8, found an int that does not fit",
        |b| b.int(256),
    );
    fails::<u64>(
        "the root: expected u64, found an int that does not fit",
        |b| b.int(-1),
    );
    fails::<i64>(
        "the root: expected i64, found an int that does not fit",
        |b| b.int128(i64::MAX as i128 + 1),
    );
    fails::<u64>("the root: expected u64, found a large int", |b| {
        b.int128(1 << 64)
    });
    fails::<i128>(
        "the root: an int of more than 128 bits; ndpickle::big_int reads it",
        |b| b.big_int(vec![1; 18].into()),
    );
    fails::<i64>("the root: expected i64, found a float", |b| b.float(1.0));
    fails::<bool>("the root: expected a boolean, found an int", |b| b.int(1));
    fails::<f64>(
        "the root: expected f64, found an int that it has not exactly",
        |b| b.int((1 << 53) + 1),
    );
    fails::<f32>(
        "the root: expected f32, found an int that it has not exactly",
        |b| b.int((1 << 24) + 1),
    );
    fails::<String>("the root: expected a string, found bytes", |b| {
        b.bytes(b"bytes")
    });
    fails::<String>("the root: expected a string, found float64 (1,)", |b| {
        b.array(array![1.0])
    });
    fails::<char>(
        "the root: expected a character, found a str that is none",
        |b| b.str("two"),
    );
    fails::<Vec<u8>>("[1]: expected u8, found a str", |b| {
        let (one, two) = (b.int(1)?, b.str("two")?);
        b.list(&[one, two])
    });
    fails::<(u8, u8)>("the root: 1 items more than the type takes", |b| {
        let one = b.int(1)?;
        b.tuple(&[one, one, one])
    });
    fails::<(u8, u8)>("the root: expected a tuple of size 2, found 1 items", |b| {
        let one = b.int(1)?;
        b.tuple(&[one])
    });
    fails::<HashMap<u8, u8>>("['k']: expected u8, found a str", |b| {
        let one = b.int(1)?;
        dict(b, &[("k", one)])
    });
    fails::<HashMap<String, u8>>("['k']: expected u8, found None", |b| {
        let none = b.none();
        dict(b, &[("k", none)])
    });
    fails::<Strict>("['b']: unknown field \"b\", expected one of [\"a\"]", |b| {
        let one = b.int(1)?;
        dict(b, &[("a", one), ("b", one)])
    });
    fails::<Choice>(
        "the root: unknown variant \"Maybe\", expected one of [\"Yes\", \"No\"]",
        |b| b.str("Maybe"),
    );
    fails::<Choice>("['No']: expected u8, found a str", |b| {
        let text = b.str("text")?;
        dict(b, &[("No", text)])
    });
    fails::<Choice>("the root: expected enum Choice, found a list", |b| {
        b.list(&[])
    });
    fails::<Vec<f32>>(
        "[1]: expected f32, found a float64 that it has not exactly",
        |b| b.array(array![0.5, 0.1]),
    );
    fails::<Vec<u8>>("[1]: expected u8, found an int that does not fit", |b| {
        b.array(array![1, 1000])
    });
    fails::<Vec<u8>>("[0]: expected u8, found a float", |b| b.array(array![1.0]));
    fails::<Vec<Vec<u8>>>("[0]: expected a sequence, found int64 (1,)", |b| {
        b.array(array![1i64])
    });
    fails::<ArrayD<Complex<f32>>>("the root: expected float32, found complex128 (1,)", |b| {
        b.array(array![Complex::new(1.0, 2.0)])
    });
    fails::<ArrayD<Complex<f32>>>(
        "the root: expected a tuple of size 2, found float32 (1,)",
        |b| b.array(array![1f32]),
    );
    // Instances.
    fails::<Item>(
        "the root: expected an object of shop.Item, found a dict",
        |b| b.dict(&[]),
    );
    fails::<Item>(
        "the root: expected an object of shop.Item, found an object of shop.Other",
        |b| {
            let class = b.global("shop", "Other")?;
            b.instance(class, &[], None)
        },
    );
    fails::<Item>(".price: expected u8, found a str", |b| {
        let (class, price) = (b.global("shop", "Item")?, b.str("1")?);
        let state = dict(b, &[("price", price)])?;
        b.instance(class, &[], Some(state))
    });
    fails::<u8>(
        "the root: expected u8, found an object of datetime.date",
        |b| {
            let (class, bytes) = (b.global("datetime", "date")?, b.bytes(b"\x07\xe4\x0c\x1f")?);
            b.call(class, &[bytes], None)
        },
    );
    #[derive(Serialize)]
    #[serde(rename = "builtins:list")]
    struct List(Vec<u8>);
    let error = to_vec(&List(vec![1])).expect_err("a list is no instance");
    assert!(error.to_string().contains("builtins.list"), "{error}");
    fails::<Vec<u8>>(
        "the root: expected a sequence, found os.system, a class or function",
        |b| b.global("os", "system"),
    );
    fails::<u8>("the root: expected u8, found a persistent id", |b| {
        let pid = b.int(1)?;
        b.persistent(pid)
    });
}

#[test]
fn texts_of_python_2() {
    let bytes = b"\x80\x02U\x02\xc3\xa9.";
    let error = from_slice::<String>(bytes).expect_err("not ASCII");
    assert!(error.to_string().contains("py2_text"), "{error}");
    for (option, text) in [(Py2Text::Latin1, "Ã©"), (Py2Text::Utf8, "é")] {
        let pickle = Pickle::options()
            .py2_text(option)
            .parse(bytes)
            .expect("a pickle");
        assert_eq!(from_node::<String>(pickle.root()).expect("a text"), text);
    }
    assert_eq!(
        from_slice::<Vec<u8>>(b"\x80\x02](K\x01K\x02e.").expect("a list"),
        [1, 2]
    );
    let raw: &[u8] = from_slice(b"\x80\x02U\x02\xc3\xa9.").expect("bytes");
    assert_eq!(raw, b"\xc3\xa9");
    // Borrowed from the input, not from the document.
    let (text, rest): (&str, Vec<&str>) =
        from_slice(b"\x80\x04\x8c\x03abc\x94](\x8c\x01xh\x00e\x86.").expect("texts");
    assert_eq!((text, rest), ("abc", vec!["x", "abc"]));
    assert!(
        from_slice::<String>(b"\x80\x04\x8c\x03\xed\xa0\x80.").is_err(),
        "a surrogate"
    );
}

#[test]
fn what_cannot_be_written() {
    #[track_caller]
    fn refused<T: Serialize>(expected: &str, value: T) {
        let error = to_vec(&value).expect_err(expected);
        assert_eq!(error.to_string(), expected);
        assert_eq!(error.category(), Category::Unsupported);
    }
    let key = BTreeMap::from([("a".to_owned(), 1)]);
    refused(
        ".key[0]: a dict cannot be the key of a dict in Python",
        BTreeMap::from([(key, 1)]),
    );
    let empty = BTreeMap::from([("layers", vec![Array1::<f32>::zeros(1), Array1::zeros(0)])]);
    refused(
        "['layers'][1]: an array without elements does not tell its dtype; with = \"ndpickle::array\" does",
        empty,
    );
    refused(
        "[0]: an array whose elements are no numbers and no texts; with = \"ndpickle::array\" takes records",
        [array![Some(1), None]],
    );
    refused(
        "an array whose elements are no numbers and no texts; with = \"ndpickle::array\" takes records",
        array![1i128],
    );
}

/// A struct of the user that is called as ndarray's.
#[test]
fn other_structs_called_array() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Array {
        v: u8,
        dim: String,
        data: Vec<u8>,
    }
    let value = Array {
        v: 1,
        dim: "x".into(),
        data: vec![1],
    };
    let bytes = to_vec(&value).expect("a pickle");
    let pickle = Pickle::parse(&bytes).expect("a pickle");
    assert_eq!(pickle.root().len(), 3);
    assert_eq!(from_node::<Array>(pickle.root()).expect("the value"), value);
}

#[test]
fn equal_texts_are_one_object() {
    let count = |share: bool| {
        let mut builder = Builder::new(Flavour::compat(4, Version::NEWEST).expect("a flavour"));
        let serializer = Serializer::new(&mut builder).share_strs(share);
        let root = ["a text", "a text"].serialize(serializer).expect("a value");
        let pickle = builder.finish(root).expect("a document");
        let mut ids: Vec<Id> = pickle.root().items().map(|item| item.id()).collect();
        ids.dedup();
        ids.len()
    };
    assert_eq!([count(true), count(false)], [1, 2]);
}

#[test]
fn names_are_no_commands_of_a_terminal() {
    let pickle = Pickle::parse(b"\x80\x04\x8c\x03a\xc2\x9b\x8c\x05\x1b[31m\x93.").expect("a class");
    let error = from_node::<u8>(pickle.root()).expect_err("a class");
    let value = ndpickle::Value::from_node(pickle.root()).expect("a class");
    for text in [error.to_string(), format!("{value:?}")] {
        assert!(text.contains("a\\x9b.\\x1b[31m"), "{text:?}");
        assert!(!text.contains(char::is_control), "{text:?}");
    }
}
