//! What an array, a complex number or an int of any size, and the serializer of this crate tell each other past serde.
//!
//! serde has no arrays, and a generic impl cannot see which format it is in. So a field `with = "ndpickle::array"` is a newtype
//! struct of a name that nobody else has. Other formats go on to what is inside, ndarray's own form. This crate's own sees
//! the name, and then both sides use this channel: the serializer asks, and the field gives the array; the deserializer
//! puts dtype and layout here, and hands out the bytes as a sequence of pieces. Nothing is here but between the two calls of
//! one thread.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::marker::PhantomData;

use num_complex::Complex;
use serde::de::{Error as _, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::numpy::{DType, Layout, NdArray};

/// The name of the newtype struct that is an array.
pub(super) const ARRAY: &str = "$ndpickle::array";

/// The name of the newtype struct that is an int of any size.
pub(super) const BIG_INT: &str = "$ndpickle::big_int";

/// The name of the newtype struct that is a complex number.
pub(super) const COMPLEX: &str = "$ndpickle::complex";

/// The name of the newtype struct that is a set.
pub(super) const SET: &str = "$ndpickle::set";

/// Reads what is inside of a newtype struct.
pub(super) fn newtype<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    name: &'static str,
    deserializer: D,
) -> Result<T, D::Error> {
    deserializer.deserialize_newtype_struct(name, Inside(PhantomData))
}

struct Inside<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Inside<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        T::deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<T, A::Error> {
        // A format that takes newtypes for sequences of one.
        let value = seq.next_element()?;
        value.ok_or_else(|| A::Error::invalid_length(0, &self))
    }
}

/// What a serializer of this crate asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// All of it.
    Whole,
    /// What it is, where its bytes are many and are asked for later.
    Outline,
    /// Its bytes, where they are many.
    Bytes,
}

/// What a field gives instead of serde's form.
#[derive(Debug)]
pub(super) enum Given {
    Array(NdArray<'static>),
    /// An array whose bytes are to be asked for, and how many those are.
    Outline(DType, Layout, u64),
    /// In two's complement, little-endian.
    Int(Vec<u8>),
    Complex(Complex<f64>),
}

/// What the bytes of an array are.
#[derive(Debug)]
pub(super) struct Head {
    pub(super) dtype: DType,
    pub(super) layout: Layout,
    /// Type and shape, for an error.
    pub(super) told: String,
    /// Whether another dtype is converted.
    pub(super) cast: bool,
}

thread_local! {
    static ASKED: Cell<Option<Asked>> = const { Cell::new(None) };
    static GIVEN: RefCell<Option<Given>> = const { RefCell::new(None) };
    static HEAD: RefCell<Option<Head>> = const { RefCell::new(None) };
}

/// Empties the channel, also where the code of a user panics.
struct Done;

impl Drop for Done {
    fn drop(&mut self) {
        ASKED.set(None);
        GIVEN.set(None);
        HEAD.set(None);
    }
}

/// Runs a field that may give what it is, and takes that; `None` where nobody heard the question, as serde keeps some fields
/// in a form of its own before it tells them.
pub(super) fn ask<R>(asked: Asked, field: impl FnOnce() -> R) -> Option<(R, Option<Given>)> {
    let _done = Done;
    ASKED.set(Some(asked));
    let result = field();
    let is_heard = ASKED.take().is_none();
    is_heard.then(|| (result, GIVEN.take()))
}

/// What a serializer of this crate asks for; only the first to look is told so.
pub(super) fn asked() -> Option<Asked> {
    ASKED.take()
}

/// Gives what was asked for.
pub(super) fn give(given: Given) {
    GIVEN.set(Some(given));
}

/// Runs a visitor that may take the head.
pub(super) fn with_head<R>(head: Head, visit: impl FnOnce() -> R) -> R {
    let _done = Done;
    HEAD.set(Some(head));
    visit()
}

/// The head that a deserializer of this crate has put there.
pub(super) fn head() -> Option<Head> {
    HEAD.take()
}
