//! Days.

use std::fmt;

use super::bytes::bytes;
use super::call::call;
use crate::graph::Node;
use crate::names::Known;

/// A `datetime.date`, or that of a `datetime`: a day of the Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Date {
    /// 1 to 9999.
    pub year: u16,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
}

impl Date {
    /// `date(b'\x07\xe4\x02\x1d')` (`date_getstate` in CPython's `_datetimemodule.c`).
    pub(super) fn of(node: Node<'_, '_>) -> Option<Date> {
        let call = call::<1>(node).filter(|call| call.known == Known::Date)?;
        Date::of_state(state(call.args[0]?)?)
    }

    /// The date that its four bytes are; `None` of a day that the calendar has not.
    pub(super) fn of_state([high, low, month, day]: [u8; 4]) -> Option<Date> {
        let year = u16::from_be_bytes([high, low]);
        let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let days = match month {
            2 => 28 + u8::from(is_leap),
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        let is_day = (1..=9999).contains(&year) && (1..=days).contains(&day);
        is_day.then_some(Date { year, month, day })
    }
}

/// A state of so many bytes, in any spelling.
pub(super) fn state<const N: usize>(node: Node<'_, '_>) -> Option<[u8; N]> {
    let mut state = [0; N];
    let bytes = bytes(node).ok()??;
    bytes.read_into(&mut state).ok()?;
    Some(state)
}

impl fmt::Display for Date {
    /// Python's `str`: `2020-02-29`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl Node<'_, '_> {
    /// The day that a `datetime.date` is; a `datetime` has [`to_datetime`](Node::to_datetime).
    pub fn to_date(self) -> Option<Date> {
        Date::of(self)
    }
}
