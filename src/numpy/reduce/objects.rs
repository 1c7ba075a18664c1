//! Arrays whose elements are Python objects, and strings of any length.

use ndarray::{ArrayBase, Data, Dimension, IxDyn};

use super::super::dtype::{ByteOrder, DType, ElementKind};
use super::super::layout::Layout;
use super::array::Template;
use crate::error::{Error, Result};
use crate::graph::{Builder, Id};
use crate::names::Known;

impl Builder<'_> {
    /// An array of Python objects, in C order.
    ///
    /// # Errors
    ///
    /// Category `Data` where there are more or fewer of them than the shape has; `Limit`.
    pub fn object_array(&mut self, shape: &[usize], items: &[Id]) -> Result<Id> {
        let dtype = self.dtype(&DType::new(ElementKind::Object, 8, ByteOrder::None))?;
        self.object_array_of(dtype, shape, items)
    }

    /// An array, in C order, of a dtype whose elements are Python objects: tuples of its fields where it has some.
    ///
    /// # Errors
    ///
    /// As [`object_array`](Builder::object_array).
    pub fn object_array_of(&mut self, dtype: Id, shape: &[usize], items: &[Id]) -> Result<Id> {
        let layout = Layout::contiguous(IxDyn(shape), false)?;
        if layout.size() != items.len() as u64 {
            let (len, shape) = (items.len(), layout.shape());
            return Err(Error::data(format!(
                "{len} objects for the shape {shape:?}"
            )));
        }
        let id = self.object_to_fill()?;
        let data = self.list(items)?;
        if items.is_empty() {
            self.temporary(data);
        }
        let template = Template {
            class: self.numpy_global(Known::NdArray)?,
            shape: self.lens(shape)?,
            dtype,
            fortran: false,
            data,
        };
        self.fill_reconstruct(id, template)?;
        Ok(id)
    }

    /// An array of `StringDType`, which NumPy has since 2.0: strings of any length.
    ///
    /// # Errors
    ///
    /// Category `Unsupported` for an older NumPy; `Limit`.
    pub fn string_array<S: AsRef<str>, D: Dimension>(
        &mut self,
        strings: &ArrayBase<impl Data<Elem = S>, D>,
    ) -> Result<Id> {
        let dtype = self.dtype(&DType::new(ElementKind::String, 16, ByteOrder::None))?;
        let items: Result<Vec<Id>> = (strings.iter())
            .map(|string| self.new_str(string.as_ref()))
            .collect();
        self.object_array_of(dtype, strings.shape(), &items?)
    }
}
