//! Payloads at multiples of a number: where they are, and that the Python of this machine loads them as it loads others.

use ndpickle::op::{Input as _, Op, Slice, decode};
use ndpickle::write::{self, Placement};
use ndpickle::{Category, Error, Pickle, Version};
use serde_json::json;

use super::hex::{hex, unhex};
use super::live;
use super::manifest::manifest;

/// Bytes from which on a payload is aligned.
const ALIGNED: usize = 4096;

/// Where the large bytes and bytearrays of pickles begin, but for those that are popped again. No opcode is in two frames.
#[track_caller]
fn large(bytes: &[u8]) -> Vec<usize> {
    let (mut input, mut found, mut frame) = (Slice::new(bytes), Vec::new(), None);
    while !input.rest().is_empty() {
        let op = decode(&mut input).expect("an opcode");
        let end = input.position() as usize;
        assert!(
            frame.is_none_or(|frame| end <= frame),
            "a frame that ends before {end}"
        );
        if frame == Some(end) {
            frame = None;
        }
        match op {
            Op::Frame(len) => {
                assert_eq!(frame, None, "a frame in a frame at {end}");
                frame = Some(end + len as usize);
            }
            Op::BinBytes(payload) | Op::BinBytes8(payload) | Op::ByteArray8(payload)
                if payload.len() >= ALIGNED =>
            {
                found.push(end - payload.len());
            }
            Op::Pop if bytes[end - 2] == 0 => {
                // Padding: zeros, as large as a payload where the multiple is.
                let is_zero = |start: &usize| bytes[*start..end - 1].iter().all(|byte| *byte == 0);
                let start = found.pop_if(|start| is_zero(start));
                assert!(
                    start.is_none_or(|start| end - start <= 1 << 17),
                    "too much padding"
                );
            }
            _ => {}
        }
    }
    found
}

/// Writes with payloads at multiples of `align`, and holds what is written against what is written without.
#[track_caller]
fn aligned(name: &str, options: &write::Options, pickle: &Pickle<'_>, align: u32) -> Vec<u8> {
    let plain = options.to_vec(pickle).expect(name);
    let options = options.clone().align(align);
    let written = options.to_vec(pickle).expect(name);
    let places = large(&written);
    assert_eq!(places.len(), large(&plain).len(), "{name}");
    for place in places {
        assert_eq!(place % align as usize, 0, "{name}: {place} for {align}");
    }
    let again = Pickle::parse(&written).expect(name);
    let stands = write::Options::new();
    let twice = stands.clone().align(align).to_vec(&again).expect(name);
    assert!(twice == written, "{name}: another when it is aligned twice");
    let without = stands.to_vec(&again).expect(name);
    drop(again);
    assert!(without == plain, "{name}: another without the padding");
    written
}

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/live/align.py");

#[test]
fn python_loads_what_is_aligned() {
    let Some(python) = live::python() else { return };
    let (cell, cases) = live::made(&python, SCRIPT);
    let mut lines = Vec::new();
    for case in cases {
        let name = case["name"].as_str().expect("a name");
        for (from, told) in case["pickles"].as_object().expect("pickles") {
            let bytes = unhex(told.as_str().expect("hex"));
            let pickle = Pickle::parse(&bytes).expect(name);
            assert!(!large(&bytes).is_empty(), "{name}");
            let mut line = |way: String, options: &write::Options, align| {
                let pickle = hex(&aligned(name, options, &pickle, align));
                lines.push(json!({"name": name, "way": way, "pickle": pickle}));
            };
            for align in [1, 2, 64, 4096] {
                let way = format!("protocol {from} for {align}");
                line(way, &write::Options::new(), align);
            }
            for to in 3..=5 {
                line(format!("{from} -> {to}"), &cell.options(to), 64);
                let compat = write::Options::new().protocol(to);
                line(format!("{from} -> {to}, compat"), &compat, 64);
            }
        }
        let bytes = unhex(case["pickles"]["4"].as_str().expect("hex"));
        let pickle = Pickle::parse(&bytes).expect(name);
        let pickle = hex(&aligned(name, &write::Options::new(), &pickle, 1 << 16));
        lines.push(json!({"name": name, "way": "for 65536", "pickle": pickle}));
    }
    assert!(lines.len() > 200, "{}", lines.len());
    live::loads(&python, SCRIPT, &lines);
}

/// As the picklers of all versions wrote them, and for those whose frames differ.
#[test]
fn the_corpus_aligned() {
    let old = "3.6".parse().expect("a version");
    let stands = write::Options::new();
    let named = |protocol, python| stands.clone().protocol(protocol).python(python);
    let ways = [
        stands.clone(),
        named(3, Version::NEWEST),
        named(4, old),
        named(4, Version::NEWEST),
        named(5, Version::NEWEST),
    ];
    let mut count = 0;
    for entry in &manifest().entries {
        let buffers = entry.buffers().iter().map(|(bytes, _)| bytes.len());
        if entry.is_session() || entry.bytes.len() + buffers.sum::<usize>() < ALIGNED {
            continue;
        }
        let name = entry.name();
        for pickle in entry.documents().expect(name) {
            // What stands in other protocols, or beside the pickle, is spelled anew.
            let stands = pickle.protocol() >= 3 && entry.buffers().is_empty();
            let first = usize::from(!stands);
            for options in &ways[first..] {
                let plain = options.to_vec(&pickle);
                if plain.is_ok_and(|plain| !large(&plain).is_empty()) {
                    for align in [16, 64, 512] {
                        aligned(name, options, &pickle, align);
                    }
                    count += 1;
                }
            }
        }
    }
    assert!(count > 100, "{count}");
}

#[test]
fn several_in_a_file() {
    let bytes = [&b"\x80\x04B\x88\x13\0\0"[..], &[7; 5000], b"."].concat();
    let pickle = Pickle::parse(&bytes).expect("a pickle");
    for start in [0, 1, 63, 64, 1000] {
        let mut file = vec![b'N'; start];
        for _ in 0..5 {
            let options = write::Options::new().align(64).offset(file.len() as u64);
            options.to_writer(&pickle, &mut file).expect("room");
        }
        let places = large(&file);
        assert_eq!(places.len(), 5);
        assert!(places.iter().all(|place| place % 64 == 0), "{places:?}");
    }
    // One memo for several pickles: one document.
    let session = [&bytes[..], &bytes, b"\x80\x04N."].concat();
    let pickle = Pickle::options().parse_session(&session).expect("pickles");
    let written = write::Options::new().align(64).to_vec(&pickle);
    let places = large(&written.expect("aligned"));
    assert_eq!(places.len(), 2);
    assert!(places.iter().all(|place| place % 64 == 0), "{places:?}");
}

#[test]
fn buffers_and_alignment() {
    let bytes = [
        &b"\x80\x05\x8c\x13numpy._core.numeric\x8c\x0b_frombuffer\x93(\x96\x88\x13\0\0\0\0\0\0"[..],
        &[7; 5000],
        b"\x8c\x05numpy\x8c\x05dtype\x93\x8c\x02u1\x89\x88\x87RM\x88\x13\x85\x8c\x01CtR.",
    ]
    .concat();
    let pickle = Pickle::parse(&bytes).expect("a pickle");
    let write = |options: &write::Options, placement| {
        let mut written = Vec::new();
        let result = options.to_writer_with_buffers(&pickle, &mut written, |_| Ok(placement));
        result.expect("protocol 5");
        written
    };
    let (plain, options) = (write::Options::new(), write::Options::new().align(64));
    let places = large(&write(&options, Placement::InBand));
    assert!(
        matches!(places[..], [place] if place % 64 == 0),
        "{places:?}"
    );
    let out = Placement::OutOfBand;
    assert_eq!(write(&options, out), write(&plain, out));
}

#[test]
fn alignments_that_cannot_be() {
    let fails = |protocol: u8, options: write::Options, text: &str| {
        let bytes = [0x80, protocol, b'N', b'.'];
        let pickle = Pickle::parse(&bytes).expect("a pickle");
        let error: Error = options.to_vec(&pickle).expect_err(text);
        assert_eq!(error.category(), Category::Unsupported, "{error}");
        assert!(error.to_string().contains(text), "{error}");
    };
    let options = write::Options::new();
    for align in [0, 3, 65, 1 << 17, u32::MAX] {
        fails(
            4,
            options.clone().align(align),
            "a power of two up to 65536",
        );
    }
    fails(2, options.clone().align(64), "needs protocol 3, not 2");
    fails(
        4,
        options.clone().align(64).protocol(0),
        "needs protocol 3, not 0",
    );
}

#[cfg(feature = "cli")]
mod cli {
    use std::fs;
    use std::path::Path;
    use std::process::{Command, Output};

    use super::large;

    const FILE: &str = "corpus/showcase.pkl";

    fn rewrite(from: &Path, to: &Path, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ndpickle"));
        command.arg("rewrite").args([from, to]).args(args);
        let command = command.current_dir(env!("CARGO_MANIFEST_DIR")).output();
        command.expect("the command runs")
    }

    #[test]
    fn the_command_aligns() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        let (source, out, twice) = (path("source.pkl"), path("out.pkl"), path("twice.pkl"));
        let one = [&b"\x80\x02]q\0U\xc8"[..], &[b'x'; 200], b"q\x01a."].concat();
        let payload = [&b"\x80\x03B\x40\x1f\0\0"[..], &[7; 8000], b"."].concat();
        fs::write(&source, [&one[..], &payload, &one, &payload].concat()).expect("room");
        for (args, count) in [
            (&["--align", "64"][..], 1),
            (&["--align", "4096", "--all"], 2),
            (&["--align", "64", "--all", "--protocol", "3"], 2),
            (
                &[
                    "--align",
                    "64",
                    "--all",
                    "--protocol",
                    "5",
                    "--numpy",
                    "2.5",
                    "--python",
                    "3.13",
                ],
                2,
            ),
        ] {
            let source = if args.contains(&"--all") {
                source.clone()
            } else {
                fs::write(path("one.pkl"), &payload).expect("room");
                path("one.pkl")
            };
            let output = rewrite(&source, &out, args);
            assert_eq!(
                (output.status.code(), output.stderr),
                (Some(0), vec![]),
                "{args:?}"
            );
            let written = fs::read(&out).expect("OUT");
            let places = large(&written);
            assert_eq!(places.len(), count, "{args:?}");
            let align: usize = args[1].parse().expect("a number");
            assert!(places.iter().all(|place| place % align == 0), "{places:?}");
            assert_eq!(rewrite(&out, &twice, args).status.code(), Some(0));
            assert!(fs::read(&twice).expect("OUT") == written, "{args:?}: grown");
        }
        for args in [
            &["--align", "3"][..],
            &["--align", "64", "--protocol", "2"],
            &["--align", "x"],
        ] {
            let output = rewrite(Path::new(FILE), &path("none.pkl"), args);
            assert_eq!(output.status.code(), Some(2), "{args:?}");
            assert!(!path("none.pkl").exists());
        }
    }
}
