//! Fields that are sets: `#[serde(with = "ndpickle::set")]`.
//!
//! serde tells a set as a sequence, which Python has as a list. With this a `HashSet`, `BTreeSet` or any other sequence, also in
//! an `Option`, is a set of Python; in another set, or as a key, a frozenset. The items are what Python can hash: tuples in place
//! of lists. Other formats have their form of a sequence. To read a set needs none of this.
//!
//! # Examples
//!
//! ```
//! use std::collections::BTreeSet;
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Serialize, Deserialize)]
//! struct Tags(#[serde(with = "ndpickle::set")] BTreeSet<u8>);
//!
//! let bytes = ndpickle::to_vec(&Tags([1, 2].into()))?; // {1, 2}
//! let pickle = ndpickle::Pickle::parse(&bytes)?;
//! assert_eq!(pickle.root().kind(), ndpickle::Kind::Set);
//! assert_eq!(ndpickle::from_slice::<Tags>(&bytes)?.0.len(), 2);
//! # Ok::<(), ndpickle::Error>(())
//! ```

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::hand;

/// Writes a set.
///
/// # Errors
///
/// Those of the format; in a pickle category `Unsupported` for items that have no hash.
pub fn serialize<T: Serialize + ?Sized, S: Serializer>(
    set: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_newtype_struct(hand::SET, set)
}

/// Reads a set, or any other sequence.
///
/// # Errors
///
/// Those of the format.
pub fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    hand::newtype(hand::SET, deserializer)
}
