//! Texts and bytes of one length: arrays of `U` and `S`.

use ndarray::{ArrayBase, Data, Dimension, IxDyn};

use super::super::array::NdArray;
use super::super::dtype::{ByteOrder, DType, ElementKind};
use super::super::kind::ArrayKind;
use super::super::layout::Layout;
use crate::error::{Error, Result};
use crate::payload::Payload;
use crate::python::Bytes;

impl NdArray<'static> {
    /// An array of `U`, as long as the longest of these texts; `<U1` if all are empty, as NumPy makes it.
    ///
    /// # Errors
    ///
    /// Category `Data` for more than 64 dimensions or more bytes than memory has.
    pub fn of_strs<S: AsRef<str>, D: Dimension>(
        texts: &ArrayBase<impl Data<Elem = S>, D>,
    ) -> Result<NdArray<'static>> {
        let len = |text: &S| text.as_ref().chars().count();
        let longest = texts.iter().map(len).max().unwrap_or(0).max(1);
        fixed(texts, ElementKind::Str, 4 * longest, |text, bytes| {
            let characters = text.as_ref().chars();
            bytes.extend(characters.flat_map(|c| u32::from(c).to_ne_bytes()));
        })
    }

    /// An array of `S`, as long as the longest of these byte strings; `|S1` if all are empty, as NumPy makes it.
    ///
    /// # Errors
    ///
    /// As [`of_strs`](NdArray::of_strs).
    pub fn of_bytes<S: AsRef<[u8]>, D: Dimension>(
        strings: &ArrayBase<impl Data<Elem = S>, D>,
    ) -> Result<NdArray<'static>> {
        let lens = strings.iter().map(|string| string.as_ref().len());
        let longest = lens.max().unwrap_or(0).max(1);
        fixed(strings, ElementKind::Bytes, longest, |string, bytes| {
            bytes.extend_from_slice(string.as_ref());
        })
    }
}

/// Elements of one size, padded with NUL.
fn fixed<S, D: Dimension>(
    items: &ArrayBase<impl Data<Elem = S>, D>,
    kind: ElementKind,
    itemsize: usize,
    push: impl Fn(&S, &mut Vec<u8>),
) -> Result<NdArray<'static>> {
    let layout = Layout::contiguous(IxDyn(items.shape()), false)?;
    layout.check_bytes(itemsize as u64)?;
    let mut bytes = Vec::new();
    let too_large = || Error::data("the strings take more than memory");
    let len = items.len().checked_mul(itemsize).ok_or_else(too_large)?;
    bytes.try_reserve_exact(len).map_err(|_| too_large())?;
    for (n, item) in items.iter().enumerate() {
        push(item, &mut bytes);
        bytes.resize((n + 1) * itemsize, 0);
    }
    Ok(NdArray {
        dtype: DType::new(kind, itemsize as u64, ByteOrder::NATIVE),
        layout,
        data: Bytes::raw(Payload::from(bytes)),
        kind: ArrayKind::NdArray,
        writable: true,
        extra: None,
    })
}
