//! What an element of an array is.

use std::fmt;
use std::sync::Arc;

/// The order of the bytes of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ByteOrder {
    /// `<`
    Little,
    /// `>`
    Big,
    /// `|`: elements of single bytes.
    None,
}

impl ByteOrder {
    /// The order of this machine.
    pub const NATIVE: ByteOrder = if cfg!(target_endian = "big") {
        ByteOrder::Big
    } else {
        ByteOrder::Little
    };

    /// NumPy's character.
    pub fn as_char(self) -> char {
        match self {
            ByteOrder::Little => '<',
            ByteOrder::Big => '>',
            ByteOrder::None => '|',
        }
    }
}

/// The type of an element, without size and byte order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ElementKind {
    /// `b1`
    Bool,
    /// `i1` to `i8`
    Int,
    /// `u1` to `u8`
    UInt,
    /// `f2` to `f8`
    Float,
    /// `bfloat16` of ml_dtypes.
    BFloat16,
    /// `c8`, `c16`
    Complex,
    /// `f16` and `f12`: as the machine that wrote it has it.
    LongDouble,
    /// `c32` and `c24`.
    ComplexLongDouble,
    /// `S`: bytes, padded with NUL at the end.
    Bytes,
    /// `U`: characters of four bytes, padded with NUL at the end.
    Str,
    /// `V`: bytes without meaning.
    Void,
    /// `M8`: a point in time, in the dtype's unit since 1970.
    DateTime,
    /// `m8`: a span of time, in the dtype's unit.
    TimeDelta,
    /// `O`: Python objects.
    Object,
    /// `StringDType`: strings of any length.
    String,
    /// Fields; not broken down yet.
    Struct,
    /// A dtype that this crate has no more than the name of.
    Other,
}

/// What an element of an array is: kind, size in bytes and byte order.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DType {
    kind: ElementKind,
    order: ByteOrder,
    itemsize: u64,
    /// The unit of a datetime, such as `[ns]`, or the name of a dtype that is known by its name.
    name: Option<Arc<str>>,
}

impl DType {
    /// A dtype that needs no name. Kinds of single bytes have no byte order.
    pub(crate) fn new(kind: ElementKind, itemsize: u64, order: ByteOrder) -> DType {
        let ordered = match kind {
            ElementKind::Bool | ElementKind::Bytes | ElementKind::Void | ElementKind::Object => {
                false
            }
            ElementKind::Int | ElementKind::UInt => itemsize > 1,
            ElementKind::String | ElementKind::Struct | ElementKind::Other => false,
            _ => true,
        };
        DType {
            kind,
            order: if ordered { order } else { ByteOrder::None },
            itemsize,
            name: None,
        }
    }

    pub(crate) fn with_name(mut self, name: impl Into<Arc<str>>) -> DType {
        self.name = Some(name.into());
        self
    }

    pub(crate) fn with_order(self, order: ByteOrder) -> DType {
        DType {
            name: self.name.clone(),
            ..DType::new(self.kind, self.itemsize, order)
        }
    }

    pub(crate) fn with_itemsize(mut self, itemsize: u64) -> DType {
        self.itemsize = itemsize;
        self
    }

    /// The kind of element.
    #[inline]
    pub fn kind(&self) -> ElementKind {
        self.kind
    }

    /// Bytes of an element in memory.
    #[inline]
    pub fn itemsize(&self) -> u64 {
        self.itemsize
    }

    /// The order of the bytes of a number.
    #[inline]
    pub fn byte_order(&self) -> ByteOrder {
        self.order
    }

    /// Whether the bytes of its numbers are in the order of this machine, or have none.
    #[inline]
    pub fn is_native(&self) -> bool {
        self.order == ByteOrder::NATIVE || self.order == ByteOrder::None
    }

    /// Bytes of one number inside an element: 4 for a `U` of any length, half of a complex; 1 where there is no number.
    pub fn number_size(&self) -> usize {
        match self.kind {
            ElementKind::Str => 4,
            ElementKind::Complex | ElementKind::ComplexLongDouble => self.itemsize as usize / 2,
            ElementKind::Int
            | ElementKind::UInt
            | ElementKind::Float
            | ElementKind::BFloat16
            | ElementKind::LongDouble
            | ElementKind::DateTime
            | ElementKind::TimeDelta => self.itemsize as usize,
            _ => 1,
        }
    }
}

impl fmt::Display for DType {
    /// NumPy's `dtype.str`, such as `<f8` or `|S5`; the type's name for dtypes of other packages, such as `bfloat16`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.name.as_deref().unwrap_or_default();
        let letter = match self.kind {
            ElementKind::Bool => 'b',
            ElementKind::Int => 'i',
            ElementKind::UInt => 'u',
            ElementKind::Float | ElementKind::LongDouble => 'f',
            ElementKind::Complex | ElementKind::ComplexLongDouble => 'c',
            ElementKind::Bytes => 'S',
            ElementKind::Str => 'U',
            ElementKind::Void | ElementKind::Struct => 'V',
            ElementKind::DateTime => 'M',
            ElementKind::TimeDelta => 'm',
            ElementKind::Object => return f.write_str("|O"),
            ElementKind::BFloat16 => return f.write_str("bfloat16"),
            ElementKind::String => return f.write_str("StringDType"),
            ElementKind::Other => return f.write_str(name),
        };
        let size = if self.kind == ElementKind::Str {
            self.itemsize / 4
        } else {
            self.itemsize
        };
        write!(f, "{}{letter}{size}{name}", self.order.as_char())
    }
}
