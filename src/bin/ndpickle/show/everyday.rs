//! Objects of everyday Python that are shown as what they are, not as the calls that make them.

use ndpickle::python::{Mapping, MappingKind, Sequence, Set, TimeZone, View};
use ndpickle::{Kind, Node};

use super::strings::{Peek, STRING};
use crate::text;

/// What an object is shown as.
pub(super) enum Shown<'p, 'a> {
    /// The name of the type, where the text does not say it, and the text; a time zone that is an object of its own.
    Text(&'static str, String, Option<Node<'p, 'a>>),
    /// Bytes that are spelled as a call: what kind, and their beginning.
    Bytes(&'static str, Peek),
    /// A dict with a class of its own.
    Mapping(Mapping<'p, 'a>),
    /// A set that is spelled as a call.
    Set(Set<'p, 'a>),
    /// A deque.
    Deque(Sequence<'p, 'a>),
}

/// What an object is shown as, unless that would hide a part of it which was made up.
pub(super) fn view<'p, 'a>(node: Node<'p, 'a>) -> Option<Shown<'p, 'a>> {
    if node.kind() != Kind::Object {
        return None;
    }
    let view = node.python()?;
    let shown = match &view {
        View::Mapping(mapping) => {
            return is_whole_mapping(node, *mapping).then_some(Shown::Mapping(*mapping));
        }
        View::Set(set) => return is_whole(node, set.len()).then_some(Shown::Set(*set)),
        View::Sequence(deque) => {
            return is_whole(node, deque.len()).then_some(Shown::Deque(*deque));
        }
        View::Bytes(bytes) => Shown::Bytes("bytes", Peek::of(bytes)?),
        View::ByteArray(bytes) => Shown::Bytes("bytearray", Peek::of(bytes)?),
        view => {
            let (name, long) = line(view)?;
            let zone = match view {
                View::Time(time) => time.zone,
                View::DateTime(moment) => moment.time.zone,
                _ => None,
            };
            let zone = match zone {
                Some(TimeZone::Other(zone)) => Some(zone),
                _ => None,
            };
            let text = text::shortened(&text::safe(&long), STRING).into_owned();
            Shown::Text(name, text, zone)
        }
    };
    let shown_below = match shown {
        Shown::Text(_, _, zone) => zone,
        _ => None,
    };
    is_told(node, matches!(view, View::Uuid(_)), shown_below).then_some(shown)
}

/// The type and the text of an object that is told in a line.
fn line(view: &View<'_, '_>) -> Option<(&'static str, String)> {
    Some(match view {
        View::Complex(value) => ("", value.to_string()),
        View::Decimal(value) => ("Decimal", value.to_string()),
        View::Fraction(value) => ("Fraction", value.to_string()),
        View::Range(value) => ("", value.to_string()),
        View::Slice(value) => {
            let is_told = |part: &Node<'_, '_>| matches!(part.kind(), Kind::None | Kind::Int);
            let parts = [value.start, value.stop, value.step];
            return parts.iter().all(is_told).then(|| ("", value.to_string()));
        }
        View::Date(value) => ("date", value.to_string()),
        View::Time(value) => ("time", value.to_string()),
        View::DateTime(value) => ("datetime", value.to_string()),
        View::TimeDelta(value) => ("timedelta", value.to_string()),
        View::TimeZone(value @ TimeZone::Key(_)) => ("ZoneInfo", value.to_string()),
        View::TimeZone(value) => ("timezone", value.to_string()),
        View::Uuid(value) => ("UUID", value.to_string()),
        View::Path(value) => (value.kind().name(), value.to_string()),
        _ => return None,
    })
}

/// The name of a mapping, with the factory that a `defaultdict` has.
pub(super) fn mapping_name(mapping: Mapping<'_, '_>) -> String {
    let factory = mapping.factory().and_then(Node::global);
    match (mapping.kind(), factory) {
        (MappingKind::DefaultDict, Some(factory)) => {
            format!("defaultdict({})", text::safe(&factory.name))
        }
        (MappingKind::DefaultDict, None) => "defaultdict".into(),
        (MappingKind::Counter, _) => "Counter".into(),
        (MappingKind::OrderedDict, _) => "OrderedDict".into(),
        _ => "dict".into(),
    }
}

/// Whether something was made and thrown away here.
pub(super) fn has_popped(node: Node<'_, '_>) -> bool {
    node.popped().next().is_some() || node.popped_before().next().is_some()
}

/// Whether a line that tells an object tells all of it: nothing was put into it, given to it as state (but the number of a UUID)
/// or thrown away among its parts. What is shown below is no matter.
fn is_told(node: Node<'_, '_>, is_uuid: bool, shown_below: Option<Node<'_, '_>>) -> bool {
    // Such objects have few parts, but for paths.
    const PARTS: usize = 4096;
    let states = node.states().count();
    let is_attribute = |name: Node<'_, '_>| matches!(name.as_str(), Some("int" | "is_safe"));
    let is_state = |state: Node<'_, '_>| state.pairs().all(|(name, _)| is_attribute(name));
    if (states > 0) != is_uuid || states > 1 || !node.states().all(is_state) {
        return false;
    }
    let mut parts = vec![node];
    let mut seen = 0;
    while let Some(part) = parts.pop() {
        if Some(part) == shown_below {
            continue;
        }
        seen += 1;
        let is_plain = match part.kind() {
            Kind::Object => part.items().next().is_none() && part.pairs().next().is_none(),
            Kind::List | Kind::Set | Kind::FrozenSet | Kind::Persistent => false,
            _ => true,
        };
        if seen > PARTS || !is_plain || (part != node && has_popped(part)) {
            return false;
        }
        parts.extend(part.callable());
        parts.extend(part.args());
        parts.extend(part.kwargs());
        parts.extend(part.states().take(PARTS));
        if part.kind() == Kind::Tuple {
            parts.extend(part.items().take(PARTS + 1));
        }
        for (key, value) in part.pairs().take(PARTS) {
            parts.extend([key, value]);
        }
    }
    true
}

/// Whether all of a set's or deque's items are in one place, which is shown, and nothing else was put there.
fn is_whole(node: Node<'_, '_>, len: usize) -> bool {
    let appended = node.items().size_hint().0;
    let first = node.args().and_then(|args| args.index(0));
    let listed = first.map_or(0, Node::len);
    appended.min(listed) == 0
        && appended + listed == len
        && node.pairs().next().is_none()
        && has_clean_arguments(node)
}

fn is_whole_mapping(node: Node<'_, '_>, mapping: Mapping<'_, '_>) -> bool {
    let is_named = mapping
        .factory()
        .is_none_or(|factory| factory.kind() == Kind::Global);
    let list = node
        .args()
        .and_then(|args| args.index(0))
        .filter(|list| matches!(list.kind(), Kind::List | Kind::Tuple));
    let is_pair = |pair: Node<'_, '_>| {
        matches!(pair.kind(), Kind::List | Kind::Tuple) && pair.len() == 2 && !has_popped(pair)
    };
    let set = node.pairs().size_hint().0;
    is_named
        && (set == 0 || set == mapping.len())
        && node.items().next().is_none()
        && has_clean_arguments(node)
        && list.is_none_or(|list| list.items().all(is_pair))
}

/// Whether nothing was thrown away among a call and its few arguments.
fn has_clean_arguments(node: Node<'_, '_>) -> bool {
    let arguments = node.args().into_iter().flat_map(Node::items);
    let mut parts = node
        .callable()
        .into_iter()
        .chain(node.args())
        .chain(arguments);
    !parts.any(has_popped)
}
