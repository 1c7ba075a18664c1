//! Which class of NumPy an array is.

use super::spelling::Spelling;
use crate::graph::Node;
use crate::names::Known;

/// Which class of NumPy an array is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ArrayKind {
    /// `numpy.ndarray`.
    NdArray,
    /// A scalar such as `numpy.float64(1.5)`, as an array without axes.
    Scalar,
    /// `numpy.ma.MaskedArray`, also its structured scalars and records.
    Masked,
    /// `numpy.matrix`.
    Matrix,
    /// `numpy.recarray`.
    RecArray,
    /// `numpy.record`, a scalar.
    Record,
    /// `numpy.char.chararray`.
    CharArray,
    /// `numpy.memmap`.
    MemMap,
    /// A class of another package that derives from ndarray.
    Subclass,
}

impl ArrayKind {
    /// The name in the command's output: `ndarray`, `scalar`, ….
    pub fn name(self) -> &'static str {
        match self {
            ArrayKind::NdArray => "ndarray",
            ArrayKind::Scalar => "scalar",
            ArrayKind::Masked => "masked",
            ArrayKind::Matrix => "matrix",
            ArrayKind::RecArray => "recarray",
            ArrayKind::Record => "record",
            ArrayKind::CharArray => "chararray",
            ArrayKind::MemMap => "memmap",
            ArrayKind::Subclass => "subclass",
        }
    }

    /// The kind of what `_reconstruct` makes of a class.
    pub(super) fn of_class(class: Option<Node<'_, '_>>) -> ArrayKind {
        match class.map(Node::known) {
            Some(Known::NdArray) => ArrayKind::NdArray,
            Some(Known::Matrix) => ArrayKind::Matrix,
            Some(Known::RecArray) => ArrayKind::RecArray,
            Some(Known::CharArray) => ArrayKind::CharArray,
            Some(Known::MemMap) => ArrayKind::MemMap,
            Some(Known::MaskedArray | Known::MaskedVoid | Known::MaskedRecords) => {
                ArrayKind::Masked
            }
            _ => ArrayKind::Subclass,
        }
    }

    /// The kind of a scalar of this dtype.
    pub(super) fn of_scalar(dtype: Node<'_, '_>) -> ArrayKind {
        let spec = dtype.args().and_then(|args| args.index(0));
        match spec.map(Node::known) {
            Some(Known::Record) => ArrayKind::Record,
            _ => ArrayKind::Scalar,
        }
    }
}

impl Node<'_, '_> {
    /// Which class of NumPy array or scalar this node is; `None` for other nodes. Says nothing about whether it is whole.
    ///
    /// The call may be another package's, as long as it is handed what NumPy's own would be: so dill and jax spell their arrays.
    #[inline]
    pub fn array_kind(self) -> Option<ArrayKind> {
        Spelling::of(self).map(|spelling| spelling.kind)
    }
}
