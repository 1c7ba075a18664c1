//! What the fuzzer of serde's side does with its bytes: they are read as values of many types, and what reads is written and
//! read again. A file of its own, since the crate may be built without serde.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;

use ndarray::{Array1, Array2, ArrayD, CowArray, Ix1};
use ndpickle::num_bigint::BigInt;
use ndpickle::{
    Flavour, Pickle, Value, Version, from_node, from_reader, from_slice, to_graph, to_vec, write,
};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};

/// Any dict is one of these: what it lacks has a default.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Outer {
    a: i64,
    b: Option<Box<Outer>>,
    c: Vec<Inner>,
    d: BTreeMap<String, Choice>,
    name: String,
    #[serde(with = "ndpickle::array")]
    x: Array1<f64>,
    #[serde(with = "ndpickle::array")]
    y: BTreeMap<String, Option<ArrayD<i32>>>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Inner {
    #[serde(with = "ndpickle::array")]
    a: ArrayD<u8>,
    #[serde(flatten)]
    rest: BTreeMap<String, Any>,
}

/// An instance of a class.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename = "__main__:Plain")]
struct Plain {
    a: f32,
    b: (bool, char),
}

#[derive(Debug, Serialize, Deserialize)]
enum Choice {
    #[serde(rename = "a")]
    Unit,
    #[serde(rename = "b")]
    Newtype(Option<u8>),
    #[serde(rename = "c")]
    Tuple(i8, u128),
    #[serde(rename = "x")]
    Struct { a: Vec<String> },
}

/// Whatever it is, as formats that describe themselves tell it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum Any {
    None,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    List(Vec<Any>),
    Dict(BTreeMap<String, Any>),
}

/// An int of any size.
#[derive(Debug, Serialize, Deserialize)]
struct Big(#[serde(with = "ndpickle::big_int")] BigInt);

/// Pickles that read as the types with the most parts; other types find theirs in the corpus.
#[allow(dead_code)] // the fuzzer has files
pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let choices = || {
        let a = vec!["a".into(), "x".into()];
        [
            ("unit".into(), Choice::Unit),
            ("new".into(), Choice::Newtype(Some(255))),
            ("tuple".into(), Choice::Tuple(-1, u128::MAX)),
            ("struct".into(), Choice::Struct { a }),
        ]
    };
    let any = Any::List(vec![Any::None, Any::Float(0.5), Any::Text("a".into())]);
    let inner = Inner {
        a: ndarray::arr1(&[1, 2, 3]).into_dyn(),
        rest: [("b".into(), any), ("c".into(), Any::Int(-7))].into(),
    };
    let arrays = [
        ("a".into(), Some(ndarray::arr2(&[[1, -2]]).into_dyn())),
        ("b".into(), None),
    ];
    let outer = Outer {
        a: -1,
        b: Some(Box::default()),
        c: vec![inner],
        d: choices().into(),
        name: "name".into(),
        x: ndarray::arr1(&[0.5, f64::NAN]),
        y: arrays.into(),
    };
    let plain = Plain {
        a: 1.5,
        b: (true, 'é'),
    };
    let choices = BTreeMap::from(choices()).into_values().enumerate();
    let choices = choices.map(|(n, choice)| (vec![n as u8; n], choice));
    let seeds = [
        to_vec(&outer),
        to_vec(&plain),
        to_vec(&Big(BigInt::from(-10).pow(30))),
        to_vec(&choices.collect::<BTreeMap<_, _>>()),
        to_vec(&HashMap::from([("a", [0.5, 2.0])])),
        to_vec(&[("a", Some(0.1f32)), ("b", None)]),
    ];
    let seeds = seeds.into_iter().collect::<Result<_, _>>();
    seeds.expect("values that have a form")
}

/// Reading ends, however the bytes are read; what reads is what is read again after it was written.
pub(crate) fn typed(data: &[u8]) {
    same::<Outer>(data);
    same::<Inner>(data);
    same::<Plain>(data);
    same::<Choice>(data);
    same::<Any>(data);
    same::<Big>(data);
    same::<Vec<i64>>(data);
    same::<Vec<(String, Option<f32>)>>(data);
    same::<BTreeMap<Vec<u8>, Choice>>(data);
    same::<Vec<Vec<f64>>>(data);
    again::<HashMap<String, Vec<f64>>>(data, |a, b| {
        let sorted = |map: &HashMap<_, _>| BTreeMap::<String, Vec<f64>>::from_iter(map.clone());
        text(&sorted(a)) == text(&sorted(b))
    });
    if let Some(array) = read::<Array2<f32>>(data)
        // The form of ndarray has no dtype where there are no elements.
        && !array.is_empty()
    {
        same::<Array2<f32>>(data);
    }
    let _ = read::<IgnoredAny>(data);
    let Ok(pickle) = Pickle::parse(data) else {
        return;
    };
    borrowed(&pickle);
    value(&pickle);
}

/// The value, if it reads; a slice and a stream agree about it.
fn read<T: DeserializeOwned + Debug>(data: &[u8]) -> Option<T> {
    let slice = from_slice::<T>(data);
    let stream = from_reader::<T>(data);
    let facts = |result: &Result<T, ndpickle::Error>| match result {
        Ok(_) => "a value".into(),
        Err(error) => format!("{:?} {error}", error.category()),
    };
    assert_eq!(facts(&slice), facts(&stream));
    slice.ok()
}

/// Reads, writes and reads again; `is_same` compares.
fn again<T>(data: &[u8], is_same: impl Fn(&T, &T) -> bool)
where
    T: Serialize + DeserializeOwned + Debug,
{
    let Some(value) = read::<T>(data) else { return };
    let written = match to_vec(&value) {
        Ok(written) => written,
        Err(error) => panic!("what was read is not written: {error}: {value:?}"),
    };
    let flavour = Flavour::compat(4, Version::NEWEST).expect("a flavour");
    let nodes = to_graph(&value, flavour).and_then(|made| write::Options::new().to_vec(&made));
    let nodes = nodes.expect("what was written");
    assert!(
        nodes == written,
        "{value:?} is {written:x?} while it is told, {nodes:x?} of nodes"
    );
    match read::<T>(&written) {
        Some(other) if is_same(&value, &other) => {}
        other => panic!("{value:?} is {other:?} when it is read from {written:x?}"),
    }
}

fn same<T: Serialize + DeserializeOwned + Debug>(data: &[u8]) {
    again::<T>(data, |a, b| {
        // Arrays cut their text, and bytes do not tell what writing left out.
        text(a) == text(b) && to_vec(a).ok() == to_vec(b).ok()
    });
}

/// The value as text, in which a NaN is one.
fn text(value: &impl Debug) -> String {
    format!("{value:?}")
}

/// What is borrowed is what is owned.
fn borrowed(pickle: &Pickle<'_>) {
    #[derive(Deserialize)]
    #[serde(transparent)]
    struct Bytes<'a>(#[serde(borrow, with = "ndpickle::array")] CowArray<'a, u8, Ix1>);

    let root = pickle.root();
    if let Ok(text) = from_node::<&str>(root) {
        assert_eq!(from_node::<String>(root).ok().as_deref(), Some(text));
    }
    if let Ok(Bytes(bytes)) = from_node(root) {
        assert_eq!(from_node::<Vec<u8>>(root).ok(), Some(bytes.to_vec()));
    }
}

/// The tree that has a form for everything.
fn value(pickle: &Pickle<'_>) {
    let flavour = Flavour::new(5, Version::NEWEST, Version::NEWEST);
    let flavour = flavour.expect("a protocol of the newest");
    let written = |value: &Value| {
        let made = value.to_pickle(flavour).ok()?;
        write::Options::new().to_vec(&made).ok()
    };
    let read =
        |bytes: &[u8]| match Pickle::parse(bytes).map(|pickle| Value::from_node(pickle.root())) {
            Ok(Ok(value)) => value,
            error => panic!("{error:?} of {bytes:x?}"),
        };
    let Ok(value) = Value::from_node(pickle.root()) else {
        return;
    };
    // An instance of a class of Python 2 becomes one of Python 3, and then all stays as it is.
    let Some(first) = written(&value) else { return };
    let value = read(&first);
    let second = written(&value).expect("what was written before");
    assert!(
        read(&second) == value,
        "{value:?} of {first:x?} is another in {second:x?}"
    );
}
