//! The items of sequences and the entries of mappings, wherever a pickle has them.

use crate::graph::{self, Kind, Node, Step};
use crate::python::{Elements, Entries, Instance};

/// Nodes in order.
pub(super) enum Nodes<'p, 'a> {
    Items(graph::Items<'p, 'a>),
    Elements(Elements<'p, 'a>),
    Listed(std::vec::IntoIter<Node<'p, 'a>>),
}

/// How a path names an item.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place {
    Index,
    Element,
    Item,
    Arg,
}

impl Place {
    fn write(self, n: usize, path: &mut String) {
        match self {
            Place::Index => Step::Index(n).write(path),
            Place::Element => Step::Element(n).write(path),
            Place::Item => Step::Item(n).write(path),
            Place::Arg => {
                Step::Args.write(path);
                Step::Index(n).write(path);
            }
        }
    }
}

/// The items of a sequence.
pub(super) struct Items<'p, 'a> {
    nodes: Nodes<'p, 'a>,
    place: Place,
    /// Of the item that comes next.
    n: usize,
}

impl<'p, 'a> Items<'p, 'a> {
    pub(super) fn new(nodes: Nodes<'p, 'a>, place: Place) -> Self {
        let n = 0;
        Items { nodes, place, n }
    }

    pub(super) fn len(&self) -> usize {
        match &self.nodes {
            Nodes::Items(items) => items.size_hint().0,
            Nodes::Elements(items) => items.len(),
            Nodes::Listed(items) => items.len(),
        }
    }

    #[inline]
    pub(super) fn next(&mut self) -> Option<Node<'p, 'a>> {
        self.n += 1;
        match &mut self.nodes {
            Nodes::Items(items) => items.next(),
            Nodes::Elements(items) => items.next(),
            Nodes::Listed(items) => items.next(),
        }
    }

    /// Writes the step to the item that was last given.
    pub(super) fn step(&self, path: &mut String) {
        self.place.write(self.n.saturating_sub(1), path);
    }
}

/// The entries of a mapping, or the attributes of an object.
pub(super) struct Pairs<'p, 'a> {
    source: Source<'p, 'a>,
    is_attributes: bool,
}

enum Source<'p, 'a> {
    Stored(graph::Pairs<'p, 'a>),
    Merged(Entries<'p, 'a>),
    None,
}

impl<'p, 'a> Pairs<'p, 'a> {
    /// Those of a dict, or set in an object, as they are stored.
    #[inline]
    pub(super) fn stored(node: Node<'p, 'a>, is_attributes: bool) -> Self {
        Pairs {
            source: Source::Stored(node.pairs()),
            is_attributes,
        }
    }

    pub(super) fn merged(entries: Entries<'p, 'a>, is_attributes: bool) -> Self {
        Pairs {
            source: Source::Merged(entries),
            is_attributes,
        }
    }

    pub(super) fn none() -> Self {
        Pairs {
            source: Source::None,
            is_attributes: true,
        }
    }

    /// The attributes of an instance; `None` where it was given no dict of them.
    pub(super) fn of_attributes(instance: Instance<'p, 'a>) -> Option<Self> {
        let mut states = instance.node().states();
        let first = states.next()?;
        // Nearly all have one dict: no need to look for equal names in several.
        if states.next().is_none() {
            if first.kind() == Kind::Dict {
                return Some(Pairs::stored(first, true));
            }
            if let Some((2, [Some(dict), Some(slots)])) = first.parts::<2>()
                && dict.is_none()
                && slots.kind() == Kind::Dict
            {
                return Some(Pairs::stored(slots, true));
            }
        }
        let entries = instance.attributes();
        (entries.len() > 0).then(|| Pairs::merged(entries, true))
    }

    pub(super) fn len(&self) -> usize {
        match &self.source {
            Source::Stored(pairs) => pairs.size_hint().0,
            Source::Merged(entries) => entries.len(),
            Source::None => 0,
        }
    }

    #[inline]
    pub(super) fn next(&mut self) -> Option<(Node<'p, 'a>, Node<'p, 'a>)> {
        match &mut self.source {
            Source::Stored(pairs) => pairs.next(),
            Source::Merged(entries) => entries.next(),
            Source::None => None,
        }
    }

    /// Writes the step to the value of a key.
    pub(super) fn step(&self, key: Node<'p, 'a>, path: &mut String) {
        match self.is_attributes {
            true => Step::Attribute(key).write(path),
            false => Step::Key(key).write(path),
        }
    }
}
