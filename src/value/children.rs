//! What a node holds, and how it is named in paths.

use std::iter::Take;

use crate::graph::{Items, Kind, Node, Pairs, Step};
use crate::python::Elements;

/// The step to a node, behind one that leads to a part which is no value by itself: `.args`, `[0]`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Way<'p, 'a>(pub(super) Option<Step<'p, 'a>>, pub(super) Step<'p, 'a>);

impl<'p, 'a> From<Step<'p, 'a>> for Way<'p, 'a> {
    fn from(step: Step<'p, 'a>) -> Self {
        Way(None, step)
    }
}

impl Way<'_, '_> {
    /// Appends its text.
    pub(super) fn write(&self, out: &mut String) {
        self.0.iter().for_each(|step| step.write(out));
        self.1.write(out);
    }
}

/// A node, the way to it, and how its own children are named.
pub(super) type Child<'p, 'a> = (Way<'p, 'a>, Node<'p, 'a>, Naming);

/// How the children of a node are named, which depends on how it was reached: see [`Walk`](crate::Walk).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Naming {
    Plain,
    /// Entries of a state dict.
    Attributes,
    /// The two dicts of a state tuple.
    DictAndSlots,
}

/// What a node holds, in the order of [`Value::part`].
pub(super) struct Children<'p, 'a> {
    pub(super) singles: std::vec::IntoIter<Child<'p, 'a>>,
    pub(super) items: Listed<'p, 'a>,
    pub(super) pairs: Option<Pairs<'p, 'a>>,
    /// The key and value that come next after the key itself.
    pub(super) value: Option<(Node<'p, 'a>, Node<'p, 'a>)>,
    pub(super) count: usize,
    pub(super) naming: Naming,
}

/// Items in a row.
pub(super) enum Listed<'p, 'a> {
    None,
    Items(Items<'p, 'a>),
    Appended(Items<'p, 'a>),
    Set(Elements<'p, 'a>),
    Flat(Take<Items<'p, 'a>>),
}

impl<'p, 'a> Listed<'p, 'a> {
    fn next(&mut self, n: usize) -> Option<(Step<'p, 'a>, Node<'p, 'a>)> {
        Some(match self {
            Listed::None => return None,
            Listed::Items(items) => (Step::Index(n), items.next()?),
            Listed::Appended(items) => (Step::Item(n), items.next()?),
            Listed::Set(items) => (Step::Element(n), items.next()?),
            Listed::Flat(items) => (Step::Flat(n), items.next()?),
        })
    }

    fn len(&self) -> usize {
        match self {
            Listed::None => 0,
            Listed::Items(items) | Listed::Appended(items) => items.size_hint().0,
            Listed::Set(items) => items.len(),
            Listed::Flat(items) => items.size_hint().0,
        }
    }
}

impl<'p, 'a> Children<'p, 'a> {
    pub(super) fn of(items: Listed<'p, 'a>) -> Self {
        Children {
            singles: Vec::new().into_iter(),
            items,
            pairs: None,
            value: None,
            count: 0,
            naming: Naming::Plain,
        }
    }

    pub(super) fn len(&self) -> usize {
        let pairs = self.pairs.as_ref().map_or(0, |pairs| pairs.size_hint().0);
        self.singles.len() + self.items.len() + 2 * pairs
    }

    pub(super) fn next(&mut self) -> Option<Child<'p, 'a>> {
        if let Some(single) = self.singles.next() {
            return Some(single);
        }
        if let Some((key, value)) = self.value.take() {
            let step = match self.naming {
                Naming::Attributes => Step::Attribute(key),
                _ => Step::Key(key),
            };
            return Some((step.into(), value, Naming::Plain));
        }
        let n = self.count;
        self.count += 1;
        if let Some((step, item)) = self.items.next(n) {
            return Some(match (self.naming, n) {
                (Naming::DictAndSlots, 0) => (Step::Inside.into(), item, Naming::Attributes),
                (Naming::DictAndSlots, _) => (Step::Slots.into(), item, Naming::Plain),
                _ => (step.into(), item, Naming::Plain),
            });
        }
        // Keys are counted from 0 again.
        let n = match std::mem::replace(&mut self.items, Listed::None) {
            Listed::None => n,
            _ => {
                self.count = 1;
                0
            }
        };
        let pair = self.pairs.as_mut()?.next()?;
        self.value = Some(pair);
        Some((Step::KeyOf(n).into(), pair.0, Naming::Plain))
    }
}
/// How a state is named: as in a walk.
pub(super) fn state_child<'p, 'a>(state: Node<'p, 'a>) -> Child<'p, 'a> {
    let is_dict = |part: Option<Node<'_, '_>>| part.is_some_and(|part| part.kind() == Kind::Dict);
    match state.parts::<2>() {
        _ if is_dict(Some(state)) => (Step::Inside.into(), state, Naming::Attributes),
        Some((2, [dict, slots]))
            if is_dict(slots) && (is_dict(dict) || dict.is_some_and(Node::is_none)) =>
        {
            (Step::Inside.into(), state, Naming::DictAndSlots)
        }
        _ => (Step::State.into(), state, Naming::Plain),
    }
}
