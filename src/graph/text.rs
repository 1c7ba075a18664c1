//! The bytes and the text of a node.

use std::borrow::Cow;
use std::sync::Arc;

use super::node::{Kind, Node};
use super::pickle::Py2Text;
use super::raw::Tag;
use super::store::Place;
use crate::error::Result;
use crate::payload::{Payload, Stream as _};
use crate::recode::Recoded;
use crate::repr;

impl<'p, 'a> Node<'p, 'a> {
    #[inline]
    pub(super) fn place(self) -> Option<Place> {
        let raw = self.graph.raw(self.id);
        matches!(
            raw.tag(),
            Tag::Str | Tag::Py2Str | Tag::Bytes | Tag::ByteArray | Tag::PersId | Tag::BigInt
        )
        .then_some(Place(raw.value))
    }

    /// Whether a str was made of bytes that are its latin-1 characters, or bytes of such a str: then the payload is that of the
    /// other.
    #[inline]
    pub(crate) fn is_recoded(self) -> bool {
        let raw = self.graph.raw(self.id);
        raw.aux() == 1
            && matches!(
                raw.tag(),
                Tag::Str | Tag::Py2Str | Tag::Bytes | Tag::ByteArray
            )
    }

    fn recoded(self) -> Option<Recoded<'a>> {
        let payload = self.place_payload()?;
        let recoded = match self.kind() {
            Kind::Str => Recoded::to_text(payload),
            _ => Recoded::to_bytes(payload),
        };
        recoded.ok()
    }

    /// The bytes of a str (UTF-8, may hold surrogates), Python 2 str, bytes or bytearray, where they are in memory.
    #[inline]
    pub(crate) fn raw_bytes(self) -> Option<&'p [u8]> {
        let bytes = self.graph.store.get(self.place()?)?;
        (!self.is_recoded() || bytes.is_ascii()).then_some(bytes)
    }

    /// Number of bytes of a str, Python 2 str, bytes or bytearray.
    pub fn byte_len(self) -> Option<u64> {
        match self.is_recoded() {
            true => Some(self.recoded()?.len()),
            false => Some(self.graph.store.len(self.place()?)),
        }
    }

    /// The bytes of a bytes object, bytearray or Python 2 str that is in memory.
    pub fn as_bytes(self) -> Option<&'p [u8]> {
        matches!(self.kind(), Kind::Bytes | Kind::ByteArray | Kind::Py2Str)
            .then(|| self.raw_bytes())
            .flatten()
    }

    /// The bytes of a bytes object, bytearray or Python 2 str that is part of the input; they outlive the document.
    pub fn borrowed_bytes(self) -> Option<&'a [u8]> {
        let is_bytes = matches!(self.kind(), Kind::Bytes | Kind::ByteArray | Kind::Py2Str);
        (is_bytes && !self.is_recoded())
            .then(|| self.graph.store.borrowed(self.place()?))
            .flatten()
    }

    /// The bytes of a str (in UTF-8, may hold surrogates), Python 2 str, bytes or bytearray, wherever they are.
    #[inline]
    pub fn payload(self) -> Option<Payload<'a>> {
        if self.is_recoded() {
            let mut bytes = Vec::new();
            self.recoded()?.write_to(&mut bytes).ok()?;
            let len = bytes.len();
            return Some(Payload::Shared(Arc::new(bytes), 0..len));
        }
        (self.kind() != Kind::Int)
            .then(|| self.place())
            .flatten()
            .map(|place| self.graph.store.to_payload(place))
    }

    /// The bytes as they are stored, also those of an int beyond 64 bits.
    pub(crate) fn place_payload(self) -> Option<Payload<'a>> {
        Some(self.graph.store.to_payload(self.place()?))
    }

    /// The text of a str, or of a Python 2 str under the option of that name, where it is in memory and has no lone
    /// surrogates. [`text`](Node::text) says why there is none.
    pub fn as_str(self) -> Option<&'p str> {
        let bytes = match self.kind() {
            Kind::Str => self.raw_bytes()?,
            Kind::Py2Str => match (self.graph.py2_text, self.raw_bytes()?) {
                (Py2Text::Utf8, bytes) => bytes,
                (Py2Text::Ascii | Py2Text::Latin1, bytes) if bytes.is_ascii() => bytes,
                _ => return None,
            },
            _ => return None,
        };
        std::str::from_utf8(bytes).ok()
    }

    /// The text of a str that is part of the input; it outlives the document.
    pub fn borrowed_str(self) -> Option<&'a str> {
        // What the option for Python 2 allows; a str is looked at once.
        if self.is_recoded() {
            return None;
        }
        if self.kind() != Kind::Str {
            self.as_str()?;
        }
        std::str::from_utf8(self.graph.store.borrowed(self.place()?)?).ok()
    }

    /// The text of a str, or of a Python 2 str under the option of that name.
    ///
    /// # Errors
    ///
    /// Category `Data` for other nodes, for invalid UTF-8, lone surrogates, and a Python 2 str that is no text under
    /// the option; `Io` where the text is in a file that cannot be read.
    pub fn text(self) -> Result<Cow<'p, str>> {
        if let Some(text) = self.as_str() {
            return Ok(Cow::Borrowed(text));
        }
        let fail = |what: &str| Err(self.error(what));
        let bytes = match (self.kind(), self.payload()) {
            (Kind::Str | Kind::Py2Str, Some(payload)) => payload.to_vec()?,
            _ => return fail("not a str"),
        };
        if self.kind() == Kind::Py2Str {
            match self.graph.py2_text {
                Py2Text::Bytes => {
                    return fail("a Python 2 str; the option py2_text says that it is bytes");
                }
                Py2Text::Latin1 => return Ok(bytes.iter().map(|byte| char::from(*byte)).collect()),
                Py2Text::Ascii if !bytes.is_ascii() => {
                    return fail(
                        "a Python 2 str that is not ASCII; the option py2_text names its encoding",
                    );
                }
                Py2Text::Ascii | Py2Text::Utf8 => {}
            }
        }
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Cow::Owned(text)),
            Err(error) if repr::wtf8::is_valid(error.as_bytes()) => {
                fail("a str with lone surrogates")
            }
            Err(_) => fail("a str that is not UTF-8"),
        }
    }
}
