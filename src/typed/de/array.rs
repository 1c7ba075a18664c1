//! Arrays of NumPy for serde: nested sequences, ndarray's own struct, or dtype, layout and bytes for a field
//! `with = "ndpickle::array"`.

use serde::de::value::{BorrowedStrDeserializer, SeqDeserializer, U8Deserializer};
use serde::de::{DeserializeSeed, Deserializer, Expected, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::super::hand::{self, Head};
use super::block::{Block, Item, Mode, whole};
use super::context::Context;
use super::found::told;
use super::object::Object;
use crate::error::{Error, Result};
use crate::graph::{Node, Step};
use crate::numpy::NdArray;

/// The fields of ndarray's form.
pub(super) const FIELDS: [&str; 3] = ["v", "dim", "data"];

/// The version of ndarray's form.
const VERSION: u8 = 1;

/// How much of a file is read at once.
const STEP: u64 = 1 << 18;

/// What an array gives where no array of Rust is asked for.
pub(super) fn mode(context: &Context) -> Mode {
    if context.cast { Mode::Cast } else { Mode::Fits }
}

/// An array along its axes; one without axes is its element.
pub(super) struct Nested<'c, 'b, 'p, 'a> {
    context: &'c mut Context,
    block: &'b Block<'p, 'a>,
    shape: &'b [usize],
    /// Of the first element, in C order.
    start: usize,
}

impl<'c, 'b, 'p, 'a> Nested<'c, 'b, 'p, 'a> {
    pub(super) fn new(context: &'c mut Context, block: &'b Block<'p, 'a>) -> Self {
        Nested {
            context,
            block,
            shape: block.shape(),
            start: 0,
        }
    }

    fn axis(&mut self) -> Option<Axis<'_, 'b, 'p, 'a>> {
        let (len, inner) = self.shape.split_first()?;
        Some(Axis {
            // OK because the product without zeros was found to fit.
            step: inner.iter().product(),
            context: self.context,
            block: self.block,
            inner,
            start: self.start,
            n: 0,
            len: *len,
        })
    }
}

macro_rules! items {
    ($axes:ident: $($method:ident($($arg:ident: $type:ty),*))*) => {$(
        #[inline]
        fn $method<V: Visitor<'de>>(mut self, $($arg: $type,)* visitor: V) -> Result<V::Value> {
            if let Some(axis) = self.axis() {
                return axis.$axes(visitor);
            }
            match self.block.item(self.start)? {
                Item::Element(element) => element.$method($($arg,)* visitor),
                Item::Node(node, dtype) => Object::new(self.context, node, dtype).$method($($arg,)* visitor),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for Nested<'_, '_, '_, 'de> {
    type Error = Error;

    items! {
        visit: deserialize_any() deserialize_seq() deserialize_tuple(len: usize)
        deserialize_tuple_struct(name: &'static str, len: usize)
        deserialize_struct(name: &'static str, fields: &'static [&'static str])
    }

    items! {
        refuse: deserialize_bool() deserialize_i8() deserialize_i16() deserialize_i32() deserialize_i64()
        deserialize_i128() deserialize_u8() deserialize_u16() deserialize_u32() deserialize_u64() deserialize_u128()
        deserialize_f32() deserialize_f64() deserialize_char() deserialize_str() deserialize_string() deserialize_unit()
        deserialize_map() deserialize_identifier() deserialize_unit_struct(name: &'static str)
        deserialize_enum(name: &'static str, variants: &'static [&'static str])
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.shape {
            [] => match self.block.item(self.start)? {
                Item::Node(node, dtype) => {
                    Object::new(self.context, node, dtype).deserialize_option(visitor)
                }
                Item::Element(_) => visitor.visit_some(self),
            },
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value> {
        match self.shape {
            [] => match self.block.item(self.start)? {
                Item::Element(element) => element.deserialize_newtype_struct(name, visitor),
                Item::Node(node, dtype) => {
                    Object::new(self.context, node, dtype).deserialize_newtype_struct(name, visitor)
                }
            },
            _ => visitor.visit_newtype_struct(self),
        }
    }

    fn deserialize_bytes<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value> {
        match self.shape {
            [] => match self.block.item(self.start)? {
                Item::Element(element) => element.deserialize_bytes(visitor),
                Item::Node(node, dtype) => {
                    Object::new(self.context, node, dtype).deserialize_bytes(visitor)
                }
            },
            _ => match (self.block.as_bytes(), self.axis()) {
                (Some(bytes), _) => visitor.visit_bytes(&bytes),
                (None, Some(axis)) => axis.visit(visitor),
                (None, None) => Err(Error::data("an array without axes")),
            },
        }
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_bytes(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_unit()
    }
}

/// The items along an axis.
struct Axis<'c, 'b, 'p, 'a> {
    context: &'c mut Context,
    block: &'b Block<'p, 'a>,
    inner: &'b [usize],
    start: usize,
    step: usize,
    n: usize,
    len: usize,
}

impl Axis<'_, '_, '_, '_> {
    /// Nothing of one piece is asked of several elements.
    #[cold]
    fn refuse<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        let (expected, found) = (&visitor as &dyn Expected, self.block.told());
        Err(Error::data(format!("expected {expected}, found {found}")))
    }

    fn visit<'de, V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value>
    where
        Self: SeqAccess<'de, Error = Error>,
    {
        let value = visitor.visit_seq(&mut self)?;
        match self.n < self.len {
            true => Err(Error::data(format!(
                "expected {} items, found {}",
                self.n,
                self.block.told()
            ))),
            false => Ok(value),
        }
    }
}

impl<'de> SeqAccess<'de> for Axis<'_, '_, '_, 'de> {
    type Error = Error;

    #[inline]
    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>> {
        if self.n == self.len {
            return Ok(None);
        }
        let n = self.n;
        self.n += 1;
        let nested = Nested {
            context: self.context,
            block: self.block,
            shape: self.inner,
            start: self.start + n * self.step,
        };
        let value = seed.deserialize(nested);
        value
            .map(Some)
            .map_err(|error| error.below(|path| Step::Index(n).write(path)))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.len - self.n)
    }
}

/// ndarray's own form of an array, `Array {v, dim, data}`: the elements in C order, of exactly the dtype that their type is.
pub(super) fn as_struct<'de, V: Visitor<'de>>(
    context: &mut Context,
    node: Node<'_, 'de>,
    visitor: V,
) -> Result<V::Value> {
    let mode = if context.cast {
        Mode::Cast
    } else {
        Mode::Exact
    };
    let block = Block::read(context, node, mode)?;
    context.enter(node)?;
    let form = Form {
        context,
        block: &block,
        field: 0,
    };
    let result = visitor.visit_map(form);
    context.leave();
    result
}

struct Form<'c, 'b, 'p, 'a> {
    context: &'c mut Context,
    block: &'b Block<'p, 'a>,
    field: usize,
}

impl<'de> MapAccess<'de> for Form<'_, '_, '_, 'de> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        let Some(key) = FIELDS.get(self.field) else {
            return Ok(None);
        };
        self.field += 1;
        seed.deserialize(BorrowedStrDeserializer::new(key))
            .map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value> {
        match self.field {
            1 => seed.deserialize(U8Deserializer::<Error>::new(VERSION)),
            2 => seed.deserialize(Shape(self.block)),
            _ => seed.deserialize(Flat {
                context: self.context,
                block: self.block,
                n: 0,
            }),
        }
    }
}

/// The lengths of the axes.
struct Shape<'b, 'p, 'a>(&'b Block<'p, 'a>);

impl<'de> Deserializer<'de> for Shape<'_, '_, '_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        let lens = self.0.shape().iter().copied();
        SeqDeserializer::new(lens).deserialize_any(visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value> {
        if self.0.shape().len() != len {
            let found = self.0.told();
            return Err(Error::data(format!(
                "expected {len} dimensions, found {found}"
            )));
        }
        self.deserialize_any(visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple_struct map struct enum identifier ignored_any
    }
}

/// All elements one after the other.
struct Flat<'c, 'b, 'p, 'a> {
    context: &'c mut Context,
    block: &'b Block<'p, 'a>,
    n: usize,
}

impl<'de> Deserializer<'de> for Flat<'_, '_, '_, 'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_seq(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de> SeqAccess<'de> for Flat<'_, '_, '_, 'de> {
    type Error = Error;

    #[inline]
    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>> {
        if self.n == self.block.size() {
            return Ok(None);
        }
        let n = self.n;
        self.n += 1;
        let value = match self.block.item(n)? {
            // An error is about the array: all elements are of one type.
            Item::Element(element) => seed.deserialize(element)?,
            Item::Node(node, dtype) => {
                (seed.deserialize(Object::new(self.context, node, dtype)))
                    .map_err(|error| error.below(|path| Step::Flat(n).write(path)))?
            }
        };
        Ok(Some(value))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.block.size() - self.n)
    }
}

/// Hands an array to a field `with = "ndpickle::array"`: dtype and layout past serde, the bytes in stored order as a sequence
/// of pieces, each of whole elements.
pub(super) fn hand_over<'de, V: Visitor<'de>>(
    context: &mut Context,
    node: Node<'_, 'de>,
    visitor: V,
) -> Result<V::Value> {
    let array = whole(node)?;
    context.charge_bytes(node, array.nbytes().saturating_add(array.size()))?;
    let head = Head {
        dtype: array.dtype().clone(),
        layout: array.layout().clone(),
        told: told(&array),
        cast: context.cast,
    };
    hand::with_head(head, || {
        visitor.visit_seq(Pieces {
            array: &array,
            done: 0,
        })
    })
}

/// The bytes of an array in stored order.
struct Pieces<'b, 'a> {
    array: &'b NdArray<'a>,
    done: u64,
}

impl<'de> SeqAccess<'de> for Pieces<'_, 'de> {
    type Error = Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>> {
        let len = self.array.nbytes();
        if self.array.dtype().has_objects() || self.done >= len {
            return Ok(None);
        }
        let payload = self.array.payload();
        if let Some(payload) = payload.filter(|payload| payload.as_slice().is_none()) {
            let itemsize = self.array.dtype().itemsize();
            // OK because an array with bytes has elements of some size.
            let step = (STEP / itemsize).max(1) * itemsize;
            let mut piece = vec![0; (len - self.done).min(step) as usize];
            payload.read_at(&mut piece, self.done)?;
            self.done += piece.len() as u64;
            return seed.deserialize(Bytes(&piece)).map(Some);
        }
        self.done = len;
        if let Some(bytes) = payload.and_then(|payload| payload.as_borrowed()) {
            let bytes = serde::de::value::BorrowedBytesDeserializer::new(bytes);
            return seed.deserialize(bytes).map(Some);
        }
        let spelled;
        let bytes = match payload.and_then(|payload| payload.as_slice()) {
            Some(bytes) => bytes,
            None => {
                spelled = self.array.stored_bytes()?;
                &spelled
            }
        };
        seed.deserialize(Bytes(bytes)).map(Some)
    }
}

/// Bytes that live as long as the call.
struct Bytes<'b>(&'b [u8]);

impl<'de> Deserializer<'de> for Bytes<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_bytes(self.0)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}
