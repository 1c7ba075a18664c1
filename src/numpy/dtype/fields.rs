//! The fields of a structured dtype.

use std::ops::Deref;
use std::sync::Arc;

use super::mask::Mask;
use super::{ByteOrder, DType};

/// A field of a structured dtype.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Field {
    // Many dtypes may share a long name.
    pub(super) name: Arc<str>,
    pub(super) title: Option<Title>,
    pub(super) dtype: DType,
    pub(super) offset: u64,
    /// What the field's dtype of one piece (or a subarray's) carries.
    pub(super) metadata: Metadata,
}

/// The title of a field. NumPy takes any object for one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Title {
    Text(Arc<str>),
    /// `repr` of another object, if that is a plain one.
    Other(Option<Arc<str>>),
}

/// The metadata that `descr` tells.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Metadata {
    None,
    /// `repr` of the dict.
    Plain(Arc<str>),
    /// What nobody here can tell.
    Other,
}

impl Field {
    /// A field without title.
    pub(in crate::numpy) fn new(name: &str, dtype: DType, offset: u64) -> Field {
        Field {
            name: name.into(),
            title: None,
            dtype,
            offset,
            metadata: Metadata::None,
        }
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The title, if it has one: a second name. Of a title that is no text Python's `repr`, if it is a plain object.
    pub fn title(&self) -> Option<&str> {
        match &self.title {
            Some(Title::Text(title) | Title::Other(Some(title))) => Some(title),
            _ => None,
        }
    }

    fn has_title(&self, name: &str) -> bool {
        matches!(&self.title, Some(Title::Text(title)) if **title == *name)
    }

    /// Whether it has a title, be it a text or not.
    pub(in crate::numpy) fn has_any_title(&self) -> bool {
        self.title.is_some()
    }

    /// Whether its dtype carries metadata.
    pub(in crate::numpy) fn has_metadata(&self) -> bool {
        self.metadata != Metadata::None
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
    levels: usize,
    pub(super) mask: Mask,
}

impl Fields {
    pub(in crate::numpy) fn new(list: Vec<Field>, aligned: bool, record: bool) -> Fields {
        let any = |has: fn(&DType) -> bool| list.iter().any(|field| has(&field.dtype));
        let leaves = list.iter().map(|field| field.dtype.leaves().max(1));
        let levels = list.iter().map(|field| field.dtype.levels() + 1).max();
        Fields {
            levels: levels.unwrap_or(1),
            mask: Mask::default(),
            has_little: any(|dtype| dtype.has_order(ByteOrder::Little)),
            has_big: any(|dtype| dtype.has_order(ByteOrder::Big)),
            has_objects: any(DType::has_objects),
            leaves: leaves.fold(0, u64::saturating_add),
            list,
            aligned,
            record,
        }
    }

    /// The field of this name or title.
    pub fn get(&self, name: &str) -> Option<&Field> {
        let by_name = self.list.iter().find(|field| field.name() == name);
        by_name.or_else(|| self.list.iter().find(|field| field.has_title(name)))
    }

    /// These fields, of elements that are `numpy.record`.
    pub(super) fn as_record(&self) -> Fields {
        Fields::new(self.list.clone(), self.aligned, true)
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

    pub(super) fn levels(&self) -> usize {
        self.levels
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
