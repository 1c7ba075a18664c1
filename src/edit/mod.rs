//! Changing a document that was read: what is not touched is written as it was.
//!
//! For the next maintainer. The nodes stay in their arena and are changed where they are, so ids keep their meaning; new ones
//! are made by a [`Builder`] over the same arena. What later layers remember of nodes, and the indexes of keys, must be
//! forgotten when a node changes: every change goes through `Edit::changed` or tells the indexes itself.

mod copy;
mod entries;
mod flavour;
mod import;
mod items;
mod parts;
mod shared;
mod singles;

use std::collections::HashMap;

use self::import::Imported;
use crate::error::{Error, Result};
use crate::graph::{Builder, Flavour, Id, Node, Pickle, Python, check_cycles};

/// A document that is being changed; made by [`Pickle::edit`].
///
/// Nodes are named by their [`Id`], which they keep. A node that several places share is one object, as in Python: a change of
/// it is seen in all of them. To change one place alone, put another node there.
///
/// What is not touched keeps its identity, order, spelling and place in the pickler's memo: a document written after an edit
/// that changed nothing is the file, byte for byte. What is no longer reachable is not written.
///
/// An id that this document did not give is an error where that can be told.
#[derive(Debug)]
pub struct Edit<'a> {
    builder: Builder<'a>,
    roots: Vec<Id>,
    start: u64,
    end: u64,
    made_for: Option<Flavour>,
    /// Whether the builder knows the document's singles.
    has_learned: bool,
    /// By their identities, the documents that nodes were imported from.
    imported: HashMap<u64, Imported>,
}

impl<'a> Pickle<'a> {
    /// Begins to change this document. New nodes are spelled as its own pickler would have: in its protocol, for the generation
    /// of Python that its bytes show, and for a NumPy that is guessed from the names in it (the newest 2.x, 1.26 or 1.18; where
    /// there are none, what every NumPy loads). [`edit_as`](Pickle::edit_as) takes the versions instead.
    ///
    /// No payload is copied.
    ///
    /// # Examples
    ///
    /// ```
    /// use ndpickle::{Pickle, write};
    /// // {'epoch': 1, 'history': [0.5]}
    /// let bytes = b"\x80\x02}q\x00(X\x05\0\0\0epochq\x01K\x01X\x07\0\0\0historyq\x02]q\x03G\x3f\xe0\0\0\0\0\0\0au.";
    /// let mut edit = Pickle::parse(bytes)?.edit();
    /// let root = edit.root().id();
    /// let history = edit.root().get("history").ok_or("no history")?.id();
    ///
    /// let epoch = edit.builder().int(2)?;
    /// edit.set(root, "epoch", epoch)?;
    /// let loss = edit.builder().float(0.25)?;
    /// edit.push(history, loss)?;
    /// edit.rename(root, "history", "losses")?;
    ///
    /// let pickle = edit.finish()?;
    /// let losses = pickle.root().get("losses").ok_or("no losses")?;
    /// assert_eq!(losses.index(1).and_then(|loss| loss.as_f64()), Some(0.25));
    /// assert_eq!(
    ///     write::Options::new().to_vec(&pickle)?,
    ///     b"\x80\x02}q\x00(X\x05\0\0\0epochq\x01K\x02X\x06\0\0\0lossesq\x02]q\x03(G\x3f\xe0\0\0\0\0\0\0G\x3f\xd0\0\0\0\0\0\0eu."
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn edit(self) -> Edit<'a> {
        let flavour = self.made_for.unwrap_or_else(|| flavour::guess(&self.graph));
        Edit::new(self, flavour)
    }

    /// As [`edit`](Pickle::edit), and new nodes are spelled for this Python and NumPy.
    ///
    /// # Errors
    ///
    /// Category `Unsupported` where the flavour is of another protocol than the document, or of Python 2 and the document is
    /// not, or the other way round: [`respell`](Pickle::respell) it before.
    pub fn edit_as(self, flavour: Flavour) -> Result<Edit<'a>> {
        let (own, dialect) = (self.dialect(), flavour.dialect);
        let is_py2 = |python| python == Python::Py2;
        if own.protocol != dialect.protocol || is_py2(own.python) != is_py2(dialect.python) {
            return Err(Error::unsupported(format!(
                "a document of protocol {} is not edited for protocol {} of Python {}",
                own.protocol, dialect.protocol, flavour.python
            )));
        }
        let flavour = Flavour {
            dialect: own,
            ..flavour
        };
        Ok(Edit::new(self, flavour))
    }
}

impl<'a> Edit<'a> {
    fn new(pickle: Pickle<'a>, flavour: Flavour) -> Self {
        let roots = pickle.roots().map(Node::id).collect();
        let (start, end) = (pickle.start(), pickle.end());
        let made_for = pickle.made_for.filter(|own| *own == flavour);
        let mut builder = Builder::over(pickle.graph, flavour);
        builder.graph.lift_limits();
        Edit {
            builder,
            roots,
            start,
            end,
            made_for,
            has_learned: false,
            imported: HashMap::new(),
        }
    }

    /// Makes nodes of this document. They are part of it when they are put somewhere.
    ///
    /// Of what Python has one object, such as a class, or NumPy, such as the dtype of the machine's floats, the builder takes the
    /// document's. A str that equals a key of a dict is that key.
    pub fn builder(&mut self) -> &mut Builder<'a> {
        if !std::mem::replace(&mut self.has_learned, true) {
            singles::learn(&mut self.builder);
        }
        &mut self.builder
    }

    /// The value of the pickle.
    pub fn root(&self) -> Node<'_, 'a> {
        // OK because a document is made of at least one root.
        self.at(self.roots[0])
    }

    /// The values of all pickles in the document: one, unless it was read as a session.
    pub fn roots(&self) -> impl ExactSizeIterator<Item = Node<'_, 'a>> {
        self.roots.iter().map(|root| self.at(*root))
    }

    /// The node of an id that this document gave, as it is now.
    pub fn node(&self, id: Id) -> Option<Node<'_, 'a>> {
        (id.index() < self.builder.graph.len()).then(|| self.at(id))
    }

    fn at(&self, id: Id) -> Node<'_, 'a> {
        let graph = &self.builder.graph;
        Node { graph, id }
    }

    /// The document with its changes; [`write::Options`](crate::write::Options) writes it in its own dialect.
    ///
    /// What was not shared before and is now goes to the memo too, so that it stays one object and cycles end. Takes time as a
    /// walk over the document.
    ///
    /// # Errors
    ///
    /// Category `Unsupported` for a tuple, frozenset or call that contains itself with no list, dict, set or state of an object
    /// between: no pickle can say that. `Limit`.
    pub fn finish(self) -> Result<Pickle<'a>> {
        let mut graph = self.builder.graph;
        graph.finish()?;
        shared::memoise(&mut graph, &self.roots);
        check_cycles(&mut graph, &self.roots)?;
        let dialect = graph.dialect;
        let mut pickle = Pickle::new(graph, self.roots, dialect, self.start, self.end);
        pickle.made_for = self.made_for;
        Ok(pickle)
    }

    /// Forgets what is known of nodes, one of which has changed.
    fn changed(&mut self) {
        self.builder.graph.memory.forget();
    }

    /// An error about a node: what it is, and where.
    fn error(&self, id: Id, what: &str) -> Error {
        let node = self.at(id);
        let path = || {
            node.path(self.root())
                .unwrap_or_else(|| "a new node".into())
        };
        Error::data(format!("{}: {what}", node.kind().noun())).in_path(path)
    }
}
