//! The memo: an array for the indexes that picklers write, a map for those that only an adversary does.

use std::collections::HashMap;

use crate::error::{Error, Result};
use crate::graph::Id;

#[derive(Debug, Default)]
pub(crate) struct Memo {
    /// [`Id::NOWHERE`] where nothing was stored.
    dense: Vec<Id>,
    sparse: HashMap<u64, Id>,
    count: u64,
    limit: u64,
}

/// How many empty entries one PUT may leave in the array: `pickletools.optimize` left gaps before Python 3.4, and 8
/// entries a PUT stay below the promised multiple of the input.
const GAP: usize = 8;

impl Memo {
    pub(crate) fn new(limit: u64) -> Self {
        Memo {
            dense: Vec::new(),
            sparse: HashMap::new(),
            count: 0,
            limit,
        }
    }

    /// Number of entries, which is the index that MEMOIZE takes.
    #[inline]
    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    #[inline]
    pub(crate) fn put(&mut self, index: u64, id: Id) -> Result<()> {
        if index == self.dense.len() as u64 && self.count < self.limit && self.sparse.is_empty() {
            self.dense.push(id);
            self.count += 1;
            return Ok(());
        }
        self.put_elsewhere(index, id)
    }

    fn put_elsewhere(&mut self, index: u64, id: Id) -> Result<()> {
        let was_there = if index < (self.dense.len() + GAP) as u64 {
            let index = index as usize;
            if index >= self.dense.len() {
                self.dense.resize(index + 1, Id::NOWHERE);
            }
            // An entry of the map that the array has grown over.
            let hidden = self.sparse.remove(&(index as u64));
            let before = std::mem::replace(&mut self.dense[index], id);
            Some(before).filter(|id| *id != Id::NOWHERE).or(hidden)
        } else {
            self.sparse.insert(index, id)
        };
        if was_there.is_none() {
            self.count += 1;
            if self.count > self.limit {
                return Err(Error::limit("memo", self.limit));
            }
        }
        Ok(())
    }

    #[inline]
    pub(crate) fn get(&self, index: u64) -> Option<Id> {
        match self.dense.get(index as usize) {
            Some(id) if *id != Id::NOWHERE => Some(*id),
            _ => self.sparse.get(&index).copied(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_found_wherever_they_are() {
        let mut memo = Memo::new(100);
        let indexes = [0, 1, 5, 4_000_000_000, 20, 7, 14, 19, 21, 20, 2];
        for (n, index) in indexes.into_iter().enumerate() {
            memo.put(index, Id(n as u32)).expect("room");
        }
        for (n, index) in indexes.into_iter().enumerate() {
            let last = indexes.iter().rposition(|i| *i == index);
            assert_eq!(memo.get(index), last.map(|n| Id(n as u32)), "{n}");
        }
        assert_eq!(memo.count(), 10);
        assert_eq!((memo.get(3), memo.get(4_000_000_001)), (None, None));
        assert!(memo.dense.len() < 40);
    }

    #[test]
    fn the_limit_holds() {
        let mut memo = Memo::new(2);
        assert!(
            memo.put(0, Id(0)).is_ok()
                && memo.put(9_999_999, Id(0)).is_ok()
                && memo.put(0, Id(1)).is_ok()
        );
        assert!(memo.put(1, Id(0)).is_err());
    }
}
