//! The line of a node: its type, and its value as far as a line can show it.

use ndpickle::python::{Instance, View};
use ndpickle::{Global, Kind, Node};

use super::everyday::{self, Shown, has_popped};
use super::line::{ARRAY, BAD, DIM, Line, NUMBER, PLAIN, TEXT, TYPE};
use super::strings::{Peek, STRING, bytes, py2_bytes, string};
use super::{Limits, array, dtype, element, random};
use crate::text::{self, count};

/// Characters that a container may take which is shown in the line of its owner.
const INLINE: usize = 72;

/// Bits of an int that is shown in full.
const INT_BITS: u64 = 256;

/// What all lines of a document have in common.
#[derive(Clone, Copy)]
pub(super) struct Context {
    pub(super) limits: Limits,
    /// Where the pickle starts in the file.
    pub(super) base: u64,
    /// Whether Python 2 wrote it, whose longs are not ints.
    pub(super) py2: bool,
}

impl Context {
    pub(super) fn line(self, node: Node<'_, '_>) -> Line {
        if let Some((style, value, note)) = self.scalar(node) {
            return Line::new(style, value).with(DIM, note);
        }
        if let Some(inline) = self.inline(node) {
            return Line::new(PLAIN, inline);
        }
        if let Some(kind) = node.array_kind() {
            return array::line(node, kind, self.base);
        }
        if let Some(line) = dtype::line(node).or_else(|| random::line(node, self.base)) {
            return line;
        }
        let n = node.len() as u64;
        match node.kind() {
            Kind::Tuple => Line::new(TYPE, "tuple").with(DIM, count(n, "item", "items")),
            Kind::List => Line::new(TYPE, "list").with(DIM, count(n, "item", "items")),
            Kind::Set => Line::new(TYPE, "set").with(DIM, count(n, "item", "items")),
            Kind::FrozenSet => Line::new(TYPE, "frozenset").with(DIM, count(n, "item", "items")),
            Kind::Dict => Line::new(TYPE, "dict").with(DIM, count(n, "entry", "entries")),
            Kind::Persistent => self.persistent(node),
            _ => self.object(node),
        }
    }

    /// What was thrown away: a call has been made for its effect.
    pub(super) fn popped(self, node: Node<'_, '_>) -> Line {
        let mut line = self.line(node);
        let is_call = node.kind() == Kind::Object;
        let (style, what) = match is_call {
            true => (BAD, "popped call"),
            false => (DIM, "popped"),
        };
        let mut spans = Line::new(style, what).spans;
        spans.append(&mut line.columns);
        spans.append(&mut line.spans);
        line.spans = spans;
        match is_call {
            true => line.with(BAD, "(would run on load)"),
            false => line,
        }
    }

    fn persistent(self, node: Node<'_, '_>) -> Line {
        let line = Line::new(TYPE, "persistent id");
        let Some(id) = node.persistent_id().filter(|id| *id != node) else {
            let payload = node.payload();
            let start = payload.and_then(|payload| Peek::bytes(&payload));
            return line.with(TEXT, string(&start.unwrap_or_default()).0);
        };
        match self.inline_item(id, INLINE, 0) {
            Some(id) => line.with(PLAIN, id),
            None => line,
        }
    }

    fn object(self, node: Node<'_, '_>) -> Line {
        match everyday::view(node) {
            Some(Shown::Mapping(mapping)) => {
                let n = count(mapping.len() as u64, "entry", "entries");
                return Line::new(TYPE, everyday::mapping_name(mapping)).with(DIM, n);
            }
            Some(Shown::Set(set)) => {
                let name = if set.is_frozen() { "frozenset" } else { "set" };
                let n = count(set.len() as u64, "item", "items");
                return Line::new(TYPE, name).with(DIM, n);
            }
            Some(Shown::Deque(deque)) => {
                let bound = deque.maxlen().map(|len| format!("(maxlen={len})"));
                let n = count(deque.len() as u64, "item", "items");
                return Line::new(TYPE, format!("deque{}", bound.unwrap_or_default())).with(DIM, n);
            }
            Some(Shown::Bytes(name, peek)) => {
                let (value, note) = bytes(&peek, name);
                return Line::new(TEXT, value).with(DIM, note);
            }
            Some(Shown::Text(name, value, _)) => {
                return Line::default().with(TYPE, name).with(PLAIN, value);
            }
            None => {}
        }
        let name = self.call(node, 0);
        let mut notes = Vec::new();
        let attributes: usize = node.states().map(attributes).sum();
        let mut add = |n: usize, one, many| {
            if n > 0 {
                notes.push(count(n as u64, one, many));
            }
        };
        add(node.items().size_hint().0, "item", "items");
        add(node.pairs().size_hint().0, "entry", "entries");
        add(attributes, "attribute", "attributes");
        Line::new(TYPE, name).with(DIM, notes.join(", "))
    }

    /// The class of an instance, or a call with its arguments.
    fn call(self, node: Node<'_, '_>, depth: usize) -> String {
        // Calls of what calls return: the outermost few say what goes on.
        const DEEPEST: usize = 3;
        let instance = instance(node);
        let class = match instance.and_then(Instance::class) {
            Some(class) => class.to_string(),
            None => match node.callable() {
                Some(callable) if callable.kind() == Kind::Object && depth < DEEPEST => {
                    self.call(callable, depth + 1)
                }
                Some(callable) => self
                    .inline_item(callable, INLINE, 0)
                    .unwrap_or_else(|| "…".into()),
                None => "object".into(),
            },
        };
        let modules = ["builtins.", "__builtin__.", "exceptions."];
        let short = modules.iter().find_map(|module| class.strip_prefix(module));
        let class = text::safe(short.unwrap_or(&class)).into_owned();
        match self.inline_args(node) {
            Some(args) if args.is_empty() && instance.is_some() => class,
            Some(args) => format!("{class}({args})"),
            None => format!("{class}(…)"),
        }
    }

    /// The arguments of an object in a line; `None` where they take lines of their own.
    pub(super) fn inline_args(self, node: Node<'_, '_>) -> Option<String> {
        let args = node.args()?;
        if has_popped(args) {
            return None;
        }
        match instance(node) {
            // Of copyreg's calls what the class takes, if all else is names.
            Some(instance) if Some(instance.class_node()) != node.callable() => {
                let mut rest = args.items();
                let value = instance.value();
                let is_name = |arg: Node<'_, '_>| {
                    matches!(arg.kind(), Kind::Global | Kind::None) && !has_popped(arg)
                };
                let is_builtin =
                    |base: Global<'_>| matches!(base.module.as_ref(), "builtins" | "__builtin__");
                let is_bare = instance.args().next().is_none()
                    && instance.kwargs().next().is_none()
                    && instance.base().is_none_or(is_builtin);
                if !is_bare || !rest.all(|arg| Some(arg) == value || is_name(arg)) {
                    return None;
                }
                value.map_or(Some(String::new()), |value| {
                    self.inline_item(value, INLINE, 0)
                })
            }
            _ => self.inline_items(args, INLINE, 0),
        }
    }

    /// A container of plain values, if it is short enough for a line.
    pub(super) fn inline(self, node: Node<'_, '_>) -> Option<String> {
        if has_popped(node) {
            return None;
        }
        let items = || self.inline_items(node, INLINE, 0);
        Some(match node.kind() {
            Kind::List => format!("[{}]", items()?),
            Kind::Tuple => tuple(items()?, node.len()),
            Kind::Set if node.is_empty() => "set()".into(),
            Kind::Set => format!("{{{}}}", items()?),
            Kind::FrozenSet if node.is_empty() => "frozenset()".into(),
            Kind::FrozenSet => format!("frozenset({{{}}})", items()?),
            Kind::Dict if node.is_empty() => "{}".into(),
            _ => return None,
        })
    }

    fn inline_items(self, node: Node<'_, '_>, room: usize, depth: usize) -> Option<String> {
        let len = node.len();
        let (first, last) = self.limits.of(len);
        let more = len - first - last;
        let mut out = String::new();
        let mut push = |text: &str| {
            if !out.is_empty() {
                out.push_str(", ");
            }
            out.push_str(text);
            (text::width(&out) <= room).then_some(())
        };
        for item in node.items().take(first) {
            push(&self.inline_item(item, room, depth)?)?;
        }
        if more > 0 {
            push(&format!("… {} more", text::grouped(more as u64)))?;
            // What is left out must be as plain as what is shown: else it would never be seen.
            if !node.items().all(|item| is_plain(item)) {
                return None;
            }
        }
        for item in node.items().skip(len - last) {
            push(&self.inline_item(item, room, depth)?)?;
        }
        Some(out)
    }

    /// A value inside of a line: a plain one, or a tuple of such.
    fn inline_item(self, node: Node<'_, '_>, room: usize, depth: usize) -> Option<String> {
        const DEEPEST: usize = 3;
        if has_popped(node) {
            return None;
        }
        if let Some((_, value, note)) = self.scalar(node) {
            return note.is_empty().then_some(value);
        }
        match everyday::view(node) {
            Some(Shown::Bytes("bytes", peek)) => {
                let (value, note) = bytes(&peek, "bytes");
                return note.is_empty().then_some(value);
            }
            Some(Shown::Text("", value, None)) => return Some(value),
            Some(Shown::Text(name, value, None)) => return Some(format!("{name} {value}")),
            Some(_) => return None,
            None => {}
        }
        (node.kind() == Kind::Tuple && depth < DEEPEST)
            .then(|| self.inline_items(node, room, depth + 1))
            .flatten()
            .map(|items| tuple(items, node.len()))
    }

    /// A value that is one piece: its colour, its text, and what is to be said about it.
    fn scalar(self, node: Node<'_, '_>) -> Option<(anstyle::Style, String, String)> {
        let none = String::new();
        Some(match node.kind() {
            Kind::None => (NUMBER, "None".into(), none),
            Kind::Bool => {
                let text = if node.as_bool() == Some(true) {
                    "True"
                } else {
                    "False"
                };
                (NUMBER, text.into(), none)
            }
            Kind::Int => (NUMBER, self.int(node), none),
            Kind::Float => {
                let value = node.as_f64().unwrap_or(f64::NAN);
                (NUMBER, element::float_repr(value), none)
            }
            Kind::Str => {
                let (value, note) = string(&Peek::bytes(&node.payload()?)?);
                (TEXT, value, note)
            }
            Kind::Py2Str => {
                let peek = Peek::bytes(&node.payload()?)?;
                // Short ones are text or are not; of long ones the beginning has to tell.
                let is_text = match peek.start.len() as u64 == peek.len {
                    true => node.text().is_ok(),
                    false => peek.start.is_ascii(),
                };
                let (value, note) = match (is_text, node.text()) {
                    (true, Ok(text)) if !peek.start.is_ascii() => string(&Peek {
                        start: text.as_bytes().to_vec(),
                        len: text.len() as u64,
                    }),
                    (true, _) => string(&peek),
                    (false, _) => py2_bytes(&peek),
                };
                (TEXT, value, note)
            }
            Kind::Bytes => {
                let (value, note) = bytes(&Peek::bytes(&node.payload()?)?, "bytes");
                (TEXT, value, note)
            }
            Kind::ByteArray => {
                let (value, note) = bytes(&Peek::bytes(&node.payload()?)?, "bytearray");
                (TEXT, value, note)
            }
            Kind::Global => {
                if let Some(View::Constant(constant)) = node.python() {
                    return Some((NUMBER, constant.to_string(), none));
                }
                let name = node.global()?.to_string();
                (
                    TYPE,
                    text::shortened(&text::safe(&name), STRING).into_owned(),
                    none,
                )
            }
            Kind::Extension => {
                let code = node.extension()?;
                (TYPE, format!("extension code {code}"), none)
            }
            Kind::Buffer => {
                let (index, read_only) = node.buffer()?;
                let note = if read_only { "read-only" } else { "" };
                (ARRAY, format!("out-of-band buffer {index}"), note.into())
            }
            _ => return None,
        })
    }

    fn int(self, node: Node<'_, '_>) -> String {
        let long = if self.py2 && node.is_long() { "L" } else { "" };
        match (node.as_i64(), node.to_bigint()) {
            (Some(value), _) => format!("{value}{long}"),
            (None, Some(value)) if value.bits() <= INT_BITS => format!("{value}{long}"),
            (None, Some(value)) => format!("int of {} bits", text::grouped(value.bits())),
            (None, None) => "int".into(),
        }
    }
}

/// Whether a node is one piece that says all in a line.
fn is_plain(node: Node<'_, '_>) -> bool {
    let holds = matches!(
        node.kind(),
        Kind::List | Kind::Dict | Kind::Set | Kind::FrozenSet | Kind::Object | Kind::Persistent
    );
    !holds && !has_popped(node)
}

fn tuple(items: String, len: usize) -> String {
    match len {
        1 => format!("({items},)"),
        _ => format!("({items})"),
    }
}

/// An object that a class's `__new__` makes, the class known by name.
fn instance<'p, 'a>(node: Node<'p, 'a>) -> Option<Instance<'p, 'a>> {
    match node.python() {
        Some(View::Instance(instance)) if !instance.is_call() => {
            instance.class().is_some().then_some(instance)
        }
        _ => None,
    }
}

/// How many attributes a state is.
fn attributes(state: Node<'_, '_>) -> usize {
    match state.kind() {
        Kind::Dict => state.len(),
        Kind::Tuple if state.len() == 2 => state
            .items()
            .filter(|part| part.kind() == Kind::Dict)
            .map(Node::len)
            .sum(),
        _ => 0,
    }
}
