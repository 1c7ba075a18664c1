//! Which pickler writes: the choices between equal pickles that CPython's picklers make differently.

/// Generations of Python that spell something differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Python {
    /// Python 2.7.
    Py2,
    /// Python 3 up to 3.6: ints in protocol 0 are LONG, every protocol 4 write is inside a frame.
    Py36,
    /// Python 3.7 and later.
    Py37,
}

/// A pickler of CPython and the protocol it writes.
///
/// A document that was read knows which one wrote it, as far as its bytes show; see
/// [`Pickle::dialect`](crate::Pickle::dialect).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Dialect {
    /// 0 to 5.
    pub protocol: u8,
    /// The generation of Python.
    pub python: Python,
    /// Whether it is the pickler written in Python (`pickle.py`), not the one written in C. They differ in how the
    /// last batch of a long container is spelled, and in Python 2 in the memo.
    pub pure: bool,
}

impl Dialect {
    /// The C pickler of current Python at this protocol.
    pub fn current(protocol: u8) -> Self {
        Dialect {
            protocol: protocol.min(5),
            python: Python::Py37,
            pure: false,
        }
    }
}

/// What the reader saw of the pickler's habits. cPickle numbers its memo from 1, only
/// the C pickler of Python 3 closes a list with a batch of one, and so on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Signs {
    /// The protocol of a PROTO at the start.
    pub(crate) proto: Option<u8>,
    /// An opcode above protocol 0.
    pub(crate) binary: bool,
    /// A STRING, BINSTRING or SHORT_BINSTRING: only Python 2 writes them.
    pub(crate) py2_str: bool,
    /// The memo counts from 1: cPickle.
    pub(crate) first_memo_is_one: bool,
    pub(crate) any_memo: bool,
    /// Floats spelled with 17 digits where fewer do.
    pub(crate) long_floats: bool,
    /// A frame of fewer than 4 bytes, or one with a large payload inside.
    pub(crate) strict_frames: bool,
    /// An int of 32 bits spelled LONG in protocol 0.
    pub(crate) short_longs: bool,
    /// A character escaped (from 3.7 on) or not (before) in UNICODE.
    pub(crate) few_escapes: bool,
    /// Full batches of dicts and sets that no further batch followed: the C picklers write an empty one.
    pub(crate) open_batches: i64,
    /// A batch of one or none in APPENDS or SETITEMS.
    pub(crate) tiny_batch: bool,
    /// A last APPEND or SETITEM on a container with entries, in a binary protocol.
    pub(crate) lone_item: bool,
}

impl Signs {
    pub(crate) fn dialect(self) -> Dialect {
        let protocol = self.proto.unwrap_or(0).max(u8::from(self.binary));
        let cpickle = self.first_memo_is_one || (self.long_floats && !self.any_memo);
        let py2 = protocol <= 2 && (cpickle || self.py2_str);
        let python = if py2 {
            Python::Py2
        } else if self.strict_frames || self.short_longs || self.few_escapes {
            Python::Py36
        } else {
            Python::Py37
        };
        // Without a memo entry the two picklers of Python 2 can be told apart by nothing else that they write.
        let pure = if py2 {
            self.any_memo && !self.first_memo_is_one
        } else {
            !self.tiny_batch && (self.lone_item || self.open_batches > 0)
        };
        Dialect {
            protocol,
            python,
            pure,
        }
    }
}
