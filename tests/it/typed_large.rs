//! Large arrays that are fields `with = "ndpickle::array"`: written from where they lie, in two tellings of the value.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::error::Error as _;
use std::io::{self, Write};

use ndarray::{ArcArray2, Array1, Array2, Array3, ArrayD, ArrayView1, CowArray, Ix1, s};
use ndpickle::num_complex::Complex;
use ndpickle::{Category, Flavour, Version, from_slice, to_graph, to_vec, to_writer, write};
use serde::{Deserialize, Serialize, Serializer};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Arrays<'a> {
    name: String,
    #[serde(with = "ndpickle::array")]
    plain: Array2<f32>,
    #[serde(with = "ndpickle::array")]
    fortran: Array2<u16>,
    small: Inner,
    #[serde(with = "ndpickle::array")]
    some: Option<ArrayD<Complex<f64>>>,
    #[serde(with = "ndpickle::array")]
    none: Option<Array1<bool>>,
    /// Sizes around that from which on bytes go to the writer as they are.
    #[serde(with = "ndpickle::array")]
    edges: Vec<Array1<u8>>,
    #[serde(with = "ndpickle::array")]
    tree: BTreeMap<i64, Vec<Option<Array1<i16>>>>,
    one_of: Either,
    pair: (f64, Inner, Vec<Inner>),
    #[serde(with = "ndpickle::array")]
    shared: ArcArray2<i8>,
    #[serde(borrow, with = "ndpickle::array")]
    cow: CowArray<'a, u8, Ix1>,
    #[serde(with = "ndpickle::big_int")]
    int: i128,
    last: Option<Either>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Inner {
    #[serde(with = "ndpickle::array")]
    a: Array1<f64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Either {
    Unit,
    New(Inner),
    Tuple(u8, Inner),
    Struct {
        inner: Inner,
        #[serde(with = "ndpickle::array")]
        array: Array3<u32>,
    },
}

fn inner(len: usize) -> Inner {
    Inner {
        a: Array1::from_shape_fn(len, |n| n as f64 / 3.0),
    }
}

fn arrays<'a>() -> Arrays<'a> {
    Arrays {
        name: "all kinds".into(),
        plain: Array2::from_shape_fn((300, 100), |(i, j)| (i * j) as f32),
        fortran: Array2::from_shape_fn((200, 300), |(i, j)| (i + j) as u16).reversed_axes(),
        small: inner(3),
        some: Some(ArrayD::from_shape_fn(vec![50, 2, 50], |at| {
            Complex::new(at[0] as f64, at[2] as f64)
        })),
        none: None,
        edges: [65_535, 65_536, 65_537, 0]
            .map(|len| Array1::from_shape_fn(len, |n| n as u8))
            .into(),
        tree: BTreeMap::from([
            (1, vec![None, Some(Array1::from_vec(vec![7; 50_000]))]),
            (2, vec![]),
        ]),
        one_of: Either::Struct {
            inner: inner(10_000),
            // In memory the last axis comes before the second.
            array: Array3::from_shape_fn((30, 40, 50), |(i, j, k)| (i * j * k) as u32)
                .permuted_axes([0, 2, 1]),
        },
        pair: (0.5, inner(9_000), vec![inner(1), inner(8_192)]),
        shared: ArcArray2::from_elem((300, 300), -1),
        cow: Array1::from_elem(100_000, 9).into(),
        int: -5,
        last: Some(Either::Tuple(3, inner(20_000))),
    }
}

/// What is written of a document, which has copies of the arrays.
fn of_document<T: Serialize + ?Sized>(value: &T) -> Vec<u8> {
    let flavour = Flavour::compat(4, Version::NEWEST).expect("a flavour");
    let pickle = to_graph(value, flavour).expect("a document");
    write::Options::new().to_vec(&pickle).expect("a pickle")
}

#[test]
fn both_ways_give_the_same_bytes() {
    let value = arrays();
    let expected = of_document(&value);
    assert!(to_vec(&value).expect("a pickle") == expected);
    let mut written = Vec::new();
    to_writer(&mut written, &value).expect("written");
    assert!(written == expected);
    assert!(from_slice::<Arrays<'_>>(&written).expect("the value") == value);
    for value in [
        Either::Unit,
        Either::New(inner(30_000)),
        Either::Tuple(1, inner(8_191)),
    ] {
        assert!(to_vec(&value).expect("a pickle") == of_document(&value));
    }
}

/// Parts of an array, which are not in one piece.
#[test]
fn views_are_gathered() {
    #[derive(Serialize)]
    struct View<'v>(#[serde(with = "ndpickle::array")] ArrayView1<'v, i32>);
    let whole = Array2::from_shape_fn((500, 200), |(i, j)| (i * 1000 + j) as i32);
    for view in [
        whole.slice(s![.., 3]),
        whole.slice(s![..;-1, 0]),
        whole.slice(s![7, ..]),
    ] {
        let mut rows = Vec::new();
        for _ in 0..100 {
            rows.push(View(view));
        }
        assert!(to_vec(&rows).expect("a pickle") == of_document(&rows));
    }
    let long = Array1::from_iter(0..100_000);
    for view in [long.slice(s![..;-1]), long.slice(s![5..;2]), long.view()] {
        assert!(to_vec(&View(view)).expect("a pickle") == of_document(&View(view)));
    }
}

/// Takes some bytes, and then fails.
struct Full(usize);

impl Write for Full {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = bytes.len().min(self.0);
        self.0 -= n;
        match n {
            0 if !bytes.is_empty() => Err(io::ErrorKind::StorageFull.into()),
            n => Ok(n),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn errors_of_the_writer_come_back() {
    let value = (inner(3), inner(8_192), inner(10_000));
    let len = to_vec(&value).expect("a pickle").len();
    let places = (0..2_000).chain((2_000..len).step_by(997)).chain([len - 1]);
    for room in places {
        let error = to_writer(Full(room), &value).expect_err("no room");
        assert_eq!(error.category(), Category::Io, "{room}");
        let cause = error.source().and_then(|cause| cause.downcast_ref());
        let kind = cause.map(io::Error::kind);
        assert_eq!(kind, Some(io::ErrorKind::StorageFull), "{room}");
    }
    to_writer(Full(len), &value).expect("room");
}

/// Tells another array each time.
struct Growing(Cell<usize>, usize);

impl Serialize for Growing {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let len = self.0.get();
        self.0.set(len + self.1);
        inner(len).serialize(serializer)
    }
}

/// Tells an array the first time alone.
struct Once(Cell<bool>);

impl Serialize for Once {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.replace(true) {
            false => inner(10_000).serialize(serializer),
            true => serializer.serialize_unit(),
        }
    }
}

#[test]
fn values_that_change_are_errors() {
    for first in [0, 8_191, 8_192, 50_000] {
        let value = vec![inner(9_000).a.len(); 3];
        let changing = (
            value,
            inner(9_000),
            Growing(Cell::new(first), 1),
            inner(9_000),
        );
        let result = to_vec(&changing);
        // Small arrays are told whole the first time.
        if first == 0 {
            result.expect("a pickle");
            continue;
        }
        let error = result.expect_err("another array");
        assert_eq!(error.category(), Category::Data, "{first}");
        assert!(error.to_string().contains("other arrays now"), "{error}");
    }
    let once = (Once(Cell::new(false)), inner(1));
    assert_eq!(
        to_vec(&once).expect_err("no array").category(),
        Category::Data
    );
}
