//! Python objects that a dtype carries, as `descr` and `str` tell them: by their `repr`.

use crate::graph::{Kind, Node};
use crate::repr;

/// Levels and bytes of an object that is told; what is more is not.
const DEEPEST: usize = 8;
const LONGEST: usize = 1 << 12;

/// `repr` of a plain object; `None` of others, and of large ones. A str of Python 2 is told as one of Python 3.
pub(super) fn told(node: Node<'_, '_>) -> Option<String> {
    let mut out = String::new();
    push(node, 0, &mut out)?;
    Some(out)
}

fn push(node: Node<'_, '_>, depth: usize, out: &mut String) -> Option<()> {
    let is_long = node.byte_len().is_some_and(|len| len > LONGEST as u64);
    if depth > DEEPEST || is_long || out.len() > LONGEST {
        return None;
    }
    match node.kind() {
        Kind::None => out.push_str("None"),
        Kind::Bool => out.push_str(if node.as_bool()? { "True" } else { "False" }),
        Kind::Int => out.push_str(&node.as_i64()?.to_string()),
        Kind::Float => out.push_str(&repr::float(node.as_f64()?)),
        Kind::Str | Kind::Py2Str => out.push_str(&repr::str(node.raw_bytes()?)),
        Kind::Bytes => out.push_str(&repr::bytes(node.raw_bytes()?)),
        Kind::Tuple | Kind::List => {
            let (open, close) = match (node.kind(), node.len()) {
                (Kind::List, _) => ("[", "]"),
                (_, 1) => ("(", ",)"),
                _ => ("(", ")"),
            };
            out.push_str(open);
            for (n, item) in node.items().enumerate() {
                out.push_str(if n > 0 { ", " } else { "" });
                push(item, depth + 1, out)?;
            }
            out.push_str(close);
        }
        Kind::Dict => {
            out.push('{');
            for (n, (key, value)) in node.pairs().enumerate() {
                out.push_str(if n > 0 { ", " } else { "" });
                push(key, depth + 1, out)?;
                out.push_str(": ");
                push(value, depth + 1, out)?;
            }
            out.push('}');
        }
        Kind::Object => {
            let bytes = crate::python::bytes(node).ok()??;
            if bytes.len() > LONGEST as u64 {
                return None;
            }
            out.push_str(&repr::bytes(&bytes.to_vec().ok()?));
        }
        _ => return None,
    }
    Some(())
}
