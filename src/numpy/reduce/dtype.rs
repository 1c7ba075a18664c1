//! Dtypes: `arraydescr_reduce` in NumPy's `descriptor.c`.

use super::super::dtype::{ByteOrder, DType, ElementKind, Field, Fields};
use super::slots;
use crate::error::{Error, Result};
use crate::graph::{Builder, Id, Single};

/// What a dtype tells NumPy about its elements (`ndarraytypes.h`).
const NEEDS_INIT: i64 = 0x08;
const NEEDS_PYAPI: i64 = 0x10;
const OBJECT_FLAGS: i64 = 0x3f;
/// What a structure has of its fields' flags: reference counts, pickled as a list, `NEEDS_INIT`, `NEEDS_PYAPI`.
const FROM_FIELDS: i64 = 0x1b;
/// Of types that were registered, as those of ml_dtypes: `NPY_USE_SETITEM`.
const USER: i64 = 0x40;
const ALIGNED: i64 = 0x80;

impl Builder<'_> {
    /// A dtype. Those of numbers in this machine's byte order are objects that NumPy has once, every other one is new: give its
    /// id to [`array_of`](Builder::array_of) for arrays that share it.
    ///
    /// # Errors
    ///
    /// Category `Limit`; `Unsupported` for a title, a metadata or a missing-string object of which only the `repr` is known, and
    /// for a dtype that the flavour's NumPy does not have.
    pub fn dtype(&mut self, dtype: &DType) -> Result<Id> {
        let is_generic = dtype
            .unit()
            .is_some_and(|unit| unit == super::super::Unit::GENERIC);
        let is_single = match dtype.kind() {
            ElementKind::Bool
            | ElementKind::Int
            | ElementKind::UInt
            | ElementKind::Float
            | ElementKind::Complex
            | ElementKind::LongDouble
            | ElementKind::ComplexLongDouble
            | ElementKind::Object => dtype.fields().is_none(),
            ElementKind::Void => dtype.itemsize() == 0,
            // ml_dtypes has one object of each type.
            ElementKind::BFloat16 | ElementKind::Ml(_) => true,
            ElementKind::DateTime | ElementKind::TimeDelta => {
                is_generic && self.flavour().numpy.is_from(2, 0, 0)
            }
            _ => false,
        };
        if is_single && dtype.is_native() {
            let name = Single::Named(dtype.to_string().into());
            return self.single(name, |b| b.new_dtype(dtype));
        }
        self.new_dtype(dtype)
    }

    fn new_dtype(&mut self, dtype: &DType) -> Result<Id> {
        if dtype.kind() == ElementKind::String {
            return self.string_dtype(dtype);
        }
        let spec = self.spec(dtype)?;
        let state = self.dtype_state(dtype)?;
        let id = self.object_to_fill()?;
        self.fill_dtype(id, spec, &state)?;
        Ok(id)
    }

    /// Gives an object the parts of a dtype.
    pub(crate) fn fill_dtype(&mut self, id: Id, spec: Id, state: &[Id]) -> Result<()> {
        let callable = self.global("numpy", "dtype")?;
        // `align` and `copy`.
        let args = match self.flavour().numpy.is_from(1, 19, 0) {
            true => [spec, Id::FALSE, Id::TRUE],
            false => [spec, self.int(0)?, self.int(1)?],
        };
        let args = self.temporary_tuple(&args)?;
        self.graph.fill_object(id, callable, args);
        let state = self.temporary_tuple(state)?;
        self.graph.build(id, state)
    }

    /// The first argument of `dtype`: kind and size, or the type of the elements.
    fn spec(&mut self, dtype: &DType) -> Result<Id> {
        let letter = match dtype.kind() {
            ElementKind::BFloat16 | ElementKind::Ml(_) => {
                return self.global("ml_dtypes", &dtype.to_string());
            }
            _ if dtype.fields().is_some_and(Fields::is_record) => {
                return self.global("numpy", "record");
            }
            ElementKind::Object => "O8".to_owned(),
            _ if dtype.unit().is_some() => dtype.typestr()[1..3].to_owned(),
            _ => dtype.typestr()[1..].to_owned(),
        };
        let spec = self.native_str(&letter)?;
        self.temporary(spec);
        Ok(spec)
    }

    fn dtype_state(&mut self, dtype: &DType) -> Result<Vec<Id>> {
        let numpy = self.flavour().numpy;
        let has_unit = dtype.unit().is_some();
        let version = self.int(if has_unit { 4 } else { 3 })?;
        let order = dtype.byte_order().as_char();
        let order = self.native_str(order.encode_utf8(&mut [0; 4]))?;
        self.temporary(order);
        let subarray = match dtype.subarray() {
            Some((base, shape)) => {
                let base = self.dtype(base)?;
                let lens: Result<Vec<Id>> = shape.iter().map(|len| self.int(*len as i64)).collect();
                // The dtype has it.
                let shape = self.tuple(&lens?)?;
                self.temporary_tuple(&[base, shape])?
            }
            None => Id::NONE,
        };
        let (names, fields) = match dtype.fields() {
            Some(fields) => self.fields(fields)?,
            None => (Id::NONE, Id::NONE),
        };
        let (size, alignment) = match is_extended(dtype) {
            // No fields have no alignment up to NumPy 1.26.
            true if is_bare(dtype) && !numpy.is_from(2, 0, 0) => (dtype.itemsize() as i64, 0),
            true => (dtype.itemsize() as i64, alignment(dtype)),
            false => (-1, -1),
        };
        let (size, alignment) = (self.int(size)?, self.int(alignment)?);
        let flags = self.flags(flags(dtype))?;
        let mut state = vec![
            version, order, subarray, names, fields, size, alignment, flags,
        ];
        if let Some(unit) = dtype.unit() {
            let name = self.bytes(unit.unit.name().as_bytes().to_vec())?;
            self.temporary(name);
            let one = self.int(1)?;
            let count = self.int(i64::from(unit.count))?;
            let parts = self.temporary_tuple(&[name, count, one, one])?;
            let metadata = self.no_metadata()?;
            state.push(self.temporary_tuple(&[metadata, parts])?);
        }
        Ok(state)
    }

    /// Flags: a signed char up to NumPy 1.26.
    pub(crate) fn flags(&mut self, flags: i64) -> Result<Id> {
        let flags = match (flags, self.flavour().numpy.is_from(2, 0, 0)) {
            (-128..0, true) => flags + 256,
            (128..256, false) => flags - 256,
            _ => flags,
        };
        self.int(flags)
    }

    /// The metadata of a datetime that has none: an empty dict up to NumPy 2.3.2.
    pub(crate) fn no_metadata(&mut self) -> Result<Id> {
        if self.flavour().numpy.is_from(2, 3, 3) {
            return Ok(Id::NONE);
        }
        let dict = self.dict(&[])?;
        self.temporary(dict);
        Ok(dict)
    }

    /// The names of fields, and the dict of their dtypes and offsets, with each title behind its name.
    fn fields(&mut self, fields: &Fields) -> Result<(Id, Id)> {
        let (mut names, mut keys, mut pairs) = (Vec::new(), Vec::new(), Vec::new());
        for field in fields.iter() {
            keys.push(field.name());
            keys.extend(field.title());
            let (name, title) = self.field_name(field)?;
            let dtype = self.dtype(field.dtype())?;
            let mut value = vec![dtype, self.int(field.offset() as i64)?];
            value.extend(title);
            let value = self.field_value(&value)?;
            names.push(name);
            pairs.push((name, value));
            pairs.extend(title.map(|title| (title, value)));
        }
        Ok((self.tuple(&names)?, self.fields_dict(&keys, &pairs)?))
    }

    /// `(dtype, offset)`, and the title if there is one: then two keys share it.
    pub(crate) fn field_value(&mut self, parts: &[Id]) -> Result<Id> {
        let id = self.tuple(parts)?;
        // Python 2 goes through a dict without new references to what is in it, but for protocol 0.
        if parts.len() < 3 && self.flavour().protocol() > 0 {
            self.temporary(id);
        }
        Ok(id)
    }

    /// The dict of fields; that of Python 2 has an order of its own.
    pub(crate) fn fields_dict(&mut self, keys: &[&str], pairs: &[(Id, Id)]) -> Result<Id> {
        if !self.is_py2() {
            return self.dict(pairs);
        }
        let pairs: Vec<(Id, Id)> = slots::order(keys).into_iter().map(|n| pairs[n]).collect();
        self.dict(&pairs)
    }

    fn field_name(&mut self, field: &Field) -> Result<(Id, Option<Id>)> {
        if field.has_metadata() {
            return Err(Error::unsupported(format!(
                "the field {:?} has metadata, of which only the text is known",
                field.name()
            )));
        }
        let title = match (field.title(), field.has_any_title()) {
            (Some(title), _) => Some(self.field_text(title)?),
            (None, false) => None,
            (None, true) => {
                return Err(Error::unsupported(format!(
                    "the title of the field {:?} is no text",
                    field.name()
                )));
            }
        };
        Ok((self.field_text(field.name())?, title))
    }

    fn field_text(&mut self, text: &str) -> Result<Id> {
        match self.is_py2() {
            true => self.native_str(text),
            false => self.str(text),
        }
    }

    /// `StringDType(coerce, na_object)`.
    fn string_dtype(&mut self, dtype: &DType) -> Result<Id> {
        let callable = self.numpy_global(crate::names::Known::StringDType)?;
        let (coerce, na) = dtype.strings();
        let mut args = vec![self.int(i64::from(coerce))?];
        match na {
            None => {}
            Some("None") => args.push(Id::NONE),
            Some("nan") => args.push(self.float(f64::NAN)?),
            Some(_) => {
                return Err(Error::unsupported(
                    "of the object for missing strings only the text is known",
                ));
            }
        }
        self.call(callable, &args, None)
    }
}

/// Whether a state tells size and alignment.
fn is_extended(dtype: &DType) -> bool {
    match dtype.kind() {
        ElementKind::Bytes
        | ElementKind::Str
        | ElementKind::Void
        | ElementKind::Struct
        | ElementKind::Subarray
        | ElementKind::BFloat16
        | ElementKind::Ml(_) => true,
        _ => dtype.fields().is_some(),
    }
}

/// Whether it is laid out as by a C compiler, without any field.
fn is_bare(dtype: &DType) -> bool {
    (dtype.fields()).is_some_and(|fields| fields.is_empty() && fields.is_aligned())
}

fn alignment(dtype: &DType) -> i64 {
    if let Some((base, _)) = dtype.subarray() {
        return alignment(base);
    }
    match (dtype.kind(), dtype.fields()) {
        (ElementKind::Struct, Some(fields)) if fields.is_aligned() => {
            let alignments = fields.iter().map(|field| alignment(field.dtype()));
            alignments.max().unwrap_or(1)
        }
        (ElementKind::Struct | ElementKind::Bytes | ElementKind::Void, _) => 1,
        (ElementKind::Object | ElementKind::String, _) => 8,
        _ => dtype.number_size() as i64,
    }
}

fn flags(dtype: &DType) -> i64 {
    if let Some((base, _)) = dtype.subarray() {
        return flags(base);
    }
    match (dtype.kind(), dtype.fields()) {
        (ElementKind::Struct, Some(fields)) => {
            let of_fields = fields
                .iter()
                .fold(0, |all, field| all | flags(field.dtype()));
            let aligned = if fields.is_aligned() { ALIGNED } else { 0 };
            NEEDS_PYAPI | of_fields & FROM_FIELDS | aligned
        }
        (ElementKind::Str, _) => NEEDS_INIT,
        (ElementKind::Object, _) => OBJECT_FLAGS,
        (ElementKind::BFloat16 | ElementKind::Ml(_), _) => USER,
        _ => 0,
    }
}

/// Whether the buffer protocol can tell such elements (`_buffer_format_string` in NumPy's `buffer.c`).
pub(super) fn is_exported(dtype: &DType) -> bool {
    end_of(dtype, 0).is_some()
}

/// Where an element that begins at `offset` ends, if it can be told.
fn end_of(dtype: &DType, offset: u64) -> Option<u64> {
    if let Some((base, shape)) = dtype.subarray() {
        let len: u64 = shape.iter().product();
        let end = end_of(base, offset)?;
        return offset.checked_add((end - offset).checked_mul(len)?);
    }
    if let Some(fields) = dtype.fields() {
        let mut end = offset;
        for field in fields.iter() {
            let at = offset.checked_add(field.offset())?;
            if end > at || field.name().contains(':') {
                return None;
            }
            end = end_of(field.dtype(), at)?;
        }
        return Some(end);
    }
    let is_told = match dtype.kind() {
        ElementKind::DateTime
        | ElementKind::TimeDelta
        | ElementKind::Object
        | ElementKind::String
        | ElementKind::BFloat16
        | ElementKind::Ml(_) => false,
        ElementKind::LongDouble | ElementKind::ComplexLongDouble => {
            dtype.byte_order() == ByteOrder::NATIVE
        }
        _ => true,
    };
    is_told
        .then(|| offset.checked_add(dtype.itemsize()))
        .flatten()
}
