//! The document as users hold it.

use std::fmt;

use super::arena::Graph;
use super::dialect::Dialect;
use super::flavour::Flavour;
use super::node::{Kind, Node};
use super::raw::Id;
use super::walk::Walk;

/// What the text of a Python 2 str is.
///
/// Python 2's `str` is bytes; whether they are text, and in which encoding, only its users know. The bytes are always
/// kept; this decides what [`Node::text`] makes of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Py2Text {
    /// Text where all bytes are below 128, else an error that names this option. The default, as in Python.
    #[default]
    Ascii,
    /// Each byte is the character of that number.
    Latin1,
    /// UTF-8.
    Utf8,
    /// Never text.
    Bytes,
}

/// A pickle: a graph of nodes that borrows its input.
///
/// Made by [`Pickle::parse`] (bytes in memory), [`Pickle::open`] (a file whose large payloads stay on disk) and
/// [`Pickle::read`] (any stream). Nothing in it was imported, called or executed. It is not a tree: an object that the
/// pickle mentions twice is one node, and cycles are cycles.
///
/// # Examples
///
/// ```
/// let pickle = ndpickle::Pickle::parse(b"\x80\x04}\x8c\x01aK\x01s.")?;
/// assert_eq!(pickle.root().get("a").and_then(|a| a.as_i64()), Some(1));
/// # Ok::<(), ndpickle::Error>(())
/// ```
pub struct Pickle<'a> {
    pub(crate) graph: Graph<'a>,
    roots: Vec<Id>,
    start: u64,
    end: u64,
    /// For whom it was made, if it was made to be written and not read.
    pub(crate) made_for: Option<Flavour>,
}

impl<'a> Pickle<'a> {
    pub(crate) fn new(
        mut graph: Graph<'a>,
        roots: Vec<Id>,
        dialect: Dialect,
        start: u64,
        end: u64,
    ) -> Self {
        graph.dialect = dialect;
        Pickle {
            graph,
            roots,
            start,
            end,
            made_for: None,
        }
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

    /// The node of an id that this document gave.
    pub fn node(&self, id: Id) -> Option<Node<'_, 'a>> {
        (id.index() < self.graph.len()).then(|| self.at(id))
    }

    fn at(&self, id: Id) -> Node<'_, 'a> {
        Node {
            graph: &self.graph,
            id,
        }
    }

    /// All nodes reachable from the root, each once at its first path, depth first in stored order.
    pub fn walk(&self) -> Walk<'_, 'a> {
        Walk::new(self.root())
    }

    /// All globals: every class and function the pickle names, in the order of the bytes, also those that are named only
    /// in calls whose result was thrown away.
    pub fn globals(&self) -> impl Iterator<Item = Node<'_, 'a>> {
        (0..self.graph.len() as u32)
            .map(|index| self.at(Id(index)))
            .filter(|node| node.kind() == Kind::Global)
    }

    /// The pickler that wrote these bytes, as far as they show it.
    pub fn dialect(&self) -> Dialect {
        self.graph.dialect
    }

    /// The protocol: that of PROTO, or for pickles without one 0 or 1.
    pub fn protocol(&self) -> u8 {
        self.graph.dialect.protocol
    }

    /// Number of nodes.
    pub fn len(&self) -> usize {
        self.graph.len()
    }

    /// Whether there are no nodes; there always are.
    pub fn is_empty(&self) -> bool {
        self.graph.len() == 0
    }

    /// Offset of the first byte in the source.
    pub fn start(&self) -> u64 {
        self.start
    }

    /// Offset of the first byte after STOP (and after the frame that holds it) in the source.
    pub fn end(&self) -> u64 {
        self.end
    }
}

impl fmt::Debug for Pickle<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Pickle({} nodes, protocol {}, root {:?})",
            self.len(),
            self.protocol(),
            self.root()
        )
    }
}
