//! UUIDs.

use std::fmt;

use num_traits::ToPrimitive as _;

use super::instance::attribute;
use crate::graph::Node;
use crate::names::Known;

/// A `uuid.UUID`: its 128 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Uuid(pub u128);

impl Uuid {
    /// An instance whose state is `{'int': …}` (`UUID.__getstate__` in CPython's `uuid.py`; its attributes up to 3.7).
    pub(super) fn of(node: Node<'_, '_>) -> Option<Uuid> {
        if node.class_node()?.known() != Known::Uuid {
            return None;
        }
        let int = attribute(node, "int")?;
        match int.as_u64() {
            Some(value) => Some(Uuid(value.into())),
            // 16 bytes, and one for the sign.
            None if int.byte_len()? <= 17 => int.to_bigint()?.to_u128().map(Uuid),
            None => None,
        }
    }
}

impl fmt::Display for Uuid {
    /// Python's `str`: `12345678-1234-5678-1234-567812345678`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let n = self.0;
        let low = n & 0xffff_ffff_ffff;
        let [a, b, c] = [n >> 80, n >> 64, n >> 48].map(|part| part as u16);
        write!(f, "{:08x}-{a:04x}-{b:04x}-{c:04x}-{low:012x}", n >> 96)
    }
}

impl Node<'_, '_> {
    /// The UUID that this node is.
    pub fn to_uuid(self) -> Option<Uuid> {
        Uuid::of(self)
    }
}
