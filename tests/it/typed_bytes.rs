//! Values of Rust become the bytes that CPython's pickler writes for the same value: those of `to_vec` while they are told, and
//! those of `to_graph` when they are whole.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use ndpickle::{Flavour, Version, from_slice, to_graph, to_vec, to_writer, write};
use proptest::prelude::*;
use serde::ser::{Error as _, SerializeMap, SerializeSeq, SerializeStruct, SerializeTuple};
use serde::{Serialize, Serializer};
use serde_json::Value as Json;

use super::hex::unhex;
use super::live;

/// Lengths around those at which a batch ends.
const LENGTHS: [usize; 8] = [0, 1, 2, 999, 1000, 1001, 2000, 2001];

/// Sizes around those at which an opcode, or a frame, is another.
const SIZES: [usize; 8] = [2, 255, 256, 300, 65_535, 65_536, 70_000, 200_000];

/// What Python pickles, and the bytes of ours.
struct Case(String, Vec<u8>);

/// In protocol 4, both ways.
#[track_caller]
fn case<T: Serialize + ?Sized>(python: impl Into<String>, value: &T) -> Case {
    let python = python.into();
    let bytes = to_vec(value).expect(&python);
    assert!(
        bytes == of_nodes(value),
        "{python}: nodes are written otherwise"
    );
    let mut written = Vec::new();
    to_writer(&mut written, value).expect(&python);
    assert!(written == bytes, "{python}: a writer gets other bytes");
    Case(python, bytes)
}

fn of_nodes<T: Serialize + ?Sized>(value: &T) -> Vec<u8> {
    let flavour = Flavour::compat(4, Version::NEWEST).expect("a flavour");
    let pickle = to_graph(value, flavour).expect("a value that was written");
    write::Options::new().to_vec(&pickle).expect("a document")
}

/// Tells other lengths than it has, or none.
struct Told<'t, T: ?Sized>(&'t T, Option<usize>);

impl Serialize for Told<'_, [i64]> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut seq = serializer.serialize_seq(self.1)?;
        self.0.iter().try_for_each(|n| seq.serialize_element(n))?;
        seq.end()
    }
}

impl Serialize for Told<'_, BTreeMap<i64, f64>> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(self.1)?;
        self.0
            .iter()
            .try_for_each(|(key, value)| map.serialize_entry(key, value))?;
        map.end()
    }
}

impl Serialize for Told<'_, [&'static str]> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Fields", self.1.unwrap_or_default())?;
        self.0
            .iter()
            .try_for_each(|name| fields.serialize_field(name, name))?;
        fields.end()
    }
}

struct Bytes(Vec<u8>);

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

#[derive(Serialize)]
struct Row {
    id: usize,
    name: String,
    pos: Position,
    tags: [&'static str; 2],
    state: State,
    seen: Option<bool>,
}

#[derive(Serialize)]
struct Position {
    x: f64,
    y: f64,
}

#[derive(Serialize)]
enum State {
    New,
    Named(&'static str),
    At(u8, i16),
    Both { x: u8, y: () },
}

fn row(id: usize) -> Row {
    Row {
        id,
        name: format!("name {id}"),
        pos: Position {
            x: id as f64 / 4.0,
            y: -1.5,
        },
        tags: ["a", "tag"],
        state: match id % 4 {
            0 => State::New,
            1 => State::Named("tag"),
            2 => State::At((id % 4) as u8, -300),
            _ => State::Both { x: 3, y: () },
        },
        seen: [None, Some(true), Some(false)][id % 3],
    }
}

#[derive(Serialize)]
#[serde(rename = "__main__:Item")]
struct Item {
    name: String,
    next: Option<Box<Item>>,
}

#[derive(Serialize)]
#[serde(rename = "__main__:Item")]
struct Bare;

#[derive(Serialize)]
#[serde(rename = "__main__:Point")]
struct Point(i32, f64);

#[derive(Serialize)]
#[serde(rename = "__main__:Length")]
struct Length(u64);

#[derive(Serialize)]
struct Set(#[serde(with = "ndpickle::set")] BTreeSet<u32>);

#[derive(Serialize)]
struct Entries(#[serde(with = "ndpickle::entries")] Vec<(f64, String)>);

#[derive(Serialize)]
struct Flat {
    id: u8,
    #[serde(flatten)]
    rest: BTreeMap<String, u8>,
}

fn cases() -> Vec<Case> {
    let mut cases = vec![
        case("()", &[0u8; 0]),
        case("(1,)", &(1,)),
        case(
            "(1, (2, 3), (4, 5, 6), (7, 8, 9, 10))",
            &(1, (2, 3), (4, 5, 6), (7, 8, 9, 10)),
        ),
        case(
            "[0, 255, 256, 65535, 65536, 2**31 - 1, 2**31, 2**63 - 1, -1, -2**31, -2**31 - 1, -2**63]",
            &vec![
                0,
                255,
                256,
                65535,
                65536,
                (1 << 31) - 1,
                1 << 31,
                i64::MAX,
                -1,
                -1 << 31,
                (-1 << 31) - 1,
                i64::MIN,
            ],
        ),
        case("[2**63, 2**64 - 1]", &vec![1u64 << 63, u64::MAX]),
        case("[2**127 - 1, -2**127]", &vec![i128::MAX, i128::MIN]),
        case("[2**128 - 1]", &vec![u128::MAX]),
        case(
            "['', 'a', 'a', 'xy', 'xy', '\\xe9', '\\u20ac']",
            &vec!["", "a", "a", "xy", "xy", "é", "€"],
        ),
        case(
            "[b'', b'a', b'a', bytes(range(256))]",
            &[vec![], vec![97], vec![97], (0..=255).collect()]
                .map(Bytes)
                .as_slice()
                .iter()
                .collect::<Vec<_>>(),
        ),
        case(
            "[None, True, False, [], {}, ()]",
            &(vec![
                Any::None,
                Any::Bool(true),
                Any::Bool(false),
                Any::List(vec![]),
                Any::Map(BTreeMap::new()),
                Any::Empty([]),
            ]),
        ),
        case("set()", &Set(BTreeSet::new())),
        case(
            "{0.5: 'half', 0.0: 'none'}",
            &Entries(vec![(0.5, "half".into()), (0.0, "none".into())]),
        ),
        case(
            "{'id': 1, 'x': 2, 'y': 3}",
            &Flat {
                id: 1,
                rest: BTreeMap::from([("x".into(), 2), ("y".into(), 3)]),
            },
        ),
        case(
            "[Item(name='x', next=Item(name='name', next=None)), Item(), Point.__new__(Point, 1, 2.5), Length.__new__(Length, 7)]",
            &(vec![
                Class::Item(Item {
                    name: "x".into(),
                    next: Some(Box::new(Item {
                        name: "name".into(),
                        next: None,
                    })),
                }),
                Class::Bare(Bare),
                Class::Point(Point(1, 2.5)),
                Class::Length(Length(7)),
            ]),
        ),
    ];
    for n in LENGTHS {
        let ints: Vec<i64> = (0..n as i64).collect();
        let floats: BTreeMap<i64, f64> = ints.iter().map(|n| (*n, *n as f64 / 2.0)).collect();
        let names: BTreeMap<String, usize> = (0..n).map(|n| (format!("k{n:05}"), n)).collect();
        cases.extend([
            case(format!("list(range({n}))"), &ints),
            case(format!("list(range({n}))"), &Told(&ints[..], None)),
            case(format!("{{n: n / 2 for n in range({n})}}"), &floats),
            case(
                format!("{{n: n / 2 for n in range({n})}}"),
                &Told(&floats, None),
            ),
            case(format!("{{f'k{{n:05}}': n for n in range({n})}}"), &names),
            case(format!("set(range({n}))"), &Set((0..n as u32).collect())),
            case(
                format!("[row(n) for n in range({n})]"),
                &(0..n).map(row).collect::<Vec<_>>(),
            ),
        ]);
        // Lengths that are wrong; only of one item can it be seen.
        for told in [0, 2, 5, 1_000_000] {
            if n != 1 {
                cases.push(case(
                    format!("list(range({n}))"),
                    &Told(&ints[..], Some(told)),
                ));
            }
        }
    }
    for n in SIZES {
        cases.extend([
            case(format!("'x' * {n}"), &"x".repeat(n)),
            case(
                format!("[1, 'x' * {n}, [2], '\\u20ac' * {n}, 3]"),
                &(vec![
                    Any::Int(1),
                    Any::Text("x".repeat(n)),
                    Any::List(vec![Any::Int(2)]),
                    Any::Text("€".repeat(n)),
                    Any::Int(3),
                ]),
            ),
            case(
                format!("[b'x' * {n}, b'y' * {n}]"),
                &vec![Bytes(vec![b'x'; n]), Bytes(vec![b'y'; n])],
            ),
        ]);
    }
    let fields = ["x", "name"];
    for told in [0, 2, 3] {
        cases.push(case(
            "{'x': 'x', 'name': 'name'}",
            &Told(&fields[..], Some(told)),
        ));
    }
    cases
}

#[derive(Serialize)]
#[serde(untagged)]
enum Any {
    None,
    Bool(bool),
    Int(i64),
    Text(String),
    List(Vec<Any>),
    Map(BTreeMap<String, Any>),
    Empty([u8; 0]),
}

#[derive(Serialize)]
#[serde(untagged)]
enum Class {
    Item(Item),
    Bare(Bare),
    Point(Point),
    Length(Length),
}

const SCRIPT: &str = r"
import pickle, sys

class Item:
    def __init__(self, **attributes):
        self.__dict__.update(attributes)

class Point(tuple):
    def __new__(cls, *args):
        return tuple.__new__(cls, args)
    def __getnewargs__(self):
        return tuple(self)

class Length(float):
    def __getnewargs__(self):
        return (int(self),)

def row(n):
    return {
        'id': n, 'name': f'name {n}', 'pos': {'x': n / 4, 'y': -1.5}, 'tags': tuple(['a', 'tag']),
        'state': ['New', {'Named': 'tag'}, {'At': (n % 4, -300)}, {'Both': {'x': 3, 'y': None}}][n % 4],
        'seen': [None, True, False][n % 3],
    }

for line in open(sys.argv[1]):
    print(pickle.dumps(eval(line), 4).hex())
";

#[test]
fn as_python_writes_them() {
    let Some(pythons) = live::pythons() else {
        return;
    };
    let cases = cases();
    let file = tempfile::NamedTempFile::new().expect("a file");
    let lines: Vec<&str> = cases.iter().map(|case| case.0.as_str()).collect();
    std::fs::write(file.path(), lines.join("\n")).expect("room");
    let path = file.path().to_str().expect("a text");
    for python in pythons {
        let told = live::run(&python, &["-c", SCRIPT, path]);
        let wrong: Vec<&str> = (cases.iter().zip(told.lines()))
            .filter(|(Case(_, bytes), told)| *bytes != unhex(told))
            .map(|(Case(python, _), _)| python.as_str())
            .collect();
        assert_eq!(told.lines().count(), cases.len());
        assert!(
            wrong.is_empty(),
            "{} of {}: {wrong:#?}",
            wrong.len(),
            cases.len()
        );
    }
}

/// A container that was said to have one item is written as others all the same, in other batches than Python's.
#[test]
fn wrong_lengths() {
    for n in [0, 2, 1001] {
        let ints: Vec<i64> = (0..n).collect();
        let floats: BTreeMap<i64, f64> = ints.iter().map(|n| (*n, *n as f64)).collect();
        let bytes = to_vec(&Told(&ints[..], Some(1))).expect("a list");
        assert_eq!(from_slice::<Vec<i64>>(&bytes).expect("a list"), ints);
        let bytes = to_vec(&Told(&floats, Some(1))).expect("a dict");
        assert_eq!(
            from_slice::<BTreeMap<i64, f64>>(&bytes).expect("a dict"),
            floats
        );
    }
    for (told, items) in [(0, 4), (3, 4), (4, 0), (5, 2), (2, 3), (0, 3)] {
        let tuple = Tuple(told, items);
        match to_vec(&tuple) {
            Ok(bytes) => {
                let read: Vec<usize> = from_slice(&bytes).expect("a tuple");
                assert_eq!(read, (0..items).collect::<Vec<_>>(), "{told} {items}");
            }
            Err(error) => assert!(items > 3 && told < 4, "{error}"),
        }
    }
}

/// A tuple that is said to have so many items, and has so many.
struct Tuple(usize, usize);

impl Serialize for Tuple {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut tuple = serializer.serialize_tuple(self.0)?;
        (0..self.1).try_for_each(|n| tuple.serialize_element(&n))?;
        tuple.end()
    }
}

/// Goes on where an item fails.
struct Careless(Option<usize>);

impl Serialize for Careless {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut seq = serializer.serialize_seq(self.0)?;
        seq.serialize_element(&0)?;
        let _ = seq.serialize_element(&[Once(Cell::new(None), None)]);
        seq.serialize_element(&2)?;
        seq.end()
    }
}

/// Tells two keys and one value.
struct Keys(Option<usize>);

impl Serialize for Keys {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(self.0)?;
        map.serialize_key("a")?;
        map.serialize_key("b")?;
        map.serialize_value(&1)?;
        map.end()
    }
}

#[test]
fn nothing_broken_is_written() {
    to_vec(&Careless(Some(3))).expect_err("an item is missing");
    to_vec(&Some((1, Careless(Some(3))))).expect_err("an item is missing");
    for len in [None, Some(1), Some(2)] {
        to_vec(&Keys(len)).expect_err("a value is missing");
    }
    // A sequence that is a key has as many items as come.
    for told in [Some(0), Some(2), Some(4), None] {
        let key = BTreeMap::from([(Keyed(told), 1)]);
        let bytes = to_vec(&key).expect("a tuple");
        assert_eq!(
            from_slice::<BTreeMap<Vec<u8>, u8>>(&bytes).expect("a dict"),
            BTreeMap::from([(vec![1, 2, 3, 4, 5], 1)])
        );
    }
}

/// A sequence of five items.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Keyed(Option<usize>);

impl Serialize for Keyed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut seq = serializer.serialize_seq(self.0)?;
        (1..=5u8).try_for_each(|n| seq.serialize_element(&n))?;
        seq.end()
    }
}

/// A value that can be told once.
struct Once(Cell<Option<Vec<f64>>>, Option<usize>);

impl Serialize for Once {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let floats = self.0.take();
        let floats = floats.ok_or_else(|| S::Error::custom("told before"))?;
        let mut seq = serializer.serialize_seq(self.1)?;
        for float in floats {
            match float.is_nan() {
                true => return Err(S::Error::custom("not a number")),
                false => seq.serialize_element(&float)?,
            }
        }
        seq.end()
    }
}

#[test]
fn values_are_told_once() {
    for len in [Some(2), None] {
        let once = |floats: &[f64]| Once(Cell::new(Some(floats.to_vec())), len);
        let bytes = to_vec(&BTreeMap::from([("a", once(&[0.5, 1.5]))])).expect("told once");
        let read: BTreeMap<String, Vec<f64>> = from_slice(&bytes).expect("a dict");
        assert_eq!(read["a"], [0.5, 1.5]);
        // Where it can be told no more, what went wrong is told without the key.
        let mut out = Vec::new();
        let error = to_writer(&mut out, &BTreeMap::from([("a", once(&[0.5, f64::NAN]))]));
        let error = error.expect_err("a NaN").to_string();
        assert!(error.contains("not a number"), "{error}");
        assert!(out.is_empty());
    }
}

fn json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        (-300i64..70_000).prop_map(Json::from),
        any::<f64>().prop_filter_map("a number of JSON", |f| serde_json::Number::from_f64(f)
            .map(Json::from)),
        "[a-c]{0,3}".prop_map(Json::from),
        ".{0,40}".prop_map(Json::from),
        (250usize..260, 65_530usize..65_545)
            .prop_map(|(a, b)| Json::from(vec!["t".repeat(a), "u".repeat(b)])),
    ];
    leaf.prop_recursive(5, 400, 12, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..12).prop_map(Json::from),
            prop::collection::btree_map("[a-c]{0,2}", inner, 0..12)
                .prop_map(|map| Json::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn nodes_and_what_is_told_are_written_alike(value in json(), times in 1usize..40) {
        let value = vec![value; times];
        prop_assert!(to_vec(&value).expect("JSON") == of_nodes(&value));
    }
}
