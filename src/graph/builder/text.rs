//! Texts, and which of them are one object.

use super::super::raw::{Id, Raw, Tag};
use super::singles::is_single;
use super::{Builder, Single};
use crate::error::{Error, Result};
use crate::payload::Payload;

/// Words that NumPy's or the pickler's C code has as constants, and which are the same object as a user's.
const INTERNED: [&str; 2] = ["numpy", "latin1"];

/// Bytes of a str that is copied into the document.
const SHORT: u64 = 256;

impl<'a> Builder<'a> {
    /// A str; in Python 2 a `unicode`. Equal ones are one object, as the literals, names and attributes of a program are.
    ///
    /// # Errors
    ///
    /// Category `Limit`.
    pub fn str(&mut self, value: &str) -> Result<Id> {
        let value = value.as_bytes();
        let texts = self.texts.as_ref().filter(|_| !is_single(value));
        match texts.map(|texts| texts.find(&self.graph, value)) {
            Some(Ok(known)) => Ok(known),
            Some(Err(hash)) => match self.known(value)? {
                Some(known) => Ok(known),
                None => {
                    let id = self.fresh_str(value)?;
                    if let Some(texts) = &mut self.texts {
                        texts.add(hash, id);
                    }
                    Ok(id)
                }
            },
            None => self.wtf8(value),
        }
    }

    /// A word of the program: [`str`](Builder::str), faster where it comes again.
    #[inline]
    pub(crate) fn word(&mut self, value: &'static str) -> Result<Id> {
        if let Some(known) = self.singles.words.get(value) {
            return Ok(known);
        }
        let id = self.str(value)?;
        self.singles.words.add(value, id);
        Ok(id)
    }

    /// A str that is an object of its own, as one that a program made when it ran; but for those of no character and of one up
    /// to U+00FF, which Python has once.
    ///
    /// # Errors
    ///
    /// Category `Limit`.
    pub fn new_str(&mut self, value: &str) -> Result<Id> {
        if is_single(value.as_bytes()) {
            return self.wtf8(value.as_bytes());
        }
        self.fresh_str(value.as_bytes())
    }

    /// A str that holds surrogates, in UTF-8 as of Python's error handler `surrogatepass`; an object of its own.
    ///
    /// # Errors
    ///
    /// Category `Data` for what is no such text, `Limit`.
    pub fn surrogate_str(&mut self, value: &[u8]) -> Result<Id> {
        if !crate::repr::wtf8::is_valid(value) {
            return Err(Error::data("a str that is not UTF-8"));
        }
        self.fresh_str(value)
    }

    /// What is a `str` in every Python: the names of fields, the letters of dtypes.
    pub(crate) fn native_str(&mut self, value: &str) -> Result<Id> {
        match self.is_py2() {
            true => self.py2_str(Payload::from(value.as_bytes().to_vec())),
            false => self.new_str(value),
        }
    }

    /// A `str` of Python 2.
    pub(crate) fn py2_str(&mut self, value: Payload<'a>) -> Result<Id> {
        self.spelled_py2_str(value, 0)
    }

    /// A `str` of Python 2. `spelled` is 1 where the payload is text of its latin-1 characters.
    pub(super) fn spelled_py2_str(&mut self, value: Payload<'a>, spelled: u8) -> Result<Id> {
        let is_short = value.len() < 2;
        let place = self.graph.store.payload(value);
        let id = self.push(Raw::new(Tag::Py2Str, spelled, 0, place.0))?;
        if is_short {
            self.temporary(id);
        }
        Ok(id)
    }

    /// A str in UTF-8 that may hold surrogates: an object of its own, unless Python has it once.
    pub(crate) fn wtf8(&mut self, value: &[u8]) -> Result<Id> {
        if let Some(known) = self.known(value)? {
            return Ok(known);
        }
        let id = self.fresh_str(value)?;
        if let Some(texts) = &mut self.texts {
            texts.insert(&self.graph, id);
        }
        Ok(id)
    }

    /// The text that Python has once, or that is the name of a class.
    fn known(&mut self, value: &[u8]) -> Result<Option<Id>> {
        let is_single = is_single(value) || is_interned(value);
        if is_single || self.texts.is_some() {
            let known = self.singles.text(&self.graph, value);
            if known.is_some() || !is_single {
                return Ok(known);
            }
            let id = self.fresh_str(value)?;
            let single = Single::Str(value.into());
            self.singles.insert(&self.graph, single, id);
            return Ok(Some(id));
        }
        Ok(None)
    }

    /// The name of a class that was made in Python.
    pub(super) fn interned(&mut self, name: &str) -> Result<Id> {
        let value = name.as_bytes();
        let Some(texts) = &self.texts else {
            return self.fresh_str(value);
        };
        let known = texts.get(&self.graph, value);
        self.single(Single::Str(value.into()), |b| match known {
            Some(known) => Ok(known),
            None => b.fresh_str(value),
        })
    }

    pub(super) fn fresh_str(&mut self, value: &[u8]) -> Result<Id> {
        let place = self.graph.store.copy(value)?;
        let id = self.push(Raw::new(Tag::Str, 0, 0, place.0))?;
        if self.is_py2() && !has_two_characters(value) {
            self.temporary(id);
        }
        Ok(id)
    }

    /// A str of any length, which is not copied.
    pub(crate) fn long_str(&mut self, value: Payload<'a>) -> Result<Id> {
        if value.len() <= SHORT {
            return self.wtf8(&value.to_vec()?);
        }
        let place = self.graph.store.payload(value);
        self.push(Raw::new(Tag::Str, 0, 0, place.0))
    }

    /// A str of the latin-1 characters that bytes are; they are not copied.
    pub(super) fn latin1(&mut self, bytes: Payload<'a>) -> Result<Id> {
        if bytes.len() < 2 {
            let text: String = bytes.to_vec()?.into_iter().map(char::from).collect();
            return self.wtf8(text.as_bytes());
        }
        let place = self.graph.store.payload(bytes);
        self.push(Raw::new(Tag::Str, 1, 0, place.0))
    }
}

fn has_two_characters(value: &[u8]) -> bool {
    let begins = |byte: &&u8| **byte & 0xc0 != 0x80;
    value.iter().filter(begins).nth(1).is_some()
}

/// Whether it is one of the words that C code has.
pub(crate) fn is_interned(value: &[u8]) -> bool {
    INTERNED.iter().any(|word| word.as_bytes() == value)
}
