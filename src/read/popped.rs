//! What a pickle makes and throws away: calls for their side effects, and the picklers' way to close cycles.
//!
//! `… REDUCE POP` is how CPython's state setters, cloudpickle and the classic exploit run something. Nothing runs here,
//! but what would have must be seen, listed and written back: it hangs on the node below it. Two things are popped
//! that are no side effects: the unfinished half of a tuple or call that contains itself, where CPython pops what it
//! has and takes the finished one from the memo (`save_tuple`, `save_reduce` in `_pickle.c`).

use std::collections::VecDeque;

use crate::error::Result;
use crate::graph::{ARGS_ANEW, Graph, Id, Raw, Tag};

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

    /// Makes room for so many entries at once: in steps of doubling, those of a hostile pickle would take twice as much.
    pub(super) fn reserve(&mut self, more: usize) {
        self.entries.reserve(more);
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
    pub(super) fn fetched(&mut self, graph: &mut Graph<'_>, at: u64, id: Id) {
        if self.next == Some(at) {
            self.drop_half(graph, id);
        }
    }

    #[cold]
    fn drop_half(&mut self, graph: &mut Graph<'_>, fetched: Id) {
        let Some(half) = self.entries.last().map(|entry| entry.popped) else {
            return;
        };
        if half == fetched || !is_same_call(graph, fetched, half) {
            return;
        }
        self.entries.pop();
        let args = |id| graph.object_of(id).map(|(_, args, _)| args);
        if args(half) != args(fetched) {
            graph.set_aux(fetched, graph.raw(fetched).aux() | ARGS_ANEW);
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
                .filter(|_| !reach.reached.has(entry.popped))
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
    fn hang_ready(&self, graph: &mut Graph<'_>, reach: &mut Reach<'_>) -> Result<()> {
        while let Some(entry) = reach.ready.pop_front().map(|n| self.entries[n as usize]) {
            if reach.reached.has(entry.popped) {
                continue;
            }
            graph.hang(entry.anchor, entry.popped)?;
            reach.from(graph, entry.popped);
        }
        Ok(())
    }
}

/// What can be reached, and the entries whose place is among it.
struct Reach<'e> {
    entries: &'e [Entry],
    reached: Bits,
    /// The nodes that something hangs on.
    anchors: Bits,
    /// Numbers of the entries that hang on nodes, by node and then in order.
    by_anchor: Vec<u32>,
    ready: VecDeque<u32>,
}

impl<'e> Reach<'e> {
    fn new(nodes: usize, entries: &'e [Entry]) -> Self {
        let mut anchors = Bits::new(nodes);
        let mut by_anchor = Vec::new();
        for (n, entry) in entries.iter().enumerate() {
            if entry.anchor != Id::NOWHERE {
                anchors.set(entry.anchor);
                by_anchor.push(n as u32);
            }
        }
        by_anchor.sort_unstable_by_key(|n| (entries[*n as usize].anchor, *n));
        Reach {
            entries,
            reached: Bits::new(nodes),
            anchors,
            by_anchor,
            ready: VecDeque::new(),
        }
    }

    fn from(&mut self, graph: &Graph<'_>, start: Id) {
        let anchor = |n: &u32| self.entries[*n as usize].anchor;
        let mut left = vec![start];
        while let Some(id) = left.pop() {
            if self.reached.set(id) {
                continue;
            }
            if self.anchors.has(id) {
                let first = self.by_anchor.partition_point(|n| anchor(n) < id);
                let hanging = self.by_anchor[first..]
                    .iter()
                    .take_while(|n| anchor(n) == id);
                self.ready.extend(hanging);
            }
            graph.for_each_child(id, |child| left.push(child));
        }
    }
}

/// A bit for each node.
struct Bits(Vec<u64>);

impl Bits {
    /// One word more than the nodes need: settling may make a few.
    fn new(nodes: usize) -> Self {
        Bits(vec![0; nodes.div_ceil(64) + 1])
    }

    fn has(&self, id: Id) -> bool {
        self.0
            .get(id.index() / 64)
            .is_some_and(|word| word >> (id.index() % 64) & 1 != 0)
    }

    /// Sets a bit and tells whether it was set before.
    fn set(&mut self, id: Id) -> bool {
        let Some(word) = self.0.get_mut(id.index() / 64) else {
            return false;
        };
        let bit = 1 << (id.index() % 64);
        let before = *word & bit != 0;
        *word |= bit;
        before
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
