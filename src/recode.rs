//! Bytes on their way out, spelled in another way than they are stored: as text of their latin-1 characters, or back.
//!
//! Protocols 0 to 2 of Python 3 spell bytes as such text. Nothing is staged: pieces are recoded as they pass.

use std::io;

use crate::error::{Error, Result};
use crate::payload::{Payload, Stream};

/// A payload, and what becomes of its bytes.
#[derive(Clone, Debug)]
pub(crate) struct Recoded<'a> {
    payload: Payload<'a>,
    how: How,
    len: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum How {
    AsItIs,
    /// Bytes become UTF-8 of the characters of those numbers.
    ToText,
    /// UTF-8 of characters up to U+00FF becomes bytes of those numbers.
    ToBytes,
}

/// What is recoded at once.
const STEP: usize = 1 << 16;

impl<'a> From<Payload<'a>> for Recoded<'a> {
    fn from(payload: Payload<'a>) -> Self {
        Recoded {
            len: payload.len(),
            payload,
            how: How::AsItIs,
        }
    }
}

impl<'a> Recoded<'a> {
    /// The text of these bytes.
    ///
    /// # Errors
    ///
    /// Category `Io`: stored bytes are read to count the high ones.
    pub(crate) fn to_text(payload: Payload<'a>) -> Result<Self> {
        let mut len = payload.len();
        payload.chunks(STEP, |piece| {
            len += count(piece, |byte| byte >= 0x80);
            Ok(())
        })?;
        let how = How::ToText;
        Ok(Recoded { payload, how, len })
    }

    /// The bytes of this text.
    ///
    /// # Errors
    ///
    /// Category `Io`.
    pub(crate) fn to_bytes(payload: Payload<'a>) -> Result<Self> {
        let mut len = 0;
        payload.chunks(STEP, |piece| {
            len += count(piece, |byte| byte & 0xc0 != 0x80);
            Ok(())
        })?;
        let how = How::ToBytes;
        Ok(Recoded { payload, how, len })
    }
}

impl Stream for Recoded<'_> {
    fn len(&self) -> u64 {
        self.len
    }

    fn write_to(&self, out: &mut dyn io::Write) -> Result<()> {
        if self.how == How::AsItIs {
            return self.payload.write_to(out);
        }
        let mut buffer = Vec::new();
        // The first half of a character that was cut.
        let mut lead = None;
        let mut written = 0;
        self.payload.chunks(STEP, |piece| {
            for piece in piece.chunks(STEP) {
                buffer.clear();
                match self.how {
                    How::ToText => encode(piece, &mut buffer),
                    _ => decode(piece, &mut lead, &mut buffer)?,
                }
                written += buffer.len() as u64;
                out.write_all(&buffer)?;
            }
            Ok(())
        })?;
        // What was announced must come: a length stands before it.
        if written == self.len && lead.is_none() {
            Ok(())
        } else {
            Err(broken())
        }
    }
}

/// How many bytes are so. Short blocks are counted in a byte, which vectorises.
fn count(bytes: &[u8], is: impl Fn(u8) -> bool) -> u64 {
    let blocks = bytes.chunks(255);
    let counts = blocks.map(|block| block.iter().fold(0, |n, byte| n + u8::from(is(*byte))));
    counts.map(u64::from).sum()
}

fn encode(bytes: &[u8], out: &mut Vec<u8>) {
    const BLOCK: usize = 256;
    let mut text = [0; 2 * BLOCK];
    for block in bytes.chunks(BLOCK) {
        let mut len = 0;
        // No branch on what a byte is, which in numbers is random: a second half that is none is written over.
        for byte in block {
            let is_wide = byte >> 7;
            let lead = (0xc0 | byte >> 6) & 0u8.wrapping_sub(is_wide);
            text[len] = lead | byte & is_wide.wrapping_sub(1);
            text[len + 1] = 0x80 | byte & 0x3f;
            len += 1 + usize::from(is_wide);
        }
        out.extend_from_slice(&text[..len]);
    }
}

fn decode(text: &[u8], lead: &mut Option<u8>, out: &mut Vec<u8>) -> Result<()> {
    for byte in text {
        match (lead.take(), byte) {
            (None, 0..0x80) => out.push(*byte),
            (None, 0xc2 | 0xc3) => *lead = Some(*byte),
            (Some(lead), 0x80..0xc0) => out.push(lead << 6 | byte & 0x3f),
            _ => return Err(broken()),
        }
    }
    Ok(())
}

#[cold]
fn broken() -> Error {
    Error::data("the payload is no text of latin-1 characters")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        let bytes: Vec<u8> = (0..200_000u32).map(|n| (n * 7 % 251) as u8).collect();
        let mut text = Vec::new();
        let there = Recoded::to_text(Payload::Borrowed(&bytes)).expect("in memory");
        there.write_to(&mut text).expect("room");
        let expected: String = bytes.iter().map(|byte| char::from(*byte)).collect();
        assert_eq!(text, expected.as_bytes());
        assert_eq!(there.len(), text.len() as u64);
        let mut again = Vec::new();
        let back = Recoded::to_bytes(Payload::Borrowed(&text)).expect("in memory");
        back.write_to(&mut again).expect("latin-1");
        assert_eq!(again, bytes);
        let euro = Recoded::to_bytes(Payload::Borrowed("€".as_bytes())).expect("in memory");
        assert!(euro.write_to(&mut Vec::new()).is_err());
    }
}
