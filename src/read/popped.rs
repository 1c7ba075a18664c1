//! What a pickle makes and throws away: calls for their side effects, and the picklers' way to close cycles.
//!
//! `… REDUCE POP` is how CPython's state setters, cloudpickle and the classic exploit run something. Nothing runs here,
//! but what would have must be seen, listed and written back: it hangs on the node below it. Two things are popped
//! that are no side effects: the unfinished half of a tuple or call that contains itself, where CPython pops what it
//! has and takes the finished one from the memo (`save_tuple`, `save_reduce` in `_pickle.c`).

use std::collections::{HashMap, VecDeque};

use crate::error::Result;
use crate::graph::{Graph, Id, Raw, Tag};

#[derive(Debug, Default)]
pub(super) struct Popped {
    /// In the order of the pickle.
    entries: Vec<Entry>,
    /// Where the opcode stands that follows the last entry, if that may be the unfinished half of a cycle.
    next: Option<u64>,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    popped: Id,
    /// The node below, or [`Id::NOWHERE`]: then it belongs before the root.
    anchor: Id,
}

impl Popped {
    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether a node was never more than its bytes: it may be thrown away.
    pub(super) fn is_nothing(raw: Raw) -> bool {
        raw.tag().is_constant() || (raw.tag() == Tag::Tuple && raw.halves().1 == 0)
    }

    /// Takes a node that was thrown away and the one below it, and where the next opcode stands.
    pub(super) fn discard(&mut self, graph: &Graph<'_>, popped: Id, anchor: Option<Id>, next: u64) {
        let raw = graph.raw(popped);
        if Popped::is_nothing(raw) {
            return;
        }
        let anchor = anchor.unwrap_or(Id::NOWHERE);
        self.entries.push(Entry { popped, anchor });
        // The unfinished half of a cycle is in no memo and was given nothing.
        let untouched = !raw.is_memoised() && !raw.has_extras();
        let stateless = graph
            .object_of(popped)
            .is_none_or(|(.., state)| state.is_none());
        let may_be_half =
            matches!(raw.tag(), Tag::Object | Tag::BinPersId) && untouched && stateless;
        self.next = may_be_half.then_some(next);
    }

    /// Forgets the last entry where the memo's copy of the same call was fetched right after it.
    #[inline(always)]
    pub(super) fn fetched(&mut self, graph: &Graph<'_>, at: u64, id: Id) {
        if self.next == Some(at) {
            self.drop_half(graph, id);
        }
    }

    #[cold]
    fn drop_half(&mut self, graph: &Graph<'_>, fetched: Id) {
        if self
            .entries
            .last()
            .is_some_and(|half| half.popped != fetched && is_same_call(graph, fetched, half.popped))
        {
            self.entries.pop();
        }
    }

    /// Hangs each entry where it belongs, unless it is part of a value anyway. A root that is a shared atom becomes a node
    /// of its own if something hangs on it.
    pub(super) fn settle(&self, graph: &mut Graph<'_>, roots: &mut [Id]) -> Result<()> {
        let mut reach = Reach::new(graph.len(), &self.entries);
        for root in roots.iter() {
            reach.from(graph, *root);
        }
        self.hang_ready(graph, &mut reach)?;
        // Those with nothing below come first: others may hang on them. What is left then hung on nodes that are gone.
        let of_root = |entry: &&Entry| entry.anchor == Id::NOWHERE;
        let entries = self
            .entries
            .iter()
            .filter(of_root)
            .chain(self.entries.iter().filter(|entry| !of_root(entry)));
        for entry in entries {
            let Some(root) = roots
                .last_mut()
                .filter(|_| !reach.reached[entry.popped.index()])
            else {
                continue;
            };
            if root.is_interned() {
                *root = graph.push(graph.raw(*root).moved(0))?;
            }
            graph.hang_before(*root, entry.popped)?;
            reach.from(graph, entry.popped);
            self.hang_ready(graph, &mut reach)?;
        }
        Ok(())
    }

    /// Hangs the entries whose place has been reached; they reach further places themselves.
    fn hang_ready(&self, graph: &mut Graph<'_>, reach: &mut Reach) -> Result<()> {
        while let Some(entry) = reach.ready.pop_front().map(|n| self.entries[n]) {
            if reach.reached[entry.popped.index()] {
                continue;
            }
            graph.hang(entry.anchor, entry.popped)?;
            reach.from(graph, entry.popped);
        }
        Ok(())
    }
}

/// What can be reached, and the entries whose place is among it.
struct Reach {
    reached: Vec<bool>,
    /// Numbers of entries by their place, in order.
    by_place: HashMap<Id, Vec<usize>>,
    ready: VecDeque<usize>,
}

impl Reach {
    fn new(nodes: usize, entries: &[Entry]) -> Self {
        let mut by_place: HashMap<Id, Vec<usize>> = HashMap::new();
        for (n, entry) in entries.iter().enumerate() {
            by_place.entry(entry.anchor).or_default().push(n);
        }
        Reach {
            reached: vec![false; nodes],
            by_place,
            ready: VecDeque::new(),
        }
    }

    fn from(&mut self, graph: &Graph<'_>, start: Id) {
        let mut left = vec![start];
        while let Some(id) = left.pop() {
            if !std::mem::replace(&mut self.reached[id.index()], true) {
                self.ready
                    .extend(self.by_place.remove(&id).unwrap_or_default());
                graph.for_each_child(id, |child| left.push(child));
            }
        }
    }
}

/// Whether two objects are the same callable with the same arguments. Python 2's C pickler leaves tuples that nobody else
/// holds out of its memo, so these may be two tuples of the same items.
fn is_same_call(graph: &Graph<'_>, a: Id, b: Id) -> bool {
    let (x, y) = (graph.raw(a), graph.raw(b));
    let mut pairs = match (graph.object_of(a), graph.object_of(b)) {
        (Some((callable, args, _)), Some((other, other_args, _))) => {
            vec![(callable, other), (args, other_args)]
        }
        _ if x.tag() == Tag::BinPersId && y.tag() == Tag::BinPersId => {
            vec![(Id(x.value as u32), Id(y.value as u32))]
        }
        _ => return false,
    };
    // Calls have few arguments, and a longer look would cost quadratic time.
    for _ in 0..MOST_ARGS {
        let Some((a, b)) = pairs.pop() else {
            return true;
        };
        if a == b {
            continue;
        }
        let (x, y) = (graph.raw(a), graph.raw(b));
        let (len, other_len) = (x.halves().1, y.halves().1);
        if x.tag() != Tag::Tuple || y.tag() != Tag::Tuple || len != other_len || len > MOST_ARGS {
            return false;
        }
        pairs.extend(graph.items(a).zip(graph.items(b)));
    }
    false
}

const MOST_ARGS: u32 = 16;
