//! Values of Rust from pickles and into them, through serde.
//!
//! [`from_slice`] and [`to_vec`] are all that most need; both are at the crate's root. [`mod@array`] is for fields that are arrays,
//! [`big_int`] for ints without end, [`mod@set`] and [`mod@complex`] for what serde has no form for, [`entries`] for dicts with their
//! order. The [guide](crate::guide::typed) shows which type of Python is which of Rust.

pub mod array;
pub mod big_int;
mod class;
pub mod complex;
mod de;
pub mod entries;
mod hand;
mod ser;
pub mod set;
mod step;

pub use de::{Deserializer, from_node, from_path, from_reader, from_slice};
pub use ser::{Serializer, to_graph, to_vec, to_writer};
