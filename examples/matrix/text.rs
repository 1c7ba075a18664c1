//! Values as Python prints them.

use ndpickle::numpy::DType;
use ndpickle::{Kind, Node};

/// Bytes of their hexadecimal digits.
pub(crate) fn unhex(digits: &str) -> Vec<u8> {
    let pairs = digits.as_bytes().chunks(2);
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    pairs.filter_map(byte).collect()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A dtype as the manifests have it: `descr` in ASCII of one with fields (or `str`, where they overlap), `str` of others.
pub(crate) fn dtype(dtype: &DType) -> String {
    let Some(fields) = dtype.fields() else {
        return dtype.typestr();
    };
    if let Some(descr) = dtype.descr() {
        return ascii(&descr);
    }
    let list = |text: &dyn Fn(&ndpickle::numpy::Field) -> String| {
        let texts: Vec<String> = fields.iter().map(text).collect();
        format!("[{}]", texts.join(", "))
    };
    format!(
        "{{'names': {}, 'formats': {}, 'offsets': {}, 'itemsize': {}}}",
        list(&|field| format!("'{}'", field.name())),
        list(&|field| format!("'{}'", field.dtype().typestr())),
        list(&|field| field.offset().to_string()),
        dtype.itemsize()
    )
}

/// Python's `ascii` of a text that is a `repr` already.
fn ascii(text: &str) -> String {
    let escaped = text.chars().map(|c| match u32::from(c) {
        0..=0x7f => c.to_string(),
        code @ ..=0xff => format!("\\x{code:02x}"),
        code @ ..=0xffff => format!("\\u{code:04x}"),
        code => format!("\\U{code:08x}"),
    });
    escaped.collect()
}

/// Python's `ascii` of a plain value; `None` for others.
pub(crate) fn repr(node: Node<'_, '_>, py2: bool) -> Option<String> {
    let list = |open: &str, close: &str| {
        let items: Option<Vec<String>> = node.items().map(|item| repr(item, py2)).collect();
        Some(format!("{open}{}{close}", items?.join(", ")))
    };
    Some(match node.kind() {
        Kind::None => "None".into(),
        Kind::Bool => if node.as_bool()? { "True" } else { "False" }.into(),
        Kind::Int => {
            let long = if py2 && node.is_long() { "L" } else { "" };
            format!("{}{long}", node.to_bigint()?)
        }
        Kind::Float => float(node.as_f64()?),
        Kind::Str => {
            // Lone surrogates, which Rust's text cannot have, stand for themselves in the escaped form.
            let text = node.text().ok()?;
            let prefix = if py2 { "u" } else { "" };
            format!("{prefix}{}", ascii(&quoted(&text, |c| c.to_string())))
        }
        Kind::Py2Str => bytes(node.as_bytes()?),
        Kind::Bytes => format!("b{}", bytes(node.as_bytes()?)),
        Kind::Tuple if node.len() == 1 => list("(", ",)")?,
        Kind::Tuple => list("(", ")")?,
        Kind::List => list("[", "]")?,
        _ => return None,
    })
}

fn bytes(bytes: &[u8]) -> String {
    let text: String = bytes.iter().map(|byte| char::from(*byte)).collect();
    quoted(&text, |c| format!("\\x{:02x}", u32::from(c)))
}

/// A text in quotes; `high` is how a character above 0x7f is told.
fn quoted(text: &str, high: impl Fn(char) -> String) -> String {
    let quote = if text.contains('\'') && !text.contains('"') {
        '"'
    } else {
        '\''
    };
    let mut out = String::from(quote);
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\\' => out.push_str("\\\\"),
            _ if c == quote => out.extend(['\\', c]),
            ' '..='~' => out.push(c),
            '\0'..='\x7f' => out.push_str(&format!("\\x{:02x}", u32::from(c))),
            _ => out.push_str(&high(c)),
        }
    }
    out.push(quote);
    out
}

fn float(value: f64) -> String {
    let text = format!("{value:?}");
    match text.as_str() {
        "NaN" => "nan".into(),
        "inf" | "-inf" => text,
        // Rust has `1e16`, Python `1e+16`.
        _ => match text.split_once('e') {
            Some((digits, exponent)) if !exponent.starts_with('-') => {
                format!("{digits}e+{exponent:0>2}")
            }
            _ => text,
        },
    }
}
