//! Arrays: `array_reduce_ex` in NumPy's `methods.c`, which chooses between `_reconstruct` and `_frombuffer`.

use super::super::array::NdArray;
use super::super::kind::ArrayKind;
use super::super::layout::Order;
use super::dtype::is_exported;
use super::view::ToNdArray;
use crate::error::{Error, Result};
use crate::graph::{Builder, Id};
use crate::names::Known;

/// What `_reconstruct` and its state are made of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Template {
    pub(crate) class: Id,
    pub(crate) shape: Id,
    pub(crate) dtype: Id,
    pub(crate) fortran: bool,
    pub(crate) data: Id,
}

impl<'a> Builder<'a> {
    /// An array, masked array or scalar of NumPy: a view of any layout, a reference to an array, or what
    /// [`NdArray`] made of one, of any dtype. Its bytes are not copied, but streamed when the document is written.
    ///
    /// Its dtype is the object that NumPy has once, or a new one; see [`dtype`](Builder::dtype).
    ///
    /// # Errors
    ///
    /// Category `Unsupported` for arrays of Python objects, which [`object_array`](Builder::object_array) makes, and for a
    /// dtype that cannot be told; `Limit`, `Io`.
    pub fn array(&mut self, array: impl ToNdArray<'a>) -> Result<Id> {
        let array = array.to_nd_array()?;
        let dtype = self.dtype(array.dtype())?;
        self.nd_array(dtype, &array)
    }

    /// An array whose dtype is the object `dtype`, as of arrays that were made with the same one.
    ///
    /// # Errors
    ///
    /// As [`array`](Builder::array).
    pub fn array_of(&mut self, dtype: Id, array: impl ToNdArray<'a>) -> Result<Id> {
        self.nd_array(dtype, &array.to_nd_array()?)
    }

    fn nd_array(&mut self, dtype: Id, array: &NdArray<'a>) -> Result<Id> {
        if array.objects().is_some() {
            return Err(Error::unsupported(format!(
                "{array} has Python objects of another document"
            )));
        }
        let id = self.object_to_fill()?;
        let class = match array.kind() {
            ArrayKind::NdArray => Known::NdArray,
            ArrayKind::Matrix => Known::Matrix,
            ArrayKind::RecArray => Known::RecArray,
            ArrayKind::CharArray => Known::CharArray,
            ArrayKind::MemMap => Known::MemMap,
            ArrayKind::Scalar | ArrayKind::Record => {
                self.fill_scalar(id, dtype, array)?;
                return Ok(id);
            }
            ArrayKind::Masked => {
                self.fill_masked(id, dtype, array)?;
                return Ok(id);
            }
            ArrayKind::Subclass => {
                return Err(Error::unsupported("an array of an unknown class"));
            }
        };
        if class == Known::NdArray && self.is_buffer(array) {
            let layout = self.buffer_layout(array)?;
            self.fill_buffer(id, dtype, &layout, array)?;
        } else {
            let class = self.numpy_global(class)?;
            let data = self.array_data(array)?;
            self.fill_array(id, class, dtype, data, array)?;
        }
        Ok(id)
    }

    /// Whether NumPy hands the memory of an array to the pickler.
    pub(crate) fn is_buffer(&self, array: &NdArray<'_>) -> bool {
        let has_order = match array.order() {
            Order::C | Order::F => !array.is_gathered(),
            Order::K => self.flavour().numpy.is_from(2, 3, 0),
        };
        let has_buffers = self.flavour().protocol() >= 5 && !self.flavour().is_compat;
        has_buffers && has_order && array.dtype().itemsize() > 0 && is_exported(array.dtype())
    }

    /// Gives an object the parts of a call of `_frombuffer`: `(buffer, dtype, shape, order[, axes])`, the last two or three of
    /// which are `layout`.
    pub(crate) fn fill_buffer(
        &mut self,
        id: Id,
        dtype: Id,
        layout: &[Id],
        array: &NdArray<'a>,
    ) -> Result<()> {
        let callable = self.numpy_global(Known::FromBuffer)?;
        let (payload, is_text) = array.spelled_data()?;
        let buffer = self.buffer(payload, is_text, array.is_writable())?;
        let args = self.temporary_tuple(&[&[buffer, dtype], layout].concat())?;
        self.graph.fill_object(id, callable, args);
        Ok(())
    }

    /// Shape, order and axes as `_frombuffer` takes them.
    pub(crate) fn buffer_layout(&mut self, array: &NdArray<'_>) -> Result<Vec<Id>> {
        let order = match array.order() {
            Order::C => "C",
            Order::F => "F",
            Order::K => "K",
        };
        let order_id = self.wtf8(order.as_bytes())?;
        if array.order() == Order::K {
            let (shape, axes) = array.layout().k_order();
            let (shape, axes) = (self.lens(&shape)?, self.lens(&axes)?);
            return Ok(vec![shape, order_id, axes]);
        }
        Ok(vec![self.lens(array.shape())?, order_id])
    }

    /// Gives an object the parts of a call of `_reconstruct` and its state.
    pub(crate) fn fill_array(
        &mut self,
        id: Id,
        class: Id,
        dtype: Id,
        data: Id,
        array: &NdArray<'a>,
    ) -> Result<()> {
        let template = Template {
            class,
            shape: self.lens(array.shape())?,
            dtype,
            fortran: array.order() == Order::F,
            data,
        };
        self.fill_reconstruct(id, template)
    }

    /// `_reconstruct(class, (0,), b'b')` and `(1, shape, dtype, is Fortran, data)`.
    pub(crate) fn fill_reconstruct(&mut self, id: Id, template: Template) -> Result<()> {
        let callable = self.numpy_global(Known::Reconstruct)?;
        let empty = self.lens(&[0])?;
        let letter = self.bytes(b"b")?;
        let args = self.temporary_tuple(&[template.class, empty, letter])?;
        self.graph.fill_object(id, callable, args);
        let version = self.int(1)?;
        let fortran = self.bool(template.fortran);
        let state = self.temporary_tuple(&[
            version,
            template.shape,
            template.dtype,
            fortran,
            template.data,
        ])?;
        self.graph.build(id, state)
    }

    /// The bytes of an array: in F order if that is its order, else in C order.
    pub(crate) fn array_data(&mut self, array: &NdArray<'a>) -> Result<Id> {
        let data = match (array.order(), array.in_c_order()) {
            (Order::K, Some(payload)) => self.bytes(payload)?,
            (Order::K, None) => self.bytes(array.to_bytes()?)?,
            (Order::C | Order::F, _) => match array.spelled_data()? {
                (payload, true) => self.bytes_of_text(payload)?,
                (payload, false) => self.bytes(payload)?,
            },
        };
        self.temporary(data);
        Ok(data)
    }

    /// `scalar(dtype, data)`.
    pub(crate) fn fill_scalar(&mut self, id: Id, dtype: Id, array: &NdArray<'a>) -> Result<()> {
        let callable = self.numpy_global(Known::Scalar)?;
        let data = self.array_data(array)?;
        let args = self.temporary_tuple(&[dtype, data])?;
        self.graph.fill_object(id, callable, args);
        Ok(())
    }
}
