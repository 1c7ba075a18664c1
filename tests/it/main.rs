//! Tests of the public interface.

mod opcodes;
