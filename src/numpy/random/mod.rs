//! The states of `numpy.random`: generators, bit generators and seed sequences as plain data.
//!
//! | NumPy | a `RandomState` is | a bit generator is |
//! |---|---|---|
//! | up to 1.16 | `__RandomState_ctor()` with `('MT19937', key, pos, has_gauss, gauss)` | |
//! | 1.17 to 1.23 | `__randomstate_ctor('MT19937')` with a dict | `__bit_generator_ctor('PCG64')` with a dict |
//! | 1.24 to 1.26 | `__randomstate_ctor('MT19937', __bit_generator_ctor)` with a dict | the same |
//! | from 2.0 | `__randomstate_ctor(bit generator)` with a dict | `__bit_generator_ctor(PCG64)` with a dict and the seed sequence |
//!
//! A `Generator` is like a `RandomState`, and from 2.0 has no state of its own. What `get_state()` and
//! `bit_generator.state` return, tuple or dict, is understood too where somebody pickled it as it is. Facts: `_pickle.py`,
//! `mtrand.pyx`, `_generator.pyx` and `bit_generator.pyx` in `numpy/random`, 1.10 to 2.5. Nothing here makes random
//! numbers.

mod bit_generator;
mod parts;
mod seed;
mod state;

pub use bit_generator::{BitGenerator, BitState};
pub use seed::{Entropy, Seed, SeedSequence};
pub use state::{Generator, RandomState};

use crate::error::Result;
use crate::graph::{Kind, Node};
use crate::names::Known;

/// A random state of a pickle.
#[derive(Clone, Debug, PartialEq)]
pub enum Random {
    /// `numpy.random.RandomState`, or what its `get_state()` returns.
    RandomState(RandomState),
    /// `numpy.random.Generator`.
    Generator(Generator),
    /// A bit generator such as `numpy.random.PCG64`, or what its `state` is.
    BitGenerator(BitGenerator),
    /// `numpy.random.SeedSequence`.
    SeedSequence(SeedSequence),
    /// `SeedlessSeedSequence`, which has no state.
    Seedless,
}

/// Which class of `numpy.random` a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RandomKind {
    /// `numpy.random.RandomState`.
    RandomState,
    /// `numpy.random.Generator`.
    Generator,
    /// A bit generator of any class.
    BitGenerator,
    /// `numpy.random.SeedSequence`.
    SeedSequence,
    /// `SeedlessSeedSequence` of `numpy.random.bit_generator`.
    Seedless,
}

impl RandomKind {
    /// The name of the class; of bit generators that of their base.
    pub fn name(self) -> &'static str {
        match self {
            RandomKind::RandomState => "RandomState",
            RandomKind::Generator => "Generator",
            RandomKind::BitGenerator => "BitGenerator",
            RandomKind::SeedSequence => "SeedSequence",
            RandomKind::Seedless => "SeedlessSeedSequence",
        }
    }
}

impl<'p, 'a> Node<'p, 'a> {
    /// Which class of `numpy.random` this node is, or is the state of: a tuple, list or dict that looks like one of a
    /// bit generator of NumPy's. `None` for other nodes. Says nothing about whether it is whole.
    pub fn random_kind(self) -> Option<RandomKind> {
        match self.kind() {
            Kind::Object => match self.callable()?.known() {
                Known::RandomStateCtor => Some(RandomKind::RandomState),
                Known::GeneratorCtor => Some(RandomKind::Generator),
                Known::BitGeneratorCtor => Some(RandomKind::BitGenerator),
                Known::SeedSequenceCtor => Some(RandomKind::SeedSequence),
                Known::SeedlessCtor => Some(RandomKind::Seedless),
                _ => None,
            },
            Kind::Tuple | Kind::List => state::is_legacy(self).then_some(RandomKind::RandomState),
            Kind::Dict => state::kind_of_dict(self),
            _ => None,
        }
    }

    /// The random state that this node is.
    ///
    /// # Errors
    ///
    /// Category `Data` where the node is none, or one that NumPy would refuse or could not go on from; `Io`.
    ///
    /// # Examples
    ///
    /// ```
    /// # let file = concat!(env!("CARGO_MANIFEST_DIR"), "/corpus/files/py311-np2.0.2/random_generator.p4.pkl");
    /// use ndpickle::numpy::random::{BitState, Random};
    /// // {'rng': np.random.Generator(np.random.PCG64(42)), 'philox': np.random.Philox(42)}
    /// let pickle = ndpickle::Pickle::open(file)?;
    /// let rng = pickle.root().get("rng").ok_or("no such key")?;
    /// let Random::Generator(generator) = rng.random()? else {
    ///     return Err("another class".into());
    /// };
    /// let expected = BitState::Pcg64 {
    ///     state: 274674114334540486603088602300644985544,
    ///     inc: 332724090758049132448979897138935081983,
    ///     has_uint32: false,
    ///     uinteger: 0,
    /// };
    /// assert_eq!(generator.bit_generator.state, expected);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn random(self) -> Result<Random> {
        let read = match (self.random_kind(), self.kind()) {
            (Some(RandomKind::RandomState), Kind::Object) => {
                RandomState::of_object(self).map(Random::RandomState)
            }
            (Some(RandomKind::RandomState), _) => {
                RandomState::of_state(self).map(Random::RandomState)
            }
            (Some(RandomKind::Generator), _) => Generator::of_object(self).map(Random::Generator),
            (Some(RandomKind::BitGenerator), Kind::Object) => {
                BitGenerator::of_object(self).map(Random::BitGenerator)
            }
            (Some(RandomKind::BitGenerator), _) => {
                BitGenerator::of_state(self).map(Random::BitGenerator)
            }
            (Some(RandomKind::SeedSequence), _) => {
                SeedSequence::of_object(self).map(Random::SeedSequence)
            }
            (Some(RandomKind::Seedless), _) => Ok(Random::Seedless),
            (None, _) => Err(self.error("not a random state of NumPy")),
        };
        read.map_err(|error| error.at(self.offset(), None))
    }
}
