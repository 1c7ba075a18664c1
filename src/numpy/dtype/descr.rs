//! `dtype.descr`: the text of a dtype with its fields, as `.npy` headers have it.
//!
//! Source: `_array_descr` in NumPy's `_core/_internal.py` and `arraydescr_protocol_descr_get` in `descriptor.c`, alike from
//! 1.10 to 2.5.

use super::fields::{Metadata, Title};
use super::{DType, Fields};
use crate::repr;

pub(super) fn descr(dtype: &DType) -> Option<String> {
    let mut out = String::new();
    match dtype.fields() {
        Some(fields) => push_fields(fields, dtype.itemsize(), &mut out)?,
        None => {
            let typestr = repr::str(dtype.typestr().as_bytes());
            out = format!("[('', {typestr})]");
        }
    }
    Some(out)
}

/// `metadata` is that of the dtype of one piece which this is, or of which it is a subarray.
fn push_dtype(dtype: &DType, metadata: &Metadata, out: &mut String) -> Option<()> {
    match (dtype.fields(), dtype.subarray()) {
        (Some(fields), _) => push_fields(fields, dtype.itemsize(), out)?,
        (None, Some((base, shape))) => {
            out.push('(');
            push_dtype(base, metadata, out)?;
            out.push_str(", ");
            push_shape(shape, out);
            out.push(')');
        }
        (None, None) => {
            let typestr = repr::str(dtype.typestr().as_bytes());
            match metadata {
                Metadata::None => out.push_str(&typestr),
                Metadata::Plain(metadata) => out.extend(["(", &typestr, ", ", metadata, ")"]),
                Metadata::Other => return None,
            }
        }
    }
    Some(())
}

fn push_fields(fields: &Fields, itemsize: u64, out: &mut String) -> Option<()> {
    let mut end = 0;
    let mut separator = "[";
    for field in fields.iter() {
        out.push_str(separator);
        separator = ", ";
        if field.offset < end {
            return None;
        }
        push_gap(field.offset - end, ", ", out);
        end = field.offset.checked_add(field.dtype.itemsize())?;
        out.push('(');
        let name = repr::str(field.name.as_bytes());
        match &field.title {
            Some(title) => {
                let title = match title {
                    Title::Text(title) => repr::str(title.as_bytes()),
                    Title::Other(told) => told.as_deref()?.to_owned(),
                };
                out.extend(["(", &title, ", ", &name, ")"]);
            }
            None => out.push_str(&name),
        }
        out.push_str(", ");
        match field.dtype.subarray() {
            Some((base, shape)) => {
                push_dtype(base, &field.metadata, out)?;
                out.push_str(", ");
                push_shape(shape, out);
            }
            None => push_dtype(&field.dtype, &field.metadata, out)?,
        }
        out.push(')');
    }
    if itemsize > end {
        out.push_str(separator);
        push_gap(itemsize - end, "", out);
    } else if fields.is_empty() {
        out.push('[');
    }
    out.push(']');
    Some(())
}

/// Bytes that belong to no field.
fn push_gap(len: u64, after: &str, out: &mut String) {
    if len > 0 {
        out.push_str(&format!("('', '|V{len}'){after}"));
    }
}

fn push_shape(shape: &[u64], out: &mut String) {
    let lens: Vec<String> = shape.iter().map(u64::to_string).collect();
    let comma = if shape.len() == 1 { "," } else { "" };
    out.push_str(&format!("({}{comma})", lens.join(", ")));
}
