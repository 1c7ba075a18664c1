//! The hook after BUILD: for formats that put bytes of their own between opcodes, as joblib does.

use std::fmt;

use super::machine::Machine;
use super::source::Source;
use crate::error::Result;
use crate::graph::{Graph, Id, Node, Raw, Tag};
use crate::payload::Payload;

/// An object that was just given a state, in a document that is still being read.
pub struct Built<'h, 'a> {
    machine: &'h mut dyn Unfinished<'a>,
    object: Id,
}

/// What the hook needs of the machine, whatever its source.
pub(super) trait Unfinished<'a> {
    fn graph(&mut self) -> &mut Graph<'a>;
    fn position(&self) -> u64;
    fn raw_bytes(&mut self, len: u64) -> Result<Payload<'a>>;
    fn nested(&mut self) -> Result<Id>;
}

impl<'a, S: Source<'a>> Unfinished<'a> for Machine<'_, 'a, S> {
    fn graph(&mut self) -> &mut Graph<'a> {
        &mut self.graph
    }

    fn position(&self) -> u64 {
        self.source.position()
    }

    fn raw_bytes(&mut self, len: u64) -> Result<Payload<'a>> {
        self.source.payload(len, &mut self.graph.store)
    }

    fn nested(&mut self) -> Result<Id> {
        Machine::nested(self)
    }
}

impl<'h, 'a> Built<'h, 'a> {
    pub(super) fn new(machine: &'h mut dyn Unfinished<'a>, object: Id) -> Self {
        Built { machine, object }
    }

    /// The object. What follows it in the pickle is not there yet.
    pub fn object(&mut self) -> Node<'_, 'a> {
        let id = self.object;
        Node {
            graph: self.machine.graph(),
            id,
        }
    }

    /// Offset of the byte that comes next in the source.
    pub fn position(&self) -> u64 {
        self.machine.position()
    }

    /// Takes the next `len` bytes out of the source; the opcodes go on behind them.
    ///
    /// # Errors
    ///
    /// Category `Eof` when fewer are left, `Io`, `Limit`.
    pub fn read(&mut self, len: u64) -> Result<Payload<'a>> {
        self.machine.raw_bytes(len)
    }

    /// Reads a whole pickle that comes next in the source, with a memo of its own, into this document.
    ///
    /// # Errors
    ///
    /// As reading any pickle.
    pub fn read_pickle(&mut self) -> Result<Id> {
        self.machine.nested()
    }

    /// Makes a bytes object of a payload.
    ///
    /// # Errors
    ///
    /// Category `Limit`.
    pub fn bytes(&mut self, payload: Payload<'a>) -> Result<Id> {
        let graph = self.machine.graph();
        let place = graph.store.payload(payload);
        graph.push(Raw::new(Tag::Bytes, 0, 0, place.0))
    }

    /// Keeps a node with the object, as one of its appended items.
    ///
    /// # Errors
    ///
    /// Category `Limit`.
    pub fn attach(&mut self, node: Id) -> Result<()> {
        let object = self.object;
        self.machine.graph().append(object, &[node])
    }
}

impl fmt::Debug for Built<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Built({:?} at {})", self.object, self.position())
    }
}
