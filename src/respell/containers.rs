//! Containers that are calls: sets below protocol 4, and OrderedDicts, which the two Pythons call in different ways.

use super::pass::{Fill, Pass};
use crate::error::Result;
use crate::graph::{Id, Kind, Node, Tag};
use crate::names::Known;

impl<'p, 'a> Pass<'p, 'a> {
    /// A set: from protocol 4 on it has an opcode.
    pub(super) fn set(&mut self, node: Node<'p, 'a>, tag: Tag, fill: Fill) -> Result<Id> {
        match self.protocol() {
            4.. => self.later(node, tag, fill),
            _ => self.later(node, Tag::Object, Fill::SetCall),
        }
    }

    pub(super) fn fill_pairs(&mut self, node: Node<'p, 'a>, id: Id) -> Result<()> {
        let callable = self.builder.global("collections", "OrderedDict")?;
        self.builder
            .graph
            .fill_object(id, callable, Id::EMPTY_TUPLE);
        let pairs = list_of(node).into_iter().flat_map(|list| list.items());
        let pairs = self.all(pairs.flat_map(|pair| pair.items()))?;
        self.builder.graph.set_items(id, &pairs)?;
        self.fill_states(node, id)
    }

    pub(super) fn fill_list_of_pairs(&mut self, node: Node<'p, 'a>, id: Id) -> Result<()> {
        let callable = self.builder.global("collections", "OrderedDict")?;
        let mut lists = Vec::new();
        for (key, value) in node.pairs() {
            let pair = [self.of(key)?, self.of(value)?];
            lists.push(self.builder.list(&pair)?);
        }
        let list = self.builder.list(&lists)?;
        if lists.is_empty() {
            self.temporary(list);
        }
        let args = self.builder.temporary_tuple(&[list])?;
        self.builder.graph.fill_object(id, callable, args);
        self.fill_states(node, id)
    }

    pub(super) fn fill_set_call(&mut self, node: Node<'p, 'a>, id: Id, kind: Kind) -> Result<()> {
        let is_frozen =
            kind == Kind::FrozenSet || node.callable().map(Node::known) == Some(Known::FrozenSet);
        let name = if is_frozen { "frozenset" } else { "set" };
        let callable = self.builder.global("builtins", name)?;
        let items = match kind {
            Kind::Set | Kind::FrozenSet => self.all(node.items())?,
            _ => {
                let items = list_of(node).into_iter().flat_map(|list| list.items());
                self.all(items)?
            }
        };
        let list = self.builder.list(&items)?;
        let args = self.builder.tuple(&[list])?;
        let args = self.temporary(args);
        self.builder.graph.fill_object(id, callable, args);
        Ok(())
    }
}

/// Whether a call has no arguments.
pub(super) fn is_without_args(node: Node<'_, '_>) -> bool {
    node.args().is_some_and(Node::is_empty)
}

/// The one argument of a call.
pub(super) fn list_of<'p, 'a>(node: Node<'p, 'a>) -> Option<Node<'p, 'a>> {
    node.args().filter(|args| args.len() == 1)?.index(0)
}
