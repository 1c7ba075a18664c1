//! The dtype that a node describes: `dtype(spec, align, copy)` with its state.
//!
//! Facts: `arraydescr_reduce` and `arraydescr_setstate` in NumPy's `descriptor.c`, 1.10 to 2.5.

use super::dtype::{ByteOrder, DType, ElementKind};
use crate::error::Result;
use crate::graph::{Kind, Node};
use crate::names::{Known, USER_SCALAR_TYPES};

/// The dtype that this node is.
///
/// # Errors
///
/// Category `Data` where it is none.
#[inline]
pub(crate) fn dtype(node: Node<'_, '_>) -> Result<DType> {
    node.graph.memory.recall(node.id(), || read(node))
}

fn read(node: Node<'_, '_>) -> Result<DType> {
    let (Some(callable), Some(args)) = (node.callable(), node.args()) else {
        return Err(node.error("not a dtype"));
    };
    match callable.known() {
        Known::DType => {}
        Known::StringDType => return Ok(DType::new(ElementKind::String, 16, ByteOrder::None)),
        _ => return Err(node.error("not a dtype")),
    }
    let Some(spec) = args.index(0) else {
        return Err(node.error("a dtype without a spec"));
    };
    let made = match (spec.kind(), spec.raw_bytes()) {
        (Kind::Str | Kind::Py2Str | Kind::Bytes, Some(bytes)) => std::str::from_utf8(bytes)
            .ok()
            .and_then(from_text)
            .ok_or_else(|| node.error("an unknown dtype spec"))?,
        (Kind::Global, _) => {
            from_type(spec).ok_or_else(|| node.error("a dtype of an unknown type"))?
        }
        // NumPy takes a dtype for a dtype.
        (Kind::Object, _) if spec.id() < node.id() => return read(spec),
        _ => return Err(node.error("a dtype of something that is no spec")),
    };
    match node.states().last() {
        Some(state) => with_state(made, state),
        None => Ok(made),
    }
}

/// The dtype of a text such as `f8`, `<U3`, `O8` or `float32`.
fn from_text(text: &str) -> Option<DType> {
    let (order, rest) = match text.as_bytes().first()? {
        b'<' => (ByteOrder::Little, &text[1..]),
        b'>' => (ByteOrder::Big, &text[1..]),
        b'|' | b'=' => (ByteOrder::NATIVE, &text[1..]),
        _ => (ByteOrder::NATIVE, text),
    };
    let letter = rest.chars().next()?;
    let digits = &rest[letter.len_utf8()..];
    if digits.is_empty() {
        return from_char(letter).map(|dtype| dtype.with_order(order));
    }
    let Some(size) = digits
        .parse::<u64>()
        .ok()
        .filter(|_| digits.bytes().all(|byte| byte.is_ascii_digit()))
    else {
        return from_name(rest).map(|dtype| dtype.with_order(order));
    };
    let kind = match (letter, size) {
        ('b', 1) => ElementKind::Bool,
        ('i', 1 | 2 | 4 | 8) => ElementKind::Int,
        ('u', 1 | 2 | 4 | 8) => ElementKind::UInt,
        ('f', 2 | 4 | 8) => ElementKind::Float,
        ('f', 12 | 16) => ElementKind::LongDouble,
        ('c', 8 | 16) => ElementKind::Complex,
        ('c', 24 | 32) => ElementKind::ComplexLongDouble,
        ('S' | 'a', _) => ElementKind::Bytes,
        ('U', _) => return Some(DType::new(ElementKind::Str, size.checked_mul(4)?, order)),
        ('V', _) => ElementKind::Void,
        ('M', 8) => ElementKind::DateTime,
        ('m', 8) => ElementKind::TimeDelta,
        ('O', _) => ElementKind::Object,
        _ => return None,
    };
    Some(DType::new(
        kind,
        if kind == ElementKind::Object { 8 } else { size },
        order,
    ))
}

/// The dtype of a type code, as `array.dtype.char` gives it; `l` is 64 bits wide.
fn from_char(letter: char) -> Option<DType> {
    from_text(match letter {
        '?' => "b1",
        'b' => "i1",
        'B' => "u1",
        'h' => "i2",
        'H' => "u2",
        'i' => "i4",
        'I' => "u4",
        'l' | 'q' | 'p' => "i8",
        'L' | 'Q' | 'P' => "u8",
        'e' => "f2",
        'f' => "f4",
        'd' => "f8",
        'g' => "f16",
        'F' => "c8",
        'D' => "c16",
        'G' => "c32",
        'S' | 'a' | 'c' => "S0",
        'U' => "U0",
        'V' => "V0",
        'M' => "M8",
        'm' => "m8",
        'O' => "O8",
        _ => return None,
    })
}

/// The dtype of a scalar type's name.
fn from_name(name: &str) -> Option<DType> {
    from_text(match name {
        "bool" | "bool_" | "bool8" => "b1",
        "int8" | "byte" => "i1",
        "int16" | "short" => "i2",
        "int32" | "intc" => "i4",
        "int64" | "int_" | "intp" | "long" | "longlong" | "int" => "i8",
        "uint8" | "ubyte" => "u1",
        "uint16" | "ushort" => "u2",
        "uint32" | "uintc" => "u4",
        "uint64" | "uint" | "uintp" | "ulong" | "ulonglong" => "u8",
        "float16" | "half" => "f2",
        "float32" | "single" => "f4",
        "float64" | "double" | "float_" | "float" => "f8",
        "longdouble" | "float128" => "f16",
        "complex64" | "csingle" | "singlecomplex" => "c8",
        "complex128" | "cdouble" | "cfloat" | "complex_" | "complex" => "c16",
        "clongdouble" | "complex256" => "c32",
        "bytes_" | "string_" | "bytes" => "S0",
        "str_" | "unicode_" | "str" => "U0",
        "void" => "V0",
        "object_" | "object" => "O8",
        "datetime64" => "M8",
        "timedelta64" => "m8",
        _ => return None,
    })
}

/// The dtype of a scalar type: NumPy's, ml_dtypes', `numpy.record`, or a Python type.
fn from_type(node: Node<'_, '_>) -> Option<DType> {
    let (_, name) = node.global_bytes()?;
    let name = std::str::from_utf8(name).ok()?;
    match node.known() {
        Known::ScalarType | Known::Builtin => from_name(name),
        Known::Record => Some(DType::new(ElementKind::Void, 0, ByteOrder::None)),
        Known::UserScalarType if name == "bfloat16" => {
            Some(DType::new(ElementKind::BFloat16, 2, ByteOrder::NATIVE))
        }
        Known::UserScalarType => {
            let size = USER_SCALAR_TYPES
                .iter()
                .find(|(known, _)| *known == name)?
                .1;
            Some(DType::new(ElementKind::Other, size as u64, ByteOrder::None).with_name(name))
        }
        _ => None,
    }
}

/// The dtype after `__setstate__`.
fn with_state(made: DType, state: Node<'_, '_>) -> Result<DType> {
    let len = state.len();
    if state.kind() != Kind::Tuple || !(5..=9).contains(&len) {
        return Err(state.error("a dtype's state must be a tuple of 5 to 9"));
    }
    // Version 0 has no number in front, versions 0 and 1 have no names.
    let first = usize::from(len > 5);
    if first == 1
        && !state
            .index(0)
            .and_then(Node::as_i64)
            .is_some_and(|version| (0..=4).contains(&version))
    {
        return Err(state.error("a dtype's state must be of version 0 to 4"));
    }
    let at = |n: usize| state.index(first + n);
    let has_names = usize::from(len > 6);
    let some = |n: usize| at(n).is_some_and(|node| !node.is_none());
    let order = match at(0).and_then(Node::raw_bytes) {
        Some(b"<") => ByteOrder::Little,
        Some(b">") => ByteOrder::Big,
        Some([_]) => ByteOrder::NATIVE,
        _ => return Err(state.error("a dtype's byte order must be one character")),
    };
    if some(1) || some(2) {
        let itemsize = at(3 + has_names)
            .and_then(Node::as_u64)
            .unwrap_or(made.itemsize());
        return Ok(DType::new(ElementKind::Struct, itemsize, ByteOrder::None));
    }
    let dtype = made.with_order(order);
    Ok(match dtype.kind() {
        ElementKind::Bytes | ElementKind::Str | ElementKind::Void => {
            let itemsize = at(3 + has_names).and_then(Node::as_i64).unwrap_or(-1);
            let itemsize = u64::try_from(itemsize)
                .ok()
                .filter(|size| dtype.kind() != ElementKind::Str || size % 4 == 0);
            dtype.with_itemsize(
                itemsize.ok_or_else(|| state.error("a dtype's itemsize is impossible"))?,
            )
        }
        ElementKind::DateTime | ElementKind::TimeDelta => {
            let unit = if len == 9 {
                state.index(8).and_then(unit)
            } else {
                None
            };
            dtype.with_name(unit.unwrap_or_default())
        }
        _ => dtype,
    })
}

/// The unit of a datetime, as `dtype.str` has it: from `(metadata, (unit, count, …))`.
fn unit(metadata: Node<'_, '_>) -> Option<String> {
    let parts = metadata.index(1)?;
    let unit = std::str::from_utf8(parts.index(0)?.raw_bytes()?).ok()?;
    Some(match parts.index(1).and_then(Node::as_i64) {
        _ if unit == "generic" => String::new(),
        Some(1) | None => format!("[{unit}]"),
        Some(count) => format!("[{count}{unit}]"),
    })
}
