//! NumPy: objects of the graph become dtypes and arrays.
//!
//! Everything here reads nodes and knows no opcode. [`dtype`](DType) says what an element is, [`layout`](Order) where it
//! is, the data which bytes it has; together they are an [`NdArray`], and `rebuild` makes one of a node.

mod array;
mod beside;
mod cast;
mod column;
mod dtype;
mod element;
mod flat;
mod kind;
mod layout;
mod long_double;
mod masked;
mod named;
mod objects;
mod owned;
#[cfg(feature = "proptest1")]
mod parts;
pub mod random;
mod rebuild;
mod record;
mod reduce;
mod rows;
mod spelling;
mod stored;
pub(crate) mod strings;
mod times;
mod window;

pub use array::NdArray;
pub use beside::Beside;
pub use cast::Number;
pub use dtype::{ByteOrder, DType, ElementKind, Field, Fields, MlType, TimeUnit, Unit};
pub use element::Element;
pub use kind::ArrayKind;
pub use layout::{Layout, Order};
pub use named::{Named, NamedKind};
pub use record::{Record, RecordField};
pub(crate) use reduce::Era;
pub use reduce::ToNdArray;
pub use rows::{Arrays, Row};
pub use stored::StoredOrder;
pub use times::{DateTime64, TimeDelta64};
