//! A dtype from NumPy's text: `dtype.str`, names and type codes.

use std::str::FromStr;

use super::literal::Literal;
use super::{ByteOrder, DType, ElementKind, MlType, Unit};
use crate::error::{Error, Result};

impl FromStr for DType {
    type Err = Error;

    /// The dtype of `dtype.str` (`<f8`, `|S5`, `<M8[25s]`), of a name or type code (`float64`, `d`, `bfloat16`), or of
    /// `descr` (`[('x', '<f4'), ('', '|V4'), ('y', '<f8', (2,))]`), in which fields of no name are padding, as in `.npy` files.
    fn from_str(text: &str) -> Result<DType> {
        let unknown = || Error::data(format!("an unknown dtype: {text:?}"));
        if !text.trim_start().starts_with(['[', '(', '\'', '"']) {
            return simple(text).ok_or_else(unknown);
        }
        Literal::new(text).whole_dtype().ok_or_else(unknown)
    }
}

/// The dtype of a text such as `f8`, `<U3`, `O8`, `M8[ns]`, `d` or `float32` (`_convert_from_str` in NumPy's
/// `descriptor.c`).
pub(super) fn simple(text: &str) -> Option<DType> {
    let (order, rest) = match text.as_bytes().first()? {
        b'<' => (ByteOrder::Little, &text[1..]),
        b'>' => (ByteOrder::Big, &text[1..]),
        b'|' | b'=' => (ByteOrder::NATIVE, &text[1..]),
        _ => (ByteOrder::NATIVE, text),
    };
    if let Some((before, unit)) = rest.split_once('[') {
        let dtype = match before {
            "M8" | "M" | "datetime64" => ElementKind::DateTime,
            "m8" | "m" | "timedelta64" => ElementKind::TimeDelta,
            _ => return None,
        };
        let unit = Unit::parse(unit.strip_suffix(']')?)?;
        return Some(DType::new(dtype, 8, order).with_unit(unit));
    }
    let letter = rest.chars().next()?;
    let digits = &rest[letter.len_utf8()..];
    if digits.is_empty() {
        return from_char(letter).map(|dtype| dtype.with_order(order));
    }
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    let Some(size) = digits.parse::<u64>().ok().filter(|_| is_number) else {
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
        ('O', _) => return Some(DType::new(ElementKind::Object, 8, order)),
        _ => return None,
    };
    Some(DType::new(kind, size, order))
}

/// The dtype of a type code, as `dtype.char` gives it; `l` is 64 bits wide.
fn from_char(letter: char) -> Option<DType> {
    simple(match letter {
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
pub(super) fn from_name(name: &str) -> Option<DType> {
    simple(match name {
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
        "longdouble" | "float128" | "longfloat" => "f16",
        "complex64" | "csingle" | "singlecomplex" => "c8",
        "complex128" | "cdouble" | "cfloat" | "complex_" | "complex" => "c16",
        "clongdouble" | "complex256" | "clongfloat" | "longcomplex" => "c32",
        "bytes_" | "string_" | "bytes" => "S0",
        "str_" | "unicode_" | "str" | "unicode" => "U0",
        "void" => "V0",
        "object_" | "object" => "O8",
        "datetime64" => "M8",
        "timedelta64" => "m8",
        _ => return of_ml(name),
    })
}

/// The dtype of a name of ml_dtypes.
pub(super) fn of_ml(name: &str) -> Option<DType> {
    if name == "bfloat16" {
        return Some(DType::new(ElementKind::BFloat16, 2, ByteOrder::NATIVE));
    }
    let kind = MlType::from_name(name)?;
    let dtype = DType::new(ElementKind::Ml(kind), kind.itemsize(), ByteOrder::NATIVE);
    Some(dtype)
}
