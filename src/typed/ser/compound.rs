//! Lists, tuples, dicts and instances.

use serde::Serialize;
use serde::ser;

use super::super::step::{field_step, item_step};
use super::Serializer;
use super::array::Form;
use super::parts::{Class, Parts};
use crate::error::{Error, Result};
use crate::graph::{Id, Node, Step, Tag};
use crate::names::{Known, Origin};
use crate::write::Pen;

/// Items in order.
#[derive(Debug)]
pub struct Items<'b, 'a> {
    serializer: Serializer<'b, 'a>,
    parts: Parts,
    /// Number of items.
    len: usize,
    /// Whether the items must have a hash.
    is_set: bool,
    within: Within,
}

/// What the items are in.
#[derive(Debug)]
enum Within {
    Nothing,
    /// They are the arguments of a class's `__new__`: a namedtuple.
    Instance(Id),
    /// They are a tuple in a variant.
    Variant(&'static str, Parts),
}

impl<'b, 'a> Items<'b, 'a> {
    fn new(
        mut serializer: Serializer<'b, 'a>,
        tag: Tag,
        len: Option<usize>,
        within: Within,
    ) -> Result<Self> {
        let parts = serializer.begin(tag, len)?;
        Ok(Items {
            serializer,
            parts,
            len: 0,
            is_set: matches!(tag, Tag::Set | Tag::FrozenSet),
            within,
        })
    }

    /// A list, or what it is where an item has to have a hash.
    pub(super) fn list(serializer: Serializer<'b, 'a>, len: Option<usize>) -> Result<Self> {
        let (tag, len) = match (serializer.is_set, serializer.is_key) {
            (true, true) => (Tag::FrozenSet, len),
            (true, false) => (Tag::Set, len),
            // How many items a tuple has must be known before them, and a sequence may err.
            (false, true) => (Tag::Tuple, None),
            (false, false) => (Tag::List, len),
        };
        Items::new(serializer, tag, len, Within::Nothing)
    }

    pub(super) fn tuple(serializer: Serializer<'b, 'a>, len: usize) -> Result<Self> {
        match serializer.is_set {
            true => Items::list(serializer, Some(len)),
            false => Items::new(serializer, Tag::Tuple, Some(len), Within::Nothing),
        }
    }

    pub(super) fn args(
        mut serializer: Serializer<'b, 'a>,
        class: Class,
        len: usize,
    ) -> Result<Self> {
        let class = serializer.class(class)?;
        Items::new(serializer, Tag::Tuple, Some(len), Within::Instance(class))
    }

    pub(super) fn variant(
        mut serializer: Serializer<'b, 'a>,
        name: &'static str,
        len: usize,
    ) -> Result<Self> {
        let dict = serializer.begin_variant(name)?;
        let within = Within::Variant(name, dict);
        Items::new(serializer, Tag::Tuple, Some(len), within)
    }

    #[inline]
    fn push<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        let mut item = self.serializer.item(&mut self.parts)?;
        item.is_key |= self.is_set;
        match value.serialize(item) {
            Ok(id) => self.parts.add(id),
            Err(error) => return Err(self.failed(error)),
        }
        self.len += 1;
        Ok(())
    }

    #[cold]
    fn failed(&mut self, error: Error) -> Error {
        self.serializer.spoil();
        let error = error.below(item_step(self.len));
        match self.within {
            Within::Variant(name, _) => error.below(field_step(name)),
            _ => error,
        }
    }

    fn finish(mut self) -> Result<Id> {
        let serializer = &mut self.serializer;
        match self.within {
            Within::Nothing => serializer.end(self.parts),
            Within::Instance(class) => serializer.new_object(class, self.parts),
            Within::Variant(_, dict) => {
                let tuple = serializer.end(self.parts)?;
                serializer.end_variant(dict, tuple)
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
    parts: Parts,
    /// Number of keys.
    len: usize,
    /// The last key, if its value is to come.
    key: Option<Id>,
    /// Whether the keys are data, and no words.
    is_long: bool,
}

/// Keys of a map of more entries are not looked for among the texts that were written: no two of them are equal, and to look for
/// a million takes longer than to write them.
const MANY: usize = 1000;

impl<'b, 'a> Pairs<'b, 'a> {
    pub(super) fn new(mut serializer: Serializer<'b, 'a>, len: Option<usize>) -> Result<Self> {
        let parts = serializer.begin(Tag::Dict, len)?;
        Ok(Pairs {
            serializer,
            parts,
            len: 0,
            key: None,
            is_long: len.is_some_and(|len| len > MANY),
        })
    }

    #[cold]
    fn failed(&mut self, error: Error, key: Id) -> Error {
        self.serializer.spoil();
        if key == Id::NOWHERE {
            // What is written already cannot be looked at: see `written`.
            self.serializer.lose_path();
            return error;
        }
        let graph = &self.serializer.builder.graph;
        error.below(|path| Step::Key(Node { graph, id: key }).write(path))
    }
}

impl ser::SerializeMap for Pairs<'_, '_> {
    type Ok = Id;
    type Error = Error;

    #[inline]
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<()> {
        if self.key.is_some() {
            return Err(Error::data("a key without a value"));
        }
        let mut serializer = self.serializer.item(&mut self.parts)?;
        serializer.is_key = true;
        serializer.share_strs &= !self.is_long;
        let id = match key.serialize(serializer) {
            Ok(id) => id,
            Err(error) => {
                self.serializer.spoil();
                return Err(error.below(|path| Step::KeyOf(self.len).write(path)));
            }
        };
        self.parts.add(id);
        self.key = Some(id);
        self.len += 1;
        Ok(())
    }

    #[inline]
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        let Some(key) = self.key.take() else {
            return Err(Error::data("a value without a key"));
        };
        match value.serialize(self.serializer.part(&self.parts)) {
            Ok(value) => {
                self.parts.add(value);
                Ok(())
            }
            Err(error) => Err(self.failed(error, key)),
        }
    }

    fn end(mut self) -> Result<Id> {
        match self.key {
            Some(_) => Err(Error::data("a key without a value")),
            None => self.serializer.end(self.parts),
        }
    }
}

/// The fields of a struct.
#[derive(Debug)]
pub struct Fields<'b, 'a> {
    serializer: Serializer<'b, 'a>,
    of: Struct<'b, 'a>,
}

#[derive(Debug)]
enum Struct<'b, 'a> {
    Dict(Parts),
    /// Attributes of an instance, which are as many as that. Python gives no state to an object without attributes.
    Instance(Id, usize, Option<Parts>),
    /// A dict in a variant.
    Variant(&'static str, Parts, Parts),
    /// What may be an array in ndarray's form; the fields in case that it is not; and what writes it once that is known.
    Form(Box<Form>, Parts, Option<&'b mut Pen<'a, 'a>>),
}

impl<'b, 'a> Fields<'b, 'a> {
    pub(super) fn dict(
        mut serializer: Serializer<'b, 'a>,
        name: &'static str,
        len: usize,
    ) -> Result<Self> {
        serializer.hashable("a dict")?;
        let form = Form::of(name, len);
        let pen = match form {
            Some(_) => serializer.pen.take(),
            None => None,
        };
        let fields = serializer.begin(Tag::Dict, Some(len))?;
        let of = match form {
            Some(form) => Struct::Form(Box::new(form), fields, pen),
            None => Struct::Dict(fields),
        };
        Ok(Fields { serializer, of })
    }

    pub(super) fn class(
        mut serializer: Serializer<'b, 'a>,
        class: Class,
        len: usize,
    ) -> Result<Self> {
        let (module, name) = class;
        let known = Known::of(module.as_bytes(), name.as_bytes());
        if known.origin() == Origin::Data && known != Known::Uuid {
            return Err(Error::unsupported(format!(
                "a {module}.{name} of Python does not consist of attributes"
            )));
        }
        let class = serializer.class(class)?;
        let args = serializer.begin(Tag::Tuple, Some(0))?;
        let object = serializer.new_object(class, args)?;
        // An instance has the hash of itself, not of its attributes.
        serializer.is_key = false;
        Ok(Fields {
            serializer,
            of: Struct::Instance(object, len, None),
        })
    }

    pub(super) fn variant(
        mut serializer: Serializer<'b, 'a>,
        name: &'static str,
        len: usize,
    ) -> Result<Self> {
        let variant = serializer.begin_variant(name)?;
        let fields = serializer.begin(Tag::Dict, Some(len))?;
        Ok(Fields {
            serializer,
            of: Struct::Variant(name, variant, fields),
        })
    }

    #[inline]
    fn push<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<()> {
        let serializer = &mut self.serializer;
        let parts = match &mut self.of {
            Struct::Dict(parts) | Struct::Variant(_, _, parts) => parts,
            Struct::Instance(_, len, state) => match state {
                Some(state) => state,
                None => state.insert(serializer.begin(Tag::Dict, Some(*len))?),
            },
            Struct::Form(form, parts, _) => {
                form.take(name, value)?;
                if form.is_whole() {
                    return Ok(());
                }
                parts
            }
        };
        let key = serializer.item(parts)?.word(name)?;
        parts.add(key);
        match value.serialize(serializer.part(parts)) {
            Ok(id) => parts.add(id),
            Err(error) => return Err(self.failed(error, name)),
        }
        Ok(())
    }

    #[cold]
    fn failed(&mut self, error: Error, name: &'static str) -> Error {
        self.serializer.spoil();
        match self.of {
            Struct::Instance(..) => error.below(|path| {
                path.push('.');
                path.push_str(name);
            }),
            Struct::Variant(variant, ..) => {
                error.below(field_step(name)).below(field_step(variant))
            }
            _ => error.below(field_step(name)),
        }
    }

    fn finish(mut self) -> Result<Id> {
        let serializer = &mut self.serializer;
        match self.of {
            Struct::Dict(fields) => serializer.end(fields),
            Struct::Instance(object, _, state) => {
                if let Some(state) = state {
                    serializer.build(object, state)?;
                }
                Ok(object)
            }
            Struct::Variant(_, variant, fields) => {
                let dict = serializer.end(fields)?;
                serializer.end_variant(variant, dict)
            }
            Struct::Form(form, fields, pen) => {
                serializer.pen = pen;
                match form.finish() {
                    Some(array) => serializer.array(array?),
                    None => serializer.end(fields),
                }
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
