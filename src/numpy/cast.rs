//! Numbers of one type made into numbers of another.

use half::{bf16, f16};
use num_complex::Complex;

use super::array::NdArray;
use super::dtype::{ByteOrder, ElementKind, MlType};
use super::element::Element;
use super::long_double::long_doubles;
use crate::error::{Error, Result};

/// An element type that every number can be converted to.
pub trait Number: Element {
    /// From a signed int, or a bool as 0 and 1.
    fn from_i64(value: i64) -> Self;
    /// From an unsigned int.
    fn from_u64(value: u64) -> Self;
    /// From a float of any width.
    fn from_f64(value: f64) -> Self;
    /// From a complex number.
    fn from_complex(value: Complex<f64>) -> Self {
        Self::from_f64(value.re)
    }
}

macro_rules! numbers {
    ($($type:ty)*) => {$(
        impl Number for $type {
            #[inline]
            fn from_i64(value: i64) -> Self {
                value as $type
            }

            #[inline]
            fn from_u64(value: u64) -> Self {
                value as $type
            }

            #[inline]
            fn from_f64(value: f64) -> Self {
                value as $type
            }
        }
    )*};
}

numbers! { i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 }

macro_rules! wrapped {
    ($($type:ty, |$value:ident| $make:expr $(, $complex:item)?;)*) => {$(
        impl Number for $type {
            $($complex)?

            fn from_i64($value: i64) -> Self {
                let $value = $value as f64;
                $make
            }

            fn from_u64($value: u64) -> Self {
                let $value = $value as f64;
                $make
            }

            fn from_f64($value: f64) -> Self {
                $make
            }
        }
    )*};
}

wrapped! {
    f16, |value| f16::from_f64(value);
    bf16, |value| bf16::from_f64(value);
    bool, |value| value != 0.0, fn from_complex(value: Complex<f64>) -> Self {
        value.re != 0.0 || value.im != 0.0
    };
}

macro_rules! complex {
    ($($type:ty)*) => {$(
        impl Number for Complex<$type> {
            fn from_i64(value: i64) -> Self {
                Complex::new(value as $type, 0.0)
            }

            fn from_u64(value: u64) -> Self {
                Complex::new(value as $type, 0.0)
            }

            fn from_f64(value: f64) -> Self {
                Complex::new(value as $type, 0.0)
            }

            fn from_complex(value: Complex<f64>) -> Self {
                Complex::new(value.re as $type, value.im as $type)
            }
        }
    )*};
}

complex! { f32 f64 }

fn convert<S: Element, T>(array: &NdArray<'_>, f: impl Fn(S) -> T) -> Result<Vec<T>> {
    Ok(array.elements::<S>()?.into_iter().map(f).collect())
}

/// Complex numbers of two bytes a part.
fn halves<H: Into<f64>, T: Number>(array: &NdArray<'_>, part: fn([u8; 2]) -> H) -> Result<Vec<T>> {
    let is_big = array.dtype().byte_order() == ByteOrder::Big;
    let ordered = move |bytes: [u8; 2]| if is_big { [bytes[1], bytes[0]] } else { bytes };
    convert(array, move |[a, b, c, d]: [u8; 4]| {
        let part = |bytes| part(ordered(bytes)).into();
        T::from_complex(Complex::new(part([a, b]), part([c, d])))
    })
}

/// The elements of any numeric array, in stored order.
pub(super) fn cast_from<T: Number>(array: &NdArray<'_>) -> Result<Vec<T>> {
    match (array.dtype().kind(), array.dtype().itemsize()) {
        (ElementKind::Bool, _) => convert(array, |v: bool| T::from_i64(v.into())),
        (ElementKind::Int, 1) => convert(array, |v: i8| T::from_i64(v.into())),
        (ElementKind::Int, 2) => convert(array, |v: i16| T::from_i64(v.into())),
        (ElementKind::Int, 4) => convert(array, |v: i32| T::from_i64(v.into())),
        (ElementKind::Int | ElementKind::DateTime | ElementKind::TimeDelta, _) => {
            convert(array, T::from_i64)
        }
        (ElementKind::UInt, 1) => convert(array, |v: u8| T::from_u64(v.into())),
        (ElementKind::UInt, 2) => convert(array, |v: u16| T::from_u64(v.into())),
        (ElementKind::UInt, 4) => convert(array, |v: u32| T::from_u64(v.into())),
        (ElementKind::UInt, _) => convert(array, T::from_u64),
        (ElementKind::Float, 2) => convert(array, |v: f16| T::from_f64(v.into())),
        (ElementKind::BFloat16, _) => convert(array, |v: bf16| T::from_f64(v.into())),
        (ElementKind::Float, 4) => convert(array, |v: f32| T::from_f64(v.into())),
        (ElementKind::Float, _) => convert(array, T::from_f64),
        (ElementKind::Complex, 8) => convert(array, |v: Complex<f32>| {
            T::from_complex(Complex::new(v.re.into(), v.im.into()))
        }),
        (ElementKind::Complex, _) => convert(array, T::from_complex),
        (ElementKind::LongDouble, _) => {
            Ok(long_doubles(array)?.into_iter().map(T::from_f64).collect())
        }
        (ElementKind::ComplexLongDouble, _) => {
            let parts = long_doubles(array)?;
            let numbers = parts.as_chunks().0.iter();
            let numbers = numbers.map(|[re, im]| T::from_complex(Complex::new(*re, *im)));
            Ok(numbers.collect())
        }
        (ElementKind::Ml(MlType::Complex32), _) => halves(array, f16::from_le_bytes),
        (ElementKind::Ml(MlType::BComplex32), _) => halves(array, bf16::from_le_bytes),
        (ElementKind::Ml(kind), _) => {
            let numbers = convert(array, |[byte]: [u8; 1]| kind.to_f64(byte));
            let numbers: Option<Vec<f64>> = numbers?.into_iter().collect();
            Ok(numbers
                .unwrap_or_default()
                .into_iter()
                .map(T::from_f64)
                .collect())
        }
        _ => Err(Error::data(format!(
            "the elements of {array} are no numbers"
        ))),
    }
}
