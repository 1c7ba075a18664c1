//! The arena while it is made and after: nodes, edges, objects, extras and the bytes of strings.

use std::collections::HashMap;

use super::dialect::Dialect;
use super::edges::{Chain, Edges, Ids};
use super::key::Indexes;
use super::memory::Memory;
use super::object::{Constructor, Object, Part};
use super::pickle::Py2Text;
use super::raw::{Id, Raw, Tag, halves};
use super::store::{Place, Store};
use crate::error::{Error, ErrorKind, Result};
use crate::limits::Limits;
use crate::payload::{Buffer, Payload};

/// How many nodes must be there before they tell anything about the rest.
const SAMPLE: usize = 4000;

#[derive(Debug)]
pub(crate) struct Graph<'a> {
    pub(super) nodes: Vec<Raw>,
    pub(super) edges: Edges,
    pub(super) objects: Vec<Object>,
    pub(super) extras: HashMap<(Id, Part), Chain>,
    /// Containers and parts in several chunks: the ones to seal.
    scattered: Vec<(Id, Option<Part>)>,
    pub(crate) store: Store<'a>,
    pub(crate) indexes: Indexes,
    pub(crate) memory: Memory,
    pub(crate) py2_text: Py2Text,
    /// The pickler that wrote it, or that it is made for.
    pub(crate) dialect: Dialect,
    /// The budget of zero-size elements of one array.
    pub(crate) empty_elements: u64,
    limit: u64,
}

impl<'a> Graph<'a> {
    pub(crate) fn new(input: &'a [u8], limits: &Limits) -> Self {
        let atom = |tag| Raw::new(tag, 0, 0, 0);
        Graph {
            nodes: vec![
                atom(Tag::None),
                atom(Tag::False),
                atom(Tag::True),
                Raw::new(Tag::Tuple, 0, 0, 0),
            ],
            edges: Edges::new(limits.edges),
            objects: Vec::new(),
            extras: HashMap::new(),
            scattered: Vec::new(),
            store: Store::new(input, limits.copied),
            indexes: Indexes::default(),
            memory: Memory::default(),
            py2_text: Py2Text::default(),
            dialect: Dialect::current(0),
            empty_elements: limits.empty_elements,
            limit: limit(limits),
        }
    }

    /// The limits of input are no limits of what a program adds to it.
    pub(crate) fn lift_limits(&mut self) {
        let limits = Limits::default();
        self.limit = limit(&limits);
        self.edges.set_limit(limits.edges);
        self.store.set_limit(limits.copied);
    }

    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    #[inline]
    pub(crate) fn raw(&self, id: Id) -> Raw {
        self.nodes[id.index()]
    }

    #[inline]
    pub(crate) fn push(&mut self, raw: Raw) -> Result<Id> {
        let index = self.nodes.len();
        if index as u64 >= self.limit {
            return Err(Error::limit("nodes", self.limit - 4));
        }
        if index == self.nodes.capacity() {
            self.grow(raw.offset());
        }
        self.nodes.push(raw);
        Ok(Id(index as u32))
    }

    /// Makes room for as many nodes and edges as the rest of the input will have if it is like what has been read: half the
    /// copies and page faults of doubling, which were a third of the time for small arrays. There are never more nodes than
    /// bytes, so neither is the guess.
    ///
    /// Nothing is guessed of a file, most of which may be payloads that stay there, nor of a stream. There is room for half as
    /// many nodes again then: at twice as many, the old ones and the new took 48 of the promised 64 bytes for one of input.
    #[cold]
    fn grow(&mut self, offset: u64) {
        let len = self.nodes.len();
        if len <= SAMPLE {
            return;
        }
        // Never more than the limits let be used.
        let left = usize::try_from(self.limit)
            .unwrap_or(usize::MAX)
            .saturating_sub(len);
        let (read, all) = (offset as u128, self.store.input_len() as u128);
        if read >= all {
            self.nodes.reserve_exact((len / 2).min(left));
            return;
        }
        let expected = |len: usize| {
            let guess = (len as u128 * all).checked_div(read).unwrap_or(0);
            // A guess that is a little short would cost a copy of everything.
            let guess = usize::try_from(guess + guess / 16).unwrap_or(0);
            guess.saturating_sub(len).max(len)
        };
        self.nodes.reserve_exact(expected(len).min(left));
        self.edges.reserve(expected(self.edges.used()));
    }

    /// A tuple; the empty one is always the same node.
    #[inline]
    pub(crate) fn tuple(&mut self, items: &[Id], offset: u64) -> Result<Id> {
        if items.is_empty() {
            return Ok(Id::EMPTY_TUPLE);
        }
        let value = self.edges.fixed(items)?;
        self.push(Raw::new(Tag::Tuple, 0, offset, value))
    }

    /// A list, dict, set or frozenset; of a dict the items are keys and values in turn.
    #[inline]
    pub(crate) fn container(&mut self, tag: Tag, items: &[Id], offset: u64) -> Result<Id> {
        let mut chain = Chain::EMPTY;
        self.edges.append(&mut chain, items)?;
        self.push(Raw::new(tag, 0, offset, chain.value()))
    }

    pub(crate) fn object(
        &mut self,
        made: Constructor,
        callable: Id,
        args: Id,
        offset: u64,
    ) -> Result<Id> {
        // OK because an object costs a node, and nodes are numbered in 32 bits.
        let index = self.objects.len() as u64;
        let id = self.push(Raw::new(Tag::Object, made as u8, offset, index))?;
        self.objects.push(Object {
            callable,
            args,
            state: Id::NOWHERE,
        });
        Ok(id)
    }

    /// An out-of-band buffer by its index, and what the caller gave for it. The lower half of the value is the payload's
    /// entry, counted from 1.
    pub(crate) fn buffer(
        &mut self,
        index: u32,
        given: Option<Buffer<'a>>,
        offset: u64,
    ) -> Result<Id> {
        let (entry, read_only) = match given {
            Some(buffer) => {
                let place = self.store.payload(buffer.payload);
                (place.0 as u32 + 1, 2 * u8::from(buffer.read_only))
            }
            None => (0, 0),
        };
        self.push(Raw::new(
            Tag::Buffer,
            read_only,
            offset,
            halves(index, entry),
        ))
    }

    /// The bytes of an out-of-band buffer, if they were given.
    pub(crate) fn buffer_payload(&self, id: Id) -> Option<Payload<'a>> {
        let raw = self.raw(id);
        let entry = raw.halves().1.checked_sub(1)?;
        (raw.tag() == Tag::Buffer).then(|| self.store.to_payload(Place::entry(entry)))
    }

    /// Gives a persistent id of BINPERSID, made without it, the node that it is.
    pub(crate) fn fill_persistent(&mut self, id: Id, pid: Id) {
        self.nodes[id.index()].value = pid.0.into();
    }

    /// Gives a tuple, made without items, its items.
    pub(crate) fn fill_tuple(&mut self, id: Id, items: &[Id]) -> Result<()> {
        self.nodes[id.index()].value = self.edges.fixed(items)?;
        Ok(())
    }

    /// Gives a set or frozenset, made without items, its items.
    pub(crate) fn fill_set(&mut self, id: Id, items: &[Id]) -> Result<()> {
        self.extend(id, items)
    }

    /// Gives an object, made without parts, its callable and arguments.
    pub(crate) fn fill_object(&mut self, id: Id, callable: Id, args: Id) {
        let object = &mut self.objects[self.nodes[id.index()].value as usize];
        (object.callable, object.args) = (callable, args);
    }

    #[inline]
    pub(crate) fn memoise(&mut self, id: Id) {
        if !id.is_interned() {
            self.nodes[id.index()].set_memoised();
        }
    }

    /// Leaves a node out of the memo.
    pub(crate) fn forget(&mut self, id: Id) {
        self.nodes[id.index()].set_forgotten();
    }

    pub(crate) fn set_aux(&mut self, id: Id, aux: u8) {
        self.nodes[id.index()].set_aux(aux);
    }

    pub(crate) fn set_kwargs(&mut self, id: Id, kwargs: Id) -> Result<()> {
        self.extend_part(id, Part::Kwargs, &[kwargs])
    }

    /// APPEND, APPENDS: extends a list, or hands items to an object.
    #[inline]
    pub(crate) fn append(&mut self, id: Id, items: &[Id]) -> Result<()> {
        match self.raw(id).tag() {
            Tag::List => self.extend(id, items),
            tag if takes_anything(tag) => self.extend_part(id, Part::Items, items),
            _ => Err(Error::new(ErrorKind::BadOperand(
                "items can only be appended to a list or an object",
            ))),
        }
    }

    /// SETITEM, SETITEMS: fills a dict, or hands keys and values to an object.
    #[inline]
    pub(crate) fn set_items(&mut self, id: Id, items: &[Id]) -> Result<()> {
        if !items.len().is_multiple_of(2) {
            return Err(Error::new(ErrorKind::BadOperand("a key without a value")));
        }
        match self.raw(id).tag() {
            Tag::Dict => self.extend(id, items),
            tag if takes_anything(tag) => self.extend_part(id, Part::Pairs, items),
            _ => Err(Error::new(ErrorKind::BadOperand(
                "keys can only be set in a dict or an object",
            ))),
        }
    }

    /// ADDITEMS: fills a set. CPython calls `add` or `update` of anything else; no pickler writes that.
    pub(crate) fn add_items(&mut self, id: Id, items: &[Id]) -> Result<()> {
        match self.raw(id).tag() {
            Tag::Set => self.extend(id, items),
            tag if takes_anything(tag) => self.extend_part(id, Part::Items, items),
            _ => Err(Error::new(ErrorKind::BadOperand(
                "items can only be added to a set or an object",
            ))),
        }
    }

    /// BUILD: one more state.
    #[inline]
    pub(crate) fn build(&mut self, id: Id, state: Id) -> Result<()> {
        let raw = self.raw(id);
        match raw.tag() {
            Tag::Object if self.objects[raw.value as usize].state == Id::NOWHERE => {
                self.objects[raw.value as usize].state = state;
                Ok(())
            }
            tag if takes_anything(tag) => self.extend_part(id, Part::States, &[state]),
            _ => Err(Error::new(ErrorKind::BadOperand(
                "a state can only be given to an object",
            ))),
        }
    }

    /// Hangs what was popped right above a node on it.
    pub(crate) fn hang(&mut self, anchor: Id, popped: Id) -> Result<()> {
        self.extend_part(anchor, Part::Popped, &[popped])
    }

    /// Hangs what was popped with nothing below it on the node that came next.
    pub(crate) fn hang_before(&mut self, anchor: Id, popped: Id) -> Result<()> {
        self.extend_part(anchor, Part::Before, &[popped])
    }

    #[inline]
    fn extend(&mut self, id: Id, items: &[Id]) -> Result<()> {
        let raw = &mut self.nodes[id.index()];
        let mut chain = Chain::of(*raw);
        let was_scattered = chain.is_scattered();
        self.edges.append(&mut chain, items)?;
        raw.value = chain.value();
        if chain.is_scattered() && !was_scattered {
            self.scattered.push((id, None));
        }
        Ok(())
    }

    fn extend_part(&mut self, id: Id, part: Part, items: &[Id]) -> Result<()> {
        if items.is_empty() {
            return Ok(());
        }
        self.nodes[id.index()].set_extras();
        let chain = self.extras.entry((id, part)).or_insert(Chain::EMPTY);
        let was_scattered = chain.is_scattered();
        self.edges.append(chain, items)?;
        if chain.is_scattered() && !was_scattered {
            self.scattered.push((id, Some(part)));
        }
        Ok(())
    }

    /// Ends the growth: every container becomes one slice of edges, the text is shared from now on.
    pub(crate) fn finish(&mut self) -> Result<()> {
        for (id, part) in std::mem::take(&mut self.scattered) {
            match part.and_then(|part| self.extras.get_mut(&(id, part))) {
                Some(chain) => self.edges.seal(chain)?,
                None => {
                    let mut chain = Chain::of(self.raw(id));
                    self.edges.seal(&mut chain)?;
                    self.nodes[id.index()].value = chain.value();
                }
            }
        }
        self.store.finish();
        Ok(())
    }

    /// The items of a tuple, list, set, frozenset; the keys and values of a dict; nothing of others.
    #[inline]
    pub(crate) fn items(&self, id: Id) -> Ids<'_> {
        let raw = self.raw(id);
        match raw.tag() {
            Tag::Tuple => self.edges.tuple(raw),
            Tag::List | Tag::Dict | Tag::Set | Tag::FrozenSet => self.edges.chain(Chain::of(raw)),
            _ => self.none(),
        }
    }

    #[inline]
    pub(crate) fn none(&self) -> Ids<'_> {
        self.edges.chain(Chain::EMPTY)
    }

    /// Whether a list, dict or set has no items yet.
    #[inline]
    pub(crate) fn is_bare(&self, id: Id) -> bool {
        Chain::of(self.raw(id)).is_empty()
    }

    /// Calls `f` with every node that this one holds, but for what hangs on it.
    pub(crate) fn for_each_child(&self, id: Id, mut f: impl FnMut(Id)) {
        self.items(id).for_each(&mut f);
        let raw = self.raw(id);
        if raw.tag() == Tag::BinPersId {
            f(Id(raw.value as u32));
        }
        if let Some((callable, args, state)) = self.object_of(id) {
            [callable, args]
                .into_iter()
                .chain(state)
                .chain(self.kwargs(id))
                .for_each(&mut f);
        }
        if raw.has_extras() {
            self.appended(id)
                .chain(self.set_pairs(id))
                .chain(self.more_states(id))
                .for_each(f);
        }
    }

    /// Callable, arguments and first state of an object.
    #[inline]
    pub(crate) fn object_of(&self, id: Id) -> Option<(Id, Id, Option<Id>)> {
        let raw = self.raw(id);
        if raw.tag() != Tag::Object {
            return None;
        }
        let object = self.objects[raw.value as usize];
        Some((
            object.callable,
            object.args,
            (object.state != Id::NOWHERE).then_some(object.state),
        ))
    }

    pub(crate) fn kwargs(&self, id: Id) -> Option<Id> {
        self.part(id, Part::Kwargs).last()
    }

    pub(crate) fn appended(&self, id: Id) -> Ids<'_> {
        self.part(id, Part::Items)
    }

    pub(crate) fn set_pairs(&self, id: Id) -> Ids<'_> {
        self.part(id, Part::Pairs)
    }

    /// The states after an object's first, or all states of something that is no object.
    #[inline]
    pub(crate) fn more_states(&self, id: Id) -> Ids<'_> {
        self.part(id, Part::States)
    }

    #[inline]
    pub(crate) fn popped(&self, id: Id) -> Ids<'_> {
        self.part(id, Part::Popped)
    }

    pub(crate) fn popped_before(&self, id: Id) -> Ids<'_> {
        self.part(id, Part::Before)
    }

    #[inline]
    pub(super) fn part(&self, id: Id, part: Part) -> Ids<'_> {
        if self.raw(id).has_extras() {
            return self.edges.chain(
                self.extras
                    .get(&(id, part))
                    .copied()
                    .unwrap_or(Chain::EMPTY),
            );
        }
        self.none()
    }
}

/// The number of nodes, with the atoms.
fn limit(limits: &Limits) -> u64 {
    limits.nodes.min(u32::MAX as u64 - 15).saturating_add(4)
}

/// Whether an opcode that changes an object may meet it: what it is in Python is known to Python alone.
pub(crate) fn takes_anything(tag: Tag) -> bool {
    matches!(
        tag,
        Tag::Object
            | Tag::Global
            | Tag::StackGlobal
            | Tag::PersId
            | Tag::BinPersId
            | Tag::Extension
            | Tag::Buffer
    )
}
