//! A node for serde.

use half::{bf16, f16};
use serde::de::{Deserializer, Expected, Visitor};

use super::super::class::class;
use super::super::hand;
use super::access::{self, Enum, Map, Seq};
use super::array::{self, FIELDS, Nested};
use super::block::Block;
use super::context::Context;
use super::found::found;
use super::instance;
use super::items::{Items, Pairs};
use super::number::{self, Want};
use super::shape::{Shape, Side, plain};
use super::text;
use crate::error::{Error, Result};
use crate::graph::{Kind, Node, Step};
use crate::numpy::{ElementKind, Number};
use crate::python::{self, View};

/// A node, and the run that it is read in.
pub(super) struct At<'c, 'p, 'a> {
    context: &'c mut Context,
    node: Node<'p, 'a>,
    /// Whether it is the key of a dict: bytes are the text of Python 2 then.
    is_key: bool,
}

impl<'c, 'p, 'a> At<'c, 'p, 'a> {
    #[inline]
    pub(super) fn new(context: &'c mut Context, node: Node<'p, 'a>) -> Self {
        At {
            context,
            node,
            is_key: false,
        }
    }

    #[inline]
    pub(super) fn key(context: &'c mut Context, node: Node<'p, 'a>) -> Self {
        At {
            context,
            node,
            is_key: true,
        }
    }

    #[cold]
    fn wrong(&self, expected: &dyn Expected) -> Error {
        let found = found(self.node);
        (self.node).error(format!("expected {expected}, found {found}"))
    }

    fn is_array(&self) -> bool {
        self.node.kind() == Kind::Object && self.node.array_kind().is_some()
    }

    /// Reads an array or a scalar of NumPy.
    fn array<R>(self, read: impl FnOnce(Nested<'_, '_, 'p, 'a>) -> Result<R>) -> Result<R> {
        let mode = array::mode(self.context);
        let block = Block::read(self.context, self.node, mode)?;
        self.context.enter(self.node)?;
        let result = read(Nested::new(self.context, &block));
        self.context.leave();
        result
    }

    fn seq<V: Visitor<'a>>(self, mut items: Items<'p, 'a>, visitor: V) -> Result<V::Value> {
        self.context.charge(self.node, 1 + items.len() as u64)?;
        self.context.enter(self.node)?;
        let access = Seq {
            context: self.context,
            items: &mut items,
        };
        let result = visitor.visit_seq(access);
        self.context.leave();
        match (result, items.len()) {
            (Ok(_), more @ 1..) => {
                let what = format!("{more} items more than the type takes");
                Err(self.node.error(what))
            }
            (result, _) => result,
        }
    }

    fn map<V: Visitor<'a>>(self, pairs: Pairs<'p, 'a>, visitor: V) -> Result<V::Value> {
        self.context.charge(self.node, 1 + pairs.len() as u64)?;
        self.context.enter(self.node)?;
        let access = Map {
            context: self.context,
            pairs,
            entry: None,
        };
        let result = visitor.visit_map(access);
        self.context.leave();
        result
    }

    /// A number or bool.
    #[inline]
    fn number<V: Visitor<'a>>(
        self,
        want: Want,
        visitor: V,
        of_array: impl FnOnce(Nested<'_, '_, 'p, 'a>, V) -> Result<V::Value>,
    ) -> Result<V::Value> {
        // What holds the number has paid for it. Nearly all are ints and floats, and so they go first.
        if let Some(value) = self.node.as_i64() {
            return number::small(value, want, visitor);
        }
        if let Some(value) = self.node.as_f64() {
            return visitor.visit_f64(value);
        }
        let node = plain(self.node);
        match node.kind() {
            Kind::Int => number::int(node, want, visitor),
            // Python has no other float than that of 64 bits: one of 32 bits takes the nearest.
            Kind::Float => visitor.visit_f64(node.as_f64().unwrap_or(f64::NAN)),
            Kind::Bool => visitor.visit_bool(node.as_bool() == Some(true)),
            _ if self.is_array() => self.array(|nested| of_array(nested, visitor)),
            _ => Err(self.wrong(&visitor)),
        }
    }

    /// A text.
    #[inline]
    fn text<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value> {
        let node = plain(self.node);
        match node.kind() {
            Kind::Str | Kind::Py2Str => {}
            _ if self.is_array() => return self.array(|nested| nested.deserialize_str(visitor)),
            _ => {
                return match Shape::of(self.context, node, Side::Any)? {
                    Shape::Text(view) => self.visit_text(&view, visitor),
                    Shape::Bytes(bytes) if self.is_key => self.bytes_as_text(&bytes, visitor),
                    _ => Err(self.wrong(&visitor)),
                };
            }
        }
        let len = node.byte_len().unwrap_or_default();
        self.context.charge_bytes(node, len)?;
        match node.borrowed_str() {
            Some(text) => visitor.visit_borrowed_str(text),
            None => visitor.visit_str(&node.text()?),
        }
    }

    fn visit_text<V: Visitor<'a>>(self, view: &View<'p, 'a>, visitor: V) -> Result<V::Value> {
        visitor.visit_string(text::text(self.context, self.node, view)?)
    }

    /// The key of a dict that Python 2 had as a str.
    fn bytes_as_text<V: Visitor<'a>>(
        self,
        bytes: &python::Bytes<'a>,
        visitor: V,
    ) -> Result<V::Value> {
        self.context.charge_bytes(self.node, 16 + bytes.len())?;
        let borrowed = bytes.payload().and_then(|payload| payload.as_borrowed());
        if let Some(Ok(text)) = borrowed.map(str::from_utf8) {
            return visitor.visit_borrowed_str(text);
        }
        match String::from_utf8(bytes.to_vec()?) {
            Ok(text) => visitor.visit_string(text),
            Err(_) => Err(self.node.error("a key of bytes that are no text")),
        }
    }

    /// A key that is no text, and so the name of no field: as Python tells it. serde takes a number for the place of a field.
    fn told_as_text<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value> {
        let mut subscript = String::new();
        Step::Key(self.node).write(&mut subscript);
        self.context
            .charge_bytes(self.node, subscript.len() as u64)?;
        visitor.visit_str(subscript.trim_start_matches('[').trim_end_matches(']'))
    }

    fn visit_bytes<V: Visitor<'a>>(
        self,
        bytes: &python::Bytes<'a>,
        visitor: V,
    ) -> Result<V::Value> {
        self.context.charge_bytes(self.node, 16 + bytes.len())?;
        match bytes.payload() {
            Some(payload) => match (payload.as_borrowed(), payload.as_slice()) {
                (Some(bytes), _) => visitor.visit_borrowed_bytes(bytes),
                (None, Some(bytes)) => visitor.visit_bytes(bytes),
                (None, None) => visitor.visit_byte_buf(bytes.to_vec()?),
            },
            None => visitor.visit_byte_buf(bytes.to_vec()?),
        }
    }

    /// Bytes as a sequence of numbers.
    fn bytes_as_seq<V: Visitor<'a>>(
        self,
        bytes: &python::Bytes<'a>,
        visitor: V,
    ) -> Result<V::Value> {
        self.context.charge(self.node, 1 + bytes.len())?;
        match bytes.as_slice() {
            Some(bytes) => access::bytes(bytes, visitor),
            None => access::bytes(&bytes.to_vec()?, visitor),
        }
    }

    /// A number of 16 bits, which the crate `half` takes as the bits of one. A float is rounded, as to `f32`; an int is not.
    fn half<T, V>(self, name: &'static str, visitor: V, bits: fn(T) -> u16) -> Result<V::Value>
    where
        T: Number + Into<f64>,
        V: Visitor<'a>,
    {
        if self.is_array() {
            return self.array(|nested| nested.deserialize_newtype_struct(name, visitor));
        }
        let node = plain(self.node);
        let half = match (node.kind(), node.as_f64(), node.as_i64()) {
            (_, Some(value), _) => Some(T::from_f64(value)),
            (Kind::Int, _, Some(value)) => Some(T::from_i64(value)).filter(|half| {
                let back: f64 = (*half).into();
                back == value as f64
            }),
            _ => None,
        };
        match half {
            Some(half) => visitor.visit_newtype_struct(access::bits(bits(half))),
            None if node.kind() == Kind::Int => Err(node.error(number::inexact(name))),
            None => Err(self.wrong(&name)),
        }
    }

    /// The bytes of an int of any size.
    fn big_int<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value> {
        let node = plain(self.node);
        let len = node.byte_len().unwrap_or_default();
        self.context.charge_bytes(node, 16 + len)?;
        match node.kind() {
            Kind::Int => match node.as_i64() {
                Some(value) => visitor.visit_bytes(&value.to_le_bytes()),
                None => match node.place_payload() {
                    Some(payload) => visitor.visit_byte_buf(payload.to_vec()?),
                    None => Err(self.wrong(&visitor)),
                },
            },
            _ if self.is_array() => self.array(|nested| nested.deserialize_i128(visitor)),
            _ => Err(self.wrong(&visitor)),
        }
    }
}

macro_rules! numbers {
    ($($method:ident $want:ident)*) => {$(
        #[inline]
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
            self.number(Want::$want, visitor, |nested, visitor| nested.$method(visitor))
        }
    )*};
}

impl<'de> Deserializer<'de> for At<'_, '_, 'de> {
    type Error = Error;

    numbers! {
        deserialize_bool Any
        deserialize_i8 Any
        deserialize_i16 Any
        deserialize_i32 Any
        deserialize_i64 Any
        deserialize_i128 Any
        deserialize_u8 Any
        deserialize_u16 Any
        deserialize_u32 Any
        deserialize_u64 Any
        deserialize_u128 Any
        deserialize_f32 F32
        deserialize_f64 F64
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        let node = self.node;
        match node.kind() {
            Kind::None => visitor.visit_unit(),
            Kind::Bool | Kind::Int | Kind::Float => self.deserialize_i64(visitor),
            Kind::Str => self.text(visitor),
            Kind::Py2Str => match node.text() {
                Ok(_) => self.text(visitor),
                Err(_) => self.visit_bytes(&node.bytes()?, visitor),
            },
            _ => match Shape::of(self.context, node, Side::Any)? {
                Shape::Seq(items) => self.seq(items, visitor),
                Shape::Map(pairs) => self.map(pairs, visitor),
                Shape::Bytes(bytes) => self.visit_bytes(&bytes, visitor),
                Shape::Array => self.array(|nested| nested.deserialize_any(visitor)),
                Shape::Complex(value) => access::complex([value.re, value.im], visitor),
                Shape::Text(view) => self.visit_text(&view, visitor),
                Shape::Value(value) => At::new(self.context, value).deserialize_any(visitor),
                Shape::Other => Err(self.wrong(&"a value that serde has a form for")),
            },
        }
    }

    #[inline]
    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.text(visitor)
    }

    #[inline]
    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.text(visitor)
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.text(visitor)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        let node = plain(self.node);
        match node.kind() {
            Kind::Py2Str => self.visit_bytes(&node.bytes()?, visitor),
            _ => match Shape::of(self.context, node, Side::Seq)? {
                Shape::Bytes(bytes) => self.visit_bytes(&bytes, visitor),
                Shape::Seq(items) => self.seq(items, visitor),
                Shape::Array => self.array(|nested| nested.deserialize_bytes(visitor)),
                _ => Err(self.wrong(&visitor)),
            },
        }
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_bytes(visitor)
    }

    #[inline]
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.node.is_none() {
            true => visitor.visit_none(),
            false => visitor.visit_some(self),
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match access::is_unit(self.node) {
            true => visitor.visit_unit(),
            false => Err(self.wrong(&visitor)),
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value> {
        match class(name) {
            Some(_) => {
                instance::check(self.node, name)?;
                visitor.visit_unit()
            }
            None => self.deserialize_unit(visitor),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value> {
        match name {
            hand::ARRAY if self.is_array() => array::hand_over(self.context, self.node, visitor),
            hand::ARRAY => Err(self.wrong(&visitor)),
            hand::BIG_INT => self.big_int(visitor),
            "f16" => self.half(name, visitor, f16::to_bits),
            "bf16" => self.half(name, visitor, bf16::to_bits),
            _ if class(name).is_some() => {
                instance::check(self.node, name)?;
                // What `__new__` was given, in a newtype of one value.
                let value = match Shape::of(self.context, self.node, Side::Any)? {
                    Shape::Value(value) => Some(value),
                    Shape::Seq(mut items) if items.len() == 1 => items.next(),
                    _ => None,
                };
                let Some(value) = value else {
                    return visitor.visit_newtype_struct(self);
                };
                self.context.enter(self.node)?;
                let result = visitor.visit_newtype_struct(At::new(self.context, value));
                self.context.leave();
                result
            }
            _ => visitor.visit_newtype_struct(self),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match Shape::of(self.context, self.node, Side::Seq)? {
            Shape::Seq(items) => self.seq(items, visitor),
            Shape::Array => self.array(|nested| nested.deserialize_seq(visitor)),
            Shape::Complex(value) => access::complex([value.re, value.im], visitor),
            Shape::Bytes(bytes) => self.bytes_as_seq(&bytes, visitor),
            _ => Err(self.wrong(&visitor)),
        }
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value> {
        match self.node.kind() {
            // A complex number without an imaginary part.
            Kind::Float | Kind::Int if len == 2 && self.context.cast => {
                access::complex([number::nearest(self.node), 0.0], visitor)
            }
            _ if self.is_array() => self.array(|nested| nested.deserialize_tuple(len, visitor)),
            _ => self.deserialize_seq(visitor),
        }
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        len: usize,
        visitor: V,
    ) -> Result<V::Value> {
        instance::check(self.node, name)?;
        self.deserialize_tuple(len, visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match Shape::of(self.context, self.node, Side::Map)? {
            Shape::Map(pairs) => self.map(pairs, visitor),
            Shape::Array => self.array(|nested| nested.deserialize_map(visitor)),
            _ => Err(self.wrong(&visitor)),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        instance::check(self.node, name)?;
        let is_array = name == "Array" && fields == FIELDS;
        match Shape::of(self.context, self.node, Side::Struct)? {
            Shape::Array if is_array => array::as_struct(self.context, self.node, visitor),
            // ndarray's own form, as other formats have it.
            Shape::Map(pairs) if is_array && pairs.len() != FIELDS.len() => {
                Err(self.wrong(&"an array"))
            }
            Shape::Map(pairs) => self.map(pairs, visitor),
            Shape::Seq(items) if is_array && items.len() != FIELDS.len() => {
                Err(self.wrong(&"an array"))
            }
            Shape::Seq(items) => self.seq(items, visitor),
            _ if is_array => Err(self.wrong(&"an array")),
            Shape::Array => self.array(|nested| nested.deserialize_struct(name, fields, visitor)),
            _ => Err(self.wrong(&visitor)),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        if self.is_array() {
            return self.array(|nested| nested.deserialize_enum(name, variants, visitor));
        }
        let node = self.node;
        self.context.charge(node, 1)?;
        let Some((variant, value)) = Enum::parts(self.context, node)? else {
            return Err(self.wrong(&visitor));
        };
        self.context.enter(node)?;
        let result = visitor.visit_enum(Enum::new(self.context, variant, value));
        self.context.leave();
        result
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        let node = plain(self.node);
        match node.kind() {
            Kind::Str | Kind::Py2Str => self.text(visitor),
            Kind::Bytes => self.visit_bytes(&node.bytes()?, visitor),
            Kind::Object => match Shape::of(self.context, node, Side::Any)? {
                Shape::Bytes(bytes) => self.visit_bytes(&bytes, visitor),
                Shape::Array if is_text(node) => self.text(visitor),
                _ => self.told_as_text(visitor),
            },
            _ => self.told_as_text(visitor),
        }
    }

    #[inline]
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_unit()
    }
}

/// Whether an array or a scalar of NumPy is one text.
fn is_text(node: Node<'_, '_>) -> bool {
    let array = node.array().ok().filter(|array| array.shape().is_empty());
    array.is_some_and(|array| matches!(array.dtype().kind(), ElementKind::Str | ElementKind::Bytes))
}
