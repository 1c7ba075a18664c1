//! Seed sequences: `__pyx_unpickle_SeedSequence(class, checksum, None)` with its state.
//!
//! The state is Cython's: the attributes in the order of their names, and a dict where a class derived from it has more. The
//! checksum tells releases of Cython apart, not states.

use num_bigint::BigInt;

use super::parts::{elements, ints, to_int};
use crate::error::Result;
use crate::graph::{Id, Kind, Node};
use crate::names::Known;

/// `numpy.random.SeedSequence`, or a class derived from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeedSequence {
    /// What it was made of.
    pub entropy: Entropy,
    /// Where it is among the descendants of its first ancestor: the number of each on the way.
    pub spawn_key: Vec<BigInt>,
    /// Number of words in the pool: 4, or more.
    pub pool_size: usize,
    /// How many children it has had.
    pub n_children_spawned: u32,
    /// Entropy and key, mixed: what seeds are made of.
    pub pool: Vec<u32>,
}

/// What a seed sequence was made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entropy {
    /// `None`, which NumPy itself replaces by an int of the system's.
    None,
    /// An int.
    Int(BigInt),
    /// Ints: a list, tuple or array of them.
    Ints(Vec<BigInt>),
    /// Something else that can be read as ints, such as a range or texts. [`Pickle::node`](crate::Pickle::node) has the
    /// node.
    Other(Id),
}

/// The attribute `seed_seq` of a bit generator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seed {
    /// `numpy.random.SeedSequence`.
    Sequence(SeedSequence),
    /// `SeedlessSeedSequence`.
    Seedless,
    /// An `ISeedSequence` of another package. [`Pickle::node`](crate::Pickle::node) has the node.
    Other(Id),
}

impl Seed {
    /// What a bit generator has for a seed sequence; NumPy looks at it when it is used.
    pub(super) fn of(node: Node<'_, '_>) -> Result<Option<Seed>> {
        Ok(match node.callable().map(Node::known) {
            Some(Known::SeedSequenceCtor) => Some(Seed::Sequence(SeedSequence::of_object(node)?)),
            Some(Known::SeedlessCtor) => Some(Seed::Seedless),
            _ if node.is_none() => None,
            _ => Some(Seed::Other(node.id())),
        })
    }
}

impl Entropy {
    fn of(node: Node<'_, '_>) -> Result<Entropy> {
        if node.is_none() {
            return Ok(Entropy::None);
        }
        if let Some(int) = to_int(node) {
            return Ok(Entropy::Int(int));
        }
        let ints = ints(node)?.map(Entropy::Ints);
        Ok(ints.unwrap_or(Entropy::Other(node.id())))
    }
}

impl SeedSequence {
    /// `__pyx_unpickle_SeedSequence(…)` with its state, which may also be its last argument.
    pub(super) fn of_object(node: Node<'_, '_>) -> Result<Self> {
        let argument = node.args().and_then(|args| args.index(2));
        let state = node
            .states()
            .last()
            .or(argument.filter(|state| !state.is_none()));
        let state = state.ok_or_else(|| node.error("a seed sequence without a state"))?;
        let Some((
            5 | 6,
            [
                Some(entropy),
                Some(spawned),
                Some(pool),
                Some(size),
                Some(key),
            ],
        )) = state.parts::<5>()
        else {
            return Err(state.error("the state of a seed sequence must be a tuple of 5"));
        };
        let n_children_spawned = to_int(spawned).ok_or_else(|| {
            spawned.error("`n_children_spawned` of a seed sequence must be an int of 32 bits")
        })?;
        let spawn_key = match key.kind() {
            Kind::Tuple => ints(key)?,
            _ => None,
        };
        let spawn_key = spawn_key
            .ok_or_else(|| key.error("`spawn_key` of a seed sequence must be a tuple of ints"))?;
        let pool = elements(&pool.array()?).map_err(|error| error.at(pool.offset(), None))?;
        let pool_size = to_int(size)
            .filter(|size| *size == pool.len())
            .ok_or_else(|| {
                size.error("`pool_size` of a seed sequence must be the length of its pool")
            })?;
        Ok(SeedSequence {
            entropy: Entropy::of(entropy)?,
            spawn_key,
            pool_size,
            n_children_spawned,
            pool,
        })
    }
}
