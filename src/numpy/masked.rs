//! Masked arrays: the mask and the fill value that stand in the state behind the data.
//!
//! Facts: `MaskedArray.__getstate__` and `__setstate__` in NumPy's `ma/core.py`, 1.10 to 2.5.

use super::array::{Extra, NdArray};
use super::kind::ArrayKind;
use super::layout::Layout;
use crate::error::Result;
use crate::graph::Node;
use crate::python::Bytes;

impl<'a> NdArray<'a> {
    /// The mask of a masked array: true where an element is masked. Of a structured array a structure of bools, one for each
    /// field and for each element of a field's subarray.
    pub fn mask(&self) -> Option<&NdArray<'a>> {
        self.extra.as_ref()?.mask.as_ref()
    }

    /// The fill value of a masked array, an array without axes; `None` where it has NumPy's default for its dtype.
    pub fn fill_value(&self) -> Option<&NdArray<'a>> {
        self.extra.as_ref()?.fill_value.as_ref()
    }
}

/// A masked array of its data, its mask's bytes and its fill value.
pub(super) fn masked<'a>(
    node: Node<'_, 'a>,
    mut data: NdArray<'a>,
    layout: Layout,
    mask: Bytes<'a>,
    fill_value: Node<'_, 'a>,
) -> Result<NdArray<'a>> {
    let dtype = data.dtype.mask();
    let dtype = dtype.ok_or_else(|| node.error("a mask that is too large"))?;
    let mask = NdArray::whole(node, ArrayKind::NdArray, dtype, layout, mask, true)?;
    let fill_value = match fill_value.array_kind() {
        Some(ArrayKind::NdArray | ArrayKind::Scalar | ArrayKind::Record) => {
            Some(fill_value.array()?)
        }
        _ => None,
    };
    let extra = data.extra.take().map(|extra| *extra).unwrap_or_default();
    data.extra = Some(Box::new(Extra {
        mask: Some(mask),
        fill_value,
        ..extra
    }));
    Ok(data)
}
