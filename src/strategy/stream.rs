//! Streams of opcodes that are right by construction.
//!
//! A stream is made of numbers: each chooses the next opcode among those that may follow, and its argument. What they have on the
//! stack is known, so that a stream ends as a pickle does: with one object.

use proptest::collection::vec;
use proptest::prelude::*;

use super::phrase::{Choice, may_follow, phrase};
use super::stack::{Made, Slot};
use crate::op::{Code, Op};

/// Bytes of a pickle that is right by construction, whatever its opcodes: all 68 come up, also those that no pickler writes.
///
/// [`Pickle::parse`](crate::Pickle::parse) takes it, and so does a subclass of CPython's `Unpickler` that has a `persistent_load`, is
/// given out-of-band buffers (as many bytes objects as there are opcodes NEXT_BUFFER) and knows the extension code 240, a class. Strs of
/// Python 2 are UTF-8. Classes are types of the standard library that only hold data; states of instances, keys of dicts and elements of
/// sets are what these take.
pub fn streams() -> impl Strategy<Value = Vec<u8>> {
    (vec(any::<Choice>(), 0..60), any::<u8>()).prop_map(|(choices, ends)| made(&choices, ends))
}

fn made(choices: &[Choice], ends: u8) -> Vec<u8> {
    let mut made = Made::default();
    for choice in choices {
        let mut codes = Code::ALL.iter().copied();
        let count = codes
            .clone()
            .filter(|code| may_follow(*code, &made))
            .count();
        let nth = usize::from(choice.0) % count.max(1);
        if let Some(code) = codes
            .by_ref()
            .filter(|code| may_follow(*code, &made))
            .nth(nth)
        {
            phrase(code, *choice, &mut made);
        }
    }
    finish(&mut made);
    enclosed(made.bytes, ends)
}

/// Ends all marks, and makes one object of those that are left.
fn finish(made: &mut Made) {
    while made.has_mark() {
        phrase(Code::List, (0, 0, 0), made);
    }
    while made.stack.len() > 1 {
        phrase(Code::Tuple2, (0, 0, 0), made);
    }
    if made.stack.is_empty() {
        made.bytes.push(Code::None.byte());
        made.stack.push(Slot::Hashable);
    }
}

/// The opcodes with a beginning and an end, some in a frame.
fn enclosed(mut body: Vec<u8>, ends: u8) -> Vec<u8> {
    body.push(Code::Stop.byte());
    let mut bytes = Vec::new();
    if ends & 3 != 0 {
        Op::<Vec<u8>>::Proto(5).encode(&mut bytes);
    }
    if ends & 3 == 3 {
        Op::<Vec<u8>>::Frame(body.len() as u64).encode(&mut bytes);
    }
    bytes.extend(body);
    bytes
}
