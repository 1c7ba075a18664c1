//! Values of Rust become nodes.
//!
//! For the next maintainer. A value becomes nodes of a [`Builder`], or is written while it is told, where nothing else can refer
//! to it (`parts`). Arrays reach the builder whole: those `with = "ndpickle::array"` past serde (`hand`), ndarray's own form
//! element by element (`column`).

mod array;
mod column;
mod compound;
mod contents;
mod outline;
mod parts;
mod refuse;
mod single;
mod written;

pub use self::written::{to_graph, to_vec, to_writer};

use std::cell::Cell;
use std::fmt::Display;

use serde::Serialize;

use self::compound::{Fields, Items, Pairs};
use self::outline::Later;
use super::class::class;
use super::hand::{self, Asked, Given};
use super::step::field_step;
use crate::error::{Error, Result};
use crate::graph::{Builder, Id, Tag, is_single_str};
use crate::numpy::NdArray;
use crate::payload::Payload;
use crate::write::Pen;

/// Bytes of the longest text that is shared: half of what one reference pays for when it is read.
const SHARED: usize = 256;

impl serde::ser::Error for Error {
    fn custom<T: Display>(message: T) -> Self {
        Error::data(message.to_string())
    }
}

/// Makes nodes of values, with options. [`Builder::serialize`], [`to_vec`] and [`to_writer`] do without.
///
/// # Examples
///
/// ```
/// use ndpickle::{Builder, Flavour, Version, typed::Serializer, write};
/// use serde::Serialize;
/// let mut builder = Builder::new(Flavour::compat(2, Version::NEWEST)?);
/// let root = ["same", "same"].serialize(Serializer::new(&mut builder).share_strs(false))?;
/// let bytes = write::Options::new().to_vec(&builder.finish(root)?)?;
/// assert_eq!(bytes.windows(4).filter(|window| window == b"same").count(), 2);
/// # Ok::<(), ndpickle::Error>(())
/// ```
#[derive(Debug)]
pub struct Serializer<'b, 'a> {
    builder: &'b mut Builder<'a>,
    /// What writes while values are told. Without it they become nodes.
    pen: Option<&'b mut Pen<'a, 'a>>,
    share_strs: bool,
    /// Whether the value is the key of a dict, or in one: it must have a hash in Python.
    is_key: bool,
    /// Whether a sequence is a set.
    is_set: bool,
    /// The writing of a whole value that this is a part of.
    course: Option<&'b Course>,
}

/// What is known of a value that is written, beside its bytes.
#[derive(Debug, Default)]
struct Course {
    /// Where large arrays are told once more.
    later: Later,
    /// Whether a part of it failed. Whoever told the part may pass over that.
    is_spoiled: Cell<bool>,
    /// Whether an error lacks a part of its path.
    is_path_lost: Cell<bool>,
}

impl<'b, 'a> Serializer<'b, 'a> {
    /// Nodes of this builder, in the spelling of its flavour.
    pub fn new(builder: &'b mut Builder<'a>) -> Self {
        Serializer {
            builder,
            pen: None,
            share_strs: true,
            is_key: false,
            is_set: false,
            course: None,
        }
    }

    /// Whether equal texts of up to 256 bytes are one object in Python, as its own literals, names and attributes are: the pickle is
    /// smaller then. Default: yes. Longer ones are not, so that what was written is no
    /// [expansion](super::Deserializer::expansion) when it is read; nor are the keys of a map that says it has more than 1,000
    /// entries: those are data.
    pub fn share_strs(mut self, share: bool) -> Self {
        self.share_strs = share;
        self
    }

    /// The same options for another value of the same document.
    #[inline]
    fn again(&mut self) -> Serializer<'_, 'a> {
        Serializer {
            builder: self.builder,
            pen: self.pen.as_deref_mut(),
            is_set: false,
            ..*self
        }
    }

    /// The same for a part of what is made of nodes.
    fn of_nodes(&mut self) -> Serializer<'_, 'a> {
        Serializer {
            pen: None,
            ..self.again()
        }
    }

    /// Takes note that something was not written, or not all of it: what is written after it makes no pickle.
    #[cold]
    fn spoil(&mut self) {
        if let (Some(course), true) = (self.course, self.pen.is_some()) {
            course.is_spoiled.set(true);
        }
    }

    fn lose_path(&self) {
        if let Some(course) = self.course {
            course.is_path_lost.set(true);
        }
    }

    #[inline]
    fn int(self, value: i64) -> Result<Id> {
        match self.pen {
            Some(pen) => pen.told_int(value).map(|()| Id::NOWHERE),
            None => self.builder.int(value),
        }
    }

    #[inline]
    fn float(self, value: f64) -> Result<Id> {
        match self.pen {
            Some(pen) => pen.told_float(value).map(|()| Id::NOWHERE),
            None => self.builder.float(value),
        }
    }

    fn none(self) -> Result<Id> {
        match self.pen {
            Some(pen) => pen.told_none().map(|()| Id::NOWHERE),
            None => Ok(self.builder.none()),
        }
    }

    fn text(mut self, value: &str) -> Result<Id> {
        if self.share_strs && value.len() <= SHARED {
            let id = self.builder.str(value)?;
            return self.node(id);
        }
        match self.pen {
            Some(pen) if !is_single_str(value.as_bytes()) => {
                pen.told_str(value).map(|()| Id::NOWHERE)
            }
            _ => {
                let id = self.builder.new_str(value)?;
                self.node(id)
            }
        }
    }

    /// Names of fields and variants, which are words of a program.
    #[inline]
    fn word(&mut self, value: &'static str) -> Result<Id> {
        let id = self.builder.word(value)?;
        self.node(id)
    }

    /// What has no hash in Python is no key.
    fn hashable(&self, what: &str) -> Result<()> {
        match self.is_key {
            true => Err(Error::unsupported(format!(
                "{what} cannot be the key of a dict in Python"
            ))),
            false => Ok(()),
        }
    }

    /// What a field gives past serde.
    fn given<T: Serialize + ?Sized>(mut self, field: &T) -> Result<Id> {
        let later = self.course.map(|course| &course.later);
        let asked = match later {
            Some(_) => Asked::Outline,
            None => Asked::Whole,
        };
        let Some((result, given)) = hand::ask(asked, || field.serialize(refuse::Nothing)) else {
            // It tells the form of other formats: ndarray's own, which is an array too, or the text of an int.
            return field.serialize(self);
        };
        result?;
        let array = match (given, later) {
            (Some(Given::Array(array)), _) => array,
            (Some(Given::Outline(dtype, layout, len)), Some(later)) => {
                NdArray::of_payload(dtype, layout, later.payload(len))
            }
            (Some(Given::Int(bytes)), _) => return self.big_int(bytes),
            (Some(Given::Complex(value)), _) => {
                let id = self.builder.complex(value)?;
                return self.node(id);
            }
            _ => return Err(Error::data("a field that gives nothing")),
        };
        self.array(array)
    }

    fn array(&mut self, array: NdArray<'static>) -> Result<Id> {
        self.hashable("an array")?;
        let id = self.builder.array(array)?;
        self.node(id)
    }

    /// In two's complement, little-endian.
    fn big_int(&mut self, bytes: Vec<u8>) -> Result<Id> {
        let id = self.builder.big_int(Payload::from(bytes))?;
        self.node(id)
    }
}

macro_rules! ints {
    ($($method:ident $type:ty;)*) => {$(
        #[inline]
        fn $method(self, value: $type) -> Result<Id> {
            self.int(value.into())
        }
    )*};
}

impl<'b, 'a> serde::Serializer for Serializer<'b, 'a> {
    type Ok = Id;
    type Error = Error;
    type SerializeSeq = Items<'b, 'a>;
    type SerializeTuple = Items<'b, 'a>;
    type SerializeTupleStruct = Items<'b, 'a>;
    type SerializeTupleVariant = Items<'b, 'a>;
    type SerializeMap = Pairs<'b, 'a>;
    type SerializeStruct = Fields<'b, 'a>;
    type SerializeStructVariant = Fields<'b, 'a>;

    ints! {
        serialize_i8 i8;
        serialize_i16 i16;
        serialize_i32 i32;
        serialize_i64 i64;
        serialize_u8 u8;
        serialize_u16 u16;
        serialize_u32 u32;
    }

    fn serialize_bool(self, value: bool) -> Result<Id> {
        match self.pen {
            Some(pen) => pen.told_bool(value).map(|()| Id::NOWHERE),
            None => Ok(self.builder.bool(value)),
        }
    }

    fn serialize_u64(self, value: u64) -> Result<Id> {
        self.serialize_i128(value.into())
    }

    fn serialize_i128(mut self, value: i128) -> Result<Id> {
        match i64::try_from(value) {
            Ok(value) => self.int(value),
            Err(_) => self.big_int(value.to_le_bytes().to_vec()),
        }
    }

    fn serialize_u128(mut self, value: u128) -> Result<Id> {
        match i128::try_from(value) {
            Ok(value) => self.serialize_i128(value),
            Err(_) => {
                let mut bytes = value.to_le_bytes().to_vec();
                bytes.push(0);
                self.big_int(bytes)
            }
        }
    }

    fn serialize_f32(self, value: f32) -> Result<Id> {
        self.float(value.into())
    }

    fn serialize_f64(self, value: f64) -> Result<Id> {
        self.float(value)
    }

    fn serialize_char(self, value: char) -> Result<Id> {
        self.text(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<Id> {
        self.text(value)
    }

    fn serialize_bytes(mut self, value: &[u8]) -> Result<Id> {
        match self.pen {
            // Those of no byte and of one are in Python once.
            Some(pen) if value.len() > 1 => pen.told_bytes(value).map(|()| Id::NOWHERE),
            _ => {
                let id = self.builder.bytes(Payload::from(value.to_vec()))?;
                self.node(id)
            }
        }
    }

    fn serialize_none(self) -> Result<Id> {
        self.none()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Id> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Id> {
        self.none()
    }

    fn serialize_unit_struct(mut self, name: &'static str) -> Result<Id> {
        let Some(class) = class(name) else {
            return self.none();
        };
        let class = self.class(class)?;
        let args = self.begin(Tag::Tuple, Some(0))?;
        self.new_object(class, args)
    }

    fn serialize_unit_variant(
        mut self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<Id> {
        self.word(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        mut self,
        name: &'static str,
        value: &T,
    ) -> Result<Id> {
        if matches!(name, hand::ARRAY | hand::BIG_INT | hand::COMPLEX) {
            return self.given(value);
        }
        if name == hand::SET {
            self.is_set = true;
            return value.serialize(self);
        }
        if let Some(half) = single::half(name, value) {
            return self.float(half);
        }
        let Some(class) = class(name) else {
            return value.serialize(self);
        };
        let class = self.class(class)?;
        let mut args = self.begin(Tag::Tuple, Some(1))?;
        let value = value.serialize(self.item(&mut args)?)?;
        args.add(value);
        self.new_object(class, args)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        mut self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Id> {
        let dict = self.begin_variant(variant)?;
        let value = value.serialize(self.part(&dict));
        let value = value.map_err(|error| error.below(field_step(variant)))?;
        self.end_variant(dict, value)
    }

    fn serialize_seq(self, len: Option<usize>) -> Result<Items<'b, 'a>> {
        Items::list(self, len)
    }

    fn serialize_tuple(self, len: usize) -> Result<Items<'b, 'a>> {
        Items::tuple(self, len)
    }

    fn serialize_tuple_struct(self, name: &'static str, len: usize) -> Result<Items<'b, 'a>> {
        match class(name) {
            Some(class) => Items::args(self, class, len),
            None => Items::tuple(self, len),
        }
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Items<'b, 'a>> {
        Items::variant(self, variant, len)
    }

    fn serialize_map(self, len: Option<usize>) -> Result<Pairs<'b, 'a>> {
        self.hashable("a dict")?;
        Pairs::new(self, len)
    }

    fn serialize_struct(self, name: &'static str, len: usize) -> Result<Fields<'b, 'a>> {
        match class(name) {
            Some(class) => Fields::class(self, class, len),
            None => Fields::dict(self, name, len),
        }
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Fields<'b, 'a>> {
        Fields::variant(self, variant, len)
    }
}

impl Builder<'_> {
    /// The value of Rust as one of Python: see the [guide](crate::guide::typed) for which is which.
    ///
    /// # Errors
    ///
    /// Category `Unsupported` for what Python cannot have, such as a dict as a key, or an array whose elements are no numbers or
    /// texts; `Data` for those of the value's own code; `Limit`, `Io`. With a [path](Error::path).
    ///
    /// # Examples
    ///
    /// ```
    /// use ndpickle::{Builder, Flavour, Version, write};
    /// let mut builder = Builder::new(Flavour::new(5, Version::NEWEST, Version::NEWEST)?);
    /// let numbers = builder.serialize(&[1, 2])?;
    /// let root = builder.tuple(&[numbers, numbers])?; // one list in two places
    /// let bytes = write::Options::new().to_vec(&builder.finish(root)?)?;
    /// let pair: [[u8; 2]; 2] = ndpickle::from_slice(&bytes)?;
    /// assert_eq!(pair, [[1, 2], [1, 2]]);
    /// # Ok::<(), ndpickle::Error>(())
    /// ```
    pub fn serialize<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<Id> {
        value.serialize(Serializer::new(self))
    }
}
