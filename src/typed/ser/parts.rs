//! The parts of a container as serde tells them: nodes that are kept until it is whole, or opcodes at once.
//!
//! For the next maintainer. With a [`Pen`] values are written while they are told, and the id of what was written is nobody's
//! ([`Id::NOWHERE`]). What has to be known whole before it is written is made of nodes still, and written when it is one: a
//! container that does not know its length, an array in ndarray's form, whatever Python calls a function for. Both ways give the
//! same bytes, where lengths are told as they are; `to_graph` and [`Builder::serialize`](crate::Builder::serialize) go the first.

use super::Serializer;
use crate::error::{Error, Result};
use crate::graph::{Id, Tag};
use crate::names::Known;
use crate::op::Code;
use crate::write::Open;

/// The most room that is made before the items have come.
const ROOM: usize = 1 << 16;

/// A module and a class in it.
pub(super) type Class = (&'static str, &'static str);

/// A list, tuple, set, frozenset or dict that has been begun.
#[derive(Debug)]
pub(super) enum Parts {
    /// Items, or keys and values in turn.
    Nodes(Tag, Vec<Id>),
    Written(Open),
}

impl Parts {
    /// Adds what was told.
    #[inline]
    pub(super) fn add(&mut self, id: Id) {
        if let Parts::Nodes(_, ids) = self {
            ids.push(id);
        }
    }
}

impl<'b, 'a> Serializer<'b, 'a> {
    /// The id of a node, or of what was written of it.
    #[inline]
    pub(super) fn node(&mut self, id: Id) -> Result<Id> {
        let Some(pen) = &mut self.pen else {
            return Ok(id);
        };
        pen.save(&self.builder.graph, id)?;
        Ok(Id::NOWHERE)
    }

    /// Begins a container of so many items or pairs.
    pub(super) fn begin(&mut self, tag: Tag, len: Option<usize>) -> Result<Parts> {
        if let (Some(pen), Some(len)) = (&mut self.pen, len) {
            return Ok(Parts::Written(pen.begin_told(tag, len)?));
        }
        let pairs = if tag == Tag::Dict { 2 } else { 1 };
        let room = len.unwrap_or_default().min(ROOM) * pairs;
        Ok(Parts::Nodes(tag, Vec::with_capacity(room)))
    }

    /// For the next item, or the next key.
    #[inline]
    pub(super) fn item(&mut self, parts: &mut Parts) -> Result<Serializer<'_, 'a>> {
        Ok(match (parts, &mut self.pen) {
            (Parts::Written(open), Some(pen)) => {
                pen.told_item(open)?;
                self.again()
            }
            _ => self.of_nodes(),
        })
    }

    /// For the value behind a key.
    #[inline]
    pub(super) fn part(&mut self, parts: &Parts) -> Serializer<'_, 'a> {
        match parts {
            Parts::Written(_) => self.again(),
            Parts::Nodes(..) => self.of_nodes(),
        }
    }

    /// Ends a container.
    pub(super) fn end(&mut self, parts: Parts) -> Result<Id> {
        let (tag, ids) = match (parts, &mut self.pen) {
            (Parts::Nodes(tag, ids), _) => (tag, ids),
            (Parts::Written(open), Some(pen)) => {
                pen.end_told(open)?;
                return Ok(Id::NOWHERE);
            }
            (Parts::Written(_), None) => return Ok(Id::NOWHERE),
        };
        let id = match tag {
            Tag::Tuple => self.builder.tuple(&ids),
            Tag::Set => self.builder.set(&ids),
            Tag::FrozenSet => self.builder.frozenset(&ids),
            tag => self.builder.container(tag, &ids),
        };
        self.node(id?)
    }

    // ---- instances: the class, the arguments of its `__new__`, and then the state

    pub(super) fn class(&mut self, (module, name): Class) -> Result<Id> {
        if is_container(module, name) {
            return Err(Error::unsupported(format!(
                "a {module}.{name} of Python has its items from elsewhere than its `__new__`"
            )));
        }
        let class = self.builder.global(module, name)?;
        self.node(class)
    }

    /// What `class.__new__` makes of its arguments, a tuple.
    pub(super) fn new_object(&mut self, class: Id, args: Parts) -> Result<Id> {
        match (args, &mut self.pen) {
            (Parts::Nodes(_, args), None) => self.builder.instance(class, &args, None),
            (args, _) => {
                let written = self.end(args)?;
                if let Some(pen) = &mut self.pen {
                    pen.told_new_object()?;
                }
                Ok(written)
            }
        }
    }

    /// Gives an object its state.
    pub(super) fn build(&mut self, object: Id, state: Parts) -> Result<()> {
        let state = self.end(state)?;
        match &mut self.pen {
            Some(pen) => pen.op(Code::Build),
            None => self.builder.build(object, state),
        }
    }

    // ---- variants that hold something: a dict of one entry

    pub(super) fn begin_variant(&mut self, name: &'static str) -> Result<Parts> {
        self.hashable("a variant that holds something")?;
        let mut dict = self.begin(Tag::Dict, Some(1))?;
        let name = self.item(&mut dict)?.word(name)?;
        dict.add(name);
        Ok(dict)
    }

    pub(super) fn end_variant(&mut self, mut dict: Parts, value: Id) -> Result<Id> {
        dict.add(value);
        self.end(dict)
    }
}

/// Whether a class of Python's own takes its items when it is initialised, which nothing that is unpickled is.
fn is_container(module: &str, name: &str) -> bool {
    let known = Known::of(module.as_bytes(), name.as_bytes());
    matches!((module, name), ("builtins", "list" | "dict"))
        || matches!(
            known,
            Known::Set | Known::OrderedDict | Known::DefaultDict | Known::Counter | Known::Deque
        )
}
