//! The Rust types that are elements of arrays.

use half::{bf16, f16};
use num_complex::Complex;

use super::data::Data;
use super::dtype::{DType, ElementKind};
use crate::error::{Error, Result};

/// A Rust type that is the element of an array of one dtype.
///
/// | Rust | NumPy |
/// |---|---|
/// | `bool` | `bool` |
/// | `i8` … `i64`, `u8` … `u64` | `int8` … `uint64` |
/// | `f16`, `bf16`, `f32`, `f64` | `float16`, ml_dtypes' `bfloat16`, `float32`, `float64` |
/// | `Complex<f32>`, `Complex<f64>` | `complex64`, `complex128` |
/// | `i64` | also `datetime64`, `timedelta64`, in the dtype's unit |
/// | `[u8; N]` | `S` and `V` of N bytes |
///
/// Texts of `S` and `U` come out of [`NdArray::to_strings`](super::NdArray::to_strings).
pub trait Element: Copy + Send + Sync + std::fmt::Debug + 'static {
    /// Whether elements of this dtype, in any byte order, are this type.
    fn matches(dtype: &DType) -> bool;

    /// What an error calls this type.
    fn name() -> String;

    /// The elements in place, for bytes that have this machine's order.
    ///
    /// # Errors
    ///
    /// Category `Unsupported` where the alignment forbids it, `Data` where the bytes are no such elements.
    fn view(bytes: &[u8]) -> Result<&[Self]>;

    /// `len` zeros.
    fn zeros(len: usize) -> Vec<Self>;

    /// The element with the bytes of each of its numbers in the other order.
    fn swapped(self) -> Self;

    /// Fills `out` with the elements of `data`.
    #[doc(hidden)]
    fn fill(out: &mut [Self], data: &Source<'_, '_>) -> Result<()>;
}

/// Where elements are read from; opaque.
#[derive(Debug)]
pub struct Source<'d, 'a>(pub(crate) &'d Data<'a>);

fn misaligned(align: usize) -> Error {
    Error::unsupported(format!(
        "the data is not aligned to {align} bytes for a view; to_array copies it"
    ))
}

fn view_pod<T: bytemuck::Pod>(bytes: &[u8]) -> Result<&[T]> {
    bytemuck::try_cast_slice(bytes).map_err(|_| misaligned(align_of::<T>()))
}

macro_rules! elements {
    ($($type:ty, $name:literal, $kind:pat, $size:literal, |$value:ident| $swapped:expr;)*) => {$(
        impl Element for $type {
            fn matches(dtype: &DType) -> bool {
                matches!(dtype.kind(), $kind) && dtype.itemsize() == $size
            }

            fn name() -> String {
                $name.into()
            }

            fn view(bytes: &[u8]) -> Result<&[Self]> {
                view_pod(bytes)
            }

            fn zeros(len: usize) -> Vec<Self> {
                bytemuck::zeroed_vec(len)
            }

            #[inline]
            fn swapped(self) -> Self {
                let $value = self;
                $swapped
            }

            fn fill(out: &mut [Self], data: &Source<'_, '_>) -> Result<()> {
                data.0.read_into(bytemuck::cast_slice_mut(out))
            }
        }
    )*};
}

use ElementKind as K;

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
    f32, "float32", K::Float, 4, |v| f32::from_bits(v.to_bits().swap_bytes());
    f64, "float64", K::Float, 8, |v| f64::from_bits(v.to_bits().swap_bytes());
    Complex<f32>, "complex64", K::Complex, 8, |v| Complex::new(v.re.swapped(), v.im.swapped());
    Complex<f64>, "complex128", K::Complex, 16, |v| Complex::new(v.re.swapped(), v.im.swapped());
}

impl Element for bool {
    fn matches(dtype: &DType) -> bool {
        dtype.kind() == ElementKind::Bool
    }

    fn name() -> String {
        "bool".into()
    }

    /// NumPy takes any byte for a bool, Rust only 0 and 1: the bytes are looked at.
    fn view(bytes: &[u8]) -> Result<&[bool]> {
        bytemuck::checked::try_cast_slice(bytes)
            .map_err(|_| Error::data("a bool that is neither 0 nor 1; to_array takes it for true"))
    }

    fn zeros(len: usize) -> Vec<bool> {
        vec![false; len]
    }

    fn swapped(self) -> bool {
        self
    }

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

impl<const N: usize> Element for [u8; N] {
    fn matches(dtype: &DType) -> bool {
        matches!(dtype.kind(), ElementKind::Bytes | ElementKind::Void)
            && dtype.itemsize() == N as u64
    }

    fn name() -> String {
        format!("S{N} or V{N}")
    }

    fn view(bytes: &[u8]) -> Result<&[[u8; N]]> {
        let (elements, []) = bytes.as_chunks() else {
            return Err(misaligned(1));
        };
        Ok(elements)
    }

    fn zeros(len: usize) -> Vec<[u8; N]> {
        vec![[0; N]; len]
    }

    fn swapped(self) -> [u8; N] {
        self
    }

    fn fill(out: &mut [[u8; N]], data: &Source<'_, '_>) -> Result<()> {
        data.0.read_into(out.as_flattened_mut())
    }
}
