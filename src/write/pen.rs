//! The pen: opcodes of one dialect on their way out, and the numbers of the memo.
//!
//! The saver holds it as long as it walks a graph. Values that are told one after the other hold it themselves, and have what
//! they cannot spell made as nodes, which a saver writes with the same pen: so there is one memo, and one place for each
//! opcode.

use super::atoms;
use super::batch::{Batches, Habit};
use super::memo::Memo;
use super::output::Output;
use crate::error::{Error, Result};
use crate::graph::{Dialect, Id, Python, Tag};
use crate::op::Code;

pub(crate) struct Pen<'w, 'a> {
    pub(super) dialect: Dialect,
    pub(super) nodes: Nodes,
    pub(super) out: Output<'w, 'a>,
    pub(super) memo: Memo,
}

/// What the nodes that are written say of their spelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Nodes {
    /// The same pickler wrote them before: they know what was in the memo, and mix protocols where their file did.
    AsTheyWere,
    /// They were made for this pickler, and know what goes in the memo.
    Made,
    /// Another pickler wrote them.
    Foreign,
}

impl<'w, 'a> Pen<'w, 'a> {
    pub(super) fn new(dialect: Dialect, nodes: Nodes, out: Output<'w, 'a>, len: usize) -> Self {
        let first = u32::from(dialect.python == Python::Py2 && !dialect.pure);
        Pen {
            dialect,
            nodes,
            out,
            memo: Memo::new(len, first),
        }
    }

    /// Begins a pickle.
    pub(crate) fn begin(&mut self) -> Result<()> {
        if self.dialect.protocol >= 2 {
            self.out.bytes(&[Code::Proto.byte(), self.dialect.protocol]);
        }
        self.out.set_framing(self.dialect.protocol >= 4)
    }

    /// Ends a pickle.
    pub(crate) fn end(&mut self) -> Result<()> {
        self.out.byte(Code::Stop.byte());
        self.out.set_framing(false)
    }

    /// Writes an opcode without an argument.
    #[inline]
    pub(crate) fn op(&mut self, code: Code) -> Result<()> {
        self.require(code)?;
        self.out.byte(code.byte());
        Ok(())
    }

    /// Whether the protocol has this opcode. Files mix them; written as they were they stay mixed.
    #[inline]
    pub(super) fn require(&self, code: Code) -> Result<()> {
        if code.protocol() <= self.dialect.protocol || self.nodes == Nodes::AsTheyWere {
            return Ok(());
        }
        let (name, needs) = (code.name(), code.protocol());
        Err(Error::unsupported(format!(
            "{name} needs protocol {needs}, not {}",
            self.dialect.protocol
        )))
    }

    // ---- the memo

    /// Fetches what is in the memo.
    #[inline]
    pub(super) fn get(&mut self, index: u32) {
        self.memo_op(index, [Code::Get, Code::BinGet, Code::LongBinGet]);
    }

    /// Puts a node in the memo.
    #[inline]
    pub(super) fn memoise(&mut self, id: Id) {
        let index = self.memo.put(id);
        self.put(index);
    }

    #[inline]
    pub(super) fn put(&mut self, index: u32) {
        if self.dialect.protocol >= 4 {
            self.out.byte(Code::Memoize.byte());
        } else {
            self.memo_op(index, [Code::Put, Code::BinPut, Code::LongBinPut]);
        }
    }

    /// The text form, the form of one byte, the form of four.
    #[inline]
    fn memo_op(&mut self, index: u32, [text, short, long]: [Code; 3]) {
        match u8::try_from(index) {
            _ if self.dialect.protocol == 0 => atoms::line(text, &index.to_string(), &mut self.out),
            Ok(index) => self.out.opcode(short, [index]),
            Err(_) => self.out.opcode(long, index.to_le_bytes()),
        }
    }

    // ---- parts that a node and a value have in common

    pub(super) fn bool(&mut self, value: bool) {
        match (self.dialect.protocol >= 2, value) {
            (true, true) => self.out.byte(Code::NewTrue.byte()),
            (true, false) => self.out.byte(Code::NewFalse.byte()),
            (false, _) => atoms::line(Code::Int, if value { "01" } else { "00" }, &mut self.out),
        }
    }

    pub(super) fn empty_tuple(&mut self) {
        if self.dialect.protocol > 0 {
            self.out.byte(Code::EmptyTuple.byte());
        } else {
            self.out.bytes(&[Code::Mark.byte(), Code::Tuple.byte()]);
        }
    }

    /// Opens a list, a dict or a set, which goes in the memo before its items.
    pub(super) fn open(&mut self, tag: Tag) -> Result<()> {
        let (empty, old) = match tag {
            Tag::List => (Code::EmptyList, Code::List),
            Tag::Dict => (Code::EmptyDict, Code::Dict),
            _ => (Code::EmptySet, Code::EmptySet),
        };
        if self.dialect.protocol == 0 && tag != Tag::Set {
            self.out.bytes(&[Code::Mark.byte(), old.byte()]);
            return Ok(());
        }
        self.op(empty)
    }

    /// The batches of what was opened, of so many items or pairs.
    pub(super) fn batches(&self, tag: Tag, len: usize) -> Batches {
        let (exact, one, many) = match tag {
            Tag::List => (Habit::List, Code::Append, Code::Appends),
            Tag::Dict => (Habit::Dict, Code::SetItem, Code::SetItems),
            _ => (Habit::Set, Code::AddItems, Code::AddItems),
        };
        Batches::new(Habit::new(self.dialect, false, exact), one, many, len)
    }
}

/// The opcode of a tuple of so many items that needs no MARK, from protocol 2 on.
pub(super) fn short_tuple(len: u32) -> Option<Code> {
    match len {
        1 => Some(Code::Tuple1),
        2 => Some(Code::Tuple2),
        3 => Some(Code::Tuple3),
        _ => None,
    }
}
