//! An array as the row that the manifest has of it.

use ndpickle::numpy::{DType, NdArray, Row};
use serde_json::{Value, json};

use super::dump::sha256;

/// The keys of the contract.
pub(crate) fn told(row: Row<'_, '_>) -> Value {
    let array = match &row.array {
        Ok(array) => array,
        Err(error) => {
            return json!({
                "path": row.path, "kind": row.kind.name(), "error": error.to_string(),
            });
        }
    };
    let hash = |array: &NdArray<'_>| elements(array).map(|bytes| sha256(&bytes));
    let mut told = json!({
        "path": row.path,
        "kind": row.kind.name(),
        "dtype": dtype(array.dtype()),
        "shape": array.shape(),
        "order": format!("{:?}", array.order()),
        "nbytes": array.nbytes(),
        "sha256": hash(array),
    });
    if let Some(mask) = array.mask() {
        // Not field by field: the bytes.
        let bytes = mask.to_bytes().expect("bools");
        told["mask_sha256"] = sha256(&bytes).into();
    }
    told
}

/// The text of a dtype, or the list of its fields.
pub(crate) fn dtype(dtype: &DType) -> Value {
    let Some(fields) = dtype.fields() else {
        return dtype.to_string().into();
    };
    let told = fields.iter().map(|field| {
        let (base, shape) = field.dtype().subarray().unwrap_or((field.dtype(), &[]));
        json!([
            field.name(),
            field.title(),
            self::dtype(base),
            shape,
            field.offset()
        ])
    });
    told.collect()
}

/// The elements in C order, every number little-endian, a structure's fields one after another; none of objects.
pub(crate) fn elements(array: &NdArray<'_>) -> Option<Vec<u8>> {
    let Some(fields) = array.dtype().fields() else {
        let mut bytes = array.to_bytes().ok()?;
        array.dtype().make_little(&mut bytes);
        return Some(bytes);
    };
    let columns = fields
        .iter()
        .map(|field| elements(&array.field(field.name()).ok()?));
    Some(columns.collect::<Option<Vec<_>>>()?.concat())
}
