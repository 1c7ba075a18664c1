//! The memo of the writer: which nodes have been written, and under which number.

use crate::graph::Id;

#[derive(Debug)]
pub(super) struct Memo {
    /// By id, one more than the memo's index; 0 for a node that is not in it.
    slots: Vec<u32>,
    next: u32,
}

impl Memo {
    /// With room for so many nodes; more may come. Python 2's C pickler counts from 1, all others from 0 (`put` in
    /// `cPickle.c`).
    pub(super) fn new(nodes: usize, first: u32) -> Self {
        Memo {
            slots: vec![0; nodes],
            next: first,
        }
    }

    #[inline]
    pub(super) fn get(&self, id: Id) -> Option<u32> {
        self.slots.get(id.index())?.checked_sub(1)
    }

    /// Adds a node and gives its index.
    #[inline]
    pub(super) fn put(&mut self, id: Id) -> u32 {
        let index = self.take();
        if id.index() >= self.slots.len() {
            self.slots.resize(id.index() + 1, 0);
        }
        self.slots[id.index()] = index + 1;
        index
    }

    /// The next index, for what no other will ask for.
    #[inline]
    pub(super) fn take(&mut self) -> u32 {
        let index = self.next;
        self.next += 1;
        index
    }
}
