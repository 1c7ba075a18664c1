//! What a stream that is being made has on its stack and in its memo.

/// What an object is, as far as the opcodes that may follow depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    /// A mark.
    Mark,
    /// Something that a dict takes for a key.
    Hashable,
    /// Something that is no key, and that nothing is done with.
    Other,
    /// Takes items: a list or deque.
    List,
    /// Takes keys and values: a dict, or an OrderedDict.
    Dict,
    /// A set.
    Set,
    /// An instance that takes a state.
    Instance,
}

impl Slot {
    pub(super) fn is_hashable(self) -> bool {
        self == Slot::Hashable
    }
}

/// A stream on its way.
#[derive(Debug, Default)]
pub(super) struct Made {
    pub(super) bytes: Vec<u8>,
    pub(super) stack: Vec<Slot>,
    /// The entries of the memo, by their index.
    pub(super) memo: Vec<(u32, Slot)>,
}

impl Made {
    /// What is above the topmost mark, or the whole stack.
    pub(super) fn above_mark(&self) -> &[Slot] {
        let mark = self.stack.iter().rposition(|slot| *slot == Slot::Mark);
        mark.map_or(&self.stack[..], |mark| &self.stack[mark + 1..])
    }

    /// The object right below the topmost mark.
    pub(super) fn below_mark(&self) -> Option<Slot> {
        let mark = self.stack.iter().rposition(|slot| *slot == Slot::Mark)?;
        self.stack[..mark].last().copied()
    }

    pub(super) fn has_mark(&self) -> bool {
        self.stack.contains(&Slot::Mark)
    }

    /// Takes away the topmost mark and what is above it.
    pub(super) fn take_mark(&mut self) -> Vec<Slot> {
        let mark = self.stack.iter().rposition(|slot| *slot == Slot::Mark);
        let Some(mark) = mark else {
            return Vec::new();
        };
        let above = self.stack.split_off(mark + 1);
        self.stack.pop();
        above
    }

    /// Replaces so many slots by one.
    pub(super) fn replace(&mut self, taken: usize, slot: Slot) {
        self.stack.truncate(self.stack.len().saturating_sub(taken));
        self.stack.push(slot);
    }

    /// Stores the topmost object.
    pub(super) fn memoise(&mut self, index: u32) {
        if let Some(slot) = self.stack.last().copied() {
            self.memo.retain(|(own, _)| *own != index);
            self.memo.push((index, slot));
        }
    }
}

/// What a tuple or frozenset of these objects is.
pub(super) fn of_items(items: &[Slot]) -> Slot {
    match items.iter().all(|item| item.is_hashable()) {
        true => Slot::Hashable,
        false => Slot::Other,
    }
}
