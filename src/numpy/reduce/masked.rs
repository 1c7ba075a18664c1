//! Masked arrays: `MaskedArray.__reduce__` in NumPy's `ma/core.py`.

use super::super::array::NdArray;
use super::super::layout::Order;
use crate::error::{Error, Result};
use crate::graph::{Builder, Id, Single};
use crate::names::Known;

impl<'a> Builder<'a> {
    /// `_mareconstruct(MaskedArray, ndarray, (0,), 'b')` and `(1, shape, dtype, is Fortran, data, mask, fill value)`.
    pub(super) fn fill_masked(&mut self, id: Id, dtype: Id, array: &NdArray<'a>) -> Result<()> {
        let mask = array
            .mask()
            .ok_or_else(|| Error::data("a masked array without its mask"))?;
        let callable = self.global("numpy.ma.core", "_mareconstruct")?;
        let class = self.numpy_global(Known::MaskedArray)?;
        let base = self.numpy_global(Known::NdArray)?;
        // A constant of that function's code.
        let empty = self.single(Single::Named("numpy.ma (0,)".into()), |b| {
            let zero = b.int(0)?;
            b.tuple(&[zero])
        })?;
        let letter = self.native_str("b")?;
        let args = self.temporary_tuple(&[class, base, empty, letter])?;
        self.graph.fill_object(id, callable, args);
        let version = self.int(1)?;
        let shape = self.lens(array.shape())?;
        let fortran = self.bool(array.order() == Order::F);
        let data = self.array_data(array)?;
        let mask = self.array_data(mask)?;
        let fill_value = match array.fill_value() {
            Some(value) => self.array(value)?,
            None => Id::NONE,
        };
        let state =
            self.temporary_tuple(&[version, shape, dtype, fortran, data, mask, fill_value])?;
        self.graph.build(id, state)
    }
}
