//! The elements of an array of ndarray, gathered one by one: the first says of which dtype all are.

use half::{bf16, f16};
use num_complex::Complex;
use serde::Serialize;
use serde::ser;

use super::array::shaped;
use super::refuse::{No, refuse};
use super::single;
use crate::error::{Error, Result};
use crate::numpy::{NdArray, ToNdArray as _};

macro_rules! columns {
    ($($variant:ident $type:ty;)*) => {
        /// Elements of one type.
        #[derive(Debug)]
        pub(super) enum Column {
            /// None yet, and how many are to come.
            Empty(usize),
            Strs(Vec<String>),
            $($variant(Vec<$type>),)*
        }

        impl Column {
            /// The array of this shape.
            pub(super) fn into_array(self, lens: &[usize]) -> Result<NdArray<'static>> {
                match self {
                    Column::Empty(_) => Err(Error::unsupported(
                        "an array without elements does not tell its dtype; with = \"ndpickle::array\" does",
                    )),
                    Column::Strs(texts) => NdArray::of_strs(&shaped(lens, texts)?),
                    $(Column::$variant(elements) => shaped(lens, elements)?.to_nd_array(),)*
                }
            }
        }

        $(impl From<Vec<$type>> for Column {
            fn from(elements: Vec<$type>) -> Column {
                Column::$variant(elements)
            }
        }

        impl Like<$type> for Column {
            #[inline]
            fn same(&mut self) -> Option<&mut Vec<$type>> {
                match self {
                    Column::$variant(elements) => Some(elements),
                    _ => None,
                }
            }
        })*
    };
}

/// A column that may be of this type.
trait Like<T> {
    fn same(&mut self) -> Option<&mut Vec<T>>;
}

columns! {
    Bool bool;
    I8 i8;
    I16 i16;
    I32 i32;
    I64 i64;
    U8 u8;
    U16 u16;
    U32 u32;
    U64 u64;
    F16 f16;
    BF16 bf16;
    F32 f32;
    F64 f64;
    C64 Complex<f32>;
    C128 Complex<f64>;
}

impl Column {
    /// The elements of a sequence.
    pub(super) fn of<T: Serialize + ?Sized>(value: &T) -> Result<Column> {
        value.serialize(Sequence)
    }

    #[inline]
    fn push<T>(&mut self, value: T) -> Result<()>
    where
        Column: Like<T> + From<Vec<T>>,
    {
        if let Some(elements) = self.same() {
            elements.push(value);
            return Ok(());
        }
        self.begin(value)
    }

    #[cold]
    fn begin<T>(&mut self, value: T) -> Result<()>
    where
        Column: From<Vec<T>>,
    {
        let Column::Empty(len) = *self else {
            return Err(Error::unsupported(
                "an array whose elements are of several types",
            ));
        };
        let mut elements = Vec::with_capacity(len.min(1 << 20));
        elements.push(value);
        *self = elements.into();
        Ok(())
    }
}

#[cold]
fn no_dtype() -> Error {
    Error::unsupported(
        "an array whose elements are no numbers and no texts; with = \"ndpickle::array\" takes records",
    )
}

/// The elements, one after the other.
struct Sequence;

impl Sequence {
    fn refused(self) -> Error {
        no_dtype()
    }
}

impl serde::Serializer for Sequence {
    type Ok = Column;
    type Error = Error;
    type SerializeSeq = Column;
    type SerializeTuple = No<Column>;
    type SerializeTupleStruct = No<Column>;
    type SerializeTupleVariant = No<Column>;
    type SerializeMap = No<Column>;
    type SerializeStruct = No<Column>;
    type SerializeStructVariant = No<Column>;

    fn serialize_seq(self, len: Option<usize>) -> Result<Column> {
        Ok(Column::Empty(len.unwrap_or_default()))
    }

    refuse! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str bytes none some unit unit_struct unit_variant
        newtype_struct newtype_variant tuple tuple_struct tuple_variant map struct struct_variant
    }
}

impl ser::SerializeSeq for Column {
    type Ok = Column;
    type Error = Error;

    #[inline]
    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        value.serialize(Element(self))
    }

    fn end(self) -> Result<Column> {
        Ok(self)
    }
}

/// One element.
struct Element<'c>(&'c mut Column);

impl Element<'_> {
    fn refused(self) -> Error {
        no_dtype()
    }
}

macro_rules! numbers {
    ($($method:ident $type:ty;)*) => {$(
        #[inline]
        fn $method(self, value: $type) -> Result<()> {
            self.0.push(value)
        }
    )*};
}

impl<'c> serde::Serializer for Element<'c> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = No<()>;
    type SerializeTuple = Pair<'c>;
    type SerializeTupleStruct = No<()>;
    type SerializeTupleVariant = No<()>;
    type SerializeMap = No<()>;
    type SerializeStruct = No<()>;
    type SerializeStructVariant = No<()>;

    numbers! {
        serialize_bool bool;
        serialize_i8 i8;
        serialize_i16 i16;
        serialize_i32 i32;
        serialize_i64 i64;
        serialize_u8 u8;
        serialize_u16 u16;
        serialize_u32 u32;
        serialize_u64 u64;
        serialize_f32 f32;
        serialize_f64 f64;
    }

    fn serialize_str(self, value: &str) -> Result<()> {
        match self.0 {
            Column::Strs(texts) => texts.push(value.to_owned()),
            Column::Empty(_) => *self.0 = Column::Strs(vec![value.to_owned()]),
            _ => return Err(self.refused()),
        }
        Ok(())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<()> {
        match (name, single::bits(value)) {
            ("f16", Some(bits)) => self.0.push(f16::from_bits(bits)),
            ("bf16", Some(bits)) => self.0.push(bf16::from_bits(bits)),
            _ => value.serialize(self),
        }
    }

    fn serialize_tuple(self, len: usize) -> Result<Pair<'c>> {
        match len {
            2 => Ok(Pair {
                column: self.0,
                parts: Column::Empty(2),
            }),
            _ => Err(self.refused()),
        }
    }

    refuse! {
        i128 u128 char bytes none some unit unit_struct unit_variant newtype_variant seq tuple_struct tuple_variant map struct
        struct_variant
    }
}

/// A complex number: a tuple of two floats.
struct Pair<'c> {
    column: &'c mut Column,
    parts: Column,
}

impl ser::SerializeTuple for Pair<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        value.serialize(Element(&mut self.parts))
    }

    fn end(self) -> Result<()> {
        match self.parts {
            Column::F32(parts) => match parts[..] {
                [re, im] => self.column.push(Complex::new(re, im)),
                _ => Err(no_dtype()),
            },
            Column::F64(parts) => match parts[..] {
                [re, im] => self.column.push(Complex::new(re, im)),
                _ => Err(no_dtype()),
            },
            _ => Err(no_dtype()),
        }
    }
}
