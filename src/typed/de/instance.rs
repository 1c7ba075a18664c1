//! Instances of classes that structs of Rust stand for, by their names.

use super::super::class::class;
use super::found::{class_of, found};
use crate::error::Result;
use crate::graph::Node;
use crate::python::View;

/// Whether a node is an instance of the class that a struct of this name stands for, if it stands for one.
///
/// # Errors
///
/// Category `Data` for anything else. Of a call nobody knows what it gives.
pub(super) fn check(node: Node<'_, '_>, name: &'static str) -> Result<()> {
    let Some((module, class)) = class(name) else {
        return Ok(());
    };
    let is_instance = match node.python() {
        Some(View::Instance(instance)) => !instance.is_call(),
        view => view.is_some(),
    };
    match class_of(node).filter(|_| is_instance) {
        Some(its) if its.module == module && its.name == class => Ok(()),
        _ => {
            let found = found(node);
            Err(node.error(format!(
                "expected an object of {module}.{class}, found {found}"
            )))
        }
    }
}
