//! When, on what and with which versions was measured.

use std::fs;
use std::process::Command;

use crate::python::Python;

/// One line that goes below the tables.
pub fn line(python: &Python, rounds: usize) -> String {
    format!(
        "Measured on {}: {}, CPython {}, NumPy {}, {}; medians over {rounds} rounds in turns.",
        python.date,
        processor(),
        python.version,
        python.numpy,
        rustc(),
    )
}

fn processor() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let field = |name: &str| {
        let line = info.lines().find(|line| line.starts_with(name))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let model = field("model name").unwrap_or_else(|| std::env::consts::ARCH.into());
    format!("{model} ({cores} cores)")
}

/// The compiler on the path: the one that cargo used, unless it was told otherwise.
fn rustc() -> String {
    let output = Command::new("rustc").arg("--version").output();
    let version = output
        .ok()
        .and_then(|output| String::from_utf8(output.stdout).ok());
    let version = version.unwrap_or_default();
    // `rustc 1.95.0 (hash date)`.
    let words: Vec<&str> = version.split_whitespace().take(2).collect();
    match words[..] {
        [] => "rustc of unknown version".into(),
        _ => words.join(" "),
    }
}
