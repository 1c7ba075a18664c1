//! How a tree is made of a node.

use super::Value;
use super::node::read;
use crate::error::{Error, Result};
use crate::graph::Node;

/// How to make a [`Value`] of a node. The last method takes the node.
///
/// What the document has once is free. What it shares becomes a copy in each place, and the budgets are on those: 200 bytes of pickle
/// can be a tree of 2^100 values. A budget that is used up is an error of category [`Limit`](crate::Category::Limit), with the path.
///
/// # Examples
///
/// ```
/// use ndpickle::{Category, Pickle, value};
/// // a = []; b = [a, a]; c = [b, b]; … of 40 levels
/// let mut bytes = b"]".to_vec();
/// for _ in 0..40 {
///     bytes.extend(b"q\0](h\0h\0e");
/// }
/// bytes.push(b'.');
/// let pickle = Pickle::parse(&bytes)?;
/// let error = value::Options::new().read(pickle.root()).unwrap_err();
/// assert_eq!(error.category(), Category::Limit);
/// assert!(error.path().is_some_and(|path| path.starts_with("[0][0][0]")));
/// # Ok::<(), ndpickle::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Options {
    copies: Option<u64>,
    bytes: Option<u64>,
    popped: bool,
}

impl Options {
    /// The defaults.
    pub fn new() -> Self {
        Options::default()
    }

    /// How many values may be copies of others, of 32 bytes each. Default: 2^20, and 16 for each node of the document.
    pub fn copies(mut self, copies: u64) -> Self {
        self.copies = Some(copies);
        self
    }

    /// How many bytes of texts, bytes and large ints may be copies of others. Those of up to 64 bytes are free: a reference takes
    /// two bytes itself. The elements of arrays are never copied more than once. Default: 2^26, and 16 for each node of the
    /// document.
    pub fn bytes(mut self, bytes: u64) -> Self {
        self.bytes = Some(bytes);
        self
    }

    /// Whether to pass over what was made and thrown away: calls made for their side effects, which no value can have. Default: no,
    /// they are an error.
    pub fn without_popped(mut self) -> Self {
        self.popped = true;
        self
    }

    /// The tree of a node.
    ///
    /// # Errors
    ///
    /// Each with the path. Category `Limit` for more copies than the budget allows; `Data` for a cycle, an out-of-band buffer that the
    /// reader was not given, and a text that is none; `Unsupported` for what was thrown away, and for states or items of what is no
    /// object; `Io`.
    pub fn read(&self, node: Node<'_, '_>) -> Result<Value> {
        let linear = 16 * node.graph.len() as u64;
        let budget = Budget {
            copies: Allowance::new("copies", self.copies.unwrap_or((1 << 20) + linear)),
            bytes: Allowance::new("bytes", self.bytes.unwrap_or((1 << 26) + linear)),
        };
        read(node, budget, self.popped)
    }
}

/// What may be copied.
#[derive(Clone, Copy, Debug)]
pub(super) struct Budget {
    pub(super) copies: Allowance,
    pub(super) bytes: Allowance,
}

/// One of the budgets, and what is left of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Allowance {
    name: &'static str,
    limit: u64,
    left: u64,
}

impl Allowance {
    fn new(name: &'static str, limit: u64) -> Allowance {
        Allowance {
            name,
            limit,
            left: limit,
        }
    }

    pub(super) fn take(&mut self, count: u64) -> Result<()> {
        let left = self.left.checked_sub(count);
        self.left = left.ok_or_else(|| Error::limit(self.name, self.limit))?;
        Ok(())
    }
}

impl Value {
    /// The tree of a node, with the default [`Options`].
    ///
    /// # Errors
    ///
    /// As [`Options::read`].
    pub fn from_node(node: Node<'_, '_>) -> Result<Value> {
        Options::new().read(node)
    }
}

impl TryFrom<Node<'_, '_>> for Value {
    type Error = Error;

    fn try_from(node: Node<'_, '_>) -> Result<Value> {
        Value::from_node(node)
    }
}
