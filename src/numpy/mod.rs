//! NumPy: objects of the graph become dtypes and arrays.
//!
//! Everything here reads nodes and knows no opcode. [`dtype`](DType) says what an element is, [`layout`](Order) where it
//! is, the data which bytes it has; together they are an [`NdArray`], and `rebuild` makes one of a node.

mod array;
mod cast;
mod data;
mod dtype;
mod element;
mod layout;
mod rebuild;
mod rows;
mod spec;
mod strings;

pub use array::NdArray;
pub use cast::Number;
pub use dtype::{ByteOrder, DType, ElementKind};
pub use element::Element;
pub use layout::{Layout, Order};
pub use rebuild::ArrayKind;
pub use rows::{Arrays, Row};
