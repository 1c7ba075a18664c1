//! Fields that are the entries of a dict: `#[serde(with = "ndpickle::entries")]`.
//!
//! For a `Vec` of pairs, which keeps the order of the dict, takes keys that have no hash in Rust, and is several times as fast to
//! fill as a map; and for maps, which have room for all entries from the start: serde's own form of them grows step by step.
//! Whatever is made of pairs and gives them is taken. In other formats it is a map too.
//!
//! # Examples
//!
//! ```
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Serialize, Deserialize)]
//! struct Curve(#[serde(with = "ndpickle::entries")] Vec<(f64, f64)>);
//!
//! let bytes = ndpickle::to_vec(&Curve(vec![(0.5, 1.0), (0.0, 2.0)]))?; // {0.5: 1.0, 0.0: 2.0}
//! # assert_eq!(ndpickle::Pickle::parse(&bytes)?.root().kind(), ndpickle::Kind::Dict);
//! assert_eq!(ndpickle::from_slice::<Curve>(&bytes)?.0, [(0.5, 1.0), (0.0, 2.0)]);
//! # Ok::<(), ndpickle::Error>(())
//! ```

use std::fmt;
use std::iter::from_fn;
use std::marker::PhantomData;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Bytes of entries that room is made for before they have come. A format may claim any length.
const ROOM: usize = 64 << 20;

/// Writes entries as a dict.
///
/// # Errors
///
/// Those of the format; in a pickle category `Unsupported` for keys that have no hash in Python.
pub fn serialize<'c, C, S>(entries: &'c C, serializer: S) -> Result<S::Ok, S::Error>
where
    C: ?Sized,
    &'c C: IntoIterator<Item: Entry>,
    S: Serializer,
{
    serializer.collect_map(entries.into_iter().map(Entry::pair))
}

/// Reads the entries of a dict, in its order.
///
/// # Errors
///
/// Those of the format.
pub fn deserialize<'de, C, K, V, D>(deserializer: D) -> Result<C, D::Error>
where
    C: FromIterator<(K, V)> + IntoIterator<Item = (K, V)>,
    K: Deserialize<'de>,
    V: Deserialize<'de>,
    D: Deserializer<'de>,
{
    deserializer.deserialize_map(Entries(PhantomData))
}

/// A key and its value as collections show them.
pub trait Entry: sealed::Sealed {
    /// A reference to the key.
    type Key: Serialize;
    /// A reference to the value.
    type Value: Serialize;
    /// Both.
    fn pair(self) -> (Self::Key, Self::Value);
}

mod sealed {
    pub trait Sealed {}
    impl<K, V> Sealed for (&K, &V) {}
    impl<K, V> Sealed for &(K, V) {}
}

impl<'e, K: Serialize, V: Serialize> Entry for (&'e K, &'e V) {
    type Key = &'e K;
    type Value = &'e V;

    fn pair(self) -> (&'e K, &'e V) {
        self
    }
}

impl<'e, K: Serialize, V: Serialize> Entry for &'e (K, V) {
    type Key = &'e K;
    type Value = &'e V;

    fn pair(self) -> (&'e K, &'e V) {
        (&self.0, &self.1)
    }
}

struct Entries<C>(PhantomData<C>);

impl<'de, C, K, V> Visitor<'de> for Entries<C>
where
    C: FromIterator<(K, V)> + IntoIterator<Item = (K, V)>,
    K: Deserialize<'de>,
    V: Deserialize<'de>,
{
    type Value = C;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<C, A::Error> {
        let room = ROOM / size_of::<(K, V)>().max(1);
        let hint = map.size_hint().unwrap_or_default().min(room);
        let mut failed = None;
        let entries = from_fn(|| {
            map.next_entry().unwrap_or_else(|error| {
                failed = Some(error);
                None
            })
        });
        let made = C::from_iter(Expecting { entries, hint });
        match failed {
            Some(error) => Err(error),
            None => Ok(made),
        }
    }
}

/// An iterator that says how many items are expected: collections make room for so many.
struct Expecting<I> {
    entries: I,
    hint: usize,
}

impl<I: Iterator> Iterator for Expecting<I> {
    type Item = I::Item;

    #[inline]
    fn next(&mut self) -> Option<I::Item> {
        self.hint = self.hint.saturating_sub(1);
        self.entries.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.hint, None)
    }
}
