//! The texts of arrays of `S`, `U` and `StringDType`.

use ndarray::{Array, ArrayD, IxDyn};

use super::array::NdArray;
use super::dtype::{ByteOrder, DType, ElementKind};
use crate::error::{Error, Result};
use crate::graph::{Kind, Node};

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
        let shape = shape.ok_or_else(|| misfit(self))?;
        Array::from_shape_vec(shape, self.texts()?).map_err(|_| misfit(self))
    }

    /// The texts in stored order.
    fn texts(&self) -> Result<Vec<String>> {
        let size = self.size() as usize;
        let itemsize = self.dtype.itemsize() as usize;
        if !matches!(self.dtype.kind(), ElementKind::Str | ElementKind::Bytes) {
            return Err(Error::data(format!("expected texts, found {self}")));
        }
        if itemsize == 0 {
            return Ok(vec![String::new(); size]);
        }
        let bytes = self.dense()?.to_vec()?;
        let elements = bytes.chunks_exact(itemsize).enumerate();
        elements
            .map(|(n, element)| {
                text(&self.dtype, element)
                    .ok_or_else(|| Error::data(format!("element {n} of {self} is no text")))
            })
            .collect()
    }
}

/// An element without the NULs that pad it.
pub(crate) fn unpadded<'b>(dtype: &DType, element: &'b [u8]) -> &'b [u8] {
    let last = element.iter().rposition(|byte| *byte != 0);
    let end = last.map_or(0, |last| last + 1);
    &element[..end.next_multiple_of(dtype.number_size()).min(element.len())]
}

/// The text of an element of `U` or `S`.
pub(crate) fn text(dtype: &DType, element: &[u8]) -> Option<String> {
    let bytes = unpadded(dtype, element);
    match dtype.kind() {
        ElementKind::Str => ucs4(bytes, dtype.byte_order()),
        ElementKind::Bytes => String::from_utf8(bytes.to_vec()).ok(),
        _ => None,
    }
}

impl Node<'_, '_> {
    /// The texts of an array of `U`, `S` or `StringDType`.
    ///
    /// # Errors
    ///
    /// As [`NdArray::to_strings`]; also where a string of a `StringDType` is missing: those are told by
    /// [`to_optional_strings`](Node::to_optional_strings).
    pub fn to_strings(self) -> Result<ArrayD<String>> {
        let array = self.array()?;
        if array.dtype().kind() != ElementKind::String {
            return array.to_strings();
        }
        let texts = self
            .elements()?
            .map(|element| Ok(element.text()?.into_owned()));
        in_c_order(&array, texts.collect::<Result<_>>()?)
    }

    /// The texts of an array of `StringDType`, `None` for the missing ones; of `U` and `S`, where none is missing, all.
    ///
    /// # Errors
    ///
    /// As [`NdArray::to_strings`].
    pub fn to_optional_strings(self) -> Result<ArrayD<Option<String>>> {
        let array = self.array()?;
        if array.dtype().kind() != ElementKind::String {
            return Ok(array.to_strings()?.mapv(Some));
        }
        let is_text = |node: &Node<'_, '_>| matches!(node.kind(), Kind::Str | Kind::Py2Str);
        let texts = self.elements()?.map(|element| {
            let text = Some(element).filter(is_text).map(Node::text).transpose()?;
            Ok(text.map(|text| text.into_owned()))
        });
        in_c_order(&array, texts.collect::<Result<_>>()?)
    }
}

/// The elements of a list in the shape of their array.
fn in_c_order<T>(array: &NdArray<'_>, elements: Vec<T>) -> Result<ArrayD<T>> {
    Array::from_shape_vec(array.layout.dims().clone(), elements).map_err(|_| misfit(array))
}

fn misfit(array: &NdArray<'_>) -> Error {
    Error::data(format!("{array} does not fit its shape"))
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
