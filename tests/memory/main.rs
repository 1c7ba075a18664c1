//! Hostile and deep input: an answer or an error, in memory linear in the input.
//!
//! The promise (`Limits`): at default limits the peak stays below 64 times the input plus 1 MiB. A counting allocator
//! measures it; a reallocation counts as the new block beside the old one. Time is held by the inputs' sizes: what is
//! quadratic in a million opcodes does not end.
// A test says what is wrong by panicking, and what it measured by printing.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

mod allocator;
mod deep;
mod hostile;
mod inputs;
mod lengths;
mod view;
mod written;

/// How many levels, items or opcodes a flood has: just past the place where a growing vector doubles, which costs most.
/// Less where the test is not optimised, so that it ends in seconds.
const MANY: usize = if cfg!(debug_assertions) {
    (1 << 16) + 200
} else {
    (1 << 20) + 200
};
