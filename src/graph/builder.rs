//! Making a document: nodes as the pickler of a flavour writes what Python has.
//!
//! For the next maintainer. A pickler writes an object once and refers to it from then on, and so the identity of objects is
//! part of the bytes. Python has a few that are the same wherever they are met: texts of one character up to U+00FF and none,
//! bytes of one and none, interned words, globals. The builder gives those the same node each time; everything else that it
//! makes is new. Facts: `save` and what it calls in CPython's `_pickle.c`, `_PyUnicode_FromUCS1` and `PyBytes_FromStringAndSize`.

use std::collections::HashMap;

use super::arena::Graph;
use super::dialect::Python;
use super::flavour::Flavour;
use super::object::Constructor;
use super::pickle::Pickle;
use super::raw::{Id, Raw, Tag, halves};
use crate::error::{Error, Result};
use crate::limits::Limits;
use crate::names::{Known, compat};
use crate::payload::Payload;

/// Makes the nodes of a document for one flavour.
#[derive(Debug)]
pub struct Builder<'a> {
    pub(crate) graph: Graph<'a>,
    flavour: Flavour,
    singles: HashMap<Single, Id>,
    /// The first texts of users, by what they say: a name that Python interned may turn out to be the same object.
    texts: Option<HashMap<Box<[u8]>, Id>>,
}

/// An object of which Python has one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Single {
    Str(Box<[u8]>),
    Bytes(Option<u8>),
    /// The name of a module other than `numpy`: shared by the globals in it, with no text of a user.
    Module(Box<str>),
    Global(Box<str>, Box<str>),
}

/// Words that NumPy's or the pickler's C code has as constants, and which are the same object as a user's.
const INTERNED: [&str; 2] = ["numpy", "latin1"];

impl<'a> Builder<'a> {
    pub(crate) fn new(flavour: Flavour) -> Self {
        Builder {
            graph: Graph::new(&[], &Limits::default()),
            flavour,
            singles: HashMap::new(),
            texts: None,
        }
    }

    /// For whom the document is made.
    pub fn flavour(&self) -> &Flavour {
        &self.flavour
    }

    /// The document of these values.
    pub(crate) fn finish(mut self, roots: Vec<Id>) -> Result<Pickle<'a>> {
        self.graph.finish()?;
        let dialect = self.flavour.dialect;
        let mut pickle = Pickle::new(self.graph, roots, dialect, 0, 0);
        pickle.is_made = true;
        Ok(pickle)
    }

    /// From now on the names of classes are the same objects as equal texts, as they are where Python compiled both: for
    /// documents in which names were no texts.
    pub(crate) fn intern_names(&mut self) {
        self.texts = Some(HashMap::new());
    }

    fn protocol(&self) -> u8 {
        self.flavour.protocol()
    }

    fn single(&mut self, key: Single, make: impl FnOnce(&mut Self) -> Result<Id>) -> Result<Id> {
        if let Some(id) = self.singles.get(&key) {
            return Ok(*id);
        }
        let id = make(self)?;
        self.singles.insert(key, id);
        Ok(id)
    }

    // ---- atoms

    /// `None`.
    pub fn none(&mut self) -> Id {
        Id::NONE
    }

    /// A bool.
    pub fn bool(&mut self, value: bool) -> Id {
        if value { Id::TRUE } else { Id::FALSE }
    }

    /// An int.
    ///
    /// # Errors
    ///
    /// Category `Limit`, as all methods here.
    pub fn int(&mut self, value: i64) -> Result<Id> {
        // Python 3 up to 3.6 has LONG for all in protocol 0, every Python 3 for what takes more than 32 bits.
        let is_long = match self.flavour.dialect.python {
            Python::Py2 => false,
            Python::Py36 if self.protocol() == 0 => true,
            _ => i32::try_from(value).is_err(),
        };
        let raw = Raw::new(Tag::Int, u8::from(is_long), 0, value as u64);
        self.graph.push(raw)
    }

    /// An int of any size, in two's complement, little-endian.
    ///
    /// # Errors
    ///
    /// Category `Limit`.
    pub fn big_int(&mut self, value: Payload<'a>) -> Result<Id> {
        let place = self.graph.store.payload(value);
        self.graph.push(Raw::new(Tag::BigInt, 0, 0, place.0))
    }

    /// A float.
    ///
    /// # Errors
    ///
    /// Category `Limit`.
    pub fn float(&mut self, value: f64) -> Result<Id> {
        self.graph.push(Raw::new(Tag::Float, 0, 0, value.to_bits()))
    }

    // ---- texts and bytes

    /// A str.
    ///
    /// # Errors
    ///
    /// Category `Limit`.
    pub fn str(&mut self, value: &str) -> Result<Id> {
        self.wtf8(value.as_bytes())
    }

    /// A str in UTF-8 that may hold surrogates.
    pub(crate) fn wtf8(&mut self, value: &[u8]) -> Result<Id> {
        let is_single = value.len() < 2 || matches!(value, [0xc2 | 0xc3, _]);
        if is_single || INTERNED.iter().any(|word| word.as_bytes() == value) {
            return self.single(Single::Str(value.into()), |b| b.fresh_str(value));
        }
        if self.texts.is_some()
            && let Some(id) = self.singles.get(&Single::Str(value.into()))
        {
            return Ok(*id);
        }
        let id = self.fresh_str(value)?;
        if let Some(texts) = &mut self.texts {
            texts.entry(value.into()).or_insert(id);
        }
        Ok(id)
    }

    /// The name of a class that was made in Python.
    fn interned(&mut self, name: &str) -> Result<Id> {
        let value = name.as_bytes();
        let Some(texts) = &self.texts else {
            return self.fresh_str(value);
        };
        let known = texts.get(value).copied();
        self.single(Single::Str(value.into()), |b| match known {
            Some(known) => Ok(known),
            None => b.fresh_str(value),
        })
    }

    fn fresh_str(&mut self, value: &[u8]) -> Result<Id> {
        let place = self.graph.store.copy(value)?;
        self.graph.push(Raw::new(Tag::Str, 0, 0, place.0))
    }

    /// A str of any length, which is not copied.
    pub(crate) fn long_str(&mut self, value: Payload<'a>) -> Result<Id> {
        if value.len() <= SHORT {
            return self.wtf8(&value.to_vec()?);
        }
        let place = self.graph.store.payload(value);
        self.graph.push(Raw::new(Tag::Str, 0, 0, place.0))
    }

    /// A bytes object of these bytes, which are not copied.
    ///
    /// # Errors
    ///
    /// Category `Limit`, `Io`.
    pub fn bytes(&mut self, value: Payload<'a>) -> Result<Id> {
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
            let len = bytes.len();
            return self.bytes(Payload::Shared(std::sync::Arc::new(bytes), 0..len));
        }
        self.fresh_bytes(text, 1)
    }

    /// Bytes in the spelling of the protocol. `spelled` is 1 where the payload is text of their latin-1 characters.
    fn fresh_bytes(&mut self, payload: Payload<'a>, spelled: u8) -> Result<Id> {
        let is_empty = payload.is_empty();
        if self.protocol() >= 3 {
            let place = self.graph.store.payload(payload);
            return self.graph.push(Raw::new(Tag::Bytes, spelled, 0, place.0));
        }
        if is_empty {
            let callable = self.global("builtins", "bytes")?;
            return self.call(callable, &[], None);
        }
        let callable = self.global("_codecs", "encode")?;
        let text = match (spelled, payload.len()) {
            (1, _) => self.long_str(payload)?,
            (_, 1) => self.character(&payload)?,
            _ => {
                let place = self.graph.store.payload(payload);
                self.graph.push(Raw::new(Tag::Str, 1, 0, place.0))?
            }
        };
        let encoding = self.str("latin1")?;
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
        self.graph
            .push(Raw::new(tag, u8::from(is_text), 0, place.0))
    }

    /// The text of the character that the first byte is.
    fn character(&mut self, bytes: &Payload<'_>) -> Result<Id> {
        let byte = bytes.to_vec()?.first().copied().unwrap_or(0);
        self.str(char::from(byte).encode_utf8(&mut [0; 4]))
    }

    /// A bytearray of these bytes, which are not copied.
    ///
    /// # Errors
    ///
    /// Category `Limit`, `Io`.
    pub fn bytearray(&mut self, value: Payload<'a>) -> Result<Id> {
        if self.protocol() >= 5 {
            let place = self.graph.store.payload(value);
            return self.graph.push(Raw::new(Tag::ByteArray, 0, 0, place.0));
        }
        let callable = self.global("builtins", "bytearray")?;
        let is_old = !self.flavour.python.is_from(3, 8, 0);
        if is_old && self.protocol() < 3 {
            let text = match value.len() {
                0 => self.str("")?,
                1 => self.character(&value)?,
                _ => {
                    let place = self.graph.store.payload(value);
                    self.graph.push(Raw::new(Tag::Str, 1, 0, place.0))?
                }
            };
            let encoding = self.fresh_str(b"latin-1")?;
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

    // ---- globals and calls

    /// A class or function by its name in Python 3.
    ///
    /// # Errors
    ///
    /// Category `Limit`.
    pub fn global(&mut self, module: &str, name: &str) -> Result<Id> {
        let key = Single::Global(module.into(), name.into());
        self.single(key, |b| b.fresh_global(module, name))
    }

    fn fresh_global(&mut self, module: &str, name: &str) -> Result<Id> {
        let known = Known::of(module.as_bytes(), name.as_bytes());
        if self.protocol() >= 4 {
            let text = match known {
                // Types of ml_dtypes make the name of their module when they are asked for it.
                Known::UserScalarType => self.fresh_str(module.as_bytes())?,
                _ => self.module(module)?,
            };
            // So do all types that were made in C with their own.
            let name = match name.len() {
                0 | 1 => self.str(name)?,
                _ if known.is_native() => self.fresh_str(name.as_bytes())?,
                _ => self.interned(name)?,
            };
            return self.named(text, name, known);
        }
        if name.contains('.') {
            return self.attribute(module, name);
        }
        let (module, name) = match self.protocol() {
            3 => (module, name),
            _ => compat::to_py2(module, name),
        };
        let place = self
            .graph
            .store
            .copy(format!("{module}\n{name}").as_bytes())?;
        self.graph
            .push(Raw::new(Tag::Global, known.aux(), 0, place.0))
    }

    /// A nested class below protocol 4: attribute by attribute (`save_global` in `_pickle.c`).
    fn attribute(&mut self, module: &str, name: &str) -> Result<Id> {
        if name.split('.').count() > NESTED {
            return Err(Error::unsupported(format!(
                "a name of more than {NESTED} parts needs protocol 4"
            )));
        }
        let mut parts = name.split('.');
        let mut owner = self.global(module, parts.next().unwrap_or_default())?;
        let getattr = self.global("builtins", "getattr")?;
        for part in parts {
            let part = self.str(part)?;
            owner = self.call(getattr, &[owner, part], None)?;
        }
        Ok(owner)
    }

    /// The name of a module.
    pub(crate) fn module(&mut self, module: &str) -> Result<Id> {
        if module == "numpy" {
            return self.str(module);
        }
        self.single(Single::Module(module.into()), |b| {
            b.fresh_str(module.as_bytes())
        })
    }

    /// A class or function by the texts of its module and name, from protocol 4 on.
    pub(crate) fn named(&mut self, module: Id, name: Id, known: Known) -> Result<Id> {
        let raw = Raw::new(Tag::StackGlobal, known.aux(), 0, halves(module.0, name.0));
        self.graph.push(raw)
    }

    /// A call of `callable`, and the state that its result is given.
    ///
    /// # Errors
    ///
    /// Category `Limit`.
    pub fn call(&mut self, callable: Id, args: &[Id], state: Option<Id>) -> Result<Id> {
        let args = self.tuple(args)?;
        let id = self.graph.object(Constructor::Reduce, callable, args, 0)?;
        if let Some(state) = state {
            self.graph.build(id, state)?;
        }
        Ok(id)
    }

    // ---- containers

    /// A tuple.
    ///
    /// # Errors
    ///
    /// Category `Limit`.
    pub fn tuple(&mut self, items: &[Id]) -> Result<Id> {
        self.graph.tuple(items, 0)
    }

    /// A list.
    ///
    /// # Errors
    ///
    /// Category `Limit`.
    pub fn list(&mut self, items: &[Id]) -> Result<Id> {
        self.graph.container(Tag::List, items, 0)
    }

    /// A dict of keys and values in turn.
    ///
    /// # Errors
    ///
    /// Category `Limit`.
    pub fn dict(&mut self, pairs: &[Id]) -> Result<Id> {
        self.graph.container(Tag::Dict, pairs, 0)
    }
}

/// Bytes of a str that is copied into the document.
const SHORT: u64 = 256;

/// Classes in classes whose attributes are spelled one by one.
const NESTED: usize = 64;
