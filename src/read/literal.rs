//! Values that the pickle spells in text, and ints of any length.

use num_bigint::BigInt;

use super::machine::Machine;
use super::source::Source;
use crate::error::Result;
use crate::graph::{Id, Place, Tag};
use crate::op::text::{self, Integer};
use crate::repr;

impl<'a, S: Source<'a>> Machine<'_, 'a, S> {
    pub(super) fn bytes_of(&self, place: Place) -> &[u8] {
        // What a line or a name is was read into memory, unless it is a payload of a file: then it is no name.
        self.graph.store.get(place).unwrap_or_default()
    }

    fn integer(&mut self, value: Integer, is_long: u8) -> Result<()> {
        match value {
            Integer::Bool(value) => self.stack.push(if value { Id::TRUE } else { Id::FALSE }),
            Integer::Small(value) => self.int(value, is_long)?,
            Integer::Big(value) => {
                let bytes = BigInt::to_signed_bytes_le(&value);
                let place = self.graph.store.copy(&bytes)?;
                self.value(Tag::BigInt, is_long, place.0)?;
            }
        }
        Ok(())
    }

    pub(super) fn text_int(&mut self, line: Place) -> Result<()> {
        let value = text::int(self.bytes_of(line), self.options.limits.digits)?;
        self.graph.store.release(line);
        self.integer(value, 0)
    }

    pub(super) fn text_long(&mut self, line: Place) -> Result<()> {
        let value = text::long(self.bytes_of(line), self.options.limits.digits)?;
        self.graph.store.release(line);
        self.signs.short_longs |=
            matches!(value, Integer::Small(value) if i32::try_from(value).is_ok());
        self.integer(value, 1)
    }

    pub(super) fn binary_long(&mut self, place: Place) -> Result<()> {
        if self.graph.store.len(place) > 8 {
            return self.value(Tag::BigInt, 1, place.0);
        }
        let bytes = self.bytes_of(place);
        let negative = bytes.last().is_some_and(|byte| *byte >= 0x80);
        let mut value = if negative { [0xff; 8] } else { [0; 8] };
        value[..bytes.len()].copy_from_slice(bytes);
        self.graph.store.release(place);
        self.int(i64::from_le_bytes(value), 1)
    }

    pub(super) fn text_float(&mut self, line: Place) -> Result<()> {
        let bytes = self.bytes_of(line);
        let value = text::float(bytes)?;
        if !self.signs.long_floats {
            let bare = !bytes
                .iter()
                .any(|byte| matches!(byte, b'.' | b'e' | b'n' | b'i'));
            let long = bare || (bytes.len() > 16 && bytes != repr::float(value).as_bytes());
            self.signs.long_floats = long;
        }
        self.graph.store.release(line);
        self.value(Tag::Float, 0, value.to_bits())
    }

    pub(super) fn text_string(&mut self, line: Place) -> Result<()> {
        self.signs.py2_str = true;
        let bytes = self.bytes_of(line);
        let inner = text::quoted(bytes)?;
        let place = if inner.contains(&b'\\') {
            let mut decoded = Vec::with_capacity(inner.len());
            text::string(bytes, &mut decoded)?;
            self.replace(line, &decoded)?
        } else {
            let end = bytes.len() as u64 - 1;
            self.graph.store.part(line, 1..end)?
        };
        self.value(Tag::Py2Str, 0, place.0)
    }

    pub(super) fn text_unicode(&mut self, line: Place) -> Result<()> {
        let bytes = self.bytes_of(line);
        let few_escapes = bytes.iter().any(|byte| matches!(byte, 0 | b'\r' | 0x1a));
        let place = if bytes.is_ascii() && !bytes.contains(&b'\\') {
            line
        } else {
            let mut decoded = Vec::with_capacity(bytes.len());
            text::unicode(bytes, &mut decoded)?;
            self.replace(line, &decoded)?
        };
        self.signs.few_escapes |= few_escapes;
        self.value(Tag::Str, 0, place.0)
    }

    fn replace(&mut self, line: Place, decoded: &[u8]) -> Result<Place> {
        self.graph.store.release(line);
        self.graph.store.copy(decoded)
    }
}
