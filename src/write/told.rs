//! Values that are written as they are told: what no other value refers to needs no node.
//!
//! The lengths of containers are told before their items; what is wrong about them is found out at the end. A pickler that knows
//! better would have spelled only a container of one item in another way.

use std::fmt;
use std::io::Write;

use super::atoms;
use super::batch::{Batches, Next};
use super::buffers::Buffers;
use super::output::Output;
use super::pen::{Nodes, Pen, short_tuple};
use super::saver::Saver;
use crate::error::{Error, Result};
use crate::graph::{Dialect, Graph, Id, Tag};
use crate::op::Code;

/// A container whose items are told.
#[derive(Debug)]
pub(crate) enum Open {
    Batches(Batches),
    /// How many items have come, and whether there is a MARK before them.
    Tuple {
        len: u32,
        is_marked: bool,
    },
    FrozenSet,
}

impl<'w, 'a> Pen<'w, 'a> {
    /// Writes values for those that a builder of this flavour makes nodes for.
    pub(crate) fn made(dialect: Dialect, out: &'w mut dyn Write) -> Self {
        Pen::new(dialect, Nodes::Made, Output::new(out, dialect.python), 0)
    }

    /// Writes a node that was made for this pickler, with all that is below it.
    #[inline]
    pub(crate) fn save(&mut self, graph: &Graph<'a>, id: Id) -> Result<()> {
        if let Some(index) = self.memo.get(id) {
            self.out.boundary()?;
            self.get(index);
            return Ok(());
        }
        self.save_new(graph, id)
    }

    fn save_new(&mut self, graph: &Graph<'a>, id: Id) -> Result<()> {
        Saver::new(graph, self, Buffers::in_band()).save_all(id)
    }

    /// Puts in the memo what is no node.
    #[inline]
    pub(crate) fn memoise_new(&mut self) {
        let index = self.memo.take();
        self.put(index);
    }

    pub(crate) fn told_none(&mut self) -> Result<()> {
        self.out.boundary()?;
        self.out.byte(Code::None.byte());
        Ok(())
    }

    pub(crate) fn told_bool(&mut self, value: bool) -> Result<()> {
        self.out.boundary()?;
        self.bool(value);
        Ok(())
    }

    /// An int of Python 3.
    #[inline]
    pub(crate) fn told_int(&mut self, value: i64) -> Result<()> {
        self.out.boundary()?;
        match i32::try_from(value) {
            Ok(_) => atoms::int(value, self.dialect, &mut self.out),
            Err(_) => atoms::small_long(value, self.dialect, &mut self.out),
        }
        Ok(())
    }

    #[inline]
    pub(crate) fn told_float(&mut self, value: f64) -> Result<()> {
        self.out.boundary()?;
        atoms::float(value, self.dialect, &mut self.out);
        Ok(())
    }

    /// A text that is an object of its own.
    #[inline]
    pub(crate) fn told_str(&mut self, value: &str) -> Result<()> {
        self.out.boundary()?;
        atoms::text(value.as_bytes(), self.dialect, &mut self.out)?;
        self.memoise_new();
        Ok(())
    }

    /// Bytes that are an object of their own, from protocol 3 on.
    pub(crate) fn told_bytes(&mut self, value: &[u8]) -> Result<()> {
        self.out.boundary()?;
        let header = atoms::bytes_header(value.len() as u64, self.dialect)?;
        self.out.slice(&header, value)?;
        self.memoise_new();
        Ok(())
    }

    /// Begins a list, tuple, set, frozenset or dict, of so many items or pairs; sets from protocol 4 on.
    pub(crate) fn begin_told(&mut self, tag: Tag, len: usize) -> Result<Open> {
        self.out.boundary()?;
        match tag {
            Tag::Tuple => {
                let is_marked = len > 3 || (len > 0 && self.dialect.protocol < 2);
                if is_marked {
                    self.op(Code::Mark)?;
                }
                Ok(Open::Tuple { len: 0, is_marked })
            }
            Tag::FrozenSet => {
                self.require(Code::FrozenSet)?;
                self.op(Code::Mark)?;
                Ok(Open::FrozenSet)
            }
            _ => {
                self.open(tag)?;
                self.memoise_new();
                // Which of several batches an item is in does not depend on how many come after it.
                let len = if len == 1 { 1 } else { Batches::ENDLESS };
                Ok(Open::Batches(self.batches(tag, len)))
            }
        }
    }

    /// Writes what comes before the next item, or the next key.
    #[inline]
    pub(crate) fn told_item(&mut self, open: &mut Open) -> Result<()> {
        match open {
            Open::Batches(batches) => loop {
                match batches.next() {
                    Next::Item => return Ok(()),
                    Next::Op(code) => self.out.byte(code.byte()),
                    Next::Done => batches.go_on(),
                }
            },
            Open::Tuple { len, .. } => {
                *len += 1;
                Ok(())
            }
            Open::FrozenSet => Ok(()),
        }
    }

    /// Ends a container.
    ///
    /// # Errors
    ///
    /// Category `Data` for a tuple of more items than were told of.
    pub(crate) fn end_told(&mut self, open: Open) -> Result<()> {
        match open {
            Open::Batches(mut batches) => {
                batches.end();
                while let Next::Op(code) = batches.next() {
                    self.out.byte(code.byte());
                }
                return Ok(());
            }
            Open::Tuple {
                len: 0,
                is_marked: false,
            } => {
                self.empty_tuple();
                return Ok(());
            }
            Open::Tuple { is_marked, len } => {
                let code = match is_marked {
                    true => Some(Code::Tuple),
                    false => short_tuple(len),
                };
                let code = code.ok_or_else(|| {
                    Error::data(format!("a tuple that turned out to have {len} items"))
                })?;
                self.op(code)?;
            }
            Open::FrozenSet => self.op(Code::FrozenSet)?,
        }
        self.memoise_new();
        Ok(())
    }

    /// What `class.__new__` gives, whose class and arguments are written.
    pub(crate) fn told_new_object(&mut self) -> Result<()> {
        self.op(Code::NewObj)?;
        self.memoise_new();
        Ok(())
    }
}

impl fmt::Debug for Pen<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut pen = f.debug_struct("Pen");
        pen.field("dialect", &self.dialect).finish_non_exhaustive()
    }
}
