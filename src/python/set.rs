//! Sets.

use super::call::call;
use super::sequence::Elements;
use crate::graph::{Kind, Node};
use crate::names::Known;

/// A `set` or `frozenset`: below protocol 4 a call with a list.
#[derive(Clone, Copy, Debug)]
pub struct Set<'p, 'a> {
    node: Node<'p, 'a>,
    is_frozen: bool,
    first: Option<Node<'p, 'a>>,
}

impl<'p, 'a> Set<'p, 'a> {
    pub(super) fn of(node: Node<'p, 'a>) -> Option<Self> {
        let (is_frozen, first) = match node.kind() {
            Kind::Set => (false, None),
            Kind::FrozenSet => (true, None),
            _ => {
                let call = call::<1>(node)?;
                match call.known {
                    Known::Set => (false, call.args[0]),
                    Known::FrozenSet => (true, call.args[0]),
                    _ => return None,
                }
            }
        };
        let is_list = |first: Node<'_, '_>| matches!(first.kind(), Kind::List | Kind::Tuple);
        first.is_none_or(is_list).then_some(Set {
            node,
            is_frozen,
            first,
        })
    }

    /// Whether it is a `frozenset`.
    pub fn is_frozen(self) -> bool {
        self.is_frozen
    }

    /// Number of elements as stored. No pickler writes an element twice.
    pub fn len(self) -> usize {
        self.items().len()
    }

    /// Whether there are no elements.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The elements in stored order, which is that of Python's hash table.
    pub fn items(self) -> Elements<'p, 'a> {
        Elements::new(self.first, self.node)
    }
}
