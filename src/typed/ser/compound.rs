//! Lists, tuples, dicts and instances.

use serde::Serialize;
use serde::ser;

use super::super::step::{field_step, item_step};
use super::Serializer;
use super::array::Form;
use crate::error::{Error, Result};
use crate::graph::{Id, Node, Step};
use crate::names::{Known, Origin};

type Class = (&'static str, &'static str);

/// The most room that is made before the items have come.
const ROOM: usize = 1 << 16;

/// Items in order.
#[derive(Debug)]
pub struct Items<'b, 'a> {
    serializer: Serializer<'b, 'a>,
    ids: Vec<Id>,
    end: End,
}

/// What the items are of.
#[derive(Debug)]
enum End {
    List,
    Tuple,
    Set,
    FrozenSet,
    /// The arguments of a class's `__new__`: a namedtuple.
    Args(Class),
    /// A tuple in a variant.
    Variant(&'static str),
}

impl<'b, 'a> Items<'b, 'a> {
    fn new(serializer: Serializer<'b, 'a>, end: End, len: usize) -> Self {
        let ids = Vec::with_capacity(len.min(ROOM));
        Items {
            serializer,
            ids,
            end,
        }
    }

    /// A list, or what it is where an item has to have a hash.
    pub(super) fn list(serializer: Serializer<'b, 'a>, len: Option<usize>) -> Self {
        let end = match (serializer.is_set, serializer.is_key) {
            (true, true) => End::FrozenSet,
            (true, false) => End::Set,
            (false, true) => End::Tuple,
            (false, false) => End::List,
        };
        Items::new(serializer, end, len.unwrap_or_default())
    }

    pub(super) fn tuple(serializer: Serializer<'b, 'a>, len: usize) -> Self {
        match serializer.is_set {
            true => Items::list(serializer, Some(len)),
            false => Items::new(serializer, End::Tuple, len),
        }
    }

    pub(super) fn args(serializer: Serializer<'b, 'a>, class: Class, len: usize) -> Self {
        Items::new(serializer, End::Args(class), len)
    }

    pub(super) fn variant(serializer: Serializer<'b, 'a>, name: &'static str, len: usize) -> Self {
        Items::new(serializer, End::Variant(name), len)
    }

    #[inline]
    fn push<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        let n = self.ids.len();
        let serializer = match self.end {
            End::Set | End::FrozenSet => self.serializer.as_key(),
            _ => self.serializer.again(),
        };
        let id = value.serialize(serializer);
        let id = id.map_err(|error| {
            let error = error.below(item_step(n));
            match self.end {
                End::Variant(name) => error.below(field_step(name)),
                _ => error,
            }
        })?;
        self.ids.push(id);
        Ok(())
    }

    fn finish(mut self) -> Result<Id> {
        let builder = &mut *self.serializer.builder;
        match self.end {
            End::List => builder.list(&self.ids),
            End::Tuple => builder.tuple(&self.ids),
            End::Set => builder.set(&self.ids),
            End::FrozenSet => builder.frozenset(&self.ids),
            End::Args((module, class)) => {
                let class = builder.global(module, class)?;
                builder.instance(class, &self.ids, None)
            }
            End::Variant(name) => {
                let tuple = builder.tuple(&self.ids)?;
                self.serializer.variant(name, tuple)
            }
        }
    }
}

macro_rules! items {
    ($($trait:ident $method:ident;)*) => {$(
        impl ser::$trait for Items<'_, '_> {
            type Ok = Id;
            type Error = Error;

            #[inline]
            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
                self.push(value)
            }

            fn end(self) -> Result<Id> {
                self.finish()
            }
        }
    )*};
}

items! {
    SerializeSeq serialize_element;
    SerializeTuple serialize_element;
    SerializeTupleStruct serialize_field;
    SerializeTupleVariant serialize_field;
}

/// The entries of a dict.
#[derive(Debug)]
pub struct Pairs<'b, 'a> {
    serializer: Serializer<'b, 'a>,
    ids: Vec<(Id, Id)>,
    key: Option<Id>,
    /// Whether the keys are data, and no words.
    is_long: bool,
}

/// Keys of a map of more entries are not looked for among the texts that were written: no two of them are equal, and to look for
/// a million takes longer than to write them.
const MANY: usize = 1000;

impl<'b, 'a> Pairs<'b, 'a> {
    pub(super) fn new(serializer: Serializer<'b, 'a>, len: Option<usize>) -> Self {
        Pairs {
            serializer,
            ids: Vec::with_capacity(len.unwrap_or_default().min(ROOM)),
            key: None,
            is_long: len.is_some_and(|len| len > MANY),
        }
    }
}

impl ser::SerializeMap for Pairs<'_, '_> {
    type Ok = Id;
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<()> {
        let n = self.ids.len();
        let serializer = self.serializer.as_key();
        let id = key.serialize(Serializer {
            share_strs: serializer.share_strs && !self.is_long,
            ..serializer
        });
        self.key = Some(id.map_err(|error| error.below(|path| Step::KeyOf(n).write(path)))?);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        let Some(key) = self.key.take() else {
            return Err(Error::data("a value without a key"));
        };
        match value.serialize(self.serializer.again()) {
            Ok(value) => {
                self.ids.push((key, value));
                Ok(())
            }
            Err(error) => {
                let graph = &self.serializer.builder.graph;
                let key = Node { graph, id: key };
                Err(error.below(|path| Step::Key(key).write(path)))
            }
        }
    }

    fn end(self) -> Result<Id> {
        self.serializer.builder.dict(&self.ids)
    }
}

/// The fields of a struct.
#[derive(Debug)]
pub struct Fields<'b, 'a> {
    serializer: Serializer<'b, 'a>,
    ids: Vec<(Id, Id)>,
    end: Struct,
    /// As long as the struct may be an array of ndarray.
    form: Option<Form>,
}

#[derive(Debug)]
enum Struct {
    Dict,
    /// Attributes of an instance.
    Class(Class),
    /// A dict in a variant.
    Variant(&'static str),
}

impl<'b, 'a> Fields<'b, 'a> {
    fn of(serializer: Serializer<'b, 'a>, end: Struct, len: usize) -> Self {
        Fields {
            serializer,
            ids: Vec::with_capacity(len.min(ROOM)),
            end,
            form: None,
        }
    }

    pub(super) fn new(
        serializer: Serializer<'b, 'a>,
        name: &'static str,
        class: Option<Class>,
        len: usize,
    ) -> Self {
        let form = Form::of(name, len);
        Fields {
            form,
            ..Fields::of(serializer, class.map_or(Struct::Dict, Struct::Class), len)
        }
    }

    pub(super) fn variant(serializer: Serializer<'b, 'a>, name: &'static str, len: usize) -> Self {
        Fields::of(serializer, Struct::Variant(name), len)
    }

    #[inline]
    fn push<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<()> {
        if let Some(form) = &mut self.form
            && !form.take(name, value)?
        {
            self.form = None;
        }
        if self.form.as_ref().is_some_and(Form::is_whole) {
            return Ok(());
        }
        let serializer = match self.end {
            // An instance has the hash of itself, not of its attributes.
            Struct::Class(_) => Serializer {
                is_key: false,
                ..self.serializer.again()
            },
            _ => self.serializer.again(),
        };
        let id = value.serialize(serializer);
        let id = id.map_err(|error| {
            let error = match self.end {
                Struct::Class(_) => error.below(|path| {
                    path.push('.');
                    path.push_str(name);
                }),
                _ => error.below(field_step(name)),
            };
            match self.end {
                Struct::Variant(variant) => error.below(field_step(variant)),
                _ => error,
            }
        })?;
        let name = self.serializer.word(name)?;
        self.ids.push((name, id));
        Ok(())
    }

    fn finish(mut self) -> Result<Id> {
        if let Some(array) = self.form.and_then(Form::finish) {
            self.serializer.hashable("an array")?;
            return self.serializer.builder.array(array?);
        }
        let builder = &mut *self.serializer.builder;
        match self.end {
            Struct::Dict => builder.dict(&self.ids),
            Struct::Class((module, class)) => {
                let known = Known::of(module.as_bytes(), class.as_bytes());
                if known.origin() == Origin::Data && known != Known::Uuid {
                    return Err(Error::unsupported(format!(
                        "a {module}.{class} of Python does not consist of attributes"
                    )));
                }
                let class = builder.global(module, class)?;
                // Python gives no state to an object without attributes.
                let state = match self.ids.is_empty() {
                    true => None,
                    false => Some(builder.dict(&self.ids)?),
                };
                builder.instance(class, &[], state)
            }
            Struct::Variant(name) => {
                let dict = builder.dict(&self.ids)?;
                self.serializer.variant(name, dict)
            }
        }
    }
}

macro_rules! fields {
    ($($trait:ident)*) => {$(
        impl ser::$trait for Fields<'_, '_> {
            type Ok = Id;
            type Error = Error;

            #[inline]
            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                name: &'static str,
                value: &T,
            ) -> Result<()> {
                self.push(name, value)
            }

            fn end(self) -> Result<Id> {
                self.finish()
            }
        }
    )*};
}

fields! { SerializeStruct SerializeStructVariant }
