//! Finding a dict's entry by key, with Python's equality.

use std::collections::{BTreeSet, HashMap};
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, PoisonError};

use num_bigint::BigInt;
use num_traits::FromPrimitive as _;

use super::node::{Kind, Node};
use super::raw::Id;
use crate::names::Known;

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
    /// The key that is this node of the document, or that equals it where it is text, bytes or a number. Tuples and objects
    /// are compared by identity alone.
    Node(Id),
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

impl From<Id> for Key<'_> {
    fn from(key: Id) -> Self {
        Key::Node(key)
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
        Kind::Object => encoded(node).map(Key::Bytes),
        Kind::Bool => node.as_bool().map(|value| Key::Int(value.into())),
        Kind::Int => node.as_i64().map(Key::Int),
        Kind::Float => node.as_f64().and_then(whole).map(Key::Int),
        _ => None,
    }
}

/// The int that equals a float.
pub(crate) fn whole(value: f64) -> Option<i64> {
    // 2^63 becomes the int below it, which comes back as 2^63. All others that are no ints of 64 bits come back different.
    let is_int = value < -(i64::MIN as f64) && (value as i64) as f64 == value;
    is_int.then_some(value as i64)
}

/// Bytes below 128 as protocols 0 to 2 of Python 3 spell them: `_codecs.encode(text, 'latin1')`.
fn encoded<'p>(node: Node<'p, '_>) -> Option<&'p [u8]> {
    let is_bare = node.callable()?.known() == Known::Encode && node.states().next().is_none();
    let text = node.args().filter(|_| is_bare)?.index(0)?;
    let bytes = text.raw_bytes().filter(|bytes| bytes.is_ascii())?;
    (text.kind() == Kind::Str).then_some(bytes)
}

/// Whether a node is the key.
pub(crate) fn matches(node: Node<'_, '_>, key: Key<'_>) -> bool {
    match (key_of(node), key) {
        (Some(Key::Bytes(bytes)), Key::Str(key)) => bytes == key.as_bytes(),
        (Some(Key::Bytes(bytes)), Key::Bytes(key)) => bytes == key && node.kind() != Kind::Str,
        (Some(Key::Int(value)), Key::Int(key)) => value == key,
        (_, Key::Node(id)) => equals(node, node.to(id)),
        _ => false,
    }
}

/// Whether a node is the key that Python would write over: bytes are no str there.
pub(crate) fn is_same(node: Node<'_, '_>, key: Key<'_>) -> bool {
    let is_text = || matches!(node.kind(), Kind::Str | Kind::Py2Str);
    matches(node, key) && (!matches!(key, Key::Str(_)) || is_text())
}

/// Whether two nodes are one key, as far as that is told without looking into tuples and objects.
fn equals(a: Node<'_, '_>, b: Node<'_, '_>) -> bool {
    let is_bytes = |node: Node<'_, '_>| matches!(node.kind(), Kind::Bytes | Kind::Object);
    if a == b {
        return true;
    }
    match (key_of(a), key_of(b)) {
        (Some(Key::Bytes(x)), Some(Key::Bytes(y))) => {
            let is_other =
                is_bytes(a) && b.kind() == Kind::Str || is_bytes(b) && a.kind() == Kind::Str;
            x == y && !is_other
        }
        (Some(Key::Int(x)), Some(Key::Int(y))) => x == y,
        (None, None) => {
            let whole = |value: &f64| value.fract() == 0.0;
            let float = |node: Node<'_, '_>| node.as_f64().filter(whole).and_then(BigInt::from_f64);
            let int = |node: Node<'_, '_>| node.to_bigint().or_else(|| float(node));
            match (a.as_f64(), b.as_f64()) {
                (Some(x), Some(y)) => x == y,
                _ => matches!((int(a), int(b)), (Some(x), Some(y)) if x == y),
            }
        }
        _ => false,
    }
}

/// Dicts below this size are searched from end to end.
const SMALL: usize = 16;

/// The places of the entries beside the hashes of their keys, of a large dict that was asked.
type Index = BTreeSet<(u64, u32)>;

/// The indexes made so far. Python's order of entries is untouched by them.
#[derive(Debug, Default)]
pub(crate) struct Indexes {
    hasher: RandomState,
    made: Mutex<HashMap<Id, Arc<Index>>>,
}

impl Indexes {
    fn hash(&self, key: Key<'_>) -> Option<u64> {
        match key {
            Key::Str(key) => Some(self.hasher.hash_one(key.as_bytes())),
            Key::Bytes(key) => Some(self.hasher.hash_one(key)),
            Key::Int(key) => Some(self.hasher.hash_one(key)),
            Key::Node(_) => None,
        }
    }

    /// The hash of a key of a dict.
    pub(crate) fn hash_of(&self, key: Node<'_, '_>) -> Option<u64> {
        self.hash(key_of(key)?)
    }

    fn of(&self, dict: Node<'_, '_>) -> Arc<Index> {
        // A poisoned map is whole: entries are inserted in one step.
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let index = made.entry(dict.id).or_insert_with(|| {
            let keys = dict.pairs().enumerate();
            let index = keys.filter_map(|(n, (key, _))| Some((self.hash_of(key)?, n as u32)));
            Arc::new(index.collect())
        });
        Arc::clone(index)
    }

    /// The index of a dict that is about to change, where there is one.
    fn changing(&mut self, dict: Id) -> Option<&mut Index> {
        let made = self.made.get_mut().unwrap_or_else(PoisonError::into_inner);
        Arc::get_mut(made.get_mut(&dict)?)
    }

    /// Takes note of a key that is new at a place. One that was there before still leads there, where it will not match.
    pub(crate) fn keyed(&mut self, dict: Id, place: usize, hash: Option<u64>) {
        if let (Some(index), Some(hash)) = (self.changing(dict), hash) {
            // OK because a dict has less than 2^31 entries.
            index.insert((hash, place as u32));
        }
    }

    /// Takes note of an entry that was taken out: those behind it move up.
    pub(crate) fn removed(&mut self, dict: Id, place: usize) {
        if let Some(index) = self.changing(dict) {
            let place = place as u32;
            let left = index.iter().filter(|(_, n)| *n != place);
            *index = (left.map(|(hash, n)| (*hash, n - u32::from(*n > place)))).collect();
        }
    }

    /// Forgets the index of a dict.
    pub(crate) fn forget(&mut self, dict: Id) {
        let made = self.made.get_mut().unwrap_or_else(PoisonError::into_inner);
        made.remove(&dict);
    }

    /// Forgets everything.
    pub(crate) fn forget_all(&mut self) {
        let made = self.made.get_mut().unwrap_or_else(PoisonError::into_inner);
        made.clear();
    }
}

/// Where the last entry of a dict is whose key is the one looked for, by `is_key`.
pub(crate) fn place(
    dict: Node<'_, '_>,
    key: Key<'_>,
    is_key: fn(Node<'_, '_>, Key<'_>) -> bool,
) -> Option<usize> {
    let pairs = dict.pairs();
    let hash = match key {
        Key::Node(id) if id.index() >= dict.graph.len() => return None,
        Key::Node(id) => dict.graph.indexes.hash_of(dict.to(id)),
        key => dict.graph.indexes.hash(key),
    };
    match hash {
        Some(hash) if pairs.size_hint().0 >= SMALL => {
            let index = dict.graph.indexes.of(dict);
            let is_there = |n: &usize| {
                let found = dict.pairs().nth(*n);
                found.is_some_and(|(found, _)| is_key(found, key))
            };
            let same = index.range((hash, 0)..=(hash, u32::MAX)).rev();
            same.map(|(_, n)| *n as usize).find(is_there)
        }
        _ => {
            let entries = pairs.enumerate();
            let same = entries.filter(|(_, (found, _))| is_key(*found, key));
            same.last().map(|(n, _)| n)
        }
    }
}

pub(super) fn find<'p, 'a>(dict: Node<'p, 'a>, key: Key<'_>) -> Option<Node<'p, 'a>> {
    let place = place(dict, key, matches)?;
    dict.pairs().nth(place).map(|(_, value)| value)
}
