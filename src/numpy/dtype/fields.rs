//! The fields of a structured dtype.

use std::ops::Deref;

use super::{ByteOrder, DType};

/// A field of a structured dtype.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Field {
    pub(super) name: Box<str>,
    pub(super) title: Option<Box<str>>,
    pub(super) dtype: DType,
    pub(super) offset: u64,
    /// Whether the field's dtype (or its subarray's) carries metadata, which `descr` would tell.
    pub(super) has_metadata: bool,
}

impl Field {
    /// A field without title.
    pub(in crate::numpy) fn new(name: &str, dtype: DType, offset: u64) -> Field {
        Field {
            name: name.into(),
            title: None,
            dtype,
            offset,
            has_metadata: false,
        }
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The title: a second name, if it has one that is text.
    pub fn title(&self) -> Option<&str> {
        self.title.as_deref()
    }

    /// What the field is; of an array in each element a [subarray](DType::subarray).
    pub fn dtype(&self) -> &DType {
        &self.dtype
    }

    /// Bytes from the start of the element.
    pub fn offset(&self) -> u64 {
        self.offset
    }
}

/// The fields of a structured dtype, in the order of its names: a slice of [`Field`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Fields {
    list: Vec<Field>,
    aligned: bool,
    record: bool,
    // Told once, because many arrays may share fields without end.
    has_little: bool,
    has_big: bool,
    has_objects: bool,
    leaves: u64,
}

impl Fields {
    pub(super) fn new(list: Vec<Field>, aligned: bool, record: bool) -> Fields {
        let any = |has: fn(&DType) -> bool| list.iter().any(|field| has(&field.dtype));
        let leaves = list.iter().map(|field| field.dtype.leaves().max(1));
        Fields {
            has_little: any(|dtype| dtype.has_order(ByteOrder::Little)),
            has_big: any(|dtype| dtype.has_order(ByteOrder::Big)),
            has_objects: any(DType::has_objects),
            leaves: leaves.fold(0, u64::saturating_add),
            list,
            aligned,
            record,
        }
    }

    /// Fields one behind the other, without gaps, and the size of all.
    pub(in crate::numpy) fn packed<N: AsRef<str>>(
        fields: impl IntoIterator<Item = (N, DType)>,
    ) -> Option<(Fields, u64)> {
        let mut offset = 0u64;
        let mut list = Vec::new();
        for (name, dtype) in fields {
            let at = offset;
            offset = offset.checked_add(dtype.itemsize())?;
            list.push(Field::new(name.as_ref(), dtype, at));
        }
        Some((Fields::new(list, false, false), offset))
    }

    /// The field of this name or title.
    pub fn get(&self, name: &str) -> Option<&Field> {
        let by_name = self.list.iter().find(|field| field.name() == name);
        by_name.or_else(|| self.list.iter().find(|field| field.title() == Some(name)))
    }

    /// Whether a number in any field is in this order.
    pub(super) fn has_order(&self, order: ByteOrder) -> bool {
        match order {
            ByteOrder::Little => self.has_little,
            ByteOrder::Big => self.has_big,
            ByteOrder::None => false,
        }
    }

    /// Fields, those of fields in place of them.
    pub(super) fn leaves(&self) -> u64 {
        self.leaves
    }

    pub(super) fn has_objects(&self) -> bool {
        self.has_objects
    }

    /// Whether the fields were laid out as a C compiler would (`align=True`). NumPy 1 and 2 spell that flag differently.
    pub fn is_aligned(&self) -> bool {
        self.aligned
    }

    /// Whether the elements are `numpy.record`, with attributes for fields, and not `numpy.void`.
    pub fn is_record(&self) -> bool {
        self.record
    }
}

impl Deref for Fields {
    type Target = [Field];

    fn deref(&self) -> &[Field] {
        &self.list
    }
}
