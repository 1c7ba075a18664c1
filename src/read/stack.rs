//! The operands of the machine: ids, and the marks between them.

use crate::error::{Error, ErrorKind, Result};
use crate::graph::Id;

/// A stack with marks. An opcode may not reach below the topmost mark; what is below is out of its sight.
#[derive(Debug)]
pub(super) struct Stack {
    ids: Vec<Id>,
    /// The fences below the topmost one.
    marks: Vec<u32>,
    /// Where the topmost mark is: nothing below it is an operand.
    fence: usize,
    /// How deep it may become, and how many marks it may have.
    limit: usize,
}

/// What is set aside while a pickle inside of another one is read.
#[derive(Debug)]
pub(super) struct Outer {
    floor: usize,
    fence: usize,
    marks: Vec<u32>,
}

impl Stack {
    /// An empty stack. It is bounded like the nodes are, since opcodes that push a node again make none.
    pub(super) fn new(limit: u64) -> Self {
        let limit = usize::try_from(limit.min(u32::MAX.into())).unwrap_or(usize::MAX);
        Stack {
            ids: Vec::new(),
            marks: Vec::new(),
            fence: 0,
            limit,
        }
    }

    /// Starts an empty stack on top of this one.
    pub(super) fn enter(&mut self) -> Outer {
        let floor = self.ids.len();
        let fence = std::mem::replace(&mut self.fence, floor);
        Outer {
            floor,
            fence,
            marks: std::mem::take(&mut self.marks),
        }
    }

    /// Ends it, and gives what was left on it.
    pub(super) fn leave(&mut self, outer: Outer) -> Vec<Id> {
        (self.fence, self.marks) = (outer.fence, outer.marks);
        if outer.floor == 0 {
            std::mem::take(&mut self.ids)
        } else {
            self.ids.split_off(outer.floor)
        }
    }

    pub(super) fn len(&self) -> usize {
        self.ids.len()
    }

    #[inline(always)]
    pub(super) fn push(&mut self, id: Id) {
        self.ids.push(id);
    }

    /// Pushes a node that is there already.
    #[inline(always)]
    pub(super) fn push_known(&mut self, id: Id) -> Result<()> {
        if self.ids.len() >= self.limit {
            return Err(self.full());
        }
        self.ids.push(id);
        Ok(())
    }

    #[cold]
    fn full(&self) -> Error {
        Error::limit("nodes", self.limit as u64)
    }

    #[inline(always)]
    pub(super) fn pop(&mut self) -> Result<Id> {
        if self.ids.len() > self.fence
            && let Some(id) = self.ids.pop()
        {
            return Ok(id);
        }
        Err(underflow())
    }

    #[inline(always)]
    pub(super) fn top(&self) -> Result<Id> {
        self.below(self.ids.len())
    }

    /// The topmost operand, to be exchanged.
    pub(super) fn top_mut(&mut self) -> Option<&mut Id> {
        self.ids[self.fence..].last_mut()
    }

    /// The operand right below a position.
    #[inline(always)]
    pub(super) fn below(&self, position: usize) -> Result<Id> {
        if position > self.fence {
            Ok(self.ids[position - 1])
        } else {
            Err(underflow())
        }
    }

    /// Where the last `len` operands begin.
    #[inline(always)]
    pub(super) fn last(&self, len: usize) -> Result<usize> {
        match self.ids.len().checked_sub(len) {
            Some(start) if start >= self.fence => Ok(start),
            _ => Err(underflow()),
        }
    }

    /// The operands from a position on.
    #[inline(always)]
    pub(super) fn from(&self, start: usize) -> &[Id] {
        &self.ids[start..]
    }

    #[inline(always)]
    pub(super) fn truncate(&mut self, start: usize) {
        self.ids.truncate(start);
    }

    #[inline(always)]
    pub(super) fn mark(&mut self) -> Result<()> {
        if self.marks.len() >= self.limit {
            return Err(self.full());
        }
        self.marks
            .push(u32::try_from(self.fence).map_err(|_| self.full())?);
        self.fence = self.ids.len();
        Ok(())
    }

    /// Takes the topmost mark away and gives its position: the operands are from there on.
    #[inline(always)]
    pub(super) fn take_mark(&mut self) -> Result<usize> {
        let Some(outer) = self.marks.pop() else {
            return Err(Error::new(ErrorKind::NoMark));
        };
        let start = self.fence;
        self.fence = outer as usize;
        Ok(start)
    }

    /// Takes one operand out from between others.
    pub(super) fn remove(&mut self, position: usize) -> Result<Id> {
        if position < self.ids.len() {
            Ok(self.ids.remove(position))
        } else {
            Err(underflow())
        }
    }

    pub(super) fn split_off(&mut self, start: usize) -> Vec<Id> {
        self.ids.split_off(start)
    }

    /// Whether there is nothing above the topmost mark.
    pub(super) fn is_bare(&self) -> bool {
        self.ids.len() == self.fence
    }
}

#[cold]
fn underflow() -> Error {
    Error::new(ErrorKind::StackUnderflow)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_a_fence() {
        let mut stack = Stack::new(100);
        stack.push(Id(1));
        stack.mark().expect("room");
        assert!(stack.pop().is_err() && stack.top().is_err() && stack.last(1).is_err());
        stack.push(Id(2));
        assert_eq!(
            (stack.top().ok(), stack.last(1).ok(), stack.below(1).ok()),
            (Some(Id(2)), Some(1), None)
        );
        let start = stack.take_mark().expect("a mark");
        assert_eq!(stack.from(start), [Id(2)]);
        assert!(stack.take_mark().is_err());
        assert_eq!(stack.last(2).ok(), Some(0));
    }

    #[test]
    fn an_inner_stack_is_apart() {
        let mut stack = Stack::new(100);
        stack.push(Id(1));
        stack.mark().expect("room");
        let outer = stack.enter();
        assert!(stack.pop().is_err() && stack.take_mark().is_err());
        stack.push(Id(2));
        assert_eq!(stack.leave(outer), [Id(2)]);
        assert!(stack.pop().is_err() && stack.take_mark().is_ok() && stack.pop().is_ok());
    }
}
