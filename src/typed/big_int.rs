//! Fields that are ints of any size: `#[serde(with = "ndpickle::big_int")]`.
//!
//! serde has ints of up to 128 bits, Python's have no end. In a pickle such a field is an int of Python; in other formats it is
//! its decimal text. For [`BigInt`] and whatever is made of it and into it.
//!
//! # Examples
//!
//! ```
//! use ndpickle::num_bigint::BigInt;
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Serialize, Deserialize)]
//! struct Key {
//!     #[serde(with = "ndpickle::big_int")]
//!     modulus: BigInt,
//! }
//! let key = Key { modulus: BigInt::from(10).pow(50) };
//! let bytes = ndpickle::to_vec(&key)?; // {'modulus': 10**50}
//! assert_eq!(ndpickle::from_slice::<Key>(&bytes)?.modulus, key.modulus);
//! # Ok::<(), ndpickle::Error>(())
//! ```

use std::fmt;
use std::marker::PhantomData;

use num_bigint::BigInt;
use serde::de::{Error as _, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::hand::{self, Given};

/// The most digits of a text in other formats: Python's own limit (`sys.int_info.default_max_str_digits`), as the time that they
/// take grows with their square.
const DIGITS: usize = 4300;

/// Writes an int.
///
/// # Errors
///
/// Those of the format.
pub fn serialize<I: Clone + Into<BigInt>, S: Serializer>(
    int: &I,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_newtype_struct(hand::BIG_INT, &Field(int.clone().into()))
}

/// Reads an int.
///
/// # Errors
///
/// Those of the format; for what is no int, or one that the type does not have.
pub fn deserialize<'de, I: TryFrom<BigInt>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<I, D::Error> {
    deserializer.deserialize_newtype_struct(hand::BIG_INT, Int(PhantomData))
}

struct Field(BigInt);

impl Serialize for Field {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if hand::asked().is_none() {
            return serializer.collect_str(&self.0);
        }
        hand::give(Given::Int(self.0.to_signed_bytes_le()));
        serializer.serialize_unit()
    }
}

struct Int<I>(PhantomData<I>);

impl<I: TryFrom<BigInt>> Int<I> {
    fn fit<E: serde::de::Error>(int: BigInt) -> Result<I, E> {
        I::try_from(int).map_err(|_| E::custom("an int that does not fit"))
    }

    fn parse<E: serde::de::Error>(text: &str) -> Result<I, E> {
        let int = Some(text).filter(|text| text.len() <= DIGITS);
        match int.and_then(|text| text.parse().ok()) {
            Some(int) => Self::fit(int),
            None => Err(E::custom("a text that is no int")),
        }
    }
}

impl<'de, I: TryFrom<BigInt>> Visitor<'de> for Int<I> {
    type Value = I;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an int")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<I, D::Error> {
        // What serde keeps until it knows the type is an int, of a pickle. It says to be readable.
        match deserializer.is_human_readable() {
            true => deserializer.deserialize_any(self),
            false => Self::parse(&String::deserialize(deserializer)?),
        }
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<I, E> {
        Self::parse(text)
    }

    fn visit_i128<E: serde::de::Error>(self, value: i128) -> Result<I, E> {
        Self::fit(value.into())
    }

    fn visit_u128<E: serde::de::Error>(self, value: u128) -> Result<I, E> {
        Self::fit(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<I, A::Error> {
        match seq.next_element::<String>()? {
            Some(text) => Self::parse(&text),
            None => Err(A::Error::invalid_length(0, &self)),
        }
    }

    fn visit_bytes<E: serde::de::Error>(self, bytes: &[u8]) -> Result<I, E> {
        Self::fit(BigInt::from_signed_bytes_le(bytes))
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<I, E> {
        Self::fit(value.into())
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<I, E> {
        Self::fit(value.into())
    }
}
