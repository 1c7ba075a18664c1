//! Structs of users as elements of structured arrays.

use std::any::TypeId;

use super::dtype::{ByteOrder, DType, ElementKind, Field, Fields};
use super::element::{Element, Source, view_pod};
use crate::error::{Error, Result};

/// A struct of plain data that is the element of a structured array. Implement it with [`record!`](crate::record).
///
/// The dtype must have exactly these fields, at these offsets and of these types, and no more bytes: see
/// [`Element`] for which type is which. NumPy lays fields out without padding unless it is asked to
/// (`align=True`), and so a struct for it is mostly `repr(C, packed)`. Bools are `u8` here, since not every byte is a `bool`.
pub trait Record: bytemuck::Pod + std::fmt::Debug + Send + Sync {
    /// The fields, in any order.
    const FIELDS: &'static [RecordField];
}

/// A field of a [`Record`].
#[derive(Clone, Copy, Debug)]
pub struct RecordField {
    name: &'static str,
    offset: usize,
    check: fn(&DType) -> std::result::Result<(), String>,
    dtype: fn() -> Result<DType>,
}

impl RecordField {
    /// A field of this name in the dtype and this offset in the struct; `_get` only tells its type.
    pub const fn new<R: Record, T: Element>(
        name: &'static str,
        offset: usize,
        _get: fn(&R) -> T,
    ) -> RecordField {
        RecordField {
            name,
            offset,
            check: check_field::<T>,
            dtype: T::dtype,
        }
    }
}

fn check_field<T: Element>(dtype: &DType) -> std::result::Result<(), String> {
    if dtype.kind() == ElementKind::Bool && TypeId::of::<T>() == TypeId::of::<u8>() {
        return Ok(());
    }
    T::check(dtype)
}

impl<R: Record> Element for R {
    fn check(dtype: &DType) -> std::result::Result<(), String> {
        let name = std::any::type_name::<R>();
        let name = name.rsplit("::").next().unwrap_or(name);
        // A number with fields is a number.
        let is_struct = dtype.kind() == ElementKind::Struct;
        let Some(fields) = dtype.fields().filter(|_| is_struct) else {
            return Err(format!("{name}, a structured dtype"));
        };
        for own in R::FIELDS {
            let found = fields.iter().find(|field| field.name() == own.name);
            let Some(found) = found else {
                return Err(format!("{name} with a field {:?}", own.name));
            };
            if let Err(expected) = (own.check)(found.dtype()) {
                let found = found.dtype();
                return Err(format!("{name}.{} of {expected}, not {found}", own.name));
            }
            if found.offset() != own.offset as u64 {
                let (at, found) = (own.offset, found.offset());
                return Err(format!("{name}.{} at byte {at}, not {found}", own.name));
            }
        }
        let missing = fields.iter().find(|field| {
            let is_same = |own: &RecordField| own.name == field.name();
            !R::FIELDS.iter().any(is_same)
        });
        if let Some(missing) = missing {
            return Err(format!("{name}, which has no field {:?}", missing.name()));
        }
        if fields.len() != R::FIELDS.len() {
            return Err(format!("{name}, a field of which is there twice"));
        }
        if dtype.itemsize() != size_of::<R>() as u64 {
            let (size, found) = (size_of::<R>(), dtype.itemsize());
            return Err(format!("{name} of {size} bytes, not {found}"));
        }
        Ok(())
    }

    /// Fields in the order of [`FIELDS`](Record::FIELDS), at the offsets that they have here.
    fn dtype() -> Result<DType> {
        let size = size_of::<R>() as u64;
        let mut fields = Vec::new();
        for own in R::FIELDS {
            let (dtype, offset) = ((own.dtype)()?, own.offset as u64);
            if offset + dtype.itemsize() > size {
                let name = std::any::type_name::<R>();
                return Err(Error::data(format!("{name}.{} is outside of it", own.name)));
            }
            fields.push(Field::new(own.name, dtype, offset));
        }
        let whole = DType::new(ElementKind::Void, size, ByteOrder::None);
        Ok(whole.with_fields(Fields::new(fields, false, false), size))
    }

    fn view<'b>(bytes: &'b [u8], dtype: &DType) -> Result<&'b [R]> {
        view_pod(bytes, dtype)
    }

    fn bytes(elements: &[R]) -> &[u8] {
        bytemuck::cast_slice(elements)
    }

    fn zeros(len: usize) -> Vec<R> {
        bytemuck::zeroed_vec(len)
    }

    fn make_native(elements: &mut [R], dtype: &DType) {
        dtype.make_native(bytemuck::cast_slice_mut(elements));
    }

    fn fill(out: &mut [R], data: &Source<'_, '_>) -> Result<()> {
        data.fill_pod(out)
    }
}

/// Makes a struct of plain data the element of structured arrays: a [`Record`](crate::numpy::Record).
///
/// The fields are named as in the struct; another name in the dtype stands behind `=`. Fields of the struct that are not
/// named are padding.
///
/// # Examples
///
/// ```
/// use bytemuck::{Pod, Zeroable}; // with its feature `derive`
/// use ndarray::Array1;
///
/// #[derive(Clone, Copy, Debug, Pod, Zeroable)]
/// #[repr(C, packed)]
/// struct Star {
///     id: i32,
///     magnitude: f64,
///     position: [f32; 2],
/// }
/// ndpickle::record!(Star { id, magnitude = "mag", position });
///
/// # fn example(pickle: &ndpickle::Pickle<'_>) -> Result<(), ndpickle::Error> {
/// let stars: Array1<Star> = pickle.root().array()?.to_array()?;
/// # Ok(())
/// # }
/// ```
#[macro_export]
macro_rules! record {
    ($type:ident { $($field:ident $(= $name:literal)?),* $(,)? }) => {
        impl $crate::numpy::Record for $type {
            const FIELDS: &'static [$crate::numpy::RecordField] = &[
                $($crate::numpy::RecordField::new(
                    $crate::record!(@name $field $($name)?),
                    ::core::mem::offset_of!($type, $field),
                    |record: &$type| record.$field,
                )),*
            ];
        }
    };
    (@name $field:ident) => { stringify!($field) };
    (@name $field:ident $name:literal) => { $name };
}
