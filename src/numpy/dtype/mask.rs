//! The dtype of masks: a bool for every number.
//!
//! Source: `make_mask_descr` in NumPy's `ma/core.py`, 1.10 to 2.5.

use std::hash::{Hash, Hasher};
use std::sync::OnceLock;

use super::fields::{Field, Fields, Metadata};
use super::{ByteOrder, DType, ElementKind};

/// The mask's dtype of structures with some fields, made once it is asked for: dtypes without end may share the fields.
#[derive(Clone, Debug, Default)]
pub(super) struct Mask(OnceLock<Option<DType>>);

impl PartialEq for Mask {
    /// Equal fields have equal masks.
    fn eq(&self, _: &Mask) -> bool {
        true
    }
}

impl Eq for Mask {}

impl Hash for Mask {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

impl DType {
    /// A bool for every field, the structure kept; `None` where that does not fit.
    pub(in crate::numpy) fn mask(&self) -> Option<DType> {
        if let Some((base, shape)) = self.subarray() {
            return DType::subarray_of(base.mask()?, shape.to_vec());
        }
        match self.fields() {
            Some(fields) => fields.mask.0.get_or_init(|| mask_of(fields)).clone(),
            None => Some(DType::new(ElementKind::Bool, 1, ByteOrder::None)),
        }
    }
}

/// The masks of fields one behind the other, without gaps.
fn mask_of(fields: &Fields) -> Option<DType> {
    let mut end = 0u64;
    let mut masks = Vec::with_capacity(fields.len());
    for field in fields.iter() {
        let (dtype, offset) = (field.dtype.mask()?, end);
        end = end.checked_add(dtype.itemsize())?;
        masks.push(Field {
            name: field.name.clone(),
            title: field.title.clone(),
            dtype,
            offset,
            metadata: Metadata::None,
        });
    }
    let void = DType::new(ElementKind::Void, 0, ByteOrder::None);
    Some(void.with_fields(Fields::new(masks, false, false), end))
}
