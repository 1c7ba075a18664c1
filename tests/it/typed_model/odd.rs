//! What is easily taken for something else: each is read as what Python has, or is an error that says what was found.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;

use ndarray::{Array1, Array2, array};
use ndpickle::from_slice;
use ndpickle::half::{bf16, f16};
use ndpickle::num_bigint::BigInt;
use ndpickle::num_complex::Complex;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::types::{Bytes, External, Flat, Internal};
use super::{Row, reads};

/// A row that is an error, with this text in it.
fn fails<T: DeserializeOwned + Debug + 'static>(
    python: &'static str,
    expected: &'static str,
) -> Row {
    let read = move |bytes: &[u8]| match from_slice::<T>(bytes) {
        Ok(read) => Err(format!("{read:?}")),
        Err(error) if error.to_string().contains(expected) => Ok(()),
        Err(error) => Err(format!("no {expected:?} in {error}")),
    };
    Row {
        python,
        write: None,
        read: Box::new(read),
        from: 0,
    }
}

#[derive(Debug, PartialEq, Deserialize)]
struct Record {
    x: f64,
    y: f64,
    s: String,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Nested {
    inner: Record,
    n: u8,
}

#[derive(Debug, PartialEq, Default, Deserialize)]
#[serde(default)]
struct Loose {
    x: Option<i64>,
    y: Option<i64>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Strict {
    x: i64,
}

/// An array behind each of serde's buffers.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(untagged)]
enum Either {
    Vector {
        #[serde(with = "ndpickle::array")]
        a: Array1<Complex<f64>>,
    },
    Matrix {
        #[serde(with = "ndpickle::array")]
        a: Array2<f64>,
    },
    Int {
        #[serde(with = "ndpickle::big_int")]
        a: BigInt,
    },
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(tag = "t")]
enum Tagged {
    A {
        #[serde(with = "ndpickle::array")]
        a: Array1<i32>,
        #[serde(with = "ndpickle::array")]
        b: Option<Array1<bool>>,
    },
}

#[derive(Debug, PartialEq, Deserialize)]
struct Outer {
    n: u8,
    #[serde(flatten)]
    inner: Tagged,
}

pub(super) fn rows() -> Vec<Row> {
    let text = str::to_owned;
    let record = |x, y, s: &str| Record {
        x,
        y,
        s: s.to_owned(),
    };
    vec![
        // What has attributes is no empty sequence, and what has entries or items shows those.
        fails::<Vec<i32>>("Plain(x=5)", "expected a sequence, found an object of"),
        fails::<Bytes>("Plain(x=5)", "found an object of"),
        reads(
            "having(Table(x=1), y=5)",
            Loose {
                x: Some(1),
                y: None,
            },
        ),
        reads("having(Names([1, 2]), x=5)", vec![1u8, 2]),
        fails::<Array2<f32>>("[1.5]", "expected an array, found a list"),
        fails::<Array2<f32>>("{'layers': 1}", "expected an array, found a dict"),
        fails::<Array2<f32>>("1.5", "expected an array, found a float"),
        // Structured arrays with Python objects: by the names of fields.
        reads(
            "np.array([(1.0, 2.0, 'a')], [('y', 'f8'), ('x', 'f8'), ('s', 'O')])",
            vec![record(2.0, 1.0, "a")],
        ),
        reads(
            "np.array([(1.0, 2.0, 'a')], [('y', 'f8'), ('x', 'f8'), ('s', 'O')])[0]",
            record(2.0, 1.0, "a"),
        ),
        reads(
            "np.array([(7, (1.0, 2.0, 'a'))], [('n', 'u1'), ('inner', [('y', 'f8'), ('x', 'f8'), ('s', 'O')])])",
            vec![Nested {
                inner: record(2.0, 1.0, "a"),
                n: 7,
            }],
        ),
        reads(
            "np.array([(1, 'a')], [('n', 'u1'), ('s', 'O')])",
            vec![(1u8, text("a"))],
        ),
        reads(
            "np.array([(1, 2)], [('a', 'u1'), ('b', 'O')])",
            vec![HashMap::from([(text("a"), 1u8), (text("b"), 2)])],
        ),
        // Instances that have something else than attributes.
        fails::<BTreeMap<String, i64>>("Metres(2.5)", "expected a map"),
        fails::<BTreeMap<String, i64>>("Names([1, 2])", "expected a map"),
        fails::<BTreeMap<String, i64>>("Point(1, 2.5)", "expected a map"),
        fails::<Loose>("Names([1, 2])", "expected struct Loose"),
        fails::<Loose>("Stated()", "expected struct Loose"),
        reads("Plain()", Loose::default()),
        reads("Names([])", Vec::<u8>::new()),
        reads("Table()", BTreeMap::<String, u8>::new()),
        // Keys that are texts in another way, and those that are none.
        reads(
            "{np.str_('x'): 1}",
            Loose {
                x: Some(1),
                y: None,
            },
        ),
        reads(
            "{Name('x'): 1}",
            Loose {
                x: Some(1),
                y: None,
            },
        ),
        reads("{np.str_('x'): 1}", HashMap::from([(text("x"), 1u8)])),
        reads("{Name('x'): 1}", HashMap::from([(text("x"), 1u8)])),
        reads("Name('Unit')", External::Unit),
        reads("{Name('Tuple'): (1, 2)}", External::Tuple(1, 2)),
        reads("{np.str_('Tuple'): (1, 2)}", External::Tuple(1, 2)),
        reads("{np.str_('type'): np.str_('None')}", Internal::None),
        reads(
            "{'id': 1, None: 2, 1.5: 3, (1, 'a'): 4, True: 5, 7: 6, 'x': 7}",
            Flat {
                id: 1,
                rest: [
                    ("None", 2),
                    ("1.5", 3),
                    ("(1, 'a')", 4),
                    ("True", 5),
                    ("7", 6),
                    ("x", 7),
                ]
                .map(|(key, value)| (text(key), value))
                .into(),
            },
        ),
        fails::<Strict>("{'x': 1, (1, 2): 3}", "unknown field \"(1, 2)\""),
        // Numbers that do not fit.
        fails::<Vec<f16>>("np.array([1+2j])", "complex128"),
        fails::<Vec<bf16>>("np.array([True])", "bool"),
        fails::<f16>("2049", "f16"),
        fails::<f16>("100000", "f16"),
        fails::<bf16>("257", "bf16"),
        reads("2048", f16::from_f32(2048.0)),
        fails::<f64>("2**127 - 1", "f64"),
        fails::<f32>("2**24 + 1", "f32"),
        reads("2**127", 2f64.powi(127)),
        reads("-2**127", -(2f64.powi(127))),
        reads("2**200", 2f64.powi(200)),
        reads("2**100", 2f32.powi(100)),
        fails::<f32>("2**200", "f32"),
        fails::<f64>("2**200 + 1", "f64"),
        fails::<f64>("2**1024", "f64"),
        fails::<f64>("10**400", "f64"),
        fails::<i64>("2**200", "big_int"),
        // Points in time are ints of their unit, and no other numbers.
        reads("np.array(['2020-01-01'], 'M8[D]')", vec![18262i32]),
        reads("np.timedelta64(5, 's')", 5u8),
        fails::<Vec<f64>>("np.array(['NaT'], 'M8[D]')", "M8[D]"),
        // Bytes and texts.
        reads("np.array([b'ab'], 'S4')", vec![vec![97u8, 98]]),
        reads("Raw(b'ab')", Bytes(b"ab".to_vec())),
        // What serde keeps until it knows the type.
        reads(
            "{'a': np.arange(6.0).reshape(2, 3)}",
            Either::Matrix {
                a: array![[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]],
            },
        ),
        reads(
            "{'a': np.array([1+2j])}",
            Either::Vector {
                a: array![Complex::new(1.0, 2.0)],
            },
        ),
        reads("{'a': 5}", Either::Int { a: 5.into() }),
        reads("{'a': -2**63}", Either::Int { a: i64::MIN.into() }),
        reads(
            "{'n': 1, 't': 'A', 'a': np.arange(2, dtype='i4'), 'b': np.array([True])}",
            Outer {
                n: 1,
                inner: Tagged::A {
                    a: array![0, 1],
                    b: Some(array![true]),
                },
            },
        ),
        fails::<Tagged>("{'t': 'A', 'a': [[1], [2]], 'b': None}", "expected i32"),
        fails::<Tagged>("{'t': 'A', 'a': 5, 'b': None}", "expected an array"),
        fails::<Either>("{'a': [[1.0], [2.0, 3.0]]}", "did not match any variant"),
    ]
}
