//! The line of a random state: what it is, and the numbers of its state that are no arrays.

use ndpickle::num_bigint::BigInt;
use ndpickle::numpy::random::{BitGenerator, BitState, Entropy, Random, SeedSequence};
use ndpickle::{Kind, Node, Origin};

use super::element::float_repr;
use super::line::{ARRAY, BAD, Line, NUMBER, TYPE};
use crate::{arrays, text};

/// Nodes that a random state of any NumPy is made of, and some more.
const NODES: usize = 256;

/// Bytes of an array or int which is read for a line, and items of a list.
const LARGEST: u64 = 1 << 12;

/// Ints of a seed sequence that are shown.
const INTS: usize = 8;

/// The line of an object of `numpy.random`; of a damaged one it says why. `None` for others, for those of other packages, and
/// for those that are larger than any that is not made up.
pub(super) fn line(node: Node<'_, '_>, base: u64) -> Option<Line> {
    if node.kind() != Kind::Object {
        return None;
    }
    let kind = node.random_kind()?;
    if !node.args()?.items().all(is_told) || !is_small(node) {
        return None;
    }
    let random = match node.random() {
        Ok(random) => random,
        Err(error) => {
            let reason = arrays::reason(&error, base);
            let reason = format!("damaged: {}", text::safe(&reason));
            return Some(Line::new(TYPE, kind.name()).with(BAD, reason));
        }
    };
    let line = Line::new(TYPE, kind.name());
    Some(match &random {
        Random::RandomState(state) => {
            let line = bit_generator(line, &state.bit_generator)?;
            match state.has_gauss {
                true => line.with(NUMBER, format!("gauss {}", float_repr(state.gauss))),
                false => line,
            }
        }
        Random::Generator(generator) => bit_generator(line, &generator.bit_generator)?,
        Random::BitGenerator(generator) => bit_generator(Line::default(), generator)?,
        Random::SeedSequence(sequence) => seed_sequence(line, sequence),
        Random::Seedless => line,
    })
}

/// Whether the line says what there is to say of an argument. NumPy 1.24 and later call what a file names as the maker of a bit
/// generator.
fn is_told(arg: Node<'_, '_>) -> bool {
    match arg.kind() {
        Kind::Global => arg.origin() == Some(Origin::NumPy),
        Kind::Tuple => arg.is_empty(),
        _ => true,
    }
}

/// Whether reading a random state costs no more than a line may.
fn is_small(node: Node<'_, '_>) -> bool {
    let (mut nodes, mut seen) = (vec![node], 0);
    while let Some(node) = nodes.pop() {
        seen += 1;
        let is_array = node.array_kind().is_some();
        let size = match is_array {
            true => node.array().map_or(0, |array| array.nbytes()),
            false => node.byte_len().unwrap_or(0).max(node.len() as u64),
        };
        if seen > NODES || size > LARGEST {
            return false;
        }
        if is_array {
            continue;
        }
        match node.kind() {
            Kind::Object => nodes.extend(node.args().into_iter().chain(node.states().last())),
            Kind::Dict => nodes.extend(node.pairs().map(|(_, value)| value)),
            _ => nodes.extend(node.items()),
        }
    }
    true
}

fn bit_generator(line: Line, generator: &BitGenerator) -> Option<Line> {
    let line = line.with(ARRAY, generator.state.name());
    let line = match &generator.state {
        BitState::Mt19937 { pos, .. } => line.with(NUMBER, format!("pos {pos}")),
        BitState::Pcg64 { state, inc, .. } | BitState::Pcg64Dxsm { state, inc, .. } => {
            let line = line.with(NUMBER, format!("state {state:#x}"));
            line.with(NUMBER, format!("inc {inc:#x}"))
        }
        BitState::Philox { buffer_pos, .. } => {
            line.with(NUMBER, format!("buffer_pos {buffer_pos}"))
        }
        BitState::Sfc64 { .. } => line,
        BitState::Other { .. } => return None,
    };
    // The half of a number that is left over.
    Some(match generator.state.half() {
        Some((true, uinteger)) => line.with(NUMBER, format!("uinteger {uinteger:#x}")),
        _ => line,
    })
}

fn seed_sequence(mut line: Line, sequence: &SeedSequence) -> Line {
    line = match &sequence.entropy {
        Entropy::Int(int) => line.with(NUMBER, format!("entropy {}", number(int))),
        Entropy::Ints(ints) => line.with(NUMBER, format!("entropy [{}]", numbers(ints))),
        Entropy::None | Entropy::Other(_) => line,
    };
    if !sequence.spawn_key.is_empty() {
        line = line.with(
            NUMBER,
            format!("spawn_key [{}]", numbers(&sequence.spawn_key)),
        );
    }
    match sequence.n_children_spawned {
        0 => line,
        n => line.with(NUMBER, text::count(n.into(), "child", "children")),
    }
}

fn numbers(ints: &[BigInt]) -> String {
    let mut shown: Vec<String> = ints.iter().take(INTS).map(number).collect();
    match ints.len() - shown.len() {
        0 => {}
        more => shown.push(format!("… {} more", text::grouped(more as u64))),
    }
    shown.join(", ")
}

/// An int, unless it fills a line.
fn number(int: &BigInt) -> String {
    const BITS: u64 = 256;
    match int.bits() {
        ..=BITS => int.to_string(),
        bits => format!("int of {} bits", text::grouped(bits)),
    }
}
