//! Spans of time.

use std::fmt;

use super::call::call;
use crate::graph::Node;
use crate::names::Known;

/// A `datetime.timedelta`, in Python's normal form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TimeDelta {
    /// -999,999,999 to 999,999,999; of spans below 0 this part alone is.
    pub days: i32,
    /// 0 to 86,399.
    pub seconds: u32,
    /// 0 to 999,999.
    pub microseconds: u32,
}

const SECOND: i128 = 1_000_000;
const DAY: i128 = 86_400 * SECOND;

impl TimeDelta {
    /// `timedelta(days, seconds, microseconds)`.
    pub(super) fn of(node: Node<'_, '_>) -> Option<TimeDelta> {
        let call = call::<3>(node).filter(|call| call.known == Known::TimeDelta)?;
        let part = |n: usize| call.args[n].map_or(Some(0), Node::as_i64).map(i128::from);
        TimeDelta::of_microseconds(part(0)? * DAY + part(1)? * SECOND + part(2)?)
    }

    fn of_microseconds(microseconds: i128) -> Option<TimeDelta> {
        let rest = microseconds.rem_euclid(DAY);
        let days = i32::try_from(microseconds.div_euclid(DAY)).ok()?;
        (-999_999_999..=999_999_999)
            .contains(&days)
            .then_some(TimeDelta {
                days,
                seconds: (rest / SECOND) as u32,
                microseconds: (rest % SECOND) as u32,
            })
    }

    /// All of it in microseconds.
    pub fn total_microseconds(self) -> i128 {
        i128::from(self.days) * DAY
            + i128::from(self.seconds) * SECOND
            + i128::from(self.microseconds)
    }

    /// All of it in seconds, as Python's `total_seconds()`.
    pub fn total_seconds(self) -> f64 {
        self.total_microseconds() as f64 / SECOND as f64
    }

    /// Writes it as an offset from UTC: `+02:00`, with seconds where there are any.
    pub(super) fn write_offset(self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let total = self.total_microseconds();
        let sign = if total < 0 { '-' } else { '+' };
        let (seconds, fraction) = (total.abs() / SECOND, total.abs() % SECOND);
        write!(f, "{sign}{:02}:{:02}", seconds / 3600, seconds / 60 % 60)?;
        if seconds % 60 > 0 || fraction > 0 {
            write!(f, ":{:02}", seconds % 60)?;
        }
        if fraction > 0 {
            write!(f, ".{fraction:06}")?;
        }
        Ok(())
    }
}

impl fmt::Display for TimeDelta {
    /// Python's `str`: `0:00:02`, `1 day, 0:00:02`, `-1 day, 23:59:59.999997`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.days != 0 {
            let plural = if self.days.abs() == 1 { "" } else { "s" };
            write!(f, "{} day{plural}, ", self.days)?;
        }
        let seconds = self.seconds;
        write!(
            f,
            "{}:{:02}:{:02}",
            seconds / 3600,
            seconds / 60 % 60,
            seconds % 60
        )?;
        if self.microseconds > 0 {
            write!(f, ".{:06}", self.microseconds)?;
        }
        Ok(())
    }
}

impl Node<'_, '_> {
    /// The span that a `datetime.timedelta` is.
    pub fn to_timedelta(self) -> Option<TimeDelta> {
        TimeDelta::of(self)
    }
}
