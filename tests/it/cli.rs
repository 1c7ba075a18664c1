//! The command, run as users run it.
//!
//! Goldens are in `tests/it/cli/`; `BLESS=1` rewrites them.

use std::collections::HashSet;
use std::fs;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

use super::manifest::{Entry, manifest};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Runs the command in the crate's folder, with this as its standard input.
fn run_with(args: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_ndpickle"))
        .args(args)
        .current_dir(ROOT)
        .env("NO_COLOR", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command runs");
    let mut stdin = child.stdin.take().expect("a pipe");
    let input = input.to_owned();
    // The command may have enough before it has read all.
    let feeder = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().expect("its output");
    feeder.join().expect("no panic");
    output
}

fn run(args: &[&str]) -> Output {
    run_with(args, b"")
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("UTF-8")
}

/// What it prints if all is well and it has nothing to say on stderr.
#[track_caller]
fn printed(args: &[&str], input: &[u8]) -> String {
    let output = run_with(args, input);
    assert_eq!(text(&output.stderr), "", "{args:?}");
    assert_eq!(output.status.code(), Some(0), "{args:?}");
    text(&output.stdout).to_owned()
}

/// Status and stderr of a run.
#[track_caller]
fn fails(args: &[&str], input: &[u8]) -> (Option<i32>, String) {
    let output = run_with(args, input);
    let stderr = text(&output.stderr).to_owned();
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    (output.status.code(), stderr)
}

fn rows(printed: &str) -> Vec<Value> {
    let row = |line: &str| serde_json::from_str(line).expect("JSON");
    printed.lines().map(row).collect()
}

#[track_caller]
fn golden(name: &str, text: &str) {
    let path = Path::new(ROOT).join("tests/it/cli").join(name);
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, text).expect("a golden");
    }
    let golden = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(golden, text, "{name} (BLESS=1 rewrites it)");
}

/// A file in a folder of its own.
fn file(name: &str, bytes: &[u8]) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    fs::write(&path, bytes).expect("room");
    let path = path.to_str().expect("UTF-8").to_owned();
    (folder, path)
}

/// The first file of every case with arrays, and some packed ones.
fn some_files() -> Vec<&'static Entry> {
    let mut cases = HashSet::new();
    let entries = &manifest().entries;
    let takes = |entry: &&'static Entry| {
        let packed = entry.name().ends_with(".gz");
        let has_rows = !manifest().expected(entry)[0].rows.is_empty();
        // Out-of-band buffers are files of their own, which the command does not take.
        let is_whole = !entry.name().contains(".buffers.");
        has_rows && is_whole && cases.insert((entry.text("case"), packed))
    };
    entries.iter().filter(takes).collect()
}

#[test]
fn arrays_are_those_of_the_manifest() {
    let files = some_files();
    assert!(files.len() > 30, "{} files", files.len());
    for entry in files {
        let path = format!("corpus/{}", entry.name());
        let printed = run(&["arrays", "--json", "--sha256", &path]);
        assert_eq!(printed.status.code(), Some(0), "{path}");
        let found = rows(text(&printed.stdout));
        let told = &manifest().expected(entry)[0];
        let count = told
            .digest
            .map_or(told.rows.len() as u64, |(count, _)| count);
        assert_eq!(found.len() as u64, count, "{path}");
        for (found, told) in found.iter().zip(told.rows) {
            let mut told = told.clone();
            let keys = told.as_object_mut().expect("a row");
            keys.retain(|key, _| !["plain", "str", "descr", "fill_sha256"].contains(&key.as_str()));
            if keys.contains_key("error") {
                assert!(found["error"].is_string(), "{path}");
                keys.insert("error".into(), found["error"].clone());
            }
            assert_eq!(*found, told, "{path}");
        }
    }
}

#[test]
fn keys_stand_in_the_order_of_the_contract() {
    let printed = printed(
        &["arrays", "--json", "--sha256", "corpus/showcase.pkl"],
        b"",
    );
    let line = printed.lines().next().expect("a row");
    let keys = [
        "path", "kind", "dtype", "shape", "order", "nbytes", "sha256",
    ];
    let places: Vec<usize> = (keys.iter())
        .map(|key| line.find(&format!("\"{key}\":")).expect(key))
        .collect();
    assert!(places.is_sorted(), "{line}");
    let without = self::printed(&["arrays", "--json", "corpus/showcase.pkl"], b"");
    assert!(!without.contains("sha256"));
}

#[test]
fn goldens() {
    for (name, args) in [
        ("showcase.show", &["show", "corpus/showcase.pkl"][..]),
        ("showcase.arrays", &["arrays", "corpus/showcase.pkl"]),
        (
            "showcase.hashes",
            &["arrays", "--sha256", "corpus/showcase.pkl"],
        ),
        (
            "places.show",
            &["show", "corpus/files/py311-np2.0.2/array_places.p4.pkl"],
        ),
        (
            "popped.show",
            &["show", "corpus/files/hand/hand_call_popped.pkl"],
        ),
        (
            "cycle.show",
            &["show", "corpus/files/py311-np2.0.2/array_cycle.p5.pkl"],
        ),
        (
            "layouts.show",
            &["show", "corpus/files/py311-np2.0.2/layouts.p5.pkl"],
        ),
        (
            "scalars.show",
            &[
                "show",
                "--all-items",
                "corpus/files/py311-np2.0.2/scalars.p4.pkl",
            ],
        ),
        (
            "session.show",
            &["show", "--all", "corpus/files/py27/dumps_one_memo.p2.pkl"],
        ),
        (
            "session.arrays",
            &[
                "arrays",
                "--all",
                "corpus/files/py27-np1.11.3/array_dumps_one_memo.p2.pkl",
            ],
        ),
        (
            "depth.show",
            &[
                "show",
                "--depth",
                "1",
                "--items",
                "4",
                "corpus/showcase.pkl",
            ],
        ),
    ] {
        golden(name, &printed(args, b""));
    }
}

/// What a file is read from makes no difference.
#[test]
fn packed_and_piped() {
    let bytes = fs::read(Path::new(ROOT).join("corpus/showcase.pkl")).expect("the showcase");
    let arrays = ["arrays", "--json", "--sha256"];
    let expected = printed(&[&arrays[..], &["corpus/showcase.pkl"]].concat(), b"");
    let level = flate2::Compression::default();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), level);
    let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), level);
    let mut bz2 = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::best());
    gzip.write_all(&bytes).expect("memory");
    zlib.write_all(&bytes).expect("memory");
    bz2.write_all(&bytes).expect("memory");
    for bytes in [
        bytes.clone(),
        gzip.finish().expect("memory"),
        zlib.finish().expect("memory"),
        bz2.finish().expect("memory"),
    ] {
        let (_folder, path) = file("showcase", &bytes);
        assert_eq!(printed(&[&arrays[..], &[&path]].concat(), b""), expected);
        assert_eq!(printed(&[&arrays[..], &["-"]].concat(), &bytes), expected);
    }
}

/// `{'a': [1, 2, 3]}` as Python's `lzma` packs it.
const XZ: &str = "fd377a585a000004e6d6b4460200210116000000742fe5a301001c80049512000000000000007d948c016194\
    5d94284b014b024b0365732e00000000533abb1f686f74720001351d441bb1e11fb6f37d010000000004595a";
const LZMA: &str = "5d00008000ffffffffffffffff0040010e6e62d74a9756f7f4f398e08018c3ad1fdbb08c112120122ead7c9f\
    fffd0af000";

#[test]
fn xz_and_lzma() {
    for packed in [XZ, LZMA] {
        let bytes = super::hex::unhex(packed);
        let shown = printed(&["show", "-"], &bytes);
        assert!(shown.ends_with("└─ ['a']  [1, 2, 3]\n"), "{shown}");
        let text = printed(&["dis", "-"], &bytes);
        assert!(
            text.ends_with("highest protocol among opcodes = 4\n"),
            "{text}"
        );
        // Cut short it is an error, and no panic.
        for len in [1, 8, 20, bytes.len() / 2] {
            assert_eq!(fails(&["show", "-"], &bytes[..len]).0, Some(2), "{len}");
        }
    }
}

#[test]
fn unpacking_has_a_budget() {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    // A byte string of 16 MiB.
    gzip.write_all(b"\x80\x04B\0\0\0\x01").expect("memory");
    gzip.write_all(&vec![0; 1 << 24]).expect("memory");
    gzip.write_all(b".").expect("memory");
    let bytes = gzip.finish().expect("memory");
    let (status, stderr) = fails(&["show", "--max-unpacked", "1M", "-"], &bytes);
    assert_eq!(status, Some(2));
    assert!(
        stderr.contains("unpacks to more than 1048576 bytes"),
        "{stderr}"
    );
    printed(&["show", "--max-unpacked", "17M", "-"], &bytes);
}

#[test]
fn errors_are_one_line() {
    let (_folder, path) = file("cut.pkl", b"\x80\x04]");
    for command in ["show", "arrays", "dis", "check"] {
        let expected = format!("ndpickle: {path}: unexpected end: 1 more byte needed (offset 3)\n");
        assert_eq!(fails(&[command, &path], b""), (Some(2), expected));
        let (status, stderr) = fails(&[command, "/there/is/no such file"], b"");
        assert_eq!(status, Some(2));
        assert!(
            stderr.starts_with("ndpickle: /there/is/no such file: "),
            "{stderr}"
        );
    }
    let standard_input = fails(&["show", "-"], b"");
    assert!(standard_input.1.starts_with("ndpickle: standard input: "));
    let zip = fails(&["show", "-"], b"PK\x03\x04 and so on");
    assert!(zip.1.contains("a zip archive"), "{}", zip.1);
    for args in [
        &[][..],
        &["shw"],
        &["show"],
        &["show", "--depth"],
        &["arrays", "--no", "x"],
    ] {
        let (status, stderr) = fails(args, b"");
        assert_eq!(status, Some(2));
        assert!(stderr.starts_with("ndpickle: "), "{stderr}");
    }
    assert!(printed(&["--version"], b"").starts_with("ndpickle "));
    assert!(printed(&["--help"], b"").contains("arrays"));
}

#[test]
fn several_pickles() {
    let pickles = [&b"\x80\x04]."[..], b"I5\n.", b"\x80\x04K\x07."].concat();
    let (_folder, path) = file("several.pkl", &pickles);
    for args in [["show", &path], ["show", "-"]] {
        let (status, stderr) = fails(&args, &pickles);
        assert_eq!(status, Some(0));
        assert!(
            stderr.ends_with(
                ": 9 more bytes after the pickle: another pickle follows (--all reads on)\n"
            ),
            "{stderr}"
        );
        let shown = printed(&[&args[..], &["--all"]].concat(), &pickles);
        let values: Vec<&str> = shown
            .lines()
            .filter(|line| !line.contains("protocol"))
            .collect();
        assert_eq!(values, ["[]", "", "5", "", "7"]);
    }
    // What comes behind the last pickle is noted if it is none, and an error if it begins like one.
    for (behind, status, note) in [
        (
            &b"\0\0\0"[..],
            0,
            "3 more bytes after the last pickle are none: byte 0x00 is no opcode (offset 13)",
        ),
        (
            b"\x80\x04]",
            2,
            "unexpected end: 1 more byte needed (offset 16)",
        ),
    ] {
        let (_folder, path) = file("behind.pkl", &[&pickles, behind].concat());
        let expected = format!("ndpickle: {path}: {note}\n");
        assert_eq!(
            fails(&["arrays", "--all", &path], b""),
            (Some(status), expected)
        );
    }
    // One pickler with one memo: the later pickles are read from a stream too.
    let name = "corpus/files/py27/dumps_one_memo.p2.pkl";
    let bytes = fs::read(Path::new(ROOT).join(name)).expect("corpus");
    let streamed = printed(&["show", "--all", "-"], &bytes);
    let stored = printed(&["show", "--all", name], b"");
    assert_eq!(streamed.replace("standard input", name), stored);
}

#[test]
fn a_closed_pipe_is_no_error() {
    let pickle = [&b"("[..], &b"K\x01".repeat(500_000), b"l."].concat();
    let (_folder, path) = file("long.pkl", &pickle);
    for args in [&["dis", &path][..], &["show", "--all-items", &path]] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_ndpickle"))
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the command runs");
        let mut first = [0; 10];
        let mut stdout = child.stdout.take().expect("a pipe");
        stdout.read_exact(&mut first).expect("a beginning");
        drop(stdout);
        let output = child.wait_with_output().expect("its end");
        assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), ""));
    }
}

/// A list of two arrays of 8 bytes, the second of which claims to have more.
fn damaged() -> Vec<u8> {
    let array = |len: u8| {
        let mut bytes =
            b"cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\nK\x00\x85C\x01btR".to_vec();
        bytes.extend(
            [
                b"(K\x01K",
                &[len][..],
                b"\x85cnumpy\ndtype\n(\x8c\x02i4\x89\x88tR",
            ]
            .concat(),
        );
        bytes.extend(b"(K\x03\x8c\x01<NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89");
        bytes.extend(b"C\x08\x01\x00\x00\x00\x02\x00\x00\x00tb");
        bytes
    };
    [&b"\x80\x04]("[..], &array(2), &array(3), b"e."].concat()
}

#[test]
fn damaged_arrays_are_rows() {
    let found = rows(&printed(&["arrays", "--json", "--sha256", "-"], &damaged()));
    assert_eq!(found[0]["shape"], json!([2]));
    assert_eq!(found[0].get("error"), None);
    assert_eq!(found[1]["path"], "[1]");
    assert_eq!(found[1]["kind"], "ndarray");
    for key in ["dtype", "shape", "order", "nbytes", "sha256"] {
        assert_eq!(found[1][key], Value::Null);
    }
    let error = found[1]["error"].as_str().expect("a reason");
    assert!(
        error.starts_with("8 bytes of data for 3 elements of 4 bytes (offset "),
        "{error}"
    );
    golden("damaged.show", &printed(&["show", "-"], &damaged()));
    golden("damaged.arrays", &printed(&["arrays", "-"], &damaged()));
}

/// A pickle that calls `os.system`, throws the result away and looks harmless: Python must never load it.
fn hostile() -> Vec<u8> {
    let inner = b"\x80\x04cposix\nsystem\n\x8c\x02ls\x85R.";
    let innermost = [
        &b"\x80\x04C\x19"[..],
        b"cbuiltins\neval\n(S'1'\ntR.\n",
        b".",
    ]
    .concat();
    let bytes = |payload: &[u8]| [b"C", &[payload.len() as u8][..], payload].concat();
    [
        &b"\x80\x04]("[..],
        b"cos\nsystem\n(\x8c\x02lstR0",
        b"ccollections\nOrderedDict\n)Rcnumpy\nfloat64\ncnumpy\nfloat64\n",
        &bytes(inner),
        &bytes(&innermost),
        b"\x82\x05\x8c\x02idQe.",
    ]
    .concat()
}

#[test]
fn check_finds_what_is_hidden() {
    let output = run_with(&["check", "-"], &hostile());
    assert_eq!(text(&output.stderr), "");
    assert_eq!(output.status.code(), Some(1));
    golden("hostile.check", text(&output.stdout));
    golden("hostile.show", &printed(&["show", "-"], &hostile()));
    let output = run(&["check", "corpus/showcase.pkl"]);
    assert_eq!(output.status.code(), Some(1));
    golden("showcase.check", text(&output.stdout));
    // Nothing but data.
    let fine = printed(&["check", "-"], b"ccollections\nOrderedDict\n)R.");
    assert_eq!(fine, "data   collections.OrderedDict  offset 0\n");
}

/// The line of an array tells all about it, but not what was called between its parts.
/// A column that has an array in its attributes, and an array that another package's function is handed.
#[test]
fn what_is_beside_an_array_is_shown() {
    let array = |class: &str, state: &str| {
        format!("cnumpy.core.multiarray\n_reconstruct\n({class}\n(I0\ntS'b'\ntR({state}tb")
    };
    let own = "I1\n(I2\ntcnumpy\ndtype\n(S'u1'\nI0\nI1\ntRI00\nS'ab'\n";
    let inner = array("cnumpy\nndarray", own);
    let column = array(
        "ctable\nColumn",
        &format!("{own}(S'name'\nN(dS'grid'\n{inner}st"),
    );
    let handed = format!(
        "cdill._dill\n_create_array\n(cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\ntS'b'\nt({own}t"
    );
    let pickle = format!("({column}{handed}NtR{handed}(dS'unit'\nS'cm'\nstRt.");
    golden("beside.show", &printed(&["show", "-"], pickle.as_bytes()));
}

#[test]
fn calls_inside_of_an_array_are_shown() {
    let mut pickle =
        b"cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\nK\x00\x85C\x01btR".to_vec();
    pickle.extend(b"(K\x01K\x02cos\nsystem\n(\x8c\x02lstR0\x85cnumpy\ndtype\n(\x8c\x02u1");
    pickle.extend(b"cos\nabort\n)R0\x89\x88tR(K\x03\x8c\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xff");
    pickle.extend(b"K\x00tb\x89C\x02abtb.");
    golden("inside.show", &printed(&["show", "-"], &pickle));
}

/// Python executes a pickle up to the place where it breaks.
#[test]
fn check_looks_into_broken_pickles() {
    let broken = b"\x80\x04\x8c\x02os\x94\x8c\x06system\x94\x93\x8c\x02ls\x85Rh\x09.";
    let output = run_with(&["check", "-"], broken);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(text(&output.stdout), "other  os.system  offset 16\n");
    // The same inside of a pickle that is whole.
    let whole = [&b"\x80\x04C"[..], &[broken.len() as u8], broken, b"."].concat();
    let output = run_with(&["check", "-"], &whole);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        text(&output.stdout),
        "other  os.system  offset 16, in the pickle at 2\n"
    );
}

#[test]
fn a_million_levels() {
    let deep = [b"]".repeat(1_000_000), b"a".repeat(999_999), b".".to_vec()].concat();
    let shown = printed(&["show", "-"], &deep);
    assert_eq!(shown.lines().count(), 22);
    assert!(shown.ends_with("deeper levels are left out (--depth)\n"));
    assert_eq!(printed(&["arrays", "-"], &deep), "");
    assert_eq!(printed(&["check", "-"], &deep), "");
}

/// Nothing in a file can write to the terminal.
#[test]
fn no_escapes_come_through() {
    let evil = "\u{1b}[2J\u{9b}31m\u{202e}\n";
    let text = |text: &str| [&[0x8c, text.len() as u8], text.as_bytes()].concat();
    let pickle = [
        &b"\x80\x04}("[..],
        &text(evil),
        &text(evil),
        &text("class"),
        b"c\x1b[2J\nevil\n",
        b"u.",
    ]
    .concat();
    for command in ["show", "check", "arrays"] {
        let output = run_with(&[command, "-"], &pickle);
        let both = [output.stdout, output.stderr].concat();
        let both = self::text(&both);
        assert!(!both.contains(['\u{1b}', '\u{9b}', '\u{202e}']), "{both:?}");
    }
}

#[test]
fn python_2_strings() {
    let pickle = b"}(U\x01aU\x02\xc3\xa9U\x01bU\x02okcnumpy\nfloat64\nNu.";
    for (encoding, shown) in [
        ("ascii", "'\\xc3\\xa9'"),
        ("latin1", "'Ã©'"),
        ("utf-8", "'é'"),
        ("bytes", "'\\xc3\\xa9'"),
    ] {
        let tree = printed(&["show", "--py2-str", encoding, "-"], pickle);
        assert!(
            tree.contains(&format!("├─ ['a']            {shown}\n")),
            "{tree}"
        );
    }
}
