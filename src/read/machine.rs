//! The pickle machine: opcodes in, nodes out.
//!
//! For the next maintainer. The loop decodes an opcode and changes the stack, the memo and the graph; that is all there
//! is to Python's machine, except that calls become nodes. The stack holds ids, the marks are positions in it: an opcode
//! may not reach below the last one. Nothing recurses and nothing is believed: lengths are checked by the source,
//! counts are those of the stack. If you add an opcode, `op/list.rs` has it first, and the writer's half is
//! `write/saver.rs`. What is popped is in `popped.rs`; what gives the pickler away is noted in [`Signs`].

use super::Options;
use super::hook::Built;
use super::memo::Memo;
use super::popped::Popped;
use super::source::{Lexer, Source};
use crate::error::{Error, ErrorKind, Result};
use crate::graph::{Constructor, Graph, Id, Pickle, Place, Raw, Signs, Tag, halves};
use crate::names::Known;
use crate::op::text;
use crate::op::{Code, Op, decode};

pub(crate) struct Machine<'m, 'a, S> {
    pub(super) graph: Graph<'a>,
    pub(super) source: &'m mut S,
    pub(super) options: &'m mut Options<'a>,
    pub(super) stack: Vec<Id>,
    marks: Vec<u32>,
    /// Where the topmost mark is: nothing below it is an operand.
    fence: usize,
    memo: Memo,
    popped: Popped,
    pub(super) signs: Signs,
    /// Offset of the opcode at work.
    at: u64,
    /// The frame that reaches furthest: offset of its opcode and of its end.
    frame: (u64, u64),
    buffers_used: u32,
    next_report: u64,
}

/// How many bytes lie between two calls of the progress function.
const REPORT: u64 = 1 << 20;

/// A full batch of SETITEMS and ADDITEMS (`BATCHSIZE`).
const BATCH: usize = 1000;

/// A payload from this size on is written outside of frames by Python 3.7 and later (`FRAME_SIZE_TARGET`).
const LARGE: u64 = 1 << 16;

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
        Machine {
            graph,
            source,
            options,
            stack: Vec::new(),
            marks: Vec::new(),
            fence: 0,
            memo,
            popped: Popped::default(),
            signs: Signs::default(),
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
        let floor = self.stack.len();
        let (outer_fence, outer_marks) = (
            std::mem::replace(&mut self.fence, floor),
            std::mem::take(&mut self.marks),
        );
        let mut is_first = true;
        let root = loop {
            self.at = self.source.position();
            if self.at >= self.next_report {
                self.report()?;
            }
            let op = match decode(&mut Lexer {
                source: self.source,
                store: &mut self.graph.store,
            }) {
                Ok(op) => op,
                Err(error) => return Err(self.in_frame(error)),
            };
            if is_first || self.signs.protocol < 2 {
                self.note_protocol(&op, is_first);
                is_first = false;
            }
            if self.popped.is_fresh() {
                self.note_pop(&op);
            }
            match self.step(op) {
                Ok(None) => {}
                Ok(Some(root)) => break root,
                Err(error) => return Err(self.blame(error, &op)),
            }
        };
        if self.frame.1 > self.source.position() && !self.source.reaches(self.frame.1)? {
            return Err(Error::eof(1).at(self.frame.0, Some(Code::Frame.name())));
        }
        for id in self.stack.split_off(floor) {
            self.popped.discard(&self.graph, id, None);
        }
        (self.fence, self.marks) = (outer_fence, outer_marks);
        Ok(root)
    }

    #[cold]
    fn blame(&self, error: Error, op: &Op<Place>) -> Error {
        error.at(self.at, Some(op.code().name()))
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

    /// Pickles without PROTO are of protocol 0 or 1; they show which by the opcodes.
    fn note_protocol(&mut self, op: &Op<Place>, is_first: bool) {
        match op {
            Op::Proto(protocol) if is_first => self.signs.protocol = *protocol,
            _ => self.signs.protocol = self.signs.protocol.max(op.code().protocol().min(1)),
        }
    }

    /// What follows a POP tells whether the object was thrown away or a cycle was closed.
    #[cold]
    fn note_pop(&mut self, op: &Op<Place>) {
        let index = match op {
            Op::BinGet(index) => Some(u64::from(*index)),
            Op::LongBinGet(index) => Some(u64::from(*index)),
            Op::Get(line) => self
                .graph
                .store
                .get(*line)
                .and_then(|line| text::index(line).ok()),
            _ => None,
        };
        self.popped
            .followed_by(&self.graph, index.and_then(|index| self.memo.get(index)));
    }

    /// Carries out one opcode; gives the root at STOP.
    #[inline(always)]
    fn step(&mut self, op: Op<Place>) -> Result<Option<Id>> {
        match op {
            Op::BinInt(value) => self.int(value.into(), 0)?,
            Op::BinInt1(value) => self.int(value.into(), 0)?,
            Op::BinInt2(value) => self.int(value.into(), 0)?,
            Op::BinFloat(value) => self.value(Tag::Float, 0, value.to_bits())?,
            Op::ShortBinUnicode(place) => self.value(Tag::Str, 0, place.0)?,
            Op::BinUnicode(place) | Op::BinUnicode8(place) => {
                self.note_large(place);
                self.value(Tag::Str, 0, place.0)?;
            }
            Op::Memoize => {
                let id = self.top()?;
                self.signs.any_memo = true;
                self.memo.put(self.memo.count(), id)?;
                self.graph.memoise(id);
            }
            Op::BinPut(index) => self.put(index.into())?,
            Op::LongBinPut(index) => self.put(index.into())?,
            Op::BinGet(index) => self.get(index.into())?,
            Op::LongBinGet(index) => self.get(index.into())?,
            Op::Mark => {
                let fence = u32::try_from(self.fence)
                    .map_err(|_| Error::limit("nodes", u32::MAX.into()))?;
                self.marks.push(fence);
                self.fence = self.stack.len();
            }
            Op::None => self.stack.push(Id::NONE),
            Op::NewTrue => self.stack.push(Id::TRUE),
            Op::NewFalse => self.stack.push(Id::FALSE),
            Op::EmptyTuple => self.stack.push(Id::EMPTY_TUPLE),
            Op::EmptyList => self.container(Tag::List)?,
            Op::EmptyDict => self.container(Tag::Dict)?,
            Op::EmptySet => self.container(Tag::Set)?,
            Op::Append => {
                let item = self.pop()?;
                let list = self.top()?;
                self.signs.lone_item |= self.signs.protocol > 0 && !self.graph.is_bare(list);
                self.graph.append(list, &[item])?;
            }
            Op::Appends => {
                let start = self.take_mark()?;
                let list = self.below(start)?;
                self.signs.tiny_batch |= self.stack.len() - start == 1;
                self.graph.append(list, &self.stack[start..])?;
                self.stack.truncate(start);
            }
            Op::SetItem => {
                let value = self.pop()?;
                let key = self.pop()?;
                let dict = self.top()?;
                // Iterated dicts, such as OrderedDict's, end so with the C pickler too.
                self.signs.lone_item |= self.signs.protocol > 0
                    && self.graph.raw(dict).tag() == Tag::Dict
                    && !self.graph.is_bare(dict);
                self.graph.set_items(dict, &[key, value])?;
            }
            Op::SetItems => {
                let start = self.take_mark()?;
                let dict = self.below(start)?;
                self.signs.tiny_batch |= self.stack.len() - start <= 2;
                self.note_batch(dict, (self.stack.len() - start) / 2);
                self.graph.set_items(dict, &self.stack[start..])?;
                self.stack.truncate(start);
            }
            Op::AddItems => {
                let start = self.take_mark()?;
                let set = self.below(start)?;
                self.signs.tiny_batch |= self.stack.len() == start;
                self.note_batch(set, self.stack.len() - start);
                self.graph.add_items(set, &self.stack[start..])?;
                self.stack.truncate(start);
            }
            Op::Tuple1 => self.tuple(1)?,
            Op::Tuple2 => self.tuple(2)?,
            Op::Tuple3 => self.tuple(3)?,
            Op::Tuple => {
                let start = self.take_mark()?;
                self.tuple(self.stack.len() - start)?;
            }
            Op::List => self.container_from_mark(Tag::List)?,
            Op::FrozenSet => self.container_from_mark(Tag::FrozenSet)?,
            Op::Dict => {
                let start = self.take_mark()?;
                if !(self.stack.len() - start).is_multiple_of(2) {
                    return Err(Error::new(ErrorKind::BadOperand("a key without a value")));
                }
                self.gather(Tag::Dict, start)?;
            }
            Op::ShortBinBytes(place) => self.value(Tag::Bytes, 0, place.0)?,
            Op::BinBytes(place) | Op::BinBytes8(place) => {
                self.note_large(place);
                self.value(Tag::Bytes, 0, place.0)?;
            }
            Op::ByteArray8(place) => {
                self.note_large(place);
                self.value(Tag::ByteArray, 0, place.0)?;
            }
            Op::Reduce => {
                let args = self.pop()?;
                let callable = self.pop()?;
                self.object(Constructor::Reduce, callable, args)?;
            }
            Op::Build => {
                let state = self.pop()?;
                let object = self.top()?;
                self.graph.build(object, state)?;
                if self.options.hook.is_some() {
                    self.call_hook()?;
                }
            }
            Op::NewObj => {
                let args = self.pop()?;
                let class = self.pop()?;
                self.object(Constructor::NewObj, class, args)?;
            }
            Op::NewObjEx => {
                let kwargs = self.pop()?;
                let args = self.pop()?;
                let class = self.pop()?;
                let id = self.object(Constructor::NewObjEx, class, args)?;
                self.graph.set_kwargs(id, kwargs);
            }
            Op::StackGlobal => self.stack_global()?,
            Op::Global((module, name)) => {
                let id = self.global(module, name)?;
                self.stack.push(id);
            }
            Op::Inst((module, name)) => {
                let class = self.global(module, name)?;
                let start = self.take_mark()?;
                self.instance(Constructor::Inst, class, start)?;
            }
            Op::Obj => {
                let start = self.take_mark()?;
                let class = *self.stack.get(start).ok_or_else(underflow)?;
                self.stack.remove(start);
                self.instance(Constructor::Obj, class, start)?;
            }
            Op::Long1(place) | Op::Long4(place) => self.binary_long(place)?,
            Op::Int(line) => self.text_int(line)?,
            Op::Long(line) => self.text_long(line)?,
            Op::Float(line) => self.text_float(line)?,
            Op::String(line) => self.text_string(line)?,
            Op::Unicode(line) => self.text_unicode(line)?,
            Op::BinString(place) | Op::ShortBinString(place) => {
                self.signs.py2_str = true;
                self.value(Tag::Py2Str, 0, place.0)?;
            }
            Op::Get(line) => {
                let index = text::index(self.bytes_of(line))?;
                self.graph.store.release(line);
                self.get(index)?;
            }
            Op::Put(line) => {
                let index = text::index(self.bytes_of(line))?;
                self.graph.store.release(line);
                self.put(index)?;
            }
            Op::Pop => self.pop_op()?,
            Op::PopMark => {
                let start = self.take_mark()?;
                for id in self.stack.split_off(start) {
                    self.discard(id)?;
                }
            }
            Op::Dup => {
                let id = self.top()?;
                // The graph shows a memo entry where the pickle has none: the object would else be written twice.
                if !self.graph.raw(id).tag().is_number() {
                    self.graph.memoise(id);
                }
                self.stack.push(id);
            }
            Op::NextBuffer => self.next_buffer()?,
            Op::ReadonlyBuffer => {
                let id = self.top()?;
                match self.graph.raw(id).tag() {
                    Tag::Buffer => self.graph.set_aux(id, 1),
                    _ => {
                        return Err(Error::new(ErrorKind::BadOperand(
                            "only a buffer can become read-only",
                        )));
                    }
                }
            }
            Op::PersId(line) => self.value(Tag::PersId, 0, line.0)?,
            Op::BinPersId => {
                let pid = self.pop()?;
                self.value(Tag::BinPersId, 0, pid.0.into())?;
            }
            Op::Ext1(code) => self.extension(code.into())?,
            Op::Ext2(code) => self.extension(code.into())?,
            Op::Ext4(code) => self.extension(code)?,
            Op::Proto(protocol) => {
                if protocol > 5 {
                    return Err(Error::new(ErrorKind::UnknownProtocol(protocol)));
                }
            }
            Op::Frame(len) => {
                let end = self.source.position().saturating_add(len);
                self.signs.strict_frames |= len < 4;
                if end > self.frame.1 {
                    self.frame = (self.at, end);
                }
            }
            Op::Stop => return self.pop().map(Some),
        }
        Ok(None)
    }

    // ---- the stack

    #[inline(always)]
    fn pop(&mut self) -> Result<Id> {
        if self.stack.len() > self.fence
            && let Some(id) = self.stack.pop()
        {
            return Ok(id);
        }
        Err(underflow())
    }

    #[inline(always)]
    fn top(&self) -> Result<Id> {
        self.below(self.stack.len())
    }

    /// The operand right below a position of the stack.
    #[inline(always)]
    fn below(&self, position: usize) -> Result<Id> {
        if position > self.fence {
            Ok(self.stack[position - 1])
        } else {
            Err(underflow())
        }
    }

    /// Takes the topmost mark away and gives its position: the operands are from there on.
    #[inline(always)]
    fn take_mark(&mut self) -> Result<usize> {
        let Some(outer) = self.marks.pop() else {
            return Err(Error::new(ErrorKind::NoMark));
        };
        let start = self.fence;
        self.fence = outer as usize;
        Ok(start)
    }

    #[inline(always)]
    pub(super) fn value(&mut self, tag: Tag, aux: u8, value: u64) -> Result<()> {
        let id = self.graph.push(Raw::new(tag, aux, self.at, value))?;
        self.stack.push(id);
        Ok(())
    }

    #[inline(always)]
    pub(super) fn int(&mut self, value: i64, is_long: u8) -> Result<()> {
        self.value(Tag::Int, is_long, value as u64)
    }

    #[inline(always)]
    fn container(&mut self, tag: Tag) -> Result<()> {
        let id = self.graph.container(tag, &[], self.at)?;
        self.stack.push(id);
        Ok(())
    }

    fn container_from_mark(&mut self, tag: Tag) -> Result<()> {
        let start = self.take_mark()?;
        self.gather(tag, start)
    }

    /// A container of all operands from a position on.
    fn gather(&mut self, tag: Tag, start: usize) -> Result<()> {
        let id = self.graph.container(tag, &self.stack[start..], self.at)?;
        self.stack.truncate(start);
        self.stack.push(id);
        Ok(())
    }

    #[inline(always)]
    fn tuple(&mut self, len: usize) -> Result<()> {
        let start = self
            .stack
            .len()
            .checked_sub(len)
            .filter(|start| *start >= self.fence)
            .ok_or_else(underflow)?;
        let id = self.graph.tuple(&self.stack[start..], self.at)?;
        self.stack.truncate(start);
        self.stack.push(id);
        Ok(())
    }

    fn object(&mut self, made: Constructor, callable: Id, args: Id) -> Result<Id> {
        let id = self.graph.object(made, callable, args, self.at)?;
        self.stack.push(id);
        Ok(id)
    }

    /// An instance of Python 2's INST and OBJ, of all operands from a position on.
    fn instance(&mut self, made: Constructor, class: Id, start: usize) -> Result<()> {
        let args = self.graph.tuple(&self.stack[start..], self.at)?;
        self.stack.truncate(start);
        self.object(made, class, args)?;
        Ok(())
    }

    /// A batch of a dict or set: it follows another one if the container has items.
    #[inline(always)]
    fn note_batch(&mut self, id: Id, len: usize) {
        if matches!(self.graph.raw(id).tag(), Tag::Dict | Tag::Set) {
            self.signs.open_batches += i64::from(len == BATCH) - i64::from(!self.graph.is_bare(id));
        }
    }

    // ---- the memo

    #[inline(always)]
    fn put(&mut self, index: u64) -> Result<()> {
        let id = self.top()?;
        if !self.signs.any_memo {
            self.signs.any_memo = true;
            self.signs.first_memo_is_one = index == 1;
        }
        self.memo.put(index, id)?;
        self.graph.memoise(id);
        Ok(())
    }

    #[inline(always)]
    fn get(&mut self, index: u64) -> Result<()> {
        match self.memo.get(index) {
            Some(id) => {
                self.stack.push(id);
                Ok(())
            }
            None => Err(Error::new(ErrorKind::MemoMissing(index))),
        }
    }

    // ---- globals, extensions, buffers

    fn global(&mut self, module: Place, name: Place) -> Result<Id> {
        let known = Known::of(self.bytes_of(module), self.bytes_of(name));
        let place = self.graph.store.join(module, name)?;
        self.graph
            .push(Raw::new(Tag::Global, known.aux(), self.at, place.0))
    }

    fn stack_global(&mut self) -> Result<()> {
        let name = self.pop()?;
        let module = self.pop()?;
        let (m, n) = (self.graph.raw(module), self.graph.raw(name));
        // A Python 2 str is a str to Python 3 by the time it is here.
        if ![m.tag(), n.tag()]
            .iter()
            .all(|tag| matches!(tag, Tag::Str | Tag::Py2Str))
        {
            return Err(Error::new(ErrorKind::BadOperand(
                "module and name must be str",
            )));
        }
        let known = Known::of(self.bytes_of(Place(m.value)), self.bytes_of(Place(n.value)));
        self.value(Tag::StackGlobal, known.aux(), halves(module.0, name.0))
    }

    fn extension(&mut self, code: i32) -> Result<()> {
        match code {
            ..=0 => Err(Error::new(ErrorKind::Negative(code.into()))),
            _ => self.value(Tag::Extension, 0, code as u64),
        }
    }

    fn next_buffer(&mut self) -> Result<()> {
        let index = self.buffers_used;
        self.buffers_used += 1;
        let (entry, read_only) = match self.options.buffers.get(index as usize) {
            Some(buffer) => {
                let place = self.graph.store.payload(buffer.payload.clone());
                (place.0 as u32 + 1, u8::from(buffer.read_only))
            }
            None => (0, 0),
        };
        self.value(Tag::Buffer, read_only, halves(index, entry))
    }

    // ---- habits of the pickler

    /// A large payload inside a frame: Python 3.6 and older.
    #[inline(always)]
    fn note_large(&mut self, place: Place) {
        if self.frame.1 > self.at && self.graph.store.len(place) >= LARGE {
            self.signs.strict_frames = true;
        }
    }

    // ---- what is thrown away

    fn pop_op(&mut self) -> Result<()> {
        if self.stack.len() > self.fence
            && let Some(id) = self.stack.pop()
        {
            return self.discard(id);
        }
        self.take_mark().map(|_| ()).map_err(|_| underflow())
    }

    fn discard(&mut self, id: Id) -> Result<()> {
        if Popped::is_nothing(self.graph.raw(id)) {
            return Ok(());
        }
        let mut anchor = None;
        if self.stack.len() > self.fence
            && let Some(below) = self.stack.last_mut()
        {
            if below.is_interned() {
                // What hangs here hangs on this `None` alone.
                *below = self.graph.push(self.graph.raw(*below).moved(self.at))?;
            }
            anchor = Some(*below);
        }
        self.popped.discard(&self.graph, id, anchor);
        Ok(())
    }

    // ---- the hook

    #[cold]
    fn call_hook(&mut self) -> Result<()> {
        let Some(mut hook) = self.options.hook.take() else {
            return Ok(());
        };
        let object = self.top()?;
        let result = hook(&mut Built::new(self, object));
        self.options.hook = Some(hook);
        result
    }
}

#[cold]
fn underflow() -> Error {
    Error::new(ErrorKind::StackUnderflow)
}
