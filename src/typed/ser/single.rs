//! Numbers that are looked at before it is known what they are of: the bits of `half`'s floats, the shape of an array.

use half::{bf16, f16};
use serde::Serialize;
use serde::ser;

use super::refuse::{No, refuse};
use crate::error::{Error, Result};

/// The float of 16 bits that a newtype of the crate `half` is.
pub(super) fn half<T: Serialize + ?Sized>(name: &str, value: &T) -> Option<f64> {
    let float: fn(u16) -> f64 = match name {
        "f16" => |bits| f16::from_bits(bits).into(),
        "bf16" => |bits| bf16::from_bits(bits).into(),
        _ => return None,
    };
    bits(value).map(float)
}

/// An unsigned int of 16 bits.
pub(super) fn bits<T: Serialize + ?Sized>(value: &T) -> Option<u16> {
    match value.serialize(Numbers) {
        Ok(Found::Bits(bits)) => Some(bits),
        _ => None,
    }
}

/// A length.
pub(super) fn len<T: Serialize + ?Sized>(value: &T) -> Option<usize> {
    match value.serialize(Numbers) {
        Ok(Found::Len(len)) => Some(len),
        _ => None,
    }
}

/// The lengths of axes.
pub(super) fn lens<T: Serialize + ?Sized>(value: &T) -> Option<Vec<usize>> {
    match value.serialize(Numbers) {
        Ok(Found::Lens(lens)) => Some(lens),
        _ => None,
    }
}

enum Found {
    Bits(u16),
    Len(usize),
    Lens(Vec<usize>),
}

/// Takes unsigned ints and sequences of them.
struct Numbers;

impl Numbers {
    #[cold]
    fn refused(self) -> Error {
        Error::data("no number")
    }
}

#[derive(Default)]
struct Lens(Vec<usize>);

impl Lens {
    fn push<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        self.0
            .push(len(value).ok_or_else(|| Error::data("no length"))?);
        Ok(())
    }
}

impl serde::Serializer for Numbers {
    type Ok = Found;
    type Error = Error;
    type SerializeSeq = Lens;
    type SerializeTuple = Lens;
    type SerializeTupleStruct = No<Found>;
    type SerializeTupleVariant = No<Found>;
    type SerializeMap = No<Found>;
    type SerializeStruct = No<Found>;
    type SerializeStructVariant = No<Found>;

    fn serialize_u16(self, value: u16) -> Result<Found> {
        Ok(Found::Bits(value))
    }

    fn serialize_u8(self, value: u8) -> Result<Found> {
        Ok(Found::Len(value.into()))
    }

    fn serialize_u64(self, value: u64) -> Result<Found> {
        let len = usize::try_from(value).map_err(|_| self.refused())?;
        Ok(Found::Len(len))
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Lens> {
        Ok(Lens::default())
    }

    fn serialize_tuple(self, _: usize) -> Result<Lens> {
        Ok(Lens::default())
    }

    refuse! {
        bool i8 i16 i32 i64 i128 u32 u128 f32 f64 char str bytes none some unit unit_struct unit_variant newtype_struct
        newtype_variant tuple_struct tuple_variant map struct struct_variant
    }
}

macro_rules! lens {
    ($($trait:ident)*) => {$(
        impl ser::$trait for Lens {
            type Ok = Found;
            type Error = Error;

            fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
                self.push(value)
            }

            fn end(self) -> Result<Found> {
                Ok(Found::Lens(self.0))
            }
        }
    )*};
}

lens! { SerializeSeq SerializeTuple }
