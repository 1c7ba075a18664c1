//! Types and functions of NumPy, which pickles have by name.

use std::borrow::Cow;

use super::dtype::DType;
use crate::graph::{Constructor, Node};
use crate::names::Known;

/// A type or function of NumPy, as [`Node::numpy_name`] gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named<'p> {
    /// What it is.
    pub kind: NamedKind,
    /// The name: `float64`, `Float64DType`, `add`.
    pub name: Cow<'p, str>,
}

/// What a name of NumPy is the name of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NamedKind {
    /// A scalar type, such as `numpy.float64`; also of ml_dtypes.
    ScalarType,
    /// The class of a dtype: `numpy.dtypes.Float64DType`. NumPy 1.20 to 1.24 know it by the scalar type, whose name it has then.
    DTypeClass,
    /// A ufunc, such as `numpy.add`.
    Ufunc,
    /// Another class that holds data, such as `numpy.ndarray`, `numpy.dtype` or `numpy.random.PCG64`.
    Class,
    /// Something else in a module of NumPy: a function such as `numpy.mean`, or a class this crate knows nothing about.
    Other,
}

impl<'p> Node<'p, '_> {
    /// What a class or function of NumPy is that the pickle names, in the spelling of any version; `None` for other nodes.
    pub fn numpy_name(self) -> Option<Named<'p>> {
        if self.constructor() == Some(Constructor::Reduce) {
            return called(self);
        }
        let global = self.global()?;
        let kind = match self.known() {
            Known::ScalarType | Known::UserScalarType => NamedKind::ScalarType,
            Known::DTypeClass => NamedKind::DTypeClass,
            Known::Ufunc => NamedKind::Ufunc,
            Known::NdArray
            | Known::DType
            | Known::Record
            | Known::Matrix
            | Known::RecArray
            | Known::CharArray
            | Known::MemMap
            | Known::MaskedArray
            | Known::MaskedConstant
            | Known::MaskedVoid
            | Known::MaskedRecords
            | Known::Poly1d
            | Known::Polynomial
            | Known::Mt19937
            | Known::Pcg64
            | Known::Pcg64Dxsm
            | Known::Philox
            | Known::Sfc64
            | Known::RandomClass => NamedKind::Class,
            _ if global.module == "numpy" || global.module.starts_with("numpy.") => {
                NamedKind::Other
            }
            _ => return None,
        };
        let name = global.name;
        Some(Named { kind, name })
    }

    /// The dtype of a scalar type of NumPy or ml_dtypes that the pickle names; `S`, `U` and `V` have no size yet. `None` for other
    /// nodes, and for types that no element has, such as `numpy.floating`.
    pub fn scalar_type(self) -> Option<DType> {
        match self.known() {
            Known::ScalarType | Known::UserScalarType => super::dtype::of_type(self),
            _ => None,
        }
    }
}

/// What older NumPys wrote as a call.
fn called<'p>(node: Node<'p, '_>) -> Option<Named<'p>> {
    let (kind, name) = match (node.callable()?.known(), node.args()?) {
        // `_ufunc_reconstruct(module, name)`.
        (Known::UfuncReconstruct, args) => {
            (NamedKind::Ufunc, Cow::Borrowed(args.index(1)?.as_str()?))
        }
        // `_DType_reconstruct(scalar type)`.
        (Known::DTypeReconstruct, args) => (NamedKind::DTypeClass, args.index(0)?.global()?.name),
        _ => return None,
    };
    Some(Named { kind, name })
}
