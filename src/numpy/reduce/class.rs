//! What else an array made from Rust can be: of another dtype, read-only, of another class of NumPy, masked.

use super::super::array::{Extra, NdArray};
use super::super::dtype::DType;
use super::super::element::Element;
use super::super::kind::ArrayKind;
use super::super::layout::Layout;
use super::view::ToNdArray;
use crate::error::{Error, Result};
use crate::payload::Payload;
use crate::python::Bytes;
use ndarray::IxDyn;

impl<'a> NdArray<'a> {
    /// The array of a view, a reference to an array, or an array; see [`ToNdArray`].
    ///
    /// # Errors
    ///
    /// As [`ToNdArray::to_nd_array`].
    pub fn of(array: impl ToNdArray<'a>) -> Result<NdArray<'a>> {
        array.to_nd_array()
    }

    /// A scalar of NumPy, such as `numpy.float64(1.5)`.
    ///
    /// # Errors
    ///
    /// As [`ToNdArray::to_nd_array`].
    pub fn scalar<T: Element>(value: T) -> Result<NdArray<'static>> {
        Ok(NdArray {
            dtype: T::dtype()?,
            layout: Layout::contiguous(IxDyn(&[]), false)?,
            data: Bytes::raw(Payload::from(T::bytes(&[value]).to_vec())),
            kind: ArrayKind::Scalar,
            writable: true,
            extra: None,
        })
    }

    /// The same bytes as elements of another dtype of the same size: ints as `<M8[ns]`, bytes as `V8`, a structure with other
    /// names.
    ///
    /// # Errors
    ///
    /// Category `Data` where the itemsizes differ, or the elements of either are Python objects.
    pub fn with_dtype(self, dtype: DType) -> Result<NdArray<'a>> {
        let is_same = dtype.itemsize() == self.dtype.itemsize() && dtype.subarray().is_none();
        if !is_same || dtype.has_objects() || self.dtype.has_objects() {
            return Err(Error::data(format!("{self} has no elements of {dtype}")));
        }
        Ok(NdArray { dtype, ..self })
    }

    /// An array that Python may not write to.
    pub fn read_only(self) -> NdArray<'a> {
        NdArray {
            writable: false,
            ..self
        }
    }

    /// An array of another class of NumPy: a matrix, recarray, chararray, memmap (of which the elements are kept, not the file),
    /// or the scalar that its only element is.
    ///
    /// # Errors
    ///
    /// Category `Data` for an array that the class refuses, and for classes that have more than an array.
    pub fn into_kind(self, kind: ArrayKind) -> Result<NdArray<'a>> {
        let axes = self.shape().len();
        let is_right = match kind {
            ArrayKind::NdArray | ArrayKind::MemMap => true,
            ArrayKind::Matrix => axes == 2,
            ArrayKind::RecArray => self.dtype.fields().is_some(),
            ArrayKind::CharArray => matches!(
                self.dtype.kind(),
                super::super::ElementKind::Bytes | super::super::ElementKind::Str
            ),
            ArrayKind::Scalar => axes == 0,
            ArrayKind::Record => axes == 0 && self.dtype.fields().is_some(),
            ArrayKind::Masked | ArrayKind::Subclass => false,
        };
        if !is_right {
            return Err(Error::data(format!("{self} can be no {}", kind.name())));
        }
        let is_record = matches!(kind, ArrayKind::RecArray | ArrayKind::Record);
        let dtype = match is_record {
            true => self.dtype.as_record(),
            false => self.dtype.clone(),
        };
        Ok(NdArray {
            dtype,
            kind,
            ..self
        })
    }

    /// A masked array of these elements. The mask has the same shape and order; of a structured array it has a structure of
    /// bools. Without a fill value NumPy takes the default of the dtype.
    ///
    /// # Errors
    ///
    /// Category `Data` for a mask of another dtype, shape or order, or a fill value that is no element.
    pub fn masked(
        self,
        mask: impl ToNdArray<'a>,
        fill_value: Option<NdArray<'a>>,
    ) -> Result<NdArray<'a>> {
        let mask = mask.to_nd_array()?;
        let dtype = self.dtype.mask();
        let dtype = dtype.ok_or_else(|| Error::data("a mask that is too large"))?;
        if mask.dtype.itemsize() != dtype.itemsize()
            || mask.shape() != self.shape()
            || mask.order() != self.order()
        {
            return Err(Error::data(format!("{mask} is no mask of {self}")));
        }
        if let Some(value) = &fill_value
            && (value.size() != 1 || value.dtype.itemsize() != self.dtype.itemsize())
        {
            return Err(Error::data(format!("{value} is no fill value of {self}")));
        }
        let mask = NdArray { dtype, ..mask };
        let mut made = self;
        let extra = made.extra.take().map(|extra| *extra).unwrap_or_default();
        made.kind = ArrayKind::Masked;
        made.extra = Some(Box::new(Extra {
            mask: Some(mask),
            fill_value,
            ..extra
        }));
        Ok(made)
    }

    /// An array whose elements are not in one piece of memory.
    pub(super) fn gathered(mut self) -> NdArray<'a> {
        let extra = self.extra.take().map(|extra| *extra).unwrap_or_default();
        self.extra = Some(Box::new(Extra {
            gathered: true,
            ..extra
        }));
        self
    }
}
