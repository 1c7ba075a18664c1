//! Imports go one way: a module of the crate names only modules of layers below its own, and `read` and `write` never
//! each other. `lib.rs`, which joins all, and tests are free.
// A test says what is wrong by panicking.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};

/// The layers, lowest first. Modules of one layer may use each other, unless they are among [`STRANGERS`].
const LAYERS: &[&[&str]] = &[
    &["error", "limits", "payload", "recode", "repr", "names"],
    &["op"],
    &["graph"],
    &["read", "write"],
    &["numpy", "python", "respell", "edit"],
    &["typed", "value", "npy", "npz", "joblib"],
    &["checkpoint"],
    &["strategy"],
];

/// Neighbours that must not know each other.
const STRANGERS: &[&str] = &["read", "write"];

/// What is re-exported at the crate's root, and where it is from.
const ROOT: &str = include_str!("../src/lib.rs");

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The code of a file, without comments and without the tests at its end.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).expect("a source file");
    let text = text
        .split("#[cfg(test)]\nmod tests {")
        .next()
        .unwrap_or_default();
    let lines = text
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default());
    lines.collect::<Vec<_>>().join("\n")
}

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&module))
}

/// The module that a name at the crate's root is from.
fn owner(name: &str) -> Option<&'static str> {
    if layer(name).is_some() {
        return LAYERS
            .iter()
            .flat_map(|layer| layer.iter())
            .copied()
            .find(|module| *module == name);
    }
    ROOT.split("pub use ").skip(1).find_map(|reexport| {
        let (names, _) = reexport.split_once(';')?;
        let words = names.split(|c: char| !c.is_alphanumeric() && c != '_');
        let module = words.clone().next()?;
        words.skip(1).any(|word| word == name).then_some(module)
    })
}

/// The first names of all paths behind `crate::`, those in braces too.
fn uses(code: &str) -> Vec<String> {
    let mut names = Vec::new();
    for rest in code.split("crate::").skip(1) {
        match rest.strip_prefix('{') {
            // The names that begin a path: right behind the brace or a comma, one level deep.
            Some(group) => {
                let (mut depth, mut name, mut open) = (0, String::new(), true);
                for c in group.chars() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => {
                            names.push(std::mem::take(&mut name));
                            open = true;
                        }
                        ':' if depth == 0 => open = false,
                        c if depth == 0 && open && !c.is_whitespace() => name.push(c),
                        _ => {}
                    }
                }
                names.push(name);
            }
            None => names.push(
                rest.chars()
                    .take_while(|c| c.is_alphanumeric() || *c == '_')
                    .collect(),
            ),
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

#[test]
fn names_are_found() {
    let code = "use crate::{error::Error, op::{Code, Op}, read};\n let x = crate::graph::Id(1); crate::Error::eof()";
    assert_eq!(uses(code), ["error", "op", "read", "graph", "Error"]);
    assert_eq!(
        [owner("Error"), owner("op"), owner("Nobody")],
        [Some("error"), Some("op"), None]
    );
}

#[test]
fn imports_go_one_way() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&source, &mut files);
    let (mut arrows, mut wrong) = (0, Vec::new());
    for file in &files {
        let path = file.strip_prefix(&source).expect("below src");
        let first = path.components().next().expect("a name").as_os_str();
        let module = first.to_str().expect("a name").trim_end_matches(".rs");
        // The binary is a crate of its own: `crate::` is the binary there.
        if matches!(module, "lib" | "bin" | "guide") || path.ends_with("tests.rs") {
            continue;
        }
        let Some(own) = layer(module) else {
            wrong.push(format!("{} is in no layer", path.display()));
            continue;
        };
        for name in uses(&code(file)) {
            let Some(used) = owner(&name) else {
                // A glob, such as `pub use graph::*`: everything that no other module is named for.
                assert!(
                    ROOT.contains("pub use graph::*"),
                    "{}: crate::{name}",
                    path.display()
                );
                if own < 2 {
                    wrong.push(format!("{}: crate::{name} of graph", path.display()));
                }
                continue;
            };
            arrows += 1;
            let strangers =
                module != used && STRANGERS.contains(&module) && STRANGERS.contains(&used);
            if strangers || layer(used).is_none_or(|layer| layer > own) {
                wrong.push(format!("{} uses {used} ({name})", path.display()));
            }
        }
    }
    assert!(arrows > 50, "only {arrows} imports found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The command sees what users see.
#[test]
fn the_binary_uses_the_public_interface() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/bin");
    let mut files = Vec::new();
    sources(&folder, &mut files);
    assert!(!files.is_empty());
    for file in files {
        let code = code(&file);
        assert!(
            !code.contains("#[path") && !code.contains("include!"),
            "{}",
            file.display()
        );
    }
}
