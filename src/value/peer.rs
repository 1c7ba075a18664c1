//! To and from the tree of the crate serde-pickle.

use std::collections::{BTreeMap, BTreeSet};

use serde_pickle::{HashableValue as TheirKey, Value as Theirs};

use super::Value;
use super::fold::fold;
use super::parts::in_pairs;
use super::shape::Shape;
use crate::error::{Error, Result};

/// How deep a tree of theirs may be: serde_pickle drops, copies, compares and writes its values by recursion, and loads nothing
/// that is nested 10,000 levels without overflowing the stack. This is Python's own limit for recursion.
const DEEPEST: usize = 1000;

impl TryFrom<&Value> for Theirs {
    type Error = Error;

    /// The same value as serde_pickle has it. `From` leads back to an equal one, but for the order of sets, which Python does not
    /// tell either.
    ///
    /// # Errors
    ///
    /// Category `Unsupported`, with the path, for what would be lost: the order of a dict that is not sorted as serde_pickle sorts it
    /// (see [`Value::to_serde_pickle_sorted`]); what it has no variant for, such as arrays, objects, complex numbers, bytearrays, strs with
    /// surrogates and those of Python 2; keys and elements of sets that are equal there, that it cannot hash, or does not find
    /// again; more than 1000 levels.
    fn try_from(value: &Value) -> Result<Theirs> {
        convert(value, Order::Kept)
    }
}

impl TryFrom<&Value> for TheirKey {
    type Error = Error;

    /// The same value as serde_pickle has it for a key.
    ///
    /// # Errors
    ///
    /// As of the conversion to [`serde_pickle::Value`], and for what is no key.
    fn try_from(value: &Value) -> Result<TheirKey> {
        key(Theirs::try_from(value)?, 0).map_err(|error| error.in_path(String::new))
    }
}

impl Value {
    /// The same value as serde_pickle has it, whatever the order of its dicts: there they are sorted by their keys.
    ///
    /// # Errors
    ///
    /// As of `serde_pickle::Value::try_from`, but for that order.
    ///
    /// # Examples
    ///
    /// ```
    /// use ndpickle::{Value, serde_pickle};
    /// let value = Value::Dict(vec![(Value::from("b"), Value::from(1)), (Value::from("a"), Value::None)]);
    /// let error = serde_pickle::Value::try_from(&value).unwrap_err();
    /// assert_eq!(error.to_string(), "the root: the order of a dict is lost in serde_pickle: key 1 comes before the one before it");
    /// let sorted = value.to_serde_pickle_sorted()?;
    /// assert_eq!(sorted.to_string(), r#"{"a": None, "b": 1}"#);
    /// # Ok::<(), ndpickle::Error>(())
    /// ```
    pub fn to_serde_pickle_sorted(&self) -> Result<Theirs> {
        convert(self, Order::Lost)
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Order {
    Kept,
    Lost,
}

fn convert(value: &Value, order: Order) -> Result<Theirs> {
    fold(value, |value, parts, depth| {
        if depth > DEEPEST {
            return Err(Error::unsupported(format!(
                "more than {DEEPEST} levels, which serde_pickle takes by recursion"
            )));
        }
        one(value, parts, order)
    })
}

fn one(value: &Value, parts: Vec<Theirs>, order: Order) -> Result<Theirs> {
    let no = |what: &str| Err(Error::unsupported(format!("serde_pickle has no {what}")));
    Ok(match value {
        Value::None => Theirs::None,
        Value::Bool(value) => Theirs::Bool(*value),
        Value::Int(value) => Theirs::I64(*value),
        Value::BigInt(value) => Theirs::Int(value.clone()),
        Value::Float(value) => Theirs::F64(*value),
        Value::Str(text) => Theirs::String(text.clone()),
        Value::Bytes(bytes) => Theirs::Bytes(bytes.clone()),
        Value::Tuple(_) => Theirs::Tuple(parts),
        Value::List(_) => Theirs::List(parts),
        Value::Set(_) => Theirs::Set(set(parts)?),
        Value::FrozenSet(_) => Theirs::FrozenSet(set(parts)?),
        Value::Dict(_) => Theirs::Dict(dict(parts, order)?),
        Value::Complex(_) => return no("complex numbers"),
        Value::SurrogateStr(_) => return no("strs with surrogates"),
        Value::Py2Str(_) => return no("strs of Python 2, but bytes and texts"),
        Value::ByteArray(_) => return no("bytearrays"),
        Value::Array(_) | Value::Objects(_) => return no("arrays"),
        Value::Global(_) => return no("classes and functions"),
        Value::Object(_) => return no("objects"),
        Value::Persistent(_) => return no("persistent ids"),
        Value::Extension(_) => return no("extension codes"),
    })
}

/// A key of theirs, the `n`th of its container.
fn key(value: Theirs, n: usize) -> Result<TheirKey> {
    let what = || format!("key or element {n} is of a type that serde_pickle has for no key");
    value
        .into_hashable()
        .map_err(|_| Error::unsupported(what()))
}

fn equal(n: usize) -> Error {
    let what = format!("to serde_pickle, key or element {n} is equal to one before it");
    Error::unsupported(what)
}

/// Their order compares ints with floats as floats, and NaN with nothing.
fn not_found(n: usize) -> Error {
    let what =
        "is not found again by serde_pickle: it is or holds a NaN, or a large int beside floats";
    Error::unsupported(format!("of the sorted keys or elements, number {n} {what}"))
}

fn set(items: Vec<Theirs>) -> Result<BTreeSet<TheirKey>> {
    let mut set = BTreeSet::new();
    for (n, item) in items.into_iter().enumerate() {
        if !set.insert(key(item, n)?) {
            return Err(equal(n));
        }
    }
    match set.iter().position(|item| !set.contains(item)) {
        Some(n) => Err(not_found(n)),
        None => Ok(set),
    }
}

fn dict(parts: Vec<Theirs>, order: Order) -> Result<BTreeMap<TheirKey, Theirs>> {
    let mut dict = BTreeMap::new();
    for (n, (own, value)) in in_pairs(parts.into_iter()).into_iter().enumerate() {
        let own = key(own, n)?;
        let is_sorted = dict.last_key_value().is_none_or(|(last, _)| *last < own);
        if dict.contains_key(&own) {
            return Err(equal(n));
        }
        if order == Order::Kept && !is_sorted {
            let what = format!(
                "the order of a dict is lost in serde_pickle: key {n} comes before the one before it"
            );
            return Err(Error::unsupported(what));
        }
        dict.insert(own, value);
    }
    match dict.keys().position(|own| !dict.contains_key(own)) {
        Some(n) => Err(not_found(n)),
        None => Ok(dict),
    }
}

/// A value of theirs whose parts are being converted.
struct Frame {
    shape: Shape,
    left: std::vec::IntoIter<Either>,
    made: Vec<Value>,
}

/// A value of theirs or a key.
enum Either {
    Value(Theirs),
    Key(TheirKey),
}

impl From<Theirs> for Value {
    /// The same value. An int that they have as a large one stays one.
    fn from(value: Theirs) -> Value {
        take(Either::Value(value))
    }
}

impl From<TheirKey> for Value {
    /// The same value.
    fn from(key: TheirKey) -> Value {
        take(Either::Key(key))
    }
}

fn take(root: Either) -> Value {
    let mut frames: Vec<Frame> = Vec::new();
    let mut made = open(root, &mut frames);
    loop {
        let Some(frame) = frames.last_mut() else {
            return made.unwrap_or_default();
        };
        frame.made.extend(made.take());
        made = match frame.left.next() {
            Some(part) => open(part, &mut frames),
            None => (frames.pop()).map(|frame| frame.shape.assemble(frame.made)),
        };
    }
}

/// The value of one without parts; a frame for one that could have some.
fn open(value: Either, frames: &mut Vec<Frame>) -> Option<Value> {
    let keys = |keys: Vec<TheirKey>| keys.into_iter().map(Either::Key).collect();
    let (shape, parts): (Shape, Vec<Either>) = match value {
        Either::Value(Theirs::None) | Either::Key(TheirKey::None) => return Some(Value::None),
        Either::Value(Theirs::Bool(value)) | Either::Key(TheirKey::Bool(value)) => {
            return Some(Value::Bool(value));
        }
        Either::Value(Theirs::I64(value)) | Either::Key(TheirKey::I64(value)) => {
            return Some(Value::Int(value));
        }
        Either::Value(Theirs::Int(value)) | Either::Key(TheirKey::Int(value)) => {
            return Some(Value::BigInt(value));
        }
        Either::Value(Theirs::F64(value)) | Either::Key(TheirKey::F64(value)) => {
            return Some(Value::Float(value));
        }
        Either::Value(Theirs::Bytes(bytes)) | Either::Key(TheirKey::Bytes(bytes)) => {
            return Some(Value::Bytes(bytes));
        }
        Either::Value(Theirs::String(text)) | Either::Key(TheirKey::String(text)) => {
            return Some(Value::Str(text));
        }
        Either::Value(Theirs::List(items)) => {
            (Shape::List, items.into_iter().map(Either::Value).collect())
        }
        Either::Value(Theirs::Tuple(items)) => {
            (Shape::Tuple, items.into_iter().map(Either::Value).collect())
        }
        Either::Key(TheirKey::Tuple(items)) => (Shape::Tuple, keys(items)),
        Either::Value(Theirs::Set(items)) => (Shape::Set, keys(items.into_iter().collect())),
        Either::Value(Theirs::FrozenSet(items)) | Either::Key(TheirKey::FrozenSet(items)) => {
            (Shape::FrozenSet, keys(items.into_iter().collect()))
        }
        Either::Value(Theirs::Dict(pairs)) => {
            let flat = pairs
                .into_iter()
                .flat_map(|(key, value)| [Either::Key(key), Either::Value(value)]);
            (Shape::Dict, flat.collect())
        }
    };
    frames.push(Frame {
        shape,
        made: Vec::with_capacity(parts.len()),
        left: parts.into_iter(),
    });
    None
}
