//! The examples, run as users run them, against what the Python of this machine makes of their files.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;
use std::sync::mpsc;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use super::live;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/live/examples.py");

/// The folder of the examples, which are built first as these tests were: `cargo test --test it` does not build them.
static EXAMPLES: LazyLock<PathBuf> = LazyLock::new(|| {
    // TARGET/PROFILE/deps/it-…
    let test = std::env::current_exe().expect("a path");
    let folder = test.ancestors().nth(2).expect("the profile's folder");
    let name = folder.file_name().and_then(OsStr::to_str);
    let profile = match name.expect("the profile's name") {
        "debug" => "dev",
        name => name,
    };
    let features = [
        ("serde", cfg!(feature = "serde")),
        ("cli", cfg!(feature = "cli")),
        ("serde-pickle", cfg!(feature = "serde-pickle")),
        ("proptest1", cfg!(feature = "proptest1")),
    ];
    let features = features.iter().filter(|(_, is_on)| *is_on);
    let features: Vec<&str> = features.map(|(name, _)| *name).collect();
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["build", "--examples", "--no-default-features", "--profile"])
        .args([profile, "--features", &features.join(","), "--target-dir"])
        .arg(folder.parent().expect("the target's folder"))
        .output();
    let output = output.expect("cargo runs");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    folder.join("examples")
});

/// What an example did in a folder.
struct Ran {
    status: Option<i32>,
    stdout: String,
    stderr: String,
}

/// Runs an example in this folder; it has a minute.
#[track_caller]
fn run_with(name: &str, args: &[&str], folder: &Path, python: Option<&Path>) -> Ran {
    let mut command = Command::new(EXAMPLES.join(name));
    command.args(args).current_dir(folder).stdin(Stdio::null());
    command.envs(python.map(|python| ("PYTHON", python)));
    let (send, receive) = mpsc::channel();
    std::thread::spawn(move || send.send(command.output()));
    let output = receive.recv_timeout(Duration::from_secs(60));
    let output: Output = output.expect("an end").expect("an example");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    Ran {
        status: output.status.code(),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}

/// What an example prints when all is well.
#[track_caller]
fn run(name: &str, args: &[&str], folder: &Path) -> String {
    let ran = run_with(name, args, folder, None);
    assert_eq!((ran.status, &ran.stderr[..]), (Some(0), ""), "{args:?}");
    ran.stdout
}

/// What the script prints.
#[track_caller]
fn told(python: &Path, args: &[&str]) -> String {
    live::run(python, &[&["-B", SCRIPT], args].concat())
}

#[track_caller]
fn json(python: &Path, args: &[&str]) -> Value {
    serde_json::from_str(&told(python, args)).expect("JSON")
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

/// The names of the files in a folder.
fn files(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let names = entries.map(|entry| entry.expect("an entry").file_name());
    names
        .map(|name| name.into_string().expect("a text"))
        .collect()
}

#[test]
fn mapped() {
    let folder = folder();
    let printed = run("mapped", &[], folder.path());
    assert!(printed.starts_with("<f8 (1000, 500) at byte "), "{printed}");
    assert!(files(folder.path()).is_empty());
}

#[cfg(feature = "serde")]
#[test]
fn batches() {
    let Some(python) = live::python() else { return };
    let folder = folder();
    let printed = run("batches", &["batch"], folder.path());
    let path = |name: &str| {
        folder
            .path()
            .join(name)
            .to_str()
            .expect("a text")
            .to_owned()
    };
    let batch = path("batch");
    assert_eq!(printed, told(&python, &["batch", &batch]));
    assert!(
        printed.contains("images of each class: [100, 200, "),
        "{printed}"
    );
    // It is as Python 2 wrote it: a str has the opcodes of one.
    let bytes = fs::read(&batch).expect("a file");
    assert!(bytes.starts_with(b"\x80\x02}"));
    assert!(bytes.windows(8).any(|window| window == b"U\x06labels"));
    for protocol in ["0", "1", "2", "3", "4", "5"] {
        for task in ["batch_again", "batch_bytes"] {
            let again = path(&format!("{task}{protocol}"));
            told(&python, &[task, &batch, &again, protocol]);
            assert_eq!(run("batches", &[&again], folder.path()), printed);
        }
    }
    assert_eq!(run("batches", &[], folder.path()), printed);
    assert_eq!(files(folder.path()).len(), 13);
}

#[cfg(feature = "serde")]
mod worker {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn run_by(python: &Path) -> Ran {
        run_with("worker", &[], folder().path(), Some(python))
    }

    #[test]
    fn computes() {
        for python in live::pythons().into_iter().flatten() {
            let ran = run_by(&python);
            assert_eq!((ran.status, &ran.stderr[..]), (Some(0), ""));
            let numpy = "import numpy; print(numpy.__version__)";
            let numpy = live::run(&python, &["-c", numpy]);
            let is_named = ran.stdout.contains(&format!("and NumPy {numpy}"));
            assert!(is_named, "{}", ran.stdout);
            let expected = json(&python, &["worker"]);
            for (n, op) in [(1, "sort"), (2, "gram")] {
                let rows: Vec<[f64; 3]> =
                    serde_json::from_value(expected[op].clone()).expect("rows");
                let answer = format!("and:\n{}\n", ndarray::Array2::from(rows));
                assert!(ran.stdout.contains(&answer), "{answer} {}", ran.stdout);
                // Its array is beside it.
                let start = format!("answer {n} is a pickle of ");
                let rest = ran.stdout.split(&start).nth(1).expect("an answer");
                let size = rest.split(' ').next().expect("a number");
                assert!(size.parse::<u32>().expect("a number") < 200, "{size}");
            }
            assert!(ran.stdout.ends_with("KeyError('fly')\n"), "{}", ran.stdout);
        }
    }

    #[test]
    fn without_a_python() {
        let folder = folder();
        let python = folder.path().join("python");
        let ran = run_by(&python);
        let start = format!("worker: {} does not start: ", python.display());
        assert!(ran.stderr.starts_with(&start), "{}", ran.stderr);
        assert_eq!((ran.status, &ran.stdout[..]), (Some(1), ""));
        assert_eq!(ran.stderr.lines().count(), 1);
    }

    /// A program that is run in place of Python, which is `$PYTHON`.
    fn script(folder: &Path, python: &Path, lines: &str) -> PathBuf {
        let path = folder.join("script");
        let lines = lines.replace("$PYTHON", python.to_str().expect("a text"));
        // Written aside: a file that is open for writing cannot be run.
        let aside = folder.join("aside");
        fs::write(&aside, lines).expect("room");
        fs::set_permissions(&aside, fs::Permissions::from_mode(0o755)).expect("our own");
        fs::rename(&aside, &path).expect("our own");
        path
    }

    #[test]
    fn without_numpy() {
        let Some(python) = live::python() else { return };
        let folder = folder();
        // No site, and so no packages.
        let lines = "#!/bin/sh\nexec '$PYTHON' -I -S \"$@\"\n";
        let ran = run_by(&script(folder.path(), &python, lines));
        assert_eq!((ran.status, &ran.stdout[..]), (Some(1), ""));
        let says = |text| ran.stderr.contains(text);
        assert!(says("No module named 'numpy'"), "{}", ran.stderr);
        assert!(
            says("worker: no worker, or one without NumPy; "),
            "{}",
            ran.stderr
        );
        assert!(says("ended with exit status: 1"), "{}", ran.stderr);
    }

    #[test]
    fn that_dies() {
        let Some(python) = live::python() else { return };
        // After it has said hello; when it has read the first request; when it has written half an answer.
        let ends = [
            ("exec(start); sys.exit(7)", "ended with exit status: 7"),
            (
                "exec(start); receive(); sys.exit(8)",
                "ended with exit status: 8",
            ),
            (
                "exec(start); receive(); os.write(1, bytes(12)); os.kill(os.getpid(), 9)",
                "no answer to sort: ",
            ),
            (
                "exec(start); receive(); os.write(1, b'\\x01' + bytes(15) + b'x'); receive()",
                "byte 0x78 is no opcode",
            ),
        ];
        for (end, message) in ends {
            let folder = folder();
            let start = "start = sys.argv[2].split('while True:')[0]";
            let lines = format!("#!$PYTHON\nimport os, sys\n{start}\n{end}\n");
            let ran = run_by(&script(folder.path(), &python, &lines));
            assert_eq!(ran.status, Some(1), "{end}: {}", ran.stderr);
            assert!(ran.stderr.starts_with("worker: "), "{}", ran.stderr);
            assert!(ran.stderr.contains(message), "{end}: {}", ran.stderr);
            assert!(ran.stdout.starts_with("the worker has Python "));
        }
    }
}

#[cfg(feature = "serde")]
#[test]
fn training() {
    let Some(python) = live::python() else { return };
    let folder = folder();
    let train = |name: &str, epochs: &str| run("training", &[name, epochs], folder.path());
    let bytes = |name: &str| fs::read(folder.path().join(name)).expect("a file");
    train("at_once", "12");
    train("stopped", "5");
    let early = bytes("stopped");
    let path = folder.path().join("stopped");
    let expected = json(&python, &["training", path.to_str().expect("a text"), "12"]);
    assert_ne!(early, bytes("at_once"));
    let printed = train("stopped", "12");
    assert!(printed.starts_with("after 12 epochs:\n"), "{printed}");
    assert_eq!(bytes("stopped"), bytes("at_once"));

    // Python goes on from the same file and comes to the same place, but for the order of its sums.
    let pickle = ndpickle::Pickle::open(&path).expect("a pickle");
    let root = pickle.root();
    let random = root.get("random").and_then(|random| random.as_u64());
    assert_eq!(random, expected["random"].as_u64());
    let weights = root.get("weights").expect("a layer");
    let near = |name: &str, expected: Vec<f64>| {
        let found = weights.get(name).expect(name).array().expect(name);
        let found = found.to_array::<f64, ndarray::IxDyn>().expect(name);
        assert_eq!(found.len(), expected.len());
        for (a, b) in found.iter().zip(expected) {
            assert!((a - b).abs() < 1e-9, "{name}: {a} {b}");
        }
    };
    let slope: Vec<[f64; 2]> = serde_json::from_value(expected["slope"].clone()).expect("rows");
    near("slope", slope.concat());
    near(
        "bias",
        serde_json::from_value(expected["bias"].clone()).expect("a list"),
    );

    // What is no state is left as it is, and nothing is left beside.
    fs::write(&path, &early[..early.len() - 1]).expect("room");
    let ran = run_with("training", &["stopped", "12"], folder.path(), None);
    assert_eq!((ran.status, &ran.stdout[..]), (Some(1), ""));
    assert_eq!(bytes("stopped"), early[..early.len() - 1]);
    assert_eq!(files(folder.path()).len(), 2);
}

/// The lines of one part of what `inspect` prints.
fn part<'t>(printed: &'t str, head: &str) -> Vec<&'t str> {
    let lines = printed.lines().skip_while(|line| *line != head).skip(1);
    let lines = lines.map_while(|line| line.strip_prefix("  "));
    lines.collect()
}

const IMPORTS: &str = "Python would import:";
const CALLS: &str = "Python would call, besides what makes data and arrays:";

#[test]
fn inspect() {
    let folder = folder();
    let printed = run("inspect", &[], folder.path());
    let calls = part(&printed, CALLS);
    assert!(
        matches!(calls[..], [call] if call.starts_with("os.system('touch executed') at byte "))
    );
    let is_other = |line: &&str| line.starts_with("other os.system at byte ");
    assert!(part(&printed, IMPORTS).iter().any(is_other), "{printed}");
    assert!(
        printed.contains("\n[[1, 2, 3],\n [4, 5, 6]]\n"),
        "{printed}"
    );
    assert!(files(folder.path()).is_empty());
}

#[test]
fn inspect_leaves_no_trace() {
    let Some(python) = live::python() else { return };
    let folder = folder();
    let path = folder.path().join("malicious");
    let name = path.to_str().expect("a text");
    let trace = folder.path().join("trace");
    let command = format!("touch {}", trace.display());
    let check = |has_array: bool| {
        let expected = json(&python, &["would", name]);
        let printed = run("inspect", &["malicious"], folder.path());
        assert!(!trace.exists(), "{printed}");
        let strings = |key: &str| -> Vec<String> {
            serde_json::from_value(expected[key].clone()).expect("a list")
        };
        let offsets = expected["offsets"].as_array().expect("a list").iter();
        let globals = strings("globals").into_iter().zip(offsets);
        let globals = globals.map(|(global, offset)| {
            let kind = match global.split_once('.').expect("a module").0 {
                "numpy" => "numpy",
                "_codecs" => "data ",
                _ => "other",
            };
            format!("{kind} {global} at byte {offset}")
        });
        assert_eq!(part(&printed, IMPORTS), globals.collect::<Vec<_>>());
        let calls = part(&printed, CALLS);
        let calls: Vec<&str> = calls
            .iter()
            .filter_map(|call| call.split(" at ").next())
            .collect();
        assert_eq!(calls, strings("calls"));
        assert_eq!(printed.contains("['weights'] <f4 (2, 3)"), has_array);
        assert_eq!(printed.contains("[[0, 1, 2],\n [3, 4, 5]]"), has_array);
        // And it would have been: Python loads the same file.
        let load = "import pickle, sys; pickle.load(open(sys.argv[1], 'rb'))";
        live::run(&python, &["-c", load, name]);
        fs::remove_file(&trace).expect("a trace");
    };
    for protocol in ["0", "1", "2", "3", "4", "5"] {
        told(&python, &["malicious", name, protocol, &command]);
        check(true);
    }
    // A call whose result is thrown away.
    fs::write(&path, format!("cposix\nsystem\n(V{command}\ntR0N.")).expect("room");
    check(false);
}
