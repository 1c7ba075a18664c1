//! Every array of a document, with its path.

use super::array::NdArray;
use super::kind::ArrayKind;
use super::objects::Objects;
use crate::error::Result;
use crate::graph::{Flat, Node, Pickle, Walk};

/// An array or NumPy scalar of a document.
#[derive(Debug)]
pub struct Row<'p, 'a> {
    /// Where in the value: `['model']['w']`; empty for the root.
    pub path: String,
    /// The node.
    pub node: Node<'p, 'a>,
    /// Which class of NumPy it is.
    pub kind: ArrayKind,
    /// The array, or why it is damaged.
    pub array: Result<NdArray<'a>>,
}

/// The arrays and scalars of a document, each once at its first path, depth first in stored order.
#[derive(Debug)]
pub struct Arrays<'p, 'a> {
    walk: Walk<'p, 'a>,
}

impl<'a> Pickle<'a> {
    /// All arrays and NumPy scalars, also those inside of objects of unknown classes and of object arrays.
    pub fn arrays(&self) -> Arrays<'_, 'a> {
        Arrays::below(self.root())
    }
}

impl<'p, 'a> Arrays<'p, 'a> {
    /// The arrays and scalars that can be reached from a node; paths begin there.
    pub fn below(node: Node<'p, 'a>) -> Self {
        Arrays {
            walk: Walk::new(node),
        }
    }
}

impl<'p, 'a> Iterator for Arrays<'p, 'a> {
    type Item = Row<'p, 'a>;

    fn next(&mut self) -> Option<Row<'p, 'a>> {
        loop {
            let node = self.walk.next()?.node;
            let Some(kind) = node.array_kind() else {
                continue;
            };
            let path = self.walk.path();
            let array = node.array().map_err(|error| error.in_path(|| path.clone()));
            match array.as_ref().ok().and_then(NdArray::objects) {
                Some(Objects::List(list)) => self.walk.only_flat(Flat::Items(node.to(list))),
                Some(Objects::One(_)) => match node.args() {
                    Some(args) => self.walk.only_flat(Flat::Last(args)),
                    None => self.walk.skip_children(),
                },
                None => self.walk.skip_children(),
            }
            return Some(Row {
                path,
                node,
                kind,
                array,
            });
        }
    }
}
