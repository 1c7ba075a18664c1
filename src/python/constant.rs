//! Constants that stand for themselves.

use std::fmt;

use super::call::call;
use crate::graph::{Kind, Node};
use crate::names::Known;

/// An object of which there is one, and types that Python reaches by way of their one object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Constant {
    /// `Ellipsis`: a global.
    Ellipsis,
    /// `NotImplemented`: a global.
    NotImplemented,
    /// `type(None)`: a call.
    NoneType,
    /// `type(Ellipsis)`.
    EllipsisType,
    /// `type(NotImplemented)`.
    NotImplementedType,
}

impl Constant {
    pub(super) fn of(node: Node<'_, '_>) -> Option<Constant> {
        if node.kind() == Kind::Global {
            return match node.known() {
                Known::Ellipsis => Some(Constant::Ellipsis),
                Known::NotImplemented => Some(Constant::NotImplemented),
                _ => None,
            };
        }
        // `save_type` in CPython's `pickle.py`.
        let call = call::<1>(node).filter(|call| call.known == Known::Type)?;
        let one = call.args[0]?;
        match one.known() {
            _ if one.is_none() => Some(Constant::NoneType),
            Known::Ellipsis => Some(Constant::EllipsisType),
            Known::NotImplemented => Some(Constant::NotImplementedType),
            _ => None,
        }
    }
}

impl fmt::Display for Constant {
    /// Python's `str`: `Ellipsis`, `<class 'NoneType'>`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Constant::Ellipsis => "Ellipsis",
            Constant::NotImplemented => "NotImplemented",
            Constant::NoneType => "<class 'NoneType'>",
            Constant::EllipsisType => "<class 'ellipsis'>",
            Constant::NotImplementedType => "<class 'NotImplementedType'>",
        })
    }
}
