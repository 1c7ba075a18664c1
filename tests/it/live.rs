//! Random objects, pickled by the Python of this machine with a NumPy of its own: read, compared, and written back.
//!
//! `NDPICKLE_PYTHON` names another interpreter than `python3`; `skip` leaves these tests out. `NDPICKLE_ML_DTYPES=skip` leaves
//! those out that need ml_dtypes, for a Python that has none. The packages are put, once for each version of Python, into
//! virtual environments below the user's cache folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use ndpickle::{Flavour, Pickle, Version, write};
use serde_json::Value;

use super::row;
use super::sources::alike;

/// Runs a program and gives what it printed.
#[track_caller]
pub(crate) fn run(program: &Path, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    let name = program.display();
    let help = "tests/it/live.rs tells what it needs, and what leaves it out";
    let output = output.unwrap_or_else(|error| panic!("{name}: {error}; {help}"));
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{name} {arguments:?} failed; {help}\n{text}"
    );
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn cache() -> PathBuf {
    let given = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let home = || std::env::home_dir().expect("a home folder").join(".cache");
    given
        .filter(|path| path.is_absolute())
        .unwrap_or_else(home)
        .join("ndpickle")
}

/// Makes a virtual environment at a time: several tests ask for the same one.
static MAKING: Mutex<()> = Mutex::new(());

/// A Python with NumPy; `None` where these tests are left out.
pub(crate) fn python() -> Option<PathBuf> {
    environment("", &["numpy"])
}

/// Pythons with NumPy of several generations: the newest, the last 1.x where it exists for the Python, and those that
/// `NDPICKLE_OTHER_PYTHONS` names, with `:` between; `None` where these tests are left out.
pub(crate) fn pythons() -> Option<Vec<PathBuf>> {
    let newest = python()?;
    let minor = run(&newest, &["-c", "import sys; print(sys.version_info[1])"]);
    let minor: u32 = minor.trim().parse().expect("a number");
    let mut pythons = vec![newest];
    // NumPy 1.26 is for 3.9 to 3.12.
    if minor <= 12 {
        pythons.extend(environment("-numpy1", &["--only-binary=:all:", "numpy<2"]));
    } else {
        println!("left out: there is no NumPy 1 for Python 3.{minor}");
    }
    if let Some(others) = std::env::var_os("NDPICKLE_OTHER_PYTHONS") {
        pythons.extend(std::env::split_paths(&others));
    }
    Some(pythons)
}

/// A Python with NumPy and ml_dtypes; `None` where these tests are left out.
pub(crate) fn python_with_ml_dtypes() -> Option<PathBuf> {
    if std::env::var("NDPICKLE_ML_DTYPES").is_ok_and(|value| value == "skip") {
        println!("skipped: NDPICKLE_ML_DTYPES=skip");
        return None;
    }
    environment("-ml_dtypes", &["numpy", "ml_dtypes"])
}

/// The Python of a virtual environment with these packages.
fn environment(suffix: &str, packages: &[&str]) -> Option<PathBuf> {
    let base = std::env::var("NDPICKLE_PYTHON").unwrap_or_else(|_| "python3".into());
    if base == "skip" {
        println!("skipped: NDPICKLE_PYTHON=skip");
        return None;
    }
    // A poisoned lock protects nothing: what is half made has the name of this process.
    let _making = MAKING.lock().unwrap_or_else(PoisonError::into_inner);
    let version = "import platform; print(platform.python_version())";
    let version = run(Path::new(&base), &["-c", version]);
    let name = format!("venv-{}{suffix}", version.trim());
    let folder = cache();
    fs::create_dir_all(&folder).expect("the cache folder can be made");
    let venv = folder.join(&name);
    let python = venv.join("bin/python");
    if !venv.exists() {
        // Made under a name of this process alone and renamed when it is whole: others never see a half of it.
        let mine = folder.join(format!("{name}.{}", std::process::id()));
        let pip = ["-m", "pip", "install", "--quiet"];
        run(
            Path::new(&base),
            &["-m", "venv", "--clear", mine.to_str().expect("a text")],
        );
        run(&mine.join("bin/python"), &[&pip, packages].concat());
        if fs::rename(&mine, &venv).is_err() {
            // Another process was faster.
            assert!(python.exists(), "{} cannot be made", venv.display());
            fs::remove_dir_all(&mine).expect("a folder of our own");
        }
    }
    Some(python)
}

/// The versions of a live Python.
pub(crate) struct Cell {
    python: Version,
    numpy: Version,
}

impl Cell {
    /// For this Python and NumPy in a protocol.
    pub(crate) fn flavour(&self, protocol: u8) -> Flavour {
        Flavour::new(protocol, self.python, self.numpy).expect("a live one")
    }

    /// Writes as they do in a protocol.
    pub(crate) fn options(&self, protocol: u8) -> write::Options {
        let options = write::Options::new().protocol(protocol);
        options.python(self.python).numpy(self.numpy)
    }
}

/// What the `make` of a script tells: its versions, and then its cases.
pub(crate) fn made(python: &Path, script: &str) -> (Cell, Vec<Value>) {
    let told = run(python, &["-B", script, "make"]);
    let mut cases: Vec<Value> = told
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let versions = cases.remove(0);
    let version = |key: &str| {
        let text = versions[key].as_str().expect("a version");
        text.parse().expect(text)
    };
    let (python, numpy) = (version("python"), version("numpy"));
    (Cell { python, numpy }, cases)
}

/// Has the `load` of a script load pickles and compare them: it prints those that are wrong.
#[track_caller]
pub(crate) fn loads(python: &Path, script: &str, pickles: &[Value]) {
    let lines: Vec<String> = pickles.iter().map(Value::to_string).collect();
    let file = tempfile::NamedTempFile::new().expect("a file");
    fs::write(file.path(), lines.join("\n")).expect("room");
    let path = file.path().to_str().expect("a text");
    assert_eq!(run(python, &["-B", script, "load", path]), "");
}

pub(crate) fn base64(text: &str) -> Vec<u8> {
    let (mut bytes, mut bits, mut count) = (Vec::new(), 0u32, 0);
    for c in text.bytes().filter(|c| *c != b'=') {
        let value = match c {
            b'A'..=b'Z' => c - b'A',
            b'a'..=b'z' => c - b'a' + 26,
            b'0'..=b'9' => c - b'0' + 52,
            b'+' => 62,
            _ => 63,
        };
        (bits, count) = (bits << 6 | u32::from(value), count + 6);
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    bytes
}

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/live/make.py");

#[test]
fn what_python_pickles_now() {
    let Some(python) = python() else { return };
    let told = run(&python, &[SCRIPT, "1", "80"]);
    let (mut pickles, mut arrays, mut failed) = (0, 0, Vec::new());
    for line in told.lines() {
        let case: Value = serde_json::from_str(line).expect("JSON");
        let name = case["name"].as_str().expect("a name");
        let bytes = base64(case["pickle"].as_str().expect("base64"));
        let pickle = alike(name, &bytes, Pickle::options).expect(name);
        let rows: Vec<Value> = pickle.arrays().map(row::told).collect();
        let expected = case["rows"].as_array().expect("a list");
        pickles += 1;
        arrays += rows.len();
        let pairs = rows.iter().zip(expected);
        if let Some((row, expected)) = pairs.clone().find(|(row, expected)| row != expected) {
            failed.push(format!("{name}\n  {row}\n  {expected}"));
        }
        if rows.len() != expected.len() {
            failed.push(format!(
                "{name}: {} rows, not {}",
                rows.len(),
                expected.len()
            ));
        }
        let written = write::Options::new().to_vec(&pickle).expect(name);
        if written != bytes {
            let at = written
                .iter()
                .zip(&bytes)
                .take_while(|(a, b)| a == b)
                .count();
            let near = |bytes: &[u8]| {
                bytes[at.saturating_sub(20)..bytes.len().min(at + 20)]
                    .escape_ascii()
                    .to_string()
            };
            failed.push(format!(
                "{name}: byte {at}\n  {}\n  {}",
                near(&written),
                near(&bytes)
            ));
        }
    }
    assert!(
        failed.is_empty(),
        "{} of {pickles}\n{}",
        failed.len(),
        failed[..failed.len().min(10)].join("\n")
    );
    assert!(
        pickles >= 400 && arrays > 400,
        "{pickles} pickles, {arrays} arrays"
    );
}
