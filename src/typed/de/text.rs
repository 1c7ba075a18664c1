//! Objects that serde knows as texts: dates and times, decimals, UUIDs and paths.
//!
//! The texts are those that the usual types of Rust for them are read from: ISO 8601 for dates and times.

use super::context::Context;
use crate::error::Result;
use crate::graph::Node;
use crate::python::View;

/// The text of an object that [`is_text`].
///
/// # Errors
///
/// Category `Limit`: a path consists of texts that others may share.
pub(super) fn text(
    context: &mut Context,
    node: Node<'_, '_>,
    view: &View<'_, '_>,
) -> Result<String> {
    let args = node.args().into_iter().flat_map(Node::items);
    let len: u64 = args.filter_map(Node::byte_len).sum();
    context.charge_bytes(node, len)?;
    Ok(match view {
        View::Date(date) => date.to_string(),
        View::Time(time) => time.to_string(),
        View::DateTime(at) => format!("{}T{}", at.date, at.time),
        View::Decimal(number) => number.to_string(),
        View::Uuid(id) => id.to_string(),
        View::Path(path) => path.to_string(),
        _ => String::new(),
    })
}

/// Whether serde has a text for it.
pub(super) fn is_text(view: &View<'_, '_>) -> bool {
    matches!(
        view,
        View::Date(_)
            | View::Time(_)
            | View::DateTime(_)
            | View::Decimal(_)
            | View::Uuid(_)
            | View::Path(_)
    )
}
