//! A document as other versions would have written it.
//!
//! A pickle of one Python, NumPy and protocol becomes that of another: the bytes that those would have written for the same
//! value. Values are spelled anew; identities, order and what nobody here knows stay as they are. Facts: the reducers that
//! are named where they are followed; verified against pickles of 41 Pythons and NumPys by `examples/matrix`.

mod array;
mod compat;
mod containers;
mod derived;
mod dtype;
mod global;
mod object;
mod options;
mod outside;
mod pass;
mod random;

use self::pass::Pass;
use crate::error::Result;
use crate::graph::{Builder, Flavour, Id, Node, Pickle};
use crate::write::Py2Str;

impl<'a> Pickle<'a> {
    /// This document as a pickler of other versions would have written it. Payloads are not copied, unless the order of their
    /// elements changes.
    ///
    /// What a pickle does not tell is taken for what is common. Below protocol 2 an instance without items becomes one of a class
    /// that derives from `object`; Python cannot load it where the class derives from `list` or `dict`.
    ///
    /// # Errors
    ///
    /// Category `Unsupported` for a value that those versions cannot write; `Data`, `Io` for payloads that
    /// cannot be read, and for out-of-band buffers that were not given.
    pub fn respell(&self, flavour: Flavour) -> Result<Pickle<'a>> {
        respell(self, flavour, Py2Str::Keep)
    }
}

fn respell<'a>(pickle: &Pickle<'a>, flavour: Flavour, py2_str: Py2Str) -> Result<Pickle<'a>> {
    let made = vec![Id::NOWHERE; pickle.len()];
    Pass::new(
        pickle.dialect(),
        Builder::without_texts(flavour),
        made,
        py2_str,
    )
    .run(pickle)
}

/// Adds the counterpart of a node to the document of a builder. `made` has those of the source's nodes that were made before,
/// or [`Id::NOWHERE`] for each.
///
/// # Errors
///
/// As [`Pickle::respell`]; then the new counterparts may lack parts.
pub(crate) fn respell_into<'a>(
    builder: &mut Builder<'a>,
    made: &mut Vec<Id>,
    node: Node<'_, 'a>,
) -> Result<Id> {
    let empty = Builder::without_texts(*builder.flavour());
    let owned = std::mem::replace(builder, empty);
    let mut pass = Pass::new(
        node.graph.dialect,
        owned,
        std::mem::take(made),
        Py2Str::Keep,
    );
    let id = pass.whole(node);
    (*builder, *made) = (pass.builder, pass.made);
    id
}
