//! The array that a node is: what NumPy's reconstructors would have made of it.
//!
//! Facts: `array_setstate` in NumPy's `methods.c`, `_frombuffer` in `numeric.py`, `scalar` in `multiarraymodule.c`, 1.10 to
//! 2.5. What NumPy crashes on or reads out of bounds is an error here.

use std::sync::Arc;

use ndarray::IxDyn;

use super::array::{Extra, NdArray};
use super::dtype::{self, DType, ElementKind};
use super::kind::ArrayKind;
use super::layout::{Layout, MAX_DIMS};
use super::masked::masked;
use super::objects::Objects;
use super::spelling::{Maker, Spelling};
use crate::error::{Error, Result};
use crate::graph::{Kind, Node};
use crate::names::Known;
use crate::payload::Payload;
use crate::python::{Bytes, bytes, callee};

impl<'a> Node<'_, 'a> {
    /// The NumPy array or scalar that this node is. Its data is neither copied nor read, unless the pickle spells it as text.
    ///
    /// # Errors
    ///
    /// Category `Data` where the node is no array, or one that NumPy would refuse; `Limit` for too many elements of no size.
    pub fn array(self) -> Result<NdArray<'a>> {
        let spelling = Spelling::of(self).ok_or_else(|| self.error("not a NumPy array"))?;
        let made = match spelling.maker {
            Maker::Reconstruct | Maker::WithBase => reconstruct(&spelling),
            Maker::FromBuffer => from_buffer(self, spelling.kind),
            Maker::Scalar => scalar(self, spelling.kind),
        };
        made.map_err(|error| error.at(self.offset(), None))
    }
}

/// `_reconstruct(class, shape, typecode)` with its state.
fn reconstruct<'a>(spelling: &Spelling<'_, 'a>) -> Result<NdArray<'a>> {
    let Spelling {
        node,
        kind,
        maker,
        args,
        ..
    } = *spelling;
    let Some(window) = spelling.window()? else {
        return unset(spelling);
    };
    let (state, parts) = (window.holder, window.parts);
    if maker == Maker::Reconstruct && args.len() != 3 {
        return Err(node.error("_reconstruct takes a class, a shape and a type code"));
    }
    let Some(fortran) = parts.fortran.as_int_like() else {
        return Err(state.error("an array's Fortran flag must be an int"));
    };
    let fortran = fortran != 0;
    if parts.shape.kind() != Kind::Tuple {
        return Err(parts.shape.error("a shape must be a tuple"));
    }
    let shape = shape_of(parts.shape)?;
    let dtype = dtype::of_node(parts.dtype)?;
    let layout = Layout::contiguous(shape, fortran)?;
    match parts.masked {
        Some((mask, fill_value)) => {
            let mask_layout = layout.clone();
            let array = elements(node, kind, dtype, layout, parts.data)?;
            let mask = immutable(mask, "a mask")?;
            masked(node, array, mask_layout, mask, fill_value)
        }
        None => elements(node, kind, dtype, layout, parts.data),
    }
}

/// An array whose elements are a list or bytes.
#[inline]
fn elements<'a>(
    node: Node<'_, 'a>,
    kind: ArrayKind,
    dtype: DType,
    layout: Layout,
    payload: Node<'_, 'a>,
) -> Result<NdArray<'a>> {
    if dtype.has_objects() {
        return objects(kind, dtype, layout, payload);
    }
    // In one step: an array is large enough that every move of it shows.
    NdArray::whole(
        node,
        kind,
        dtype,
        layout,
        immutable(payload, "an array's data")?,
        true,
    )
}

/// Type codes are a letter, or the text of a dtype: one that takes more room than this was never seen.
const LONGEST_CODE: u64 = 256;

/// An array that was given no state: one without elements. Others have what was in memory by chance.
fn unset<'a>(spelling: &Spelling<'_, 'a>) -> Result<NdArray<'a>> {
    let node = spelling.node;
    let missing = || node.error("an array without a state");
    let (_, [_, Some(shape), Some(typecode)]) = spelling.args.first_items::<3>() else {
        return Err(missing());
    };
    let layout = Layout::contiguous(shape_of(shape)?, false)?;
    let is_empty = layout.size() == 0 && spelling.kind != ArrayKind::Masked;
    let letter = if is_empty { bytes(typecode)? } else { None };
    let dtype = letter
        .filter(|letter| letter.len() <= LONGEST_CODE)
        .and_then(|letter| String::from_utf8(letter.to_vec().ok()?).ok())
        .and_then(|text| text.parse::<DType>().ok())
        .filter(|dtype| !dtype.has_objects())
        .ok_or_else(missing)?;
    let none = Bytes::raw(Payload::Borrowed(&[]));
    NdArray::whole(node, spelling.kind, dtype, layout, none, true)
}

/// The bytes in an array's state: NumPy takes no bytearray there.
#[inline]
fn immutable<'a>(node: Node<'_, 'a>, what: &str) -> Result<Bytes<'a>> {
    match (node.kind(), node.payload()) {
        (Kind::Bytes | Kind::Py2Str, Some(payload)) => Ok(Bytes::raw(payload)),
        _ => spelled(node, what),
    }
}

/// Bytes that are text or a call.
fn spelled<'a>(node: Node<'_, 'a>, what: &str) -> Result<Bytes<'a>> {
    let is_mutable = node.kind() == Kind::ByteArray || callee(node) == Some(Known::ByteArray);
    let bytes = if is_mutable { None } else { bytes(node)? };
    bytes.ok_or_else(|| node.error(format!("{what} must be bytes")))
}

/// An array whose elements are a list: in C order, whatever the array's own is.
fn objects<'a>(
    kind: ArrayKind,
    dtype: DType,
    layout: Layout,
    list: Node<'_, 'a>,
) -> Result<NdArray<'a>> {
    if list.kind() != Kind::List {
        return Err(list.error("an array of objects must have a list"));
    }
    if layout.size() > list.len() as u64 {
        return Err(list.error(format!(
            "{} objects for an array of {}",
            list.len(),
            layout.size()
        )));
    }
    let list = Objects::List(list.id());
    Ok(NdArray::of_objects(kind, dtype, layout, list))
}

/// `_frombuffer(buffer, dtype, shape, order[, axis_order])`.
fn from_buffer<'a>(node: Node<'_, 'a>, kind: ArrayKind) -> Result<NdArray<'a>> {
    let parts = node
        .args()
        .and_then(Node::parts::<5>)
        .filter(|(len, _)| *len <= 5);
    let Some((_, [Some(buffer), Some(dtype), Some(shape), Some(order), axes])) = parts else {
        return Err(node.error("_frombuffer takes 4 or 5 arguments"));
    };
    let dtype = dtype::of_node(dtype)?;
    let shape = shape_of(shape)?;
    let layout = match (order.raw_bytes(), axes) {
        (Some(b"C"), _) => Layout::contiguous(shape, false)?,
        (Some(b"F"), _) => Layout::contiguous(shape, true)?,
        (Some(b"K"), Some(axes)) => {
            let axes: Option<Vec<usize>> = axes
                .items()
                .map(|axis| usize::try_from(axis.as_u64()?).ok())
                .collect();
            Layout::transposed(
                shape,
                &axes.ok_or_else(|| order.error("an axis must be an int"))?,
            )?
        }
        _ => return Err(order.error("the order of _frombuffer must be C, F or K with the axes")),
    };
    if dtype.itemsize() == 0 || dtype.has_objects() {
        return Err(node.error("_frombuffer of elements that no buffer can have"));
    }
    let (data, writable) = match buffer.buffer() {
        Some((index, read_only)) => match buffer.buffer_payload() {
            Some(payload) => (Bytes::raw(payload), !read_only),
            None => return Err(buffer.error(format!("out-of-band buffer {index} was not given"))),
        },
        None => {
            let data = Some(buffer).filter(|buffer| buffer.kind() != Kind::Str);
            let data = data.map(bytes).transpose()?.flatten();
            let data =
                data.ok_or_else(|| buffer.error("an array's data must be bytes or a buffer"))?;
            (data, buffer.kind() == Kind::ByteArray)
        }
    };
    NdArray::whole(node, kind, dtype, layout, data, writable)
}

/// `scalar(dtype, bytes)`.
fn scalar<'a>(node: Node<'_, 'a>, kind: ArrayKind) -> Result<NdArray<'a>> {
    let args = node.args().filter(|args| matches!(args.len(), 1 | 2));
    let args = args.ok_or_else(|| node.error("scalar takes a dtype and bytes"))?;
    let dtype = dtype::of_node(
        args.index(0)
            .ok_or_else(|| args.error("a scalar without a dtype"))?,
    )?;
    let layout = Layout::contiguous(IxDyn(&[]), false)?;
    let value = args.index(1);
    if dtype.kind() == ElementKind::Object {
        return Err(node.error("a scalar of an object"));
    }
    if dtype.has_objects() {
        let value = value.ok_or_else(|| args.error("a scalar with objects without its value"))?;
        let objects = objects_of_scalar(value)?;
        return Ok(NdArray::of_objects(kind, dtype, layout, objects));
    }
    let data = match value {
        // Zeros, as NumPy has it.
        None => {
            let zeros = vec![0; usize::try_from(dtype.itemsize().min(1 << 16)).unwrap_or(0)];
            let len = zeros.len();
            Bytes::raw(Payload::Shared(Arc::new(zeros), 0..len))
        }
        Some(value) => {
            bytes(value)?.ok_or_else(|| value.error("a scalar's value must be bytes"))?
        }
    };
    // What is longer is cut, as NumPy does.
    let len = data.len().min(dtype.itemsize());
    let data = data.start(len)?;
    NdArray::whole(node, kind, dtype, layout, data, true)
}

/// The fields of a structured scalar with objects: an array without axes that has them (NumPy 1.20 and later), or the tuple
/// of them (1.19). Earlier ones wrote the memory itself, with pointers that mean nothing any more.
fn objects_of_scalar(value: Node<'_, '_>) -> Result<Objects> {
    if value.kind() == Kind::Tuple {
        return Ok(Objects::One(value.id()));
    }
    let array = match value.array_kind() {
        Some(ArrayKind::NdArray) => value.array()?,
        _ => return Err(value.error("a scalar with objects that was written as raw memory")),
    };
    match array.objects() {
        Some(objects) if array.size() == 1 => Ok(objects),
        _ => Err(value.error("a scalar of another array")),
    }
}

impl<'a> NdArray<'a> {
    /// An array whose data has exactly the bytes that its shape needs.
    #[inline]
    pub(super) fn whole(
        node: Node<'_, 'a>,
        kind: ArrayKind,
        dtype: DType,
        layout: Layout,
        data: Bytes<'a>,
        writable: bool,
    ) -> Result<NdArray<'a>> {
        if layout.size() == 0 {
            layout.check_bytes(dtype.itemsize())?;
        }
        let needed = layout.size().checked_mul(dtype.itemsize());
        if needed != Some(data.len()) {
            let (has, size, itemsize) = (data.len(), layout.size(), dtype.itemsize());
            return Err(node.error(format!(
                "{has} bytes of data for {size} elements of {itemsize} bytes"
            )));
        }
        if dtype.itemsize() == 0 && layout.size() > node.graph.empty_elements {
            return Err(Error::limit("empty_elements", node.graph.empty_elements));
        }
        Ok(NdArray {
            dtype,
            layout,
            data,
            kind,
            writable,
            extra: None,
        })
    }

    fn of_objects(kind: ArrayKind, dtype: DType, layout: Layout, objects: Objects) -> NdArray<'a> {
        let none = Bytes::raw(Payload::Borrowed(&[]));
        NdArray {
            dtype,
            layout,
            data: none,
            kind,
            writable: true,
            extra: Some(Box::new(Extra {
                objects: Some(objects),
                ..Extra::default()
            })),
        }
    }
}

/// The shape that a tuple (or list) of ints is.
fn shape_of(node: Node<'_, '_>) -> Result<IxDyn> {
    if !matches!(node.kind(), Kind::Tuple | Kind::List) {
        return Err(node.error("a shape must be a tuple"));
    }
    let axes = node.len();
    if axes > MAX_DIMS {
        return Err(node.error(format!("{axes} dimensions, NumPy allows {MAX_DIMS}")));
    }
    let (mut few, mut many) = ([0; 4], Vec::new());
    let lens = match few.get_mut(..axes) {
        Some(few) => few,
        None => {
            many.resize(axes, 0);
            &mut many[..]
        }
    };
    for (to, len) in lens.iter_mut().zip(node.items()) {
        let len = len.as_int_like().and_then(|len| usize::try_from(len).ok());
        *to = len.ok_or_else(|| {
            node.error("the length of an axis must be an int that is not negative")
        })?;
    }
    Ok(IxDyn(lens))
}
