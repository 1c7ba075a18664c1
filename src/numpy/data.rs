//! The bytes of an array, as the pickle spells them: raw, or as text of their latin-1 characters.

use crate::error::{Error, Result};
use crate::payload::Payload;

/// The elements' bytes.
#[derive(Clone, Debug)]
pub(crate) struct Data<'a> {
    payload: Payload<'a>,
    spelling: Spelling,
    len: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Spelling {
    Raw,
    /// UTF-8 of characters up to U+00FF, each of which is a byte: what protocols 0 to 2 of Python 3 write.
    Latin1,
}

/// How much is read at once where a payload is not in memory.
const STEP: usize = 1 << 20;

impl<'a> Data<'a> {
    #[inline]
    pub(crate) fn raw(payload: Payload<'a>) -> Self {
        Data {
            len: payload.len(),
            payload,
            spelling: Spelling::Raw,
        }
    }

    /// Bytes spelled as text of so many characters.
    pub(crate) fn latin1(payload: Payload<'a>, len: u64) -> Self {
        Data {
            payload,
            spelling: Spelling::Latin1,
            len,
        }
    }

    /// Number of bytes.
    #[inline]
    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    /// The bytes where they are in memory as they are.
    #[inline]
    pub(crate) fn as_slice(&self) -> Option<&[u8]> {
        if self.spelling == Spelling::Raw {
            self.payload.as_slice()
        } else {
            None
        }
    }

    #[inline]
    pub(crate) fn payload(&self) -> Option<&Payload<'a>> {
        (self.spelling == Spelling::Raw).then_some(&self.payload)
    }

    /// Fills `out`, which is as long as the data.
    ///
    /// # Errors
    ///
    /// Category `Io`; `Data` where the text is broken.
    pub(crate) fn read_into(&self, out: &mut [u8]) -> Result<()> {
        if self.spelling == Spelling::Raw {
            return self.payload.read_at(out, 0);
        }
        let mut decoder = Latin1 {
            out,
            filled: 0,
            half: None,
            broken: false,
        };
        self.payload.chunks(STEP, |text| {
            decoder.feed(text);
            Ok(())
        })?;
        decoder.finish()
    }

    /// All bytes.
    ///
    /// # Errors
    ///
    /// As [`read_into`](Data::read_into).
    pub(crate) fn to_vec(&self) -> Result<Vec<u8>> {
        let mut bytes = vec![0; self.len as usize];
        self.read_into(&mut bytes)?;
        Ok(bytes)
    }
}

/// Counts the characters of a text that spells bytes.
///
/// # Errors
///
/// Category `Data` where a character is above U+00FF, `Io`.
pub(crate) fn count_latin1(payload: &Payload<'_>) -> Result<u64> {
    let (mut len, mut fits) = (0, true);
    payload.chunks(STEP, |text| {
        // Every character up to U+00FF is an ASCII byte, or 0xc2 or 0xc3 and a continuation. Short blocks are counted in a
        // byte, which vectorises: 13 times the speed of counting in 64 bits.
        for block in text.chunks(255) {
            let (mut ends, mut largest) = (0u8, 0);
            for byte in block {
                ends += u8::from(byte & 0xc0 != 0x80);
                largest = largest.max(*byte);
            }
            len += u64::from(ends);
            fits &= largest < 0xc4;
        }
        Ok(())
    })?;
    if fits {
        Ok(len)
    } else {
        Err(Error::data("the payload has a character above U+00FF"))
    }
}

/// Text on its way to bytes; a character may be cut in two by the end of a piece.
struct Latin1<'o> {
    out: &'o mut [u8],
    filled: usize,
    /// The first half of a character that was cut.
    half: Option<u8>,
    broken: bool,
}

impl Latin1<'_> {
    fn feed(&mut self, piece: &[u8]) {
        let mut text = piece;
        if let (Some(half), [next, rest @ ..]) = (self.half, piece) {
            self.half = None;
            self.push(half, *next);
            text = rest;
        }
        let out = self.out.get_mut(self.filled..).unwrap_or_default();
        let (mut at, mut filled, mut broken) = (0, 0, 0);
        // A byte of output at a time and no branch on what it is, which in numbers is random.
        while let (Some([first, second]), Some(slot)) = (text.get(at..at + 2), out.get_mut(filled))
        {
            let is_wide = first >> 7;
            let all = 0u8.wrapping_sub(is_wide);
            broken |= all & ((first & 0xfe) ^ 0xc2 | (second & 0xc0) ^ 0x80);
            *slot = first & !all | join(*first, *second) & all;
            at += 1 + usize::from(is_wide);
            filled += 1;
        }
        self.filled += filled;
        self.broken |= broken != 0;
        match text.get(at..) {
            Some([]) | None => {}
            Some([last]) if *last >= 0x80 => self.half = Some(*last),
            Some([last]) => self.push_byte(*last),
            // More text than room.
            Some(_) => self.broken = true,
        }
    }

    fn push(&mut self, first: u8, second: u8) {
        self.broken |= !is_pair(first, second);
        self.push_byte(join(first, second));
    }

    fn push_byte(&mut self, byte: u8) {
        match self.out.get_mut(self.filled) {
            Some(slot) => *slot = byte,
            None => self.broken = true,
        }
        self.filled += 1;
    }

    fn finish(self) -> Result<()> {
        let whole = self.filled == self.out.len() && self.half.is_none() && !self.broken;
        if whole { Ok(()) } else { Err(broken()) }
    }
}

/// Whether two bytes are a character of U+0080 to U+00FF.
#[inline]
fn is_pair(first: u8, second: u8) -> bool {
    first & 0xfe == 0xc2 && second & 0xc0 == 0x80
}

#[inline]
fn join(first: u8, second: u8) -> u8 {
    first << 6 | (second & 0x3f)
}

#[cold]
fn broken() -> Error {
    Error::data("the payload is no text of latin-1 characters")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn latin1_text_is_bytes() {
        let bytes: Vec<u8> = (0..=255)
            .chain(*b"a long run of ascii text")
            .chain([0xff; 9])
            .collect();
        let text: String = bytes.iter().map(|byte| char::from(*byte)).collect();
        let payload = Payload::Borrowed(text.as_bytes());
        let data = Data::latin1(payload.clone(), count_latin1(&payload).expect("latin-1"));
        assert_eq!(data.to_vec().expect("latin-1"), bytes);
        let mut out = vec![0; bytes.len()];
        let mut decoder = Latin1 {
            out: &mut out,
            filled: 0,
            half: None,
            broken: false,
        };
        text.as_bytes()
            .chunks(1)
            .for_each(|byte| decoder.feed(byte));
        decoder.finish().expect("latin-1");
        assert_eq!(out, bytes);
    }

    #[test]
    fn broken_text() {
        assert!(count_latin1(&Payload::Borrowed("€".as_bytes())).is_err());
        for text in [&b"\x80"[..], b"\xc3", b"\xc3a", b"\xc0\x80"] {
            let stored = Payload::At(Arc::new(text.to_vec()), 0..text.len() as u64);
            let data = count_latin1(&stored).map(|len| Data::latin1(stored, len));
            assert!(data.and_then(|data| data.to_vec()).is_err(), "{text:?}");
        }
    }
}
