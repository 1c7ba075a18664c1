//! Dicts, and those of `collections`.

use super::call::call;
use super::entries::Entries;
use crate::graph::{Key, Kind, Node, key_matches};
use crate::names::Known;

/// Which class a [`Mapping`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MappingKind {
    /// `dict`.
    Dict,
    /// `collections.OrderedDict`.
    OrderedDict,
    /// `collections.defaultdict`.
    DefaultDict,
    /// `collections.Counter`.
    Counter,
}

/// A dict, or one of those that `collections` has.
#[derive(Clone, Copy, Debug)]
pub struct Mapping<'p, 'a> {
    kind: MappingKind,
    node: Node<'p, 'a>,
    factory: Option<Node<'p, 'a>>,
    /// What it was made of before entries were set: a dict, or a list of pairs.
    first: Option<Node<'p, 'a>>,
}

impl<'p, 'a> Mapping<'p, 'a> {
    pub(super) fn of(node: Node<'p, 'a>) -> Option<Self> {
        let (kind, factory, first) = if node.kind() == Kind::Dict {
            (MappingKind::Dict, None, None)
        } else {
            let call = call::<1>(node)?;
            let arg = call.args[0];
            match call.known {
                // Entries are set in Python 3; Python 2 gives a list of lists of key and value.
                Known::OrderedDict => (MappingKind::OrderedDict, None, arg),
                Known::Counter => (MappingKind::Counter, None, arg),
                Known::DefaultDict => {
                    let factory = arg.filter(|arg| !arg.is_none());
                    (MappingKind::DefaultDict, factory, None)
                }
                _ => return None,
            }
        };
        let is_first = |first: Node<'_, '_>| match first.kind() {
            Kind::Dict => true,
            Kind::List | Kind::Tuple => kind == MappingKind::OrderedDict,
            _ => false,
        };
        first.is_none_or(is_first).then_some(Mapping {
            kind,
            node,
            factory,
            first,
        })
    }

    /// Which class it is.
    pub fn kind(self) -> MappingKind {
        self.kind
    }

    /// What makes the values of missing keys of a `defaultdict`: a class or function.
    pub fn factory(self) -> Option<Node<'p, 'a>> {
        self.factory
    }

    /// Number of entries as stored: [`entries`](Mapping::entries) are fewer where keys are equal.
    pub fn len(self) -> usize {
        let first = self.first.map_or(0, Node::len);
        first + self.node.pairs().size_hint().0
    }

    /// Whether there are no entries.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Keys and values as they are stored. An item of Python 2's list of pairs that is no pair is left out; Python refuses the whole.
    pub fn pairs(self) -> impl Iterator<Item = (Node<'p, 'a>, Node<'p, 'a>)> + Clone + use<'p, 'a> {
        let (dict, list) = match self.first.map(|first| (first.kind(), first)) {
            Some((Kind::Dict, dict)) => (Some(dict), None),
            Some((_, list)) => (None, Some(list)),
            None => (None, None),
        };
        let dict = dict.map(Node::pairs).into_iter().flatten();
        let listed = list.map(Node::items).into_iter().flatten().filter_map(pair);
        dict.chain(listed).chain(self.node.pairs())
    }

    /// Keys and values as Python has them. Takes memory by their number: [`pairs`](Mapping::pairs) takes none.
    pub fn entries(self) -> Entries<'p, 'a> {
        Entries::new(self.pairs())
    }

    /// The value of a key, of equal keys the last one; see [`Node::get`]. Of Python 2's list of pairs all are looked at.
    pub fn get<'k>(self, key: impl Into<Key<'k>>) -> Option<Node<'p, 'a>> {
        let key = key.into();
        let list = |list: Node<'p, 'a>| {
            let mut pairs = list.items().filter_map(pair);
            let last = pairs
                .by_ref()
                .filter(|(found, _)| key_matches(*found, key))
                .last();
            last.map(|(_, value)| value)
        };
        self.node.get(key).or_else(|| match self.first {
            Some(first) if first.kind() == Kind::Dict => first.get(key),
            first => list(first?),
        })
    }
}

/// A key and its value, in a list or tuple of the two.
fn pair<'p, 'a>(pair: Node<'p, 'a>) -> Option<(Node<'p, 'a>, Node<'p, 'a>)> {
    match (pair.len(), pair.index(0), pair.index(1)) {
        (2, Some(key), Some(value)) => Some((key, value)),
        _ => None,
    }
}
