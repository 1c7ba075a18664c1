//! Values as text: for people who debug, and in paths.

use std::fmt;

use super::{Object, Value};
use crate::repr;

/// How long the text of one value may become.
const LIMIT: usize = 4096;

impl fmt::Debug for Value {
    /// About what Python would print, up to some thousand characters.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = String::new();
        write(self, &mut out);
        f.write_str(&out)
    }
}

/// What is left to write, topmost last.
enum Left<'v> {
    Value(&'v Value),
    Text(&'static str),
}

fn write(value: &Value, out: &mut String) {
    let start = out.len();
    let mut left = vec![Left::Value(value)];
    while let Some(next) = left.pop() {
        if out.len() - start > LIMIT {
            out.push('…');
            return;
        }
        match next {
            Left::Text(text) => out.push_str(text),
            Left::Value(value) => write_one(value, out, &mut left),
        }
    }
}

fn write_one<'v>(value: &'v Value, out: &mut String, left: &mut Vec<Left<'v>>) {
    let long = |len: usize| len > LIMIT;
    match value {
        Value::None => out.push_str("None"),
        Value::Bool(value) => out.push_str(if *value { "True" } else { "False" }),
        Value::Int(value) => out.push_str(&value.to_string()),
        // More digits take quadratic time.
        Value::BigInt(value) if value.bits() < LIMIT as u64 => out.push_str(&value.to_string()),
        Value::BigInt(_) => out.push_str("<int>"),
        Value::Float(value) => out.push_str(&repr::float(*value)),
        Value::Complex(value) => out.push_str(&crate::python::Complex(*value).to_string()),
        Value::Str(text) if long(text.len()) => out.push_str("<long str>"),
        Value::SurrogateStr(bytes) if long(bytes.len()) => out.push_str("<long str>"),
        Value::Str(text) => repr::push_plain_str(text.as_bytes(), out),
        Value::SurrogateStr(bytes) => repr::push_plain_str(bytes, out),
        Value::Py2Str(bytes) | Value::Bytes(bytes) | Value::ByteArray(bytes)
            if long(bytes.len()) =>
        {
            out.push_str("<long bytes>");
        }
        Value::Py2Str(bytes) => out.push_str(&repr::py2_str(bytes)),
        Value::Bytes(bytes) => out.push_str(&repr::bytes(bytes)),
        Value::ByteArray(bytes) => {
            out.push_str("bytearray(");
            out.push_str(&repr::bytes(bytes));
            out.push(')');
        }
        Value::Array(array) => out.push_str(&format!("{array:?}")),
        Value::Global(global) => out.push_str(&repr::name(&global.to_string())),
        Value::Extension(code) => out.push_str(&format!("<extension {code}>")),
        Value::Tuple(items) => {
            let end = if items.len() == 1 { ",)" } else { ")" };
            open("(", items, end, left);
        }
        Value::List(items) => open("[", items, "]", left),
        Value::Set(items) if items.is_empty() => out.push_str("set()"),
        Value::FrozenSet(items) if items.is_empty() => out.push_str("frozenset()"),
        Value::Set(items) => open("{", items, "}", left),
        Value::FrozenSet(items) => open("frozenset({", items, "})", left),
        Value::Dict(pairs) => open_pairs("{", pairs, "}", left),
        Value::Objects(array) => open("array([", &array.items, "])", left),
        Value::Persistent(pid) => {
            left.extend([Left::Text(")"), Left::Value(pid), Left::Text("persistent(")]);
        }
        Value::Object(object) => open_object(object, left),
    }
}

/// Items in brackets, as many as there is room for.
fn open<'v>(start: &'static str, items: &'v [Value], end: &'static str, left: &mut Vec<Left<'v>>) {
    left.push(Left::Text(end));
    for (n, item) in items.iter().enumerate().take(LIMIT).rev() {
        left.push(Left::Value(item));
        if n > 0 {
            left.push(Left::Text(", "));
        }
    }
    left.push(Left::Text(start));
}

fn open_pairs<'v>(
    start: &'static str,
    pairs: &'v [(Value, Value)],
    end: &'static str,
    left: &mut Vec<Left<'v>>,
) {
    left.push(Left::Text(end));
    for (n, (key, value)) in pairs.iter().enumerate().take(LIMIT).rev() {
        left.extend([Left::Value(value), Left::Text(": "), Left::Value(key)]);
        if n > 0 {
            left.push(Left::Text(", "));
        }
    }
    left.push(Left::Text(start));
}

/// `callable(args)`, and what it was given then.
fn open_object<'v>(object: &'v Object, left: &mut Vec<Left<'v>>) {
    for state in object.states.iter().take(LIMIT).rev() {
        left.extend([Left::Value(state), Left::Text(" with ")]);
    }
    if !object.pairs.is_empty() {
        open_pairs(" {", &object.pairs, "}", left);
    }
    if !object.items.is_empty() {
        open(" [", &object.items, "]", left);
    }
    if !object.kwargs.is_empty() {
        open_pairs(" **{", &object.kwargs, "}", left);
    }
    open("(", &object.args, ")", left);
    left.push(Left::Value(&object.callable));
}

/// Appends the step from a value to its `n`th part, as [`Step`](crate::Step) writes those of nodes; `parent` is what holds the value,
/// at which place.
pub(super) fn write_step(
    parent: Option<(&Value, usize)>,
    value: &Value,
    n: usize,
    out: &mut String,
) {
    match value {
        Value::Tuple(_) | Value::List(_) => out.push_str(&format!("[{n}]")),
        Value::Set(_) | Value::FrozenSet(_) => out.push_str(&format!("{{{n}}}")),
        Value::Objects(_) => out.push_str(&format!(".flat[{n}]")),
        Value::Persistent(_) => out.push_str(".pid"),
        Value::Dict(pairs) => {
            let is_state =
                matches!(parent, Some((Value::Object(object), at)) if is_state(object, at));
            write_pair(pairs, n, is_state, out);
        }
        Value::Object(object) => write_object_step(object, value.part(n), n, out),
        _ => {}
    }
}

/// Whether an object has a state at this place.
fn is_state(object: &Object, n: usize) -> bool {
    let first = object.counts().before_states();
    (first..first + object.states.len()).contains(&n)
}

fn write_pair(pairs: &[(Value, Value)], n: usize, is_attribute: bool, out: &mut String) {
    let key = pairs.get(n / 2).map(|(key, _)| key);
    match key.filter(|_| n % 2 == 1) {
        None => out.push_str(&format!(".key[{}]", n / 2)),
        Some(Value::Str(name)) if is_attribute && name.len() <= LIMIT => {
            out.push('.');
            repr::push_lossy(name.as_bytes(), out);
        }
        Some(key) => {
            out.push('[');
            write(key, out);
            out.push(']');
        }
    }
}

fn write_object_step(object: &Object, part: Option<&Value>, n: usize, out: &mut String) {
    let Some(n) = n.checked_sub(1) else {
        out.push_str(".callable");
        return;
    };
    let Some(n) = n.checked_sub(object.args.len()) else {
        out.push_str(&format!(".args[{n}]"));
        return;
    };
    let Some(n) = n.checked_sub(2 * object.kwargs.len()) else {
        out.push_str(".kwargs");
        write_pair(&object.kwargs, n, false, out);
        return;
    };
    let Some(n) = n.checked_sub(object.states.len()) else {
        // The entries of a state dict are attributes.
        if !matches!(part, Some(Value::Dict(_))) {
            out.push_str(".state");
        }
        return;
    };
    match n.checked_sub(object.items.len()) {
        None => out.push_str(&format!(".items[{n}]")),
        Some(n) => write_pair(&object.pairs, n, false, out),
    }
}
