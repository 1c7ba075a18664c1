//! Finding a dict's entry by key, with Python's equality.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, PoisonError};

use super::node::{Kind, Node};
use super::raw::Id;

/// A key to look for.
///
/// Python's equality holds: `1`, `1.0` and `True` are one key. A str also finds a Python 2 str and bytes of the same
/// bytes, so that `get("data")` works for files of either Python.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Key<'k> {
    /// A str; also finds Python 2 str and bytes.
    Str(&'k str),
    /// A Python 2 str or bytes.
    Bytes(&'k [u8]),
    /// A number.
    Int(i64),
}

impl<'k> From<&'k str> for Key<'k> {
    fn from(key: &'k str) -> Self {
        Key::Str(key)
    }
}

impl<'k> From<&'k String> for Key<'k> {
    fn from(key: &'k String) -> Self {
        Key::Str(key)
    }
}

impl<'k> From<&'k [u8]> for Key<'k> {
    fn from(key: &'k [u8]) -> Self {
        Key::Bytes(key)
    }
}

impl From<i64> for Key<'_> {
    fn from(key: i64) -> Self {
        Key::Int(key)
    }
}

impl From<i32> for Key<'_> {
    fn from(key: i32) -> Self {
        Key::Int(key.into())
    }
}

/// What a node is as a key, where it can be looked for.
pub(crate) fn key_of<'p>(node: Node<'p, '_>) -> Option<Key<'p>> {
    match node.kind() {
        Kind::Str | Kind::Py2Str | Kind::Bytes => node.raw_bytes().map(Key::Bytes),
        Kind::Bool => node.as_bool().map(|value| Key::Int(value.into())),
        Kind::Int => node.as_i64().map(Key::Int),
        // OK because a float that is no whole number of 53 bits comes back different.
        Kind::Float => node
            .as_f64()
            .filter(|value| (*value as i64) as f64 == *value)
            .map(|value| Key::Int(value as i64)),
        _ => None,
    }
}

/// Whether a node is the key.
pub(crate) fn matches(node: Node<'_, '_>, key: Key<'_>) -> bool {
    match (key_of(node), key) {
        (Some(Key::Bytes(bytes)), Key::Str(key)) => bytes == key.as_bytes(),
        (Some(Key::Bytes(bytes)), Key::Bytes(key)) => bytes == key && node.kind() != Kind::Str,
        (Some(Key::Int(value)), Key::Int(key)) => value == key,
        _ => false,
    }
}

/// Dicts below this size are searched from end to end.
const SMALL: usize = 16;

/// Hashes of keys beside the number of the entry, sorted; one for every large dict that was asked.
type Index = Arc<Vec<(u64, u32)>>;

/// The indexes made so far. Python's order of entries is untouched by them.
#[derive(Debug, Default)]
pub(crate) struct Indexes {
    hasher: RandomState,
    made: Mutex<HashMap<Id, Index>>,
}

impl Indexes {
    fn hash(&self, key: Key<'_>) -> u64 {
        match key {
            Key::Str(key) => self.hasher.hash_one(key.as_bytes()),
            Key::Bytes(key) => self.hasher.hash_one(key),
            Key::Int(key) => self.hasher.hash_one(key),
        }
    }

    fn of(&self, dict: Node<'_, '_>) -> Index {
        // A poisoned map is whole: entries are inserted in one step.
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let index = made.entry(dict.id).or_insert_with(|| {
            let keys = dict.pairs().enumerate();
            let mut index: Vec<(u64, u32)> = keys
                .filter_map(|(n, (key, _))| Some((self.hash(key_of(key)?), n as u32)))
                .collect();
            index.sort_unstable();
            Arc::new(index)
        });
        Arc::clone(index)
    }
}

pub(super) fn find<'p, 'a>(dict: Node<'p, 'a>, key: Key<'_>) -> Option<Node<'p, 'a>> {
    let pairs = dict.pairs();
    if pairs.size_hint().0 < SMALL {
        return pairs
            .filter(|(found, _)| matches(*found, key))
            .last()
            .map(|(_, value)| value);
    }
    let indexes = &dict.graph.indexes;
    let (index, hash) = (indexes.of(dict), indexes.hash(key));
    let from = index.partition_point(|(h, _)| *h < hash);
    let same = index[from..].iter().take_while(|(h, _)| *h == hash);
    // Sorted by number within a hash: the last that matches is the one that counts.
    same.filter_map(|(_, n)| dict.pairs().nth(*n as usize))
        .filter(|(found, _)| matches(*found, key))
        .last()
        .map(|(_, v)| v)
}
