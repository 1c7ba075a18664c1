//! Arrays, dtypes and scalars become nodes: what NumPy's `__reduce__` methods give, in the spelling of every version.
//!
//! The other direction of `rebuild`. The templates are written here once: arrays made from Rust fill them, and so do those
//! of other versions when a document is respelled.

mod array;
mod class;
mod dtype;
mod gather;
mod masked;
mod names;
mod objects;
mod random;
mod slots;
mod strings;
mod view;
mod written;

pub(crate) use random::Era;
pub use view::ToNdArray;
