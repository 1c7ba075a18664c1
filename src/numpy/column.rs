//! A field of a structured array: elements that lie apart from each other.

use std::sync::Arc;

use ndarray::{ArrayView, Dimension, IxDyn, ShapeBuilder as _};

use super::array::{Extra, NdArray};
use super::dtype::DType;
use super::element::Element;
use super::kind::ArrayKind;
use super::layout::{Layout, positions};
use crate::error::{Error, Result};
use crate::limits::Limits;
use crate::payload::Payload;
use crate::python::Bytes;

/// Where the elements of a column are in the data of the structured array.
#[derive(Clone, Debug)]
pub(super) struct Column {
    /// Bytes before the first.
    offset: usize,
    /// Bytes from one to the next, for each axis.
    strides: Vec<usize>,
}

impl<'a> NdArray<'a> {
    /// A field of a structured array, by name or title: `array["x"]` in NumPy. Its elements stay where they are, so that a
    /// view of them has strides; the axes of a subarray come last. Of a masked array the field's mask comes with it.
    ///
    /// # Errors
    ///
    /// Category `Data` where there is no such field; `Unsupported` where the elements are Python objects (see
    /// [`Node::elements`](crate::Node::elements)); `Limit` for too many elements of no size.
    pub fn field(&self, name: &str) -> Result<NdArray<'a>> {
        let field = self.dtype.fields().and_then(|fields| fields.get(name));
        let field = field.ok_or_else(|| Error::data(format!("no field {name:?} in {self}")))?;
        if self.objects().is_some() {
            let what = format!("the elements of {self} are Python objects; they have no columns");
            return Err(Error::unsupported(what));
        }
        let (from, mut dtype) = (field.offset() as usize, field.dtype());
        let mut shape = self.shape().to_vec();
        let mut strides = self.byte_strides();
        // An array in each element, and in each element of that, has axes of its own.
        while let Some((base, lens)) = dtype.subarray() {
            let step = lens
                .iter()
                .rev()
                .scan(base.itemsize() as usize, |step, len| {
                    let this = *step;
                    // OK because the whole element fits in memory, if it has a size.
                    *step = step.saturating_mul((*len).max(1) as usize);
                    Some(this)
                });
            let steps: Vec<usize> = step.collect();
            strides.extend(steps.iter().rev());
            shape.extend(lens.iter().map(|len| *len as usize));
            dtype = base;
        }
        let layout = Layout::contiguous(IxDyn(&shape), false)?;
        let most = Limits::default().empty_elements;
        if dtype.itemsize() == 0 && layout.size() > most {
            return Err(Error::limit("empty_elements", most));
        }
        let own = |array: &NdArray<'a>| array.field(field.name());
        let column = Column {
            offset: self.byte_offset() as usize + from,
            strides,
        };
        let is_masked = self.kind == ArrayKind::Masked;
        Ok(NdArray {
            dtype: dtype.clone(),
            layout,
            data: self.data.clone(),
            kind: if is_masked {
                self.kind
            } else {
                ArrayKind::NdArray
            },
            writable: self.writable,
            extra: Some(Box::new(Extra {
                column: Some(column),
                mask: self.mask().map(own).transpose()?,
                fill_value: self.fill_value().map(own).transpose()?,
                ..Extra::default()
            })),
        })
    }

    /// Bytes of the data before the first element.
    pub(super) fn byte_offset(&self) -> u64 {
        self.column().map_or(0, |column| column.offset as u64)
    }

    /// Bytes from one element to the next, for each axis.
    pub(super) fn byte_strides(&self) -> Vec<usize> {
        match self.column() {
            Some(column) => column.strides.clone(),
            None => {
                let itemsize = self.dtype.itemsize() as usize;
                let strides = self.layout.strides().into_iter();
                strides
                    .map(|stride| stride.saturating_mul(itemsize))
                    .collect()
            }
        }
    }
}

impl Column {
    /// The elements in place.
    pub(super) fn view<'b, T: Element, D: Dimension>(
        &self,
        bytes: &'b [u8],
        dtype: &DType,
        layout: &Layout,
    ) -> Result<ArrayView<'b, T, D>> {
        let apart = || {
            Error::unsupported("the elements of the field lie at odd places; to_array copies them")
        };
        let size = size_of::<T>();
        let mismatch = || Error::data("another number of dimensions than the field has");
        let shape = D::from_dimension(layout.dims()).ok_or_else(mismatch)?;
        if layout.size() == 0 || size == 0 {
            return ArrayView::from_shape(shape, T::view(&[], dtype)?).map_err(|_| apart());
        }
        // A scan of all bytes, as for bool, would meet those of other fields.
        if !T::ANY_BYTES || self.strides.iter().any(|stride| stride % size != 0) {
            return Err(apart());
        }
        let rest = bytes.get(self.offset..).unwrap_or_default();
        let elements = T::view(&rest[..rest.len() / size * size], dtype)?;
        let strides: Vec<usize> = self.strides.iter().map(|stride| stride / size).collect();
        let strides = D::from_dimension(&IxDyn(&strides)).ok_or_else(mismatch)?;
        ArrayView::from_shape(shape.strides(strides), elements).map_err(|_| apart())
    }

    /// The elements one behind the other, in C order.
    pub(super) fn gather(
        &self,
        whole: &Bytes<'_>,
        dtype: &DType,
        layout: &Layout,
    ) -> Result<Bytes<'static>> {
        let itemsize = dtype.itemsize() as usize;
        let mut out = Vec::new();
        if layout.size() > 0 && itemsize > 0 {
            let owned;
            let bytes = match whole.as_slice() {
                Some(bytes) => bytes,
                None => {
                    owned = whole.to_vec()?;
                    &owned
                }
            };
            let bytes = bytes.get(self.offset..).unwrap_or_default();
            out.reserve_exact(layout.size() as usize * itemsize);
            positions(layout.shape(), &self.strides, |position| {
                // OK because fields lie inside of their elements.
                out.extend_from_slice(bytes.get(position..position + itemsize).unwrap_or_default());
            });
        }
        let len = out.len();
        Ok(Bytes::raw(Payload::Shared(Arc::new(out), 0..len)))
    }
}
