//! The line of an array: what it is, and a few of its elements.

use ndpickle::numpy::{ArrayKind, ByteOrder, DType, ElementKind, NdArray, Order};
use ndpickle::{Error, Node};

use super::element;
use super::line::{ARRAY, BAD, DIM, Line, NUMBER};
use crate::{arrays, mask, text};

/// Elements shown at the beginning and at the end.
const EDGE: u64 = 3;

/// An element longer than this is not read.
const LONGEST: u64 = 1 << 12;

/// Arrays that a pickle spells as text are read whole up to this size, as are masks.
const WHOLE: u64 = 1 << 20;

/// The line of a NumPy array or scalar; of a damaged one it says why.
pub(super) fn line(node: Node<'_, '_>, kind: ArrayKind, base: u64) -> Line {
    let array = match node.array() {
        Ok(array) => array,
        Err(error) => return damaged(kind, &error, base),
    };
    let dtype = dtype(array.dtype());
    if matches!(kind, ArrayKind::Scalar | ArrayKind::Record) {
        let value = elements(node, &array);
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
        .with(NUMBER, elements(node, &array))
}

fn damaged(kind: ArrayKind, error: &Error, base: u64) -> Line {
    let reason = arrays::reason(error, base);
    Line::new(ARRAY, kind.name()).with(BAD, format!("damaged: {}", text::safe(&reason)))
}

/// The name of a dtype as NumPy prints it: `float32`, but `>f4` in the other byte order.
fn dtype(dtype: &DType) -> String {
    let bits = dtype.itemsize().saturating_mul(8);
    let plain = dtype.byte_order() != ByteOrder::Big;
    match dtype.kind() {
        ElementKind::Bool => "bool".into(),
        ElementKind::Int if plain => format!("int{bits}"),
        ElementKind::UInt if plain => format!("uint{bits}"),
        ElementKind::Float if plain => format!("float{bits}"),
        ElementKind::Complex if plain => format!("complex{bits}"),
        ElementKind::LongDouble if plain => "longdouble".into(),
        ElementKind::ComplexLongDouble if plain => "clongdouble".into(),
        ElementKind::DateTime if plain => dtype.to_string().replacen("<M8", "datetime64", 1),
        ElementKind::TimeDelta if plain => dtype.to_string().replacen("<m8", "timedelta64", 1),
        ElementKind::Object => "object".into(),
        _ => text::safe(&dtype.to_string()).into_owned(),
    }
}

/// The first and last elements in C order; empty where there is nothing to show.
fn elements(node: Node<'_, '_>, array: &NdArray<'_>) -> String {
    let (size, itemsize) = (array.size(), array.dtype().itemsize());
    let opaque = matches!(
        array.dtype().kind(),
        ElementKind::Object | ElementKind::String | ElementKind::Struct
    );
    if opaque || itemsize > LONGEST {
        return String::new();
    }
    let Some(reader) = Reader::new(node, array) else {
        return String::new();
    };
    let one = |at: u64| reader.element(at);
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

/// The elements of an array, one at a time.
struct Reader<'r, 'a> {
    array: &'r NdArray<'a>,
    /// The bytes in C order, where the pickle spells them as text.
    bytes: Option<Vec<u8>>,
    mask: Option<Vec<u8>>,
}

impl<'r, 'a> Reader<'r, 'a> {
    fn new(node: Node<'_, '_>, array: &'r NdArray<'a>) -> Option<Self> {
        let bytes = match array.payload() {
            Some(_) => None,
            None if array.nbytes() <= WHOLE => Some(array.to_bytes().ok()?),
            None => return None,
        };
        let masked = array.kind() == ArrayKind::Masked && array.size() <= WHOLE;
        let mask = masked
            .then(|| mask::bytes(node, array))
            .flatten()
            .filter(|mask| mask.len() as u64 == array.size());
        Some(Reader { array, bytes, mask })
    }

    /// The element at this place in C order.
    fn element(&self, at: u64) -> String {
        let masked = |mask: &Vec<u8>| mask.get(at as usize).is_some_and(|byte| *byte != 0);
        if self.mask.as_ref().is_some_and(masked) {
            return "--".into();
        }
        let dtype = self.array.dtype();
        let itemsize = dtype.itemsize();
        let mut element = vec![0; itemsize as usize];
        let read = match (&self.bytes, self.array.payload()) {
            (Some(bytes), _) => {
                let found = bytes.get((at * itemsize) as usize..((at + 1) * itemsize) as usize);
                found.map(|found| element.copy_from_slice(found))
            }
            (None, Some(payload)) => {
                let offset = self.position(at) * itemsize;
                payload.read_at(&mut element, offset).ok()
            }
            (None, None) => None,
        };
        match read {
            Some(()) => element::text(&element, dtype),
            None => "?".into(),
        }
    }

    /// Where an element is in the data, in elements.
    fn position(&self, at: u64) -> u64 {
        if self.array.order() == Order::C {
            return at;
        }
        let layout = self.array.layout();
        let axes = layout.shape().iter().zip(layout.strides()).rev();
        let mut left = at;
        let mut position = 0;
        for (len, stride) in axes {
            let len = (*len).max(1) as u64;
            position += left % len * stride as u64;
            left /= len;
        }
        position
    }
}
