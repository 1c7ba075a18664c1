//! A value that is told once more: only its large arrays are listened to, whose bytes go where the outline has gaps.

use std::fmt::Display;
use std::io;

use serde::Serialize;
use serde::ser;

use super::super::hand::{self, Asked};
use super::outline::Outline;
use super::refuse::{No, refuse};
use crate::error::{Error, Result};

/// Writes an outline, with the bytes of the arrays of its value.
///
/// # Errors
///
/// Those of the writer; category `Data` where the value tells other arrays than before.
pub(super) fn fill<T: Serialize + ?Sized>(
    outline: Outline,
    value: &T,
    out: &mut dyn io::Write,
) -> Result<()> {
    let mut writing = Writing {
        outline,
        filled: 0,
        written: 0,
        out,
    };
    value.serialize(Contents(&mut writing))?;
    if writing.filled < writing.outline.gaps.len() {
        return Err(changed());
    }
    writing.up_to(writing.outline.bytes.len())
}

#[cold]
fn changed() -> Error {
    Error::data("the value has other arrays now than when it was first looked at")
}

struct Writing<'o> {
    outline: Outline,
    /// Number of gaps that are filled.
    filled: usize,
    /// Number of bytes of the outline that are written.
    written: usize,
    out: &'o mut dyn io::Write,
}

impl Writing<'_> {
    fn up_to(&mut self, at: usize) -> Result<()> {
        self.out.write_all(&self.outline.bytes[self.written..at])?;
        self.written = at;
        Ok(())
    }

    /// Writes what is before the next gap, and gives its length.
    fn next_gap(&mut self) -> Result<u64> {
        let gap = self.outline.gaps.get(self.filled);
        let gap = *gap.ok_or_else(changed)?;
        self.up_to(gap.at)?;
        Ok(gap.len)
    }
}

/// Takes anything, and looks for arrays.
struct Contents<'w, 'o>(&'w mut Writing<'o>);

macro_rules! ignored {
    ($($method:ident $type:ty;)*) => {$(
        #[inline]
        fn $method(self, _: $type) -> Result<()> {
            Ok(())
        }
    )*};
}

impl serde::Serializer for Contents<'_, '_> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Self;
    type SerializeTuple = Self;
    type SerializeTupleStruct = Self;
    type SerializeTupleVariant = Self;
    type SerializeMap = Self;
    type SerializeStruct = Self;
    type SerializeStructVariant = Self;

    ignored! {
        serialize_bool bool;
        serialize_i8 i8;
        serialize_i16 i16;
        serialize_i32 i32;
        serialize_i64 i64;
        serialize_i128 i128;
        serialize_u8 u8;
        serialize_u16 u16;
        serialize_u32 u32;
        serialize_u64 u64;
        serialize_u128 u128;
        serialize_f32 f32;
        serialize_f64 f64;
        serialize_char char;
        serialize_str &str;
        serialize_bytes &[u8];
        serialize_unit_struct &'static str;
    }

    fn serialize_none(self) -> Result<()> {
        Ok(())
    }

    fn serialize_unit(self) -> Result<()> {
        Ok(())
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, _: &'static str) -> Result<()> {
        Ok(())
    }

    fn collect_str<T: Display + ?Sized>(self, _: &T) -> Result<()> {
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<()> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<()> {
        match name {
            hand::ARRAY => {
                let writing = &mut *self.0;
                match hand::ask(Asked::Bytes, || value.serialize(Array(writing))) {
                    Some((result, _)) => result,
                    None => value.serialize(self),
                }
            }
            hand::BIG_INT | hand::COMPLEX => Ok(()),
            _ => value.serialize(self),
        }
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        value: &T,
    ) -> Result<()> {
        value.serialize(self)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self> {
        Ok(self)
    }

    fn serialize_tuple(self, _: usize) -> Result<Self> {
        Ok(self)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self> {
        Ok(self)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self> {
        Ok(self)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self> {
        Ok(self)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self> {
        Ok(self)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self> {
        Ok(self)
    }
}

macro_rules! parts {
    ($($trait:ident { $($method:ident)* })*) => {$(
        impl ser::$trait for Contents<'_, '_> {
            type Ok = ();
            type Error = Error;

            $(#[inline]
            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
                value.serialize(Contents(self.0))
            })*

            fn end(self) -> Result<()> {
                Ok(())
            }
        }
    )*};
}

parts! {
    SerializeSeq { serialize_element }
    SerializeTuple { serialize_element }
    SerializeTupleStruct { serialize_field }
    SerializeTupleVariant { serialize_field }
    SerializeMap { serialize_key serialize_value }
}

macro_rules! fields {
    ($($trait:ident)*) => {$(
        impl ser::$trait for Contents<'_, '_> {
            type Ok = ();
            type Error = Error;

            #[inline]
            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                _: &'static str,
                value: &T,
            ) -> Result<()> {
                value.serialize(Contents(self.0))
            }

            fn end(self) -> Result<()> {
                Ok(())
            }
        }
    )*};
}

fields! { SerializeStruct SerializeStructVariant }

/// Takes the bytes of an array, or nothing where they are few.
struct Array<'w, 'o>(&'w mut Writing<'o>);

impl Array<'_, '_> {
    fn refused(self) -> Error {
        changed()
    }
}

impl<'w, 'o> serde::Serializer for Array<'w, 'o> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Pieces<'w, 'o>;
    type SerializeTuple = No<()>;
    type SerializeTupleStruct = No<()>;
    type SerializeTupleVariant = No<()>;
    type SerializeMap = No<()>;
    type SerializeStruct = No<()>;
    type SerializeStructVariant = No<()>;

    fn serialize_unit(self) -> Result<()> {
        Ok(())
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Pieces<'w, 'o>> {
        let left = self.0.next_gap()?;
        Ok(Pieces {
            writing: self.0,
            left,
        })
    }

    refuse! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str bytes none some unit_struct unit_variant newtype_struct
        newtype_variant tuple tuple_struct tuple_variant map struct struct_variant
    }
}

/// A gap that is being filled.
struct Pieces<'w, 'o> {
    writing: &'w mut Writing<'o>,
    /// Number of bytes that are missing.
    left: u64,
}

impl ser::SerializeSeq for Pieces<'_, '_> {
    type Ok = ();
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        value.serialize(Piece(self))
    }

    fn end(self) -> Result<()> {
        if self.left > 0 {
            return Err(changed());
        }
        self.writing.filled += 1;
        Ok(())
    }
}

/// Takes bytes alone.
struct Piece<'p, 'w, 'o>(&'p mut Pieces<'w, 'o>);

impl Piece<'_, '_, '_> {
    fn refused(self) -> Error {
        changed()
    }
}

impl serde::Serializer for Piece<'_, '_, '_> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = No<()>;
    type SerializeTuple = No<()>;
    type SerializeTupleStruct = No<()>;
    type SerializeTupleVariant = No<()>;
    type SerializeMap = No<()>;
    type SerializeStruct = No<()>;
    type SerializeStructVariant = No<()>;

    fn serialize_bytes(self, bytes: &[u8]) -> Result<()> {
        let left = self.0.left.checked_sub(bytes.len() as u64);
        self.0.left = left.ok_or_else(changed)?;
        Ok(self.0.writing.out.write_all(bytes)?)
    }

    refuse! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str none some unit unit_struct unit_variant newtype_struct
        newtype_variant seq tuple tuple_struct tuple_variant map struct struct_variant
    }
}
