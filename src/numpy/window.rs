//! Where the state of an array is within that of its class.
//!
//! `ndarray.__reduce__` gives `(1, shape, dtype, is Fortran, data)`. Classes of other packages put what is their own behind it
//! (astropy's columns), in front of it (unyt), or the whole beside it, in a tuple (astropy's quantities) or a dict.

use super::kind::ArrayKind;
use crate::error::{Error, Result};
use crate::graph::{Kind, Node};

/// The state of an array: items of a tuple that may have others, too.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window<'p, 'a> {
    /// The tuple.
    pub(super) holder: Node<'p, 'a>,
    /// Where in it the state begins.
    pub(super) start: usize,
    /// How many items it has.
    pub(super) len: usize,
    /// Which item of the class's state the tuple is, or which entry; `None` where it is that state itself.
    pub(super) place: Option<usize>,
    /// What the array is made of.
    pub(super) parts: Parts<'p, 'a>,
}

/// What an array is made of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parts<'p, 'a> {
    pub(super) shape: Node<'p, 'a>,
    pub(super) dtype: Node<'p, 'a>,
    pub(super) fortran: Node<'p, 'a>,
    pub(super) data: Node<'p, 'a>,
    /// The mask and the fill value of a masked array.
    pub(super) masked: Option<(Node<'p, 'a>, Node<'p, 'a>)>,
}

/// How far from its beginning the state of a class is searched. It may be shared by objects without end, and classes that put
/// much in front of the array were never seen.
const FAR: usize = 16;

/// Items of a masked array's state, which is the longest.
const LONGEST: usize = 7;

impl<'p, 'a> Window<'p, 'a> {
    /// The state of an array of this kind.
    ///
    /// # Errors
    ///
    /// Category `Data` where it is none.
    #[inline]
    pub(super) fn of(state: Node<'p, 'a>, kind: ArrayKind) -> Result<Self> {
        let (len, items) = state.first_items::<LONGEST>();
        let whole = |version: Option<Node<'p, 'a>>, parts| {
            if version.is_some_and(|version| !is_version(version)) {
                return Err(state.error("an array's state must be of version 0 or 1"));
            }
            Ok(Window {
                holder: state,
                start: 0,
                len,
                place: None,
                parts,
            })
        };
        if matches!(kind, ArrayKind::Subclass | ArrayKind::Masked)
            && let Some(found) = Window::find(state, kind)
        {
            return Ok(found);
        }
        // Version 0 may be left out.
        match (len, items) {
            (4, [Some(shape), Some(dtype), Some(fortran), Some(data), ..]) => {
                whole(None, Parts::new(shape, dtype, fortran, data))
            }
            (
                5,
                [
                    version @ Some(_),
                    Some(shape),
                    Some(dtype),
                    Some(fortran),
                    Some(data),
                    ..,
                ],
            ) => whole(version, Parts::new(shape, dtype, fortran, data)),
            // Only to say what is wrong with it.
            (
                7..,
                [
                    version @ Some(_),
                    Some(shape),
                    Some(dtype),
                    Some(fortran),
                    Some(data),
                    ..,
                ],
            ) if kind == ArrayKind::Masked => {
                whole(version, Parts::new(shape, dtype, fortran, data))
            }
            _ => Err(no_state(state, len, kind)),
        }
    }

    /// The state of an array within that of its class: items of it, or of a tuple or list that is an item or an entry of it.
    pub(super) fn find(state: Node<'p, 'a>, kind: ArrayKind) -> Option<Self> {
        if let Some(found) = Window::within(state, None, kind) {
            return Some(found);
        }
        let inner = |(n, part)| Window::within(part, Some(n), kind);
        match state.kind() {
            Kind::Dict => {
                let values = state.pairs().map(|(_, value)| value);
                values.take(FAR).enumerate().find_map(inner)
            }
            Kind::Tuple | Kind::List => state.items().take(FAR).enumerate().find_map(inner),
            _ => None,
        }
    }

    /// The state of an array among the items of a tuple or list.
    fn within(holder: Node<'p, 'a>, place: Option<usize>, kind: ArrayKind) -> Option<Self> {
        if !matches!(holder.kind(), Kind::Tuple | Kind::List) {
            return None;
        }
        let (len, items) = holder.first_items::<{ FAR + LONGEST }>();
        for (start, items) in items.windows(LONGEST).enumerate() {
            let [version, shape, dtype, fortran, data, mask, fill_value] = items else {
                break;
            };
            let window = |start, len, parts| Window {
                holder,
                start,
                len,
                place,
                parts,
            };
            if let (Some(version), Some(shape), Some(dtype), Some(fortran), Some(data)) =
                (*version, *shape, *dtype, *fortran, *data)
                && is_version(version)
                && is_start(shape, dtype, fortran)
            {
                let (masked, len) = match kind {
                    ArrayKind::Masked => (Some(mask.zip(*fill_value)?), LONGEST),
                    _ => (None, 5),
                };
                let parts = Parts {
                    masked,
                    ..Parts::new(shape, dtype, fortran, data)
                };
                return Some(window(start, len, parts));
            }
            // Without a version only where there is nothing else: then it is what NumPy wrote before it had one.
            if let (4, 0, Some(shape), Some(dtype), Some(fortran), Some(data)) =
                (len, start, *version, *shape, *dtype, *fortran)
                && is_start(shape, dtype, fortran)
            {
                return Some(window(0, 4, Parts::new(shape, dtype, fortran, data)));
            }
        }
        None
    }
}

impl<'p, 'a> Parts<'p, 'a> {
    fn new(
        shape: Node<'p, 'a>,
        dtype: Node<'p, 'a>,
        fortran: Node<'p, 'a>,
        data: Node<'p, 'a>,
    ) -> Self {
        Parts {
            shape,
            dtype,
            fortran,
            data,
            masked: None,
        }
    }
}

fn is_version(node: Node<'_, '_>) -> bool {
    matches!(node.as_int_like(), Some(0 | 1))
}

fn is_start(shape: Node<'_, '_>, dtype: Node<'_, '_>, fortran: Node<'_, '_>) -> bool {
    shape.kind() == Kind::Tuple && dtype.is_dtype() && fortran.as_int_like().is_some()
}

#[cold]
fn no_state(state: Node<'_, '_>, len: usize, kind: ArrayKind) -> Error {
    state.error(match (kind, state.kind()) {
        (ArrayKind::Subclass, _) => "the state of a class without that of an array".into(),
        (_, Kind::Tuple | Kind::List) => {
            format!("an array's state must be a tuple of 4 or 5, not {len}")
        }
        _ => "an array's state must be a tuple".into(),
    })
}
