//! The calls that make arrays: NumPy's own, and those of other packages that hand NumPy's on.
//!
//! Nothing is called, and so what another package's function is named is no matter: an array is told by what is handed to it.
//! Seen: `dill._dill._create_array(_reconstruct, arguments, state, attributes)` for every array; jax's
//! `_reconstruct_array(_reconstruct, arguments, state, …)`; `_reconstruct_quantity(class, ndarray, (0,), 'b')` of quantities, which
//! is given the array's state as NumPy's masked arrays are.

use super::kind::ArrayKind;
use super::window::Window;
use crate::error::Result;
use crate::graph::{Constructor, Kind, Node};
use crate::names::Known;

/// How a node spells an array.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spelling<'p, 'a> {
    pub(super) node: Node<'p, 'a>,
    pub(super) kind: ArrayKind,
    pub(super) maker: Maker,
    /// The arguments of NumPy's function, where it has any.
    pub(super) args: Node<'p, 'a>,
    /// The state, where a function of another package is handed it.
    pub(super) handed: Option<Node<'p, 'a>>,
}

/// What makes an array.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Maker {
    /// `_reconstruct(class, shape, typecode)`, which needs a state.
    Reconstruct,
    /// `_mareconstruct(class, base, shape, typecode)` and its kin, which need one, too.
    WithBase,
    /// `_frombuffer(buffer, dtype, shape, order[, axes])`.
    FromBuffer,
    /// `scalar(dtype, bytes)`.
    Scalar,
}

impl<'p, 'a> Spelling<'p, 'a> {
    /// How this node spells an array; `None` of other nodes.
    #[inline]
    pub(super) fn of(node: Node<'p, 'a>) -> Option<Self> {
        let (callable, args) = (node.callable()?, node.args()?);
        let (kind, maker) = match callable.known() {
            Known::FromBuffer => (ArrayKind::NdArray, Maker::FromBuffer),
            Known::Scalar => (ArrayKind::of_scalar(args.index(0)?), Maker::Scalar),
            Known::Unknown => return Spelling::of_others(node, args),
            known => of_maker(known, args)?,
        };
        Some(Spelling {
            node,
            kind,
            maker,
            args,
            handed: None,
        })
    }

    /// A call of something that this crate does not know.
    fn of_others(node: Node<'p, 'a>, args: Node<'p, 'a>) -> Option<Self> {
        if node.constructor() != Some(Constructor::Reduce) {
            return None;
        }
        let (args, (kind, maker), handed) = match args.parts::<4>()? {
            (3.., [Some(maker), Some(inner), Some(state), ..])
                if inner.kind() == Kind::Tuple && state.kind() == Kind::Tuple =>
            {
                let made = match maker.known() {
                    Known::Unknown => of_class_and_base(inner, state)?,
                    known => of_maker(known, inner)?,
                };
                (inner, made, Some(state))
            }
            // More states than one were never seen, and are not looked at for this: there may be any number.
            (4, _) => (args, of_class_and_base(args, node.states().next()?)?, None),
            _ => return None,
        };
        Some(Spelling {
            node,
            kind,
            maker,
            args,
            handed,
        })
    }

    /// The state that has the array: of several the last one, but a class of another package may be given others, too.
    pub(super) fn state(&self) -> Option<Node<'p, 'a>> {
        if self.handed.is_some() {
            return self.handed;
        }
        let last = self.node.last_state();
        if self.kind != ArrayKind::Subclass || !self.node.has_extras() {
            return last;
        }
        let mut states = self.node.states();
        let found = states.find(|state| Window::find(*state, self.kind).is_some());
        found.or(last)
    }

    /// Where the state of the array is; `None` where there is no state.
    ///
    /// # Errors
    ///
    /// Category `Data` where a state has no array.
    #[inline]
    pub(super) fn window(&self) -> Result<Option<Window<'p, 'a>>> {
        let state = self.state();
        state.map(|state| Window::of(state, self.kind)).transpose()
    }
}

/// What a function of NumPy makes that needs a state.
#[inline]
fn of_maker(known: Known, args: Node<'_, '_>) -> Option<(ArrayKind, Maker)> {
    match known {
        Known::Reconstruct => Some((ArrayKind::of_class(args.index(0)), Maker::Reconstruct)),
        // Whatever the class is called, its state has a mask.
        Known::MaReconstruct | Known::MrReconstruct => Some((ArrayKind::Masked, Maker::WithBase)),
        _ => None,
    }
}

/// A class with arguments as those of `_mareconstruct`: `(class, ndarray, (0,), 'b')`. Any function may be called so, and then its
/// state decides.
fn of_class_and_base(args: Node<'_, '_>, state: Node<'_, '_>) -> Option<(ArrayKind, Maker)> {
    let (4, [Some(class), Some(base), Some(shape), Some(_)]) = args.parts::<4>()? else {
        return None;
    };
    // A class that is pickled by value is an object.
    let is_class = matches!(class.kind(), Kind::Global | Kind::Object);
    let is_call = is_class && base.known() == Known::NdArray && shape.kind() == Kind::Tuple;
    let has_array = || Window::find(state, ArrayKind::Subclass).is_some();
    (is_call && has_array()).then_some((ArrayKind::Subclass, Maker::WithBase))
}
