//! serde's accesses to what nodes hold.

use serde::de::value::UnitDeserializer;
use serde::de::{
    self, DeserializeSeed, Deserializer as _, Error as _, IntoDeserializer, Unexpected, Visitor,
};

use super::context::Context;
use super::items::{Items, Pairs};
use super::node::At;
use super::shape::{Shape, Side, plain};
use crate::error::{Error, Result};
use crate::graph::{Kind, Node};

/// The items of a sequence.
pub(super) struct Seq<'c, 'i, 'p, 'a> {
    pub(super) context: &'c mut Context,
    pub(super) items: &'i mut Items<'p, 'a>,
}

impl<'de> de::SeqAccess<'de> for Seq<'_, '_, '_, 'de> {
    type Error = Error;

    #[inline]
    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>> {
        let Some(node) = self.items.next() else {
            return Ok(None);
        };
        let value = seed.deserialize(At::new(self.context, node));
        value
            .map(Some)
            .map_err(|error| error.below(|path| self.items.step(path)))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len())
    }
}

/// The entries of a mapping.
pub(super) struct Map<'c, 'p, 'a> {
    pub(super) context: &'c mut Context,
    pub(super) pairs: Pairs<'p, 'a>,
    /// The entry whose key was taken.
    pub(super) entry: Option<(Node<'p, 'a>, Node<'p, 'a>)>,
}

impl<'de> de::MapAccess<'de> for Map<'_, '_, 'de> {
    type Error = Error;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        self.entry = self.pairs.next();
        let Some((key, _)) = self.entry else {
            return Ok(None);
        };
        let value = seed.deserialize(At::key(self.context, key));
        value
            .map(Some)
            .map_err(|error| error.below(|path| self.pairs.step(key, path)))
    }

    #[inline]
    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value> {
        let Some((key, value)) = self.entry.take() else {
            return Err(Error::data("a value was asked for before its key"));
        };
        seed.deserialize(At::new(self.context, value))
            .map_err(|error| error.below(|path| self.pairs.step(key, path)))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.pairs.len())
    }
}

/// An enum, as serde_json and serde-pickle write it: the variant's name, or a dict of it and its value; in a pickle of old
/// versions of serde-pickle a tuple of both.
pub(super) struct Enum<'c, 'p, 'a> {
    context: &'c mut Context,
    variant: Node<'p, 'a>,
    value: Option<Node<'p, 'a>>,
}

impl<'c, 'p, 'a> Enum<'c, 'p, 'a> {
    /// The name of a variant and what it holds; `None` of a node that is no enum.
    pub(super) fn parts(
        context: &mut Context,
        node: Node<'p, 'a>,
    ) -> Result<Option<(Node<'p, 'a>, Option<Node<'p, 'a>>)>> {
        Ok(match (plain(node).kind(), node.parts::<2>()) {
            (Kind::Str | Kind::Py2Str, _) => Some((node, None)),
            (_, Some((1 | 2, [Some(variant), value]))) => Some((variant, value)),
            (Kind::Tuple, _) => None,
            _ => match Shape::of(context, node, Side::Map)? {
                Shape::Map(mut pairs) if pairs.len() == 1 => {
                    (pairs.next()).map(|(variant, value)| (variant, Some(value)))
                }
                Shape::Value(value) => Some((value, None)),
                _ => None,
            },
        })
    }

    pub(super) fn new(
        context: &'c mut Context,
        variant: Node<'p, 'a>,
        value: Option<Node<'p, 'a>>,
    ) -> Self {
        Enum {
            context,
            variant,
            value,
        }
    }

    fn held(variant: Node<'_, '_>, result: Error) -> Error {
        result.below(|path| crate::graph::Step::Key(variant).write(path))
    }
}

impl<'de, 'c, 'p> de::EnumAccess<'de> for Enum<'c, 'p, 'de> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self)> {
        let variant = seed.deserialize(At::key(self.context, self.variant))?;
        Ok((variant, self))
    }
}

impl<'de> de::VariantAccess<'de> for Enum<'_, '_, 'de> {
    type Error = Error;

    fn unit_variant(self) -> Result<()> {
        match self.value {
            Some(value) if !is_unit(value) => {
                let expected = &"a variant that holds nothing";
                Err(Error::invalid_type(Unexpected::NewtypeVariant, expected))
            }
            _ => Ok(()),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value> {
        match self.value {
            Some(value) => seed
                .deserialize(At::new(self.context, value))
                .map_err(|error| Enum::held(self.variant, error)),
            // A variant that holds `()` or an `Option`.
            None => seed.deserialize(UnitDeserializer::new()),
        }
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value> {
        match self.value {
            Some(value) => At::new(self.context, value)
                .deserialize_tuple(len, visitor)
                .map_err(|error| Enum::held(self.variant, error)),
            None => Err(Error::invalid_type(Unexpected::UnitVariant, &visitor)),
        }
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        match self.value {
            Some(value) => At::new(self.context, value)
                .deserialize_struct("", fields, visitor)
                .map_err(|error| Enum::held(self.variant, error)),
            None => Err(Error::invalid_type(Unexpected::UnitVariant, &visitor)),
        }
    }
}

/// Whether a node is what `()` is written as, or the empty tuple.
pub(super) fn is_unit(node: Node<'_, '_>) -> bool {
    match node.kind() {
        Kind::None => true,
        Kind::Tuple => node.is_empty(),
        _ => false,
    }
}

/// A complex number: its two parts.
pub(super) fn complex<'de, V: Visitor<'de>>(parts: [f64; 2], visitor: V) -> Result<V::Value> {
    de::value::SeqDeserializer::new(parts.into_iter()).deserialize_any(visitor)
}

/// Bytes one by one.
pub(super) fn bytes<'de, V: Visitor<'de>>(bytes: &[u8], visitor: V) -> Result<V::Value> {
    de::value::SeqDeserializer::new(bytes.iter().copied()).deserialize_any(visitor)
}

/// A number for the types that are one inside.
pub(super) fn bits(bits: u16) -> de::value::U16Deserializer<Error> {
    bits.into_deserializer()
}
