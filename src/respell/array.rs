//! Arrays: `array_reduce_ex` in NumPy's `methods.c`, which chooses between `_reconstruct` and `_frombuffer`.

use std::sync::Arc;

use super::pass::Pass;
use crate::error::Result;
use crate::graph::{Id, Node};
use crate::names::Known;
use crate::numpy::{ArrayKind, DType, ElementKind, NdArray, Order};
use crate::payload::Payload;

impl<'p, 'a> Pass<'p, 'a> {
    pub(super) fn fill_array(&mut self, node: Node<'p, 'a>, id: Id) -> Result<()> {
        let array = node.array()?;
        match array.kind() {
            ArrayKind::NdArray => {}
            ArrayKind::Scalar | ArrayKind::Record => return self.scalar(node, &array, id),
            ArrayKind::Masked => return self.masked(node, id),
            _ => return self.reconstruct(node, &array, id),
        }
        let was_buffer = node.callable().map(Node::known) == Some(Known::FromBuffer);
        match (was_buffer, self.is_buffer(&array)) {
            (_, true) => self.buffer(node, &array, id),
            (true, false) => self.reconstruct(node, &array, id),
            (false, false) if self.is_py2 => self.reconstruct(node, &array, id),
            (false, false) => self.fill_object(node, id),
        }
    }

    /// A scalar of Python 2.
    fn scalar(&mut self, node: Node<'p, 'a>, array: &NdArray<'a>, id: Id) -> Result<()> {
        let module = format!("{}.multiarray", self.core());
        let callable = self.builder.global(&module, "scalar")?;
        let dtype = node.args().and_then(|args| args.index(0));
        let dtype = dtype.ok_or_else(|| node.error("a scalar without a dtype"))?;
        let dtype = self.of(dtype)?;
        let (payload, _) = array.spelled_data();
        let data = self.builder.bytes(payload)?;
        let args = self.builder.tuple(&[dtype, data])?;
        self.builder.graph.fill_object(id, callable, args);
        Ok(())
    }

    /// A masked array of Python 2: `(version, shape, dtype, is Fortran, data, mask, fill value)`.
    fn masked(&mut self, node: Node<'p, 'a>, id: Id) -> Result<()> {
        let (Some(args), Some(state)) = (node.args(), node.last_state()) else {
            return self.fill_object(node, id);
        };
        let callable = self.builder.global("numpy.ma.core", "_mareconstruct")?;
        let mut made = self.all(args.items().take(3))?;
        for letter in args.items().skip(3) {
            made.push(self.text(letter)?);
        }
        let args = self.builder.tuple(&made)?;
        self.builder.graph.fill_object(id, callable, args);
        let mut items = Vec::new();
        for (n, item) in state.items().enumerate() {
            items.push(match n {
                4 | 5 => self.bytes(item)?,
                _ => self.of(item)?,
            });
        }
        let state = self.builder.tuple(&items)?;
        self.builder.graph.build(id, state)
    }

    /// Whether NumPy hands the memory of an array to the pickler.
    fn is_buffer(&self, array: &NdArray<'_>) -> bool {
        let has_order = match array.order() {
            Order::C | Order::F => true,
            Order::K => self.flavour().numpy.is_from(2, 3, 0),
        };
        let has_buffers = self.protocol() >= 5 && !self.flavour().is_compat;
        has_buffers && has_order && array.dtype().itemsize() > 0 && is_exported(array.dtype())
    }

    fn buffer(&mut self, node: Node<'p, 'a>, array: &NdArray<'a>, id: Id) -> Result<()> {
        let module = format!("{}.numeric", self.core());
        let callable = self.builder.global(&module, "_frombuffer")?;
        let (payload, is_text) = array.spelled_data();
        let buffer = self.builder.buffer(payload, is_text, array.is_writable())?;
        let dtype = self.dtype_of(node)?;
        let source = node.args();
        let arg = |n: usize| source.and_then(|args| args.index(n));
        let order = match array.order() {
            Order::C => "C",
            Order::F => "F",
            Order::K => "K",
        };
        let (shape, axes) = match (array.order(), arg(2), arg(4)) {
            (Order::K, Some(shape), Some(axes)) => (self.of(shape)?, Some(self.of(axes)?)),
            _ => (self.shape(array)?, None),
        };
        let order = self.builder.str(order)?;
        let mut args = vec![buffer, dtype, shape, order];
        args.extend(axes);
        let args = self.builder.tuple(&args)?;
        self.builder.graph.fill_object(id, callable, args);
        Ok(())
    }

    fn reconstruct(&mut self, node: Node<'p, 'a>, array: &NdArray<'a>, id: Id) -> Result<()> {
        let module = format!("{}.multiarray", self.core());
        let callable = self.builder.global(&module, "_reconstruct")?;
        let class = match (array.kind(), node.args().and_then(|args| args.index(0))) {
            (ArrayKind::NdArray, _) | (_, None) => self.builder.global("numpy", "ndarray")?,
            (_, Some(class)) => self.of(class)?,
        };
        let zero = self.builder.int(0)?;
        let empty = self.builder.tuple(&[zero])?;
        let letter = self.builder.bytes(Payload::Borrowed(b"b"))?;
        let args = self.builder.tuple(&[class, empty, letter])?;
        self.builder.graph.fill_object(id, callable, args);
        let list = node.last_state().and_then(|state| state.items().last());
        let data = match (array.order(), list) {
            (_, Some(list)) if array.dtype().has_objects() => self.of(list)?,
            (Order::C | Order::F, _) => match array.spelled_data() {
                (payload, true) => self.builder.bytes_of_text(payload)?,
                (payload, false) => self.builder.bytes(payload)?,
            },
            (Order::K, _) => {
                let bytes = array.to_bytes()?;
                let len = bytes.len();
                self.builder
                    .bytes(Payload::Shared(Arc::new(bytes), 0..len))?
            }
        };
        let version = self.builder.int(1)?;
        let (shape, dtype) = (self.shape(array)?, self.dtype_of(node)?);
        let fortran = self.builder.bool(array.order() == Order::F);
        let state = self
            .builder
            .tuple(&[version, shape, dtype, fortran, data])?;
        self.builder.graph.build(id, state)
    }

    fn shape(&mut self, array: &NdArray<'_>) -> Result<Id> {
        let lens: Result<Vec<Id>> = (array.shape().iter())
            .map(|len| self.builder.int(*len as i64))
            .collect();
        self.builder.tuple(&lens?)
    }

    /// The dtype of an array, which is where its spelling has it.
    fn dtype_of(&mut self, node: Node<'p, 'a>) -> Result<Id> {
        let state = node.states().last();
        let dtype = match (state, node.args()) {
            (Some(state), _) => state.index(state.len().saturating_sub(3)),
            (None, Some(args)) => args.index(1),
            (None, None) => None,
        };
        let dtype = dtype.ok_or_else(|| node.error("an array without a dtype"))?;
        self.of(dtype)
    }
}

/// Whether the buffer protocol can tell such elements (`_buffer_format_string` in NumPy's `buffer.c`).
fn is_exported(dtype: &DType) -> bool {
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
        ElementKind::LongDouble | ElementKind::ComplexLongDouble => dtype.is_native(),
        _ => true,
    };
    is_told
        .then(|| offset.checked_add(dtype.itemsize()))
        .flatten()
}
