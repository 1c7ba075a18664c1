//! Types of every kind that serde derives.

use std::collections::{BTreeMap, BTreeSet};

use ndarray::Array1;
use ndpickle::num_bigint::BigInt;
use ndpickle::num_complex::Complex;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Unit;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Newtype(pub(super) u8);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Pair(pub(super) u8, pub(super) String);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Struct {
    pub(super) a: i32,
    #[serde(rename = "b c")]
    pub(super) b: Option<Box<Struct>>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum External {
    Unit,
    Newtype(Option<u8>),
    Tuple(u8, u8),
    Struct { a: u8 },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub(super) enum Internal {
    One { value: f64 },
    None,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "t", content = "c")]
pub(super) enum Adjacent {
    Text(String),
    Numbers(u8, i8),
    None,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Untagged {
    Int(i64),
    Float(f64),
    Text(String),
    List(Vec<Untagged>),
    Named { name: String },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Flat {
    pub(super) id: u8,
    #[serde(flatten)]
    pub(super) rest: BTreeMap<String, i64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Big(#[serde(with = "ndpickle::big_int")] pub(super) BigInt);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Sets {
    #[serde(with = "ndpickle::set")]
    pub(super) set: BTreeSet<u8>,
    #[serde(with = "ndpickle::set")]
    pub(super) pairs: Option<BTreeSet<Vec<u8>>>,
    #[serde(with = "ndpickle::set")]
    pub(super) sets: BTreeSet<Inside>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Inside(#[serde(with = "ndpickle::set")] pub(super) BTreeSet<u8>);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Complexes<T: Copy + Into<f64> + Serialize + for<'d> Deserialize<'d>>(
    #[serde(with = "ndpickle::complex")] pub(super) Complex<T>,
);

/// Bytes to serde.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Bytes(pub(super) Vec<u8>);

impl Serialize for Bytes {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = Bytes;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("bytes")
            }
            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Bytes, E> {
                Ok(Bytes(bytes.to_vec()))
            }
        }
        deserializer.deserialize_bytes(Visitor)
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename = "__main__:Item")]
pub(super) struct Item {
    pub(super) name: String,
    pub(super) price: f64,
    pub(super) tags: Vec<u8>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename = "__main__:Plain")]
pub(super) struct Empty {}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename = "__main__:Plain")]
pub(super) struct EmptyUnit;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename = "__main__:Outer.Inner")]
pub(super) struct Inner {
    pub(super) weights: Array1<f32>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename = "__main__:Point")]
pub(super) struct Point(pub(super) u8, pub(super) f64);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename = "__main__:Metres")]
pub(super) struct Metres(pub(super) f64);

#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(super) struct Named {
    pub(super) x: u8,
    pub(super) y: f64,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(super) struct Priced {
    pub(super) name: String,
    pub(super) price: u8,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) enum Key {
    Unit,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(untagged)]
pub(super) enum Any {
    None,
    Int(i64),
    Float(f64),
    Text(String),
}
