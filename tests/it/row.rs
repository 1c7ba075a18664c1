//! An array as the row that the manifest has of it.

use ndpickle::NdArray;
use ndpickle::numpy::{DType, ElementKind, Row};
use serde_json::{Value, json};

use super::dump::sha256;

/// The keys of the contract, and those that the manifest has besides.
pub(crate) fn told(row: Row<'_, '_>) -> Value {
    let (path, kind) = (row.path, row.kind.name());
    let array = match &row.array {
        Ok(array) => array,
        Err(_) => {
            return json!({
                "path": path, "kind": kind, "dtype": null, "shape": null, "order": null, "nbytes": null,
                "sha256": null, "error": true,
            });
        }
    };
    let hash = |array: &NdArray<'_>| elements(array).map(|bytes| sha256(&bytes));
    let mut told = json!({
        "path": path,
        "kind": kind,
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
        told["fill_sha256"] = array.fill_value().and_then(hash).into();
    }
    if !is_plain(array.dtype()) {
        told["plain"] = false.into();
        (told["str"], told["descr"]) = texts(array.dtype());
    }
    told
}

fn is_plain(dtype: &DType) -> bool {
    use ElementKind as K;
    let is_kind = matches!(
        dtype.kind(),
        K::Bool
            | K::Int
            | K::UInt
            | K::Float
            | K::Complex
            | K::BFloat16
            | K::Bytes
            | K::Str
            | K::Void
    );
    is_kind && dtype.fields().is_none()
}

/// `str` and `descr`, of which NumPy's versions say the same of all but StringDType.
pub(crate) fn texts(dtype: &DType) -> (Value, Value) {
    if dtype.kind() == ElementKind::String {
        return ("|T16".into(), Value::Null);
    }
    let descr = dtype.descr().map(|descr| ascii(&descr));
    (dtype.typestr().into(), descr.into())
}

/// Python's `ascii` of a text that is a `repr` already.
fn ascii(text: &str) -> String {
    let escaped = text.chars().map(|c| match u32::from(c) {
        0..=0x7f => c.to_string(),
        code @ ..=0xff => format!("\\x{code:02x}"),
        code @ ..=0xffff => format!("\\u{code:04x}"),
        code => format!("\\U{code:08x}"),
    });
    escaped.collect()
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
