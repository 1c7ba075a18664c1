//! Arrays of Rust that are fields, on their way out.

use std::collections::{BTreeMap, HashMap};

use ndarray::{ArrayBase, Data, Dimension};
use serde::ser::Error as _;
use serde::{Serialize, Serializer};

use super::super::hand::{self, Given};
use crate::numpy::{Element, ToNdArray as _};

/// What [`serialize`](super::serialize) takes.
pub trait SerializeArray {
    /// Writes the arrays.
    ///
    /// # Errors
    ///
    /// Those of the format.
    fn serialize_array<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;
}

/// An array in the place where serde's form is asked for: ndarray's, or itself past serde.
struct Field<'f, S: Data, D>(&'f ArrayBase<S, D>);

impl<T, S, D> Serialize for Field<'_, S, D>
where
    T: Element + Serialize,
    S: Data<Elem = T>,
    D: Dimension + Serialize,
{
    fn serialize<Se: Serializer>(&self, serializer: Se) -> Result<Se::Ok, Se::Error> {
        if !hand::is_asked() {
            return self.0.serialize(serializer);
        }
        // Of an `ArcArray` no copy, of others one in the order of memory.
        let array = self.0.to_shared().to_nd_array();
        hand::give(Given::Array(array.map_err(Se::Error::custom)?));
        serializer.serialize_unit()
    }
}

impl<T, S, D> SerializeArray for ArrayBase<S, D>
where
    T: Element + Serialize,
    S: Data<Elem = T>,
    D: Dimension + Serialize,
{
    fn serialize_array<Se: Serializer>(&self, serializer: Se) -> Result<Se::Ok, Se::Error> {
        serializer.serialize_newtype_struct(hand::ARRAY, &Field(self))
    }
}

/// What holds arrays, where serde asks for an impl.
struct Held<'f, A: ?Sized>(&'f A);

impl<A: SerializeArray + ?Sized> Serialize for Held<'_, A> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize_array(serializer)
    }
}

impl<A: SerializeArray + ?Sized> SerializeArray for &A {
    fn serialize_array<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (**self).serialize_array(serializer)
    }
}

impl<A: SerializeArray> SerializeArray for Option<A> {
    fn serialize_array<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Some(array) => serializer.serialize_some(&Held(array)),
            None => serializer.serialize_none(),
        }
    }
}

impl<A: SerializeArray> SerializeArray for [A] {
    fn serialize_array<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(Held))
    }
}

impl<A: SerializeArray> SerializeArray for Vec<A> {
    fn serialize_array<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self[..].serialize_array(serializer)
    }
}

impl<K: Serialize, A: SerializeArray, H> SerializeArray for HashMap<K, A, H> {
    fn serialize_array<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter().map(|(key, array)| (key, Held(array))))
    }
}

impl<K: Serialize, A: SerializeArray> SerializeArray for BTreeMap<K, A> {
    fn serialize_array<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter().map(|(key, array)| (key, Held(array))))
    }
}
