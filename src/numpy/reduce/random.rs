//! Random states: the `__reduce__` methods in NumPy's `mtrand.pyx`, `_generator.pyx` and `bit_generator.pyx`, for the constructors in
//! `random/_pickle.py`.

use ndarray::Array1;
use num_bigint::BigInt;

use super::super::element::Element;
use super::super::random::{
    BitGenerator, BitState, Entropy, Generator, Random, RandomKind, RandomState, Seed, SeedSequence,
};
use crate::error::{Error, Result};
use crate::graph::{Builder, Id, Node};

/// Checksums of the names of the attributes: by MD5 up to Cython 0.29, by SHA-256 from 3.0 on.
const SEED_SEQUENCE: (i64, i64) = (0x0f88_304a, 0x03ea_a222);

const SEEDLESS: (i64, i64) = (0x0d41_d8cd, 0x0e3b_0c44);

/// How NumPy has spelled random states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Era {
    /// Up to 1.16 there is `RandomState` alone, and its state is a tuple.
    Tuple,
    /// 1.17 to 1.23: a class by its name, and a dict.
    Name,
    /// 1.24 to 1.26: also the function that makes a bit generator of the name.
    NameAndFunction,
    /// From 2.0 on: a bit generator, which has its seed sequence.
    Whole,
}

impl<'a> Builder<'a> {
    /// A random state, as NumPy pickles it: `RandomState`, `Generator`, a bit generator or a seed sequence.
    ///
    /// Before NumPy 2.0 a seed sequence is no part of what it belongs to. Where all versions are to load the document, what has
    /// no seed sequence is spelled as the first NumPy that had it, and what has one as NumPy 2.
    ///
    /// # Errors
    ///
    /// Category `Unsupported` for a NumPy that did not have it yet, and for bit generators and seeds of other packages; `Limit`.
    pub fn random(&mut self, random: &Random) -> Result<Id> {
        match random {
            Random::RandomState(state) => self.random_state(state),
            Random::Generator(generator) => self.generator(generator),
            Random::BitGenerator(bits) => self.bit_generator(bits),
            Random::SeedSequence(sequence) => self.seed_sequence(sequence),
            Random::Seedless => self.seedless(),
        }
    }

    /// Which NumPy's spelling a generator gets.
    pub(crate) fn era(&self, bits: &BitGenerator) -> Era {
        let numpy = self.flavour().numpy;
        match (self.flavour().is_compat, &bits.seed_seq) {
            (true, Some(_)) => Era::Whole,
            (true, None) => Era::Name,
            _ if numpy.is_from(2, 0, 0) => Era::Whole,
            _ if numpy.is_from(1, 24, 0) => Era::NameAndFunction,
            _ if numpy.is_from(1, 17, 0) => Era::Name,
            _ => Era::Tuple,
        }
    }

    /// The same of a `RandomState`, which is older than the others.
    pub(crate) fn era_of_random_state(&self, bits: &BitGenerator) -> Era {
        let is_twister = matches!(bits.state, BitState::Mt19937 { .. });
        match self.era(bits) {
            Era::Name if is_twister && self.flavour().is_compat => Era::Tuple,
            era => era,
        }
    }

    fn random_state(&mut self, random: &RandomState) -> Result<Id> {
        let bits = &random.bit_generator;
        let has_gauss = self.int(random.has_gauss.into())?;
        let gauss = self.float(random.gauss)?;
        let era = self.era_of_random_state(bits);
        if let BitState::Mt19937 { key, pos } = &bits.state
            && era == Era::Tuple
        {
            let callable = self.global("numpy.random", "__RandomState_ctor")?;
            let name = self.native_str("MT19937")?;
            let (key, pos) = (self.words(&key[..])?, self.int(*pos as i64)?);
            let state = self.temporary_tuple(&[name, key, pos, has_gauss, gauss])?;
            return self.call(callable, &[], Some(state));
        }
        let name = self.new_str(bits.state.name())?;
        let dict = self.bit_state(&bits.state, name)?;
        let pairs = [
            (self.str("has_gauss")?, has_gauss),
            (self.str("gauss")?, gauss),
        ];
        self.set_items(dict, &pairs)?;
        let callable = self.global("numpy.random._pickle", "__randomstate_ctor")?;
        let args = match era {
            // That of the state.
            Era::Name => vec![name],
            _ => self.base(bits, era)?,
        };
        self.call(callable, &args, Some(dict))
    }

    fn generator(&mut self, generator: &Generator) -> Result<Id> {
        let bits = &generator.bit_generator;
        let era = self.era(bits);
        let args = self.base(bits, era)?;
        let state = match era {
            Era::Whole => None,
            _ => {
                let name = self.new_str(bits.state.name())?;
                Some(self.bit_state(&bits.state, name)?)
            }
        };
        let callable = self.global("numpy.random._pickle", "__generator_ctor")?;
        self.call(callable, &args, state)
    }

    /// What a generator or a random state is made with.
    fn base(&mut self, bits: &BitGenerator, era: Era) -> Result<Vec<Id>> {
        Ok(match era {
            Era::Tuple => return Err(absent(self, bits.state.name())),
            Era::Name => vec![self.new_str(bits.state.name())?],
            Era::NameAndFunction => {
                let function = self.global("numpy.random._pickle", "__bit_generator_ctor")?;
                vec![self.new_str(bits.state.name())?, function]
            }
            Era::Whole => vec![self.bit_generator(bits)?],
        })
    }

    fn bit_generator(&mut self, bits: &BitGenerator) -> Result<Id> {
        let name = bits.state.name();
        let era = self.era(bits);
        let text = self.new_str(name)?;
        let mut state = self.bit_state(&bits.state, text)?;
        let named = match era {
            Era::Tuple => return Err(absent(self, name)),
            Era::Name | Era::NameAndFunction => self.new_str(name)?,
            Era::Whole => {
                let seed_seq = match &bits.seed_seq {
                    None => Id::NONE,
                    Some(Seed::Sequence(sequence)) => self.seed_sequence(sequence)?,
                    Some(Seed::Seedless) => self.seedless()?,
                    Some(Seed::Other(_)) => {
                        return Err(Error::unsupported("a seed sequence of another package"));
                    }
                };
                state = self.temporary_tuple(&[state, seed_seq])?;
                let module = match bits.state {
                    BitState::Mt19937 { .. } => "numpy.random._mt19937",
                    BitState::Philox { .. } => "numpy.random._philox",
                    BitState::Sfc64 { .. } => "numpy.random._sfc64",
                    _ => "numpy.random._pcg64",
                };
                self.global(module, name)?
            }
        };
        let callable = self.global("numpy.random._pickle", "__bit_generator_ctor")?;
        self.call(callable, &[named], Some(state))
    }

    /// The dict that the attribute `state` of a bit generator is; `name` is its own.
    fn bit_state(&mut self, state: &BitState, name: Id) -> Result<Id> {
        let numpy = self.flavour().numpy;
        let is_known = match state {
            BitState::Pcg64Dxsm { .. } => numpy.is_from(1, 21, 0),
            _ => numpy.is_from(1, 17, 0),
        };
        if !is_known {
            return Err(absent(self, state.name()));
        }
        let (inner, outer) = match state {
            BitState::Mt19937 { key, pos } => {
                let key = ("key", self.words(&key[..])?);
                (vec![key, ("pos", self.int(*pos as i64)?)], vec![])
            }
            BitState::Pcg64 { state, inc, .. } | BitState::Pcg64Dxsm { state, inc, .. } => {
                let state = ("state", self.number(&BigInt::from(*state))?);
                let inc = ("inc", self.number(&BigInt::from(*inc))?);
                (vec![state, inc], vec![])
            }
            BitState::Philox {
                counter,
                key,
                buffer,
                buffer_pos,
                ..
            } => {
                let counter = ("counter", self.words(counter)?);
                let key = ("key", self.words(key)?);
                let buffer = ("buffer", self.words(buffer)?);
                let buffer_pos = ("buffer_pos", self.int(*buffer_pos as i64)?);
                (vec![counter, key], vec![buffer, buffer_pos])
            }
            BitState::Sfc64 { state, .. } => {
                let state = ("state", self.words(state)?);
                (vec![state], vec![])
            }
            BitState::Other { name, .. } => {
                let what = format!("{name}, a bit generator of another package");
                return Err(Error::unsupported(what));
            }
        };
        let inner = self.attributes(&inner)?;
        let mut entries = vec![("bit_generator", name), ("state", inner)];
        entries.extend(outer);
        if let Some((has_uint32, uinteger)) = state.half() {
            entries.push(("has_uint32", self.int(has_uint32.into())?));
            entries.push(("uinteger", self.int(uinteger.into())?));
        }
        self.attributes(&entries)
    }

    /// `__pyx_unpickle_SeedSequence(class, checksum, None)` and its attributes in the order of their names.
    fn seed_sequence(&mut self, sequence: &SeedSequence) -> Result<Id> {
        let mut numbers = |numbers: &[BigInt]| -> Result<Vec<Id>> {
            numbers.iter().map(|number| self.number(number)).collect()
        };
        let spawn_key = numbers(&sequence.spawn_key)?;
        let entropy = match &sequence.entropy {
            Entropy::None => Id::NONE,
            Entropy::Int(int) => self.number(int)?,
            Entropy::Ints(ints) => {
                let ints = numbers(ints)?;
                self.list(&ints)?
            }
            Entropy::Other(_) => {
                return Err(Error::unsupported(
                    "entropy that is neither an int nor ints",
                ));
            }
        };
        let spawned = self.int(sequence.n_children_spawned.into())?;
        let pool = self.words(&sequence.pool)?;
        let pool_size = self.int(sequence.pool_size as i64)?;
        let spawn_key = self.temporary_tuple(&spawn_key)?;
        let state = self.temporary_tuple(&[entropy, spawned, pool, pool_size, spawn_key])?;
        self.unpickled("SeedSequence", SEED_SEQUENCE, Id::NONE, Some(state))
    }

    fn seedless(&mut self) -> Result<Id> {
        self.unpickled("SeedlessSeedSequence", SEEDLESS, Id::EMPTY_TUPLE, None)
    }

    /// Whether a seed sequence of a document is spelled as here.
    pub(crate) fn spells_seed(&self, node: Node<'_, '_>) -> bool {
        let is_seedless = node.random_kind() == Some(RandomKind::Seedless);
        let (module, checksum) =
            self.seed_names(if is_seedless { SEEDLESS } else { SEED_SEQUENCE });
        let its = node.callable().and_then(Node::global_bytes);
        let its_checksum = node.args().and_then(|args| args.index(1)?.as_i64());
        its.is_some_and(|(its, _)| its == module.as_bytes()) && its_checksum == Some(checksum)
    }

    /// The module of seed sequences, and the checksum that this NumPy has.
    fn seed_names(&self, checksums: (i64, i64)) -> (&'static str, i64) {
        let numpy = self.flavour().numpy;
        let is_odd = numpy.is_from(1, 18, 0) && !numpy.is_from(1, 19, 0);
        let module = match is_odd {
            true => "numpy.random._bit_generator",
            false => "numpy.random.bit_generator",
        };
        let checksum = match numpy.is_from(1, 26, 0) {
            true => checksums.1,
            false => checksums.0,
        };
        (module, checksum)
    }

    /// A call of the function that Cython makes for a class.
    fn unpickled(
        &mut self,
        class: &str,
        checksums: (i64, i64),
        argument: Id,
        state: Option<Id>,
    ) -> Result<Id> {
        let numpy = self.flavour().numpy;
        if !numpy.is_from(1, 17, 0) {
            return Err(absent(self, class));
        }
        let (module, checksum) = self.seed_names(checksums);
        let callable = self.global(module, &format!("__pyx_unpickle_{class}"))?;
        let args = [self.global(module, class)?, self.int(checksum)?, argument];
        self.call(callable, &args, state)
    }

    /// A dict whose keys are names in a program.
    fn attributes(&mut self, entries: &[(&'static str, Id)]) -> Result<Id> {
        let mut pairs = Vec::new();
        for (name, value) in entries {
            pairs.push((self.word(name)?, *value));
        }
        self.dict(&pairs)
    }

    fn number(&mut self, number: &BigInt) -> Result<Id> {
        match i64::try_from(number) {
            Ok(number) => self.int(number),
            Err(_) => self.big_int(number.to_signed_bytes_le().into()),
        }
    }

    fn words<T: Element>(&mut self, words: &[T]) -> Result<Id> {
        self.array(Array1::from_iter(words.iter().copied()))
    }
}

fn absent(builder: &Builder<'_>, what: &str) -> Error {
    Error::unsupported(format!("{what} for NumPy {}", builder.flavour().numpy))
}
