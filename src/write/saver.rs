//! The saver: nodes in, opcodes out.
//!
//! For the next maintainer. It walks the graph in the order of CPython's `save` and keeps what is unfinished on a stack
//! of tasks, so that nesting costs memory and no recursion. A node is put in the memo at the moment the pickler
//! would: lists, dicts and sets right after they are opened, everything else when it is finished, so a tuple or call
//! that contains itself finds itself in the memo then and throws away what it has (`save_tuple`, `save_reduce`). If you
//! change an order here, the corpus tells; the reader's half is `read/machine.rs`.

use std::collections::HashSet;

use super::atoms;
use super::batch::{Batches, Next};
use super::buffers::Buffers;
use super::memo::Memo;
use super::output::Output;
use crate::error::{Error, Result};
use crate::graph::{Dialect, Graph, Id, Ids, Pickle, Place, Python, Raw, Tag};
use crate::op::Code;
use crate::recode::Recoded;

pub(super) struct Saver<'s, 'a> {
    pickle: &'s Pickle<'a>,
    pub(super) graph: &'s Graph<'a>,
    pub(super) dialect: Dialect,
    /// Whether the document is written like its own pickler wrote it: then the nodes say what was in the memo and
    /// which opcodes a protocol allows.
    pub(super) as_it_was: bool,
    /// Whether the document was made to be written.
    pub(super) is_made: bool,
    pub(super) out: Output<'s, 'a>,
    pub(super) memo: Memo,
    pub(super) tasks: Vec<Task<'s>>,
    /// Nodes with extras that have been begun.
    begun: HashSet<Id>,
    pub(super) buffers: Buffers<'s, 'a>,
}

/// What is left to do, the topmost first.
pub(super) enum Task<'s> {
    Save(Id),
    /// The node itself, when what was popped before it has been written.
    Body(Id),
    /// An opcode.
    Op(Code),
    /// The parts of a node, one after the other, and what ends it.
    Parts(Id, Ids<'s>, End),
    /// The items of a container, or those appended to an object.
    Items(Batches, Ids<'s>),
    /// The keys and values of a dict, or those set in an object; whether a value comes next.
    Pairs(Batches, Ids<'s>, bool),
    /// A tuple of arguments that is written whether it is in the memo or not.
    Args(Id),
    /// A call whose callable and arguments are written: its opcode.
    Call(Id, Code),
    /// What comes after a node: items, pairs, states and what was popped.
    Rest(Id),
    /// Nodes with an opcode behind each: states with BUILD, popped ones with POP.
    Each(Ids<'s>, Code),
}

/// What is ended when its parts are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Tuple,
    Args,
    FrozenSet,
    Instance,
}

impl<'s, 'a> Saver<'s, 'a> {
    pub(super) fn new(
        pickle: &'s Pickle<'a>,
        dialect: Dialect,
        out: Output<'s, 'a>,
        buffers: Buffers<'s, 'a>,
    ) -> Self {
        let first = u32::from(dialect.python == Python::Py2 && !dialect.pure);
        Saver {
            pickle,
            graph: &pickle.graph,
            dialect,
            as_it_was: dialect == pickle.dialect() && pickle.made_for.is_none(),
            is_made: pickle.made_for.is_some(),
            out,
            memo: Memo::new(pickle.graph.len(), first),
            tasks: Vec::new(),
            begun: HashSet::new(),
            buffers,
        }
    }

    pub(super) fn save_all(mut self) -> Result<()> {
        for root in self.pickle.roots() {
            if self.dialect.protocol >= 2 {
                self.out.bytes(&[Code::Proto.byte(), self.dialect.protocol]);
            }
            self.out.set_framing(self.dialect.protocol >= 4)?;
            self.save(root.id())?;
            while let Some(top) = self.tasks.len().checked_sub(1) {
                self.carry_on(top)?;
            }
            self.out.byte(Code::Stop.byte());
            self.out.set_framing(false)?;
        }
        Ok(())
    }

    /// Writes an opcode without an argument.
    #[inline]
    pub(super) fn op(&mut self, code: Code) -> Result<()> {
        self.require(code)?;
        self.out.byte(code.byte());
        Ok(())
    }

    /// Whether the protocol has this opcode. Files mix them; written as they were they stay mixed.
    #[inline]
    pub(super) fn require(&self, code: Code) -> Result<()> {
        if code.protocol() <= self.dialect.protocol || self.as_it_was {
            return Ok(());
        }
        let (name, needs) = (code.name(), code.protocol());
        Err(Error::unsupported(format!(
            "{name} needs protocol {needs}, not {}",
            self.dialect.protocol
        )))
    }

    /// Writes a node, or begins to.
    #[inline]
    pub(super) fn save(&mut self, id: Id) -> Result<()> {
        self.out.boundary()?;
        let raw = self.graph.raw(id);
        if raw.has_extras() {
            return self.save_with_extras(id, raw);
        }
        self.save_body(id, raw)
    }

    #[cold]
    fn save_with_extras(&mut self, id: Id, raw: Raw) -> Result<()> {
        // What was popped before a node may hold the node itself.
        if self.memo.get(id).is_some() || !self.begun.insert(id) {
            return self.save_body(id, raw);
        }
        // An object that turns out to contain itself has no rest: `call` sees to that.
        if raw.tag() != Tag::Object {
            self.tasks.push(Task::Rest(id));
        }
        self.tasks.push(Task::Body(id));
        self.tasks
            .push(Task::Each(self.graph.popped_before(id), Code::Pop));
        Ok(())
    }

    #[inline]
    pub(super) fn save_body(&mut self, id: Id, raw: Raw) -> Result<()> {
        match raw.tag() {
            Tag::None => self.out.byte(Code::None.byte()),
            Tag::False | Tag::True => self.bool(raw.tag() == Tag::True),
            Tag::Int if raw.aux() == 1 => {
                atoms::small_long(raw.value as i64, self.dialect, &mut self.out)
            }
            Tag::Int => atoms::int(raw.value as i64, self.dialect, &mut self.out),
            Tag::Float => atoms::float(f64::from_bits(raw.value), self.dialect, &mut self.out),
            Tag::Tuple if raw.halves().1 == 0 => self.empty_tuple(),
            _ => {
                if let Some(index) = self.memo.get(id) {
                    self.get(index);
                    return Ok(());
                }
                return self.save_new(id, raw);
            }
        }
        Ok(())
    }

    /// Writes a node that is not in the memo.
    fn save_new(&mut self, id: Id, raw: Raw) -> Result<()> {
        let graph = self.graph;
        let payload = || graph.store.to_payload(Place(raw.value));
        match raw.tag() {
            Tag::BigInt => return atoms::big_long(payload(), self.dialect, &mut self.out),
            Tag::Str if raw.aux() == 1 => {
                atoms::latin1_str(payload(), self.dialect, &mut self.out)?;
            }
            Tag::Str => match graph.store.get(Place(raw.value)) {
                Some(text) if text.len() < 256 && self.dialect.protocol > 0 => {
                    atoms::short_str(text, self.dialect, &mut self.out);
                }
                _ => atoms::str(payload(), self.dialect, &mut self.out)?,
            },
            Tag::Py2Str => {
                let bytes = match raw.aux() {
                    1 => Recoded::to_bytes(payload())?,
                    _ => payload().into(),
                };
                atoms::py2_str(bytes, self.dialect, &mut self.out)?;
            }
            Tag::Bytes | Tag::ByteArray => return self.bytes(id, raw),
            Tag::Tuple => return self.begin_tuple(id, End::Tuple),
            Tag::FrozenSet => {
                self.op(Code::Mark)?;
                self.tasks
                    .push(Task::Parts(id, graph.items(id), End::FrozenSet));
                return Ok(());
            }
            Tag::List | Tag::Dict | Tag::Set => return self.open(id, raw.tag()),
            Tag::Global | Tag::StackGlobal => return self.global(id, raw),
            Tag::PersId => {
                self.out.byte(Code::PersId.byte());
                self.out
                    .bytes(graph.store.get(Place(raw.value)).unwrap_or_default());
                self.out.byte(b'\n');
            }
            Tag::BinPersId => {
                let pid = Task::Save(Id(raw.value as u32));
                self.tasks.extend([Task::Call(id, Code::BinPersId), pid]);
                return Ok(());
            }
            Tag::Extension => self.extension(raw.value as u32)?,
            Tag::Buffer => return self.buffer(id, raw),
            Tag::Object => return self.object(id, raw),
            // Written by `save_body`: they are in no memo.
            Tag::None | Tag::False | Tag::True | Tag::Int | Tag::Float => return Ok(()),
        }
        self.put(id);
        Ok(())
    }

    /// Goes on with the topmost task until a node begins tasks of its own.
    fn carry_on(&mut self, top: usize) -> Result<()> {
        while self.tasks.len() == top + 1 {
            let item = match &mut self.tasks[top] {
                Task::Parts(_, ids, _) => ids.next(),
                Task::Items(batches, ids) => match batches.next() {
                    Next::Item => ids.next(),
                    Next::Op(code) => {
                        self.op(code)?;
                        continue;
                    }
                    Next::Done => None,
                },
                Task::Pairs(_, ids, value_next @ true) => {
                    *value_next = false;
                    ids.next()
                }
                Task::Pairs(batches, ids, value_next) => match batches.next() {
                    Next::Item => {
                        *value_next = true;
                        ids.next()
                    }
                    Next::Op(code) => {
                        self.op(code)?;
                        continue;
                    }
                    Next::Done => None,
                },
                _ => None,
            };
            let Some(item) = item else {
                return self.finish();
            };
            // Most items of long containers are numbers, which take no way round.
            let raw = self.graph.raw(item);
            match raw.tag() {
                _ if raw.has_extras() => self.save(item)?,
                Tag::Int if raw.aux() == 0 => {
                    self.out.boundary()?;
                    atoms::int(raw.value as i64, self.dialect, &mut self.out);
                }
                Tag::Float => {
                    self.out.boundary()?;
                    atoms::float(f64::from_bits(raw.value), self.dialect, &mut self.out);
                }
                _ => self.save(item)?,
            }
        }
        Ok(())
    }

    /// Takes the topmost task away and does what is left of it.
    fn finish(&mut self) -> Result<()> {
        match self.tasks.pop() {
            Some(Task::Save(id)) => self.save(id),
            Some(Task::Body(id)) => self.save_body(id, self.graph.raw(id)),
            Some(Task::Op(code)) => self.op(code),
            Some(Task::Parts(id, _, End::Tuple)) => self.end_tuple(id),
            Some(Task::Parts(id, _, End::Args)) => self.end_new_tuple(id),
            Some(Task::Args(id)) => self.begin_tuple(id, End::Args),
            Some(Task::Parts(id, _, End::FrozenSet)) => self.end_frozenset(id),
            Some(Task::Parts(id, _, End::Instance)) => self.end_instance(id),
            Some(Task::Call(id, code)) => self.call(id, code),
            Some(Task::Rest(id)) => {
                self.rest(id);
                Ok(())
            }
            Some(Task::Each(mut ids, code)) => {
                if let Some(id) = ids.next() {
                    self.tasks
                        .extend([Task::Each(ids, code), Task::Op(code), Task::Save(id)]);
                }
                Ok(())
            }
            Some(Task::Items(..) | Task::Pairs(..)) | None => Ok(()),
        }
    }

    // ---- atoms

    fn bool(&mut self, value: bool) {
        match (self.dialect.protocol >= 2, value) {
            (true, true) => self.out.byte(Code::NewTrue.byte()),
            (true, false) => self.out.byte(Code::NewFalse.byte()),
            (false, _) => atoms::line(Code::Int, if value { "01" } else { "00" }, &mut self.out),
        }
    }

    fn empty_tuple(&mut self) {
        if self.dialect.protocol > 0 {
            self.out.byte(Code::EmptyTuple.byte());
        } else {
            self.out.bytes(&[Code::Mark.byte(), Code::Tuple.byte()]);
        }
    }

    fn extension(&mut self, code: u32) -> Result<()> {
        let (op, width) = match code {
            0..=0xff => (Code::Ext1, 1),
            0x100..=0xffff => (Code::Ext2, 2),
            _ => (Code::Ext4, 4),
        };
        self.op(op)?;
        self.out.bytes(&code.to_le_bytes()[..width]);
        Ok(())
    }
}
