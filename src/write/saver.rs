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
use super::output::TARGET;
use super::pen::Pen;
use crate::error::Result;
use crate::graph::{Graph, Id, Ids, Place, Raw, Tag};
use crate::op::Code;
use crate::recode::Recoded;

pub(super) struct Saver<'s, 'w, 'a> {
    pub(super) graph: &'s Graph<'a>,
    pub(super) pen: &'s mut Pen<'w, 'a>,
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

impl<'s, 'w, 'a> Saver<'s, 'w, 'a> {
    pub(super) fn new(
        graph: &'s Graph<'a>,
        pen: &'s mut Pen<'w, 'a>,
        buffers: Buffers<'s, 'a>,
    ) -> Self {
        Saver {
            graph,
            pen,
            tasks: Vec::new(),
            begun: HashSet::new(),
            buffers,
        }
    }

    /// Writes a pickle of this node.
    pub(super) fn save_pickle(&mut self, root: Id) -> Result<()> {
        self.pen.begin()?;
        self.save_all(root)?;
        self.pen.end()
    }

    /// Writes a node and all that is below it.
    pub(super) fn save_all(&mut self, root: Id) -> Result<()> {
        self.save(root)?;
        while let Some(top) = self.tasks.len().checked_sub(1) {
            self.carry_on(top)?;
        }
        Ok(())
    }

    /// Writes a node, or begins to.
    #[inline]
    pub(super) fn save(&mut self, id: Id) -> Result<()> {
        self.pen.out.boundary()?;
        let raw = self.graph.raw(id);
        if raw.has_extras() {
            return self.save_with_extras(id, raw);
        }
        self.save_body(id, raw)
    }

    #[cold]
    fn save_with_extras(&mut self, id: Id, raw: Raw) -> Result<()> {
        // What was popped before a node may hold the node itself.
        if self.pen.memo.get(id).is_some() || !self.begun.insert(id) {
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
            Tag::None => self.pen.out.byte(Code::None.byte()),
            Tag::False | Tag::True => self.pen.bool(raw.tag() == Tag::True),
            Tag::Int if raw.aux() == 1 => {
                atoms::small_long(raw.value as i64, self.pen.dialect, &mut self.pen.out)
            }
            Tag::Int => atoms::int(raw.value as i64, self.pen.dialect, &mut self.pen.out),
            Tag::Float => atoms::float(
                f64::from_bits(raw.value),
                self.pen.dialect,
                &mut self.pen.out,
            ),
            Tag::Tuple if raw.halves().1 == 0 => self.pen.empty_tuple(),
            _ => {
                if let Some(index) = self.pen.memo.get(id) {
                    self.pen.get(index);
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
            Tag::BigInt => return atoms::big_long(payload(), self.pen.dialect, &mut self.pen.out),
            Tag::Str if raw.aux() == 1 => {
                atoms::latin1_str(payload(), self.pen.dialect, &mut self.pen.out)?;
            }
            Tag::Str => match graph.store.get(Place(raw.value)) {
                Some(text) if (text.len() as u64) < TARGET => {
                    atoms::text(text, self.pen.dialect, &mut self.pen.out)?;
                }
                _ => atoms::str(payload(), self.pen.dialect, &mut self.pen.out)?,
            },
            Tag::Py2Str => {
                let bytes = match raw.aux() {
                    1 => Recoded::to_bytes(payload())?,
                    _ => payload().into(),
                };
                atoms::py2_str(bytes, self.pen.dialect, &mut self.pen.out)?;
            }
            Tag::Bytes | Tag::ByteArray => return self.bytes(id, raw),
            Tag::Tuple => return self.begin_tuple(id, End::Tuple),
            Tag::FrozenSet => {
                self.pen.op(Code::Mark)?;
                self.tasks
                    .push(Task::Parts(id, graph.items(id), End::FrozenSet));
                return Ok(());
            }
            Tag::List | Tag::Dict | Tag::Set => return self.open(id, raw.tag()),
            Tag::Global | Tag::StackGlobal => return self.global(id, raw),
            Tag::PersId => {
                self.pen.out.byte(Code::PersId.byte());
                self.pen
                    .out
                    .bytes(graph.store.get(Place(raw.value)).unwrap_or_default());
                self.pen.out.byte(b'\n');
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
            match self.next_part(top)? {
                Some(part) => self.save(part)?,
                None => return self.finish(),
            }
        }
        Ok(())
    }

    /// Writes numbers, which most items of long containers are, up to a part of the topmost task that is none.
    fn next_part(&mut self, top: usize) -> Result<Option<Id>> {
        let (graph, pen) = (self.graph, &mut *self.pen);
        let task = &mut self.tasks[top];
        loop {
            let part = match task {
                Task::Parts(_, ids, _) => ids.next(),
                Task::Pairs(_, ids, value_next @ true) => {
                    *value_next = false;
                    ids.next()
                }
                Task::Items(batches, ids) => match batches.next() {
                    Next::Item => ids.next(),
                    Next::Op(code) => {
                        pen.op(code)?;
                        continue;
                    }
                    Next::Done => None,
                },
                Task::Pairs(batches, ids, value_next) => match batches.next() {
                    Next::Item => {
                        *value_next = true;
                        ids.next()
                    }
                    Next::Op(code) => {
                        pen.op(code)?;
                        continue;
                    }
                    Next::Done => None,
                },
                _ => None,
            };
            let Some(part) = part else {
                return Ok(None);
            };
            let raw = graph.raw(part);
            match raw.tag() {
                _ if raw.has_extras() => return Ok(Some(part)),
                Tag::Int if raw.aux() == 0 => {
                    pen.out.boundary()?;
                    atoms::int(raw.value as i64, pen.dialect, &mut pen.out);
                }
                Tag::Float => {
                    pen.out.boundary()?;
                    atoms::float(f64::from_bits(raw.value), pen.dialect, &mut pen.out);
                }
                _ => return Ok(Some(part)),
            }
        }
    }

    /// Takes the topmost task away and does what is left of it.
    fn finish(&mut self) -> Result<()> {
        match self.tasks.pop() {
            Some(Task::Save(id)) => self.save(id),
            Some(Task::Body(id)) => self.save_body(id, self.graph.raw(id)),
            Some(Task::Op(code)) => self.pen.op(code),
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

    fn extension(&mut self, code: u32) -> Result<()> {
        let (op, width) = match code {
            0..=0xff => (Code::Ext1, 1),
            0x100..=0xffff => (Code::Ext2, 2),
            _ => (Code::Ext4, 4),
        };
        self.pen.op(op)?;
        self.pen.out.bytes(&code.to_le_bytes()[..width]);
        Ok(())
    }
}
