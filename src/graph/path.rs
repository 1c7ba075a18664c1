//! Paths: where in the value something is, as a Python programmer would write it.

use super::node::{Kind, Node};
use crate::names::Known;
use crate::repr;
use crate::repr::wtf8::code_points;

/// One step from a node to one that it holds.
#[derive(Clone, Copy, Debug)]
pub enum Step<'p, 'a> {
    /// `[key]` of a dict.
    Key(Node<'p, 'a>),
    /// `.key[n]`: the key itself of a dict's entry.
    KeyOf(usize),
    /// `[n]` of a list or tuple.
    Index(usize),
    /// `{n}` of a set, in stored order.
    Element(usize),
    /// `.name`: an entry of a state dict.
    Attribute(Node<'p, 'a>),
    /// `.callable` of an object.
    Callable,
    /// `.args` of an object.
    Args,
    /// `.kwargs` of an object.
    Kwargs,
    /// `.items[n]`: appended to an object.
    Item(usize),
    /// `.state`: one that is no dict; a state dict is no step by itself.
    State,
    /// A part that is no step by itself: a state dict, or the list in a call that spells a set or a dict.
    Inside,
    /// `.slots`: the second dict of a state tuple.
    Slots,
    /// `.flat[n]`: an element of an object array in C order.
    Flat(usize),
    /// `.popped[n]`: made right above the node and thrown away.
    Popped(usize),
    /// `.pid` of a persistent object.
    PersistentId,
}

impl Step<'_, '_> {
    /// Appends the text of this step.
    pub fn write(&self, out: &mut String) {
        let numbered = |out: &mut String, before: &str, n: usize, after: &str| {
            out.push_str(before);
            out.push_str(&n.to_string());
            out.push_str(after);
        };
        match self {
            Step::Key(key) => {
                out.push('[');
                write_key(*key, out);
                out.push(']');
            }
            Step::KeyOf(n) => numbered(out, ".key[", *n, "]"),
            Step::Index(n) => numbered(out, "[", *n, "]"),
            Step::Element(n) => numbered(out, "{", *n, "}"),
            Step::Attribute(key) => {
                out.push('.');
                match key.raw_bytes().filter(|bytes| bytes.len() <= KEY_LIMIT) {
                    Some(bytes) => repr::push_lossy(bytes, out),
                    None => write_key(*key, out),
                }
            }
            Step::Callable => out.push_str(".callable"),
            Step::Args => out.push_str(".args"),
            Step::Kwargs => out.push_str(".kwargs"),
            Step::Item(n) => numbered(out, ".items[", *n, "]"),
            Step::State => out.push_str(".state"),
            Step::Inside => {}
            Step::Slots => out.push_str(".slots"),
            Step::Flat(n) => numbered(out, ".flat[", *n, "]"),
            Step::Popped(n) => numbered(out, ".popped[", *n, "]"),
            Step::PersistentId => out.push_str(".pid"),
        }
    }
}

/// How long the text of one key may become: keys are tuples of anything.
const KEY_LIMIT: usize = 4096;

/// Python's `repr` of a key, as far as a line can show it.
fn write_key(key: Node<'_, '_>, out: &mut String) {
    // Iterative, because tuples nest as deep as the input is long: what is left to write, topmost last.
    enum Left<'p, 'a> {
        Node(Node<'p, 'a>),
        Text(&'static str),
    }
    let start = out.len();
    let mut left = vec![Left::Node(key)];
    while let Some(next) = left.pop() {
        if out.len() - start > KEY_LIMIT {
            out.push('…');
            return;
        }
        let node = match next {
            Left::Text(text) => {
                out.push_str(text);
                continue;
            }
            Left::Node(node) => node,
        };
        match node.kind() {
            Kind::None => out.push_str("None"),
            Kind::Bool => out.push_str(if node.as_bool() == Some(true) {
                "True"
            } else {
                "False"
            }),
            Kind::Int => match node.to_bigint() {
                Some(value) if value.bits() < 4096 => out.push_str(&value.to_string()),
                _ => out.push_str("<int>"),
            },
            Kind::Float => out.push_str(&repr::float(node.as_f64().unwrap_or(f64::NAN))),
            Kind::Str => match node.raw_bytes() {
                Some(bytes) if bytes.len() > KEY_LIMIT => out.push_str("<long str>"),
                Some(bytes) => repr::push_plain_str(bytes, out),
                None => out.push_str("<str>"),
            },
            Kind::Py2Str | Kind::Bytes
                if node.byte_len().is_some_and(|len| len > KEY_LIMIT as u64) =>
            {
                out.push_str("<long bytes>");
            }
            Kind::Py2Str => out.push_str(&repr::py2_str(node.raw_bytes().unwrap_or_default())),
            Kind::Bytes => out.push_str(&repr::bytes(node.raw_bytes().unwrap_or_default())),
            Kind::Tuple => {
                let items: Vec<_> = node.items().take(KEY_LIMIT).collect();
                left.push(Left::Text(if items.len() == 1 { ",)" } else { ")" }));
                for (n, item) in items.iter().enumerate().rev() {
                    left.push(Left::Node(*item));
                    if n > 0 {
                        left.push(Left::Text(", "));
                    }
                }
                left.push(Left::Text("("));
            }
            Kind::FrozenSet => out.push_str("<frozenset>"),
            Kind::Global => {
                out.push_str(&node.global().map_or("<global>".into(), |g| g.to_string()))
            }
            Kind::Object if node.callable().map(Node::known) == Some(Known::Encode) => {
                // How protocols 0 to 2 spell bytes; text that is no latin-1 was never bytes.
                let text = node
                    .args()
                    .and_then(|args| args.index(0))
                    .and_then(|text| text.raw_bytes())
                    .unwrap_or_default();
                let bytes: Option<Vec<u8>> = code_points(text)
                    .map(|value| u8::try_from(value?).ok())
                    .collect();
                out.push_str(&bytes.map_or("<bytes>".into(), |bytes| repr::bytes(&bytes)));
            }
            _ => match node.class() {
                Some(class) => {
                    out.push('<');
                    out.push_str(&class.to_string());
                    out.push('>');
                }
                None => out.push_str("<object>"),
            },
        }
    }
}

impl Kind {
    /// What a node is, for errors.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Kind::None => "None",
            Kind::Bool => "a bool",
            Kind::Int => "an int",
            Kind::Float => "a float",
            Kind::Str => "a str",
            Kind::Py2Str => "a str of Python 2",
            Kind::Bytes => "a bytes object",
            Kind::ByteArray => "a bytearray",
            Kind::Tuple => "a tuple",
            Kind::List => "a list",
            Kind::Dict => "a dict",
            Kind::Set => "a set",
            Kind::FrozenSet => "a frozenset",
            Kind::Global => "a class or function",
            Kind::Persistent => "a persistent object",
            Kind::Extension => "an object of the extension registry",
            Kind::Buffer => "an out-of-band buffer",
            Kind::Object => "an object",
        }
    }
}
