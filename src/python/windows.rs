//! How Windows paths are read: `splitroot` and `join` of CPython's `ntpath.py`, and `_parse_path` of `pathlib`, as of 3.12 and 3.13.
//! Older Pythons read drives otherwise that stand behind other parts.

use super::path::{Parsed, names};

/// Drive, root and rest of a path whose separators are backslashes.
fn split(path: &str) -> (&str, &str, &str) {
    let at = |end: usize| path.split_at(end);
    if path.starts_with(r"\\") {
        // `\\server\share\` and `\\?\UNC\server\share\`.
        let prefix = path
            .get(..8)
            .filter(|start| start.eq_ignore_ascii_case(r"\\?\UNC\"));
        let start = prefix.map_or(2, str::len);
        let Some(server) = path[start..].find('\\').map(|n| start + n) else {
            return (path, "", "");
        };
        let Some(share) = path[server + 1..].find('\\').map(|n| server + 1 + n) else {
            return (path, "", "");
        };
        let (drive, rest) = at(share);
        return (drive, &rest[..1], &rest[1..]);
    }
    if let Some(rest) = path.strip_prefix('\\') {
        return ("", &path[..1], rest);
    }
    if !has_drive(path) {
        return ("", "", path);
    }
    let letter = path.chars().next().map_or(0, char::len_utf8);
    let (drive, rest) = at(letter + 1);
    match rest.strip_prefix('\\') {
        Some(names) => (drive, &rest[..1], names),
        None => (drive, "", rest),
    }
}

/// Whether a path begins with a drive's letter, which may be any character.
pub(super) fn has_drive(path: &str) -> bool {
    path.chars().nth(1) == Some(':')
}

pub(super) fn parse(texts: impl Iterator<Item = String>) -> Parsed {
    let path = join(texts.map(|text| text.replace('/', "\\")));
    let (drive, root, rest) = split(&path);
    // A share is a root, though none is written.
    let parts: Vec<&str> = drive.split('\\').collect();
    let is_share = match parts.len() {
        // As substrings of `?.`.
        4 => !"?.".contains(parts[2]),
        len => len == 6,
    };
    let is_root = root.is_empty() && drive.starts_with('\\') && !drive.ends_with('\\') && is_share;
    Parsed {
        anchor: format!("{drive}{}", if is_root { "\\" } else { root }),
        names: names(rest, '\\'),
    }
}

/// `ntpath.join`, of paths whose separators are backslashes.
fn join(mut texts: impl Iterator<Item = String>) -> String {
    let first = texts.next().unwrap_or_default();
    let (drive, root, path) = split(&first);
    let (mut drive, mut root, mut path) = (drive.to_owned(), root.to_owned(), path.to_owned());
    for text in texts {
        let (its_drive, its_root, its_path) = split(&text);
        if !its_root.is_empty() {
            if !its_drive.is_empty() || drive.is_empty() {
                drive = its_drive.to_owned();
            }
            (root, path) = (its_root.to_owned(), its_path.to_owned());
            continue;
        }
        if !its_drive.is_empty() && its_drive != drive {
            let is_same = its_drive.to_lowercase() == drive.to_lowercase();
            drive = its_drive.to_owned();
            if !is_same {
                (root, path) = (String::new(), its_path.to_owned());
                continue;
            }
        }
        if !path.is_empty() && !path.ends_with('\\') {
            path.push('\\');
        }
        path.push_str(its_path);
    }
    // Between a share and what is no absolute path.
    if !path.is_empty() && root.is_empty() && !drive.is_empty() && !drive.ends_with([':', '\\']) {
        root.push('\\');
    }
    drive + &root + &path
}
