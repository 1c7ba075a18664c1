//! Numbers of Python: any that fits the Rust type without loss.

use num_traits::ToPrimitive as _;
use serde::de::{Error as _, Unexpected, Visitor};

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
    // OK because the floats of 2^127 and below come back as they are, and 2^127 itself as the number below it.
    let as_f32 = value as f32;
    if want == Want::F32 && as_f32 as i128 == value {
        return visitor.visit_f32(as_f32);
    }
    let as_f64 = value as f64;
    if want == Want::F64 && as_f64 as i128 == value {
        return visitor.visit_f64(as_f64);
    }
    Err(Error::invalid_value(Unexpected::Signed(0), &visitor))
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
    let value = match node.byte_len() {
        Some(..=17) => node.to_bigint(),
        _ => None,
    };
    let Some(value) = value else {
        let what = "an int of more than 128 bits; ndpickle::big_int reads it";
        return Err(node.error(what));
    };
    match (value.to_u64(), value.to_i128(), value.to_u128()) {
        (Some(value), ..) => unsigned(value, want, visitor),
        (_, Some(value), _) if want == Want::Any => visitor.visit_i128(value),
        (_, Some(value), _) => float_of(value, want, visitor),
        (.., Some(value)) if want == Want::Any => visitor.visit_u128(value),
        _ => Err(Error::invalid_value(Unexpected::Signed(0), &visitor)),
    }
}
