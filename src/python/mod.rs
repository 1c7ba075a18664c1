//! Everyday Python: what the objects beside the arrays are.
//!
//! A pickle spells nearly everything beyond numbers, texts and plain containers as a call: `datetime.date(b'\x07\xe4\x02\x1d')`,
//! `collections.deque((), 3)`; and often in another way in each protocol and Python. [`Node::python`](crate::Node::python) recognises these calls
//! and gives a [`View`] of the object they would make; the node with its callable and arguments stays reachable beside it.
//! Nothing is called, and nothing large is copied: views look at the nodes.
//!
//! The spellings are those that CPython 2.7 and 3.6 to 3.13 were seen to write, in all protocols, with the C pickler and the pure
//! one. Arguments that Python would refuse, such as month 13, make no view of that type: the object is an [`Instance`] then, as
//! those of unknown classes are.

mod attribute;
mod bytes;
mod call;
mod complex;
mod constant;
mod date;
mod decimal;
mod entries;
mod fraction;
mod instance;
mod mapping;
mod path;
mod range;
mod sequence;
mod set;
mod span;
mod time;
mod uuid;
mod view;
mod windows;
mod zone;

pub use attribute::Attribute;
pub use bytes::Bytes;
pub(crate) use bytes::bytes;
pub(crate) use call::callee;
pub use complex::Complex;
pub use constant::Constant;
pub use date::Date;
pub use decimal::Decimal;
pub use entries::Entries;
pub use fraction::Fraction;
pub use instance::Instance;
pub use mapping::{Mapping, MappingKind};
pub use path::{Path, PathKind};
pub use range::{Range, Slice};
pub use sequence::{Elements, Sequence, SequenceKind};
pub use set::Set;
pub use span::TimeDelta;
pub use time::{DateTime, Time};
pub use uuid::Uuid;
pub use view::View;
pub use zone::TimeZone;
