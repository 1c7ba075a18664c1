//! The elements of an array in C order, ready to be taken one by one.

use std::borrow::Cow;

use ndarray::IxDyn;

use super::context::Context;
use super::element::Element;
use super::found::told;
use crate::error::{Error, Result};
use crate::graph::Node;
use crate::numpy::{ArrayKind, ByteOrder, DType, Element as _, ElementKind, NdArray, Order};

/// Which numbers a type takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// Those of its own dtype, in any byte order: the elements of ndarray's arrays.
    Exact,
    /// Those that fit without loss: lists and numbers.
    Fits,
    /// All, converted as NumPy's `astype` does.
    Cast,
}

/// An array that was read.
pub(super) struct Block<'p, 'a> {
    pub(super) node: Node<'p, 'a>,
    array: NdArray<'a>,
    dtype: DType,
    pub(super) mode: Mode,
    data: Data<'p, 'a>,
}

enum Data<'p, 'a> {
    /// In the array itself.
    InPlace,
    Bytes(Vec<u8>),
    Nodes(Vec<Node<'p, 'a>>),
}

/// What an element is.
pub(super) enum Item<'b, 'p, 'a> {
    Element(Element<'b>),
    /// A Python object, or a tuple of what the fields of this dtype hold.
    Node(Node<'p, 'a>, &'b DType),
}

/// How much there is in axes of these lengths, the last one first. Rows without elements are looked at, too.
fn rows(lens: impl Iterator<Item = u64>, inner: u64) -> u64 {
    lens.fold(inner, |inner, len| inner.saturating_mul(len).max(1))
}

/// How many numbers, texts and the like an element is made of. Fields may lie on each other, and items of no size be many.
fn parts(dtype: &DType) -> u64 {
    match (dtype.subarray(), dtype.fields()) {
        (Some((base, lens)), _) => rows(lens.iter().copied().rev(), parts(base)),
        (None, Some(fields)) => {
            let fields = fields.iter().map(|field| parts(field.dtype()));
            fields.fold(0, u64::saturating_add).max(1)
        }
        (None, None) => 1,
    }
}

impl<'p, 'a> Block<'p, 'a> {
    pub(super) fn read(context: &mut Context, node: Node<'p, 'a>, mode: Mode) -> Result<Self> {
        let array = whole(node)?;
        context.check_levels(array.shape().len())?;
        // ndarray's own form has the elements in one row.
        let walked = match mode {
            Mode::Exact => array.size().saturating_mul(parts(array.dtype())),
            _ => {
                let lens = array.shape().iter().map(|len| *len as u64);
                rows(lens.rev(), parts(array.dtype()))
            }
        };
        context.charge(node, walked)?;
        context.charge_bytes(node, array.nbytes())?;
        let mut dtype = array.dtype().clone();
        let data = if dtype.has_objects() {
            let nodes: Vec<_> = node.elements()?.collect();
            if nodes.len() as u64 != array.size() {
                return Err(node.error("an array with fewer elements than its shape has"));
            }
            Data::Nodes(nodes)
        } else if mode != Mode::Exact && is_odd(dtype.kind()) {
            let numbers = array.cast::<f64, IxDyn>()?;
            let numbers: Vec<f64> = numbers.iter().copied().collect();
            dtype = f64::dtype()?;
            Data::Bytes(f64::bytes(&numbers).to_vec())
        } else if array.order() == Order::C && in_memory(&array).is_some() {
            Data::InPlace
        } else {
            Data::Bytes(array.to_bytes()?)
        };
        Ok(Block {
            node,
            array,
            dtype,
            mode,
            data,
        })
    }

    pub(super) fn shape(&self) -> &[usize] {
        self.array.shape()
    }

    /// How many elements there are.
    pub(super) fn size(&self) -> usize {
        self.array.size() as usize
    }

    /// Type and shape, for an error.
    pub(super) fn told(&self) -> String {
        told(&self.array)
    }

    /// The element at this place in C order.
    #[inline]
    pub(super) fn item(&self, n: usize) -> Result<Item<'_, 'p, 'a>> {
        let bytes = match &self.data {
            Data::InPlace => in_memory(&self.array),
            Data::Bytes(bytes) => Some(&bytes[..]),
            Data::Nodes(nodes) => {
                let node = nodes.get(n).copied().ok_or_else(|| self.missing())?;
                return Ok(Item::Node(node, &self.dtype));
            }
        };
        let itemsize = self.dtype.itemsize() as usize;
        let start = n.saturating_mul(itemsize);
        let bytes = bytes.and_then(|bytes| bytes.get(start..start.checked_add(itemsize)?));
        let element = Element {
            dtype: &self.dtype,
            dims: &[],
            bytes: bytes.ok_or_else(|| self.missing())?,
            mode: self.mode,
            array: Some(&self.array),
        };
        Ok(Item::Element(element))
    }

    #[cold]
    fn missing(&self) -> Error {
        self.node.error("an array with fewer bytes than it needs")
    }

    /// The bytes of an array of one axis whose elements are bytes.
    pub(super) fn as_bytes(&self) -> Option<Cow<'_, [u8]>> {
        let is_bytes = self.dtype.kind() == ElementKind::UInt && self.dtype.itemsize() == 1;
        match &self.data {
            _ if !is_bytes || self.shape().len() != 1 => None,
            Data::InPlace => in_memory(&self.array).map(Cow::Borrowed),
            Data::Bytes(bytes) => Some(Cow::Borrowed(bytes)),
            Data::Nodes(_) => None,
        }
    }
}

/// The array that a node is, but for one with a mask.
pub(super) fn whole<'a>(node: Node<'_, 'a>) -> Result<NdArray<'a>> {
    let array = node.array()?;
    if array.kind() == ArrayKind::Masked {
        let what = format!("{}, a masked array; Node::array has its mask", told(&array));
        return Err(node.error(what));
    }
    Ok(array)
}

fn in_memory<'b>(array: &'b NdArray<'_>) -> Option<&'b [u8]> {
    array.payload().and_then(|payload| payload.as_slice())
}

/// Numbers that Rust has no type for.
fn is_odd(kind: ElementKind) -> bool {
    matches!(kind, ElementKind::LongDouble | ElementKind::Ml(_))
}

/// Bytes of a number in the order of this machine.
pub(super) fn native<const N: usize>(bytes: &[u8], dtype: &DType) -> Option<[u8; N]> {
    let mut bytes: [u8; N] = bytes.try_into().ok()?;
    let order = dtype.byte_order();
    if order != ByteOrder::None && order != ByteOrder::NATIVE {
        bytes.reverse();
    }
    Some(bytes)
}
