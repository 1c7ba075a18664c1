//! Structs of Rust that are instances of classes of Python, by their name: `#[serde(rename = "module:Class")]`.
//!
//! No struct of Rust has a name with a colon by itself, and other formats either ignore the names of structs or write them
//! as they are; so the name alone says it, in both directions, and nothing else has to be told.

/// The module and the qualified name of a class, in the name of a struct.
#[inline]
pub(super) fn class(name: &'static str) -> Option<(&'static str, &'static str)> {
    // Most names have none, and the compiler can see it.
    match name.bytes().any(|byte| byte == b':') {
        true => parts(name),
        false => None,
    }
}

fn parts(name: &'static str) -> Option<(&'static str, &'static str)> {
    let (module, class) = name.split_once(':')?;
    let is_name = |part: &str| !part.is_empty() && !part.contains([':', '\n', ' ']);
    (is_name(module) && is_name(class)).then_some((module, class))
}
