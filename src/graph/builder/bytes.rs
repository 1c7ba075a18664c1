//! Bytes, bytearrays and the memory of arrays, in the spelling of the protocol.

use super::super::raw::{Id, Raw, Tag};
use super::{Builder, Single};
use crate::error::{Error, Result};
use crate::payload::Payload;

impl<'a> Builder<'a> {
    /// A bytes object of these bytes, which are not copied; in Python 2 a `str`. Those of no and of one byte are one object.
    ///
    /// # Errors
    ///
    /// Category `Limit`, `Io`.
    pub fn bytes(&mut self, value: impl Into<Payload<'a>>) -> Result<Id> {
        let value = value.into();
        if self.is_py2() {
            return self.py2_str(value);
        }
        let key = match value.len() {
            0 => Some(None),
            1 => value.to_vec()?.first().copied().map(Some),
            _ => None,
        };
        match key {
            Some(key) => self.single(Single::Bytes(key), |b| b.fresh_bytes(value, 0)),
            None => self.fresh_bytes(value, 0),
        }
    }

    /// A bytes object of the latin-1 characters of a text: what protocols 0 to 2 spelled so.
    pub(crate) fn bytes_of_text(&mut self, text: Payload<'a>) -> Result<Id> {
        if text.len() <= 2 {
            let characters = text.to_vec()?;
            let bytes: Option<Vec<u8>> = std::str::from_utf8(&characters).ok().and_then(|text| {
                text.chars()
                    .map(|c| u8::try_from(u32::from(c)).ok())
                    .collect()
            });
            let bytes = bytes.ok_or_else(|| Error::data("bytes of a text that is not latin-1"))?;
            return self.bytes(Payload::from(bytes));
        }
        self.fresh_bytes(text, 1)
    }

    /// Bytes in the spelling of the protocol. `spelled` is 1 where the payload is text of their latin-1 characters.
    fn fresh_bytes(&mut self, payload: Payload<'a>, spelled: u8) -> Result<Id> {
        if self.is_py2() {
            return self.spelled_py2_str(payload, spelled);
        }
        if self.protocol() >= 3 {
            let place = self.graph.store.payload(payload);
            return self.push(Raw::new(Tag::Bytes, spelled, 0, place.0));
        }
        if payload.is_empty() {
            let callable = self.global("builtins", "bytes")?;
            return self.call(callable, &[], None);
        }
        let callable = self.global("_codecs", "encode")?;
        let text = match spelled {
            1 => self.long_str(payload)?,
            _ => self.latin1(payload)?,
        };
        let encoding = self.wtf8(b"latin1")?;
        self.call(callable, &[text, encoding], None)
    }

    /// The memory of an array, in protocol 5 within the pickle: no other object is the same. `is_text` as in
    /// [`bytes_of_text`](Builder::bytes_of_text).
    pub(crate) fn buffer(
        &mut self,
        value: Payload<'a>,
        is_text: bool,
        writable: bool,
    ) -> Result<Id> {
        let tag = if writable { Tag::ByteArray } else { Tag::Bytes };
        let place = self.graph.store.payload(value);
        self.push(Raw::new(tag, u8::from(is_text), 0, place.0))
    }

    /// A bytearray of these bytes, which are not copied.
    ///
    /// # Errors
    ///
    /// Category `Limit`, `Io`.
    pub fn bytearray(&mut self, value: impl Into<Payload<'a>>) -> Result<Id> {
        let value = value.into();
        if self.protocol() >= 5 {
            let place = self.graph.store.payload(value);
            return self.push(Raw::new(Tag::ByteArray, 0, 0, place.0));
        }
        let callable = self.global("builtins", "bytearray")?;
        let is_old = !self.flavour.python.is_from(3, 8, 0);
        if is_old && self.protocol() < 3 {
            let text = self.latin1(value)?;
            let encoding = match self.is_py2() {
                true => self.native_str("latin-1")?,
                false => self.fresh_str(b"latin-1")?,
            };
            return self.call(callable, &[text, encoding], None);
        }
        if value.is_empty() {
            return self.call(callable, &[], None);
        }
        // Python 3.8 and later make a bytes object of their own, of one byte too.
        let bytes = match is_old {
            true => self.bytes(value)?,
            false => self.fresh_bytes(value, 0)?,
        };
        self.call(callable, &[bytes], None)
    }
}
