//! Streams that are broken.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use super::stream::streams;
use crate::op::Code;

/// What is done to some place of a stream.
#[derive(Clone, Debug)]
enum Mutation {
    /// Another byte.
    Byte(u8),
    /// A bit is flipped.
    Flip(u8),
    /// An opcode is put in.
    Insert(Code),
    /// A byte is taken out.
    Remove,
    /// The rest is cut off.
    Cut,
    /// The next bytes come again.
    Repeat(u8),
    /// The next bytes are a number that is as large as can be.
    Huge(u8),
}

fn mutations() -> impl Strategy<Value = Mutation> {
    prop_oneof![
        any::<u8>().prop_map(Mutation::Byte),
        (0..8u8).prop_map(Mutation::Flip),
        proptest::sample::select(&Code::ALL[..]).prop_map(Mutation::Insert),
        Just(Mutation::Remove),
        Just(Mutation::Cut),
        (1..20u8).prop_map(Mutation::Repeat),
        (1..9u8).prop_map(Mutation::Huge),
    ]
}

/// The bytes of a [stream](streams), changed at up to eight places: other bytes, opcodes too many or too few, ends cut off, lengths that
/// are far too large. Few of them are still pickles, and those that are may be anything: loading one in Python could do harm.
pub fn mutated_streams() -> impl Strategy<Value = Vec<u8>> {
    let places = vec((any::<Index>(), mutations()), 0..8);
    (streams(), places).prop_map(|(mut bytes, places)| {
        for (place, mutation) in places {
            if !bytes.is_empty() {
                mutate(&mut bytes, place, &mutation);
            }
        }
        bytes
    })
}

fn mutate(bytes: &mut Vec<u8>, place: Index, mutation: &Mutation) {
    let at = place.index(bytes.len());
    let end = |count: u8| bytes.len().min(at + usize::from(count));
    match mutation {
        Mutation::Byte(byte) => bytes[at] = *byte,
        Mutation::Flip(bit) => bytes[at] ^= 1 << bit,
        Mutation::Insert(code) => bytes.insert(at, code.byte()),
        Mutation::Remove => drop(bytes.remove(at)),
        Mutation::Cut => bytes.truncate(at),
        Mutation::Repeat(count) => {
            let again = bytes[at..end(*count)].to_vec();
            bytes.splice(at..at, again);
        }
        Mutation::Huge(count) => {
            let end = end(*count);
            bytes[at..end].fill(0xff);
        }
    }
}
