//! The pickle machine: opcodes in, nodes out.
//!
//! For the next maintainer. The loop decodes an opcode and changes the stack, the memo and the graph; that is all there
//! is to Python's machine, except that calls become nodes. The stack holds ids, the marks are positions in it: an opcode
//! may not reach below the last one. Nothing recurses and nothing is believed: lengths are checked by the source,
//! counts are those of the stack. If you add an opcode, `op/list.rs` has it first, and the writer's half is
//! `write/saver.rs`. What each opcode does is in `step.rs`, what is popped in `popped.rs`; what gives the pickler away is noted in [`Signs`].

use super::Options;
use super::hook::Built;
use super::memo::Memo;
use super::popped::Popped;
use super::source::Source;
use super::stack::Stack;
use crate::error::{Error, ErrorKind, Result};
use crate::graph::{Graph, Id, Pickle, Place, Signs};
use crate::op::{Act, Code, Input, Op, act};

pub(crate) struct Machine<'m, 'a, S> {
    pub(super) graph: Graph<'a>,
    pub(super) source: &'m mut S,
    pub(super) options: &'m mut Options<'a>,
    pub(super) stack: Stack,
    pub(super) memo: Memo,
    pub(super) popped: Popped,
    pub(super) signs: Signs,
    /// Offset of the first opcode of the pickle.
    pub(super) first: u64,
    /// Offset of the opcode at work.
    pub(super) at: u64,
    /// The frame that reaches furthest: offset of its opcode and of its end.
    pub(super) frame: (u64, u64),
    pub(super) buffers_used: u32,
    pub(super) next_report: u64,
}

/// How many bytes lie between two calls of the progress function.
const REPORT: u64 = 1 << 20;

impl<'m, 'a, S: Source<'a>> Machine<'m, 'a, S> {
    pub(crate) fn new(source: &'m mut S, input: &'a [u8], options: &'m mut Options<'a>) -> Self {
        let mut graph = Graph::new(input, &options.limits);
        graph.py2_text = options.py2_text;
        let memo = Memo::new(options.limits.memo);
        let next_report = if options.progress.is_some() {
            source.position() + REPORT
        } else {
            u64::MAX
        };
        let stack = Stack::new(options.limits.nodes);
        Machine {
            graph,
            source,
            options,
            stack,
            memo,
            popped: Popped::default(),
            signs: Signs::default(),
            first: 0,
            at: 0,
            frame: (0, 0),
            buffers_used: 0,
            next_report,
        }
    }

    /// Reads one pickle into a document.
    pub(crate) fn run(mut self) -> Result<Pickle<'a>> {
        let start = self.source.position();
        let root = self.pickle()?;
        self.finish(vec![root], start)
    }

    /// Reads pickles that one pickler wrote with one memo, to the end of the source, into one document.
    pub(crate) fn run_session(mut self) -> Result<Pickle<'a>> {
        let start = self.source.position();
        let mut roots = vec![self.pickle()?];
        while !self.source.at_end()? {
            roots.push(self.pickle()?);
        }
        self.finish(roots, start)
    }

    fn finish(mut self, mut roots: Vec<Id>, start: u64) -> Result<Pickle<'a>> {
        // Settling takes memory of its own: what is done with goes first.
        drop((std::mem::take(&mut self.memo), self.stack));
        if !self.popped.is_empty() {
            self.popped.settle(&mut self.graph, &mut roots)?;
        }
        self.graph.finish()?;
        Ok(Pickle::new(
            self.graph,
            roots,
            self.signs.dialect(),
            start,
            self.source.position(),
        ))
    }

    /// Reads a pickle inside of another, into the same document but with a memo of its own.
    pub(super) fn nested(&mut self) -> Result<Id> {
        let outer_memo = std::mem::replace(&mut self.memo, Memo::new(self.options.limits.memo));
        let outer_frame = std::mem::take(&mut self.frame);
        let root = self.pickle()?;
        (self.memo, self.frame) = (outer_memo, outer_frame);
        Ok(root)
    }

    /// Reads one pickle and gives its root.
    pub(super) fn pickle(&mut self) -> Result<Id> {
        let outer = self.stack.enter();
        self.first = self.source.position();
        let root = loop {
            self.at = self.source.position();
            if self.at >= self.next_report {
                self.report()?;
            }
            match act(self) {
                Ok(None) => {}
                Ok(Some(root)) => break root,
                Err(error) => return Err(self.in_frame(error)),
            }
        };
        if self.frame.1 > self.source.position() && !self.source.reaches(self.frame.1)? {
            return Err(Error::eof(1).at(self.frame.0, Some(Code::Frame.name())));
        }
        let left = self.stack.leave(outer);
        self.popped.reserve(left.len());
        for id in left {
            self.popped.discard(&self.graph, id, None, u64::MAX);
        }
        Ok(root)
    }

    /// An end of input inside a frame is the frame's error, however the source was read.
    #[cold]
    fn in_frame(&self, error: Error) -> Error {
        match error.kind() {
            ErrorKind::Eof { .. } if self.frame.1 > self.at => {
                Error::eof(1).at(self.frame.0, Some(Code::Frame.name()))
            }
            _ => error,
        }
    }

    #[cold]
    fn report(&mut self) -> Result<()> {
        self.next_report = self.at + REPORT;
        match self
            .options
            .progress
            .as_mut()
            .map(|progress| progress(self.at))
        {
            Some(std::ops::ControlFlow::Break(())) => {
                Err(Error::new(ErrorKind::Cancelled).at(self.at, None))
            }
            _ => Ok(()),
        }
    }

    #[cold]
    pub(super) fn call_hook(&mut self) -> Result<()> {
        let Some(mut hook) = self.options.hook.take() else {
            return Ok(());
        };
        let object = self.stack.top()?;
        let result = hook(&mut Built::new(self, object));
        self.options.hook = Some(hook);
        result
    }
}

impl<'a, S: Source<'a>> Input for Machine<'_, 'a, S> {
    type Bytes = Place;

    #[inline(always)]
    fn position(&self) -> u64 {
        self.source.position()
    }

    #[inline(always)]
    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        self.source.array()
    }

    #[inline(always)]
    fn bytes(&mut self, len: u64) -> Result<Place> {
        self.source.bytes(len, &mut self.graph.store)
    }

    #[inline]
    fn line(&mut self) -> Result<Place> {
        self.source.line(&mut self.graph.store)
    }
}

impl<'a, S: Source<'a>> Act for Machine<'_, 'a, S> {
    /// The root, at STOP.
    type Outcome = Option<Id>;

    #[inline(never)]
    fn act(&mut self, op: Op<Place>, protocol: u8) -> Result<Option<Id>> {
        self.signs.binary |= protocol == 1;
        self.step(op)
    }

    #[inline(always)]
    fn act_often(&mut self, op: Op<Place>, protocol: u8) -> Result<Option<Id>> {
        if protocol == 1 {
            self.signs.binary = true;
        }
        self.step_often(op)?;
        Ok(None)
    }
}
