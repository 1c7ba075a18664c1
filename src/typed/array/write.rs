//! Arrays of Rust that are fields, on their way out.

use std::collections::{BTreeMap, HashMap};

use ndarray::{ArrayBase, Data, Dimension};
use serde::ser::{Error as _, SerializeSeq as _};
use serde::{Serialize, Serializer};

use super::super::hand::{self, Asked, Given};
use crate::error::Error;
use crate::numpy::{Element, ToNdArray as _};
use crate::payload::Payload;
use crate::write;

/// Bytes of an array that is not copied before it is written. The writer hands over payloads from this size on as they are.
const LARGE: u64 = write::TARGET;

/// What is gathered at once of an array that is not in one piece.
const PIECE: usize = 1 << 16;

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
        let Some(asked) = hand::asked() else {
            return self.0.serialize(serializer);
        };
        if asked != Asked::Whole {
            let array = self.0.to_nd_array().map_err(Se::Error::custom)?;
            let (layout, payload) = array.in_c_or_f_order().map_err(Se::Error::custom)?;
            if payload.len() >= LARGE {
                if asked == Asked::Bytes {
                    return pieces(&payload, serializer);
                }
                hand::give(Given::Outline(array.dtype().clone(), layout, payload.len()));
                return serializer.serialize_unit();
            }
        }
        if asked != Asked::Bytes {
            // Of an `ArcArray` no copy, of others one in the order of memory.
            let array = self.0.to_shared().to_nd_array();
            hand::give(Given::Array(array.map_err(Se::Error::custom)?));
        }
        serializer.serialize_unit()
    }
}

/// Bytes as a sequence of pieces.
fn pieces<S: Serializer>(payload: &Payload<'_>, serializer: S) -> Result<S::Ok, S::Error> {
    let mut seq = serializer.serialize_seq(None)?;
    let mut failed = None;
    let result = payload.chunks(PIECE, |piece| {
        (seq.serialize_element(&Piece(piece))).map_err(|error| {
            failed = Some(error);
            Error::data("the serializer has failed")
        })
    });
    match failed {
        Some(error) => Err(error),
        None => result.map_err(S::Error::custom).and_then(|()| seq.end()),
    }
}

/// Bytes in a row.
struct Piece<'p>(&'p [u8]);

impl Serialize for Piece<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self.0)
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
