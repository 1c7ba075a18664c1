//! Ratios of ints.

use std::fmt;

use num_bigint::BigInt;

use super::call::{MAX_DIGITS, call, sign, text, write_int};
use crate::graph::Node;
use crate::names::Known;

/// A `fractions.Fraction`, as its pickle has it: in lowest terms.
#[derive(Clone, Copy, Debug)]
pub struct Fraction<'p, 'a>(Spelling<'p, 'a>);

#[derive(Clone, Copy, Debug)]
enum Spelling<'p, 'a> {
    /// `Fraction('-1/3')`: up to Python 3.11. Of whole numbers there is no second part.
    Text(&'p str, Option<&'p str>),
    /// `Fraction(-1, 3)`: from 3.12 on.
    Ints(Node<'p, 'a>, Node<'p, 'a>),
}

impl<'p, 'a> Fraction<'p, 'a> {
    pub(super) fn of(node: Node<'p, 'a>) -> Option<Self> {
        let call = call::<2>(node).filter(|call| call.known == Known::Fraction)?;
        match call.args {
            [Some(ratio), None] => Self::of_text(ratio),
            [Some(numerator), Some(denominator)] => {
                sign(numerator)?;
                (sign(denominator)? > 0).then_some(Fraction(Spelling::Ints(numerator, denominator)))
            }
            _ => None,
        }
    }

    fn of_text(ratio: Node<'p, 'a>) -> Option<Self> {
        if ratio.byte_len()? > 2 * MAX_DIGITS as u64 + 2 {
            return None;
        }
        let ratio = text(ratio)?;
        let is_int = |text: &str| {
            let len = text.len();
            (1..=MAX_DIGITS).contains(&len) && text.bytes().all(|byte| byte.is_ascii_digit())
        };
        let (numerator, denominator) = match ratio.split_once('/') {
            Some((numerator, denominator)) => (numerator, Some(denominator)),
            None => (ratio, None),
        };
        let is_ratio = is_int(numerator.strip_prefix('-').unwrap_or(numerator))
            && denominator.is_none_or(|text| is_int(text) && text.bytes().any(|byte| byte != b'0'));
        is_ratio.then_some(Fraction(Spelling::Text(numerator, denominator)))
    }

    /// The upper int, which has the sign.
    pub fn numerator(self) -> BigInt {
        match self.0 {
            Spelling::Text(numerator, _) => numerator.parse().unwrap_or_default(),
            Spelling::Ints(numerator, _) => numerator.to_bigint().unwrap_or_default(),
        }
    }

    /// The lower int, above 0.
    pub fn denominator(self) -> BigInt {
        let one = || BigInt::from(1);
        match self.0 {
            Spelling::Text(_, None) => one(),
            Spelling::Text(_, Some(denominator)) => denominator.parse().unwrap_or_else(|_| one()),
            Spelling::Ints(_, denominator) => denominator.to_bigint().unwrap_or_else(one),
        }
    }
}

impl fmt::Display for Fraction<'_, '_> {
    /// Python's `str`: `1/3`, and `2` of a whole number.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Spelling::Text(numerator, None) => f.write_str(numerator),
            Spelling::Text(numerator, Some(denominator)) => write!(f, "{numerator}/{denominator}"),
            Spelling::Ints(numerator, denominator) => {
                write_int(numerator, f)?;
                if denominator.as_i64() == Some(1) {
                    return Ok(());
                }
                f.write_str("/")?;
                write_int(denominator, f)
            }
        }
    }
}

impl<'p, 'a> Node<'p, 'a> {
    /// The ratio that this node is.
    pub fn to_fraction(self) -> Option<Fraction<'p, 'a>> {
        Fraction::of(self)
    }
}
