//! The spelling of what has parts: tuples, containers, globals and objects, and the memo around them.

use super::batch::{Batches, Habit};
use super::pen::{Nodes, short_tuple};
use super::saver::{End, Saver, Task};
use crate::error::Result;
use crate::graph::{ARGS_ANEW, Constructor, Id, Place, Raw, Tag};
use crate::op::Code;

impl<'s> Saver<'s, '_, '_> {
    /// Puts a node in the memo that was just finished, if the pickler does.
    #[inline]
    pub(super) fn put(&mut self, id: Id) {
        let raw = self.graph.raw(id);
        let outside = matches!(
            raw.tag(),
            Tag::PersId | Tag::BinPersId | Tag::Extension | Tag::Buffer
        );
        let memoise = match self.pen.nodes {
            Nodes::Foreign => !outside,
            Nodes::AsTheyWere | Nodes::Made => raw.is_memoised(),
        };
        if memoise {
            self.pen.memoise(id);
        }
    }

    // ---- tuples and sets

    /// The opcode of a tuple that needs no MARK; nodes may know of one below protocol 2.
    fn short_tuple(&self, raw: Raw) -> Option<Code> {
        let len = raw.halves().1;
        match self.pen.nodes {
            Nodes::AsTheyWere | Nodes::Made if raw.aux() == 1 => short_tuple(len),
            _ if self.pen.dialect.protocol < 2 => None,
            _ => short_tuple(len),
        }
    }

    pub(super) fn begin_tuple(&mut self, id: Id, end: End) -> Result<()> {
        if self.short_tuple(self.graph.raw(id)).is_none() {
            self.pen.op(Code::Mark)?;
        }
        self.tasks.push(Task::Parts(id, self.graph.items(id), end));
        Ok(())
    }

    pub(super) fn end_new_tuple(&mut self, id: Id) -> Result<()> {
        // Not `op`: the arguments of a state setter are TUPLE2 in every protocol (`save_reduce` in `_pickle.c`).
        let code = self.short_tuple(self.graph.raw(id)).unwrap_or(Code::Tuple);
        self.pen.out.byte(code.byte());
        self.put(id);
        Ok(())
    }

    /// Ends a tuple whose items are written; one that contains itself is in the memo by now.
    pub(super) fn end_tuple(&mut self, id: Id) -> Result<()> {
        let raw = self.graph.raw(id);
        let short = self.short_tuple(raw);
        let Some(index) = self.pen.memo.get(id) else {
            return self.end_new_tuple(id);
        };
        let len = raw.halves().1;
        match (short, self.pen.dialect.protocol) {
            (Some(_), _) => self.pop_items(len),
            (None, 0) => self.pop_items(len + 1),
            (None, _) => self.pen.out.byte(Code::PopMark.byte()),
        }
        self.pen.get(index);
        Ok(())
    }

    fn pop_items(&mut self, n: u32) {
        (0..n).for_each(|_| self.pen.out.byte(Code::Pop.byte()));
    }

    pub(super) fn end_frozenset(&mut self, id: Id) -> Result<()> {
        match self.pen.memo.get(id) {
            Some(index) => {
                self.pen.op(Code::PopMark)?;
                self.pen.get(index);
            }
            None => {
                self.pen.op(Code::FrozenSet)?;
                self.put(id);
            }
        }
        Ok(())
    }

    // ---- lists, dicts, sets

    /// Opens a container, which is in the memo before its items.
    pub(super) fn open(&mut self, id: Id, tag: Tag) -> Result<()> {
        self.pen.open(tag)?;
        self.put(id);
        let ids = self.graph.items(id);
        let len = ids.count_left();
        if len > 0 {
            self.tasks.push(match tag {
                Tag::Dict => Task::Pairs(self.pen.batches(tag, len / 2), ids, false),
                _ => Task::Items(self.pen.batches(tag, len), ids),
            });
        }
        Ok(())
    }

    // ---- globals and objects

    pub(super) fn global(&mut self, id: Id, raw: Raw) -> Result<()> {
        if raw.tag() == Tag::StackGlobal && self.pen.dialect.protocol >= 4 {
            let (module, name) = raw.halves();
            let strings = [Id(module), Id(name)];
            // What hangs on one of the strings is written by tasks, and so must be what follows it.
            if strings.iter().any(|id| self.graph.raw(*id).has_extras()) {
                self.tasks.push(Task::Call(id, Code::StackGlobal));
                self.tasks.push(Task::Save(strings[1]));
                return self.save(strings[0]);
            }
            for string in strings {
                self.save(string)?;
            }
            self.pen.op(Code::StackGlobal)?;
        } else {
            self.pen.out.byte(Code::Global.byte());
            self.lines(id)?;
        }
        self.put(id);
        Ok(())
    }

    /// Module and name of a global, a line each.
    fn lines(&mut self, id: Id) -> Result<()> {
        let raw = self.graph.raw(id);
        let part = |id: u32| self.graph.store.get(Place(self.graph.raw(Id(id)).value));
        let lines = match raw.tag() {
            Tag::StackGlobal => {
                let (module, name) = raw.halves();
                [
                    part(module).unwrap_or_default(),
                    part(name).unwrap_or_default(),
                ]
                .join(&b'\n')
            }
            _ => self
                .graph
                .store
                .get(Place(raw.value))
                .unwrap_or_default()
                .to_vec(),
        };
        if lines.iter().filter(|byte| **byte == b'\n').count() != 1 {
            return Err(crate::Error::unsupported(
                "a global whose name has a newline needs protocol 4",
            ));
        }
        self.pen.out.bytes(&lines);
        self.pen.out.byte(b'\n');
        Ok(())
    }

    pub(super) fn object(&mut self, id: Id, raw: Raw) -> Result<()> {
        let graph = self.graph;
        let Some((callable, args, _)) = graph.object_of(id) else {
            return Ok(());
        };
        match Constructor::from_aux(raw.aux()) {
            made @ (Constructor::Inst | Constructor::Obj) => {
                self.pen.op(Code::Mark)?;
                self.tasks
                    .push(Task::Parts(id, graph.items(args), End::Instance));
                return if made == Constructor::Obj {
                    self.callable(callable)
                } else {
                    Ok(())
                };
            }
            Constructor::Reduce => self.tasks.push(Task::Call(id, Code::Reduce)),
            Constructor::NewObj => self.tasks.push(Task::Call(id, Code::NewObj)),
            Constructor::NewObjEx => {
                self.tasks.push(Task::Call(id, Code::NewObjEx));
                self.tasks.extend(graph.kwargs(id).map(Task::Save));
            }
        }
        self.tasks.push(if raw.aux() & ARGS_ANEW == 0 {
            Task::Save(args)
        } else {
            Task::Args(args)
        });
        self.callable(callable)
    }

    /// Writes what is called: a name at once, anything else in its turn, since calls of calls may nest without end.
    fn callable(&mut self, callable: Id) -> Result<()> {
        match self.graph.raw(callable).tag() {
            Tag::Global | Tag::StackGlobal => self.save(callable),
            _ => {
                self.tasks.push(Task::Save(callable));
                Ok(())
            }
        }
    }

    /// Ends INST or OBJ, whose arguments are written.
    pub(super) fn end_instance(&mut self, id: Id) -> Result<()> {
        if Constructor::from_aux(self.graph.raw(id).aux()) == Constructor::Obj {
            return self.call(id, Code::Obj);
        }
        self.pen.out.byte(Code::Inst.byte());
        if let Some((class, ..)) = self.graph.object_of(id) {
            self.lines(class)?;
        }
        self.put(id);
        self.rest(id);
        Ok(())
    }

    /// Ends a call whose parts are written; one that contains itself is in the memo by now, with all that belongs to it.
    pub(super) fn call(&mut self, id: Id, code: Code) -> Result<()> {
        self.pen.op(code)?;
        match self.pen.memo.get(id) {
            Some(index) => {
                self.pen.out.byte(Code::Pop.byte());
                self.pen.get(index);
            }
            None => {
                self.put(id);
                // Others have their rest among the tasks already.
                if self.graph.raw(id).tag() == Tag::Object {
                    self.rest(id);
                }
            }
        }
        Ok(())
    }

    /// What comes after a node: appended items, set pairs, states, what was popped.
    pub(super) fn rest(&mut self, id: Id) {
        let graph: &'s _ = self.graph;
        let has_extras = graph.raw(id).has_extras();
        if has_extras {
            self.tasks.push(Task::Each(graph.popped(id), Code::Pop));
            self.tasks
                .push(Task::Each(graph.more_states(id), Code::Build));
        }
        if let Some((.., Some(state))) = graph.object_of(id) {
            self.tasks
                .extend([Task::Op(Code::Build), Task::Save(state)]);
        }
        if has_extras {
            let batches = |one, many, len| {
                Batches::new(
                    Habit::new(self.pen.dialect, true, Habit::List),
                    one,
                    many,
                    len,
                )
            };
            let (items, pairs) = (graph.appended(id), graph.set_pairs(id));
            let (items_len, pairs_len) = (items.count_left(), pairs.count_left() / 2);
            let pairs = Task::Pairs(
                batches(Code::SetItem, Code::SetItems, pairs_len),
                pairs,
                false,
            );
            let items = Task::Items(batches(Code::Append, Code::Appends, items_len), items);
            self.tasks.extend([pairs, items]);
        }
    }
}
