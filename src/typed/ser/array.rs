//! ndarray's own form of an array, told from other structs.

use ndarray::{ArrayD, IxDyn};
use serde::Serialize;

use super::column::Column;
use super::single;
use crate::error::{Error, Result};
use crate::numpy::NdArray;

/// The struct `Array {v, dim, data}` on its way to an array.
#[derive(Debug)]
pub(super) enum Form {
    Begun,
    /// The version was there.
    Versioned,
    /// The shape was there.
    Shaped(Vec<usize>),
    Whole(Vec<usize>, Column),
    /// Another struct.
    Other,
}

impl Form {
    /// What may be an array of ndarray.
    #[inline]
    pub(super) fn of(name: &str, len: usize) -> Option<Form> {
        (name == "Array" && len == 3).then_some(Form::Begun)
    }

    /// Takes the next field.
    ///
    /// # Errors
    ///
    /// Category `Unsupported` where the elements have no dtype.
    pub(super) fn take<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<()> {
        *self = match (&mut *self, name) {
            (Form::Begun, "v") if single::len(value) == Some(1) => Form::Versioned,
            (Form::Versioned, "dim") => match single::lens(value) {
                Some(lens) => Form::Shaped(lens),
                None => Form::Other,
            },
            (Form::Shaped(lens), "data") => {
                let lens = std::mem::take(lens);
                Form::Whole(lens, Column::of(value)?)
            }
            _ => Form::Other,
        };
        Ok(())
    }

    /// Whether all fields were taken.
    pub(super) fn is_whole(&self) -> bool {
        matches!(self, Form::Whole(..))
    }

    pub(super) fn finish(self) -> Option<Result<NdArray<'static>>> {
        match self {
            Form::Whole(lens, column) => Some(column.into_array(&lens)),
            _ => None,
        }
    }
}

/// The elements in the shape.
pub(super) fn shaped<T>(lens: &[usize], elements: Vec<T>) -> Result<ArrayD<T>> {
    let array = ArrayD::from_shape_vec(IxDyn(lens), elements);
    array.map_err(|_| Error::data("an array whose elements do not fit its shape"))
}
