//! An array of a pickle, and the ways to its elements.

use std::borrow::Cow;
use std::fmt;

use ndarray::{Array, ArrayD, ArrayView, ArrayViewMut, Dimension, IxDyn};

use super::cast::{Number, cast_from};
use super::column::Column;
use super::dtype::DType;
use super::element::{Element, Source};
use super::kind::ArrayKind;
use super::layout::{Layout, Order};
use super::objects::Objects;
use crate::error::{Error, Result};
use crate::payload::Payload;
use crate::python::Bytes;

/// An array (or NumPy scalar) of a pickle: dtype, shape, layout and data. It outlives the document, not the input.
///
/// Its elements are reached in four ways: [`view`](NdArray::view) looks at them in place, [`to_array`](NdArray::to_array)
/// copies them once, [`read_into`](NdArray::read_into) puts them into memory of the caller, [`cast`](NdArray::cast) converts
/// them. The first three take the exact type of the dtype; see [`Element`]. Texts have [`to_strings`](NdArray::to_strings),
/// points in time [`to_times`](NdArray::to_times), structured arrays [`field`](NdArray::field), masked ones
/// [`mask`](NdArray::mask). Arrays of Python objects have [`Node::elements`](crate::Node::elements).
///
/// # Examples
///
/// ```
/// # let showcase = concat!(env!("CARGO_MANIFEST_DIR"), "/corpus/showcase.pkl");
/// use ndarray::Ix1;
/// let pickle = ndpickle::Pickle::open(showcase)?;
/// let first = pickle.arrays().find(|row| row.path.contains("labels")).expect("labels");
/// let labels = first.array?.cast::<i64, Ix1>()?;
/// assert!(labels.iter().all(|label| *label >= 0));
/// # Ok::<(), ndpickle::Error>(())
/// ```
#[derive(Clone)]
pub struct NdArray<'a> {
    pub(super) dtype: DType,
    pub(super) layout: Layout,
    pub(super) data: Bytes<'a>,
    pub(super) kind: ArrayKind,
    pub(super) writable: bool,
    pub(super) extra: Option<Box<Extra<'a>>>,
}

/// What few arrays have.
#[derive(Clone, Default)]
pub(super) struct Extra<'a> {
    /// The elements of an array of Python objects.
    pub(super) objects: Option<Objects>,
    /// Where a field of a structured array has its elements.
    pub(super) column: Option<Column>,
    pub(super) mask: Option<NdArray<'a>>,
    pub(super) fill_value: Option<NdArray<'a>>,
    /// Of an array made from Rust in another order: the elements in C order.
    pub(super) ordered: Option<Payload<'a>>,
    /// Whether the elements were not in one piece of memory, and are gathered when they are written.
    pub(super) gathered: bool,
}

impl<'a> NdArray<'a> {
    /// What an element is.
    pub fn dtype(&self) -> &DType {
        &self.dtype
    }

    /// Lengths of the axes.
    pub fn shape(&self) -> &[usize] {
        self.layout.shape()
    }

    /// Shape and strides.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The order of the elements in the data.
    pub fn order(&self) -> Order {
        self.layout.order()
    }

    /// Which class of NumPy this is.
    pub fn kind(&self) -> ArrayKind {
        self.kind
    }

    /// Number of elements.
    pub fn size(&self) -> u64 {
        self.layout.size()
    }

    /// Number of bytes of the elements in memory: size × itemsize, as NumPy's `nbytes`.
    pub fn nbytes(&self) -> u64 {
        self.size().saturating_mul(self.dtype.itemsize())
    }

    /// Whether Python may write to the array: false for what protocol 5 stored read-only.
    pub fn is_writable(&self) -> bool {
        self.writable
    }

    /// The bytes as the pickle has them, in stored order and the dtype's byte order; `None` where the pickle spells them as
    /// text (protocols 0 to 2 of Python 3), for Python objects, and for a field.
    pub fn payload(&self) -> Option<&Payload<'a>> {
        match &self.extra {
            Some(extra) if extra.objects.is_some() || extra.column.is_some() => None,
            _ => self.data.payload(),
        }
    }

    /// The bytes in stored order and the dtype's byte order.
    ///
    /// # Errors
    ///
    /// As [`to_bytes`](NdArray::to_bytes).
    #[cfg(feature = "serde")]
    pub(crate) fn stored_bytes(&self) -> Result<Vec<u8>> {
        self.dense()?.to_vec()
    }

    /// An array of one axis of elements that lie one after the other in these bytes.
    #[cfg(feature = "serde")]
    pub(crate) fn of_elements(dtype: DType, bytes: &'a [u8]) -> Result<NdArray<'a>> {
        let len = bytes.len() as u64 / dtype.itemsize().max(1);
        Ok(NdArray {
            dtype,
            layout: Layout::contiguous(IxDyn(&[len as usize]), false)?,
            data: Bytes::raw(Payload::Borrowed(bytes)),
            kind: ArrayKind::NdArray,
            writable: false,
            extra: None,
        })
    }

    /// The payload of the data, and whether it is text of the bytes' latin-1 characters.
    ///
    /// # Errors
    ///
    /// Where the data is the beginning of a text: category `Io`, `Data` for a text that spells no bytes.
    pub(crate) fn spelled_data(&self) -> Result<(Payload<'a>, bool)> {
        match self.data.is_start() {
            true => Ok((Payload::from(self.data.to_vec()?), false)),
            false => Ok(self.data.spelled()),
        }
    }

    /// Of an array made from Rust in another order: the elements in C order.
    pub(crate) fn in_c_order(&self) -> Option<Payload<'a>> {
        self.extra.as_ref()?.ordered.clone()
    }

    /// Of an array made from Rust: the layout and the bytes that it has where no other order than C and F can be written.
    ///
    /// # Errors
    ///
    /// None for arrays that exist.
    #[cfg(feature = "serde")]
    pub(crate) fn in_c_or_f_order(&self) -> Result<(Layout, Payload<'a>)> {
        match self.in_c_order() {
            Some(payload) => Ok((Layout::contiguous(IxDyn(self.shape()), false)?, payload)),
            None => Ok((self.layout.clone(), self.spelled_data()?.0)),
        }
    }

    /// An array of these bytes.
    pub(crate) fn of_payload(dtype: DType, layout: Layout, payload: Payload<'a>) -> NdArray<'a> {
        NdArray {
            dtype,
            layout,
            data: Bytes::raw(payload),
            kind: ArrayKind::NdArray,
            writable: true,
            extra: None,
        }
    }

    /// Whether NumPy would have to gather the elements: it does not hand over such memory.
    pub(crate) fn is_gathered(&self) -> bool {
        self.extra.as_ref().is_some_and(|extra| extra.gathered)
    }

    pub(super) fn objects(&self) -> Option<Objects> {
        self.extra.as_ref()?.objects
    }

    pub(super) fn column(&self) -> Option<&Column> {
        self.extra.as_ref()?.column.as_ref()
    }

    /// The data without gaps between the elements.
    ///
    /// # Errors
    ///
    /// Category `Io`; `Unsupported` for arrays of objects.
    pub(super) fn dense(&self) -> Result<Cow<'_, Bytes<'a>>> {
        if self.objects().is_some() {
            return Err(Error::unsupported(format!(
                "the elements of {self} are Python objects; Node::elements has them"
            )));
        }
        match self.column() {
            Some(column) => {
                let gathered = column.gather(&self.data, &self.dtype, &self.layout)?;
                Ok(Cow::Owned(gathered))
            }
            None => Ok(Cow::Borrowed(&self.data)),
        }
    }

    /// The elements' bytes in C order and the dtype's byte order.
    ///
    /// # Errors
    ///
    /// Category `Io`; `Unsupported` for arrays of objects.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        let bytes = self.dense()?.to_vec()?;
        let itemsize = self.dtype.itemsize() as usize;
        if self.order() == Order::C || itemsize == 0 {
            return Ok(bytes);
        }
        let mut ordered = Vec::with_capacity(bytes.len());
        self.layout.positions(|position| {
            ordered.extend_from_slice(&bytes[position * itemsize..][..itemsize])
        });
        Ok(ordered)
    }

    fn check_type<T: Element>(&self) -> Result<()> {
        T::check(&self.dtype)
            .map_err(|expected| Error::data(format!("expected {expected}, found {self}")))
    }

    fn wrong_rank<D: Dimension>(&self) -> Error {
        match D::NDIM {
            Some(rank) => Error::data(format!("expected {rank} dimensions, found {self}")),
            None => Error::data(format!("{self} does not fit the shape")),
        }
    }

    /// The elements in place: no copy, no allocation that grows with the array.
    ///
    /// # Errors
    ///
    /// Category `Data` for another dtype or rank, or a bool that is none; `Unsupported` where byte order, alignment or
    /// spelling forbid it, or the data is still in a file: [`to_array`](NdArray::to_array) takes those.
    pub fn view<T: Element, D: Dimension>(&self) -> Result<ArrayView<'_, T, D>> {
        self.check_type::<T>()?;
        let Some(bytes) = self.data.as_slice() else {
            return Err(Error::unsupported(format!(
                "{self} is not in memory as bytes; to_array reads it"
            )));
        };
        if let Some(column) = self.column() {
            return column.view(bytes, &self.dtype, &self.layout);
        }
        let shape = self
            .layout
            .to_ndarray::<D>()
            .ok_or_else(|| self.wrong_rank::<D>())?;
        ArrayView::from_shape(shape, T::view(bytes, &self.dtype)?)
            .map_err(|_| self.wrong_rank::<D>())
    }

    /// A copy of the elements, in this machine's byte order and the array's own order of axes.
    ///
    /// # Errors
    ///
    /// Category `Data` for another dtype or rank, `Io`.
    pub fn to_array<T: Element, D: Dimension>(&self) -> Result<Array<T, D>> {
        self.check_type::<T>()?;
        let shape = self
            .layout
            .to_ndarray::<D>()
            .ok_or_else(|| self.wrong_rank::<D>())?;
        Array::from_shape_vec(shape, self.elements()?).map_err(|_| self.wrong_rank::<D>())
    }

    /// The elements in stored order.
    pub(super) fn elements<T: Element>(&self) -> Result<Vec<T>> {
        let mut elements = T::zeros(self.layout.size() as usize);
        self.fill(&mut elements)?;
        Ok(elements)
    }

    fn fill<T: Element>(&self, out: &mut [T]) -> Result<()> {
        T::fill(out, &Source(&*self.dense()?))?;
        T::make_native(out, &self.dtype);
        Ok(())
    }

    /// The element of an array of one: a scalar, or an array without axes. NumPy's `item()`.
    ///
    /// # Errors
    ///
    /// Category `Data` for another dtype or another number of elements, `Io`.
    pub fn item<T: Element>(&self) -> Result<T> {
        self.check_type::<T>()?;
        let more = || Error::data(format!("expected one element, found {self}"));
        if self.size() != 1 {
            return Err(more());
        }
        self.elements::<T>()?.first().copied().ok_or_else(more)
    }

    /// Puts the elements into an array of the caller, which has the same shape. Nothing is allocated where both have their
    /// elements in the same order; the data of a file goes straight there.
    ///
    /// # Errors
    ///
    /// Category `Data` for another dtype or shape, `Io`. What the array holds after an error is not specified.
    pub fn read_into<T: Element, D: Dimension>(
        &self,
        mut out: ArrayViewMut<'_, T, D>,
    ) -> Result<()> {
        self.check_type::<T>()?;
        if out.shape() != self.shape() {
            return Err(Error::data(format!(
                "expected the shape {:?}, found {self}",
                out.shape()
            )));
        }
        match self.order() {
            Order::C if out.as_slice_mut().is_some() => {}
            Order::F if out.view_mut().reversed_axes().as_slice_mut().is_some() => {
                out = out.reversed_axes()
            }
            _ => {
                let copy: ArrayD<T> = self.to_array::<T, IxDyn>()?;
                let mut out = out.into_dyn();
                out.assign(&copy);
                return Ok(());
            }
        }
        match out.as_slice_mut() {
            Some(out) => self.fill(out),
            None => Err(self.wrong_rank::<D>()),
        }
    }

    /// The numbers converted to another type, like NumPy's `astype`: ints wrap to smaller ints, floats are cut to ints (what
    /// does not fit becomes the nearest), a complex number loses its imaginary part, everything but zero is true.
    ///
    /// # Errors
    ///
    /// Category `Data` where the elements are no numbers, or for another rank; `Io`.
    pub fn cast<T: Number, D: Dimension>(&self) -> Result<Array<T, D>> {
        let shape = self
            .layout
            .to_ndarray::<D>()
            .ok_or_else(|| self.wrong_rank::<D>())?;
        Array::from_shape_vec(shape, cast_from(self)?).map_err(|_| self.wrong_rank::<D>())
    }
}

impl fmt::Display for NdArray<'_> {
    /// Dtype and shape: `<f4 (3, 4)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (", self.dtype)?;
        for (n, len) in self.shape().iter().enumerate() {
            let comma = if n > 0 { ", " } else { "" };
            write!(f, "{comma}{len}")?;
        }
        f.write_str(if self.shape().len() == 1 { ",)" } else { ")" })
    }
}

impl fmt::Debug for NdArray<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "NdArray({:?} {self} {:?}, {} bytes)",
            self.kind,
            self.order(),
            self.nbytes()
        )
    }
}
