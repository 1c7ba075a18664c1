//! An array as the row that the manifest has of it.

use ndpickle::numpy::{ByteOrder, ElementKind, NdArray, Row};
use serde_json::{Value, json};

use super::dump::sha256;

/// The keys of the contract.
pub(crate) fn told(row: Row<'_, '_>) -> Value {
    match &row.array {
        Ok(array) => json!({
            "path": row.path,
            "kind": row.kind.name(),
            "dtype": array.dtype().to_string(),
            "shape": array.shape(),
            "order": format!("{:?}", array.order()),
            "nbytes": array.nbytes(),
            "sha256": elements(array).map(|bytes| sha256(&bytes)),
        }),
        Err(error) => json!({
            "path": row.path, "kind": row.kind.name(), "error": error.to_string(),
        }),
    }
}

/// The elements in C order, every number little-endian; none of objects.
fn elements(array: &NdArray<'_>) -> Option<Vec<u8>> {
    let mut bytes = array.to_bytes().ok()?;
    if array.dtype().byte_order() == ByteOrder::Big {
        let itemsize = array.dtype().itemsize() as usize;
        let number = match array.dtype().kind() {
            ElementKind::Str => 4,
            ElementKind::Complex => itemsize / 2,
            _ => itemsize,
        };
        bytes.chunks_mut(number.max(1)).for_each(<[u8]>::reverse);
    }
    Some(bytes)
}
