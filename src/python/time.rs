//! Times of day, and points in time.

use std::fmt;

use super::call::call;
use super::date::{Date, state};
use super::span::TimeDelta;
use super::zone::TimeZone;
use crate::graph::Node;
use crate::names::Known;

/// A `datetime.time`, or that of a `datetime`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Time<'p, 'a> {
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
    /// 0 to 59.
    pub second: u8,
    /// 0 to 999,999.
    pub microsecond: u32,
    /// 1 for the second of two times that a clock shows alike. Protocols below 4 lose it.
    pub fold: u8,
    /// The time zone of an aware object.
    pub zone: Option<TimeZone<'p, 'a>>,
}

/// A `datetime.datetime`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DateTime<'p, 'a> {
    /// The day.
    pub date: Date,
    /// The time of day, and the time zone.
    pub time: Time<'p, 'a>,
}

impl<'p, 'a> Time<'p, 'a> {
    /// `time(b'\x01\x02\x03\x00\x00\x04'[, tzinfo])` (`time_getstate` in CPython's `_datetimemodule.c`).
    pub(super) fn of(node: Node<'p, 'a>) -> Option<Self> {
        let call = call::<2>(node).filter(|call| call.known == Known::Time)?;
        let [hour, rest @ ..] = state::<6>(call.args[0]?)?;
        // The highest bit of the hour is the fold.
        Time::of_state(
            hour >> 7,
            [hour & 0x7f].into_iter().chain(rest),
            call.args[1],
        )
    }

    fn of_state(
        fold: u8,
        mut state: impl Iterator<Item = u8>,
        zone: Option<Node<'p, 'a>>,
    ) -> Option<Self> {
        let mut next = || state.next();
        let (hour, minute, second) = (next()?, next()?, next()?);
        let microsecond = u32::from_be_bytes([0, next()?, next()?, next()?]);
        let is_time = hour < 24 && minute < 60 && second < 60 && microsecond < 1_000_000;
        is_time.then_some(Time {
            hour,
            minute,
            second,
            microsecond,
            fold,
            zone: zone.filter(|zone| !zone.is_none()).map(TimeZone::new),
        })
    }

    /// What is to be subtracted to get UTC, where the pickle has it: see [`TimeZone::offset`].
    pub fn offset(&self) -> Option<TimeDelta> {
        self.zone?.offset()
    }
}

impl<'p, 'a> DateTime<'p, 'a> {
    /// `datetime(b'\x07\xe4\x0c\x1f\x17;;\x0fB?'[, tzinfo])` (`datetime_getstate` in CPython's `_datetimemodule.c`).
    pub(super) fn of(node: Node<'p, 'a>) -> Option<Self> {
        let call = call::<2>(node).filter(|call| call.known == Known::DateTime)?;
        let [high, low, month, day, rest @ ..] = state::<10>(call.args[0]?)?;
        // The highest bit of the month is the fold.
        let date = Date::of_state([high, low, month & 0x7f, day])?;
        let time = Time::of_state(month >> 7, rest.into_iter(), call.args[1])?;
        Some(DateTime { date, time })
    }

    /// What is to be subtracted to get UTC, where the pickle has it: see [`TimeZone::offset`].
    pub fn offset(&self) -> Option<TimeDelta> {
        self.time.offset()
    }
}

impl fmt::Display for Time<'_, '_> {
    /// Python's `str`: `01:02:03`, `01:02:03.000004+02:00`. A time zone whose offset is not in the pickle follows in brackets:
    /// `01:02:03[Europe/Berlin]`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}:{:02}", self.hour, self.minute, self.second)?;
        if self.microsecond > 0 {
            write!(f, ".{:06}", self.microsecond)?;
        }
        match (self.zone, self.offset()) {
            (_, Some(offset)) => offset.write_offset(f),
            (Some(zone), None) => write!(f, "[{zone}]"),
            (None, None) => Ok(()),
        }
    }
}

impl fmt::Display for DateTime<'_, '_> {
    /// Python's `str`: `2020-12-31 23:59:59.999999`, and the time zone as [`Time`] has it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.date, self.time)
    }
}

impl<'p, 'a> Node<'p, 'a> {
    /// The time of day that a `datetime.time` is.
    pub fn to_time(self) -> Option<Time<'p, 'a>> {
        Time::of(self)
    }

    /// The point in time that a `datetime.datetime` is.
    pub fn to_datetime(self) -> Option<DateTime<'p, 'a>> {
        DateTime::of(self)
    }
}
