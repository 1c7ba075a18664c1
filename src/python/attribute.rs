//! Attributes of other objects, by name.

use std::borrow::Cow;

use super::call::{call, text};
use crate::graph::{Global, Node};
use crate::names::Known;

/// `getattr(owner, name)`: how a nested class is spelled below protocol 4, a bound method in all protocols, and an enum member
/// in some Pythons. Which of them it is, the pickle does not say.
#[derive(Clone, Copy, Debug)]
pub struct Attribute<'p, 'a> {
    owner: Node<'p, 'a>,
    name: &'p str,
}

impl<'p, 'a> Attribute<'p, 'a> {
    pub(super) fn of(node: Node<'p, 'a>) -> Option<Self> {
        let call = call::<2>(node).filter(|call| call.known == Known::GetAttr)?;
        let [Some(owner), Some(name)] = call.args else {
            return None;
        };
        let name = text(name)?;
        Some(Attribute { owner, name })
    }

    /// What has the attribute: a class, or any object.
    pub fn owner(self) -> Node<'p, 'a> {
        self.owner
    }

    /// The attribute's name.
    pub fn name(self) -> &'p str {
        self.name
    }
}

/// Levels of nested classes that are followed.
const DEEPEST: usize = 16;

/// The module and qualified name of a class or function: a global, or an attribute of one (of one …).
pub(super) fn class_name<'p>(node: Node<'p, '_>) -> Option<Global<'p>> {
    let (mut node, mut names): (_, Vec<&str>) = (node, Vec::new());
    loop {
        if let Some(global) = node.global() {
            if names.is_empty() {
                return Some(global);
            }
            let mut name = global.name.into_owned();
            for inner in names.iter().rev() {
                name.push('.');
                name.push_str(inner);
            }
            let (module, name) = (global.module, Cow::Owned(name));
            return Some(Global { module, name });
        }
        let attribute = Attribute::of(node).filter(|_| names.len() < DEEPEST)?;
        names.push(attribute.name);
        node = attribute.owner;
    }
}
