//! Fields that are complex numbers: `#[serde(with = "ndpickle::complex")]`.
//!
//! serde tells a `Complex` as two numbers, which Python has as a tuple. With this it is a `complex` of Python; other formats have
//! their own form. To read one needs none of this.
//!
//! # Examples
//!
//! ```
//! use ndpickle::num_complex::Complex;
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Serialize, Deserialize)]
//! struct Root(#[serde(with = "ndpickle::complex")] Complex<f64>);
//!
//! let bytes = ndpickle::to_vec(&Root(Complex::new(0.0, 1.0)))?; // 1j
//! assert_eq!(ndpickle::from_slice::<Root>(&bytes)?.0, Complex::i());
//! # Ok::<(), ndpickle::Error>(())
//! ```

use num_complex::Complex;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::hand::{self, Given};

/// Writes a complex number.
///
/// # Errors
///
/// Those of the format.
pub fn serialize<T, S>(complex: &Complex<T>, serializer: S) -> Result<S::Ok, S::Error>
where
    T: Copy + Into<f64> + Serialize,
    S: Serializer,
{
    serializer.serialize_newtype_struct(hand::COMPLEX, &Field(complex))
}

/// Reads a complex number, or a pair of numbers.
///
/// # Errors
///
/// Those of the format.
pub fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Complex<T>, D::Error> {
    hand::newtype(hand::COMPLEX, deserializer)
}

struct Field<'f, T>(&'f Complex<T>);

impl<T: Copy + Into<f64> + Serialize> Serialize for Field<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if hand::asked().is_none() {
            return self.0.serialize(serializer);
        }
        let value = Complex::new(self.0.re.into(), self.0.im.into());
        hand::give(Given::Complex(value));
        serializer.serialize_unit()
    }
}
