//! Random states, whose parts every few versions of NumPy are others: see [`numpy::random`](crate::numpy::random).

use super::pass::{Pass, Way};
use crate::error::{Category, Result};
use crate::graph::{Id, Kind, Node};
use crate::names::Known;
use crate::numpy::Era;
use crate::numpy::random::Random;

impl<'p, 'a> Pass<'p, 'a> {
    /// The counterpart of a random state that the target spells in another way. What it has no spelling for stays as it is.
    pub(super) fn random(&mut self, node: Node<'p, 'a>) -> Result<Option<Id>> {
        let (Some(_), Ok(random)) = (node.random_kind(), node.random()) else {
            return Ok(None);
        };
        let is_other = match &random {
            Random::RandomState(state) => {
                // In Python 2 the name in it is a str.
                self.way == Way::From3To2
                    || self.builder.era_of_random_state(&state.bit_generator) != era(node)
            }
            // A generator of NumPy 2 has a seed sequence, which those before do not tell; it loads what they wrote.
            Random::Generator(generator) => {
                let wanted = self.builder.era(&generator.bit_generator);
                wanted != era(node) && wanted != Era::Whole
            }
            Random::BitGenerator(bits) => {
                let wanted = self.builder.era(bits);
                era(node) == Era::Whole && wanted != Era::Whole
            }
            Random::SeedSequence(_) | Random::Seedless => !self.builder.spells_seed(node),
        };
        if !is_other {
            return Ok(None);
        }
        // The words of all states are the same objects, and not those of the document.
        std::mem::swap(&mut self.builder.texts, &mut self.words);
        let made = self.builder.random(&random);
        std::mem::swap(&mut self.builder.texts, &mut self.words);
        match made {
            Err(error) if error.category() == Category::Unsupported => Ok(None),
            made => made.map(Some),
        }
    }
}

/// Who wrote a random state.
fn era(node: Node<'_, '_>) -> Era {
    let known = node.callable().map(Node::known);
    let module = node.callable().and_then(Node::global_bytes);
    let args = node.args();
    match (known, module, args.and_then(|args| args.index(0))) {
        (Some(Known::RandomStateCtor), Some((b"numpy.random" | b"mtrand", _)), _) => Era::Tuple,
        (_, _, Some(first)) if matches!(first.kind(), Kind::Object | Kind::Global) => Era::Whole,
        _ if args.is_some_and(|args| args.len() > 1) => Era::NameAndFunction,
        _ => Era::Name,
    }
}
