//! Decimal numbers.

use std::fmt;

use super::call::{MAX_DIGITS, call, text};
use crate::graph::Node;
use crate::names::Known;

/// A `decimal.Decimal`: its text, of at most 4,300 characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimal<'p>(&'p str);

impl<'p> Decimal<'p> {
    /// `Decimal('1.10')`.
    pub(super) fn of(node: Node<'p, '_>) -> Option<Self> {
        let call = call::<1>(node).filter(|call| call.known == Known::Decimal)?;
        let digits = call.args[0]?;
        if digits.byte_len()? > MAX_DIGITS as u64 {
            return None;
        }
        text(digits).filter(|text| is_decimal(text)).map(Decimal)
    }

    /// The text that Python's `str` gives, such as `1.10`, `1E+3`, `-Infinity` or `NaN`.
    pub fn as_str(self) -> &'p str {
        self.0
    }
}

/// Whether Python reads a text as a decimal number (`_parser` in CPython's `_pydecimal.py`).
fn is_decimal(text: &str) -> bool {
    let number = text.strip_prefix(['+', '-']).unwrap_or(text);
    let is = |word: &str| number.eq_ignore_ascii_case(word);
    if is("inf") || is("infinity") {
        return true;
    }
    let (mantissa, exponent) = match number.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (number, None),
    };
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let lower = mantissa.to_ascii_lowercase();
    if let Some(diagnostic) = lower
        .strip_prefix("snan")
        .or_else(|| lower.strip_prefix("nan"))
    {
        return exponent.is_none() && all_digits(diagnostic);
    }
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_exponent = |text: &str| {
        let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
        !digits.is_empty() && all_digits(digits)
    };
    whole.len() + fraction.len() > 0
        && all_digits(whole)
        && all_digits(fraction)
        && exponent.is_none_or(is_exponent)
}

impl fmt::Display for Decimal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl<'p> Node<'p, '_> {
    /// The decimal number that this node is.
    pub fn to_decimal(self) -> Option<Decimal<'p>> {
        Decimal::of(self)
    }
}

#[cfg(test)]
mod tests {
    use super::is_decimal;

    // Expectations: `decimal.Decimal` of CPython 3.13.
    #[test]
    fn decimal_texts() {
        for text in [
            "0", "-0", "+1.", ".5", "1.10", "1E+3", "1e-3", "Infinity", "-inf", "NaN", "-sNaN123",
            "nan0",
        ] {
            assert!(is_decimal(text), "{text}");
        }
        for text in [
            "", "-", ".", "1e", "1e+", "e5", "1.2.3", "0x1", "nane5", "infinit", "--1", "1-",
        ] {
            assert!(!is_decimal(text), "{text}");
        }
    }
}
