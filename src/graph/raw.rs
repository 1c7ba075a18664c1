//! The layout of a node: 16 bytes.
//!
//! Growing vectors cost up to 40 to 72 bytes for each byte of `]]]]…` at 24 bytes a node; at 16 the promise of 64 times
//! the input holds. If you change the layout, the memory tests tell.

/// The id of a node in its document. Ids are dense, in the order in which the nodes were made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id(pub(crate) u32);

impl Id {
    /// The atoms every document starts with: they are met so often that each has one node for all its places.
    pub(crate) const NONE: Id = Id(0);
    pub(crate) const FALSE: Id = Id(1);
    pub(crate) const TRUE: Id = Id(2);
    pub(crate) const EMPTY_TUPLE: Id = Id(3);

    /// No node: fills a place where there is none.
    pub(crate) const NOWHERE: Id = Id(u32::MAX);

    /// Whether the node is shared by all places with its value.
    pub(crate) fn is_interned(self) -> bool {
        self.0 < 4
    }

    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// What a node is, and what its 64-bit value holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Tag {
    None,
    False,
    True,
    /// An `i64`; `aux` is 1 for a Python 2 long or an int spelled as LONG.
    Int,
    /// A [`Place`](super::store::Place) of two's complement bytes, little-endian; always spelled as LONG.
    BigInt,
    /// The bits of an `f64`.
    Float,
    /// A place of UTF-8 that is checked when it is looked at. In a document made to be written `aux` may be 1: a place of
    /// bytes, whose latin-1 characters are the text.
    Str,
    /// A place of the raw bytes of a Python 2 str.
    Py2Str,
    /// A place. In a document made to be written `aux` may be 1: a place of UTF-8, whose latin-1 characters are the bytes.
    Bytes,
    /// A place.
    ByteArray,
    /// Start and length in the pool of edges; `aux` is 1 where it was spelled without a MARK in a pickle without PROTO.
    Tuple,
    /// A [`Chain`](super::edges::Chain) of items.
    List,
    /// A chain of keys and values in turn.
    Dict,
    /// A chain.
    Set,
    /// A chain.
    FrozenSet,
    /// A place of `module \n name`, spelled as GLOBAL; `aux` is the [`Known`](crate::names::Known).
    Global,
    /// The ids of the two strings of a STACK_GLOBAL; `aux` as above.
    StackGlobal,
    /// A place of text.
    PersId,
    /// The id of the persistent id.
    BinPersId,
    /// The code.
    Extension,
    /// The index of the out-of-band buffer; `aux` is 1 once READONLY_BUFFER made it read-only, 2 where it was given so.
    Buffer,
    /// An index in the table of objects; `aux` is the [`Constructor`](super::object::Constructor).
    Object,
}

impl Tag {
    const ALL: [Tag; 22] = [
        Tag::None,
        Tag::False,
        Tag::True,
        Tag::Int,
        Tag::BigInt,
        Tag::Float,
        Tag::Str,
        Tag::Py2Str,
        Tag::Bytes,
        Tag::ByteArray,
        Tag::Tuple,
        Tag::List,
        Tag::Dict,
        Tag::Set,
        Tag::FrozenSet,
        Tag::Global,
        Tag::StackGlobal,
        Tag::PersId,
        Tag::BinPersId,
        Tag::Extension,
        Tag::Buffer,
        Tag::Object,
    ];

    /// `None`, a bool or a number: picklers write it wherever it is met and know no sharing of it.
    pub(crate) fn is_number(self) -> bool {
        matches!(
            self,
            Tag::None | Tag::False | Tag::True | Tag::Int | Tag::BigInt | Tag::Float
        )
    }

    /// A plain constant: nothing is looked up, called or shared by making one.
    pub(crate) fn is_constant(self) -> bool {
        self.is_number() || matches!(self, Tag::Str | Tag::Py2Str | Tag::Bytes | Tag::ByteArray)
    }
}

/// A node: from the lowest bit, 5 bits of tag, 3 of flags, 8 of `aux`, 48 of source offset; then the value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Raw {
    head: u64,
    pub(crate) value: u64,
}

const MEMOISED: u64 = 1 << 5;
const EXTRAS: u64 = 1 << 6;

impl Raw {
    #[inline]
    pub(crate) fn new(tag: Tag, aux: u8, offset: u64, value: u64) -> Raw {
        Raw {
            head: tag as u64 | u64::from(aux) << 8 | offset << 16,
            value,
        }
    }

    #[inline]
    pub(crate) fn tag(self) -> Tag {
        Tag::ALL[(self.head & 31) as usize]
    }

    #[inline]
    pub(crate) fn aux(self) -> u8 {
        (self.head >> 8) as u8
    }

    pub(crate) fn set_aux(&mut self, aux: u8) {
        self.head = self.head & !0xff00 | u64::from(aux) << 8;
    }

    /// The same value, made elsewhere.
    pub(crate) fn moved(self, offset: u64) -> Raw {
        Raw::new(self.tag(), self.aux(), offset, self.value)
    }

    /// Where the opcode that made the node stands.
    pub(crate) fn offset(self) -> u64 {
        self.head >> 16
    }

    /// Whether the pickler stored the node in its memo, which no graph shows: Python 2's C pickler leaves out what
    /// has a single reference.
    #[inline]
    pub(crate) fn is_memoised(self) -> bool {
        self.head & MEMOISED != 0
    }

    #[inline]
    pub(crate) fn set_memoised(&mut self) {
        self.head |= MEMOISED;
    }

    pub(crate) fn set_forgotten(&mut self) {
        self.head &= !MEMOISED;
    }

    /// Whether the table of extras has an entry for the node.
    #[inline]
    pub(crate) fn has_extras(self) -> bool {
        self.head & EXTRAS != 0
    }

    pub(crate) fn set_extras(&mut self) {
        self.head |= EXTRAS;
    }

    /// The two halves of the value.
    #[inline]
    pub(crate) fn halves(self) -> (u32, u32) {
        ((self.value >> 32) as u32, self.value as u32)
    }
}

#[inline]
pub(crate) fn halves(high: u32, low: u32) -> u64 {
    u64::from(high) << 32 | u64::from(low)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_takes_16_bytes() {
        assert_eq!(size_of::<Raw>(), 16);
    }

    #[test]
    fn every_tag_comes_back() {
        for tag in Tag::ALL {
            let mut raw = Raw::new(tag, 200, (1 << 48) - 1, 7);
            raw.set_memoised();
            assert_eq!(
                (raw.tag(), raw.aux(), raw.offset(), raw.value),
                (tag, 200, (1 << 48) - 1, 7)
            );
            assert!(raw.is_memoised() && !raw.has_extras());
        }
    }
}
