//! Arrays of bytes that are there already.

use super::array::NdArray;
use super::dtype::DType;
use super::kind::ArrayKind;
use super::layout::Layout;
use crate::error::{Error, Result};
use crate::payload::Payload;
use crate::python::Bytes;

impl<'a> NdArray<'a> {
    /// An array of these bytes, in the order of the layout.
    ///
    /// # Errors
    ///
    /// Category `Data` where they are not as many as the elements take, or the elements are objects.
    pub(crate) fn from_parts(dtype: DType, layout: Layout, data: Payload<'a>) -> Result<Self> {
        layout.check_bytes(dtype.itemsize())?;
        let array = NdArray {
            dtype,
            layout,
            data: Bytes::raw(data),
            kind: ArrayKind::NdArray,
            writable: true,
            extra: None,
        };
        match array.nbytes() == array.data.len() && !array.dtype.has_objects() {
            true => Ok(array),
            false => Err(Error::data(format!("{array} has other bytes"))),
        }
    }
}
