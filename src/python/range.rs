//! Ranges of ints, and slices.

use std::fmt;

use num_bigint::BigInt;

use super::call::{call, sign, write_int};
use crate::graph::{Kind, Node};
use crate::names::Known;

/// A `range`, or Python 2's `xrange`: ints of any size, a step that is not 0.
#[derive(Clone, Copy, Debug)]
pub struct Range<'p, 'a> {
    start: Option<Node<'p, 'a>>,
    stop: Node<'p, 'a>,
    step: Option<Node<'p, 'a>>,
}

impl<'p, 'a> Range<'p, 'a> {
    pub(super) fn of(node: Node<'p, 'a>) -> Option<Self> {
        let call = call::<3>(node).filter(|call| call.known == Known::Range)?;
        let (start, stop, step) = match call.args {
            [Some(stop), None, None] => (None, stop, None),
            [start @ Some(_), Some(stop), step] => (start, stop, step),
            _ => return None,
        };
        sign(stop)?;
        start.map_or(Some(0), sign)?;
        (step.map_or(Some(1), sign)? != 0).then_some(Range { start, stop, step })
    }

    /// The first int.
    pub fn start(self) -> BigInt {
        self.start.and_then(Node::to_bigint).unwrap_or_default()
    }

    /// The int where it ends, which is no part of it.
    pub fn stop(self) -> BigInt {
        self.stop.to_bigint().unwrap_or_default()
    }

    /// What one int is apart from the next.
    pub fn step(self) -> BigInt {
        let step = self.step.and_then(Node::to_bigint);
        step.unwrap_or_else(|| BigInt::from(1))
    }

    /// Start, stop and step where all of them fit.
    pub fn to_i64(self) -> Option<(i64, i64, i64)> {
        let part = |node: Option<Node<'_, '_>>, absent| node.map_or(Some(absent), Node::as_i64);
        Some((
            part(self.start, 0)?,
            self.stop.as_i64()?,
            part(self.step, 1)?,
        ))
    }

    /// Number of ints; `None` where it is 2^64 or more.
    pub fn len(self) -> Option<u64> {
        if let Some((start, stop, step)) = self.to_i64() {
            let (start, stop, step) = (i128::from(start), i128::from(stop), i128::from(step));
            let way = if step > 0 { stop - start } else { start - stop };
            let len = (way.max(0) + step.abs() - 1) / step.abs();
            return u64::try_from(len).ok();
        }
        let step = self.step();
        let is_up = step.sign() == num_bigint::Sign::Plus;
        let way = if is_up {
            self.stop() - self.start()
        } else {
            self.start() - self.stop()
        };
        if way.sign() != num_bigint::Sign::Plus {
            return Some(0);
        }
        // The quotient has about as many bits as there are between the two, and dividing takes time by its length.
        let step = step.magnitude();
        if way.bits() > step.bits() + 65 {
            return None;
        }
        let len = (way.magnitude() + step - 1u32) / step;
        u64::try_from(len).ok()
    }

    /// Whether there are no ints.
    pub fn is_empty(self) -> bool {
        self.len() == Some(0)
    }
}

impl fmt::Display for Range<'_, '_> {
    /// Python's `str`: `range(0, 3)`, and `range(0, 10, 2)` where the step is not 1.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("range(")?;
        match self.start {
            Some(start) => write_int(start, f)?,
            None => f.write_str("0")?,
        }
        f.write_str(", ")?;
        write_int(self.stop, f)?;
        if let Some(step) = self.step.filter(|step| step.as_i64() != Some(1)) {
            f.write_str(", ")?;
            write_int(step, f)?;
        }
        f.write_str(")")
    }
}

/// A `slice`. Its parts may be anything; mostly they are ints or `None`.
#[derive(Clone, Copy, Debug)]
pub struct Slice<'p, 'a> {
    /// Where it begins.
    pub start: Node<'p, 'a>,
    /// Where it ends.
    pub stop: Node<'p, 'a>,
    /// What one index is apart from the next.
    pub step: Node<'p, 'a>,
}

impl<'p, 'a> Slice<'p, 'a> {
    pub(super) fn of(node: Node<'p, 'a>) -> Option<Self> {
        let call = call::<3>(node).filter(|call| call.known == Known::Slice)?;
        let [Some(start), Some(stop), Some(step)] = call.args else {
            return None;
        };
        Some(Slice { start, stop, step })
    }
}

impl fmt::Display for Slice<'_, '_> {
    /// Python's `str`: `slice(1, 2, None)`; parts that are no ints and not `None` are left out: `…`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (before, part) in [("slice(", self.start), (", ", self.stop), (", ", self.step)] {
            f.write_str(before)?;
            match part.kind() {
                Kind::None => f.write_str("None")?,
                Kind::Int => write_int(part, f)?,
                _ => f.write_str("…")?,
            }
        }
        f.write_str(")")
    }
}

impl<'p, 'a> Node<'p, 'a> {
    /// The range that this node is.
    pub fn to_range(self) -> Option<Range<'p, 'a>> {
        Range::of(self)
    }
}
