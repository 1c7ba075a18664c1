//! The bytes that a node is, however a protocol spells them: raw, or as text of their latin-1 characters.

use super::call::callee;
use crate::error::{Error, Result};
use crate::graph::{Kind, Node};
use crate::names::Known;
use crate::payload::Payload;

/// Bytes of a pickle. They outlive the document, not the input; what is in a file stays there until it is read.
///
/// # Examples
///
/// ```
/// // b"a\xff" in protocol 2 of Python 3: `_codecs.encode('a\xff', 'latin1')`.
/// let pickle = ndpickle::Pickle::parse(b"\x80\x02c_codecs\nencode\nX\x03\0\0\0a\xc3\xbfX\x06\0\0\0latin1\x86R.")?;
/// assert_eq!(pickle.root().bytes()?.to_vec()?, b"a\xff");
/// # Ok::<(), ndpickle::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Bytes<'a> {
    payload: Payload<'a>,
    spelling: Spelling,
    len: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Spelling {
    Raw,
    /// UTF-8 of characters up to U+00FF, each of which is a byte: what protocols 0 to 2 of Python 3 write.
    Latin1,
    /// The beginning of such a text.
    Latin1Start,
}

/// How much is read at once where a payload is not in memory.
const STEP: usize = 1 << 20;

impl<'a> Bytes<'a> {
    #[inline]
    pub(crate) fn raw(payload: Payload<'a>) -> Self {
        Bytes {
            len: payload.len(),
            payload,
            spelling: Spelling::Raw,
        }
    }

    /// Bytes spelled as text of so many characters.
    pub(crate) fn latin1(payload: Payload<'a>, len: u64) -> Self {
        Bytes {
            payload,
            spelling: Spelling::Latin1,
            len,
        }
    }

    /// The payload, and whether it is text of the bytes' latin-1 characters. Of the beginning of a text it is the whole.
    pub(crate) fn spelled(&self) -> (Payload<'a>, bool) {
        (self.payload.clone(), self.spelling == Spelling::Latin1)
    }

    /// Whether these are the beginning of a text that goes on.
    pub(crate) fn is_start(&self) -> bool {
        self.spelling == Spelling::Latin1Start
    }

    /// The first bytes, of which there are at least so many. A text is not looked at, since it may be shared by others without
    /// end.
    pub(crate) fn start(self, len: u64) -> Result<Self> {
        let (payload, spelling) = match self.spelling {
            _ if len == self.len => return Ok(self),
            Spelling::Raw => (self.payload.slice(0..len)?, Spelling::Raw),
            Spelling::Latin1 | Spelling::Latin1Start => (self.payload, Spelling::Latin1Start),
        };
        Ok(Bytes {
            payload,
            spelling,
            len,
        })
    }

    /// Number of bytes.
    #[inline]
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The bytes where they are in memory as they are.
    #[inline]
    pub fn as_slice(&self) -> Option<&[u8]> {
        if self.spelling == Spelling::Raw {
            self.payload.as_slice()
        } else {
            None
        }
    }

    /// The bytes wherever they are; `None` where the pickle spells them as text (protocols 0 to 2 of Python 3).
    #[inline]
    pub fn payload(&self) -> Option<&Payload<'a>> {
        (self.spelling == Spelling::Raw).then_some(&self.payload)
    }

    /// Fills `out`, which is as long as the bytes are.
    ///
    /// # Errors
    ///
    /// Category `Io`; `Data` where the text is broken, or `out` of another length.
    pub fn read_into(&self, out: &mut [u8]) -> Result<()> {
        if out.len() as u64 != self.len {
            return Err(self.no_room(out));
        }
        match self.spelling {
            Spelling::Raw => self.payload.read_at(out, 0),
            Spelling::Latin1 => decode(&self.payload, out),
            Spelling::Latin1Start => self.read_start(out),
        }
    }

    /// Fills `out` with the first bytes, of which there are at least as many. Reads no more than is needed.
    ///
    /// # Errors
    ///
    /// As [`read_into`](Bytes::read_into).
    pub fn read_start(&self, out: &mut [u8]) -> Result<()> {
        if out.len() as u64 > self.len {
            return Err(self.no_room(out));
        }
        if self.spelling == Spelling::Raw {
            return self.payload.read_at(out, 0);
        }
        // A character is one or two bytes of text: a cut one is left out.
        let mut text = vec![0; self.payload.len().min(2 * out.len() as u64) as usize];
        self.payload.read_at(&mut text, 0)?;
        let starts = text
            .iter()
            .enumerate()
            .filter(|(_, byte)| **byte & 0xc0 != 0x80);
        let end = starts.map(|(at, _)| at).nth(out.len());
        text.truncate(end.unwrap_or(text.len()));
        decode(&Payload::Borrowed(&text), out)
    }

    #[cold]
    fn no_room(&self, out: &[u8]) -> Error {
        Error::data(format!("{} bytes for room of {}", self.len, out.len()))
    }

    /// All bytes.
    ///
    /// # Errors
    ///
    /// As [`read_into`](Bytes::read_into).
    pub fn to_vec(&self) -> Result<Vec<u8>> {
        let mut bytes = vec![0; self.len as usize];
        self.read_into(&mut bytes)?;
        Ok(bytes)
    }
}

impl<'a> Node<'_, 'a> {
    /// The bytes that this node is, in any spelling: bytes, a bytearray, a Python 2 str; the calls that older protocols have for
    /// them, `_codecs.encode(text, 'latin1')`, `bytes()` and `bytearray(…)`; and a str of characters up to U+00FF, which is what
    /// Python 3 makes of a Python 2 str under `encoding='latin1'`. [`as_bytes`](Node::as_bytes) takes the first three alone.
    ///
    /// # Errors
    ///
    /// Category `Data` for other nodes, and for text that has other characters; `Io`.
    pub fn bytes(self) -> Result<Bytes<'a>> {
        bytes(self)?.ok_or_else(|| self.error("not bytes"))
    }
}

/// [`Node::bytes`]; `None` for other nodes.
pub(crate) fn bytes<'a>(node: Node<'_, 'a>) -> Result<Option<Bytes<'a>>> {
    match node.kind() {
        Kind::Bytes | Kind::ByteArray | Kind::Py2Str if node.is_recoded() => spelled(node),
        Kind::Bytes | Kind::ByteArray | Kind::Py2Str => Ok(node.payload().map(Bytes::raw)),
        Kind::Str => latin1(node),
        Kind::Object => call(node),
        _ => Ok(None),
    }
}

/// Bytes that are the result of a call.
fn call<'a>(node: Node<'_, 'a>) -> Result<Option<Bytes<'a>>> {
    let known = callee(node);
    let Some((len, parts)) = node.args().and_then(Node::parts::<2>) else {
        return Ok(None);
    };
    let is_str = |node: Node<'_, '_>| node.kind() == Kind::Str;
    match (known, len, parts) {
        (Some(Known::Encode), 2, [Some(text), Some(encoding)]) => {
            if !is_latin1(encoding) {
                return Err(node.error("bytes encoded in another way than latin1"));
            }
            if is_str(text) { latin1(text) } else { Ok(None) }
        }
        (Some(Known::Bytes | Known::ByteArray), 0, _) => {
            Ok(Some(Bytes::raw(Payload::Borrowed(&[]))))
        }
        // Python 2, and 3 up to 3.7 below protocol 3 (`bytearray_reduce` in CPython's `bytearrayobject.c`).
        (Some(Known::ByteArray), 2, [Some(text), Some(encoding)])
            if is_latin1(encoding) && is_str(text) =>
        {
            latin1(text)
        }
        // One level deep: what is inside of a bytearray is no bytearray.
        (Some(Known::ByteArray), 1, [Some(inner), _]) => match inner.kind() {
            Kind::Bytes | Kind::ByteArray | Kind::Py2Str => bytes(inner),
            Kind::Object if callee(inner) != Some(Known::ByteArray) => call(inner),
            _ => Ok(None),
        },
        _ => Ok(None),
    }
}

fn is_latin1(encoding: Node<'_, '_>) -> bool {
    matches!(encoding.raw_bytes(), Some(b"latin1" | b"latin-1"))
}

/// Bytes that a str spells.
fn latin1<'a>(text: Node<'_, 'a>) -> Result<Option<Bytes<'a>>> {
    match text.is_recoded() {
        true => Ok(text.place_payload().map(Bytes::raw)),
        false => spelled(text),
    }
}

/// Bytes whose payload is text of their latin-1 characters. A long text is counted once, however many share it.
fn spelled<'a>(text: Node<'_, 'a>) -> Result<Option<Bytes<'a>>> {
    let Some(payload) = text.place_payload() else {
        return Ok(None);
    };
    let count = || count_latin1(&payload);
    let len = if payload.len() < LONG {
        count()?
    } else {
        text.graph.memory.length(text.id(), count)?
    };
    Ok(Some(Bytes::latin1(payload, len)))
}

/// From this size on a text is long: counting it costs more than remembering it.
const LONG: u64 = 1 << 12;

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

/// Fills `out` with the bytes that a text spells, all of it.
fn decode(text: &Payload<'_>, out: &mut [u8]) -> Result<()> {
    let mut decoder = Latin1 {
        out,
        filled: 0,
        half: None,
        broken: false,
    };
    text.chunks(STEP, |text| {
        decoder.feed(text);
        Ok(())
    })?;
    decoder.finish()
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
        let data = Bytes::latin1(payload.clone(), count_latin1(&payload).expect("latin-1"));
        assert_eq!(data.to_vec().expect("latin-1"), bytes);
        for len in [0, 1, 127, 128, 129, 256, 280, bytes.len()] {
            let mut start = vec![0; len];
            data.read_start(&mut start).expect("latin-1");
            assert_eq!(start, bytes[..len]);
            assert_eq!(data.read_into(&mut start).is_ok(), len == bytes.len());
        }
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
            let data = count_latin1(&stored).map(|len| Bytes::latin1(stored, len));
            assert!(data.and_then(|data| data.to_vec()).is_err(), "{text:?}");
        }
    }
}
