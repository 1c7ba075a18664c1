//! Complex numbers.

use std::fmt;

use num_complex::Complex64;

use super::call::call;
use crate::graph::Node;
use crate::names::Known;
use crate::repr;

/// A complex number; its text is Python's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Complex(pub Complex64);

impl Complex {
    /// `complex(re, im)`.
    pub(super) fn of(node: Node<'_, '_>) -> Option<Complex> {
        let call = call::<2>(node).filter(|call| call.known == Known::Complex)?;
        let [Some(re), Some(im)] = call.args else {
            return None;
        };
        Some(Complex(Complex64::new(re.as_f64()?, im.as_f64()?)))
    }
}

impl fmt::Display for Complex {
    /// Python's `str`: `(1.5-2j)`, and `2j` where the real part is 0 (`complex_repr` in CPython's `complexobject.c`).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = |value: f64| {
            let text = repr::float(value);
            text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
        };
        let Complex64 { re, im } = self.0;
        if re == 0.0 && re.is_sign_positive() {
            return write!(f, "{}j", part(im));
        }
        let im = part(im);
        let plus = if im.starts_with('-') { "" } else { "+" };
        write!(f, "({}{plus}{im}j)", part(re))
    }
}

impl Node<'_, '_> {
    /// The value of a complex number.
    pub fn as_complex(self) -> Option<Complex64> {
        Complex::of(self).map(|complex| complex.0)
    }
}
