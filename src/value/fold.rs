//! Going over a tree from the leaves to the root, without recursion.

use std::convert::Infallible;

use super::Value;
use super::show;
use crate::error::Error;

/// An error that may be told where in the value it is.
pub(super) trait Placed {
    /// Adds the path where none is known yet.
    fn placed(self, path: impl FnOnce() -> String) -> Self;
}

impl Placed for Error {
    fn placed(self, path: impl FnOnce() -> String) -> Error {
        self.in_path(path)
    }
}

impl Placed for Infallible {
    fn placed(self, _: impl FnOnce() -> String) -> Infallible {
        self
    }
}

/// A value whose parts are being made.
struct Frame<'v, T> {
    value: &'v Value,
    /// What has been made of its first parts.
    made: Vec<T>,
}

impl<'v, T> Frame<'v, T> {
    fn new(value: &'v Value) -> Self {
        Frame {
            value,
            made: Vec::new(),
        }
    }
}

/// Calls `f` for every value, with what it made of the value's parts and with the depth, and gives what it made of the root.
pub(super) fn fold<'v, T, E: Placed>(
    root: &'v Value,
    mut f: impl FnMut(&'v Value, Vec<T>, usize) -> Result<T, E>,
) -> Result<T, E> {
    if !root.is_compound() {
        return f(root, Vec::new(), 0).map_err(|error| error.placed(String::new));
    }
    let mut frames: Vec<Frame<'v, T>> = Vec::new();
    let mut frame = Frame::new(root);
    loop {
        let made = match frame.value.part(frame.made.len()) {
            Some(part) if part.is_compound() => {
                frames.push(std::mem::replace(&mut frame, Frame::new(part)));
                continue;
            }
            Some(part) => f(part, Vec::new(), frames.len() + 1),
            None => {
                let made = f(frame.value, frame.made, frames.len());
                match (frames.pop(), made) {
                    (None, made) => return made.map_err(|error| error.placed(String::new)),
                    (Some(parent), made) => {
                        frame = parent;
                        made
                    }
                }
            }
        };
        match made {
            Ok(made) => frame.made.push(made),
            Err(error) => {
                frames.push(frame);
                return Err(error.placed(|| path(&frames)));
            }
        }
    }
}

/// The path of the part that each frame is at.
fn path<T>(frames: &[Frame<'_, T>]) -> String {
    let mut path = String::new();
    let mut parent: Option<(&Value, usize)> = None;
    for frame in frames {
        let n = frame.made.len();
        show::write_step(parent, frame.value, n, &mut path);
        parent = Some((frame.value, n));
    }
    path
}
