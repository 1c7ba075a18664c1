//! What each opcode does.

use super::machine::Machine;
use super::popped::Popped;
use super::source::Source;
use crate::error::{Error, ErrorKind, Result};
use crate::graph::{Constructor, Id, Place, Raw, Tag, halves};
use crate::names::Known;
use crate::op::text;
use crate::op::{Code, Op};

/// A full batch of SETITEMS and ADDITEMS (`BATCHSIZE`).
const BATCH: usize = 1000;

/// A payload from this size on is written outside of frames by Python 3.7 and later (`FRAME_SIZE_TARGET`).
const LARGE: u64 = 1 << 16;

impl<'a, S: Source<'a>> Machine<'_, 'a, S> {
    /// Carries out an opcode that nearly every value has. Every place of the call knows which one it is.
    #[inline(always)]
    pub(super) fn step_often(&mut self, op: Op<Place>) -> Result<()> {
        match op {
            Op::BinInt(value) => self.ints(value.into()),
            Op::BinInt1(value) => self.ints(value.into()),
            Op::BinInt2(value) => self.ints(value.into()),
            Op::BinFloat(value) => self.value(Tag::Float, 0, value.to_bits()),
            Op::ShortBinUnicode(place) => self.value(Tag::Str, 0, place.0),
            Op::BinUnicode(place) => {
                self.note_large(place);
                self.value(Tag::Str, 0, place.0)
            }
            Op::Memoize => {
                let id = self.stack.top()?;
                self.signs.any_memo = true;
                self.memo.put(self.memo.count(), id)?;
                self.graph.memoise(id);
                Ok(())
            }
            Op::BinPut(index) => self.put(index.into()),
            Op::LongBinPut(index) => self.put(index.into()),
            Op::BinGet(index) => self.get(index.into()),
            Op::LongBinGet(index) => self.get(index.into()),
            Op::Mark => self.stack.mark(),
            Op::None => self.atom(Id::NONE),
            Op::NewTrue => self.atom(Id::TRUE),
            Op::NewFalse => self.atom(Id::FALSE),
            Op::EmptyTuple => self.atom(Id::EMPTY_TUPLE),
            Op::Tuple1 => self.short_tuple(1),
            Op::Tuple2 => self.short_tuple(2),
            Op::Tuple3 => self.short_tuple(3),
            _ => self.step(op).map(|_| ()),
        }
    }

    /// Carries out any other opcode; gives the root at STOP.
    pub(super) fn step(&mut self, op: Op<Place>) -> Result<Option<Id>> {
        match op {
            Op::EmptyList => self.container(Tag::List)?,
            Op::EmptyDict => self.container(Tag::Dict)?,
            Op::EmptySet => self.container(Tag::Set)?,
            Op::Append => {
                let item = self.stack.pop()?;
                let list = self.stack.top()?;
                self.signs.lone_item |= self.signs.binary && !self.graph.is_bare(list);
                self.graph.append(list, &[item])?;
            }
            Op::Appends => {
                let start = self.stack.take_mark()?;
                let list = self.stack.below(start)?;
                self.signs.tiny_batch |= self.stack.len() - start == 1;
                self.graph.append(list, self.stack.from(start))?;
                self.stack.truncate(start);
            }
            Op::SetItem => {
                let value = self.stack.pop()?;
                let key = self.stack.pop()?;
                let dict = self.stack.top()?;
                // Iterated dicts, such as OrderedDict's, end so with the C pickler too.
                self.signs.lone_item |= self.signs.binary
                    && self.graph.raw(dict).tag() == Tag::Dict
                    && !self.graph.is_bare(dict);
                self.graph.set_items(dict, &[key, value])?;
            }
            Op::SetItems => {
                let start = self.stack.take_mark()?;
                let dict = self.stack.below(start)?;
                self.signs.tiny_batch |= self.stack.len() - start <= 2;
                self.note_batch(dict, (self.stack.len() - start) / 2);
                self.graph.set_items(dict, self.stack.from(start))?;
                self.stack.truncate(start);
            }
            Op::AddItems => {
                let start = self.stack.take_mark()?;
                let set = self.stack.below(start)?;
                self.signs.tiny_batch |= self.stack.len() == start;
                self.note_batch(set, self.stack.len() - start);
                self.graph.add_items(set, self.stack.from(start))?;
                self.stack.truncate(start);
            }
            Op::Tuple => {
                let start = self.stack.take_mark()?;
                self.tuple(self.stack.len() - start)?;
            }
            Op::List => self.container_from_mark(Tag::List)?,
            Op::FrozenSet => self.container_from_mark(Tag::FrozenSet)?,
            Op::Dict => {
                let start = self.stack.take_mark()?;
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
                let args = self.stack.pop()?;
                let callable = self.stack.pop()?;
                self.object(Constructor::Reduce, callable, args)?;
            }
            Op::Build => {
                let state = self.stack.pop()?;
                let object = self.stack.top()?;
                self.graph.build(object, state)?;
                if self.options.hook.is_some() {
                    self.call_hook()?;
                }
            }
            Op::NewObj => {
                let args = self.stack.pop()?;
                let class = self.stack.pop()?;
                self.object(Constructor::NewObj, class, args)?;
            }
            Op::NewObjEx => {
                let kwargs = self.stack.pop()?;
                let args = self.stack.pop()?;
                let class = self.stack.pop()?;
                let id = self.object(Constructor::NewObjEx, class, args)?;
                self.graph.set_kwargs(id, kwargs)?;
            }
            Op::StackGlobal => self.stack_global()?,
            Op::Global((module, name)) => {
                let id = self.global(module, name)?;
                self.stack.push(id);
            }
            Op::Inst((module, name)) => {
                let class = self.global(module, name)?;
                let start = self.stack.take_mark()?;
                self.instance(Constructor::Inst, class, start)?;
            }
            Op::Obj => {
                let start = self.stack.take_mark()?;
                let class = self.stack.remove(start)?;
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
                let start = self.stack.take_mark()?;
                let all = self.stack.split_off(start);
                self.popped.reserve(all.len());
                for id in all {
                    self.discard(id)?;
                }
            }
            Op::Dup => {
                let id = self.stack.top()?;
                // The graph shows a memo entry where the pickle has none: the object would else be written twice.
                if !self.graph.raw(id).tag().is_number() {
                    self.graph.memoise(id);
                }
                self.stack.push_known(id)?;
            }
            Op::NextBuffer => self.next_buffer()?,
            Op::ReadonlyBuffer => {
                let id = self.stack.top()?;
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
                let pid = self.stack.pop()?;
                self.value(Tag::BinPersId, 0, pid.0.into())?;
            }
            Op::Ext1(code) => self.extension(code.into())?,
            Op::Ext2(code) => self.extension(code.into())?,
            Op::Ext4(code) => self.extension(code)?,
            Op::Proto(protocol) => {
                if protocol > 5 {
                    return Err(Error::new(ErrorKind::UnknownProtocol(protocol)));
                }
                if self.at == self.first {
                    self.signs.proto = Some(protocol);
                }
            }
            Op::Frame(len) => {
                let end = self.source.position().saturating_add(len);
                self.signs.strict_frames |= len < 4;
                if end > self.frame.1 {
                    self.frame = (self.at, end);
                }
            }
            Op::Stop => return self.stack.pop().map(Some),
            Op::BinUnicode8(place) => {
                self.note_large(place);
                self.value(Tag::Str, 0, place.0)?;
            }
            // All that are left are done by `step_often`.
            _ => return Err(Error::unsupported(op.code().name())),
        }
        Ok(None)
    }

    // ---- the operands

    #[inline(always)]
    pub(super) fn value(&mut self, tag: Tag, aux: u8, value: u64) -> Result<()> {
        let id = self.graph.push(Raw::new(tag, aux, self.at, value))?;
        self.stack.push(id);
        Ok(())
    }

    #[inline(always)]
    fn atom(&mut self, id: Id) -> Result<()> {
        self.stack.push_known(id)
    }

    #[inline(always)]
    pub(super) fn int(&mut self, value: i64, is_long: u8) -> Result<()> {
        self.value(Tag::Int, is_long, value as u64)
    }

    /// An int, and those that follow it: ints come in runs.
    #[inline(always)]
    fn ints(&mut self, first: i64) -> Result<()> {
        self.int(first, 0)?;
        loop {
            let at = self.source.position();
            if at >= self.next_report {
                return Ok(());
            }
            let Some((code, value)) = self.source.short_int() else {
                return Ok(());
            };
            self.at = at;
            if let Err(error) = self.int(value, 0) {
                return Err(error.at(at, Code::from_byte(code).map(Code::name)));
            }
        }
    }

    #[inline(always)]
    fn container(&mut self, tag: Tag) -> Result<()> {
        let id = self.graph.container(tag, &[], self.at)?;
        self.stack.push(id);
        Ok(())
    }

    fn container_from_mark(&mut self, tag: Tag) -> Result<()> {
        let start = self.stack.take_mark()?;
        self.gather(tag, start)
    }

    /// A container of all operands from a position on.
    fn gather(&mut self, tag: Tag, start: usize) -> Result<()> {
        let id = self.graph.container(tag, self.stack.from(start), self.at)?;
        self.stack.truncate(start);
        self.stack.push(id);
        Ok(())
    }

    #[inline(always)]
    fn tuple(&mut self, len: usize) -> Result<Id> {
        let start = self.stack.last(len)?;
        let id = self.graph.tuple(self.stack.from(start), self.at)?;
        self.stack.truncate(start);
        self.stack.push(id);
        Ok(id)
    }

    /// A tuple without a MARK. Picklers write it below protocol 2 in one place: the arguments of a state setter.
    #[inline(always)]
    fn short_tuple(&mut self, len: usize) -> Result<()> {
        let id = self.tuple(len)?;
        if self.signs.proto.is_none() {
            self.graph.set_aux(id, 1);
        }
        Ok(())
    }

    fn object(&mut self, made: Constructor, callable: Id, args: Id) -> Result<Id> {
        let id = self.graph.object(made, callable, args, self.at)?;
        self.stack.push(id);
        Ok(id)
    }

    /// An instance of Python 2's INST and OBJ, of all operands from a position on.
    fn instance(&mut self, made: Constructor, class: Id, start: usize) -> Result<()> {
        let args = self.graph.tuple(self.stack.from(start), self.at)?;
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
        let id = self.stack.top()?;
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
                self.popped.fetched(&mut self.graph, self.at, id);
                self.stack.push_known(id)
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
        let name = self.stack.pop()?;
        let module = self.stack.pop()?;
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
        let given = self.options.buffers.get(index as usize).cloned();
        let id = self.graph.buffer(index, given, self.at)?;
        self.stack.push(id);
        Ok(())
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
        match self.stack.is_bare() {
            false => self.stack.pop().and_then(|id| self.discard(id)),
            true if self.stack.take_mark().is_ok() => Ok(()),
            true => Err(Error::new(ErrorKind::StackUnderflow)),
        }
    }

    fn discard(&mut self, id: Id) -> Result<()> {
        if Popped::is_nothing(self.graph.raw(id)) {
            return Ok(());
        }
        let mut anchor = None;
        if let Some(below) = self.stack.top_mut() {
            if below.is_interned() {
                // What hangs here hangs on this `None` alone.
                *below = self.graph.push(self.graph.raw(*below).moved(self.at))?;
            }
            anchor = Some(*below);
        }
        self.popped
            .discard(&self.graph, id, anchor, self.source.position());
        Ok(())
    }
}
