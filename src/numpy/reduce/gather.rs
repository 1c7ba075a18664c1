//! The elements of a strided array as bytes in C order, made where they are asked for: nothing is staged.

use std::io;

use ndarray::{ArrayBase, ArrayView, ArrayViewMut, Axis, Data, IxDyn, Slice};

use super::super::element::Element;
use crate::payload::ReadAt;

/// An array of any layout.
#[derive(Debug)]
pub(super) struct Gathered<S: Data>(pub(super) ArrayBase<S, IxDyn>)
where
    S::Elem: Element;

impl<S: Data + Send + Sync> ReadAt for Gathered<S>
where
    S::Elem: Element,
{
    fn read_exact_at(&self, buf: &mut [u8], offset: u64) -> io::Result<()> {
        let end = io::ErrorKind::UnexpectedEof;
        let itemsize = size_of::<S::Elem>().max(1);
        let offset = usize::try_from(offset).map_err(|_| end)?;
        // Pieces may begin and end within an element.
        let first = offset / itemsize;
        let last = offset.checked_add(buf.len()).ok_or(end)?.div_ceil(itemsize);
        if last > self.0.len() {
            return Err(end.into());
        }
        let mut elements = S::Elem::zeros(last - first);
        copy(self.0.view(), first, &mut elements);
        let bytes = S::Elem::bytes(&elements);
        let start = offset - first * itemsize;
        buf.copy_from_slice(&bytes[start..start + buf.len()]);
        Ok(())
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.0.len() as u64 * size_of::<S::Elem>() as u64)
    }
}

/// Copies elements in C order, from the `first` on as many as there is room for. Not deeper than there are axes.
fn copy<T: Element>(from: ArrayView<'_, T, IxDyn>, first: usize, to: &mut [T]) {
    if to.len() == from.len() {
        if let Ok(mut to) = ArrayViewMut::from_shape(from.raw_dim(), to) {
            to.assign(&from);
        }
        return;
    }
    let len = from.len_of(Axis(0));
    let inner = from.len() / len.max(1);
    let (mut done, mut row) = (0, first / inner.max(1));
    let mut skipped = first - row * inner;
    while done < to.len() && row < len {
        let left = to.len() - done;
        if skipped == 0 && left >= inner {
            // As many whole rows as there is room for.
            let rows = (left / inner).min(len - row);
            let part = from.slice_axis(Axis(0), Slice::from(row..row + rows));
            copy(part, 0, &mut to[done..done + rows * inner]);
            (done, row) = (done + rows * inner, row + rows);
        } else {
            let n = left.min(inner - skipped);
            copy(
                from.index_axis(Axis(0), row),
                skipped,
                &mut to[done..done + n],
            );
            (done, row, skipped) = (done + n, row + 1, 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use ndarray::Array;

    use super::*;

    #[test]
    fn any_part_of_any_layout() {
        let whole = Array::from_iter(0..2000u32)
            .into_shape_with_order((10, 20, 10))
            .expect("2000");
        let part = whole
            .slice_axis(Axis(0), Slice::new(1, None, 2))
            .slice_axis_move(Axis(1), Slice::new(0, None, -3))
            .slice_axis_move(Axis(2), Slice::from(2..9))
            .permuted_axes([2, 0, 1]);
        let expected: Vec<u8> = part.iter().flat_map(|value| value.to_ne_bytes()).collect();
        let gathered = Gathered(part.into_dyn());
        assert_eq!(gathered.size().expect("known"), expected.len() as u64);
        for step in [1, 3, 4, 7, 28, 100, 1000, expected.len()] {
            let mut bytes = vec![0; expected.len()];
            for (n, piece) in bytes.chunks_mut(step).enumerate() {
                gathered
                    .read_exact_at(piece, (n * step) as u64)
                    .expect("inside");
            }
            assert_eq!(bytes, expected, "{step}");
        }
        let past = expected.len() as u64 - 1;
        assert!(gathered.read_exact_at(&mut [0; 2], past).is_err());
    }
}
