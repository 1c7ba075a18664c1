//! Numbers of Python: any that fits the Rust type without loss.

use num_bigint::BigInt;
use num_traits::{FromPrimitive as _, ToPrimitive as _};
use serde::de::Visitor;

use crate::error::{Error, Result};
use crate::graph::Node;

/// What a type asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Want {
    /// An int, or whatever there is.
    Any,
    F32,
    F64,
}

impl Want {
    fn name(self) -> &'static str {
        match self {
            Want::Any => "an int",
            Want::F32 => "f32",
            Want::F64 => "f64",
        }
    }
}

/// The int that a node is. Python's ints have no end: 128 bits fit serde.
#[inline]
pub(super) fn int<'de, V: Visitor<'de>>(
    node: Node<'_, '_>,
    want: Want,
    visitor: V,
) -> Result<V::Value> {
    match node.as_i64() {
        Some(value) => small(value, want, visitor),
        None => large(node, want, visitor),
    }
}

#[inline]
pub(super) fn small<'de, V: Visitor<'de>>(value: i64, want: Want, visitor: V) -> Result<V::Value> {
    match want {
        Want::Any => visitor.visit_i64(value),
        Want::F32 | Want::F64 => float_of(value.into(), want, visitor),
    }
}

/// An int where a float is asked for: one that the float has.
fn float_of<'de, V: Visitor<'de>>(value: i128, want: Want, visitor: V) -> Result<V::Value> {
    let as_f64 = match want {
        Want::F32 => (value as f32).into(),
        _ => value as f64,
    };
    // OK because the one float that would be taken for the int below it is left out.
    if as_f64 < PAST_I128 && as_f64 as i128 == value {
        return float(as_f64, want, visitor);
    }
    Err(Error::data(inexact(want.name())))
}

/// 2^127.
const PAST_I128: f64 = (1u128 << 127) as f64;

fn float<'de, V: Visitor<'de>>(value: f64, want: Want, visitor: V) -> Result<V::Value> {
    match want {
        Want::F32 => visitor.visit_f32(value as f32),
        _ => visitor.visit_f64(value),
    }
}

/// The float that is nearest to a number, of any size.
pub(super) fn nearest(node: Node<'_, '_>) -> f64 {
    let of_int = || node.to_bigint().and_then(|value| value.to_f64());
    node.as_f64().or_else(of_int).unwrap_or(f64::NAN)
}

/// What is wrong with an int that a type of floats has not.
#[cold]
pub(super) fn inexact(name: &str) -> String {
    format!("expected {name}, found an int that it has not exactly")
}

pub(super) fn unsigned<'de, V: Visitor<'de>>(
    value: u64,
    want: Want,
    visitor: V,
) -> Result<V::Value> {
    match want {
        Want::Any => visitor.visit_u64(value),
        Want::F32 | Want::F64 => float_of(value.into(), want, visitor),
    }
}

#[cold]
fn large<'de, V: Visitor<'de>>(node: Node<'_, '_>, want: Want, visitor: V) -> Result<V::Value> {
    // A long may be spelled in more bytes than it needs, but no pickler does so.
    let most = if want == Want::Any { INT } else { FLOAT };
    let value = match node.byte_len() {
        Some(len) if len <= most => node.to_bigint(),
        _ => None,
    };
    match (value, want) {
        (Some(value), Want::Any) => match (value.to_u64(), value.to_i128(), value.to_u128()) {
            (Some(value), ..) => visitor.visit_u64(value),
            (_, Some(value), _) => visitor.visit_i128(value),
            (.., Some(value)) => visitor.visit_u128(value),
            _ => Err(too_large(node)),
        },
        (None, Want::Any) => Err(too_large(node)),
        (value, _) => {
            let float_of = |value: &BigInt| match want {
                Want::F32 => value.to_f32().map(f64::from),
                _ => value.to_f64(),
            };
            let is_exact = |float: &f64| BigInt::from_f64(*float) == value;
            match value.as_ref().and_then(float_of).filter(is_exact) {
                Some(value) => float(value, want, visitor),
                None => Err(node.error(inexact(want.name()))),
            }
        }
    }
}

/// The most bytes of an int of 128 bits.
const INT: u64 = 17;

/// The most bytes of an int that is no larger than the largest float.
const FLOAT: u64 = 129;

#[cold]
fn too_large(node: Node<'_, '_>) -> Error {
    node.error("an int of more than 128 bits; ndpickle::big_int reads it")
}
