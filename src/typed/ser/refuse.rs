//! Serializers that take little: the rest of serde's data model is refused by one macro.

use serde::ser::Impossible;

use crate::error::{Error, Result};

/// The methods of a serializer that takes none of these.
macro_rules! refuse {
    ($($what:tt)*) => { $(crate::typed::ser::refuse::refuse_one! { $what })* };
}

macro_rules! refuse_one {
    (bool) => { $crate::typed::ser::refuse::refuse_one! { @ serialize_bool(bool) } };
    (i8) => { $crate::typed::ser::refuse::refuse_one! { @ serialize_i8(i8) } };
    (i16) => { $crate::typed::ser::refuse::refuse_one! { @ serialize_i16(i16) } };
    (i32) => { $crate::typed::ser::refuse::refuse_one! { @ serialize_i32(i32) } };
    (i64) => { $crate::typed::ser::refuse::refuse_one! { @ serialize_i64(i64) } };
    (i128) => { $crate::typed::ser::refuse::refuse_one! { @ serialize_i128(i128) } };
    (u8) => { $crate::typed::ser::refuse::refuse_one! { @ serialize_u8(u8) } };
    (u16) => { $crate::typed::ser::refuse::refuse_one! { @ serialize_u16(u16) } };
    (u32) => { $crate::typed::ser::refuse::refuse_one! { @ serialize_u32(u32) } };
    (u64) => { $crate::typed::ser::refuse::refuse_one! { @ serialize_u64(u64) } };
    (u128) => { $crate::typed::ser::refuse::refuse_one! { @ serialize_u128(u128) } };
    (f32) => { $crate::typed::ser::refuse::refuse_one! { @ serialize_f32(f32) } };
    (f64) => { $crate::typed::ser::refuse::refuse_one! { @ serialize_f64(f64) } };
    (char) => { $crate::typed::ser::refuse::refuse_one! { @ serialize_char(char) } };
    (str) => { $crate::typed::ser::refuse::refuse_one! { @ serialize_str(&str) } };
    (bytes) => { $crate::typed::ser::refuse::refuse_one! { @ serialize_bytes(&[u8]) } };
    (none) => { $crate::typed::ser::refuse::refuse_one! { @ serialize_none() } };
    (unit) => { $crate::typed::ser::refuse::refuse_one! { @ serialize_unit() } };
    (unit_struct) => { $crate::typed::ser::refuse::refuse_one! { @ serialize_unit_struct(&'static str) } };
    (unit_variant) => { $crate::typed::ser::refuse::refuse_one! { @ serialize_unit_variant(&'static str, u32, &'static str) } };
    (some) => {
        fn serialize_some<T: serde::Serialize + ?Sized>(self, _: &T) -> Result<Self::Ok> { Err(self.refused()) }
    };
    (newtype_struct) => {
        fn serialize_newtype_struct<T: serde::Serialize + ?Sized>(self, _: &'static str, _: &T) -> Result<Self::Ok> {
            Err(self.refused())
        }
    };
    (newtype_variant) => {
        fn serialize_newtype_variant<T: serde::Serialize + ?Sized>(
            self, _: &'static str, _: u32, _: &'static str, _: &T,
        ) -> Result<Self::Ok> { Err(self.refused()) }
    };
    (seq) => { $crate::typed::ser::refuse::refuse_one! { @ serialize_seq(Option<usize>) -> SerializeSeq } };
    (tuple) => { $crate::typed::ser::refuse::refuse_one! { @ serialize_tuple(usize) -> SerializeTuple } };
    (tuple_struct) => { $crate::typed::ser::refuse::refuse_one! { @ serialize_tuple_struct(&'static str, usize) -> SerializeTupleStruct } };
    (tuple_variant) => {
        $crate::typed::ser::refuse::refuse_one! { @ serialize_tuple_variant(&'static str, u32, &'static str, usize) -> SerializeTupleVariant }
    };
    (map) => { $crate::typed::ser::refuse::refuse_one! { @ serialize_map(Option<usize>) -> SerializeMap } };
    (struct) => { $crate::typed::ser::refuse::refuse_one! { @ serialize_struct(&'static str, usize) -> SerializeStruct } };
    (struct_variant) => {
        $crate::typed::ser::refuse::refuse_one! { @ serialize_struct_variant(&'static str, u32, &'static str, usize) -> SerializeStructVariant }
    };
    (@ $method:ident($($type:ty),*)) => {
        fn $method(self, $(_: $type),*) -> Result<Self::Ok> { Err(self.refused()) }
    };
    (@ $method:ident($($type:ty),*) -> $compound:ident) => {
        fn $method(self, $(_: $type),*) -> Result<Self::$compound> { Err(self.refused()) }
    };
}

pub(super) use {refuse, refuse_one};

/// The part of a serializer that has no compounds.
pub(super) type No<T> = Impossible<T, Error>;

/// Takes nothing but the end: for fields that give what they are past serde.
pub(super) struct Nothing;

impl Nothing {
    fn refused(self) -> Error {
        Error::data("a field that was asked to give itself tells serde's form")
    }
}

impl serde::Serializer for Nothing {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = No<()>;
    type SerializeTuple = No<()>;
    type SerializeTupleStruct = No<()>;
    type SerializeTupleVariant = No<()>;
    type SerializeMap = No<()>;
    type SerializeStruct = No<()>;
    type SerializeStructVariant = No<()>;

    fn serialize_unit(self) -> Result<()> {
        Ok(())
    }

    refuse! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str bytes none some unit_struct unit_variant newtype_struct
        newtype_variant seq tuple tuple_struct tuple_variant map struct struct_variant
    }
}
