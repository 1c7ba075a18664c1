//! The document: an arena of nodes with sharing and cycles exactly as in the pickle.
//!
//! A [`Pickle`] owns the arena; [`Node`] is a cursor in it. What is kept suffices to write the pickle back: the kind of
//! every value, the order of dicts, whether a node was memoised, every state of an object, and calls whose result was
//! thrown away. Nothing here knows an opcode or NumPy.

mod arena;
mod builder;
mod change;
mod cycle;
mod dialect;
mod edges;
mod flavour;
mod global;
mod items;
mod key;
mod memory;
mod node;
mod object;
mod path;
mod pickle;
mod raw;
mod store;
mod text;
mod walk;

pub(crate) use arena::{Graph, takes_anything};
pub use builder::Builder;
pub(crate) use builder::{Single, Singles, Texts, is_interned_str, is_single_str};
pub(crate) use change::Own;
pub(crate) use cycle::check as check_cycles;
pub(crate) use dialect::Signs;
pub use dialect::{Dialect, Python};
pub(crate) use edges::Ids;
pub use flavour::{Flavour, Version};
pub use global::Global;
pub use items::{Items, Pairs};
pub use key::Key;
pub(crate) use key::{
    is_same as is_same_key, key_of, matches as key_matches, place as place_of_key,
    whole as whole_float,
};
pub use node::{Kind, Node};
pub use object::Constructor;
pub(crate) use object::{ARGS_ANEW, Part};
pub use path::Step;
pub use pickle::{Pickle, Py2Text};
pub use raw::Id;
pub(crate) use raw::{Raw, Tag, halves};
pub(crate) use store::{Place, Store};
pub(crate) use walk::Flat;
pub use walk::{Visit, Walk};
