//! What a run through a graph may cost, and which nodes it is in.

use crate::error::{Error, Result};
use crate::graph::{Graph, Id, Node};

/// Levels of containers in each other. Every level is a few frames of the stack, of the types' own code among them; serde_json
/// has the same limit.
pub(super) const DEPTH: usize = 128;

/// How often the document, on average, may be read where its nodes are shared.
pub(super) const EXPANSION: u64 = 32;

/// What is free, so that small documents are not measured.
const FREE: u64 = 1 << 20;

/// Bytes that cost as much as a node.
const BYTES: u64 = 16;

/// The state of one run.
#[derive(Debug)]
pub(super) struct Context {
    /// Whether numbers of arrays are converted, as NumPy's `astype` does.
    pub(super) cast: bool,
    pub(super) depth: usize,
    pub(super) expansion: u64,
    left: u64,
    is_measured: bool,
    /// The containers that the run is in.
    inside: Vec<Id>,
}

impl Context {
    pub(super) fn new() -> Self {
        Context {
            cast: false,
            depth: DEPTH,
            expansion: EXPANSION,
            left: FREE,
            is_measured: false,
            inside: Vec::new(),
        }
    }

    /// Begins to read what a node holds.
    ///
    /// # Errors
    ///
    /// Category `Data` for a node that holds itself, `Limit` for one that is too deep.
    #[inline]
    pub(super) fn enter(&mut self, node: Node<'_, '_>) -> Result<()> {
        // As short as the nesting is deep: quicker than a set.
        if self.inside.contains(&node.id()) {
            return Err(node.error("the value contains itself"));
        }
        if self.inside.len() >= self.depth {
            return Err(Error::limit("depth", self.depth as u64).at(node.offset(), None));
        }
        self.inside.push(node.id());
        Ok(())
    }

    /// Ends what [`enter`](Context::enter) began.
    #[inline]
    pub(super) fn leave(&mut self) {
        self.inside.pop();
    }

    /// Whether so many levels more are allowed.
    pub(super) fn check_levels(&self, more: usize) -> Result<()> {
        match self.inside.len().saturating_add(more) > self.depth {
            true => Err(Error::limit("depth", self.depth as u64)),
            false => Ok(()),
        }
    }

    /// Pays for nodes that are looked at.
    ///
    /// # Errors
    ///
    /// Category `Limit` where sharing makes more of a document than its size allows.
    #[inline]
    pub(super) fn charge(&mut self, node: Node<'_, '_>, count: u64) -> Result<()> {
        match self.left.checked_sub(count) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => self.measure(node, count),
        }
    }

    /// Pays for bytes that may be copied.
    #[inline]
    pub(super) fn charge_bytes(&mut self, node: Node<'_, '_>, len: u64) -> Result<()> {
        self.charge(node, len / BYTES)
    }

    #[cold]
    fn measure(&mut self, node: Node<'_, '_>, count: u64) -> Result<()> {
        if !self.is_measured {
            self.is_measured = true;
            let allowed = size(node.graph).saturating_mul(self.expansion);
            self.left = self.left.saturating_add(allowed);
        }
        match self.left.checked_sub(count) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => Err(Error::limit("expansion", self.expansion).at(node.offset(), None)),
        }
    }
}

/// Nodes, edges and bytes of a document.
fn size(graph: &Graph<'_>) -> u64 {
    let (mut count, mut bytes) = (0u64, 0u64);
    for index in 0..graph.len() as u32 {
        let node = Node {
            graph,
            id: Id(index),
        };
        count += 1;
        graph.for_each_child(node.id, |_| count += 1);
        let payload = || node.buffer_payload().map_or(0, |payload| payload.len());
        // Parts of one input, or each at least as long as the opcode that made it.
        bytes = bytes.saturating_add(node.byte_len().unwrap_or_else(payload));
    }
    count.saturating_add(bytes / BYTES)
}
