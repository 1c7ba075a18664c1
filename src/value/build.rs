//! Trees become nodes.

use super::fold::fold;
use super::parts::{Parts, in_pairs};
use super::{Object, Value};
use crate::error::{Error, Result};
use crate::graph::{Builder, Constructor, Flavour, Id, Pickle, Raw, Tag};
use crate::payload::Payload;

impl Value {
    /// The document of this value, as the pickler of a flavour would write it. It borrows the value's bytes.
    ///
    /// # Errors
    ///
    /// As [`Builder::value`].
    pub fn to_pickle(&self, flavour: Flavour) -> Result<Pickle<'_>> {
        let mut builder = Builder::new(flavour);
        let root = builder.value(self)?;
        builder.finish(root)
    }
}

impl<'a> Builder<'a> {
    /// A value, with all that it holds. Its bytes are not copied, but streamed when the document is written.
    ///
    /// # Errors
    ///
    /// With the path. Category `Unsupported` for what the flavour has no spelling for, and for arrays and dtypes that cannot be
    /// written; `Data` for a [`Value::SurrogateStr`] that is no text, and an array of objects with more or fewer of them than its
    /// shape has; `Limit`, `Io`.
    pub fn value(&mut self, value: &'a Value) -> Result<Id> {
        fold(value, |value, parts, _| self.one(value, parts))
    }

    /// The node of a value whose parts are there.
    fn one(&mut self, value: &'a Value, parts: Vec<Id>) -> Result<Id> {
        let payload = |bytes: &'a Vec<u8>| Payload::Borrowed(bytes);
        match value {
            Value::None => Ok(self.none()),
            Value::Bool(value) => Ok(self.bool(*value)),
            Value::Int(value) => self.int(*value),
            Value::BigInt(value) => self.big_int(Payload::from(value.to_signed_bytes_le())),
            Value::Float(value) => self.float(*value),
            Value::Complex(value) => self.complex(*value),
            Value::Str(text) => self.str(text),
            // One that has no surrogates is a str like others.
            Value::SurrogateStr(bytes) => match std::str::from_utf8(bytes) {
                Ok(text) => self.str(text),
                Err(_) => self.surrogate_str(bytes),
            },
            Value::Py2Str(bytes) => self.py2_str(payload(bytes)),
            Value::Bytes(bytes) => self.bytes(payload(bytes)),
            Value::ByteArray(bytes) => self.bytearray(payload(bytes)),
            Value::Tuple(_) => self.tuple(&parts),
            Value::List(_) => self.list(&parts),
            Value::Dict(_) => self.dict(&in_pairs(parts.into_iter())),
            Value::Set(_) => self.set(&parts),
            Value::FrozenSet(_) => self.frozenset(&parts),
            Value::Array(array) => self.array(&**array),
            Value::Objects(array) => {
                let dtype = self.dtype(&array.dtype)?;
                self.object_array_of(dtype, &array.shape, &parts)
            }
            Value::Global(global) => self.global(&global.module, &global.name),
            Value::Object(object) => self.object_of(object, parts),
            Value::Persistent(_) => match parts[..] {
                [pid] => self.persistent(pid),
                _ => Err(Error::data("a persistent object has one id")),
            },
            Value::Extension(1..) if self.protocol() < 2 => {
                Err(Error::unsupported("extension codes need protocol 2"))
            }
            Value::Extension(code @ 1..) => {
                self.graph
                    .push(Raw::new(Tag::Extension, 0, 0, *code as u64))
            }
            Value::Extension(code) => Err(Error::data(format!("no extension has the code {code}"))),
        }
    }

    fn object_of(&mut self, object: &Object, parts: Vec<Id>) -> Result<Id> {
        let parts = Parts::new(parts, object.counts());
        let callable = parts.callable.unwrap_or(Id::NONE);
        let id = self.made(object.constructor, callable, &parts.args, &parts.kwargs)?;
        if !parts.items.is_empty() {
            self.append(id, &parts.items)?;
        }
        if !parts.pairs.is_empty() {
            self.set_items(id, &parts.pairs)?;
        }
        for state in parts.states {
            self.build(id, state)?;
        }
        Ok(id)
    }

    /// What a constructor makes, in the spelling of the protocol.
    fn made(
        &mut self,
        constructor: Constructor,
        callable: Id,
        args: &[Id],
        kwargs: &[(Id, Id)],
    ) -> Result<Id> {
        if constructor != Constructor::NewObjEx && !kwargs.is_empty() {
            return Err(Error::data("only NEWOBJ_EX has keyword arguments"));
        }
        match constructor {
            Constructor::Reduce => self.call(callable, args, None),
            Constructor::NewObj => self.instance(callable, args, None),
            Constructor::NewObjEx => {
                let (args, kwargs) = (self.tuple(args)?, self.dict(kwargs)?);
                if self.protocol() < 4 {
                    let newobj_ex = self.global("copyreg", "__newobj_ex__")?;
                    return self.call(newobj_ex, &[callable, args, kwargs], None);
                }
                let id = self.object(constructor, callable, args)?;
                self.graph.set_kwargs(id, kwargs)?;
                Ok(id)
            }
            // Python 3 has no classes of Python 2's old kind: `_instantiate` in CPython's `pickle.py`.
            Constructor::Inst | Constructor::Obj if !self.is_py2() => match args.is_empty() {
                true => self.instance(callable, args, None),
                false => self.call(callable, args, None),
            },
            Constructor::Inst | Constructor::Obj => {
                let args = self.temporary_tuple(args)?;
                let made = match self.protocol() {
                    0 => Constructor::Inst,
                    _ => Constructor::Obj,
                };
                self.object(made, callable, args)
            }
        }
    }
}
