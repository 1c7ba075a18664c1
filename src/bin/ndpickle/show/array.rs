//! The line of an array: what it is, and a few of its elements.

use ndpickle::numpy::{ArrayKind, NdArray};
use ndpickle::{Error, Node};

use super::line::{ARRAY, BAD, DIM, Line, NUMBER};
use super::{dtype, element};
use crate::{arrays, text};

/// Elements shown at the beginning and at the end.
const EDGE: u64 = 3;

/// An element longer than this is not read.
const LONGEST: u64 = 1 << 12;

/// Arrays that a pickle spells as text are read whole up to this size.
const WHOLE: u64 = 1 << 20;

/// The line of a NumPy array or scalar; of a damaged one it says why.
pub(super) fn line(node: Node<'_, '_>, kind: ArrayKind, base: u64) -> Line {
    let array = match node.array() {
        Ok(array) => array,
        Err(error) => return damaged(kind, &error, base),
    };
    let dtype = dtype::name(array.dtype());
    if matches!(kind, ArrayKind::Scalar | ArrayKind::Record) {
        let value = elements(&array);
        return Line::new(ARRAY, dtype)
            .with(NUMBER, value)
            .with(DIM, kind.name());
    }
    Line::default()
        .column(ARRAY, kind.name())
        .column(ARRAY, dtype)
        .column(ARRAY, arrays::shape(array.shape()))
        .column(DIM, arrays::order(&array).to_string())
        .column(DIM, text::size(array.nbytes()))
        .with(NUMBER, elements(&array))
}

fn damaged(kind: ArrayKind, error: &Error, base: u64) -> Line {
    let reason = arrays::reason(error, base);
    Line::new(ARRAY, kind.name()).with(BAD, format!("damaged: {}", text::safe(&reason)))
}

/// The first and last elements in C order; empty where there is nothing to show.
fn elements(array: &NdArray<'_>) -> String {
    let size = array.size();
    let is_short = array.payload().is_some() || array.nbytes() <= WHOLE;
    if array.dtype().has_objects() || array.dtype().itemsize() > LONGEST || !is_short {
        return String::new();
    }
    let one = |at: u64| match array.flat(at) {
        Ok(element) => element::text(&element),
        Err(_) => "?".into(),
    };
    if array.shape().is_empty() {
        return one(0);
    }
    // Where there is room for all, nothing is left out for one or two.
    let all = 3 * EDGE;
    let mut shown: Vec<String> = Vec::new();
    if size <= all {
        shown.extend((0..size).map(one));
    } else {
        shown.extend((0..EDGE).map(one));
        shown.push("…".into());
        shown.extend((size - EDGE..size).map(one));
    }
    format!("[{}]", shown.join(" "))
}
