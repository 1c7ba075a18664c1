//! What an object is.

use super::attribute::Attribute;
use super::bytes::{Bytes, bytes};
use super::call::{callee, is_call};
use super::complex::Complex;
use super::constant::Constant;
use super::date::Date;
use super::decimal::Decimal;
use super::fraction::Fraction;
use super::instance::Instance;
use super::mapping::Mapping;
use super::path::Path;
use super::range::{Range, Slice};
use super::sequence::Sequence;
use super::set::Set;
use super::span::TimeDelta;
use super::time::{DateTime, Time};
use super::uuid::Uuid;
use super::zone::TimeZone;
use crate::graph::{Kind, Node};
use crate::names::Known;

/// An everyday object of Python, however its pickle spells it: what [`Node::python`] gives.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum View<'p, 'a> {
    /// A `complex`.
    Complex(Complex),
    /// A `decimal.Decimal`.
    Decimal(Decimal<'p>),
    /// A `fractions.Fraction`.
    Fraction(Fraction<'p, 'a>),
    /// A `range`, or Python 2's `xrange`.
    Range(Range<'p, 'a>),
    /// A `slice`.
    Slice(Slice<'p, 'a>),
    /// A `datetime.date`.
    Date(Date),
    /// A `datetime.time`.
    Time(Time<'p, 'a>),
    /// A `datetime.datetime`.
    DateTime(DateTime<'p, 'a>),
    /// A `datetime.timedelta`.
    TimeDelta(TimeDelta),
    /// A `datetime.timezone` or `zoneinfo.ZoneInfo`.
    TimeZone(TimeZone<'p, 'a>),
    /// A `uuid.UUID`.
    Uuid(Uuid),
    /// A path of `pathlib`.
    Path(Path<'p, 'a>),
    /// A `bytes`.
    Bytes(Bytes<'a>),
    /// A `bytearray`.
    ByteArray(Bytes<'a>),
    /// A `list`, `tuple` or `collections.deque`.
    Sequence(Sequence<'p, 'a>),
    /// A `set` or `frozenset`.
    Set(Set<'p, 'a>),
    /// A `dict`, or an `OrderedDict`, `defaultdict` or `Counter` of `collections`.
    Mapping(Mapping<'p, 'a>),
    /// `Ellipsis`, `NotImplemented`, `type(None)`.
    Constant(Constant),
    /// An attribute of another object, by name: a nested class, a bound method, an enum member.
    Attribute(Attribute<'p, 'a>),
    /// One of Python's own exceptions. Those of users are instances as any other.
    Exception(Instance<'p, 'a>),
    /// Any other object: an instance of a class that is known by its name, or a call.
    Instance(Instance<'p, 'a>),
}

impl<'p, 'a> Node<'p, 'a> {
    /// What this node is in Python, in whichever way it is spelled.
    ///
    /// `None` of what a node tells by itself (`None`, bools, ints, floats, texts, also those of Python 2; classes and functions by
    /// name, persistent ids, extension codes and buffers: see [`kind`](Node::kind)) and of NumPy's arrays and scalars, which
    /// [`array`](Node::array) takes. Nothing is copied, and little is looked at; a text that spells bytes is read once.
    ///
    /// # Examples
    ///
    /// ```
    /// use ndpickle::{Pickle, python::View};
    /// // datetime.timedelta(1, 2) in protocol 2
    /// let pickle = Pickle::parse(b"\x80\x02cdatetime\ntimedelta\nK\x01K\x02K\x00\x87R.")?;
    /// let Some(View::TimeDelta(delta)) = pickle.root().python() else { panic!() };
    /// assert_eq!((delta.days, delta.to_string()), (1, "1 day, 0:00:02".into()));
    /// # Ok::<(), ndpickle::Error>(())
    /// ```
    pub fn python(self) -> Option<View<'p, 'a>> {
        match self.kind() {
            Kind::Bytes => bytes(self).ok()?.map(View::Bytes),
            Kind::ByteArray => bytes(self).ok()?.map(View::ByteArray),
            Kind::List | Kind::Tuple => Sequence::of(self).map(View::Sequence),
            Kind::Set | Kind::FrozenSet => Set::of(self).map(View::Set),
            Kind::Dict => Mapping::of(self).map(View::Mapping),
            Kind::Global => Constant::of(self).map(View::Constant),
            Kind::Object => known(self).or_else(|| instance(self)),
            _ => None,
        }
    }
}

/// The view of an object that a known global makes.
fn known<'p, 'a>(node: Node<'p, 'a>) -> Option<View<'p, 'a>> {
    match node.class_node()?.known() {
        Known::Uuid => return Uuid::of(node).map(View::Uuid),
        Known::Unknown => {
            return match callee(node) {
                Some(Known::Bytes) => bytes(node).ok()?.map(View::Bytes),
                Some(Known::ByteArray) => bytes(node).ok()?.map(View::ByteArray),
                // `ZoneInfo._unpickle`, which is no global.
                _ => TimeZone::of(node).map(View::TimeZone),
            };
        }
        _ => {}
    }
    Some(match node.callable()?.known() {
        Known::Complex => View::Complex(Complex::of(node)?),
        Known::Decimal => View::Decimal(Decimal::of(node)?),
        Known::Fraction => View::Fraction(Fraction::of(node)?),
        Known::Range => View::Range(Range::of(node)?),
        Known::Slice => View::Slice(Slice::of(node)?),
        Known::Date => View::Date(Date::of(node)?),
        Known::Time => View::Time(Time::of(node)?),
        Known::DateTime => View::DateTime(DateTime::of(node)?),
        Known::TimeDelta => View::TimeDelta(TimeDelta::of(node)?),
        Known::TimeZone => View::TimeZone(TimeZone::of(node)?),
        Known::Path => View::Path(Path::of(node)?),
        Known::Encode | Known::Bytes if is_call(node) => View::Bytes(bytes(node).ok()??),
        Known::ByteArray if is_call(node) => View::ByteArray(bytes(node).ok()??),
        Known::Deque => View::Sequence(Sequence::of(node)?),
        Known::Set | Known::FrozenSet => View::Set(Set::of(node)?),
        Known::OrderedDict | Known::DefaultDict | Known::Counter => {
            View::Mapping(Mapping::of(node)?)
        }
        Known::Type => View::Constant(Constant::of(node)?),
        Known::GetAttr => View::Attribute(Attribute::of(node)?),
        _ => return None,
    })
}

fn instance<'p, 'a>(node: Node<'p, 'a>) -> Option<View<'p, 'a>> {
    if node.array_kind().is_some() {
        return None;
    }
    match node.callable()?.known() {
        Known::Exception if is_call(node) => Instance::of(node).map(View::Exception),
        _ => Instance::of(node).map(View::Instance),
    }
}
