//! The opcodes of the pickle machine: one list, and what follows from it.
//!
//! [`Code`] is an opcode, [`Op`] an opcode with its argument. [`decode`] reads one from any [`Input`] and
//! [`Op::encode`] writes it: whatever is accepted comes back byte for byte, because text arguments stay as they stand
//! in the bytes. Nothing here keeps a stack or a memo except [`dis`], which prints what
//! `python -m pickletools` prints.

pub mod dis;
mod list;
mod shape;
pub mod text;

pub(crate) use list::{Act, act};
pub use list::{Code, Item, Op, decode};
pub use shape::{Argument, Input, Slice};

#[cfg(test)]
mod tests;
