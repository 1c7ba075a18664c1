//! The Rust types that are elements of arrays.

use std::any::TypeId;

use half::{bf16, f16};
use num_complex::Complex;

use super::dtype::{ByteOrder, DType, ElementKind, ElementKind as K};
use crate::error::{Error, Result};
use crate::python::Bytes;

/// A Rust type that is the element of an array of one dtype.
///
/// | Rust | NumPy |
/// |---|---|
/// | `bool` | `bool` |
/// | `i8` … `i64`, `u8` … `u64` | `int8` … `int64`, `uint8` … `uint64` |
/// | `f16`, `bf16`, `f32`, `f64` | `float16`, ml_dtypes' `bfloat16`, `float32`, `float64` |
/// | `Complex<f32>`, `Complex<f64>` | `complex64`, `complex128` |
/// | `F32<LittleEndian>`, `I16<BigEndian>`, … of [`zerocopy::byteorder`] | the same numbers of that byte order, at any place in memory |
/// | `i64` | also `datetime64`, `timedelta64`, in the dtype's [`Unit`](super::Unit) |
/// | `[u8; N]` | the bytes of `S` and `V`, of long doubles, of the small types of ml_dtypes, of structures of N bytes |
/// | `[T; N]` | a field that is a subarray |
/// | a struct of yours | a structured dtype: see [`Record`](super::Record) |
///
/// Texts of `S`, `U` and `StringDType` come out of [`Node::to_strings`](crate::Node::to_strings).
pub trait Element: Copy + Send + Sync + std::fmt::Debug + 'static {
    /// Whether any bytes are such an element.
    const ANY_BYTES: bool = true;

    /// Whether elements of this dtype, in any byte order, are this type.
    ///
    /// # Errors
    ///
    /// What was expected, such as `int32`.
    fn check(dtype: &DType) -> std::result::Result<(), String>;

    /// The dtype that arrays of such elements are written with, in this machine's byte order. `[u8; N]` is `S`.
    ///
    /// # Errors
    ///
    /// Category `Data` for a [`Record`](super::Record) that there is no dtype of.
    fn dtype() -> Result<DType>;

    /// The elements in place.
    ///
    /// # Errors
    ///
    /// Category `Unsupported` where alignment or byte order forbid it, `Data` where the bytes are no such elements.
    fn view<'b>(bytes: &'b [u8], dtype: &DType) -> Result<&'b [Self]>;

    /// The bytes of elements, as they are in memory.
    fn bytes(elements: &[Self]) -> &[u8];

    /// `len` zeros.
    fn zeros(len: usize) -> Vec<Self>;

    /// Brings the bytes of each number, which are in the dtype's order, into that of this machine.
    fn make_native(elements: &mut [Self], dtype: &DType);

    /// Fills `out` with the elements of `data`.
    #[doc(hidden)]
    fn fill(out: &mut [Self], data: &Source<'_, '_>) -> Result<()>;
}

/// Where elements are read from; opaque.
#[derive(Debug)]
pub struct Source<'d, 'a>(pub(crate) &'d Bytes<'a>);

impl Source<'_, '_> {
    /// The bytes of elements that any bytes are.
    pub(super) fn fill_pod<T: bytemuck::Pod>(&self, out: &mut [T]) -> Result<()> {
        self.0.read_into(bytemuck::cast_slice_mut(out))
    }
}

fn misaligned(align: usize) -> Error {
    Error::unsupported(format!(
        "the data is not aligned to {align} bytes for a view; to_array copies it, numbers of zerocopy do not mind"
    ))
}

/// The elements in place, where any bytes are such elements.
pub(super) fn view_pod<'b, T: bytemuck::Pod>(bytes: &'b [u8], dtype: &DType) -> Result<&'b [T]> {
    if !dtype.is_native() {
        return Err(Error::unsupported(
            "the data is not in this machine's byte order; to_array swaps it, numbers of zerocopy have either",
        ));
    }
    bytemuck::try_cast_slice(bytes).map_err(|_| misaligned(align_of::<T>()))
}

macro_rules! elements {
    ($($type:ty, $name:literal, $own:path $(| $other:path)*, $size:literal, |$value:ident| $swapped:expr;)*) => {$(
        impl Element for $type {
            #[inline]
            fn check(dtype: &DType) -> std::result::Result<(), String> {
                match (dtype.kind(), dtype.itemsize()) {
                    ($own $(| $other)*, $size) => Ok(()),
                    _ => Err($name.into()),
                }
            }

            fn dtype() -> Result<DType> {
                Ok(DType::new($own, $size, ByteOrder::NATIVE))
            }

            #[inline]
            fn view<'b>(bytes: &'b [u8], dtype: &DType) -> Result<&'b [Self]> {
                view_pod(bytes, dtype)
            }

            fn bytes(elements: &[Self]) -> &[u8] {
                bytemuck::cast_slice(elements)
            }

            fn zeros(len: usize) -> Vec<Self> {
                bytemuck::zeroed_vec(len)
            }

            fn make_native(elements: &mut [Self], dtype: &DType) {
                if !dtype.is_native() {
                    let swap = |$value: Self| $swapped;
                    elements.iter_mut().for_each(|element| *element = swap(*element));
                }
            }

            fn fill(out: &mut [Self], data: &Source<'_, '_>) -> Result<()> {
                data.fill_pod(out)
            }
        }
    )*};
}

/// A float with its bytes in the other order.
fn swap32(value: f32) -> f32 {
    f32::from_bits(value.to_bits().swap_bytes())
}

fn swap64(value: f64) -> f64 {
    f64::from_bits(value.to_bits().swap_bytes())
}

elements! {
    i8, "int8", K::Int, 1, |v| v;
    i16, "int16", K::Int, 2, |v| v.swap_bytes();
    i32, "int32", K::Int, 4, |v| v.swap_bytes();
    i64, "int64", K::Int | K::DateTime | K::TimeDelta, 8, |v| v.swap_bytes();
    u8, "uint8", K::UInt, 1, |v| v;
    u16, "uint16", K::UInt, 2, |v| v.swap_bytes();
    u32, "uint32", K::UInt, 4, |v| v.swap_bytes();
    u64, "uint64", K::UInt, 8, |v| v.swap_bytes();
    f16, "float16", K::Float, 2, |v| f16::from_bits(v.to_bits().swap_bytes());
    bf16, "bfloat16", K::BFloat16, 2, |v| bf16::from_bits(v.to_bits().swap_bytes());
    f32, "float32", K::Float, 4, |v| swap32(v);
    f64, "float64", K::Float, 8, |v| swap64(v);
    Complex<f32>, "complex64", K::Complex, 8, |v| Complex::new(swap32(v.re), swap32(v.im));
    Complex<f64>, "complex128", K::Complex, 16, |v| Complex::new(swap64(v.re), swap64(v.im));
}

impl Element for bool {
    const ANY_BYTES: bool = false;

    fn check(dtype: &DType) -> std::result::Result<(), String> {
        match dtype.kind() {
            ElementKind::Bool => Ok(()),
            _ => Err("bool".into()),
        }
    }

    fn dtype() -> Result<DType> {
        Ok(DType::new(ElementKind::Bool, 1, ByteOrder::None))
    }

    /// NumPy takes any byte for a bool, Rust only 0 and 1: the bytes are looked at.
    fn view<'b>(bytes: &'b [u8], _: &DType) -> Result<&'b [bool]> {
        bytemuck::checked::try_cast_slice(bytes)
            .map_err(|_| Error::data("a bool that is neither 0 nor 1; to_array takes it for true"))
    }

    fn bytes(elements: &[bool]) -> &[u8] {
        bytemuck::cast_slice(elements)
    }

    fn zeros(len: usize) -> Vec<bool> {
        vec![false; len]
    }

    fn make_native(_: &mut [bool], _: &DType) {}

    fn fill(out: &mut [bool], data: &Source<'_, '_>) -> Result<()> {
        let owned;
        let bytes = match data.0.as_slice() {
            Some(bytes) => bytes,
            None => {
                owned = data.0.to_vec()?;
                &owned
            }
        };
        out.iter_mut()
            .zip(bytes)
            .for_each(|(to, byte)| *to = *byte != 0);
        Ok(())
    }
}

/// What the items of a subarray are, along its first axis: numbers, or subarrays without that axis.
fn element_of(dtype: &DType) -> Option<DType> {
    match dtype.subarray()? {
        (base, [_]) => Some(base.clone()),
        (base, [_, inner @ ..]) => DType::subarray_of(base.clone(), inner.to_vec()),
        _ => None,
    }
}

/// Whether a type is `u8`, of which arrays are bytes as they are stored.
fn is_byte<T: Element>() -> bool {
    TypeId::of::<T>() == TypeId::of::<u8>()
}

impl<T: Element, const N: usize> Element for [T; N] {
    const ANY_BYTES: bool = T::ANY_BYTES;

    fn check(dtype: &DType) -> std::result::Result<(), String> {
        match dtype.subarray() {
            Some((_, [len, ..])) if *len == N as u64 => match element_of(dtype) {
                Some(element) => T::check(&element),
                None => Err(format!("{N} elements")),
            },
            Some(_) => Err(format!("{N} elements")),
            None if !is_byte::<T>() => Err(format!("a subarray of {N} elements")),
            None => {
                let has_bytes = matches!(
                    dtype.kind(),
                    K::Bytes
                        | K::Void
                        | K::LongDouble
                        | K::ComplexLongDouble
                        | K::Ml(_)
                        | K::Struct
                ) && !dtype.has_objects();
                if has_bytes && dtype.itemsize() == N as u64 {
                    Ok(())
                } else {
                    Err(format!("{N} bytes"))
                }
            }
        }
    }

    fn dtype() -> Result<DType> {
        if is_byte::<T>() {
            return Ok(DType::new(K::Bytes, N as u64, ByteOrder::None));
        }
        let inner = T::dtype()?;
        let (base, mut shape) = match inner.subarray() {
            Some((base, shape)) => (base.clone(), shape.to_vec()),
            None => (inner, Vec::new()),
        };
        shape.insert(0, N as u64);
        DType::subarray_of(base, shape).ok_or_else(|| Error::data("a subarray that is too large"))
    }

    fn view<'b>(bytes: &'b [u8], dtype: &DType) -> Result<&'b [[T; N]]> {
        // Bytes have no order.
        let element = element_of(dtype).unwrap_or(DType::BYTES);
        let elements = T::view(bytes, &element)?;
        let (elements, []) = elements.as_chunks() else {
            return Err(misaligned(1));
        };
        Ok(elements)
    }

    fn bytes(elements: &[[T; N]]) -> &[u8] {
        T::bytes(elements.as_flattened())
    }

    fn zeros(len: usize) -> Vec<[T; N]> {
        let zeros: Option<[T; N]> = T::zeros(N).try_into().ok();
        zeros.map_or(Vec::new(), |zeros| vec![zeros; len])
    }

    fn make_native(elements: &mut [[T; N]], dtype: &DType) {
        if let Some(element) = element_of(dtype) {
            T::make_native(elements.as_flattened_mut(), &element);
        }
    }

    fn fill(out: &mut [[T; N]], data: &Source<'_, '_>) -> Result<()> {
        T::fill(out.as_flattened_mut(), data)
    }
}
