//! What an object has beyond 64 bits: its callable, arguments and states, and what hangs on any node.

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

/// The bit beside the constructor of an object that contains itself, and whose `__reduce__` was therefore asked twice: the
/// pickler wrote its arguments anew.
pub(crate) const ARGS_ANEW: u8 = 0x80;

impl Constructor {
    pub(crate) fn from_aux(aux: u8) -> Constructor {
        match aux & !ARGS_ANEW {
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

/// The parts that few nodes have. Each is an entry of its own in the table of extras, so that a flood of one of them costs no
/// room for the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Part {
    /// The keyword arguments of NEWOBJ_EX.
    Kwargs,
    /// Appended items of something that is no list.
    Items,
    /// Set keys and values of something that is no dict.
    Pairs,
    /// States after an object's first, or all of something that is no object.
    States,
    /// What was made and popped right above the node.
    Popped,
    /// What was made and popped where nothing was below it, before the root.
    Before,
}

impl Part {
    pub(crate) const ALL: [Part; 6] = [
        Part::Kwargs,
        Part::Items,
        Part::Pairs,
        Part::States,
        Part::Popped,
        Part::Before,
    ];
}
