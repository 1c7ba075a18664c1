//! Holds the crate against a folder of pickles that a matrix of Pythons and NumPys wrote.
//!
//!     cargo run --release --example matrix -- FOLDER
//!
//! FOLDER has a manifest `<cell>.json` for each Python × NumPy cell, with what that cell's NumPy said of each value, and the
//! pickles under `blobs/<sha>.pkl`. Every pickle is parsed; its arrays, scalars, dtypes and plain values must be those of the
//! manifest; it is written back, and the result must be the pickle. Prints the exceptions with their reasons, then a line of
//! counts. The exit status is 1 if anything has no reason.

// The tool's output is what it is for.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod expect;
mod pairs;
mod text;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use ndpickle::{Buffer, Pickle, write};
use serde_json::Value;

use self::expect::{Expectation, Outcome};

fn main() -> ExitCode {
    let Some(folder) = std::env::args().nth(1) else {
        eprintln!("usage: matrix FOLDER");
        return ExitCode::from(2);
    };
    let folder_path = Path::new(&folder);
    let outcome = match std::env::args().nth(2).as_deref() {
        Some("--pairs") => rewrite(folder_path, std::env::args().nth(3).as_deref()),
        _ => run(folder_path),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("matrix: {folder}: {error}");
            ExitCode::from(2)
        }
    }
}

/// What came of a pickle that was checked against an expectation.
#[derive(Clone)]
struct Checked {
    written: Result<bool, String>,
    /// How many parts were compared, and what was wrong.
    value: Outcome,
}

#[derive(Default)]
struct Counts {
    pickles: usize,
    not_made: usize,
    written: usize,
    parts: usize,
    /// Values of which the manifest tells no more than their class.
    untold: usize,
    explained: usize,
    unexplained: usize,
}

fn run(folder: &Path) -> Result<bool, Box<dyn std::error::Error>> {
    let mut seen: BTreeMap<String, Checked> = BTreeMap::new();
    let mut counts = Counts::default();
    let mut exceptions: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for path in manifests(folder)? {
        let manifest: Value = serde_json::from_slice(&fs::read(&path)?)?;
        let cell = manifest["cell"].as_str().unwrap_or("?");
        for (case, entry) in manifest["cases"].as_object().into_iter().flatten() {
            let expectation = Expectation::new(&manifest, case, &entry["expect"]);
            for (way, made) in entry["pickles"].as_object().into_iter().flatten() {
                let Some(sha) = made["blob"].as_str() else {
                    counts.not_made += 1;
                    continue;
                };
                let key = format!("{sha} {} {}", made["oob"], expectation.key());
                let checked = match seen.get(&key) {
                    Some(checked) => checked.clone(),
                    None => {
                        let file = folder.join("blobs").join(format!("{sha}.pkl"));
                        let checked = check(&fs::read(file)?, &made["oob"], &expectation);
                        seen.entry(key).or_insert(checked).clone()
                    }
                };
                counts.pickles += 1;
                counts.parts += checked.value.parts;
                counts.untold += checked.value.untold;
                counts.written += usize::from(checked.written == Ok(true));
                let unwritten = match checked.written {
                    Ok(true) => None,
                    Ok(false) => Some("is written differently".to_owned()),
                    Err(error) => Some(error),
                };
                for what in checked.value.wrong.into_iter().chain(unwritten) {
                    let reason = expectation.reason(&what);
                    match reason {
                        Some(_) => counts.explained += 1,
                        None => counts.unexplained += 1,
                    }
                    let reason = reason.unwrap_or("NO REASON");
                    exceptions
                        .entry(format!("{case}: {reason}: {what}"))
                        .or_default()
                        .push(format!("{cell} {way} {sha}"));
                }
            }
        }
    }
    for (what, places) in &exceptions {
        println!("{what} ({} times, such as {})", places.len(), places[0]);
    }
    println!(
        "{} pickles ({} could not be made by their Python): {} written back byte for byte; {} arrays, scalars, dtypes and values \
         equal, {} told by class only; {} exceptions with a reason, {} without",
        counts.pickles,
        counts.not_made,
        counts.written,
        counts.parts,
        counts.untold,
        counts.explained,
        counts.unexplained
    );
    Ok(counts.unexplained == 0)
}

fn rewrite(folder: &Path, only: Option<&str>) -> Result<bool, Box<dyn std::error::Error>> {
    let mut read = Vec::new();
    for path in manifests(folder)? {
        read.push(serde_json::from_slice(&fs::read(path)?)?);
    }
    pairs::run(folder, &read, only)
}

fn manifests(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    let mut paths: Vec<_> = entries.into_iter().map(|entry| entry.path()).collect();
    paths.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "json")
    });
    paths.sort();
    Ok(paths)
}

fn check(bytes: &[u8], buffers: &Value, expectation: &Expectation<'_>) -> Checked {
    let buffers: Vec<Vec<u8>> = buffers.as_array().map_or(Vec::new(), |buffers| {
        let buffers = buffers.iter().filter_map(Value::as_str);
        buffers.map(text::unhex).collect()
    });
    let given = buffers.iter().map(|bytes| Buffer::from(&bytes[..]));
    let pickle = match Pickle::options().buffers(given).parse(bytes) {
        Ok(pickle) => pickle,
        Err(error) => {
            return Checked {
                written: Err(error.to_string()),
                value: Outcome::default(),
            };
        }
    };
    let written = write::Options::new().to_vec(&pickle);
    Checked {
        written: written
            .map(|written| written == bytes)
            .map_err(|error| error.to_string()),
        value: expectation.check(pickle.root()),
    }
}
