//! Objects of everyday Python that are shown as what they are, not as the calls that make them.

use ndpickle::{Constructor, Items, Kind, Node, Pairs};

use super::strings::Peek;
use super::time;
use super::value;

/// What an object is.
pub(super) enum View<'p, 'a> {
    /// A dict with a class of its own, and what that takes.
    Mapping(&'static str, Entries<'p, 'a>),
    /// A set, spelled as a call with a list.
    Set(&'static str, Node<'p, 'a>),
    /// Bytes, spelled as a call: what kind, and their beginning.
    Bytes(&'static str, Peek),
    /// Something that is told in one line.
    Text(&'static str, String),
}

/// Where the entries of a mapping are.
pub(super) enum Entries<'p, 'a> {
    Own(Pairs<'p, 'a>),
    /// A list of pairs: Python 2's OrderedDict.
    Listed(Items<'p, 'a>),
}

pub(super) fn view<'p, 'a>(node: Node<'p, 'a>) -> Option<View<'p, 'a>> {
    let class = node.class()?;
    let args = node.args()?;
    let first = args.index(0);
    // Whatever hangs on the parts that such a view leaves out has to be shown.
    if has_popped(args) || first.is_some_and(has_popped) || node.callable().is_some_and(has_popped)
    {
        return None;
    }
    let module = class.module.as_ref();
    let module = module.strip_prefix("__").unwrap_or(module);
    match (module, class.name.as_ref()) {
        ("collections", "OrderedDict") => mapping(node, "OrderedDict"),
        ("collections", "defaultdict") => mapping(node, "defaultdict"),
        ("collections", "Counter") => mapping(node, "Counter"),
        ("builtin__" | "builtins", "set") => listed(first?).map(|list| View::Set("set", list)),
        ("builtin__" | "builtins", "frozenset") => {
            listed(first?).map(|list| View::Set("frozenset", list))
        }
        ("builtin__" | "builtins", "bytearray") => match (first, args.len()) {
            (None, _) => Some(View::Bytes("bytearray", Peek::default())),
            (Some(bytes), 1 | 2) => Some(View::Bytes("bytearray", raw(bytes)?)),
            _ => None,
        },
        ("builtin__" | "builtins", "bytes") if first.is_none() => {
            Some(View::Bytes("bytes", Peek::default()))
        }
        ("builtin__" | "builtins", "complex") if args.len() == 2 => {
            let part = |n| args.index(n)?.as_f64().map(value::complex_part);
            let (real, imaginary) = (part(0)?, part(1)?);
            let sign = if imaginary.starts_with('-') { "" } else { "+" };
            Some(View::Text("", format!("({real}{sign}{imaginary}j)")))
        }
        ("_codecs", "encode") => Some(View::Bytes("bytes", raw(node)?)),
        ("datetime", "datetime") => {
            let zone = args.index(1).map_or("", |_| " with a time zone");
            let text = time::datetime(&state(first?)?)?;
            Some(View::Text("datetime", text + zone))
        }
        ("datetime", "date") => Some(View::Text("date", time::day(&state(first?)?)?)),
        ("datetime", "time") if args.len() == 1 => {
            Some(View::Text("time", time::time(&state(first?)?)?))
        }
        ("uuid", "UUID") => uuid(node),
        _ => None,
    }
}

/// Whether something was made and thrown away here.
pub(super) fn has_popped(node: Node<'_, '_>) -> bool {
    node.popped().next().is_some() || node.popped_before().next().is_some()
}

fn mapping<'p, 'a>(node: Node<'p, 'a>, name: &'static str) -> Option<View<'p, 'a>> {
    let args = node.args()?;
    let entries = match (args.index(0), args.len()) {
        (None, _) => Entries::Own(node.pairs()),
        (Some(factory), 1) if name == "defaultdict" && factory.kind() == Kind::Global => {
            Entries::Own(node.pairs())
        }
        (Some(dict), 1) if name == "Counter" && dict.kind() == Kind::Dict => {
            Entries::Own(dict.pairs())
        }
        (Some(list), 1) if name == "OrderedDict" && list.kind() == Kind::List => {
            let is_pair = |pair: Node<'_, '_>| {
                matches!(pair.kind(), Kind::List | Kind::Tuple)
                    && pair.len() == 2
                    && !has_popped(pair)
            };
            if node.pairs().next().is_some() || !list.items().all(is_pair) {
                return None;
            }
            Entries::Listed(list.items())
        }
        _ => return None,
    };
    Some(View::Mapping(name, entries))
}

fn listed<'p, 'a>(list: Node<'p, 'a>) -> Option<Node<'p, 'a>> {
    matches!(list.kind(), Kind::List | Kind::Tuple).then_some(list)
}

/// The beginning of bytes, however a protocol spells them.
fn raw(node: Node<'_, '_>) -> Option<Peek> {
    match node.kind() {
        Kind::Bytes | Kind::ByteArray | Kind::Py2Str => Peek::bytes(&node.payload()?),
        Kind::Str => Peek::latin1(&node.payload()?),
        Kind::Object if is_encode(node) => Peek::latin1(&node.args()?.index(0)?.payload()?),
        _ => None,
    }
}

fn is_encode(node: Node<'_, '_>) -> bool {
    let is_latin1 = |node: Node<'_, '_>| matches!(node.as_str(), Some("latin1" | "latin-1"));
    node.constructor() == Some(Constructor::Reduce)
        && node
            .class()
            .is_some_and(|class| class.module == "_codecs" && class.name == "encode")
        && node.args().is_some_and(|args| {
            args.index(1).is_some_and(is_latin1)
                && args.index(0).is_some_and(|text| text.kind() == Kind::Str)
        })
}

/// A short state that is bytes.
fn state(node: Node<'_, '_>) -> Option<Vec<u8>> {
    let peek = raw(node)?;
    (peek.start.len() as u64 == peek.len).then_some(peek.start)
}

/// A UUID's state is its number.
fn uuid<'p, 'a>(node: Node<'p, 'a>) -> Option<View<'p, 'a>> {
    let state = node.states().last()?;
    let (_, bytes) = state.get("int")?.to_bigint()?.to_bytes_be();
    let mut digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    digits = format!("{digits:0>32}");
    let parts = [
        digits.get(..8)?,
        digits.get(8..12)?,
        digits.get(12..16)?,
        digits.get(16..20)?,
        digits.get(20..32)?,
    ];
    (digits.len() == 32).then(|| View::Text("UUID", parts.join("-")))
}
