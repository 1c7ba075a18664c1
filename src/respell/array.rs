//! Arrays: `array_reduce_ex` in NumPy's `methods.c`, which chooses between `_reconstruct` and `_frombuffer`.

use super::pass::Pass;
use crate::error::Result;
use crate::graph::{Id, Node};
use crate::names::Known;
use crate::numpy::{ArrayKind, NdArray};

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
        match (was_buffer, self.builder.is_buffer(&array)) {
            (true, true) => {
                let layout = node.args().into_iter().flat_map(Node::items).skip(2);
                let layout = self.all(layout)?;
                self.buffer(node, &layout, &array, id)
            }
            // Where there were buffers, an array that is none was not contiguous.
            (false, true) if self.source.protocol >= 5 => self.fill_object(node, id),
            (false, true) => {
                let layout = self.builder.buffer_layout(&array)?;
                self.buffer(node, &layout, &array, id)
            }
            (true, false) => self.reconstruct(node, &array, id),
            (false, false) if self.changes_python() => self.reconstruct(node, &array, id),
            (false, false) => self.fill_object(node, id),
        }
    }

    /// A scalar of the other Python.
    fn scalar(&mut self, node: Node<'p, 'a>, array: &NdArray<'a>, id: Id) -> Result<()> {
        if array.dtype().has_objects() {
            return self.fill_object(node, id);
        }
        let dtype = node.args().and_then(|args| args.index(0));
        let dtype = dtype.ok_or_else(|| node.error("a scalar without a dtype"))?;
        let dtype = self.of(dtype)?;
        self.builder.fill_scalar(id, dtype, array)
    }

    /// A masked array of the other Python: `(version, shape, dtype, is Fortran, data, mask, fill value)`.
    fn masked(&mut self, node: Node<'p, 'a>, id: Id) -> Result<()> {
        let (Some(args), Some(state)) = (node.args(), node.last_state()) else {
            return self.fill_object(node, id);
        };
        let callable = self.builder.global("numpy.ma.core", "_mareconstruct")?;
        let mut made = self.all(args.items().take(3))?;
        for letter in args.items().skip(3) {
            let letter = self.text(letter)?;
            made.push(self.temporary(letter));
        }
        let args = self.builder.temporary_tuple(&made)?;
        self.builder.graph.fill_object(id, callable, args);
        let mut items = Vec::new();
        for (n, item) in state.items().enumerate() {
            items.push(match n {
                1 | 4 | 5 => {
                    let item = self.bytes(item)?;
                    self.temporary(item)
                }
                _ => self.of(item)?,
            });
        }
        let state = self.builder.temporary_tuple(&items)?;
        self.builder.graph.build(id, state)
    }

    fn buffer(
        &mut self,
        node: Node<'p, 'a>,
        layout: &[Id],
        array: &NdArray<'a>,
        id: Id,
    ) -> Result<()> {
        let dtype = self.dtype_of(node)?;
        self.builder.fill_buffer(id, dtype, layout, array)
    }

    fn reconstruct(&mut self, node: Node<'p, 'a>, array: &NdArray<'a>, id: Id) -> Result<()> {
        let class = match (array.kind(), node.args().and_then(|args| args.index(0))) {
            (ArrayKind::NdArray, _) | (_, None) => self.builder.numpy_global(Known::NdArray)?,
            (_, Some(class)) => self.of(class)?,
        };
        let list = node.last_state().and_then(|state| state.items().last());
        let data = match list {
            Some(list) if array.dtype().has_objects() => {
                let (id, is_empty) = (self.of(list)?, list.is_empty());
                if is_empty { self.temporary(id) } else { id }
            }
            _ => self.builder.array_data(array)?,
        };
        let dtype = self.dtype_of(node)?;
        self.builder.fill_array(id, class, dtype, data, array)
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
