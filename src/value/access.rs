//! What a value tells, and values of Rust as values.

use num_bigint::BigInt;

use super::{Object, Value};
use crate::graph::{Key, whole_float};
use crate::numpy::NdArray;

impl Value {
    /// Whether this is `None`.
    pub fn is_none(&self) -> bool {
        matches!(self, Value::None)
    }

    /// The value of a bool.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The value of an int that fits.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Value::Int(value) => Some(*value),
            Value::BigInt(value) => i64::try_from(value).ok(),
            _ => None,
        }
    }

    /// The value of a float.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Value::Float(value) => Some(*value),
            _ => None,
        }
    }

    /// The text of a str, or of a Python 2 str that is ASCII.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::Str(text) => Some(text),
            Value::Py2Str(bytes) if bytes.is_ascii() => std::str::from_utf8(bytes).ok(),
            _ => None,
        }
    }

    /// The bytes of a bytes object, bytearray or Python 2 str.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match self {
            Value::Bytes(bytes) | Value::ByteArray(bytes) | Value::Py2Str(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// The array.
    pub fn as_array(&self) -> Option<&NdArray<'static>> {
        match self {
            Value::Array(array) => Some(array),
            _ => None,
        }
    }

    /// The object.
    pub fn as_object(&self) -> Option<&Object> {
        match self {
            Value::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The items of a tuple, list, set, frozenset or array of objects, or those appended to an object.
    pub fn items(&self) -> &[Value] {
        match self {
            Value::Tuple(items)
            | Value::List(items)
            | Value::Set(items)
            | Value::FrozenSet(items) => items,
            Value::Objects(array) => &array.items,
            Value::Object(object) => &object.items,
            _ => &[],
        }
    }

    /// The keys and values of a dict, or those set in an object, in order.
    pub fn pairs(&self) -> &[(Value, Value)] {
        match self {
            Value::Dict(pairs) => pairs,
            Value::Object(object) => &object.pairs,
            _ => &[],
        }
    }

    /// [`items`](Value::items), taken out.
    pub fn into_items(mut self) -> Vec<Value> {
        match &mut self {
            Value::Tuple(items)
            | Value::List(items)
            | Value::Set(items)
            | Value::FrozenSet(items) => std::mem::take(items),
            Value::Objects(array) => std::mem::take(&mut array.items),
            Value::Object(object) => std::mem::take(&mut object.items),
            _ => Vec::new(),
        }
    }

    /// [`pairs`](Value::pairs), taken out.
    pub fn into_pairs(mut self) -> Vec<(Value, Value)> {
        match &mut self {
            Value::Dict(pairs) => std::mem::take(pairs),
            Value::Object(object) => std::mem::take(&mut object.pairs),
            _ => Vec::new(),
        }
    }

    /// The value of a key of a dict, or of entries set in an object; of equal keys the last one, as [`Node::get`](crate::Node::get),
    /// but without an index: all entries are looked at. No value is at a [`Key::Node`].
    pub fn get<'k>(&self, key: impl Into<Key<'k>>) -> Option<&Value> {
        let key = key.into();
        let mut pairs = self.pairs().iter().rev();
        let found = pairs.find(|(own, _)| own.is_key(key));
        found.map(|(_, value)| value)
    }

    /// The item of a tuple or list at this place.
    pub fn index(&self, index: usize) -> Option<&Value> {
        match self {
            Value::Tuple(items) | Value::List(items) => items.get(index),
            _ => None,
        }
    }

    fn is_key(&self, key: Key<'_>) -> bool {
        match (self, key) {
            (Value::Str(text), Key::Str(key)) => text == key,
            (Value::Py2Str(bytes) | Value::Bytes(bytes), Key::Str(key)) => bytes == key.as_bytes(),
            (Value::Py2Str(bytes) | Value::Bytes(bytes), Key::Bytes(key)) => bytes == key,
            (Value::Bool(value), Key::Int(key)) => i64::from(*value) == key,
            (Value::Int(_) | Value::BigInt(_), Key::Int(key)) => self.as_i64() == Some(key),
            (Value::Float(value), Key::Int(key)) => whole_float(*value) == Some(key),
            _ => false,
        }
    }
}

macro_rules! from {
    ($($type:ty => |$value:ident| $made:expr;)*) => {$(
        impl From<$type> for Value {
            fn from($value: $type) -> Value {
                $made
            }
        }
    )*};
}

from! {
    bool => |value| Value::Bool(value);
    i32 => |value| Value::Int(value.into());
    i64 => |value| Value::Int(value);
    u32 => |value| Value::Int(value.into());
    u64 => |value| i64::try_from(value).map_or_else(|_| Value::BigInt(value.into()), Value::Int);
    BigInt => |value| i64::try_from(&value).map_or_else(|_| Value::BigInt(value), Value::Int);
    f64 => |value| Value::Float(value);
    &str => |text| Value::Str(text.into());
    String => |text| Value::Str(text);
    NdArray<'static> => |array| Value::Array(Box::new(array));
    Object => |object| Value::Object(Box::new(object));
}

impl<T: Into<Value>> From<Option<T>> for Value {
    /// `None` is Python's.
    fn from(value: Option<T>) -> Value {
        value.map_or(Value::None, T::into)
    }
}

impl<T: Into<Value>> FromIterator<T> for Value {
    /// A list.
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Value {
        Value::List(items.into_iter().map(T::into).collect())
    }
}
