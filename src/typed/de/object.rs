//! The Python objects in an array: those of a structured array are tuples, whose dtype has the names.

use serde::de::value::StrDeserializer;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};

use super::super::step::field_step;
use super::context::Context;
use super::node::At;
use crate::error::{Error, Result};
use crate::graph::{Items, Kind, Node};
use crate::numpy::{DType, Field};

/// An element that is a Python object, or what a field of one holds.
pub(super) struct Object<'c, 'b, 'p, 'a> {
    context: &'c mut Context,
    node: Node<'p, 'a>,
    dtype: &'b DType,
}

impl<'c, 'b, 'p, 'a> Object<'c, 'b, 'p, 'a> {
    pub(super) fn new(context: &'c mut Context, node: Node<'p, 'a>, dtype: &'b DType) -> Self {
        Object {
            context,
            node,
            dtype,
        }
    }

    fn at(self) -> At<'c, 'p, 'a> {
        At::new(self.context, self.node)
    }

    /// The fields, of a tuple that has all of them.
    fn fields(&self) -> Option<&'b [Field]> {
        let fields = self.dtype.fields()?;
        let is_record = self.node.kind() == Kind::Tuple && self.node.len() == fields.len();
        is_record.then_some(&**fields)
    }

    fn by_name<V: Visitor<'a>>(self, fields: &'b [Field], visitor: V) -> Result<V::Value> {
        self.context.charge(self.node, 1 + fields.len() as u64)?;
        self.context.enter(self.node)?;
        let names = Names {
            context: self.context,
            fields: fields.iter(),
            values: self.node.items(),
            field: None,
        };
        let result = visitor.visit_map(names);
        self.context.leave();
        result
    }
}

macro_rules! named {
    ($($method:ident($($arg:ident: $type:ty),*))*) => {$(
        fn $method<V: Visitor<'de>>(self, $($arg: $type,)* visitor: V) -> Result<V::Value> {
            match self.fields() {
                Some(fields) => self.by_name(fields, visitor),
                None => self.at().$method($($arg,)* visitor),
            }
        }
    )*};
}

macro_rules! plain {
    ($($method:ident($($arg:ident: $type:ty),*))*) => {$(
        #[inline]
        fn $method<V: Visitor<'de>>(self, $($arg: $type,)* visitor: V) -> Result<V::Value> {
            self.at().$method($($arg,)* visitor)
        }
    )*};
}

impl<'de> Deserializer<'de> for Object<'_, '_, '_, 'de> {
    type Error = Error;

    named! {
        deserialize_any() deserialize_map()
        deserialize_struct(name: &'static str, fields: &'static [&'static str])
    }

    plain! {
        deserialize_bool() deserialize_i8() deserialize_i16() deserialize_i32() deserialize_i64() deserialize_i128()
        deserialize_u8() deserialize_u16() deserialize_u32() deserialize_u64() deserialize_u128()
        deserialize_f32() deserialize_f64() deserialize_char() deserialize_str() deserialize_string()
        deserialize_bytes() deserialize_byte_buf() deserialize_unit() deserialize_unit_struct(name: &'static str)
        deserialize_seq() deserialize_tuple(len: usize) deserialize_tuple_struct(name: &'static str, len: usize)
        deserialize_enum(name: &'static str, variants: &'static [&'static str]) deserialize_identifier()
        deserialize_ignored_any()
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.node.is_none() {
            true => visitor.visit_none(),
            false => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value> {
        match self.fields() {
            Some(_) => visitor.visit_newtype_struct(self),
            None => self.at().deserialize_newtype_struct(name, visitor),
        }
    }
}

/// The fields of an element, by their names.
struct Names<'c, 'b, 'p, 'a> {
    context: &'c mut Context,
    fields: std::slice::Iter<'b, Field>,
    values: Items<'p, 'a>,
    /// The field whose name was taken.
    field: Option<&'b Field>,
}

impl<'de> MapAccess<'de> for Names<'_, '_, '_, 'de> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        self.field = self.fields.next();
        let Some(field) = self.field else {
            return Ok(None);
        };
        seed.deserialize(StrDeserializer::<Error>::new(field.name()))
            .map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value> {
        let (Some(field), Some(node)) = (self.field.take(), self.values.next()) else {
            return Err(Error::data("a value was asked for before its key"));
        };
        seed.deserialize(Object::new(self.context, node, field.dtype()))
            .map_err(|error| error.below(field_step(field.name())))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.fields.len())
    }
}
