//! `ndpickle rewrite`, run as users run it.
#![cfg(feature = "cli")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn run(args: &[&str]) -> Output {
    let command = Command::new(env!("CARGO_BIN_EXE_ndpickle"))
        .arg("rewrite")
        .args(args)
        .current_dir(ROOT)
        .output();
    command.expect("the command runs")
}

#[track_caller]
fn fine(args: &[&str]) {
    let output = run(args);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!((output.status.code(), &*stderr), (Some(0), ""), "{args:?}");
}

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

#[test]
fn the_bytes_of_other_versions() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("out.pkl");
    for (from, to, args) in [
        (
            "corpus/files/py313-np2.5.5/array_i4.p2.pkl",
            "corpus/files/py313-np2.5.5/array_i4.p5.pkl",
            &["--protocol", "5", "--numpy", "2.5.5", "--python", "3.13"][..],
        ),
        (
            "corpus/files/py27-np1.11.3/array_i4.p2.pkl",
            "corpus/files/py313-np2.5.5/array_i4.p4.pkl",
            &["--numpy", "2.5.5", "--py2-str", "latin1"],
        ),
    ] {
        fine(&[&[from, text(&out)], args].concat());
        assert_eq!(
            fs::read(&out).expect("OUT"),
            fs::read(to).expect(to),
            "{from}"
        );
    }
    // Onto itself.
    fs::copy("corpus/files/py313-np2.5.5/array_i4.p5.pkl", &out).expect("room");
    fine(&[
        text(&out),
        text(&out),
        "--protocol",
        "2",
        "--numpy",
        "2.5.5",
    ]);
    let expected = fs::read("corpus/files/py313-np2.5.5/array_i4.p2.pkl").expect("a file");
    assert_eq!(fs::read(&out).expect("OUT"), expected);
    // To the standard output.
    let printed = run(&[text(&out), "-", "--protocol", "2", "--numpy", "2.5.5"]);
    assert_eq!(printed.stdout, expected);
}

/// What not every NumPy has is written for the newest, and told, once for each name.
#[test]
fn what_is_new_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let (file, out) = (folder.path().join("in.pkl"), folder.path().join("out.pkl"));
    // [numpy.dtypes.Float64DType] * 2 of NumPy 2, with numpy.float64 between them.
    let bytes = b"\x80\x02]q\0(cnumpy.dtypes\nFloat64DType\nq\x01cnumpy\nfloat64\nq\x02h\x01e.";
    fs::write(&file, bytes).expect("room");
    let args = [text(&file), text(&out), "--protocol", "2"];
    let output = run(&args);
    let told = format!(
        "ndpickle: {}: numpy.dtypes.Float64DType has no spelling that every NumPy loads: written for NumPy 2 (offset 6)\n",
        file.display()
    );
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!((output.status.code(), &*stderr), (Some(0), &*told));
    assert_eq!(fs::read(&out).expect("OUT"), bytes);
    fine(&[&args[..], &["--numpy", "2.5"]].concat());
    fs::remove_file(&out).expect("it was there");
    let output = run(&[&args[..], &["--strict"]].concat());
    let told = format!(
        "ndpickle: {}: numpy.dtypes.Float64DType has no spelling that every NumPy loads (offset 6)\n",
        file.display()
    );
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!((output.status.code(), &*stderr), (Some(2), &*told));
    assert!(!out.exists());
}

#[test]
fn a_failure_leaves_everything_as_it_was() {
    let folder = tempfile::tempdir().expect("a folder");
    let (broken, out) = (
        folder.path().join("broken.pkl"),
        folder.path().join("out.pkl"),
    );
    fs::write(&broken, b"\x80\x04]\x94(K\x01").expect("room");
    let fails = |args: &[&str], message: &str| {
        let output = run(args);
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{stderr}");
        assert!(
            stderr.contains(message) && stderr.lines().count() == 1,
            "{stderr}"
        );
    };
    fails(&[text(&broken), text(&out)], "broken.pkl: ");
    assert!(!out.exists());
    fs::write(&out, b"before").expect("room");
    fails(&[text(&broken), text(&out)], "broken.pkl: ");
    assert_eq!(fs::read(&out).expect("OUT"), b"before");
    let names: Vec<_> = fs::read_dir(folder.path())
        .expect("the folder")
        .flatten()
        .collect();
    assert_eq!(names.len(), 2, "{names:?}");
    fails(
        &["corpus/showcase.pkl", "/nonexistent/out.pkl"],
        "/nonexistent/out.pkl: ",
    );
    fails(&["corpus/showcase.pkl", text(&out), "--protocol", "7"], "7");
    fails(
        &["corpus/showcase.pkl", text(&out), "--numpy", "new"],
        "new",
    );
    let python_2 = ["--python", "2.7", "--protocol", "3"];
    fails(
        &[&["corpus/showcase.pkl", text(&out)][..], &python_2].concat(),
        "Python 2.7 has no protocol 3",
    );
    assert_eq!(fs::read(&out).expect("OUT"), b"before");
}
