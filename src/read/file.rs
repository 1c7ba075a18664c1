//! Stored bytes read at any offset: large payloads stay where they are.

use std::ops::Range;
use std::sync::Arc;

use super::source::Source;
use crate::error::{Error, Result};
use crate::graph::{Place, Store};
use crate::payload::{Payload, ReadAt};

/// Byte strings from this size on are not read. A smaller one costs less to copy than to fetch later.
const LAZY: u64 = 1 << 16;

/// What is read at once.
const WINDOW: usize = 1 << 17;

pub(crate) struct Stored<'a> {
    storage: Arc<dyn ReadAt + 'a>,
    /// Where the source's byte 0 is in the storage.
    base: u64,
    len: u64,
    /// Bytes `start..start + window.len()` of the source.
    window: Vec<u8>,
    start: u64,
    position: u64,
}

impl<'a> Stored<'a> {
    pub(crate) fn new(storage: Arc<dyn ReadAt + 'a>, range: Range<u64>) -> Self {
        let len = range.end.saturating_sub(range.start);
        Stored {
            storage,
            base: range.start,
            len,
            window: Vec::new(),
            start: 0,
            position: 0,
        }
    }

    /// The bytes at hand from the position on, at least one of them unless the source ends here.
    #[inline]
    fn at_hand(&mut self) -> Result<&[u8]> {
        let offset = self.position.wrapping_sub(self.start);
        if offset >= self.window.len() as u64 {
            self.refill()?;
            return Ok(&self.window);
        }
        Ok(&self.window[offset as usize..])
    }

    #[cold]
    fn refill(&mut self) -> Result<()> {
        let n =
            WINDOW.min(usize::try_from(self.len - self.position.min(self.len)).unwrap_or(WINDOW));
        self.window.resize(n, 0);
        self.start = self.position;
        self.storage
            .read_exact_at(&mut self.window, self.base + self.position)?;
        Ok(())
    }

    fn fill(&mut self, out: &mut [u8]) -> Result<()> {
        let left = self.len - self.position;
        if out.len() as u64 > left {
            return Err(Error::eof(out.len() as u64 - left));
        }
        let mut filled = 0;
        while filled < out.len() {
            let at_hand = self.at_hand()?;
            let n = at_hand.len().min(out.len() - filled);
            out[filled..filled + n].copy_from_slice(&at_hand[..n]);
            filled += n;
            self.position += n as u64;
        }
        Ok(())
    }
}

impl<'a> Source<'a> for Stored<'a> {
    #[inline]
    fn position(&self) -> u64 {
        self.position
    }

    #[inline]
    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let mut array = [0; N];
        if let Some(chunk) = self.at_hand()?.first_chunk() {
            array = *chunk;
            self.position += N as u64;
        } else {
            self.fill(&mut array)?;
        }
        Ok(array)
    }

    fn bytes(&mut self, len: u64, store: &mut Store<'a>) -> Result<Place> {
        let left = self.len - self.position;
        if len > left {
            return Err(Error::eof(len - left));
        }
        if len >= LAZY {
            let start = self.base + self.position;
            self.position += len;
            return Ok(store.payload(Payload::At(Arc::clone(&self.storage), start..start + len)));
        }
        store.text(|text| {
            let start = text.len();
            text.resize(start + len as usize, 0);
            self.fill(&mut text[start..])
        })
    }

    fn line(&mut self, store: &mut Store<'a>) -> Result<Place> {
        let mut ended = false;
        let place = store.text(|text| {
            while !ended {
                let at_hand = self.at_hand()?;
                if at_hand.is_empty() {
                    return Err(Error::eof(1));
                }
                let end = at_hand.iter().position(|byte| *byte == b'\n');
                let n = end.map_or(at_hand.len(), |end| end + 1);
                text.extend_from_slice(&at_hand[..n]);
                self.position += n as u64;
                ended = end.is_some();
            }
            Ok(())
        })?;
        store.shorten(place, 1)
    }

    fn at_end(&mut self) -> Result<bool> {
        Ok(self.position >= self.len)
    }

    fn reaches(&mut self, end: u64) -> Result<bool> {
        self.position = self.position.max(end.min(self.len));
        Ok(end <= self.len)
    }
}
