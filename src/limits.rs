//! Budgets for input that nobody vouches for, each with its reason.

/// How much of each resource one document may use.
///
/// Time and memory are linear in the input at any setting: reading takes at most 64 times the bytes that were read and 1 MiB, and
/// what walking and writing take on top is linear too. So the defaults let every real file through; lower them where inputs are
/// large and the sender is not trusted. A limit that is used up is an error of category
/// [`Limit`](crate::Category::Limit) that names the field.
///
/// # Examples
///
/// ```
/// use ndpickle::{Category, Limits, Pickle};
/// let mut limits = Limits::default();
/// limits.nodes = 1;
/// let error = Pickle::options().limits(limits).parse(b"\x80\x04](K\x01K\x02e.").unwrap_err();
/// assert_eq!(error.category(), Category::Limit);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Nodes of the graph: values, containers, objects. 16 bytes each.
    ///
    /// Default 2^32 - 16: ids are 32 bits wide. Every node costs at least one byte of input.
    pub nodes: u64,
    /// Edges of the graph: items, keys and values. 4 bytes each.
    ///
    /// Default 2^32 - 16: positions in the pool are 32 bits wide.
    pub edges: u64,
    /// Entries of the memo. Default 2^32 - 16, as nodes.
    pub memo: u64,
    /// Decimal digits of one int in a text opcode (INT, LONG).
    ///
    /// Default 4300, CPython's own (`sys.int_info.default_max_str_digits`, 3.11 and later): decimal conversion costs
    /// quadratic time, so 4 MB of digits would take minutes.
    pub digits: u64,
    /// Bytes copied out of a stream into memory (texts and payloads). A slice copies none of its payloads, a file
    /// leaves the large ones on disk.
    ///
    /// Default 2^62: a stream may be as long as memory; nothing is allocated before its bytes have arrived.
    pub copied: u64,
    /// Elements of arrays whose elements take no bytes (`S0`, `V0`): 150 bytes of pickle can claim 10^18 of them.
    ///
    /// Default 2^24: what a test or an empty column holds, and what a loop over them finishes at once.
    pub empty_elements: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            nodes: u32::MAX as u64 - 15,
            edges: u32::MAX as u64 - 15,
            memo: u32::MAX as u64 - 15,
            digits: 4300,
            copied: 1 << 62,
            empty_elements: 1 << 24,
        }
    }
}

impl Limits {
    /// Limits for short messages from senders that are not trusted: 65,536 nodes, edges and memo entries, 64 MiB of
    /// copied bytes, 1,024 empty elements. The graph of such a message takes at most a few MB.
    pub fn strict() -> Self {
        Limits {
            nodes: 1 << 16,
            edges: 1 << 16,
            memo: 1 << 16,
            digits: 640,
            copied: 64 << 20,
            empty_elements: 1 << 10,
        }
    }
}
