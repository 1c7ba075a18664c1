//! Time zones.

use std::fmt;

use super::attribute::{Attribute, class_name};
use super::call::{call, is_call, text};
use super::span::TimeDelta;
use crate::graph::Node;
use crate::names::Known;

/// The time zone of an aware `datetime` or `time`, or one by itself.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum TimeZone<'p, 'a> {
    /// A `datetime.timezone`: an offset of less than a day from UTC, with or without a name.
    Fixed {
        /// What is to be subtracted to get UTC.
        offset: TimeDelta,
        /// The name it was given.
        name: Option<&'p str>,
    },
    /// A `zoneinfo.ZoneInfo` by its key, such as `Europe/Berlin`. Its offsets are in the time zone database, not in the pickle.
    Key(&'p str),
    /// An object of another class, such as those of pytz and dateutil.
    Other(Node<'p, 'a>),
}

impl<'p, 'a> TimeZone<'p, 'a> {
    /// The time zone that a node stands for where one is expected.
    pub(super) fn new(node: Node<'p, 'a>) -> Self {
        TimeZone::of(node).unwrap_or(TimeZone::Other(node))
    }

    /// A time zone of Python's own classes.
    pub(super) fn of(node: Node<'p, 'a>) -> Option<Self> {
        TimeZone::fixed(node).or_else(|| TimeZone::key(node))
    }

    /// `timezone(timedelta(0, 7200)[, name])`.
    fn fixed(node: Node<'p, 'a>) -> Option<Self> {
        let call = call::<2>(node).filter(|call| call.known == Known::TimeZone)?;
        let offset = TimeDelta::of(call.args[0]?)?;
        let name = match call.args[1] {
            Some(name) => Some(text(name)?),
            None => None,
        };
        let is_fixed = offset.total_microseconds().abs() < 86_400_000_000;
        is_fixed.then_some(TimeZone::Fixed { offset, name })
    }

    /// `ZoneInfo._unpickle(key, from_cache)`, where `ZoneInfo._unpickle` is a call of `getattr` (`ZoneInfo.__reduce__`).
    fn key(node: Node<'p, 'a>) -> Option<Self> {
        let unpickle = Attribute::of(node.callable()?).filter(|_| is_call(node))?;
        if unpickle.owner().known() != Known::ZoneInfo || unpickle.name() != "_unpickle" {
            return None;
        }
        match node.args()?.parts::<2>()? {
            (2, [Some(key), _]) => text(key).map(TimeZone::Key),
            _ => None,
        }
    }

    /// The offset from UTC, which a fixed one has; others have it by the day, and not in the pickle.
    pub fn offset(self) -> Option<TimeDelta> {
        match self {
            TimeZone::Fixed { offset, .. } => Some(offset),
            _ => None,
        }
    }
}

impl fmt::Display for TimeZone<'_, '_> {
    /// Python's `str`: `UTC`, `UTC+02:00`, or the name; the class of others.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TimeZone::Fixed {
                name: Some(name), ..
            } => f.write_str(name),
            TimeZone::Fixed { offset, .. } => {
                f.write_str("UTC")?;
                match offset.total_microseconds() {
                    0 => Ok(()),
                    _ => offset.write_offset(f),
                }
            }
            TimeZone::Key(key) => f.write_str(key),
            TimeZone::Other(node) => match node.callable().and_then(class_name) {
                Some(class) => write!(f, "{class}"),
                None => f.write_str("another time zone"),
            },
        }
    }
}
