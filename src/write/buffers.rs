//! Out-of-band buffers (PEP 574): which nodes are buffers, and who takes them.
//!
//! Facts: `save_picklebuffer` in CPython's `_pickle.c`, and `array_reduce_ex_picklebuffer` in NumPy's `methods.c`, which hands the
//! memory of an array to the pickler.

use std::collections::{HashMap, HashSet};

use super::atoms;
use super::pen::Nodes;
use super::saver::Saver;
use crate::error::{Error, Result};
use crate::graph::{Graph, Id, Pickle, Place, Raw, Tag};
use crate::names::Known;
use crate::op::Code;
use crate::payload::{Buffer, Payload, Stream as _};
use crate::recode::Recoded;

/// Where the bytes of a buffer go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Placement {
    /// Into the pickle. In Python the callback returns something true.
    InBand,
    /// To the callback, which has them; the pickle says only that there is a buffer. In Python the callback returns
    /// something false.
    OutOfBand,
}

/// What decides where each buffer goes, as Python's `buffer_callback`.
pub(crate) type Callback<'c, 'a> = dyn FnMut(Buffer<'a>) -> Result<Placement> + 'c;

/// The buffers of a document that is written.
pub(super) struct Buffers<'s, 'a> {
    callback: Option<&'s mut Callback<'s, 'a>>,
    /// The bytes and bytearrays that are the memory of an array.
    memory: HashSet<Id>,
    /// How many are out of band so far.
    count: u32,
}

impl<'s, 'a> Buffers<'s, 'a> {
    /// All of them in the pickle.
    pub(super) fn in_band() -> Self {
        Buffers {
            callback: None,
            memory: HashSet::new(),
            count: 0,
        }
    }

    pub(super) fn new(pickle: &Pickle<'a>, callback: Option<&'s mut Callback<'_, 'a>>) -> Self {
        match callback {
            Some(callback) => Buffers {
                callback: Some(callback as &mut Callback<'_, 'a>),
                memory: memory(pickle),
                count: 0,
            },
            None => Buffers::in_band(),
        }
    }
}

/// The nodes that were a PickleBuffer in Python: those that `_frombuffer` takes and nobody else has. What is somewhere else
/// too is an object there, and stays in the pickle.
fn memory(pickle: &Pickle<'_>) -> HashSet<Id> {
    let graph = &pickle.graph;
    let all = || (0..graph.len() as u32).map(Id);
    let mut holders: HashMap<Id, u32> = all()
        .filter_map(|id| Some((memory_of(graph, id)?, 0)))
        .collect();
    let mut met = |id| {
        if let Some(holders) = holders.get_mut(&id) {
            *holders += 1;
        }
    };
    all().for_each(|id| graph.for_each_child(id, &mut met));
    pickle.roots().for_each(|root| met(root.id()));
    holders.retain(|_, holders| *holders == 1);
    holders.into_keys().collect()
}

/// The bytes that a call of `_frombuffer` takes.
fn memory_of(graph: &Graph<'_>, id: Id) -> Option<Id> {
    let (callable, args, _) = graph.object_of(id)?;
    let callable = graph.raw(callable);
    let is_global = matches!(callable.tag(), Tag::Global | Tag::StackGlobal);
    if !is_global || Known::from_aux(callable.aux()) != Known::FromBuffer {
        return None;
    }
    let first = graph.items(args).next()?;
    matches!(graph.raw(first).tag(), Tag::Bytes | Tag::ByteArray).then_some(first)
}

impl<'a> Saver<'_, '_, 'a> {
    /// Writes bytes or a bytearray.
    pub(super) fn bytes(&mut self, id: Id, raw: Raw) -> Result<()> {
        let payload = self.graph.store.to_payload(Place(raw.value));
        let (is_text, read_only) = (raw.aux() == 1, raw.tag() == Tag::Bytes);
        if self.buffers.memory.contains(&id)
            && let Some(callback) = &mut self.buffers.callback
        {
            let payload = match is_text {
                true => bytes_of_text(payload.clone())?,
                false => payload.clone(),
            };
            if callback(Buffer { payload, read_only })? == Placement::OutOfBand {
                return self.out_of_band(read_only);
            }
        }
        let bytes = match is_text {
            true => Recoded::to_bytes(payload)?,
            false => payload.into(),
        };
        self.in_band(bytes, read_only)?;
        self.put(id);
        Ok(())
    }

    /// Writes a buffer that was out of band where the document is from.
    pub(super) fn buffer(&mut self, id: Id, raw: Raw) -> Result<()> {
        let (index, read_only) = (raw.halves().0, raw.aux() > 0);
        if self.buffers.callback.is_none() && self.pen.nodes != Nodes::Made {
            // It is the caller's. The opcode takes whichever is next; popped nodes may have changed places.
            if index != self.buffers.count {
                return Err(Error::unsupported(
                    "the out-of-band buffers would change their order",
                ));
            }
            self.out_of_band(raw.aux() == 1)?;
            self.put(id);
            return Ok(());
        }
        let payload = self.graph.buffer_payload(id);
        let payload = payload.ok_or_else(|| {
            let what = format!("out-of-band buffer {index} was not given");
            Error::data(what).at(raw.offset(), None)
        })?;
        let placement = match &mut self.buffers.callback {
            Some(callback) => callback(Buffer {
                payload: payload.clone(),
                read_only,
            })?,
            None => Placement::InBand,
        };
        match placement {
            Placement::OutOfBand => {
                self.out_of_band(read_only)?;
                self.put(id);
            }
            Placement::InBand => {
                let graph = self.graph;
                let items = graph.appended(id).chain(graph.set_pairs(id));
                if items.chain(graph.more_states(id)).next().is_some() {
                    let what = "an out-of-band buffer that was given a state or items stays out";
                    return Err(Error::unsupported(what).at(raw.offset(), None));
                }
                self.in_band(payload.into(), read_only)?;
                self.pen.memoise(id);
            }
        }
        Ok(())
    }

    fn in_band(&mut self, bytes: Recoded<'a>, read_only: bool) -> Result<()> {
        if read_only {
            self.pen.require(Code::ShortBinBytes)?;
            return atoms::bytes(bytes, self.pen.dialect, &mut self.pen.out);
        }
        self.pen.require(Code::ByteArray8)?;
        atoms::bytearray(bytes, &mut self.pen.out)
    }

    fn out_of_band(&mut self, read_only: bool) -> Result<()> {
        self.buffers.count += 1;
        self.pen.op(Code::NextBuffer)?;
        match read_only {
            true => self.pen.op(Code::ReadonlyBuffer),
            false => Ok(()),
        }
    }
}

/// The bytes of a text of their latin-1 characters.
fn bytes_of_text<'a>(text: Payload<'a>) -> Result<Payload<'a>> {
    let mut bytes = Vec::new();
    Recoded::to_bytes(text)?.write_to(&mut bytes)?;
    let len = bytes.len();
    Ok(Payload::Shared(std::sync::Arc::new(bytes), 0..len))
}
