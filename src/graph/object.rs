//! What an object has beyond 64 bits: its callable, arguments and states, and what hangs on any node.

use super::edges::Chain;
use super::raw::Id;

/// How an object was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Constructor {
    /// REDUCE: a callable and a tuple of arguments.
    Reduce,
    /// NEWOBJ: `cls.__new__(cls, *args)`.
    NewObj,
    /// NEWOBJ_EX: `cls.__new__(cls, *args, **kwargs)`.
    NewObjEx,
    /// INST: a Python 2 instance, the class spelled in the opcode.
    Inst,
    /// OBJ: a Python 2 instance, the class taken from the stack.
    Obj,
}

impl Constructor {
    pub(crate) fn from_aux(aux: u8) -> Constructor {
        match aux {
            0 => Constructor::Reduce,
            1 => Constructor::NewObj,
            2 => Constructor::NewObjEx,
            3 => Constructor::Inst,
            _ => Constructor::Obj,
        }
    }
}

/// The parts that nearly every object has; 12 bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Object {
    pub(crate) callable: Id,
    pub(crate) args: Id,
    /// The first state, or [`Id::NOWHERE`]; further ones are in the extras.
    pub(crate) state: Id,
}

/// The parts that few nodes have.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Extras {
    /// The keyword arguments of NEWOBJ_EX, or [`Id::NOWHERE`].
    pub(crate) kwargs: Id,
    /// Appended items of something that is no list.
    pub(crate) items: Chain,
    /// Set keys and values of something that is no dict.
    pub(crate) pairs: Chain,
    /// States after an object's first, or all of something that is no object.
    pub(crate) states: Chain,
    /// What was made and popped right above the node.
    pub(crate) popped: Chain,
    /// What was made and popped where nothing was below it, before the node.
    pub(crate) before: Chain,
}

impl Default for Extras {
    fn default() -> Self {
        Extras {
            kwargs: Id::NOWHERE,
            items: Chain::EMPTY,
            pairs: Chain::EMPTY,
            states: Chain::EMPTY,
            popped: Chain::EMPTY,
            before: Chain::EMPTY,
        }
    }
}

impl Extras {
    pub(crate) fn chains_mut(&mut self) -> [&mut Chain; 5] {
        [
            &mut self.items,
            &mut self.pairs,
            &mut self.states,
            &mut self.popped,
            &mut self.before,
        ]
    }
}
