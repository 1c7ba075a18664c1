//! How a value made in Rust becomes nodes: the seam between the writer, which knows no NumPy, and those who do.

use super::arena::Graph;
use super::dialect::Dialect;
use super::object::Constructor;
use super::raw::{Id, Raw, Tag};
use crate::error::Result;
use crate::names::Known;
use crate::payload::Payload;

/// A value that can lower itself to nodes, as Python's `__reduce_ex__(protocol)` does.
pub trait Reduce: Send + Sync {
    /// Makes the nodes of this value for the pickler that is going to write them, and gives the topmost.
    ///
    /// # Errors
    ///
    /// Category `Unsupported` where that pickler has no spelling for the value, `Limit`.
    fn reduce(&self, dialect: &Dialect, builder: &mut Builder<'_, '_>) -> Result<Id>;
}

/// Makes nodes in a document.
#[derive(Debug)]
pub struct Builder<'b, 'a> {
    graph: &'b mut Graph<'a>,
}

impl<'b, 'a> Builder<'b, 'a> {
    pub(crate) fn new(graph: &'b mut Graph<'a>) -> Self {
        Builder { graph }
    }

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
        self.graph.push(Raw::new(Tag::Int, 0, 0, value as u64))
    }

    /// A float.
    ///
    /// # Errors
    ///
    /// Category `Limit`.
    pub fn float(&mut self, value: f64) -> Result<Id> {
        self.graph.push(Raw::new(Tag::Float, 0, 0, value.to_bits()))
    }

    /// A str.
    ///
    /// # Errors
    ///
    /// Category `Limit`.
    pub fn str(&mut self, value: &str) -> Result<Id> {
        let place = self.graph.store.copy(value.as_bytes())?;
        self.graph.push(Raw::new(Tag::Str, 0, 0, place.0))
    }

    /// A bytes object of these bytes, which are not copied.
    ///
    /// # Errors
    ///
    /// Category `Limit`.
    pub fn bytes(&mut self, value: Payload<'a>) -> Result<Id> {
        let place = self.graph.store.payload(value);
        self.graph.push(Raw::new(Tag::Bytes, 0, 0, place.0))
    }

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

    /// A class or function.
    ///
    /// # Errors
    ///
    /// Category `Limit`.
    pub fn global(&mut self, module: &str, name: &str) -> Result<Id> {
        let place = self
            .graph
            .store
            .copy(format!("{module}\n{name}").as_bytes())?;
        let known = Known::of(module.as_bytes(), name.as_bytes());
        self.graph
            .push(Raw::new(Tag::Global, known.aux(), 0, place.0))
    }

    /// A call of `callable` with a tuple of arguments, and the state it is given.
    ///
    /// # Errors
    ///
    /// Category `Limit`.
    pub fn reduce(&mut self, callable: Id, args: Id, state: Option<Id>) -> Result<Id> {
        let id = self.graph.object(Constructor::Reduce, callable, args, 0)?;
        if let Some(state) = state {
            self.graph.build(id, state)?;
        }
        Ok(id)
    }
}
