//! Paths of files.

use std::fmt;

use super::call::call_of_any;
use super::windows;
use crate::graph::{Kind, Node};
use crate::names::Known;
use crate::repr::wtf8::code_points;

/// Which class of `pathlib` a [`Path`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PathKind {
    /// `PosixPath`.
    Posix,
    /// `WindowsPath`.
    Windows,
    /// `PurePosixPath`.
    PurePosix,
    /// `PureWindowsPath`.
    PureWindows,
}

impl PathKind {
    fn of(name: &[u8]) -> Option<PathKind> {
        Some(match name {
            b"PosixPath" => PathKind::Posix,
            b"WindowsPath" => PathKind::Windows,
            b"PurePosixPath" => PathKind::PurePosix,
            b"PureWindowsPath" => PathKind::PureWindows,
            _ => return None,
        })
    }

    /// The name of the class.
    pub fn name(self) -> &'static str {
        match self {
            PathKind::Posix => "PosixPath",
            PathKind::Windows => "WindowsPath",
            PathKind::PurePosix => "PurePosixPath",
            PathKind::PureWindows => "PureWindowsPath",
        }
    }

    /// Whether it has drives and backslashes.
    pub fn is_windows(self) -> bool {
        matches!(self, PathKind::Windows | PathKind::PureWindows)
    }

    /// Whether it is a name alone, which no system call takes.
    pub fn is_pure(self) -> bool {
        matches!(self, PathKind::PurePosix | PathKind::PureWindows)
    }
}

/// A path of `pathlib`: its parts up to Python 3.12, from 3.13 on the texts that it was made of, which need not be in normal form.
#[derive(Clone, Copy, Debug)]
pub struct Path<'p, 'a> {
    kind: PathKind,
    args: Node<'p, 'a>,
}

/// The most arguments of a path: no file system has a longer one.
const MAX_ARGS: usize = 2048;

impl<'p, 'a> Path<'p, 'a> {
    pub(super) fn of(node: Node<'p, 'a>) -> Option<Self> {
        let (callable, args) = call_of_any(node)?;
        if callable.known() != Known::Path || args.len() > MAX_ARGS {
            return None;
        }
        let kind = PathKind::of(callable.global_bytes()?.1)?;
        let is_text = |arg: Node<'_, '_>| arg.kind() == Kind::Str && arg.raw_bytes().is_some();
        args.items().all(is_text).then_some(Path { kind, args })
    }

    /// Which class it is.
    pub fn kind(self) -> PathKind {
        self.kind
    }

    /// Python's `parts`: the drive and root in one, where there are any, then the names. A character that is none (of a name
    /// that is no UTF-8) is U+FFFD.
    pub fn parts(self) -> Vec<String> {
        let parsed = self.parse();
        let mut parts = parsed.names;
        if !parsed.anchor.is_empty() {
            parts.insert(0, parsed.anchor);
        }
        parts
    }

    /// As `PurePath._parse_path` of CPython's `pathlib`, after `os.path.join`.
    fn parse(self) -> Parsed {
        let texts = self.args.items().map(|arg| {
            let characters = code_points(arg.raw_bytes().unwrap_or_default());
            characters
                .map(|value| value.and_then(char::from_u32).unwrap_or('\u{fffd}'))
                .collect::<String>()
        });
        match self.kind.is_windows() {
            true => windows::parse(texts),
            false => posix(texts),
        }
    }
}

/// A path in its parts.
#[derive(Default)]
pub(super) struct Parsed {
    /// Drive and root.
    pub(super) anchor: String,
    pub(super) names: Vec<String>,
}

/// The names between separators, without those that stand for nothing.
pub(super) fn names(rest: &str, separator: char) -> Vec<String> {
    let names = rest.split(separator);
    names
        .filter(|name| !matches!(*name, "" | "."))
        .map(str::to_owned)
        .collect()
}

fn posix(texts: impl Iterator<Item = String>) -> Parsed {
    let mut path = String::new();
    for text in texts {
        if text.starts_with('/') {
            path.clear();
        } else if !path.is_empty() && !path.ends_with('/') {
            path.push('/');
        }
        path.push_str(&text);
    }
    let rest = path.trim_start_matches('/');
    // Two slashes are a root of their own, three are one (`splitroot` in CPython's `posixpath.py`).
    let anchor = match path.len() - rest.len() {
        0 => "",
        2 => "//",
        _ => "/",
    };
    Parsed {
        anchor: anchor.to_owned(),
        names: names(rest, '/'),
    }
}

impl fmt::Display for Path<'_, '_> {
    /// Python's `str`: `/a/b`, `C:\a\b`, `.` of the empty path.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Parsed { anchor, names } = self.parse();
        if anchor.is_empty() && names.is_empty() {
            return f.write_str(".");
        }
        let separator = if self.kind.is_windows() { "\\" } else { "/" };
        let is_drive = |name: &String| self.kind.is_windows() && windows::has_drive(name);
        if anchor.is_empty() && names.first().is_some_and(is_drive) {
            // Else the name would be read as a drive.
            f.write_str(".\\")?;
        }
        f.write_str(&anchor)?;
        f.write_str(&names.join(separator))
    }
}

impl<'p, 'a> Node<'p, 'a> {
    /// The path that this node is.
    pub fn to_path(self) -> Option<Path<'p, 'a>> {
        Path::of(self)
    }
}
