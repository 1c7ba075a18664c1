//! Holds the crate against a folder of pickles that a matrix of Pythons and NumPys wrote.
//!
//!     cargo run --release --example matrix -- FOLDER
//!
//! FOLDER has a manifest `<cell>.json` for each Python × NumPy cell and the pickles under `blobs/<sha>.pkl`. Every pickle is
//! parsed and written back; the result must be the pickle. Prints a line of counts and the exceptions by case.

// The tool's output is what it is for.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use ndpickle::Pickle;
use ndpickle::write;
use serde_json::Value;

#[derive(Default)]
struct Counts {
    same: usize,
    different: usize,
    unreadable: usize,
    not_made: usize,
}

fn main() -> ExitCode {
    let Some(folder) = std::env::args().nth(1) else {
        eprintln!("usage: matrix FOLDER");
        return ExitCode::from(2);
    };
    match run(Path::new(&folder)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("matrix: {folder}: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(folder: &Path) -> Result<bool, Box<dyn std::error::Error>> {
    let mut blobs: BTreeMap<String, Result<bool, String>> = BTreeMap::new();
    let mut counts: BTreeMap<String, Counts> = BTreeMap::new();
    let mut exceptions: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut manifests: Vec<_> = std::fs::read_dir(folder)?
        .filter_map(|e| Some(e.ok()?.path()))
        .collect();
    manifests.retain(|path| path.extension().is_some_and(|e| e == "json"));
    manifests.sort();
    for path in manifests {
        let manifest: Value = serde_json::from_slice(&std::fs::read(&path)?)?;
        let cell = manifest["cell"].as_str().unwrap_or("?");
        for (case, entry) in manifest["cases"].as_object().into_iter().flatten() {
            for (way, made) in entry["pickles"].as_object().into_iter().flatten() {
                let implementation = way.split('.').next().unwrap_or(way);
                let count = counts.entry(implementation.to_owned()).or_default();
                let Some(sha) = made["blob"].as_str() else {
                    count.not_made += 1;
                    continue;
                };
                let outcome = blobs.entry(sha.to_owned()).or_insert_with(|| {
                    let file = folder.join("blobs").join(format!("{sha}.pkl"));
                    let bytes = std::fs::read(&file)
                        .map_err(|error| format!("{}: {error}", file.display()))?;
                    let pickle = Pickle::parse(&bytes).map_err(|error| error.to_string())?;
                    let written = write::Options::new()
                        .to_vec(&pickle)
                        .map_err(|error| error.to_string())?;
                    Ok(written == bytes)
                });
                match outcome {
                    Ok(true) => count.same += 1,
                    Ok(false) => {
                        count.different += 1;
                        exceptions
                            .entry(format!("{implementation} {case}: differs"))
                            .or_default()
                            .push(format!("{cell} {way} {sha}"));
                    }
                    Err(error) => {
                        count.unreadable += 1;
                        exceptions
                            .entry(format!("{implementation} {case}: {error}"))
                            .or_default()
                            .push(format!("{cell} {way} {sha}"));
                    }
                }
            }
        }
    }
    for (what, places) in &exceptions {
        println!("{what}: {} times, {}", places.len(), places[0]);
    }
    println!("{} different pickles", blobs.len());
    for (implementation, count) in &counts {
        println!(
            "{implementation}: {} written back byte for byte, {} not, {} unreadable, {} not made by that Python",
            count.same, count.different, count.unreadable, count.not_made
        );
    }
    let failures = counts
        .iter()
        .filter(|(name, _)| *name != "py")
        .map(|(_, c)| c.different + c.unreadable)
        .sum::<usize>();
    Ok(failures == 0)
}
