//! The texts of arrays of `S` and `U`.

use ndarray::{Array, ArrayD, IxDyn};

use super::array::NdArray;
use super::dtype::{ByteOrder, ElementKind};
use crate::error::{Error, Result};

impl NdArray<'_> {
    /// The texts of an array of `U` or `S`, in the array's own order of axes. The NULs that pad an element are not part of
    /// it, as in NumPy; an `S` is text where it is UTF-8, and so where it is ASCII.
    ///
    /// # Errors
    ///
    /// Category `Data` for another dtype, for a character that is none (a lone surrogate) and bytes that are not UTF-8: the
    /// error names the element; `Io`.
    pub fn to_strings(&self) -> Result<ArrayD<String>> {
        let shape = self.layout.to_ndarray::<IxDyn>();
        let mismatch = || Error::data(format!("{self} does not fit its shape"));
        Array::from_shape_vec(shape.ok_or_else(mismatch)?, self.texts()?).map_err(|_| mismatch())
    }

    /// The texts in stored order.
    fn texts(&self) -> Result<Vec<String>> {
        let size = self.size() as usize;
        let itemsize = self.dtype.itemsize() as usize;
        let text: fn(&[u8], ByteOrder) -> Option<String> = match self.dtype.kind() {
            ElementKind::Str => ucs4,
            ElementKind::Bytes => |bytes, _| String::from_utf8(bytes.to_vec()).ok(),
            _ => return Err(Error::data(format!("expected S or U, found {self}"))),
        };
        if itemsize == 0 {
            return Ok(vec![String::new(); size]);
        }
        let bytes = self.data.to_vec()?;
        let elements = bytes.chunks_exact(itemsize).enumerate();
        elements
            .map(|(n, element)| {
                let end = element
                    .iter()
                    .rposition(|byte| *byte != 0)
                    .map_or(0, |last| last + 1);
                let len = end.next_multiple_of(self.dtype.number_size());
                text(&element[..len], self.dtype.byte_order())
                    .ok_or_else(|| Error::data(format!("element {n} of {self} is no text")))
            })
            .collect()
    }
}

fn ucs4(bytes: &[u8], order: ByteOrder) -> Option<String> {
    let (characters, []) = bytes.as_chunks::<4>() else {
        return None;
    };
    let value = |bytes: &[u8; 4]| match order {
        ByteOrder::Big => u32::from_be_bytes(*bytes),
        _ => u32::from_le_bytes(*bytes),
    };
    characters
        .iter()
        .map(|bytes| char::from_u32(value(bytes)))
        .collect()
}
