//! What an element of an array is.

mod descr;
mod fields;
mod literal;
mod mask;
mod ml;
mod spec;
mod text;
mod told;
mod unit;

use std::fmt;
use std::sync::Arc;

pub use fields::{Field, Fields};
pub use ml::MlType;
pub(super) use spec::{dtype as of_node, from_type as of_type};
pub use unit::{TimeUnit, Unit};

/// Levels of structures in structures that are followed; NumPy's own limit is Python's for recursion.
const DEEPEST: usize = 64;

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

    /// The other one.
    const FOREIGN: ByteOrder = match ByteOrder::NATIVE {
        ByteOrder::Big => ByteOrder::Little,
        _ => ByteOrder::Big,
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
    /// `c8`, `c16`
    Complex,
    /// `f16` and `f12`: as the machine that wrote it has it.
    LongDouble,
    /// `c32` and `c24`.
    ComplexLongDouble,
    /// `bfloat16` of ml_dtypes.
    BFloat16,
    /// The other small numbers of ml_dtypes.
    Ml(MlType),
    /// `S`: bytes, padded with NUL at the end.
    Bytes,
    /// `U`: characters of four bytes, padded with NUL at the end.
    Str,
    /// `V`: bytes without meaning.
    Void,
    /// `M8`: a point in time, in the dtype's [`Unit`] since 1970.
    DateTime,
    /// `m8`: a span of time, in the dtype's [`Unit`].
    TimeDelta,
    /// `O`: Python objects.
    Object,
    /// `StringDType`: strings of any length.
    String,
    /// Fields: see [`DType::fields`].
    Struct,
    /// A small array in each element: see [`DType::subarray`]. Only fields are of this kind.
    Subarray,
}

/// What an element of an array is: kind, size in bytes, byte order, and what some kinds have besides.
///
/// It is read from a pickle, or parsed from NumPy's text: `"<f8"`, `"<M8[25s]"`, `"[('x', '<f4'), ('y', '<f4', (2,))]"`.
///
/// # Examples
///
/// ```
/// use ndpickle::numpy::{DType, ElementKind};
/// let dtype: DType = "[('name', '<U8'), ('seen', '<M8[D]')]".parse()?;
/// assert_eq!((dtype.kind(), dtype.itemsize()), (ElementKind::Struct, 40));
/// assert_eq!(dtype.fields().expect("two")[1].dtype().to_string(), "<M8[D]");
/// # Ok::<(), ndpickle::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DType {
    kind: ElementKind,
    order: ByteOrder,
    itemsize: u64,
    detail: Detail,
}

/// What only some kinds have.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Detail {
    None,
    Unit(Unit),
    Strings(Arc<Strings>),
    Fields(Arc<Fields>),
    Subarray(Arc<Subarray>),
}

/// What a `StringDType` was made with.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Strings {
    coerce: bool,
    /// Python's `repr` of the object for missing strings.
    na: Option<Arc<str>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Subarray {
    base: DType,
    shape: Vec<u64>,
    levels: usize,
}

impl DType {
    /// Bytes as they are.
    pub(super) const BYTES: DType = DType {
        kind: ElementKind::Void,
        order: ByteOrder::None,
        itemsize: 1,
        detail: Detail::None,
    };

    /// A dtype without details. Kinds of single bytes have no byte order.
    pub(super) fn new(kind: ElementKind, itemsize: u64, order: ByteOrder) -> DType {
        let ordered = match kind {
            ElementKind::Int | ElementKind::UInt => itemsize > 1,
            ElementKind::Bool
            | ElementKind::Bytes
            | ElementKind::Void
            | ElementKind::Object
            | ElementKind::String
            | ElementKind::Struct
            | ElementKind::Subarray => false,
            _ => true,
        };
        let detail = match kind {
            ElementKind::DateTime | ElementKind::TimeDelta => Detail::Unit(Unit::GENERIC),
            _ => Detail::None,
        };
        DType {
            kind,
            order: if ordered { order } else { ByteOrder::None },
            itemsize,
            detail,
        }
    }

    fn with_order(self, order: ByteOrder) -> DType {
        DType {
            detail: self.detail,
            ..DType::new(self.kind, self.itemsize, order)
        }
    }

    fn with_itemsize(mut self, itemsize: u64) -> DType {
        self.itemsize = itemsize;
        self
    }

    fn with_unit(mut self, unit: Unit) -> DType {
        self.detail = Detail::Unit(unit);
        self
    }

    /// A dtype with fields. Those of NumPy are void but for `dtype((int32, fields))`, whose elements are numbers besides.
    pub(super) fn with_fields(mut self, fields: Fields, itemsize: u64) -> DType {
        if matches!(self.kind, ElementKind::Void) {
            (self.kind, self.order) = (ElementKind::Struct, ByteOrder::None);
        }
        self.itemsize = itemsize;
        self.detail = Detail::Fields(Arc::new(fields));
        self
    }

    /// The dtype with elements that are `numpy.record`, if it has fields.
    pub(super) fn as_record(&self) -> DType {
        let mut dtype = self.clone();
        if let Detail::Fields(fields) = &mut dtype.detail {
            *fields = Arc::new(fields.as_record());
        }
        dtype
    }

    /// An array in each element; `None` where it would not fit in memory.
    pub(super) fn subarray_of(base: DType, shape: Vec<u64>) -> Option<DType> {
        let itemsize = shape
            .iter()
            .try_fold(base.itemsize, |size, len| size.checked_mul(*len))?;
        let subarray = Subarray {
            levels: base.levels() + 1,
            base,
            shape,
        };
        Some(DType {
            kind: ElementKind::Subarray,
            order: ByteOrder::None,
            itemsize,
            detail: Detail::Subarray(Arc::new(subarray)),
        })
    }

    /// The kind of element.
    #[inline]
    pub fn kind(&self) -> ElementKind {
        self.kind
    }

    /// Bytes of an element in memory; of a Python object 8.
    #[inline]
    pub fn itemsize(&self) -> u64 {
        self.itemsize
    }

    /// The order of the bytes of a number. Fields and subarrays have each their own.
    #[inline]
    pub fn byte_order(&self) -> ByteOrder {
        self.order
    }

    /// Whether the bytes of its numbers, those in fields too, are in the order of this machine, or have none.
    #[inline]
    pub fn is_native(&self) -> bool {
        !self.has_order(ByteOrder::FOREIGN)
    }

    /// The unit of a `datetime64` or `timedelta64`.
    pub fn unit(&self) -> Option<Unit> {
        match self.detail {
            Detail::Unit(unit) => Some(unit),
            _ => None,
        }
    }

    /// The fields of a structured dtype.
    pub fn fields(&self) -> Option<&Fields> {
        match &self.detail {
            Detail::Fields(fields) => Some(fields),
            _ => None,
        }
    }

    /// Element and shape of a subarray.
    pub fn subarray(&self) -> Option<(&DType, &[u64])> {
        match &self.detail {
            Detail::Subarray(subarray) => Some((&subarray.base, &subarray.shape)),
            _ => None,
        }
    }

    /// Whether a `StringDType` makes strings of other objects, and Python's `repr` of the object for missing ones.
    pub(super) fn strings(&self) -> (bool, Option<&str>) {
        match &self.detail {
            Detail::Strings(strings) => (strings.coerce, strings.na.as_deref()),
            _ => (true, None),
        }
    }

    /// Whether an element is, or has in a field, something that is not in the bytes: a Python object or a string of any
    /// length. Arrays of such are pickled as a list.
    #[inline]
    pub fn has_objects(&self) -> bool {
        match &self.detail {
            Detail::Fields(fields) => fields.has_objects(),
            Detail::Subarray(subarray) => subarray.base.has_objects(),
            _ => matches!(self.kind, ElementKind::Object | ElementKind::String),
        }
    }

    /// The dtype of an element of a subarray of subarrays; of other dtypes themselves.
    fn leaf(&self) -> &DType {
        let mut dtype = self;
        while let Some((base, _)) = dtype.subarray() {
            dtype = base;
        }
        dtype
    }

    /// How deep structures and subarrays are in each other.
    fn levels(&self) -> usize {
        match &self.detail {
            Detail::Fields(fields) => fields.levels(),
            Detail::Subarray(subarray) => subarray.levels,
            _ => 0,
        }
    }

    /// Fields, those of fields in place of them; 1 for a dtype of one piece.
    fn leaves(&self) -> u64 {
        match &self.detail {
            Detail::Fields(fields) => fields.leaves(),
            Detail::Subarray(subarray) => subarray.base.leaves(),
            _ => 1,
        }
    }

    /// Bytes of one number inside an element: 4 for a `U` of any length, half of a complex; 1 where there is no number.
    pub fn number_size(&self) -> usize {
        match self.kind {
            ElementKind::Str => 4,
            ElementKind::Complex | ElementKind::ComplexLongDouble => self.itemsize as usize / 2,
            ElementKind::Ml(kind) => kind.number_size(),
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

    /// Makes the numbers of elements, which lie one behind the other in `bytes`, little-endian if they are not.
    pub fn make_little(&self, bytes: &mut [u8]) {
        self.swap_if(ByteOrder::Big, bytes);
    }

    /// Makes the numbers of elements native if they are not.
    pub(super) fn make_native(&self, bytes: &mut [u8]) {
        self.swap_if(ByteOrder::FOREIGN, bytes);
    }

    /// Reverses the bytes of the numbers that are in this order.
    fn swap_if(&self, order: ByteOrder, bytes: &mut [u8]) {
        let itemsize = self.itemsize as usize;
        if itemsize == 0 {
            return;
        }
        match &self.detail {
            Detail::Subarray(subarray) => subarray.base.swap_if(order, bytes),
            Detail::Fields(fields) if self.kind == ElementKind::Struct => {
                for field in fields.iter().filter(|field| field.dtype().has_order(order)) {
                    let (from, size) = (field.offset() as usize, field.dtype().itemsize as usize);
                    for element in bytes.chunks_exact_mut(itemsize) {
                        if let Some(part) = element.get_mut(from..from + size) {
                            field.dtype().swap_if(order, part);
                        }
                    }
                }
            }
            _ if self.order == order => bytes
                .chunks_exact_mut(self.number_size().max(1))
                .for_each(<[u8]>::reverse),
            _ => {}
        }
    }

    /// Whether any number is in this order. One with fields is a number itself.
    #[inline]
    fn has_order(&self, order: ByteOrder) -> bool {
        match &self.detail {
            Detail::Subarray(subarray) => subarray.base.has_order(order),
            Detail::Fields(fields) if self.kind == ElementKind::Struct => fields.has_order(order),
            _ => self.order == order,
        }
    }

    /// NumPy's `dtype.str`. It tells neither the fields of a structured dtype nor which dtype of ml_dtypes this is:
    /// `|V16`, `<V2`.
    pub fn typestr(&self) -> String {
        let letter = match self.kind {
            ElementKind::Bool => 'b',
            ElementKind::Int => 'i',
            ElementKind::UInt => 'u',
            ElementKind::Float | ElementKind::LongDouble => 'f',
            ElementKind::Complex | ElementKind::ComplexLongDouble => 'c',
            ElementKind::BFloat16 => 'V',
            ElementKind::Ml(kind) => kind.letter(),
            ElementKind::Bytes => 'S',
            ElementKind::Str => 'U',
            ElementKind::Void | ElementKind::Struct | ElementKind::Subarray => 'V',
            ElementKind::DateTime => 'M',
            ElementKind::TimeDelta => 'm',
            ElementKind::Object => return "|O".into(),
            ElementKind::String => return self.strings_repr(),
        };
        let size = if self.kind == ElementKind::Str {
            self.itemsize / 4
        } else {
            self.itemsize
        };
        let unit = self.unit().unwrap_or(Unit::GENERIC);
        format!("{}{letter}{size}{unit}", self.order.as_char())
    }

    /// `repr` of a `StringDType` (`stringdtype_repr` in NumPy's `stringdtype/dtype.c`).
    fn strings_repr(&self) -> String {
        let Detail::Strings(strings) = &self.detail else {
            return "StringDType()".into();
        };
        match (&strings.na, strings.coerce) {
            (Some(na), true) => format!("StringDType(na_object={na})"),
            (Some(na), false) => format!("StringDType(na_object={na}, coerce=False)"),
            (None, false) => "StringDType(coerce=False)".into(),
            (None, true) => "StringDType()".into(),
        }
    }

    /// NumPy's `dtype.descr` as text, such as `[('x', '<f4'), ('', '|V4'), ('y', '<f8', (2,))]`; of a dtype without fields
    /// `[('', '<f8')]`.
    ///
    /// `None` where NumPy has none: for fields that overlap or are out of order; and where a title or the metadata of a field is
    /// an object that is not a plain one.
    pub fn descr(&self) -> Option<String> {
        descr::descr(self)
    }
}

impl fmt::Display for DType {
    /// NumPy's `dtype.str`, such as `<f8` or `|S5`, where that says all; else the type's name, such as `bfloat16` or
    /// `StringDType`. Of a structured dtype [`descr`](DType::descr) tells more.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            ElementKind::BFloat16 => f.write_str("bfloat16"),
            ElementKind::Ml(kind) => f.write_str(kind.name()),
            ElementKind::String => f.write_str("StringDType"),
            _ => f.write_str(&self.typestr()),
        }
    }
}
