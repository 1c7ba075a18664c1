//! The mask of a masked array, which stands in the state behind the data.

use ndpickle::numpy::NdArray;
use ndpickle::{Kind, Node};

/// The mask's bytes in C order; `None` where there is no mask that fits the array.
pub(crate) fn bytes(node: Node<'_, '_>, array: &NdArray<'_>) -> Option<Vec<u8>> {
    // (version, shape, dtype, is Fortran, data, mask, fill value): `__getstate__` in NumPy's `ma/core.py`.
    let state = node.states().last().filter(|state| state.len() == 7)?;
    let stored = raw(state.index(5)?)?;
    let size = usize::try_from(array.size()).ok()?;
    if size == 0 {
        return Some(stored);
    }
    // A structured array has a mask for each of its fields.
    let width = stored.len() / size;
    if stored.len() != size * width {
        return None;
    }
    let is_fortran = state.index(3).is_some_and(|flag| {
        flag.as_bool()
            .unwrap_or_else(|| flag.as_i64().is_some_and(|flag| flag != 0))
    });
    if !is_fortran {
        return Some(stored);
    }
    let mut ordered = Vec::with_capacity(stored.len());
    let shape = array.shape();
    let mut index = vec![0; shape.len()];
    for _ in 0..size {
        let mut at = 0;
        for (n, len) in index.iter().zip(shape).rev() {
            at = at * len + n;
        }
        ordered.extend_from_slice(&stored[at * width..][..width]);
        for (n, len) in index.iter_mut().zip(shape).rev() {
            *n += 1;
            if *n < *len {
                break;
            }
            *n = 0;
        }
    }
    Some(ordered)
}

/// Bytes, however a protocol spells them.
fn raw(node: Node<'_, '_>) -> Option<Vec<u8>> {
    match node.kind() {
        Kind::Bytes | Kind::ByteArray | Kind::Py2Str => node.payload()?.to_vec().ok(),
        // Python 3 writes characters up to U+00FF in protocols 0 to 2, and calls `_codecs.encode` with them.
        Kind::Str => {
            let text = node.text().ok()?;
            text.chars().map(|c| u8::try_from(c).ok()).collect()
        }
        Kind::Object => match node.args()?.index(0) {
            Some(text) if text.kind() == Kind::Str => raw(text),
            Some(_) => None,
            None => Some(Vec::new()),
        },
        _ => None,
    }
}
