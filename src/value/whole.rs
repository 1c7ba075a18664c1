//! What is done with whole trees: dropping, copying, comparing.

use std::convert::Infallible;

use super::Value;
use super::fold::fold;
use super::shape::Shape;
use crate::numpy::NdArray;

impl Drop for Value {
    fn drop(&mut self) {
        // The parts that have parts are taken out, so that nothing is left to be dropped within each other.
        let mut left = Vec::new();
        self.give_parts(&mut left);
        while let Some(mut value) = left.pop() {
            value.give_parts(&mut left);
        }
    }
}

impl Value {
    fn give_parts(&mut self, left: &mut Vec<Value>) {
        self.each_part(|part| {
            if part.is_compound() {
                left.push(std::mem::take(part));
            }
        });
    }

    fn clone_leaf(&self) -> Value {
        match self {
            Value::Bool(value) => Value::Bool(*value),
            Value::Int(value) => Value::Int(*value),
            Value::BigInt(value) => Value::BigInt(value.clone()),
            Value::Float(value) => Value::Float(*value),
            Value::Complex(value) => Value::Complex(*value),
            Value::Str(text) => Value::Str(text.clone()),
            Value::SurrogateStr(bytes) => Value::SurrogateStr(bytes.clone()),
            Value::Py2Str(bytes) => Value::Py2Str(bytes.clone()),
            Value::Bytes(bytes) => Value::Bytes(bytes.clone()),
            Value::ByteArray(bytes) => Value::ByteArray(bytes.clone()),
            Value::Array(array) => Value::Array(array.clone()),
            Value::Global(global) => Value::Global(global.clone()),
            Value::Extension(code) => Value::Extension(*code),
            _ => Value::None,
        }
    }
}

impl Clone for Value {
    /// A copy; the elements of arrays are shared.
    fn clone(&self) -> Value {
        let copy = |value: &Value, parts, _| -> Result<Value, Infallible> {
            Ok(match Shape::of(value) {
                Some(shape) => shape.assemble(parts),
                None => value.clone_leaf(),
            })
        };
        match fold(self, copy) {
            Ok(value) => value,
            Err(never) => match never {},
        }
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Value) -> bool {
        // The values that are compared, and which of their parts comes next.
        let mut left = vec![(self, other, 0)];
        while let Some((a, b, n)) = left.last_mut() {
            if *n == 0 && !is_same_alone(a, b) {
                return false;
            }
            match (a.part(*n), b.part(*n)) {
                (None, None) => drop(left.pop()),
                (Some(a), Some(b)) => {
                    *n += 1;
                    left.push((a, b, 0));
                }
                _ => return false,
            }
        }
        true
    }
}

/// Whether two values are the same but for their parts.
fn is_same_alone(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::None, Value::None) => true,
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Int(a), Value::Int(b)) => a == b,
        (Value::BigInt(a), Value::BigInt(b)) => a == b,
        (Value::BigInt(big), Value::Int(small)) | (Value::Int(small), Value::BigInt(big)) => {
            i64::try_from(big) == Ok(*small)
        }
        (Value::Float(a), Value::Float(b)) => a.to_bits() == b.to_bits(),
        (Value::Complex(a), Value::Complex(b)) => {
            (a.re.to_bits(), a.im.to_bits()) == (b.re.to_bits(), b.im.to_bits())
        }
        (Value::Str(a), Value::Str(b)) => a == b,
        (Value::SurrogateStr(a), Value::SurrogateStr(b))
        | (Value::Py2Str(a), Value::Py2Str(b))
        | (Value::Bytes(a), Value::Bytes(b))
        | (Value::ByteArray(a), Value::ByteArray(b)) => a == b,
        (Value::Array(a), Value::Array(b)) => is_same_array(a, b),
        (Value::Global(a), Value::Global(b)) => a == b,
        (Value::Extension(a), Value::Extension(b)) => a == b,
        (Value::Tuple(_), Value::Tuple(_))
        | (Value::List(_), Value::List(_))
        | (Value::Dict(_), Value::Dict(_))
        | (Value::Set(_), Value::Set(_))
        | (Value::FrozenSet(_), Value::FrozenSet(_))
        | (Value::Persistent(_), Value::Persistent(_)) => true,
        (Value::Objects(a), Value::Objects(b)) => a.dtype == b.dtype && a.shape == b.shape,
        (Value::Object(a), Value::Object(b)) => {
            a.constructor == b.constructor && a.counts() == b.counts()
        }
        _ => false,
    }
}

/// Whether two arrays have the same class, dtype, shape and elements. What cannot be read is the same as nothing.
fn is_same_array(a: &NdArray<'_>, b: &NdArray<'_>) -> bool {
    // A masked array has a mask and a fill value, which are arrays without.
    let has_same_rest = || match (a.mask(), b.mask(), a.fill_value(), b.fill_value()) {
        (None, None, None, None) => true,
        (Some(a_mask), Some(b_mask), a, b) => {
            has_same_elements(a_mask, b_mask)
                && match (a, b) {
                    (None, None) => true,
                    (Some(a), Some(b)) => has_same_elements(a, b),
                    _ => false,
                }
        }
        _ => false,
    };
    a.kind() == b.kind() && has_same_elements(a, b) && has_same_rest()
}

fn has_same_elements(a: &NdArray<'_>, b: &NdArray<'_>) -> bool {
    let is_alike = a.dtype() == b.dtype() && a.shape() == b.shape();
    is_alike && matches!((a.to_bytes(), b.to_bytes()), (Ok(a), Ok(b)) if a == b)
}
