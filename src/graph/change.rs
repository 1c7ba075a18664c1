//! Changes of nodes that are there: what editing does to the arena.

use super::arena::Graph;
use super::edges::{Chain, Ids};
use super::object::Part;
use super::raw::{Id, Tag};
use crate::error::Result;

/// The items of a node that are meant: those of a tuple or container itself, or those of a part that hangs on it.
pub(crate) type Own = Option<Part>;

impl<'a> Graph<'a> {
    fn chain_of(&self, id: Id, part: Own) -> Chain {
        match part {
            None => Chain::of(self.raw(id)),
            Some(part) => (self.extras.get(&(id, part)).copied()).unwrap_or(Chain::EMPTY),
        }
    }

    /// Forgets what is remembered of a node that changes, and of those that hold it.
    pub(crate) fn touch(&mut self, id: Id) {
        self.memory.forget();
        self.indexes.forget(id);
    }

    /// Takes `removed` of a container's or part's items out, from item `at` on, and puts `ids` in their place.
    pub(crate) fn splice(
        &mut self,
        id: Id,
        part: Own,
        at: usize,
        removed: usize,
        ids: &[Id],
    ) -> Result<()> {
        let mut chain = self.chain_of(id, part);
        self.edges.splice(&mut chain, at, removed, ids)?;
        match part {
            None => self.nodes[id.index()].value = chain.value(),
            Some(part) => {
                self.nodes[id.index()].set_extras();
                self.extras.insert((id, part), chain);
            }
        }
        Ok(())
    }

    /// Sets the item `n` of a tuple, container or part that has so many.
    pub(crate) fn set_item(&mut self, id: Id, part: Own, n: usize, item: Id) {
        match (self.raw(id).tag(), part) {
            (Tag::Tuple, None) => self.edges.tuple_mut(self.raw(id))[n] = item.0,
            _ => self.edges.set(self.chain_of(id, part), n, item),
        }
    }

    /// Gives an object other arguments.
    pub(crate) fn set_args(&mut self, object: Id, args: Id) {
        let index = self.raw(object).value as usize;
        self.objects[index].args = args;
    }

    /// Gives an object this state and no other.
    pub(crate) fn set_state(&mut self, object: Id, state: Id) -> Result<()> {
        let raw = self.raw(object);
        let more = self.more_states(object).count_left();
        if raw.tag() != Tag::Object {
            return self.splice(object, Some(Part::States), 0, more, &[state]);
        }
        self.objects[raw.value as usize].state = state;
        match more {
            0 => Ok(()),
            more => self.splice(object, Some(Part::States), 0, more, &[]),
        }
    }

    /// Gives a node another value.
    pub(crate) fn set_value(&mut self, id: Id, value: u64) {
        self.nodes[id.index()].value = value;
    }

    /// Calls `change` with every node that this one holds, and with what hangs on it, and holds what it gives instead. The texts
    /// that a global is named by stay.
    pub(crate) fn change_references(&mut self, id: Id, mut change: impl FnMut(Id) -> Id) {
        let raw = self.raw(id);
        match raw.tag() {
            Tag::Tuple => {
                for item in self.edges.tuple_mut(raw) {
                    *item = change(Id(*item)).0;
                }
            }
            Tag::List | Tag::Dict | Tag::Set | Tag::FrozenSet => {
                self.edges.change(Chain::of(raw), &mut change);
            }
            Tag::BinPersId => {
                let pid = change(Id(raw.value as u32));
                self.set_value(id, pid.0.into());
            }
            Tag::Object => {
                let object = &mut self.objects[raw.value as usize];
                object.callable = change(object.callable);
                object.args = change(object.args);
                if object.state != Id::NOWHERE {
                    object.state = change(object.state);
                }
            }
            _ => {}
        }
        if raw.has_extras() {
            for part in Part::ALL {
                self.edges
                    .change(self.chain_of(id, Some(part)), &mut change);
            }
        }
    }

    /// Calls `f` with every node that this one holds, and with what hangs on it.
    pub(crate) fn for_each_reference(&self, id: Id, mut f: impl FnMut(Id)) {
        self.for_each_child(id, &mut f);
        if self.raw(id).has_extras() {
            self.popped_before(id).chain(self.popped(id)).for_each(f);
        }
    }

    /// What hangs on a node, part by part.
    pub(crate) fn extras_of(&self, id: Id) -> impl Iterator<Item = (Part, Ids<'_>)> {
        let parts = Part::ALL
            .into_iter()
            .map(move |part| (part, self.part(id, part)));
        parts.filter(|(_, ids)| ids.count_left() > 0)
    }

    /// The nodes that can be reached from these, each once.
    pub(crate) fn reachable(&self, roots: &[Id]) -> Vec<Id> {
        let mut seen = vec![false; self.len()];
        let mut reached = Vec::new();
        let mut next = 0;
        let mut reach = |id: Id, reached: &mut Vec<Id>| {
            if !std::mem::replace(&mut seen[id.index()], true) {
                reached.push(id);
            }
        };
        roots.iter().for_each(|root| reach(*root, &mut reached));
        while let Some(id) = reached.get(next).copied() {
            next += 1;
            self.for_each_reference(id, |id| reach(id, &mut reached));
        }
        reached
    }
}
