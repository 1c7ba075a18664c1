//! Tests of the public interface.
// A test says what is wrong by panicking, and what it left out by printing.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr
)]

mod align;
mod buffers;
mod built;
#[cfg(feature = "cli")]
mod cli;
mod corpus;
mod dump;
mod edit;
mod errors;
mod fuzz;
mod keys;
mod live;
mod manifest;
mod named;
mod numpy;
mod opcodes;
mod outside;
mod python;
mod random;
mod reading;
mod respell;
mod rewrite;
mod row;
mod sources;
mod tree;
mod typed;
mod writers;
