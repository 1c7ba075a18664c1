//! Where the bytes of strings are: in the input, in the document's own text, or in a table of payloads.

use std::ops::Range;
use std::sync::Arc;

use crate::error::{Error, Result};
use crate::payload::{Payload, SharedBytes};

/// The place of a byte string in 64 bits: 2 of space, then 40 of start and 22 of length, or an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place(pub(crate) u64);

const LEN_BITS: u32 = 22;
const START_BITS: u32 = 40;
const SPACE: u32 = LEN_BITS + START_BITS;
const INPUT: u64 = 0;
const TEXT: u64 = 1;
const TABLE: u64 = 2;

impl Place {
    #[inline]
    fn inline(space: u64, start: u64, len: u64) -> Option<Place> {
        let fits = start >> START_BITS == 0 && len >> LEN_BITS == 0;
        fits.then_some(Place(space << SPACE | start << LEN_BITS | len))
    }

    /// The payload of this index.
    pub(crate) fn entry(index: u32) -> Place {
        Place(TABLE << SPACE | u64::from(index))
    }

    #[inline]
    fn space(self) -> u64 {
        self.0 >> SPACE
    }

    #[inline]
    fn range(self) -> Range<usize> {
        let start = (self.0 >> LEN_BITS & ((1 << START_BITS) - 1)) as usize;
        start..start + (self.0 & ((1 << LEN_BITS) - 1)) as usize
    }

    fn index(self) -> usize {
        self.0 as u32 as usize
    }
}

#[derive(Debug)]
pub(crate) struct Store<'a> {
    input: &'a [u8],
    text: Text,
    table: Vec<Payload<'a>>,
    copied: u64,
    limit: u64,
}

/// The document's own bytes: growing while it is read, then shared with the arrays that are made from it.
#[derive(Debug)]
enum Text {
    Growing(Vec<u8>),
    Done(Arc<Vec<u8>>),
}

impl<'a> Store<'a> {
    pub(crate) fn new(input: &'a [u8], limit: u64) -> Self {
        Store {
            input,
            text: Text::Growing(Vec::new()),
            table: Vec::new(),
            copied: 0,
            limit,
        }
    }

    pub(crate) fn set_limit(&mut self, limit: u64) {
        self.limit = limit;
    }

    /// Length of the input that is borrowed; 0 for other sources.
    pub(crate) fn input_len(&self) -> usize {
        self.input.len()
    }

    /// Ends the growth of the text.
    pub(crate) fn finish(&mut self) {
        if let Text::Growing(text) = &mut self.text {
            self.text = Text::Done(Arc::new(std::mem::take(text)));
        }
    }

    /// Spends the budget of copied bytes.
    pub(crate) fn spend(&mut self, len: u64) -> Result<()> {
        self.copied = self.copied.saturating_add(len);
        if self.copied > self.limit {
            return Err(Error::limit("copied", self.limit));
        }
        Ok(())
    }

    /// The place of a part of the input.
    #[inline]
    pub(crate) fn input(&mut self, range: Range<usize>) -> Place {
        match Place::inline(INPUT, range.start as u64, range.len() as u64) {
            Some(place) => place,
            None => self.payload(Payload::Borrowed(&self.input[range])),
        }
    }

    /// The place of a payload of its own.
    pub(crate) fn payload(&mut self, payload: Payload<'a>) -> Place {
        // OK because every entry costs its node, and nodes are numbered in 32 bits.
        let index = self.table.len() as u64;
        self.table.push(payload);
        Place(TABLE << SPACE | index)
    }

    /// Lets `write` append to the document's text and gives the place of what it appended; of nothing on an error.
    pub(crate) fn text(&mut self, write: impl FnOnce(&mut Vec<u8>) -> Result<()>) -> Result<Place> {
        let text = match &mut self.text {
            Text::Growing(text) => text,
            Text::Done(shared) => {
                // Copied only where an array of the document holds it too.
                let shared = std::mem::take(shared);
                self.text = Text::Growing(Arc::unwrap_or_clone(shared));
                return self.text(write);
            }
        };
        let start = text.len();
        if let Err(error) = write(text) {
            text.truncate(start);
            return Err(error);
        }
        let len = text.len() - start;
        let place = match Place::inline(TEXT, start as u64, len as u64) {
            Some(place) => place,
            None => {
                let bytes: SharedBytes = Arc::new(text.split_off(start));
                self.payload(Payload::Shared(bytes, 0..len))
            }
        };
        self.spend(len as u64)?;
        Ok(place)
    }

    /// The place of a copy of these bytes.
    pub(crate) fn copy(&mut self, bytes: &[u8]) -> Result<Place> {
        self.text(|text| {
            text.extend_from_slice(bytes);
            Ok(())
        })
    }

    /// The place without its last `n` bytes.
    pub(crate) fn shorten(&mut self, place: Place, n: u64) -> Result<Place> {
        self.part(place, 0..self.len(place) - n)
    }

    /// A part of a place.
    pub(crate) fn part(&mut self, place: Place, range: Range<u64>) -> Result<Place> {
        if place.space() == TABLE {
            let part = self.table[place.index()].slice(range)?;
            return Ok(self.payload(part));
        }
        let start = place.range().start as u64 + range.start;
        // OK because a part of what fits in a place fits too.
        Ok(Place(
            place.space() << SPACE | start << LEN_BITS | (range.end - range.start),
        ))
    }

    /// Forgets a place that nothing refers to, where it is the last of the text; the newline behind a line goes with it.
    pub(crate) fn release(&mut self, place: Place) {
        if let (TEXT, Text::Growing(text)) = (place.space(), &mut self.text)
            && place.range().end + 1 >= text.len()
        {
            text.truncate(place.range().start);
        }
    }

    /// One place for `first \n second`, given the places of two lines that were read one after the other.
    pub(crate) fn join(&mut self, first: Place, second: Place) -> Result<Place> {
        let (a, b) = (first.range(), second.range());
        if first.space() == second.space() && first.space() != TABLE && b.start == a.end + 1 {
            if first.space() == INPUT {
                return Ok(self.input(a.start..b.end));
            }
            if let Some(place) = Place::inline(TEXT, a.start as u64, (b.end - a.start) as u64) {
                return Ok(place);
            }
        }
        let mut joined = self.get(first).unwrap_or_default().to_vec();
        joined.push(b'\n');
        joined.extend_from_slice(self.get(second).unwrap_or_default());
        self.copy(&joined)
    }

    #[inline]
    pub(crate) fn len(&self, place: Place) -> u64 {
        match place.space() {
            TABLE => self.table[place.index()].len(),
            _ => place.range().len() as u64,
        }
    }

    /// The bytes, where they are in memory.
    #[inline]
    pub(crate) fn get(&self, place: Place) -> Option<&[u8]> {
        match place.space() {
            INPUT => Some(&self.input[place.range()]),
            TEXT => Some(match &self.text {
                Text::Growing(text) => &text[place.range()],
                Text::Done(text) => &text[place.range()],
            }),
            _ => self.table[place.index()].as_slice(),
        }
    }

    /// The bytes, where they are part of the input.
    #[inline]
    pub(crate) fn borrowed(&self, place: Place) -> Option<&'a [u8]> {
        match place.space() {
            INPUT => Some(&self.input[place.range()]),
            TEXT => None,
            _ => self.table[place.index()].as_borrowed(),
        }
    }

    /// The bytes as a payload that outlives the document.
    #[inline]
    pub(crate) fn to_payload(&self, place: Place) -> Payload<'a> {
        match (place.space(), &self.text) {
            (INPUT, _) => Payload::Borrowed(&self.input[place.range()]),
            (TEXT, Text::Done(text)) => {
                Payload::Shared(Arc::clone(text) as SharedBytes, place.range())
            }
            (TEXT, Text::Growing(text)) => {
                let bytes: SharedBytes = Arc::new(text[place.range()].to_vec());
                Payload::Shared(bytes, 0..place.range().len())
            }
            _ => self.table[place.index()].clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_find_their_bytes() {
        let input = vec![7u8; 5 << 20];
        let mut store = Store::new(&input, u64::MAX);
        let small = store.input(3..10);
        let large = store.input(0..input.len());
        let text = store.copy(b"abc").expect("room");
        let big_text = store.copy(&input).expect("room");
        for (place, len) in [
            (small, 7),
            (large, input.len()),
            (text, 3),
            (big_text, input.len()),
        ] {
            assert_eq!(store.len(place), len as u64);
            assert_eq!(store.get(place).map(<[u8]>::len), Some(len));
            assert_eq!(store.to_payload(place).len(), len as u64);
        }
        assert!(store.borrowed(small).is_some() && store.borrowed(large).is_some());
        assert!(store.borrowed(text).is_none());
    }

    #[test]
    fn lines_join_without_copies_where_they_touch() {
        let mut store = Store::new(b"mod\nname\n", u64::MAX);
        let (a, b) = (store.input(0..3), store.input(4..8));
        let joined = store.join(a, b).expect("room");
        assert_eq!(store.borrowed(joined), Some(&b"mod\nname"[..]));
        let far = store.copy(b"far").expect("room");
        let joined = store.join(far, b).expect("room");
        assert_eq!(store.get(joined), Some(&b"far\nname"[..]));
    }

    #[test]
    fn the_budget_is_spent() {
        let mut store = Store::new(b"", 4);
        assert!(store.copy(b"abc").is_ok());
        assert!(store.copy(b"de").is_err());
    }
}
