//! What an error says was found: kinds, classes and dtypes, never values.

use std::fmt::Display;

use serde::de::{Expected, Unexpected};

use crate::error::Error;
use crate::graph::{Global, Kind, Node};
use crate::numpy::{ByteOrder, DType, ElementKind, NdArray};
use crate::python::View;
use crate::repr;

/// The most characters of a name that is in the document.
const MOST: usize = 100;

/// What a node is, for an error.
pub(super) fn found(node: Node<'_, '_>) -> String {
    if node.array_kind().is_some() {
        return match node.array() {
            Ok(array) => told(&array),
            Err(error) => format!("a damaged array ({})", error.kind()),
        };
    }
    match node.kind() {
        Kind::None => "None".into(),
        Kind::Bool => "a bool".into(),
        Kind::Int => "an int".into(),
        Kind::Float => "a float".into(),
        Kind::Str => "a str".into(),
        Kind::Py2Str => "a str of Python 2".into(),
        Kind::Bytes => "bytes".into(),
        Kind::ByteArray => "a bytearray".into(),
        Kind::Tuple => "a tuple".into(),
        Kind::List => "a list".into(),
        Kind::Dict => "a dict".into(),
        Kind::Set => "a set".into(),
        Kind::FrozenSet => "a frozenset".into(),
        Kind::Global => format!("{}, a class or function", class(node)),
        Kind::Persistent => "a persistent id".into(),
        Kind::Extension => "an extension code".into(),
        Kind::Buffer => "an out-of-band buffer".into(),
        Kind::Object => match node.python() {
            Some(View::Bytes(_)) => "bytes".into(),
            Some(View::ByteArray(_)) => "a bytearray".into(),
            Some(View::Instance(instance)) if instance.is_call() => {
                format!("a call of {}", class(node))
            }
            _ => format!("an object of {}", class(node)),
        },
    }
}

fn class(node: Node<'_, '_>) -> String {
    class_of(node).map_or("an unknown class".into(), |class| {
        repr::name(&short(&class.to_string()))
    })
}

/// The class of an object, what is called, or the global that the node is: by its name in Python 3.
pub(super) fn class_of<'p>(node: Node<'p, '_>) -> Option<Global<'p>> {
    let class = match node.python() {
        Some(View::Instance(instance) | View::Exception(instance)) => instance.class(),
        _ => node.global().or_else(|| node.class()),
    };
    Some(class?.in_python_3(node.graph.dialect.protocol))
}

/// A name of the document, cut if it is long.
fn short(name: &str) -> String {
    match name.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.into(),
    }
}

/// Type and shape of an array as NumPy says it: `float32 (3, 4)`.
pub(super) fn told(array: &NdArray<'_>) -> String {
    let text = array.to_string();
    let shape = text.rfind(" (").map_or("", |at| &text[at..]);
    format!("{}{shape}", name(array.dtype()))
}

/// NumPy's `dtype.name` of numbers, and the byte order where it is not this machine's; `dtype.str` of others.
pub(super) fn name(dtype: &DType) -> String {
    let letter = match dtype.kind() {
        ElementKind::Bool => return "bool".into(),
        ElementKind::Int => "int",
        ElementKind::UInt => "uint",
        ElementKind::Float => "float",
        ElementKind::Complex => "complex",
        _ => return dtype.to_string(),
    };
    let bits = dtype.itemsize() * 8;
    match dtype.byte_order() {
        ByteOrder::None => format!("{letter}{bits}"),
        order if order == ByteOrder::NATIVE => format!("{letter}{bits}"),
        ByteOrder::Big => format!("big-endian {letter}{bits}"),
        ByteOrder::Little => format!("little-endian {letter}{bits}"),
    }
}

impl serde::de::Error for Error {
    fn custom<T: Display>(message: T) -> Self {
        Error::data(message.to_string())
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Error::data(format!("expected {expected}, found {}", kind(&found)))
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let why = match found {
            Unexpected::Signed(_) | Unexpected::Unsigned(_) | Unexpected::Float(_) => {
                "does not fit"
            }
            _ => "is none",
        };
        let found = kind(&found);
        Error::data(format!("expected {expected}, found {found} that {why}"))
    }

    fn invalid_length(len: usize, expected: &dyn Expected) -> Self {
        Error::data(format!("expected {expected}, found {len} items"))
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        let variant = short(variant);
        Error::data(format!(
            "unknown variant {variant:?}, expected one of {expected:?}"
        ))
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        let field = short(field);
        Error::data(format!(
            "unknown field {field:?}, expected one of {expected:?}"
        ))
    }
}

fn kind(found: &Unexpected<'_>) -> &'static str {
    match found {
        Unexpected::Bool(_) => "a bool",
        Unexpected::Unsigned(_) | Unexpected::Signed(_) => "an int",
        Unexpected::Float(_) => "a float",
        Unexpected::Char(_) | Unexpected::Str(_) => "a str",
        Unexpected::Bytes(_) => "bytes",
        Unexpected::Unit => "None",
        Unexpected::Option => "an optional value",
        Unexpected::NewtypeStruct => "a newtype",
        Unexpected::Seq => "a sequence",
        Unexpected::Map => "a mapping",
        Unexpected::Enum
        | Unexpected::UnitVariant
        | Unexpected::NewtypeVariant
        | Unexpected::TupleVariant
        | Unexpected::StructVariant => "an enum",
        // `visit_i128` and `visit_u128` of types that take less.
        Unexpected::Other(what) if what.starts_with("integer ") => "a large int",
        Unexpected::Other(_) => "another value",
    }
}
