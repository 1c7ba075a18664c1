//! The nodes that a node holds, in order.

use std::fmt;

use super::arena::Graph;
use super::edges::Ids;
use super::node::Node;
use super::raw::Id;

/// Nodes in order.
#[derive(Clone)]
pub struct Items<'p, 'a> {
    pub(super) graph: &'p Graph<'a>,
    pub(super) first: Option<Id>,
    pub(super) ids: Ids<'p>,
}

impl<'p, 'a> Items<'p, 'a> {
    /// This node alone.
    pub(crate) fn one(node: Node<'p, 'a>) -> Self {
        Items {
            graph: node.graph,
            first: Some(node.id),
            ids: node.graph.none(),
        }
    }
}

impl<'p, 'a> Iterator for Items<'p, 'a> {
    type Item = Node<'p, 'a>;

    #[inline]
    fn next(&mut self) -> Option<Node<'p, 'a>> {
        let id = self.first.take().or_else(|| self.ids.next());
        id.map(|id| Node {
            graph: self.graph,
            id,
        })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.ids.count_left() + usize::from(self.first.is_some());
        (left, Some(left))
    }

    /// No walk: an object may be given states without end.
    fn last(mut self) -> Option<Node<'p, 'a>> {
        let id = match self.ids.count_left().checked_sub(1) {
            Some(before) => self.ids.nth(before),
            None => self.first,
        };
        id.map(|id| Node {
            graph: self.graph,
            id,
        })
    }
}

impl fmt::Debug for Items<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone().take(20)).finish()
    }
}

/// Keys and values in stored order.
#[derive(Clone, Debug)]
pub struct Pairs<'p, 'a>(pub(super) Items<'p, 'a>);

impl<'p, 'a> Iterator for Pairs<'p, 'a> {
    type Item = (Node<'p, 'a>, Node<'p, 'a>);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        Some((self.0.next()?, self.0.next()?))
    }

    fn nth(&mut self, n: usize) -> Option<Self::Item> {
        // OK because a dict has less than 2^31 entries. Its edges are one slice: this is no walk.
        if let Some(skip) = (2 * n).checked_sub(1) {
            self.0.ids.nth(skip)?;
        }
        self.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let (n, _) = self.0.size_hint();
        (n / 2, Some(n / 2))
    }
}
