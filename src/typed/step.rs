//! Steps of a path to what no node is yet, or no longer.

use crate::graph::Step;
use crate::repr;

/// A step of the path to a field.
pub(super) fn field_step(name: &str) -> impl FnOnce(&mut String) {
    move |path| {
        path.push('[');
        repr::push_plain_str(name.as_bytes(), path);
        path.push(']');
    }
}

/// A step to an item.
pub(super) fn item_step(n: usize) -> impl FnOnce(&mut String) {
    move |path| Step::Index(n).write(path)
}
