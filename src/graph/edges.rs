//! The edges of the graph: ids in one pool, in chunks that are chained while a container grows.

use super::raw::{Id, Raw, halves};
use crate::error::{Error, Result};

/// The items of one container: its first and last chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Chain {
    head: u32,
    tail: u32,
}

const NOWHERE: u32 = u32::MAX;

/// A chunk is `[used, capacity, next, items…]`.
const HEADER: usize = 3;

impl Chain {
    pub(crate) const EMPTY: Chain = Chain {
        head: NOWHERE,
        tail: NOWHERE,
    };

    #[inline]
    pub(crate) fn of(raw: Raw) -> Chain {
        let (head, tail) = raw.halves();
        Chain { head, tail }
    }

    #[inline]
    pub(crate) fn value(self) -> u64 {
        halves(self.head, self.tail)
    }

    pub(crate) fn is_empty(self) -> bool {
        self.head == NOWHERE
    }

    /// Whether it has more than one chunk.
    pub(crate) fn is_scattered(self) -> bool {
        self.head != self.tail
    }
}

#[derive(Debug)]
pub(crate) struct Edges {
    pool: Vec<u32>,
    limit: u64,
}

impl Edges {
    pub(crate) fn new(limit: u64) -> Edges {
        let mut edges = Edges {
            pool: Vec::new(),
            limit: 0,
        };
        edges.set_limit(limit);
        edges
    }

    pub(crate) fn set_limit(&mut self, limit: u64) {
        self.limit = limit.min(u32::MAX as u64 - 15);
    }

    /// Number of words in the pool.
    pub(crate) fn used(&self) -> usize {
        self.pool.len()
    }

    /// Makes room for so many words, as far as the limit lets them be used.
    pub(crate) fn reserve(&mut self, words: usize) {
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        self.pool
            .reserve_exact(words.min(limit.saturating_sub(self.pool.len())));
    }

    #[inline]
    fn room(&self, more: usize) -> Result<()> {
        if self.pool.len() as u64 + more as u64 > self.limit {
            return Err(Error::limit("edges", self.limit));
        }
        Ok(())
    }

    /// Stores ids that never change: the items of a tuple. Gives start and length.
    #[inline]
    pub(crate) fn fixed(&mut self, ids: &[Id]) -> Result<u64> {
        self.room(ids.len())?;
        let start = self.pool.len() as u32;
        self.pool.extend(ids.iter().map(|id| id.0));
        Ok(halves(start, ids.len() as u32))
    }

    /// Appends to a chain: in place where its last chunk has room or ends the pool, else in a new chunk.
    #[inline]
    pub(crate) fn append(&mut self, chain: &mut Chain, ids: &[Id]) -> Result<()> {
        if ids.is_empty() {
            return Ok(());
        }
        self.room(ids.len() + HEADER)?;
        let new = ids.iter().map(|id| id.0);
        if chain.tail == NOWHERE {
            let at = self.chunk(ids.len());
            self.pool.extend(new);
            (chain.head, chain.tail) = (at, at);
            return Ok(());
        }
        let tail = chain.tail as usize;
        let (used, capacity) = (self.pool[tail] as usize, self.pool[tail + 1] as usize);
        let end = tail + HEADER + used;
        if tail + HEADER + capacity == self.pool.len() && used == capacity {
            self.pool.extend(new);
            self.pool[tail] += ids.len() as u32;
            self.pool[tail + 1] += ids.len() as u32;
        } else if capacity - used >= ids.len() {
            for (slot, id) in self.pool[end..].iter_mut().zip(ids) {
                *slot = id.0;
            }
            self.pool[tail] += ids.len() as u32;
        } else {
            // Protocol 0 appends one by one: doubling keeps the number of chunks logarithmic. A batch is its own size.
            let capacity = if ids.len() == 1 {
                (used * 2).clamp(1, 1024)
            } else {
                ids.len()
            };
            self.room(capacity + HEADER)?;
            let at = self.chunk(ids.len());
            self.pool.extend(new);
            self.pool.resize(at as usize + HEADER + capacity, 0);
            self.pool[at as usize + 1] = capacity as u32;
            self.pool[tail + 2] = at;
            chain.tail = at;
        }
        Ok(())
    }

    /// Starts a full chunk at the end of the pool.
    fn chunk(&mut self, len: usize) -> u32 {
        let at = self.pool.len() as u32;
        self.pool.extend([len as u32, len as u32, NOWHERE]);
        at
    }

    /// Joins the chunks of a chain into one, so that its items are a slice.
    pub(crate) fn seal(&mut self, chain: &mut Chain) -> Result<()> {
        if chain.is_scattered() {
            let len = self.len(*chain);
            self.room(len + HEADER)?;
            let whole = self.chunk(len);
            let mut at = chain.head;
            while at != NOWHERE {
                let items = at as usize + HEADER;
                self.pool
                    .extend_from_within(items..items + self.pool[at as usize] as usize);
                at = self.pool[at as usize + 2];
            }
            (chain.head, chain.tail) = (whole, whole);
        }
        Ok(())
    }

    /// Takes `removed` items out of a chain, from item `at` on, and puts `ids` in their place. The chain is one chunk then, with
    /// room for more, so that many such changes cost no more than the moves.
    pub(crate) fn splice(
        &mut self,
        chain: &mut Chain,
        at: usize,
        removed: usize,
        ids: &[Id],
    ) -> Result<()> {
        let len = self.len(*chain);
        let new_len = len - removed + ids.len();
        let capacity = match chain.is_empty() || chain.is_scattered() {
            true => 0,
            false => self.pool[chain.head as usize + 1] as usize,
        };
        if capacity < new_len {
            let capacity = new_len + new_len / 2;
            self.room(capacity + HEADER)?;
            let old: Vec<u32> = self.chain(*chain).map(|id| id.0).collect();
            let whole = self.chunk(len);
            self.pool.extend(old);
            self.pool.resize(whole as usize + HEADER + capacity, 0);
            self.pool[whole as usize + 1] = capacity as u32;
            (chain.head, chain.tail) = (whole, whole);
        } else if chain.is_empty() {
            return Ok(());
        }
        let items = chain.head as usize + HEADER;
        let rest = items + at + removed..items + len;
        self.pool.copy_within(rest, items + at + ids.len());
        for (slot, id) in self.pool[items + at..].iter_mut().zip(ids) {
            *slot = id.0;
        }
        self.pool[chain.head as usize] = new_len as u32;
        Ok(())
    }

    /// Sets the item `n` of a chain that has so many.
    pub(crate) fn set(&mut self, chain: Chain, mut n: usize, id: Id) {
        let mut at = chain.head;
        while at != NOWHERE {
            let used = self.pool[at as usize] as usize;
            if n < used {
                self.pool[at as usize + HEADER + n] = id.0;
                return;
            }
            (n, at) = (n - used, self.pool[at as usize + 2]);
        }
    }

    /// Puts other ids in the place of a chain's items.
    pub(crate) fn change(&mut self, chain: Chain, mut change: impl FnMut(Id) -> Id) {
        let mut at = chain.head;
        while at != NOWHERE {
            let items = at as usize + HEADER;
            let used = self.pool[at as usize] as usize;
            for slot in &mut self.pool[items..items + used] {
                *slot = change(Id(*slot)).0;
            }
            at = self.pool[at as usize + 2];
        }
    }

    /// The items of a tuple, to be changed.
    pub(crate) fn tuple_mut(&mut self, raw: Raw) -> &mut [u32] {
        let (start, len) = raw.halves();
        &mut self.pool[start as usize..][..len as usize]
    }

    #[inline]
    pub(crate) fn len(&self, chain: Chain) -> usize {
        let mut len = 0;
        let mut at = chain.head;
        while at != NOWHERE {
            len += self.pool[at as usize] as usize;
            at = self.pool[at as usize + 2];
        }
        len
    }

    #[inline]
    pub(crate) fn chain(&self, chain: Chain) -> Ids<'_> {
        Ids {
            edges: self,
            current: [].iter(),
            next: chain.head,
        }
    }

    #[inline]
    pub(crate) fn tuple(&self, raw: Raw) -> Ids<'_> {
        let (start, len) = raw.halves();
        Ids {
            edges: self,
            current: self.pool[start as usize..][..len as usize].iter(),
            next: NOWHERE,
        }
    }
}

/// Ids in order; knows how to skip.
#[derive(Clone, Debug)]
pub(crate) struct Ids<'p> {
    edges: &'p Edges,
    current: std::slice::Iter<'p, u32>,
    next: u32,
}

impl Ids<'_> {
    fn advance(&mut self) -> bool {
        if self.next == NOWHERE {
            return false;
        }
        let pool = &self.edges.pool;
        let at = self.next as usize;
        self.current = pool[at + HEADER..][..pool[at] as usize].iter();
        self.next = pool[at + 2];
        true
    }

    #[inline]
    pub(crate) fn count_left(&self) -> usize {
        let rest = Chain {
            head: self.next,
            tail: NOWHERE,
        };
        self.current.len() + self.edges.len(rest)
    }
}

impl Iterator for Ids<'_> {
    type Item = Id;

    #[inline]
    fn next(&mut self) -> Option<Id> {
        loop {
            if let Some(id) = self.current.next() {
                return Some(Id(*id));
            }
            if !self.advance() {
                return None;
            }
        }
    }

    fn nth(&mut self, mut n: usize) -> Option<Id> {
        while self.current.len() <= n {
            n -= self.current.len();
            self.current = [].iter();
            if !self.advance() {
                return None;
            }
        }
        self.current.nth(n).map(|id| Id(*id))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.current.len(), None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interleaved_chains_keep_their_order() {
        let mut edges = Edges::new(u64::MAX);
        let mut chains = [Chain::EMPTY; 3];
        let mut expected = [const { Vec::new() }; 3];
        for round in 0..200u32 {
            let which = (round * 7 % 3) as usize;
            let ids: Vec<Id> = (0..round % 4).map(|i| Id(round * 10 + i)).collect();
            edges.append(&mut chains[which], &ids).expect("room");
            expected[which].extend(ids);
        }
        for sealed in [false, true] {
            for (chain, expected) in chains.iter_mut().zip(&expected) {
                if sealed {
                    edges.seal(chain).expect("room");
                    assert!(!chain.is_scattered());
                }
                assert_eq!(edges.len(*chain), expected.len());
                assert!(edges.chain(*chain).eq(expected.iter().copied()));
                for n in [0, 1, 17, expected.len() - 1, expected.len()] {
                    assert_eq!(edges.chain(*chain).nth(n), expected.get(n).copied());
                }
            }
        }
    }

    #[test]
    fn spliced_chains_are_as_spliced_vectors() {
        let mut edges = Edges::new(u64::MAX);
        let (mut chain, mut other) = (Chain::EMPTY, Chain::EMPTY);
        let mut expected: Vec<Id> = Vec::new();
        for round in 0..3000u32 {
            let ids: Vec<Id> = (0..round % 4).map(|i| Id(round * 10 + i)).collect();
            if round % 3 == 0 {
                edges.append(&mut chain, &ids).expect("room");
                edges.append(&mut other, &[Id(7)]).expect("room");
                expected.extend(ids);
                continue;
            }
            let at = (round * 31) as usize % (expected.len() + 1);
            let removed = (round % 5) as usize % (expected.len() - at + 1);
            edges.splice(&mut chain, at, removed, &ids).expect("room");
            expected.splice(at..at + removed, ids);
            if let Some(last) = expected.last_mut() {
                *last = Id(round);
                edges.set(chain, expected.len() - 1, Id(round));
            }
            assert!(edges.chain(chain).eq(expected.iter().copied()), "{round}");
        }
        edges.change(chain, |id| Id(id.0 + 1));
        assert!(
            edges
                .chain(chain)
                .eq(expected.iter().map(|id| Id(id.0 + 1)))
        );
        assert!(edges.chain(other).all(|id| id == Id(7)));
    }

    #[test]
    fn the_limit_holds() {
        let mut edges = Edges::new(10);
        let mut chain = Chain::EMPTY;
        edges.append(&mut chain, &[Id(1); 5]).expect("room");
        assert!(edges.append(&mut chain, &[Id(1); 5]).is_err());
        assert!(edges.fixed(&[Id(1); 3]).is_err());
    }
}
