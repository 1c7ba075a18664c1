//! Calls of known globals, which most views are made of, and what stands in their arguments.

use std::fmt;

use crate::graph::{Constructor, Kind, Node};
use crate::names::Known;

/// A call with the first `N` of its arguments.
pub(super) struct Call<'p, 'a, const N: usize> {
    pub(super) known: Known,
    pub(super) args: [Option<Node<'p, 'a>>; N],
}

/// The call that made an object, of at most `N` arguments. NEWOBJ is none: it leaves out `__init__`.
pub(super) fn call<'p, 'a, const N: usize>(node: Node<'p, 'a>) -> Option<Call<'p, 'a, N>> {
    let (callable, args) = call_of_any(node)?;
    let (len, args) = args.parts::<N>()?;
    let known = callable.known();
    (len <= N).then_some(Call { known, args })
}

/// What was called, and with which tuple.
pub(super) fn call_of_any<'p, 'a>(node: Node<'p, 'a>) -> Option<(Node<'p, 'a>, Node<'p, 'a>)> {
    is_call(node).then(|| Some((node.callable()?, node.args()?)))?
}

/// What was called, by name. Once dill is imported, `pickle.py` and dill itself name types of Python's own by a call, so that
/// empty bytes are `_load_type('bytes')()` below protocol 3.
pub(crate) fn callee(node: Node<'_, '_>) -> Option<Known> {
    let callable = node.callable()?;
    match callable.kind() {
        Kind::Object => {
            let name = call::<1>(callable).filter(|call| call.known == Known::LoadType);
            let name = name.and_then(|call| call.args[0]).and_then(text);
            name.map(|name| Known::of(b"builtins", name.as_bytes()))
        }
        _ => Some(callable.known()),
    }
}

/// Whether an object was made by calling something: INST and OBJ call their class, as REDUCE does.
pub(super) fn is_call(node: Node<'_, '_>) -> bool {
    matches!(
        node.constructor(),
        Some(Constructor::Reduce | Constructor::Inst | Constructor::Obj)
    )
}

/// A text that Python itself put into a pickle, and which is ASCII in either Python: the option for Python 2's str is no matter.
pub(super) fn text<'p>(node: Node<'p, '_>) -> Option<&'p str> {
    if !matches!(node.kind(), Kind::Str | Kind::Py2Str) {
        return None;
    }
    std::str::from_utf8(node.raw_bytes()?).ok()
}

/// The most digits that Python converts between ints and text (`sys.int_info.default_max_str_digits`). Numbers in text that are
/// longer make no view, and ints that are longer have no text.
pub(super) const MAX_DIGITS: usize = 4300;

/// Bytes of an int that has at most so many digits, a sign among them.
const MAX_BYTES: u64 = (MAX_DIGITS as u64 * 3322 / 1000) / 8 + 1;

/// Whether a node is an int that is in memory; `None` otherwise, else its sign.
pub(super) fn sign(node: Node<'_, '_>) -> Option<i64> {
    if node.kind() != Kind::Int {
        return None;
    }
    match node.as_i64() {
        Some(value) => Some(value.signum()),
        None => Some(if *node.raw_bytes()?.last()? < 0x80 {
            1
        } else {
            -1
        }),
    }
}

/// Writes an int as Python does, or says how long one is that has no text there.
pub(super) fn write_int(node: Node<'_, '_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    if let Some(value) = node.as_i64() {
        return write!(f, "{value}");
    }
    let len = node.byte_len().unwrap_or_default();
    match node.to_bigint().filter(|_| len <= MAX_BYTES) {
        Some(value) => write!(f, "{value}"),
        None => write!(f, "<int of {len} bytes>"),
    }
}
