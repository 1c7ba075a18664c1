//! Generators and random states: `__generator_ctor(…)` and `__randomstate_ctor(…)` with their states, and states alone.

use super::RandomKind;
use super::bit_generator::{BitGenerator, BitState, Class, Named};
use super::parts::{entry, flag, float, to_words};
use crate::error::Result;
use crate::graph::{Kind, Node};
use crate::names::Known;

/// `numpy.random.RandomState`.
#[derive(Clone, Debug, PartialEq)]
pub struct RandomState {
    /// What its numbers are from: mostly `MT19937`.
    pub bit_generator: BitGenerator,
    /// Whether `gauss` is the next normally distributed number.
    pub has_gauss: bool,
    /// The second one of a pair of those; 0 where it is used up.
    pub gauss: f64,
}

/// `numpy.random.Generator`.
#[derive(Clone, Debug, PartialEq)]
pub struct Generator {
    /// What its numbers are from.
    pub bit_generator: BitGenerator,
}

/// What the two constructors are called with.
enum Base {
    Named(Named),
    /// From NumPy 2.0 a bit generator that has its state.
    Made(BitGenerator),
}

impl Base {
    fn of(node: Node<'_, '_>) -> Result<Base> {
        let args = node.args();
        let at = |n: usize| args.and_then(|args| args.index(n));
        let Some(first) = at(0) else {
            return Ok(Base::Named(Named::NumPy(Class::Mt19937)));
        };
        if first.kind() == Kind::Object {
            return Ok(Base::Made(BitGenerator::of_object(first)?));
        }
        let named = Named::of(first)?;
        // NumPy 1.24 to 1.26: the function that makes a bit generator of the name.
        Ok(Base::Named(match at(1).map(Node::known) {
            None | Some(Known::BitGeneratorCtor) => named,
            Some(_) => Named::Other(named.into_name()),
        }))
    }

    /// The bit generator after its attribute `state` is set to what `read` makes of its name.
    fn set(self, read: impl FnOnce(Named) -> Result<BitState>) -> Result<BitGenerator> {
        Ok(match self {
            Base::Named(named) => read(named)?.alone(),
            Base::Made(made) => BitGenerator {
                state: read(made.state.named())?,
                ..made
            },
        })
    }
}

impl Generator {
    /// `__generator_ctor(…)` with its state.
    pub(super) fn of_object(node: Node<'_, '_>) -> Result<Self> {
        let bit_generator = match (Base::of(node)?, node.states().last()) {
            (base, Some(state)) => base.set(|named| named.state(state))?,
            (Base::Made(made), None) => made,
            (Base::Named(_), None) => return Err(node.error("a generator without a state")),
        };
        Ok(Generator { bit_generator })
    }
}

impl RandomState {
    /// `__randomstate_ctor(…)` with its state.
    pub(super) fn of_object(node: Node<'_, '_>) -> Result<Self> {
        match (Base::of(node)?, node.states().last()) {
            (base, Some(state)) => RandomState::set(base, state),
            (Base::Made(bit_generator), None) => Ok(RandomState {
                bit_generator,
                has_gauss: false,
                gauss: 0.0,
            }),
            (Base::Named(_), None) => Err(node.error("a random state without a state")),
        }
    }

    /// What `get_state()` returns.
    pub(super) fn of_state(state: Node<'_, '_>) -> Result<Self> {
        let named = match state.kind() {
            Kind::Dict => Named::of(entry(state, "bit_generator")?)?,
            _ => Named::NumPy(Class::Mt19937),
        };
        RandomState::set(Base::Named(named), state)
    }

    /// `set_state(state)`: a dict, or `('MT19937', key, pos[, has_gauss, gauss])`.
    fn set(base: Base, state: Node<'_, '_>) -> Result<Self> {
        let (bit_generator, has_gauss, gauss) = match state.kind() {
            Kind::Tuple | Kind::List => (
                base.set(|named| legacy(named, state))?,
                state.index(3),
                state.index(4),
            ),
            _ => (
                base.set(|named| named.state(state))?,
                state.get("has_gauss"),
                state.get("gauss"),
            ),
        };
        let has_gauss = match has_gauss {
            Some(node) => flag(node)
                .ok_or_else(|| node.error("`has_gauss` of a random state must be an int"))?,
            None => false,
        };
        let gauss = match gauss {
            Some(node) => float(node)
                .ok_or_else(|| node.error("`gauss` of a random state must be a float"))?,
            None => 0.0,
        };
        Ok(RandomState {
            bit_generator,
            has_gauss,
            gauss,
        })
    }
}

/// Whether a tuple looks like what `get_state()` returns.
pub(super) fn is_legacy(node: Node<'_, '_>) -> bool {
    matches!(node.len(), 3 | 5) && node.index(0).and_then(Class::named) == Some(Class::Mt19937)
}

/// The bit generator of a tuple.
fn legacy(named: Named, state: Node<'_, '_>) -> Result<BitState> {
    match (named, state.index(1), state.index(2)) {
        (Named::NumPy(Class::Mt19937), Some(key), Some(pos)) if is_legacy(state) => {
            let words = to_words(key)?.ok_or_else(|| {
                key.error("the key of a random state must be 624 ints of 32 bits")
            })?;
            BitState::mt19937(words, pos)
        }
        _ => {
            Err(state
                .error("a random state that is a tuple must be one of MT19937 with 3 or 5 items"))
        }
    }
}

/// Whose state a dict is, if it looks like one of a bit generator of NumPy's.
pub(super) fn kind_of_dict(dict: Node<'_, '_>) -> Option<RandomKind> {
    // Philox has 6 entries, and a RandomState 2 of its own.
    const MOST: usize = 8;
    if dict.len() > MOST {
        return None;
    }
    Class::named(dict.get("bit_generator")?)?;
    let inner = dict.get("state")?;
    let is_random_state = dict.get("has_gauss").is_some();
    (inner.kind() == Kind::Dict).then_some(match is_random_state {
        true => RandomKind::RandomState,
        false => RandomKind::BitGenerator,
    })
}
