//! An array that a format tells by itself: in ndarray's form, or as nested sequences.

use std::fmt;
use std::marker::PhantomData;

use ndarray::{Array, Dimension, IxDyn};
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// Takes either form of an array of so many axes.
pub(super) struct Told<T, D> {
    rank: usize,
    array: PhantomData<(T, D)>,
}

impl<T, D> Told<T, D> {
    pub(super) fn new(rank: usize) -> Self {
        Told {
            rank,
            array: PhantomData,
        }
    }
}

impl<'de, T, D> Visitor<'de> for Told<T, D>
where
    T: Deserialize<'de>,
    D: Dimension + Deserialize<'de>,
{
    type Value = Array<T, D>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an array of {} dimensions", self.rank)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        Array::deserialize(MapAccessDeserializer::new(map))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
        let mut lens = vec![None; self.rank];
        let mut elements = Vec::new();
        let level = Level {
            lens: &mut lens,
            elements: &mut elements,
        };
        level.visit_seq(seq)?;
        let lens: Vec<usize> = lens.into_iter().map(Option::unwrap_or_default).collect();
        let array = Array::from_shape_vec(IxDyn(&lens), elements);
        let array = array.and_then(Array::into_dimensionality);
        array.map_err(|_| A::Error::custom("sequences that are no array"))
    }
}

/// The sequences along an axis and those inside of them.
struct Level<'l, T> {
    /// How long the sequences of this axis and the next ones are, as far as there were any.
    lens: &'l mut [Option<usize>],
    elements: &'l mut Vec<T>,
}

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for Level<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        match self.lens {
            [] => {
                self.elements.push(T::deserialize(deserializer)?);
                Ok(())
            }
            _ => deserializer.deserialize_seq(self),
        }
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Level<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an array of {} dimensions more", self.lens.len())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let Some((len, inner)) = self.lens.split_first_mut() else {
            return Err(A::Error::custom("more dimensions than the array has"));
        };
        let mut n = 0;
        while let Some(()) = seq.next_element_seed(Level {
            lens: inner,
            elements: self.elements,
        })? {
            n += 1;
        }
        match *len.get_or_insert(n) == n {
            true => Ok(()),
            false => Err(A::Error::custom("sequences of unequal lengths")),
        }
    }
}
