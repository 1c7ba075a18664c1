//! Numbers and containers.

use super::super::dialect::Python;
use super::super::raw::{Id, Raw, Tag};
use super::{Builder, Single};
use crate::error::Result;
use crate::payload::Payload;

impl<'a> Builder<'a> {
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
    /// Category `Limit`.
    pub fn int(&mut self, value: i64) -> Result<Id> {
        // Python 3 up to 3.6 has LONG for all in protocol 0, every Python 3 for what takes more than 32 bits.
        let is_long = match self.flavour.dialect.python {
            Python::Py2 => false,
            Python::Py36 if self.protocol() == 0 => true,
            _ => i32::try_from(value).is_err(),
        };
        self.py2_int(value, is_long)
    }

    /// An `int` or `long` of Python 2.
    pub(crate) fn py2_int(&mut self, value: i64, is_long: bool) -> Result<Id> {
        self.push(Raw::new(Tag::Int, u8::from(is_long), 0, value as u64))
    }

    /// An int of up to 128 bits.
    ///
    /// # Errors
    ///
    /// Category `Limit`.
    pub fn int128(&mut self, value: i128) -> Result<Id> {
        match i64::try_from(value) {
            Ok(value) => self.int(value),
            Err(_) => self.big_int(Payload::from(value.to_le_bytes().to_vec())),
        }
    }

    /// An int of any size, in two's complement, little-endian.
    ///
    /// # Errors
    ///
    /// Category `Limit`, `Io`.
    pub fn big_int(&mut self, value: Payload<'a>) -> Result<Id> {
        let value = if value.len() <= 64 {
            let bytes = value.to_vec()?;
            let bytes = minimal(&bytes);
            if bytes.len() <= 8 {
                return self.int(sign_extended(bytes));
            }
            Payload::from(bytes.to_vec())
        } else {
            value
        };
        let place = self.graph.store.payload(value);
        self.push(Raw::new(Tag::BigInt, 0, 0, place.0))
    }

    /// A float.
    ///
    /// # Errors
    ///
    /// Category `Limit`.
    pub fn float(&mut self, value: f64) -> Result<Id> {
        self.push(Raw::new(Tag::Float, 0, 0, value.to_bits()))
    }

    /// A tuple. The empty one is one object.
    ///
    /// # Errors
    ///
    /// Category `Limit`.
    pub fn tuple(&mut self, items: &[Id]) -> Result<Id> {
        self.check(items)?;
        let id = self.graph.tuple(items, 0)?;
        self.graph.memoise(id);
        Ok(id)
    }

    /// A list. More can be appended to it: see [`append`](Builder::append).
    ///
    /// # Errors
    ///
    /// Category `Limit`.
    pub fn list(&mut self, items: &[Id]) -> Result<Id> {
        self.container(Tag::List, items)
    }

    /// A dict of these keys and values, in this order. Keys are not compared. More can be set in it: see
    /// [`set_items`](Builder::set_items).
    ///
    /// # Errors
    ///
    /// Category `Limit`.
    pub fn dict(&mut self, pairs: &[(Id, Id)]) -> Result<Id> {
        self.container(Tag::Dict, &flat(pairs))
    }

    /// A set of these items, in this order; Python's own is that of their hashes.
    ///
    /// # Errors
    ///
    /// Category `Limit`.
    pub fn set(&mut self, items: &[Id]) -> Result<Id> {
        match self.protocol() {
            4.. => self.container(Tag::Set, items),
            _ => self.set_call("set", items),
        }
    }

    /// A frozenset of these items, in this order; Python's own is that of their hashes.
    ///
    /// # Errors
    ///
    /// Category `Limit`.
    pub fn frozenset(&mut self, items: &[Id]) -> Result<Id> {
        // Before 3.10, Python has one that is empty.
        if items.is_empty() && !self.flavour.python.is_from(3, 10, 0) {
            return self.single(Single::Named("frozenset()".into()), |b| {
                b.fresh_frozenset(&[])
            });
        }
        self.fresh_frozenset(items)
    }

    fn fresh_frozenset(&mut self, items: &[Id]) -> Result<Id> {
        match self.protocol() {
            4.. => self.container(Tag::FrozenSet, items),
            _ => self.set_call("frozenset", items),
        }
    }

    /// Appends to a list, which may already be in other places: in itself, too.
    ///
    /// # Errors
    ///
    /// Category `Limit`; `Syntax` for what is neither a list nor an object.
    pub fn append(&mut self, list: Id, items: &[Id]) -> Result<()> {
        self.check(&[list])?;
        self.check(items)?;
        self.graph.touch(list);
        self.graph.append(list, items)
    }

    /// Sets keys and values in a dict, or in an object such as an `OrderedDict`, which may already be in other places.
    ///
    /// # Errors
    ///
    /// Category `Limit`; `Syntax` for what is neither a dict nor an object.
    pub fn set_items(&mut self, dict: Id, pairs: &[(Id, Id)]) -> Result<()> {
        let pairs = flat(pairs);
        self.check(&[dict])?;
        self.check(&pairs)?;
        self.graph.touch(dict);
        self.graph.set_items(dict, &pairs)
    }

    pub(crate) fn container(&mut self, tag: Tag, items: &[Id]) -> Result<Id> {
        self.check(items)?;
        let id = self.graph.container(tag, items, 0)?;
        self.graph.memoise(id);
        Ok(id)
    }

    fn set_call(&mut self, name: &str, items: &[Id]) -> Result<Id> {
        let callable = self.global("builtins", name)?;
        let list = self.list(items)?;
        self.call(callable, &[list], None)
    }
}

/// Keys and values in turn.
pub(super) fn flat(pairs: &[(Id, Id)]) -> Vec<Id> {
    pairs
        .iter()
        .flat_map(|(key, value)| [*key, *value])
        .collect()
}

/// Two's complement without the bytes that only repeat the sign.
fn minimal(bytes: &[u8]) -> &[u8] {
    let mut len = bytes.len();
    while len > 1 && bytes[len - 1] == if bytes[len - 2] < 0x80 { 0 } else { 0xff } {
        len -= 1;
    }
    &bytes[..len]
}

fn sign_extended(bytes: &[u8]) -> i64 {
    let is_negative = bytes.last().is_some_and(|byte| *byte >= 0x80);
    let mut all = [if is_negative { 0xff } else { 0 }; 8];
    all[..bytes.len()].copy_from_slice(bytes);
    i64::from_le_bytes(all)
}
