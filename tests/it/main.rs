//! Tests of the public interface.
// A test says what is wrong by panicking, and what it left out by printing.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr
)]

mod align;
#[cfg(all(feature = "serde-pickle", feature = "proptest1"))]
mod bridge;
mod buffers;
mod built;
#[cfg(feature = "cli")]
mod cli;
mod corpus;
mod deep;
mod derived;
mod dump;
mod edit;
mod errors;
mod examples;
mod fuzz;
mod hex;
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
#[cfg(feature = "proptest1")]
mod strategies;
mod tree;
mod typed;
#[cfg(feature = "serde")]
mod typed_array;
#[cfg(feature = "serde")]
mod typed_bytes;
#[cfg(feature = "serde")]
mod typed_errors;
#[cfg(feature = "serde")]
mod typed_hostile;
#[cfg(feature = "serde")]
mod typed_large;
#[cfg(feature = "serde")]
mod typed_model;
mod value;
mod writers;
