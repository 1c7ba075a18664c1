//! Objects that serde knows as texts: dates and times, decimals, UUIDs and paths.
//!
//! The texts are those that the usual types of Rust for them are read from: ISO 8601 for dates and times.

use std::fmt::Display;

use super::context::Context;
use crate::error::Result;
use crate::graph::Node;
use crate::python::View;

/// The text of an object that [`shown`] knows; none of others.
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
    let text = shown(view).map(ToString::to_string).unwrap_or_default();
    Ok(match view {
        // Python's `str` has a blank there.
        View::DateTime(_) => text.replacen(' ', "T", 1),
        _ => text,
    })
}

/// What shows itself as the text that serde is told.
pub(super) fn shown<'v>(view: &'v View<'_, '_>) -> Option<&'v dyn Display> {
    Some(match view {
        View::Date(date) => date,
        View::Time(time) => time,
        View::DateTime(at) => at,
        View::Decimal(number) => number,
        View::Uuid(id) => id,
        View::Path(path) => path,
        _ => return None,
    })
}
