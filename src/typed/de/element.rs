//! One element of an array, for serde.

use std::sync::LazyLock;

use half::{bf16, f16};
use num_complex::Complex;
use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{
    self, Deserializer, Error as _, Expected, IntoDeserializer as _, Unexpected, Visitor,
};
use serde::forward_to_deserialize_any;

use super::access;
use super::block::{Mode, native};
use super::found::{name, told};
use super::number::{self, Want};
use crate::error::{Error, Result};
use crate::numpy::strings::{text, unpadded};
use crate::numpy::{ByteOrder, DType, Element as Elements, ElementKind as K, NdArray, Number};

/// An element, or a field of one.
#[derive(Clone, Copy)]
pub(super) struct Element<'b> {
    pub(super) dtype: &'b DType,
    /// Axes of a subarray of such elements.
    pub(super) dims: &'b [u64],
    pub(super) bytes: &'b [u8],
    pub(super) mode: Mode,
    /// The array, if this is one of its elements and no part of one.
    pub(super) array: Option<&'b NdArray<'b>>,
}

/// A number as it is stored.
#[derive(Clone, Copy, Debug)]
enum Value {
    Bool(bool),
    Int(i64),
    UInt(u64),
    Half(f16),
    Brain(bf16),
    Single(f32),
    Double(f64),
    Complex(f64, f64),
    /// A point in time or a span, in a unit that the dtype has.
    Time(i64),
}

impl Value {
    fn cast<T: Number>(self) -> T {
        match self {
            Value::Bool(value) => T::from_i64(value.into()),
            Value::Int(value) | Value::Time(value) => T::from_i64(value),
            Value::UInt(value) => T::from_u64(value),
            Value::Half(value) => T::from_f64(value.into()),
            Value::Brain(value) => T::from_f64(value.into()),
            Value::Single(value) => T::from_f64(value.into()),
            Value::Double(value) => T::from_f64(value),
            Value::Complex(re, im) => T::from_complex(Complex::new(re, im)),
        }
    }

    /// Visits the number where the type that is asked for has it.
    #[inline]
    fn fits<'de, V: Visitor<'de>>(self, want: Want, visitor: V) -> Result<V::Value> {
        match self {
            Value::Bool(value) => visitor.visit_bool(value),
            Value::Int(value) => number::small(value, want, visitor),
            Value::UInt(value) => number::unsigned(value, want, visitor),
            Value::Half(value) => visitor.visit_f32(value.into()),
            Value::Brain(value) => visitor.visit_f32(value.into()),
            Value::Single(value) => visitor.visit_f32(value),
            Value::Double(value) if want == Want::F32 => {
                let single = value as f32;
                match f64::from(single) == value || value.is_nan() {
                    true => visitor.visit_f32(single),
                    false => Err(Error::data(
                        "expected f32, found a float64 that it has not exactly",
                    )),
                }
            }
            Value::Double(value) => visitor.visit_f64(value),
            Value::Complex(re, im) => access::complex([re, im], visitor),
            Value::Time(value) => visitor.visit_i64(value),
        }
    }
}

/// What the parts of complex numbers are, in either byte order.
static PARTS: LazyLock<Vec<DType>> = LazyLock::new(|| {
    let parts = ["<f4", ">f4", "<f8", ">f8"].map(str::parse);
    parts.into_iter().flatten().collect()
});

impl<'b> Element<'b> {
    #[inline]
    fn value(&self) -> Option<Value> {
        let (bytes, dtype) = (self.bytes, self.dtype);
        macro_rules! number {
            ($type:ty) => {
                <$type>::from_ne_bytes(native(bytes, dtype)?)
            };
        }
        Some(match (self.kind(), dtype.itemsize()) {
            (K::Bool, _) => Value::Bool(*bytes.first()? != 0),
            (K::Int, 1) => Value::Int(number!(i8).into()),
            (K::Int, 2) => Value::Int(number!(i16).into()),
            (K::Int, 4) => Value::Int(number!(i32).into()),
            (K::Int, 8) => Value::Int(number!(i64)),
            (K::DateTime | K::TimeDelta, 8) => Value::Time(number!(i64)),
            (K::UInt, 1) => Value::UInt(number!(u8).into()),
            (K::UInt, 2) => Value::UInt(number!(u16).into()),
            (K::UInt, 4) => Value::UInt(number!(u32).into()),
            (K::UInt, 8) => Value::UInt(number!(u64)),
            (K::Float, 2) => Value::Half(number!(f16)),
            (K::BFloat16, 2) => Value::Brain(number!(bf16)),
            (K::Float, 4) => Value::Single(number!(f32)),
            (K::Float, 8) => Value::Double(number!(f64)),
            (K::Complex, size) => {
                let [re, im] = self.parts(size)?;
                let part = |part: Element<'_>| Some(part.value()?.cast::<f64>());
                Value::Complex(part(re)?, part(im)?)
            }
            _ => return None,
        })
    }

    /// The two halves of a complex number.
    fn parts(&self, size: u64) -> Option<[Element<'b>; 2]> {
        let is_big = self.dtype.byte_order() == ByteOrder::Big;
        let dtype = PARTS.get(2 * usize::from(size == 16) + usize::from(is_big))?;
        let (re, im) = self.bytes.split_at_checked(size as usize / 2)?;
        Some([re, im].map(|bytes| Element {
            dtype,
            bytes,
            ..*self
        }))
    }

    /// An error that says what the element is.
    #[cold]
    fn wrong(&self, expected: impl std::fmt::Display) -> Error {
        let found = match self.array {
            Some(array) => told(array),
            None => name(self.dtype),
        };
        Error::data(format!("expected {expected}, found {found}"))
    }

    #[inline]
    fn check<T: Elements>(&self) -> Result<()> {
        match self.mode {
            Mode::Exact => T::check(self.dtype).map_err(|expected| self.wrong(expected)),
            Mode::Fits | Mode::Cast => Ok(()),
        }
    }

    /// A number where one of type `T` is asked for.
    #[inline]
    fn number<'de, T: Number, V: Visitor<'de>>(
        self,
        want: Want,
        visitor: V,
        visit: impl FnOnce(V, T) -> Result<V::Value>,
    ) -> Result<V::Value> {
        self.check::<T>()?;
        match self.value() {
            Some(value) if self.mode == Mode::Cast => visit(visitor, value.cast()),
            Some(Value::Time(_)) if want != Want::Any => Err(self.wrong(&visitor as &dyn Expected)),
            Some(value) => value.fits(want, visitor),
            None => self.deserialize_any(visitor),
        }
    }

    /// A number of 16 bits, which the crate `half` takes as the bits of one.
    fn half<'de, T, V>(self, visitor: V, bits: impl FnOnce(T) -> u16) -> Result<V::Value>
    where
        T: Number + PartialEq + Into<f64>,
        V: Visitor<'de>,
    {
        self.check::<T>()?;
        let Some(value) = self.value() else {
            return Err(self.wrong("a number"));
        };
        let half: T = value.cast();
        let as_f64: f64 = half.into();
        let fits = match value {
            Value::Bool(_) | Value::Complex(..) | Value::Time(_) => false,
            value => {
                let original: f64 = value.cast();
                as_f64 == original || original.is_nan()
            }
        };
        if self.mode == Mode::Fits && !fits {
            return Err(self.wrong("a number that 16 bits have exactly"));
        }
        visitor.visit_newtype_struct(access::bits(bits(half)))
    }

    fn text(&self) -> Result<String> {
        let is_text = matches!(self.kind(), K::Str | K::Bytes);
        if !is_text {
            return Err(self.wrong("a text"));
        }
        text(self.dtype, self.bytes).ok_or_else(|| Error::data("an element that is no text"))
    }

    /// The items of an array in the element, along its first axis.
    fn subarray(self) -> impl Iterator<Item = Element<'b>> {
        let (base, shape) = match (self.dims, self.dtype.subarray()) {
            ([], Some((base, shape))) => (base, shape),
            (dims, _) => (self.dtype, dims),
        };
        let (len, dims) = shape
            .split_first()
            .map_or((0, shape), |(len, dims)| (*len, dims));
        let count = dims
            .iter()
            .fold(base.itemsize(), |size, len| size.saturating_mul(*len));
        let size = count as usize;
        (0..len as usize).map_while(move |n| {
            let bytes = self.bytes.get(n.checked_mul(size)?..)?.get(..size)?;
            Some(Element {
                dtype: base,
                dims,
                bytes,
                ..self
            })
        })
    }

    /// The fields of a structured element.
    fn fields(self) -> impl Iterator<Item = (&'b str, Element<'b>)> {
        let fields = self
            .dtype
            .fields()
            .into_iter()
            .flat_map(|fields| fields.iter());
        fields.map_while(move |field| {
            let bytes = self.bytes.get(field.offset() as usize..)?;
            let element = Element {
                dtype: field.dtype(),
                bytes: bytes.get(..field.dtype().itemsize() as usize)?,
                array: None,
                ..self
            };
            Some((field.name(), element))
        })
    }

    /// The kind; axes of a subarray that are left make one.
    fn kind(&self) -> K {
        match self.dims {
            [] => self.dtype.kind(),
            _ => K::Subarray,
        }
    }
}

impl<'de, 'b> de::IntoDeserializer<'de, Error> for Element<'b> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

macro_rules! numbers {
    ($($method:ident $visit:ident $type:ty, $want:ident;)*) => {$(
        #[inline]
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
            self.number::<$type, V>(Want::$want, visitor, |visitor, value| visitor.$visit(value))
        }
    )*};
}

impl<'de> Deserializer<'de> for Element<'_> {
    type Error = Error;

    numbers! {
        deserialize_bool visit_bool bool, Any;
        deserialize_i8 visit_i8 i8, Any;
        deserialize_i16 visit_i16 i16, Any;
        deserialize_i32 visit_i32 i32, Any;
        deserialize_i64 visit_i64 i64, Any;
        deserialize_u8 visit_u8 u8, Any;
        deserialize_u16 visit_u16 u16, Any;
        deserialize_u32 visit_u32 u32, Any;
        deserialize_u64 visit_u64 u64, Any;
        deserialize_f32 visit_f32 f32, F32;
        deserialize_f64 visit_f64 f64, F64;
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        if let Some(value) = self.value() {
            return value.fits(Want::Any, visitor);
        }
        match self.kind() {
            K::Str => visitor.visit_string(self.text()?),
            K::Bytes => visitor.visit_bytes(unpadded(self.dtype, self.bytes)),
            K::Void => visitor.visit_bytes(self.bytes),
            K::Struct => self.deserialize_map(visitor),
            K::Subarray => self.deserialize_seq(visitor),
            _ => Err(self.wrong("what serde has a form for")),
        }
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_string(self.text()?)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_string(self.text()?)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_string(self.text()?)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value> {
        match name {
            "f16" => self.half(visitor, f16::to_bits),
            "bf16" => self.half(visitor, bf16::to_bits),
            _ => visitor.visit_newtype_struct(self),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.kind() {
            K::Complex => {
                let parts = self.parts(self.dtype.itemsize());
                let parts = parts.ok_or_else(|| self.wrong("two parts"))?;
                SeqDeserializer::new(parts.into_iter()).deserialize_any(visitor)
            }
            // A number where a complex one is asked for.
            _ if self.mode == Mode::Cast && self.value().is_some() => {
                let re: f64 = self.value().map_or(0.0, Value::cast);
                access::complex([re, 0.0], visitor)
            }
            K::Bytes => access::bytes(unpadded(self.dtype, self.bytes), visitor),
            K::Void => access::bytes(self.bytes, visitor),
            K::Subarray => SeqDeserializer::new(self.subarray()).deserialize_any(visitor),
            K::Struct => {
                let fields = self.fields().map(|(_, field)| field);
                SeqDeserializer::new(fields).deserialize_any(visitor)
            }
            _ => Err(self.wrong(&visitor as &dyn Expected)),
        }
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.kind() {
            K::Struct => MapDeserializer::new(self.fields()).deserialize_any(visitor),
            _ => Err(self.wrong(&visitor as &dyn Expected)),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        visitor.visit_enum(self.text()?.into_deserializer())
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_unit()
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        Err(Error::invalid_type(
            Unexpected::Other("an element"),
            &visitor,
        ))
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value> {
        self.deserialize_unit(visitor)
    }

    forward_to_deserialize_any! { i128 u128 bytes byte_buf identifier }
}
