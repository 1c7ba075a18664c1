//! Arrays of Rust that are fields, on their way in.

use std::any::Any;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::hash::{BuildHasher, Hash};
use std::marker::PhantomData;

use half::{bf16, f16};
use ndarray::{ArcArray, Array, ArrayView, CowArray, Dimension, Ix1};
use num_complex::Complex;
use serde::de::{DeserializeSeed, Error as _, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::super::hand::{self, Head};
use super::told::Told;
use crate::error::{Error, Result};
use crate::numpy::{Element, NdArray, Number};

/// What [`deserialize`](super::deserialize) gives.
pub trait DeserializeArray<'de>: Sized {
    /// Reads the arrays.
    ///
    /// # Errors
    ///
    /// Those of the format.
    fn deserialize_array<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
}

impl<'de, T, D> DeserializeArray<'de> for CowArray<'de, T, D>
where
    T: Element + Deserialize<'de>,
    D: Dimension + Deserialize<'de>,
{
    /// A view where the bytes are part of the input, in this machine's byte order and aligned; else a copy.
    fn deserialize_array<De: Deserializer<'de>>(deserializer: De) -> Result<Self, De::Error> {
        let visitor = Field(PhantomData);
        deserializer.deserialize_newtype_struct(hand::ARRAY, visitor)
    }
}

impl<'de, T, D> DeserializeArray<'de> for Array<T, D>
where
    T: Element + Deserialize<'de>,
    D: Dimension + Deserialize<'de>,
{
    fn deserialize_array<De: Deserializer<'de>>(deserializer: De) -> Result<Self, De::Error> {
        Ok(CowArray::deserialize_array(deserializer)?.into_owned())
    }
}

impl<'de, T, D> DeserializeArray<'de> for ArcArray<T, D>
where
    T: Element + Deserialize<'de>,
    D: Dimension + Deserialize<'de>,
{
    fn deserialize_array<De: Deserializer<'de>>(deserializer: De) -> Result<Self, De::Error> {
        Ok(Array::deserialize_array(deserializer)?.into_shared())
    }
}

/// A newtype of an array: in a pickle the pieces of its bytes, in other formats ndarray's form.
struct Field<T, D>(PhantomData<(T, D)>);

impl<'de, T, D> Visitor<'de> for Field<T, D>
where
    T: Element + Deserialize<'de>,
    D: Dimension + Deserialize<'de>,
{
    type Value = CowArray<'de, T, D>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_newtype_struct<De: Deserializer<'de>>(
        self,
        deserializer: De,
    ) -> Result<Self::Value, De::Error> {
        // What serde keeps until it knows the type is nested sequences, of an array of a pickle. It says to be readable.
        let array = match (deserializer.is_human_readable(), D::NDIM) {
            (true, Some(rank)) => deserializer.deserialize_any(Told::new(rank))?,
            _ => Array::deserialize(deserializer)?,
        };
        Ok(array.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let Some(head) = hand::head() else {
            // A format that takes newtypes for sequences of one.
            let array: Option<Array<T, D>> = seq.next_element()?;
            return (array.map(CowArray::from)).ok_or_else(|| A::Error::invalid_length(0, &self));
        };
        let mut pieces = Pieces::<T>::new(head).map_err(A::Error::custom)?;
        while seq.next_element_seed(&mut pieces)?.is_some() {}
        pieces.finish().map_err(A::Error::custom)
    }
}

/// The bytes of an array on their way to its elements.
struct Pieces<'de, T> {
    head: Head,
    size: usize,
    elements: Vec<T>,
    /// All bytes, where they are part of the input.
    borrowed: Option<&'de [u8]>,
}

impl<'de, T: Element> Pieces<'de, T> {
    fn new(head: Head) -> Result<Self> {
        if !head.cast {
            let told = |expected| Error::data(format!("expected {expected}, found {}", head.told));
            T::check(&head.dtype).map_err(told)?;
        }
        Ok(Pieces {
            size: head.layout.size() as usize,
            elements: Vec::new(),
            borrowed: None,
            head,
        })
    }

    /// Takes the elements of whole bytes.
    fn push(&mut self, bytes: &[u8]) -> Result<()> {
        let piece = NdArray::of_elements(self.head.dtype.clone(), bytes)?;
        if T::check(&self.head.dtype).is_err() {
            let mut numbers = cast::<T>(&piece)?;
            self.elements.append(&mut numbers);
            return Ok(());
        }
        let mut elements = piece.to_array::<T, Ix1>()?.into_raw_vec_and_offset().0;
        match self.elements.is_empty() {
            true => {
                // In one piece, mostly: no copy beside the one that was made.
                elements.reserve_exact(self.size.saturating_sub(elements.len()));
                self.elements = elements;
            }
            false => self.elements.append(&mut elements),
        }
        Ok(())
    }

    fn finish<D: Dimension>(mut self) -> Result<CowArray<'de, T, D>> {
        let wrong_rank = || match D::NDIM {
            Some(rank) => Error::data(format!(
                "expected {rank} dimensions, found {}",
                self.head.told
            )),
            None => Error::data("an array that does not fit its shape"),
        };
        let Some(shape) = self.head.layout.to_ndarray::<D>() else {
            return Err(wrong_rank());
        };
        if let Some(bytes) = self.borrowed {
            let is_exact = T::check(&self.head.dtype).is_ok();
            if is_exact
                && let Ok(elements) = T::view(bytes, &self.head.dtype)
                && let Ok(view) = ArrayView::from_shape(shape.clone(), elements)
            {
                return Ok(view.into());
            }
            self.push(bytes)?;
        }
        if self.head.dtype.itemsize() == 0 {
            self.elements = T::zeros(self.size);
        }
        let array = Array::from_shape_vec(shape, self.elements);
        (array.map(CowArray::from)).map_err(|_| Error::data("an array that does not fit its shape"))
    }
}

impl<'de, T: Element> DeserializeSeed<'de> for &mut Pieces<'de, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_bytes(self)
    }
}

impl<'de, T: Element> Visitor<'de> for &mut Pieces<'de, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the bytes of an array")
    }

    fn visit_borrowed_bytes<E: serde::de::Error>(self, bytes: &'de [u8]) -> Result<(), E> {
        self.borrowed = Some(bytes);
        Ok(())
    }

    fn visit_bytes<E: serde::de::Error>(self, bytes: &[u8]) -> Result<(), E> {
        self.push(bytes).map_err(E::custom)
    }
}

/// Numbers converted to a type that is only known to be an element.
fn cast<T: Element>(piece: &NdArray<'_>) -> Result<Vec<T>> {
    macro_rules! one_of {
        ($($type:ty)*) => {$(
            if let Some(cast) = same::<T, $type>(piece) {
                return cast;
            }
        )*};
    }
    one_of!(bool i8 i16 i32 i64 u8 u16 u32 u64 f16 bf16 f32 f64 Complex<f32> Complex<f64>);
    let expected = T::dtype()?;
    Err(Error::data(format!("expected {expected}, found {piece}")))
}

/// The numbers as `N`, if that is what `T` is.
fn same<T: Element, N: Number>(piece: &NdArray<'_>) -> Option<Result<Vec<T>>> {
    let mut all: Option<Vec<T>> = None;
    let slot: &mut dyn Any = &mut all;
    let slot = slot.downcast_mut::<Option<Vec<N>>>()?;
    match piece.cast::<N, Ix1>() {
        Ok(numbers) => *slot = Some(numbers.into_raw_vec_and_offset().0),
        Err(error) => return Some(Err(error)),
    }
    all.map(Ok)
}

/// What holds arrays, where serde asks for an impl.
struct Held<A>(A);

impl<'de, A: DeserializeArray<'de>> Deserialize<'de> for Held<A> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        A::deserialize_array(deserializer).map(Held)
    }
}

impl<'de, A: DeserializeArray<'de>> DeserializeArray<'de> for Option<A> {
    fn deserialize_array<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let held: Option<Held<A>> = Deserialize::deserialize(deserializer)?;
        Ok(held.map(|held| held.0))
    }
}

impl<'de, A: DeserializeArray<'de>> DeserializeArray<'de> for Vec<A> {
    fn deserialize_array<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let held: Vec<Held<A>> = Deserialize::deserialize(deserializer)?;
        Ok(held.into_iter().map(|held| held.0).collect())
    }
}

impl<'de, K, A, H> DeserializeArray<'de> for HashMap<K, A, H>
where
    K: Deserialize<'de> + Eq + Hash,
    A: DeserializeArray<'de>,
    H: BuildHasher + Default,
{
    fn deserialize_array<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let held: HashMap<K, Held<A>, H> = Deserialize::deserialize(deserializer)?;
        Ok(held.into_iter().map(|(key, held)| (key, held.0)).collect())
    }
}

impl<'de, K, A> DeserializeArray<'de> for BTreeMap<K, A>
where
    K: Deserialize<'de> + Ord,
    A: DeserializeArray<'de>,
{
    fn deserialize_array<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let held: BTreeMap<K, Held<A>> = Deserialize::deserialize(deserializer)?;
        Ok(held.into_iter().map(|(key, held)| (key, held.0)).collect())
    }
}
