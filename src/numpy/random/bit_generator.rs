//! Bit generators: `__bit_generator_ctor(name or class)` with its state.

use super::parts::{entry, flag, int, to_int, words};
use super::seed::Seed;
use crate::error::{Error, Result};
use crate::graph::{Id, Kind, Node};
use crate::names::{Known, Origin};

/// A bit generator: its state, and the seed sequence it was made with.
#[derive(Clone, Debug, PartialEq)]
pub struct BitGenerator {
    /// The state.
    pub state: BitState,
    /// The attribute `seed_seq`, where the pickle has it: NumPy 2.0 and later. `None` too for those whose seed sequence is
    /// `None`: what `RandomState(seed)` makes, and `Philox(key=…)`.
    pub seed_seq: Option<Seed>,
}

/// The state of a bit generator, as its attribute `state` has it.
///
/// `has_uint32` and `uinteger` are half of a 64-bit number: those bit generators keep it for the next 32-bit one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BitState {
    /// `MT19937`: the Mersenne Twister, `src/mt19937/mt19937.h`.
    Mt19937 {
        /// The words.
        key: Box<[u32; 624]>,
        /// The word that comes next; 624 where all are used up.
        pos: usize,
    },
    /// `PCG64`: PCG XSL RR 128/64, `src/pcg64/pcg64.h`.
    Pcg64 {
        /// The state of the linear congruential generator.
        state: u128,
        /// Its increment.
        inc: u128,
        /// Whether `uinteger` is the next 32-bit number.
        has_uint32: bool,
        /// Half of a number.
        uinteger: u32,
    },
    /// `PCG64DXSM`: PCG CM DXSM 128/64, `src/pcg64/pcg64.h`; from NumPy 1.21.
    Pcg64Dxsm {
        /// The state of the linear congruential generator.
        state: u128,
        /// Its increment.
        inc: u128,
        /// Whether `uinteger` is the next 32-bit number.
        has_uint32: bool,
        /// Half of a number.
        uinteger: u32,
    },
    /// `Philox`: Philox 4x64, `src/philox/philox.h`.
    Philox {
        /// The counter, its lowest word first.
        counter: [u64; 4],
        /// The key, its lowest word first.
        key: [u64; 2],
        /// The numbers made of the last counter.
        buffer: [u64; 4],
        /// The number in the buffer that comes next; 4 where all are used up.
        buffer_pos: usize,
        /// Whether `uinteger` is the next 32-bit number.
        has_uint32: bool,
        /// Half of a number.
        uinteger: u32,
    },
    /// `SFC64`: `src/sfc64/sfc64.h`.
    Sfc64 {
        /// a, b, c and the counter.
        state: [u64; 4],
        /// Whether `uinteger` is the next 32-bit number.
        has_uint32: bool,
        /// Half of a number.
        uinteger: u32,
    },
    /// One of another package, or of a class derived from one of NumPy's.
    Other {
        /// The name of its class, or of the function that makes it.
        name: String,
        /// The node of its state, or of the bit generator itself where NumPy's functions do not make it; see
        /// [`Pickle::node`](crate::Pickle::node).
        state: Id,
    },
}

impl BitState {
    /// `has_uint32` and `uinteger`, of those that have them.
    pub fn half(&self) -> Option<(bool, u32)> {
        match self {
            BitState::Mt19937 { .. } | BitState::Other { .. } => None,
            BitState::Pcg64 {
                has_uint32,
                uinteger,
                ..
            }
            | BitState::Pcg64Dxsm {
                has_uint32,
                uinteger,
                ..
            }
            | BitState::Philox {
                has_uint32,
                uinteger,
                ..
            }
            | BitState::Sfc64 {
                has_uint32,
                uinteger,
                ..
            } => Some((*has_uint32, *uinteger)),
        }
    }
}

/// A bit generator of NumPy's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Mt19937,
    Pcg64,
    Pcg64Dxsm,
    Philox,
    Sfc64,
}

impl Class {
    const ALL: [Class; 5] = [
        Class::Mt19937,
        Class::Pcg64,
        Class::Pcg64Dxsm,
        Class::Philox,
        Class::Sfc64,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Class::Mt19937 => "MT19937",
            Class::Pcg64 => "PCG64",
            Class::Pcg64Dxsm => "PCG64DXSM",
            Class::Philox => "Philox",
            Class::Sfc64 => "SFC64",
        }
    }

    /// The class of this name.
    pub(super) fn named(name: Node<'_, '_>) -> Option<Class> {
        let name = text(name)?;
        Class::ALL
            .into_iter()
            .find(|class| class.name().as_bytes() == name)
    }
}

/// The bytes of a text, in any spelling that a pickle of either Python has for a name.
fn text<'p>(node: Node<'p, '_>) -> Option<&'p [u8]> {
    matches!(node.kind(), Kind::Str | Kind::Py2Str | Kind::Bytes)
        .then(|| node.raw_bytes())
        .flatten()
}

/// What a constructor is called with: which class is to be made.
#[derive(Clone, Debug)]
pub(super) enum Named {
    NumPy(Class),
    Other(String),
}

impl Named {
    pub(super) fn of(node: Node<'_, '_>) -> Result<Named> {
        if let Some(class) = Class::named(node) {
            return Ok(Named::NumPy(class));
        }
        if let Some(name) = text(node) {
            return Ok(Named::Other(String::from_utf8_lossy(name).into_owned()));
        }
        Ok(match node.known() {
            Known::Mt19937 => Named::NumPy(Class::Mt19937),
            Known::Pcg64 => Named::NumPy(Class::Pcg64),
            Known::Pcg64Dxsm => Named::NumPy(Class::Pcg64Dxsm),
            Known::Philox => Named::NumPy(Class::Philox),
            Known::Sfc64 => Named::NumPy(Class::Sfc64),
            _ => match node.global() {
                Some(global) => Named::Other(global.name.into_owned()),
                None => return Err(node.error("a bit generator must be a name or a class")),
            },
        })
    }

    pub(super) fn into_name(self) -> String {
        match self {
            Named::NumPy(class) => class.name().into(),
            Named::Other(name) => name,
        }
    }

    /// The state that the bit generator of this name is set to.
    pub(super) fn state(self, state: Node<'_, '_>) -> Result<BitState> {
        match self {
            Named::NumPy(class) => BitState::of_dict(class, state),
            Named::Other(name) => Ok(BitState::Other {
                name,
                state: state.id(),
            }),
        }
    }
}

impl BitGenerator {
    /// `__bit_generator_ctor(…)` with its state, or what another package has for it.
    pub(super) fn of_object(node: Node<'_, '_>) -> Result<Self> {
        if node.callable().map(Node::known) != Some(Known::BitGeneratorCtor) {
            let class = node
                .class_node()
                .filter(|class| class.origin() == Some(Origin::Other));
            let Some(class) = class.and_then(Node::global) else {
                return Err(node.error("not a bit generator"));
            };
            let (name, state) = (class.name.into_owned(), node.id());
            return Ok(BitState::Other { name, state }.alone());
        }
        let named = match node.args().and_then(|args| args.index(0)) {
            Some(named) => Named::of(named)?,
            // The default of the constructor.
            None => Named::NumPy(Class::Mt19937),
        };
        let state = node.states().last();
        let state = state.ok_or_else(|| node.error("a bit generator without a state"))?;
        // `__setstate__` of NumPy 2: a dict, or that and the seed sequence.
        let Some((_, [first, seed_seq])) = state.parts::<2>() else {
            return Ok(named.state(state)?.alone());
        };
        let (Some(first), Some(seed_seq)) = (first, seed_seq) else {
            return Err(state.error("the state of a bit generator must be a tuple of 2"));
        };
        Ok(BitGenerator {
            state: named.state(first)?,
            seed_seq: Seed::of(seed_seq)?,
        })
    }

    /// The dict of an attribute `state`.
    pub(super) fn of_state(dict: Node<'_, '_>) -> Result<Self> {
        Ok(Named::of(entry(dict, "bit_generator")?)?
            .state(dict)?
            .alone())
    }
}

impl BitState {
    /// The name of the class: `MT19937`, `PCG64`, `PCG64DXSM`, `Philox`, `SFC64` or another.
    pub fn name(&self) -> &str {
        match self {
            BitState::Other { name, .. } => name,
            BitState::Mt19937 { .. } => Class::Mt19937.name(),
            BitState::Pcg64 { .. } => Class::Pcg64.name(),
            BitState::Pcg64Dxsm { .. } => Class::Pcg64Dxsm.name(),
            BitState::Philox { .. } => Class::Philox.name(),
            BitState::Sfc64 { .. } => Class::Sfc64.name(),
        }
    }

    /// What this is the state of.
    pub(super) fn named(&self) -> Named {
        match self {
            BitState::Other { name, .. } => Named::Other(name.clone()),
            BitState::Mt19937 { .. } => Named::NumPy(Class::Mt19937),
            BitState::Pcg64 { .. } => Named::NumPy(Class::Pcg64),
            BitState::Pcg64Dxsm { .. } => Named::NumPy(Class::Pcg64Dxsm),
            BitState::Philox { .. } => Named::NumPy(Class::Philox),
            BitState::Sfc64 { .. } => Named::NumPy(Class::Sfc64),
        }
    }

    /// A bit generator of which no seed sequence is known.
    pub(super) fn alone(self) -> BitGenerator {
        BitGenerator {
            state: self,
            seed_seq: None,
        }
    }

    /// What the setter of a class' attribute `state` takes.
    fn of_dict(class: Class, dict: Node<'_, '_>) -> Result<Self> {
        if Class::named(entry(dict, "bit_generator")?) != Some(class) {
            let name = class.name();
            return Err(dict.error(format!(
                "the state of another bit generator for one of {name}"
            )));
        }
        let inner = entry(dict, "state")?;
        // All but MT19937 have these.
        let half = || {
            let has_uint32 = entry(dict, "has_uint32")?;
            let has_uint32 = flag(has_uint32)
                .ok_or_else(|| has_uint32.error("`has_uint32` of a random state must be an int"))?;
            Ok::<_, Error>((has_uint32, int(dict, "uinteger")?))
        };
        Ok(match class {
            Class::Mt19937 => BitState::mt19937(words(inner, "key")?, entry(inner, "pos")?)?,
            Class::Pcg64 => {
                let (has_uint32, uinteger) = half()?;
                BitState::Pcg64 {
                    state: int(inner, "state")?,
                    inc: int(inner, "inc")?,
                    has_uint32,
                    uinteger,
                }
            }
            Class::Pcg64Dxsm => {
                let (has_uint32, uinteger) = half()?;
                BitState::Pcg64Dxsm {
                    state: int(inner, "state")?,
                    inc: int(inner, "inc")?,
                    has_uint32,
                    uinteger,
                }
            }
            Class::Philox => {
                let (has_uint32, uinteger) = half()?;
                BitState::Philox {
                    counter: *words(inner, "counter")?,
                    key: *words(inner, "key")?,
                    buffer: *words(dict, "buffer")?,
                    buffer_pos: position(entry(dict, "buffer_pos")?, 4)?,
                    has_uint32,
                    uinteger,
                }
            }
            Class::Sfc64 => {
                let (has_uint32, uinteger) = half()?;
                BitState::Sfc64 {
                    state: *words(inner, "state")?,
                    has_uint32,
                    uinteger,
                }
            }
        })
    }

    /// The Mersenne Twister of these words at this position.
    pub(super) fn mt19937(key: Box<[u32; 624]>, pos: Node<'_, '_>) -> Result<Self> {
        let pos = position(pos, key.len())?;
        Ok(BitState::Mt19937 { key, pos })
    }
}

/// A position in words of which there are so many. NumPy takes any C int, and reads behind their end.
fn position(node: Node<'_, '_>, len: usize) -> Result<usize> {
    to_int(node)
        .filter(|position| *position <= len)
        .ok_or_else(|| {
            node.error(format!(
                "a position in a random state must be an int of 0 to {len}"
            ))
        })
}
