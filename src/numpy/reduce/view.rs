//! Arrays of Rust as arrays of NumPy.

use std::sync::Arc;

use ndarray::{
    ArcArray, Array, ArrayBase, ArrayView, Data, Dimension, IxDyn, OwnedArcRepr, RawDataClone,
    ViewRepr,
};

use super::super::array::{Extra, NdArray};
use super::super::element::Element;
use super::super::layout::{Layout, Order};
use super::gather::Gathered;
use crate::error::Result;
use crate::payload::Payload;

/// What can be written as an array of NumPy: views, references to arrays, arrays, and [`NdArray`] itself.
///
/// The dtype is that of the [`Element`], in this machine's byte order; `[u8; N]` is `S`, any other `[T; N]` adds an axis.
/// The layout decides how NumPy would pickle it: memory in C or F order (from NumPy 2.3 on also in any other order without
/// gaps) is handed over as it is; anything else is gathered, in bounded pieces, while the document is written.
pub trait ToNdArray<'a> {
    /// The array.
    ///
    /// # Errors
    ///
    /// Category `Data` for more than 64 dimensions, or a structure whose fields lie outside of it.
    fn to_nd_array(self) -> Result<NdArray<'a>>;
}

impl<'a> ToNdArray<'a> for NdArray<'a> {
    fn to_nd_array(self) -> Result<NdArray<'a>> {
        Ok(self)
    }
}

impl<'a> ToNdArray<'a> for &NdArray<'a> {
    fn to_nd_array(self) -> Result<NdArray<'a>> {
        Ok(self.clone())
    }
}

impl<'a, T: Element, D: Dimension> ToNdArray<'a> for ArrayView<'a, T, D> {
    fn to_nd_array(self) -> Result<NdArray<'a>> {
        made(self)
    }
}

impl<'a, T: Element, S: Data<Elem = T>, D: Dimension> ToNdArray<'a> for &'a ArrayBase<S, D> {
    fn to_nd_array(self) -> Result<NdArray<'a>> {
        made(self.view())
    }
}

impl<'a, T: Element, D: Dimension> ToNdArray<'a> for Array<T, D> {
    fn to_nd_array(self) -> Result<NdArray<'a>> {
        made(self.into_shared())
    }
}

impl<'a, T: Element, D: Dimension> ToNdArray<'a> for ArcArray<T, D> {
    fn to_nd_array(self) -> Result<NdArray<'a>> {
        made(self)
    }
}

/// Where the memory of an array can be had as bytes.
trait Memory<'a>: Data + RawDataClone + Send + Sync + Sized + 'a {
    /// The bytes of an array that has its elements in C order, without gaps.
    fn bytes(array: ArrayBase<Self, IxDyn>) -> Payload<'a>;
}

impl<'a, T: Element> Memory<'a> for ViewRepr<&'a T> {
    fn bytes(array: ArrayView<'a, T, IxDyn>) -> Payload<'a> {
        Payload::Borrowed(T::bytes(array.to_slice().unwrap_or_default()))
    }
}

/// An array in C order, without gaps.
struct Held<T>(ArcArray<T, IxDyn>);

impl<T: Element> AsRef<[u8]> for Held<T> {
    fn as_ref(&self) -> &[u8] {
        T::bytes(self.0.as_slice().unwrap_or_default())
    }
}

impl<'a, T: Element> Memory<'a> for OwnedArcRepr<T> {
    fn bytes(array: ArcArray<T, IxDyn>) -> Payload<'a> {
        let len = array.len() * size_of::<T>();
        Payload::Shared(Arc::new(Held(array)), 0..len)
    }
}

/// The array of an array of Rust.
fn made<'a, S: Memory<'a>, D: Dimension>(array: ArrayBase<S, D>) -> Result<NdArray<'a>>
where
    S::Elem: Element,
{
    let dtype = S::Elem::dtype()?;
    let array = array.into_dyn();
    let shape = IxDyn(array.shape());
    let strides: Vec<usize> = array.strides().iter().map(|s| s.unsigned_abs()).collect();
    let plain = |layout, payload| NdArray::of_payload(dtype.clone(), layout, payload);
    let gathered = |array| {
        let gathered = Gathered::<S>(array);
        let len = gathered.0.len() as u64 * size_of::<S::Elem>() as u64;
        Payload::At(Arc::new(gathered), 0..len)
    };
    if let Some((base, lens)) = dtype.subarray() {
        // An array has no elements that are arrays: they add axes.
        let lens = lens.iter().map(|len| *len as usize);
        let shape: Vec<usize> = array.shape().iter().copied().chain(lens).collect();
        let layout = Layout::contiguous(IxDyn(&shape), false)?;
        let is_dense = array.is_standard_layout();
        let payload = match is_dense {
            true => S::bytes(array),
            false => gathered(array),
        };
        let made = NdArray {
            dtype: base.clone(),
            ..plain(layout, payload)
        };
        return Ok(if is_dense { made } else { made.gathered() });
    }
    // To NumPy, elements of no size are in order however they lie.
    if array.is_standard_layout() || dtype.itemsize() == 0 {
        let layout = Layout::contiguous(shape, false)?;
        return Ok(plain(layout, S::bytes(array)));
    }
    if array.t().is_standard_layout() {
        let layout = Layout::contiguous(shape, true)?;
        let payload = S::bytes(array.reversed_axes());
        return Ok(plain(layout, payload));
    }
    // Another order without gaps: the axes from the longest step to the shortest, as NumPy sorts them.
    let layout = Layout::strided(shape.clone(), strides)?;
    let (_, axes) = layout.k_order();
    let mut order = vec![0; axes.len()];
    (axes.iter().enumerate()).for_each(|(n, axis)| order[*axis] = n);
    let is_dense = (array.view().permuted_axes(order.clone())).is_standard_layout();
    if !is_dense || layout.order() != Order::K {
        let layout = Layout::contiguous(shape, false)?;
        return Ok(plain(layout, gathered(array)).gathered());
    }
    let ordered = gathered(array.clone());
    let mut made = plain(layout, S::bytes(array.permuted_axes(order)));
    made.extra = Some(Box::new(Extra {
        ordered: Some(ordered),
        ..Extra::default()
    }));
    Ok(made)
}
