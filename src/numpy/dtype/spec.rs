//! The dtype that a node describes: `dtype(spec, align, copy)` with its state.
//!
//! Facts: `arraydescr_reduce` and `arraydescr_setstate` in NumPy's `descriptor.c`, 1.10 to 2.5. Where those believe what a
//! state says (offsets, flags, sizes), it is checked here.

use std::sync::Arc;

use super::fields::{Field, Fields, Metadata, Title};
use super::text::{from_name, of_ml, simple};
use super::told::told;
use super::{ByteOrder, DEEPEST, DType, Detail, ElementKind, Strings, TimeUnit, Unit};
use crate::error::{Error, Result};
use crate::graph::{Kind, Node};
use crate::names::Known;
use crate::python::bytes;
use crate::repr;

/// Fields of a dtype, those of fields included, that are followed: a few hundred bytes of pickle can spell 2^64.
const MOST_FIELDS: u64 = 1 << 16;

/// From this size on a name is long: a copy in every dtype that has it costs more than remembering one.
const LONG: usize = 64;

/// Bytes of a field's name or title: it is looked for in every dtype that has it, and many may share it.
const LONGEST_NAME: u64 = 1 << 12;

/// Bytes of the longest name of a unit: `generic`.
const LONGEST_UNIT: u64 = 7;

/// `NPY_ALIGNED_STRUCT`. NumPy 1 writes flags as a signed char: -112 has this bit as 144 has it.
const ALIGNED: i64 = 0x80;

impl<'p, 'a> Node<'p, 'a> {
    /// Whether this node is a NumPy dtype (not a class of one). Says nothing about whether it is whole.
    pub fn is_dtype(self) -> bool {
        let callable = self.callable().map(Node::known);
        matches!(callable, Some(Known::DType | Known::StringDType))
    }

    /// The NumPy dtype that this node is.
    ///
    /// # Errors
    ///
    /// Category `Data` where it is none, or is one that NumPy refuses; `Limit` for one with too many fields.
    pub fn dtype(self) -> Result<DType> {
        dtype(self)
    }

    /// The metadata dict of a dtype, if it carries one: `dtype('f8', metadata={…})`.
    pub fn dtype_metadata(self) -> Option<Node<'p, 'a>> {
        let state = self.last_state().filter(|_| self.is_dtype())?;
        let metadata = state.index(8).filter(|_| state.len() == 9)?;
        // Datetimes have their unit beside it.
        let metadata = match metadata.kind() {
            Kind::Tuple => metadata.index(0)?,
            _ => metadata,
        };
        (metadata.kind() == Kind::Dict && !metadata.is_empty()).then_some(metadata)
    }
}

/// The dtype that this node is.
#[inline]
pub(in crate::numpy) fn dtype(node: Node<'_, '_>) -> Result<DType> {
    node.graph.memory.recall(node.id(), || read(node, 0))
}

fn read(node: Node<'_, '_>, depth: usize) -> Result<DType> {
    let (Some(callable), Some(args)) = (node.callable(), node.args()) else {
        return Err(node.error("not a dtype"));
    };
    if depth > DEEPEST {
        return Err(too_deep(node));
    }
    match callable.known() {
        Known::DType => {}
        Known::StringDType => return strings(args),
        _ => return Err(node.error("not a dtype")),
    }
    let Some(spec) = args.index(0) else {
        return Err(node.error("a dtype without a spec"));
    };
    let made = match (spec.kind(), spec.raw_bytes()) {
        (Kind::Str | Kind::Py2Str | Kind::Bytes, Some(bytes)) => std::str::from_utf8(bytes)
            .ok()
            .and_then(simple)
            .ok_or_else(|| node.error("an unknown dtype spec"))?,
        (Kind::Global, _) => {
            from_type(spec).ok_or_else(|| node.error("a dtype of an unknown type"))?
        }
        // NumPy takes a dtype for a dtype.
        (Kind::Object, _) => read(spec, depth + 1)?,
        _ => return Err(node.error("a dtype of something that is no spec")),
    };
    let Some(state) = node.last_state() else {
        return Ok(made);
    };
    let state = State::of(state)?;
    if !state.is_composite() {
        return state.plain(made);
    }
    let is_record = spec.known() == Known::Record;
    // A dtype with fields may be shared by arrays and by dtypes without end.
    let memory = &node.graph.memory;
    memory.understand(node.id(), || state.composite(made, is_record, depth))
}

fn too_deep(node: Node<'_, '_>) -> Error {
    node.error(format!("a dtype of more than {DEEPEST} levels"))
}

/// The dtype of a scalar type: NumPy's, ml_dtypes', `numpy.record`, or a Python type.
pub(in crate::numpy) fn from_type(node: Node<'_, '_>) -> Option<DType> {
    let (_, name) = node.global_bytes()?;
    let name = std::str::from_utf8(name).ok()?;
    match node.known() {
        Known::ScalarType | Known::Builtin => from_name(name),
        Known::Record => Some(DType::new(ElementKind::Void, 0, ByteOrder::None)),
        Known::UserScalarType => of_ml(name),
        _ => None,
    }
}

/// `_convert_to_stringdtype_kwargs(coerce[, na_object])`.
fn strings(args: Node<'_, '_>) -> Result<DType> {
    let coerce = args.index(0).and_then(Node::as_int_like);
    let mut dtype = DType::new(ElementKind::String, 16, ByteOrder::None);
    dtype.detail = Detail::Strings(Arc::new(Strings {
        coerce: coerce.ok_or_else(|| args.error("a StringDType without its coerce flag"))? != 0,
        na: args.index(1).map(na_repr).transpose()?,
    }));
    Ok(dtype)
}

/// `repr` of what stands for missing strings.
fn na_repr(node: Node<'_, '_>) -> Result<Arc<str>> {
    let len = node.byte_len().unwrap_or(0) as usize;
    shared(node, len, || {
        Ok(match (node.kind(), node.raw_bytes()) {
            (Kind::Str, Some(bytes)) => repr::str(bytes).into(),
            _ => told(node).map_or("<object>".into(), Into::into),
        })
    })
}

/// What is made of the text of a node, made once if it is long: many dtypes may share it.
fn shared(
    node: Node<'_, '_>,
    len: usize,
    make: impl FnOnce() -> Result<Arc<str>>,
) -> Result<Arc<str>> {
    if len < LONG {
        make()
    } else {
        node.graph.memory.understand(node.id(), make)
    }
}

/// A name in an error: the start of it.
fn start_of(name: &str) -> String {
    name.chars().take(LONG).collect()
}

/// The state of a dtype: `(version, byte order, subarray, names, fields, itemsize, alignment, flags, metadata)`, of which
/// older versions lack parts.
struct State<'p, 'a> {
    node: Node<'p, 'a>,
    order: ByteOrder,
    subarray: Option<Node<'p, 'a>>,
    names: Option<Node<'p, 'a>>,
    fields: Option<Node<'p, 'a>>,
    itemsize: Option<i64>,
    flags: i64,
    metadata: Option<Node<'p, 'a>>,
}

impl<'p, 'a> State<'p, 'a> {
    fn of(node: Node<'p, 'a>) -> Result<State<'p, 'a>> {
        let parts = node.parts::<9>().filter(|(len, _)| (5..=9).contains(len));
        let Some((len, mut parts)) = parts else {
            return Err(node.error("a dtype's state must be a tuple of 5 to 9"));
        };
        // Version 0 has no number in front, versions 0 and 1 have no names.
        if len == 5 {
            parts[..6].rotate_right(1);
        } else if !parts[0]
            .and_then(Node::as_int_like)
            .is_some_and(|version| (0..=4).contains(&version))
        {
            return Err(node.error("a dtype's state must be of version 0 to 4"));
        }
        if len <= 6 {
            parts[3..7].rotate_right(1);
        }
        let [
            _,
            order,
            subarray,
            names,
            fields,
            itemsize,
            _,
            flags,
            metadata,
        ] = parts;
        let order = match order.and_then(Node::raw_bytes) {
            Some(b"<") => ByteOrder::Little,
            Some(b">") => ByteOrder::Big,
            Some(b"|") => ByteOrder::None,
            Some([_]) => ByteOrder::NATIVE,
            _ => return Err(node.error("a dtype's byte order must be one character")),
        };
        let is_some = |part: &Node<'_, '_>| !part.is_none();
        let fields = fields.filter(is_some);
        let names = match (len <= 6, fields) {
            (true, Some(fields)) => fields.get(-1),
            _ => names.filter(is_some),
        };
        if names.is_some() != fields.is_some() {
            return Err(node.error("a dtype's state must have both names and fields or neither"));
        }
        Ok(State {
            node,
            order,
            subarray: subarray.filter(is_some),
            names,
            fields,
            itemsize: itemsize.and_then(Node::as_i64),
            flags: flags.and_then(Node::as_i64).unwrap_or(0),
            metadata,
        })
    }

    fn is_composite(&self) -> bool {
        self.fields.is_some() || self.subarray.is_some()
    }

    fn sizes(&self) -> Result<u64> {
        let itemsize = self.itemsize.and_then(|size| u64::try_from(size).ok());
        itemsize.ok_or_else(|| self.node.error("a dtype's itemsize is impossible"))
    }

    /// A dtype of one piece after `__setstate__`.
    fn plain(&self, made: DType) -> Result<DType> {
        let dtype = made.with_order(self.order);
        match dtype.kind() {
            ElementKind::Bytes | ElementKind::Str | ElementKind::Void => {
                let itemsize = self.sizes()?;
                if dtype.kind() == ElementKind::Str && itemsize % 4 != 0 {
                    return Err(self.node.error("a dtype's itemsize is impossible"));
                }
                Ok(dtype.with_itemsize(itemsize))
            }
            ElementKind::DateTime | ElementKind::TimeDelta => Ok(dtype.with_unit(self.unit()?)),
            _ => Ok(dtype),
        }
    }

    /// The unit of a datetime: from `(metadata, (unit, count[, divisor[, event]]))`.
    fn unit(&self) -> Result<Unit> {
        // NumPy 2.5 reads through a null pointer where the metadata is missing.
        let wrong = || {
            self.node
                .error("a datetime's metadata must be a tuple with its unit")
        };
        let parts = self.metadata.and_then(|metadata| metadata.index(1));
        let parts = parts.filter(|parts| (2..=4).contains(&parts.len()));
        let parts = parts.ok_or_else(wrong)?;
        let number = |n: usize, default: u32| match parts.index(n) {
            Some(number) => number.as_i64().and_then(|value| u32::try_from(value).ok()),
            None => Some(default),
        };
        let unit = parts.index(0).map(unit_named).transpose()?.flatten();
        let (unit, count) = (unit.ok_or_else(wrong)?, number(1, 1).ok_or_else(wrong)?);
        if unit == TimeUnit::Generic {
            return Ok(Unit::GENERIC);
        }
        // The event, the last of four, was given up before NumPy 1.7.
        let divisor = number(2, 1).ok_or_else(wrong)?;
        Unit::divided(unit, count, divisor)
            .filter(|unit| unit.count > 0)
            .ok_or_else(|| self.node.error("a datetime's unit has no such part"))
    }

    /// What was understood before may be deeper than the way to it here.
    fn check_levels(&self, levels: usize) -> Result<()> {
        if levels > DEEPEST {
            return Err(too_deep(self.node));
        }
        Ok(())
    }

    /// A dtype with fields, or of arrays, after `__setstate__`.
    fn composite(&self, made: DType, is_record: bool, depth: usize) -> Result<DType> {
        let Some((names, fields)) = self.names.zip(self.fields) else {
            return self.array(depth);
        };
        // Fields beside a subarray are none of NumPy's. Numbers with fields keep their size, and the state has none for them.
        let itemsize = match made.kind() {
            ElementKind::Void | ElementKind::Struct => self.sizes()?,
            _ => self.plain(made.clone())?.itemsize(),
        };
        let is_aligned = self.flags & ALIGNED != 0;
        let fields = Fields::new(self.fields(names, fields, depth)?, is_aligned, is_record);
        if fields.leaves() > MOST_FIELDS {
            return Err(Error::limit("fields of a dtype", MOST_FIELDS));
        }
        self.check_levels(fields.levels())?;
        let outside = fields.iter().find(|field| {
            let end = field.offset.checked_add(field.dtype.itemsize());
            end.is_none_or(|end| end > itemsize)
        });
        if let Some(field) = outside {
            let name = start_of(field.name());
            let what = format!("the field {name:?} lies outside of its element");
            return Err(self.node.error(what));
        }
        Ok(made.with_order(self.order).with_fields(fields, itemsize))
    }

    /// `(base, shape)`.
    fn array(&self, depth: usize) -> Result<DType> {
        let wrong = || self.node.error("a subarray must be a dtype and a shape");
        let [base, shape] = match self.subarray.and_then(Node::parts::<2>) {
            Some((2, [Some(base), Some(shape)])) => [base, shape],
            _ => return Err(wrong()),
        };
        let base = read(base, depth + 1)?;
        let len = |node: Node<'_, '_>| node.as_i64().and_then(|len| u64::try_from(len).ok());
        let shape: Option<Vec<u64>> = match shape.kind() {
            Kind::Tuple => shape.items().map(len).collect(),
            _ => len(shape).map(|len| vec![len]),
        };
        let dtype = DType::subarray_of(base, shape.ok_or_else(wrong)?).ok_or_else(wrong)?;
        self.check_levels(dtype.levels())?;
        if dtype.itemsize() != self.sizes()? {
            return Err(self
                .node
                .error("a subarray's itemsize is not that of its elements"));
        }
        Ok(dtype)
    }

    fn fields(
        &self,
        names: Node<'_, '_>,
        fields: Node<'_, '_>,
        depth: usize,
    ) -> Result<Vec<Field>> {
        if names.kind() != Kind::Tuple || fields.kind() != Kind::Dict {
            return Err(self
                .node
                .error("a dtype's names must be a tuple, its fields a dict"));
        }
        if names.len() as u64 > MOST_FIELDS {
            return Err(Error::limit("fields of a dtype", MOST_FIELDS));
        }
        let mut list = Vec::with_capacity(names.len());
        for name in names.items() {
            let text = text_of(name)?;
            let missing = || {
                let name = start_of(&text);
                let what = format!("no field {name:?} in a dtype's fields");
                self.node.error(what)
            };
            let parts = fields.get(&*text).and_then(Node::parts::<3>);
            let Some((2 | 3, [Some(dtype), Some(offset), title])) = parts else {
                return Err(missing());
            };
            let base = innermost(dtype);
            let offset = offset
                .as_i64()
                .and_then(|offset| u64::try_from(offset).ok());
            let title = title.filter(|title| !title.is_none()).map(title_of);
            let dtype = read(dtype, depth + 1)?;
            list.push(Field {
                offset: offset.ok_or_else(|| self.node.error("a field's offset is impossible"))?,
                // `descr` tells what dtypes of one piece carry, of others their parts alone.
                metadata: match base.dtype_metadata() {
                    Some(metadata) if dtype.leaf().fields().is_none() => match told(metadata) {
                        Some(told) => Metadata::Plain(told.into()),
                        None => Metadata::Other,
                    },
                    _ => Metadata::None,
                },
                dtype,
                name: text,
                title: title.transpose()?,
            });
        }
        Ok(list)
    }
}

/// The text of a name; in Python 2 it may be bytes.
fn text_of(node: Node<'_, '_>) -> Result<Arc<str>> {
    let len = node.payload().map_or(0, |payload| payload.len());
    if len > LONGEST_NAME {
        return Err(Error::limit("bytes of a field's name", LONGEST_NAME));
    }
    shared(node, len as usize, || match node.kind() {
        Kind::Bytes => {
            let ascii = node.as_bytes().filter(|bytes| bytes.is_ascii());
            let text = ascii.and_then(|bytes| std::str::from_utf8(bytes).ok());
            let text = text.ok_or_else(|| node.error("a field's name must be text"))?;
            Ok(text.into())
        }
        _ => Ok(node.text()?.into()),
    })
}

/// The unit of a name, which is bytes, or text in pickles made by hand.
fn unit_named(name: Node<'_, '_>) -> Result<Option<TimeUnit>> {
    if let Some(name) = name.as_str() {
        return Ok(TimeUnit::from_name(name));
    }
    let name = bytes(name)?.filter(|name| name.len() <= LONGEST_UNIT);
    let name = name.map(|name| name.to_vec()).transpose()?;
    let name = name
        .as_deref()
        .and_then(|name| std::str::from_utf8(name).ok());
    Ok(name.and_then(TimeUnit::from_name))
}

/// A title, which may be any object.
fn title_of(node: Node<'_, '_>) -> Result<Title> {
    match node.kind() {
        Kind::Str | Kind::Py2Str => text_of(node).map(Title::Text),
        _ => Ok(Title::Other(told(node).map(Into::into))),
    }
}

/// The dtype of an element of a subarray of subarrays; of other dtypes themselves.
fn innermost<'p, 'a>(dtype: Node<'p, 'a>) -> Node<'p, 'a> {
    let base = |dtype: &Node<'p, 'a>| {
        let state = dtype.last_state()?;
        let subarray = state.index(if state.len() == 5 { 1 } else { 2 })?;
        subarray.index(0)
    };
    let bases = std::iter::successors(Some(dtype), base);
    bases.take(DEEPEST + 1).last().unwrap_or(dtype)
}
