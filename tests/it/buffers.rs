//! Out-of-band buffers (PEP 574), in both directions: against what the Python of this machine writes and loads, and against
//! the corpus.

use std::collections::HashMap;

use ndarray::{Array3, ShapeBuilder as _, arr0, s};
use ndpickle::python::View;
use ndpickle::write::{self, Placement};
use ndpickle::{Buffer, Builder, Category, Error, Flavour, Id, Kind, NdArray, Pickle};
use serde_json::{Value, json};

use super::hex::{hex, unhex};
use super::live;
use super::manifest::manifest;
use super::respell::{Made, reason, versions};

/// A pickle and its buffers, as Python or the corpus tells them.
#[derive(Debug, PartialEq)]
struct Told {
    pickle: Vec<u8>,
    buffers: Vec<(Vec<u8>, bool)>,
}

impl Told {
    fn of(value: &Value) -> Told {
        let bytes = |value: &Value| unhex(value.as_str().expect("hex"));
        let buffers = value["buffers"].as_array().expect("a list").iter();
        Told {
            pickle: bytes(&value["pickle"]),
            buffers: buffers
                .map(|told| {
                    let read_only = told["read_only"].as_bool().expect("a bool");
                    (bytes(&told["bytes"]), read_only)
                })
                .collect(),
        }
    }

    fn parse(&self) -> Pickle<'_> {
        let buffers = self.buffers.iter().map(|(bytes, read_only)| Buffer {
            read_only: *read_only,
            ..Buffer::from(&bytes[..])
        });
        let pickle = Pickle::options().buffers(buffers).parse(&self.pickle);
        pickle.expect("a pickle")
    }

    /// Whether bytes are a part of these, not a copy.
    fn holds(&self, bytes: &[u8]) -> bool {
        let own = self.buffers.iter().map(|(bytes, _)| bytes);
        own.chain([&self.pickle]).any(|own| {
            let (own, part) = (own.as_ptr_range(), bytes.as_ptr_range());
            own.start <= part.start && part.end <= own.end
        })
    }
}

/// What is written with the n-th buffer in the pickle where `in_band` says so.
fn written(
    options: &write::Options,
    pickle: &Pickle<'_>,
    in_band: impl Fn(usize) -> bool,
) -> Result<Told, Error> {
    let (mut bytes, mut buffers, mut n) = (Vec::new(), Vec::new(), 0);
    options.to_writer_with_buffers(pickle, &mut bytes, |buffer| {
        n += 1;
        if in_band(n - 1) {
            return Ok(Placement::InBand);
        }
        buffers.push((buffer.payload.to_vec()?, buffer.read_only));
        Ok(Placement::OutOfBand)
    })?;
    Ok(Told {
        pickle: bytes,
        buffers,
    })
}

/// What is written with all buffers beside the pickle.
fn all_out(options: &write::Options, pickle: &Pickle<'_>) -> Result<Told, Error> {
    written(options, pickle, |_| false)
}

type Way = (&'static str, fn(usize) -> bool);

/// As in `live/buffers.py`.
const WAYS: [Way; 4] = [
    ("out", |_| false),
    ("in", |_| true),
    ("odd", |n| n % 2 == 1),
    ("even", |n| n % 2 == 0),
];

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/live/buffers.py");

/// Whether some arrays of a case were not contiguous, which no pickle tells: they are like others when they are spelled anew.
fn is_strided(name: &str) -> bool {
    name == "strided"
}

#[test]
fn as_python_with_a_callback() {
    let Some(python) = live::python() else { return };
    let (cell, cases) = live::made(&python, SCRIPT);
    let mut count = 0;
    for case in cases {
        let name = case["name"].as_str().expect("a name");
        let ways = WAYS.map(|(way, _)| Told::of(&case["ways"][way]));
        // A PickleBuffer of its own that is in the pickle is bytes like others.
        let from_all = case.get("below").is_some();
        let sources = if from_all { &ways[..] } else { &ways[..1] };
        for (source, (from, _)) in sources.iter().zip(WAYS) {
            let pickle = source.parse();
            for (expected, (way, in_band)) in ways.iter().zip(WAYS) {
                let found = written(&write::Options::new(), &pickle, in_band).expect(name);
                assert_eq!(found, *expected, "{name} {from} -> {way}");
                if !is_strided(name) {
                    let found = written(&cell.options(5), &pickle, in_band).expect(name);
                    assert_eq!(found, *expected, "{name} {from} -> {way}, spelled anew");
                }
                count += 1;
            }
            for options in [write::Options::new(), cell.options(5)] {
                let (_, buffers) = options.to_vec_with_buffers(&pickle).expect(name);
                for buffer in &buffers {
                    let bytes = buffer.payload.as_borrowed().expect("borrowed");
                    assert!(source.holds(bytes), "{name} {from}: a copy");
                }
            }
        }
    }
    assert!(count > 100, "{count}");
}

#[test]
fn as_python_without_a_callback() {
    let Some(python) = live::python() else { return };
    let (cell, cases) = live::made(&python, SCRIPT);
    for case in cases {
        let name = case["name"].as_str().expect("a name");
        for (way, _) in WAYS {
            let source = Told::of(&case["ways"][way]);
            let pickle = source.parse();
            let stands = write::Options::new().to_vec(&pickle).expect(name);
            assert_eq!(stands, source.pickle, "{name} {way}");
            if !is_strided(name) {
                let expected = Told::of(&case["ways"]["in"]).pickle;
                let found = cell.options(5).to_vec(&pickle).expect(name);
                assert_eq!(found, expected, "{name} {way}");
            }
            let below = case.get("below").and_then(Value::as_object);
            for (protocol, expected) in below.into_iter().flatten() {
                let options = cell.options(protocol.parse().expect("a protocol"));
                let found = hex(&options.to_vec(&pickle).expect(name));
                assert_eq!(found, *expected, "{name} {way} to protocol {protocol}");
            }
        }
    }
}

#[test]
fn python_loads_what_is_out_of_band() {
    let Some(python) = live::python() else { return };
    let (cell, cases) = live::made(&python, SCRIPT);
    let mut lines = Vec::new();
    for case in cases {
        let name = case["name"].as_str().expect("a name");
        let source = Told::of(&case["ways"]["out"]);
        let pickle = source.parse();
        let mut line = |way: String, told: Told| {
            let buffers = told.buffers.iter();
            let buffers: Vec<Value> = buffers
                .map(|(bytes, read_only)| json!({"bytes": hex(bytes), "read_only": read_only}))
                .collect();
            let pickle = hex(&told.pickle);
            lines.push(json!({"name": name, "way": way, "pickle": pickle, "buffers": buffers}));
        };
        for (way, in_band) in WAYS {
            let told = written(&cell.options(5), &pickle, in_band).expect(name);
            line(way.to_owned(), told);
        }
        // Python writes no PickleBuffer below protocol 5, and tells no array to be read-only.
        if case.get("below").is_none() {
            for protocol in 0..5 {
                let told = Told {
                    pickle: cell.options(protocol).to_vec(&pickle).expect(name),
                    buffers: Vec::new(),
                };
                line(format!("protocol {protocol}"), told);
            }
        }
    }
    assert!(lines.len() > 40, "{}", lines.len());
    live::loads(&python, SCRIPT, &lines);
}

/// The entries of the corpus with buffers against those of the same case and cell without.
#[test]
fn the_corpus_in_band_and_out_of_band() {
    let mut entries = HashMap::new();
    for entry in &manifest().entries {
        entries.extend(entry.names().into_iter().map(|name| (name, entry)));
    }
    let (mut same, mut failed) = (0, Vec::new());
    for (name, entry) in entries
        .iter()
        .filter(|(name, _)| name.contains(".buffers."))
    {
        let pickle = entry.options().parse(&entry.bytes).expect(name);
        let (cell, _) = name.split_once('/').expect("a cell");
        let (python, numpy) = versions(cell).expect(name);
        let made = |bytes, protocol| Made {
            bytes,
            cell: name.clone(),
            flavour: Flavour::new(protocol, python, numpy).expect(cell),
        };
        let source = made(&entry.bytes, 5);
        for protocol in 2..=5 {
            let in_band = name.replace(".p5.buffers.", &format!(".p{protocol}."));
            let Some(in_band) = entries.get(&in_band) else {
                continue;
            };
            let target = made(&in_band.bytes, protocol);
            let has_reason = reason(entry.text("case"), &source, &target).is_some();
            let options = write::Options::new().protocol(protocol);
            let options = options.python(python).numpy(numpy);
            let written = options.to_vec(&pickle).expect(name);
            match written == in_band.bytes {
                true => same += 1,
                false if has_reason => {}
                false => failed.push(format!("{name} to protocol {protocol}")),
            }
            if protocol < 5 {
                continue;
            }
            let buffers = entry.buffers().iter();
            let buffers = buffers.map(|(bytes, writable)| (bytes.clone(), !writable));
            let expected = Told {
                pickle: entry.bytes.clone(),
                buffers: buffers.collect(),
            };
            let pickle = Pickle::parse(&in_band.bytes).expect(name);
            let stands = all_out(&write::Options::new(), &pickle).expect(name);
            assert_eq!(stands, expected, "{name}");
            match all_out(&options, &pickle).expect(name) == expected {
                true => same += 1,
                false if has_reason => {}
                false => failed.push(format!("{name} from protocol 5")),
            }
        }
    }
    assert!(failed.is_empty(), "{failed:?}");
    assert!(same >= 200, "{same}");
}

/// Arrays that were made in Rust, as those of the same names in `live/buffers.py`.
#[test]
fn arrays_made_in_rust() {
    let Some(python) = live::python() else { return };
    let (cell, cases) = live::made(&python, SCRIPT);
    let cube = Array3::from_shape_fn((2, 3, 4), |(i, j, k)| (12 * i + 4 * j + k) as f32);
    let mut fortran = Array3::zeros((2, 3, 4).f());
    fortran.assign(&cube);
    let number = arr0(1.5);
    let orders = [
        NdArray::of(&cube),
        NdArray::of(&fortran),
        NdArray::of(cube.view().permuted_axes([0, 2, 1])),
        NdArray::of(cube.slice(s![..0, .., ..])),
        NdArray::of(&number),
        NdArray::of(cube.t()),
    ];
    let strided = [
        NdArray::of(cube.slice(s![.., ..;2, ..])),
        NdArray::of(cube.slice(s![..;-1, .., ..])),
        NdArray::of(&cube),
    ];
    for (name, arrays) in [("orders", Vec::from(orders)), ("strided", strided.into())] {
        let case = cases.iter().find(|case| case["name"] == name).expect(name);
        let mut builder = Builder::new(cell.flavour(5));
        let items = arrays.into_iter().map(|array| builder.array(array?));
        let items: Vec<Id> = items.collect::<Result<_, Error>>().expect(name);
        let root = builder.list(&items).expect(name);
        let pickle = builder.finish(root).expect(name);
        for (way, in_band) in WAYS {
            let expected = Told::of(&case["ways"][way]);
            for options in [write::Options::new(), cell.options(5)] {
                let found = written(&options, &pickle, in_band).expect(name);
                assert_eq!(found, expected, "{name} {way}");
            }
        }
        // The memory itself.
        let (_, buffers) = cell.options(5).to_vec_with_buffers(&pickle).expect(name);
        let last = buffers
            .last()
            .and_then(|buffer| buffer.payload.as_borrowed());
        assert_eq!(
            last.map(<[u8]>::as_ptr),
            Some(cube.as_ptr().cast()),
            "{name}"
        );
    }
}

/// `_frombuffer` of bytes in its tuple of arguments, and what comes after it.
fn from_buffer(bytes: &[u8], rest: &[u8]) -> Vec<u8> {
    let start = b"\x8c\x13numpy._core.numeric\x8c\x0b_frombuffer\x93(";
    let end = b"\x8c\x05numpy\x8c\x05dtype\x93\x8c\x02u1\x89\x88\x87RK\x03\x85\x8c\x01CtR";
    in_frame(&[start, bytes, end, rest].concat())
}

/// A pickle of one frame.
fn in_frame(ops: &[u8]) -> Vec<u8> {
    let len = (ops.len() as u64).to_le_bytes();
    [b"\x80\x05\x95", &len[..], ops].concat()
}

#[test]
fn bytes_that_are_elsewhere_too_stay_in_the_pickle() {
    let alone = from_buffer(b"C\x03abc\x94", b".");
    let shared = from_buffer(b"C\x03abc\x94", b"h\0\x86.");
    for (bytes, count) in [(alone, 1), (shared, 0)] {
        let pickle = Pickle::parse(&bytes).expect("a pickle");
        let options = write::Options::new();
        let (written, buffers) = options.to_vec_with_buffers(&pickle).expect("protocol 5");
        assert_eq!(buffers.len(), count);
        let again = Pickle::options().buffers(buffers).parse(&written);
        let again = again.expect("what was written");
        let array = again.arrays().next().expect("an array").array;
        assert_eq!(array.expect("whole").to_bytes().expect("in memory"), b"abc");
        assert_eq!(options.to_vec(&pickle).expect("as it stands"), bytes);
    }
}

#[test]
fn buffers_that_cannot_be() {
    let out = &in_frame(b"\x97\x94\x97\x98\x86.");
    let fails = |pickle: &Pickle<'_>, options: &write::Options, category, text: &str| {
        let error = options
            .to_vec_with_buffers(pickle)
            .expect_err("no such pickle");
        assert_eq!(error.category(), category, "{error}");
        assert!(error.to_string().contains(text), "{error}");
    };
    let options = write::Options::new();
    let given = |count: usize| {
        let buffers = (0..count).map(|n| Buffer::from(vec![n as u8; 3]));
        Pickle::options()
            .buffers(buffers)
            .parse(out)
            .expect("a pickle")
    };
    // What was not given can be written as it stands, and in no other way.
    let missing = "out-of-band buffer 1 was not given (offset 13)";
    assert_eq!(options.to_vec(&given(1)).expect("as it stands"), *out);
    fails(&given(1), &options, Category::Data, missing);
    for protocol in 0..=5 {
        let options = options.clone().protocol(protocol);
        let error = options.to_vec(&given(1)).expect_err("one is missing");
        assert_eq!(error.category(), Category::Data);
        assert!(error.to_string().contains(missing), "{error}");
        let bytes = options.to_vec(&given(2)).expect("all are there");
        let pickle = Pickle::parse(&bytes).expect("what was written");
        let kinds: Vec<Kind> = pickle.root().items().map(|node| node.kind()).collect();
        if protocol == 5 {
            assert_eq!(kinds, [Kind::ByteArray, Kind::Bytes]);
        }
        let bytes = |n| match pickle.root().index(n)?.python()? {
            View::Bytes(bytes) | View::ByteArray(bytes) => bytes.to_vec().ok(),
            _ => None,
        };
        assert_eq!((bytes(0), bytes(1)), (Some(vec![0; 3]), Some(vec![1; 3])));
    }
    // Given read-only, which the pickle does not say: written as it stands it does not say so either.
    let frozen = Buffer {
        read_only: true,
        ..Buffer::from(&b"abc"[..])
    };
    let pickle = Pickle::options().buffers([frozen]).parse(b"\x80\x05\x97.");
    let pickle = pickle.expect("a pickle");
    assert_eq!(pickle.root().buffer(), Some((0, true)));
    assert_eq!(
        options.to_vec(&pickle).expect("as it stands"),
        b"\x80\x05\x97."
    );
    let (written, buffers) = options.to_vec_with_buffers(&pickle).expect("protocol 5");
    assert!(written == b"\x80\x05\x97\x98." && buffers[0].read_only);
    // Python: `buffer_callback needs protocol >= 5`.
    let needs = "need protocol 5";
    for protocol in 0..5 {
        let bytes = [0x80, protocol, b'N', b'.'];
        let pickle = Pickle::parse(&bytes).expect("a pickle");
        fails(&pickle, &options, Category::Unsupported, needs);
        let options = options.clone().protocol(protocol);
        fails(&given(2), &options, Category::Unsupported, needs);
    }
    // The callback's own.
    let refused = options.to_writer_with_buffers(&given(2), &mut Vec::new(), |_| {
        Err(std::io::Error::other("no room").into())
    });
    let refused = refused.expect_err("refused");
    assert_eq!(
        (refused.category(), refused.to_string()),
        (Category::Io, "no room".into())
    );
}

/// What is stored is handed over where it is.
#[test]
fn buffers_from_a_file() {
    let bytes = [&b"\x96\0\0\x02\0\0\0\0\0"[..], &[7; 1 << 17], b"\x94"];
    let bytes = from_buffer(&bytes.concat(), b".");
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), &bytes).expect("room");
    let pickle = Pickle::open(file.path()).expect("a pickle");
    let (written, buffers) = write::Options::new()
        .to_vec_with_buffers(&pickle)
        .expect("protocol 5");
    assert!(written.len() < 200, "{}", written.len());
    assert!(matches!(
        &buffers[..],
        [Buffer {
            payload: ndpickle::Payload::At(..),
            read_only: false
        }]
    ));
    assert_eq!(buffers[0].payload.to_vec().expect("stored"), [7; 1 << 17]);
}
