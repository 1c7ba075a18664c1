//! Lists, tuples and deques.

use super::call::call;
use crate::graph::{Items, Kind, Node};
use crate::names::Known;

/// Which class a [`Sequence`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SequenceKind {
    /// `list`.
    List,
    /// `tuple`.
    Tuple,
    /// `collections.deque`.
    Deque,
}

/// A list, a tuple, or a deque.
#[derive(Clone, Copy, Debug)]
pub struct Sequence<'p, 'a> {
    kind: SequenceKind,
    node: Node<'p, 'a>,
    /// What it was made of before items were appended: Python 2's list.
    first: Option<Node<'p, 'a>>,
    maxlen: Option<usize>,
}

impl<'p, 'a> Sequence<'p, 'a> {
    pub(super) fn of(node: Node<'p, 'a>) -> Option<Self> {
        let plain = |kind| Sequence {
            kind,
            node,
            first: None,
            maxlen: None,
        };
        match node.kind() {
            Kind::List => return Some(plain(SequenceKind::List)),
            Kind::Tuple => return Some(plain(SequenceKind::Tuple)),
            _ => {}
        }
        // `deque([], maxlen)` and appended items; in Python 2 they are in the list.
        let call = call::<2>(node).filter(|call| call.known == Known::Deque)?;
        let [first, maxlen] = call.args;
        let is_list = |first: Node<'_, '_>| matches!(first.kind(), Kind::List | Kind::Tuple);
        let maxlen = match maxlen.filter(|maxlen| !maxlen.is_none()) {
            Some(maxlen) => Some(usize::try_from(maxlen.as_u64()?).ok()?),
            None => None,
        };
        first.is_none_or(is_list).then_some(Sequence {
            first,
            maxlen,
            ..plain(SequenceKind::Deque)
        })
    }

    /// Which class it is.
    pub fn kind(self) -> SequenceKind {
        self.kind
    }

    /// How many items a bounded deque may have.
    pub fn maxlen(self) -> Option<usize> {
        self.maxlen
    }

    /// Number of items.
    pub fn len(self) -> usize {
        let stored = Elements::new(self.first, self.node).size_hint().0;
        self.maxlen.map_or(stored, |maxlen| stored.min(maxlen))
    }

    /// Whether there are no items.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The items; of a bounded deque that was given more the last ones, as in Python.
    pub fn items(self) -> Elements<'p, 'a> {
        let mut items = Elements::new(self.first, self.node);
        if let Some(more) = items.size_hint().0.checked_sub(self.len() + 1) {
            items.nth(more);
        }
        items
    }
}

/// The items of a sequence or set: those it was made of, and those put in then.
#[derive(Clone, Debug)]
pub struct Elements<'p, 'a> {
    first: Option<Items<'p, 'a>>,
    rest: Items<'p, 'a>,
}

impl<'p, 'a> Elements<'p, 'a> {
    pub(super) fn new(first: Option<Node<'p, 'a>>, node: Node<'p, 'a>) -> Self {
        let (first, rest) = (first.map(Node::items), node.items());
        Elements { first, rest }
    }
}

impl<'p, 'a> Iterator for Elements<'p, 'a> {
    type Item = Node<'p, 'a>;

    fn next(&mut self) -> Option<Node<'p, 'a>> {
        let first = self.first.as_mut().and_then(Iterator::next);
        first.or_else(|| self.rest.next())
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let first = self.first.as_ref().map_or(0, |first| first.size_hint().0);
        let left = first + self.rest.size_hint().0;
        (left, Some(left))
    }
}

impl ExactSizeIterator for Elements<'_, '_> {}
