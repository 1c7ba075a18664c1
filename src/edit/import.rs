//! Nodes of other documents.

use std::collections::HashMap;

use super::{Edit, copy, flavour, singles};
use crate::error::Result;
use crate::graph::{Flavour, Graph, Id, Node, Python, Single};
use crate::respell::respell_into;

/// What is known of a document that nodes were imported from.
#[derive(Debug)]
pub(super) struct Imported {
    /// By the id of a node, that of its copy, or [`Id::NOWHERE`].
    made: Vec<Id>,
    /// The nodes of which Python has one object.
    singles: HashMap<Id, Single<'static>>,
    /// For whom it was written.
    flavour: Flavour,
}

impl<'a> Edit<'a> {
    /// Copies a node of another document, with all that it holds and that hangs on it, and gives the copy's id. Payloads are
    /// shared, not copied.
    ///
    /// What the node shares, or holds of itself, its copy does too; of several nodes that are imported from one document, what
    /// they share is copied once, as long as that document does not change. The spelling is kept where both documents are of
    /// the same protocol, and both or neither of Python 2, and where this one is not for a NumPy 1 which does not know the names
    /// of NumPy 2. Else values are spelled as this document's pickler would have, as
    /// [`Pickle::respell`](crate::Pickle::respell) does; strs of Python 2 stay.
    ///
    /// # Examples
    ///
    /// ```
    /// use ndpickle::{Pickle, write};
    /// let other = Pickle::parse(b"\x80\x02]q\0K\x07a.")?;
    /// let mut edit = Pickle::parse(b"\x80\x04}\x94.")?.edit();
    /// let (dict, list) = (edit.root().id(), edit.import(other.root())?);
    /// edit.set(dict, "new", list)?;
    /// let bytes = write::Options::new().to_vec(&edit.finish()?)?;
    /// assert_eq!(bytes, b"\x80\x04\x95\x0f\0\0\0\0\0\0\0}\x94\x8c\x03new\x94]\x94K\x07as.");
    /// # Ok::<(), ndpickle::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Category `Unsupported` for what has no spelling in this document's protocol; `Data` for a damaged value and for an
    /// out-of-band buffer that the reader was not given; `Io`, `Limit`. Then nothing was added.
    pub fn import(&mut self, node: Node<'_, 'a>) -> Result<Id> {
        let identity = node.graph.memory.identity();
        self.made_for = None;
        let known = self.imported.remove(&identity);
        let builder = self.builder();
        let mut imported = known.unwrap_or_else(|| Imported::new(node.graph));
        // It may have got more since.
        imported.made.resize(node.graph.len(), Id::NOWHERE);
        let start = builder.graph.len();
        let id = match is_alike(&imported.flavour, builder.flavour()) {
            true => copy::copy(builder, &mut imported.made, &imported.singles, node),
            false => respell_into(builder, &mut imported.made, node),
        };
        if id.is_err() {
            // Some of them have no parts.
            let is_old = |id: &Id| id.index() < start;
            for id in imported.made.iter_mut().filter(|id| !is_old(id)) {
                *id = Id::NOWHERE;
            }
            builder.singles.retain(|id| is_old(&id));
        }
        self.imported.insert(identity, imported);
        id
    }
}

impl Imported {
    fn new(graph: &Graph<'_>) -> Imported {
        let singles = singles::of(graph).into_iter();
        Imported {
            made: Vec::new(),
            singles: singles.map(|(single, id)| (id, single)).collect(),
            flavour: flavour::guess(graph),
        }
    }
}

/// Whether what one wrote can stand as it is in a pickle of the other.
fn is_alike(source: &Flavour, own: &Flavour) -> bool {
    let is_py2 = |flavour: &Flavour| flavour.dialect.python == Python::Py2;
    let is_numpy_2 = |flavour: &Flavour| flavour.numpy.is_from(2, 0, 0);
    match (is_py2(source), is_py2(own)) {
        // Any Python 2 reads all of its protocols.
        (true, true) => true,
        (false, false) => {
            source.protocol() == own.protocol() && (is_numpy_2(own) || !is_numpy_2(source))
        }
        _ => false,
    }
}
