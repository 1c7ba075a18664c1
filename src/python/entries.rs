//! Keys and values, of equal keys one.

use std::collections::hash_map::{Entry, HashMap};

use crate::graph::{Id, Key, Kind, Node, key_of};

/// Keys and values as Python has them: of equal keys one entry, at the place of the first, with the value of the last.
///
/// Texts, bytes and numbers are equal by value, other keys where they are the same object. No pickler writes equal keys.
#[derive(Clone, Debug)]
pub struct Entries<'p, 'a>(std::vec::IntoIter<(Node<'p, 'a>, Node<'p, 'a>)>);

/// What tells a key from others.
#[derive(PartialEq, Eq, Hash)]
enum Same<'p> {
    Text(&'p [u8]),
    Bytes(&'p [u8]),
    Int(i64),
    Float(u64),
    Object(Id),
}

impl<'p> Same<'p> {
    fn of(key: Node<'p, '_>) -> Self {
        match key_of(key) {
            Some(Key::Bytes(bytes)) if key.kind() == Kind::Bytes => Same::Bytes(bytes),
            Some(Key::Bytes(bytes)) => Same::Text(bytes),
            Some(Key::Int(value)) => Same::Int(value),
            _ => match key.as_f64() {
                Some(value) if !value.is_nan() => Same::Float(value.to_bits()),
                _ => Same::Object(key.id()),
            },
        }
    }
}

impl<'p, 'a> Entries<'p, 'a> {
    /// One entry for each key of the pairs.
    pub(super) fn new(pairs: impl Iterator<Item = (Node<'p, 'a>, Node<'p, 'a>)>) -> Self {
        let mut places = HashMap::with_capacity(pairs.size_hint().0);
        let mut entries: Vec<(Node<'p, 'a>, Node<'p, 'a>)> =
            Vec::with_capacity(pairs.size_hint().0);
        for (key, value) in pairs {
            match places.entry(Same::of(key)) {
                Entry::Vacant(place) => {
                    place.insert(entries.len());
                    entries.push((key, value));
                }
                Entry::Occupied(place) => {
                    if let Some(entry) = entries.get_mut(*place.get()) {
                        entry.1 = value;
                    }
                }
            }
        }
        Entries(entries.into_iter())
    }
}

impl<'p, 'a> Iterator for Entries<'p, 'a> {
    type Item = (Node<'p, 'a>, Node<'p, 'a>);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl ExactSizeIterator for Entries<'_, '_> {}
