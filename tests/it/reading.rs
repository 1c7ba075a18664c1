//! The ways of reading: several pickles, progress, the hook, buffers, limits; and what cursors find.

use std::cell::Cell;
use std::ops::ControlFlow;

use ndpickle::{Buffer, Category, ErrorKind, Kind, Limits, Node, Options, Origin, Pickle, Py2Text};

use super::sources::{ALL, alike};

#[track_caller]
fn parse(bytes: &[u8]) -> Pickle<'_> {
    alike(&bytes.escape_ascii().to_string(), bytes, Options::new).expect("a pickle")
}

#[test]
fn bytes_behind_stop_stay() {
    let bytes = b"\x80\x04K\x01.rest";
    for from in ALL {
        let pickle = from.read(bytes, Options::new()).expect("a pickle");
        assert_eq!((pickle.start(), pickle.end()), (0, 5), "{from:?}");
        let error = from
            .read(bytes, Options::new().exact(true))
            .expect_err("too long");
        assert_eq!(
            (error.category(), error.offset()),
            (Category::Data, Some(5)),
            "{from:?}"
        );
        assert!(
            from.read(&bytes[..5], Options::new().exact(true)).is_ok(),
            "{from:?}"
        );
    }
    let mut stream = &bytes[..];
    drop(Pickle::read(&mut stream).expect("a pickle"));
    assert_eq!(stream, b"rest");
}

#[test]
fn pickles_in_a_row() {
    let bytes = b"K\x01.K\x02.\x80\x04.K\x04.";
    let all: Vec<_> = Options::new().parse_all(bytes).collect();
    let found: Vec<_> = all
        .iter()
        .map(|p| p.as_ref().ok().and_then(|p| p.root().as_i64()))
        .collect();
    assert_eq!(
        found,
        [Some(1), Some(2), None],
        "the end is at the first error"
    );
    let error = all[2].as_ref().expect_err("nothing on the stack");
    assert_eq!(
        (error.category(), error.offset()),
        (Category::Syntax, Some(8))
    );
    assert_eq!(Options::new().parse_all(b"").count(), 0);
}

#[test]
fn a_session_keeps_its_memo() {
    let bytes = b"]q\0.h\0.(h\0h\0t.";
    let session = Options::new().parse_session(bytes).expect("a session");
    let roots: Vec<_> = session.roots().collect();
    assert_eq!(roots.len(), 3);
    assert_eq!(roots[0], roots[1]);
    assert!(roots[2].items().all(|item| item == roots[0]));
    let error = Options::new()
        .parse_all(bytes)
        .nth(1)
        .expect("a second")
        .expect_err("no memo");
    assert_eq!(
        (error.kind(), error.offset()),
        (&ErrorKind::MemoMissing(0), Some(4))
    );
}

#[test]
fn progress_is_told_and_can_cancel() {
    let bytes = [b"(".as_slice(), &b"K\x01".repeat(3 << 19), b"t."].concat();
    for from in ALL {
        let told = Cell::new((0u32, 0u64));
        let progress = |at: u64| {
            let (count, before) = told.get();
            assert!(at > before && at <= bytes.len() as u64);
            told.set((count + 1, at));
            ControlFlow::Continue(())
        };
        let pickle = from
            .read(&bytes, Options::new().progress(progress))
            .expect("a pickle");
        assert_eq!(pickle.root().len(), 3 << 19);
        assert_eq!(told.get().0, 3, "{from:?}: about every MiB of 3");
        let options = Options::new().progress(|_| ControlFlow::Break(()));
        let error = from.read(&bytes, options).expect_err("cancelled");
        assert_eq!(error.kind(), &ErrorKind::Cancelled, "{from:?}");
        assert!(
            error
                .offset()
                .is_some_and(|at| (1 << 20..1 << 21).contains(&at)),
            "{error}"
        );
    }
}

/// An object of class `m.Raw`, behind whose state come a length in one byte and so many bytes; of class `m.Nested`, a
/// whole pickle.
fn with_hook<'a>() -> Options<'a> {
    Options::new().hook(|built| {
        let class = built.object().class().expect("a class").name.into_owned();
        match class.as_str() {
            "Raw" => {
                let len = built.read(1)?.to_vec()?[0];
                let before = built.position();
                let payload = built.read(len.into())?;
                assert_eq!(built.position(), before + u64::from(len));
                let bytes = built.bytes(payload)?;
                built.attach(bytes)
            }
            "Nested" => {
                let root = built.read_pickle()?;
                built.attach(root)
            }
            _ => Ok(()),
        }
    })
}

#[test]
fn the_hook_takes_what_stands_between_opcodes() {
    // Bytes that would be opcodes, a pickle with a memo of its own, and opcodes that go on as if nothing had been.
    let bytes = b"\x80\x02](cm\nRaw\nq\x01)\x81q\x02}b\x05N.\xff(\x80cm\nNested\nq\x03)\x81}b\x80\x02]q\x01h\x01\x86.h\x02cm\nOther\n)\x81}be.";
    let pickle = alike("with a hook", bytes, with_hook).expect("a pickle");
    let items: Vec<_> = pickle.root().items().collect();
    assert_eq!(items.len(), 4);
    let raw: Vec<_> = items[0].items().collect();
    assert_eq!(raw[0].as_bytes(), Some(&b"N.\xff(\x80"[..]));
    let nested = items[1].items().next().expect("the nested pickle");
    assert_eq!(
        (nested.kind(), nested.index(0)),
        (Kind::Tuple, nested.index(1))
    );
    assert_eq!(items[2], items[0], "the outer memo is back");
    assert_eq!(items[3].items().count(), 0);
    for cut in 1..bytes.len() {
        let error = alike("cut", &bytes[..cut], with_hook).expect_err("cut");
        assert_eq!(error.category(), Category::Eof, "cut at {cut}: {error}");
    }
}

#[test]
fn the_hook_may_fail() {
    let options = || Options::new().hook(|built| built.read(1 << 40).map(drop));
    let error = alike("a hook that asks too much", b"cm\nRaw\n)\x81}b.", options).expect_err("no");
    assert_eq!(
        (error.category(), error.opcode()),
        (Category::Eof, Some("BUILD"))
    );
}

#[test]
fn out_of_band_buffers() {
    // `_frombuffer(buffer, dtype('u1'), (3,), 'C')` of three buffers; the second is made read-only by the pickle.
    let call = |buffer: &str| {
        let call = format!(
            "cnumpy.core.numeric\n_frombuffer\n({buffer}cnumpy\ndtype\nX\x02\0\0\0u1I00\nI01\n\u{7}RK\x03\u{5}X\x01\0\0\0CtR"
        );
        call.into_bytes()
    };
    let fix = |bytes: Vec<u8>| {
        bytes
            .into_iter()
            .map(|b| match b {
                7 => 0x87,
                5 => 0x85,
                6 => 0x97,
                8 => 0x98,
                b => b,
            })
            .collect::<Vec<u8>>()
    };
    let bytes = [
        &b"\x80\x05("[..],
        &fix(call("\u{6}")),
        &fix(call("\u{6}\u{8}")),
        &fix(call("\u{6}")),
        b"t.",
    ]
    .concat();
    let buffers = || {
        let read_only = Buffer {
            read_only: true,
            ..Buffer::from(&b"ghi"[..])
        };
        vec![
            Buffer::from(&b"abc"[..]),
            Buffer::from(b"def".to_vec()),
            read_only,
        ]
    };
    let pickle = alike("buffers", &bytes, || Options::new().buffers(buffers())).expect("a pickle");
    let found: Vec<_> = pickle
        .root()
        .items()
        .map(|item| {
            let array = item.array().expect("an array");
            (array.to_bytes().expect("bytes"), array.is_writable())
        })
        .collect();
    assert_eq!(
        found,
        [
            (b"abc".to_vec(), true),
            (b"def".to_vec(), false),
            (b"ghi".to_vec(), false)
        ]
    );
    // Those that are not given are errors of their arrays alone.
    for given in 0..3 {
        let options = || Options::new().buffers(buffers().into_iter().take(given));
        let pickle = alike("too few", &bytes, options).expect("a pickle");
        for (n, row) in pickle.arrays().enumerate() {
            assert_eq!(row.array.is_ok(), n < given, "{n} of {given}");
            let error = row.array.err();
            assert!(error.is_none_or(|error| error.category() == Category::Data
                && error.to_string().contains(&format!("buffer {n}"))));
        }
    }
}

#[test]
fn text_of_python_2() {
    let ascii = parse(b"U\x03abc.");
    let other = b"U\x03a\xc3\xa9.";
    assert_eq!(
        (ascii.root().as_str(), ascii.root().kind()),
        (Some("abc"), Kind::Py2Str)
    );
    for (option, text) in [
        (Py2Text::Ascii, None),
        (Py2Text::Latin1, Some("aÃ©")),
        (Py2Text::Utf8, Some("aé")),
        (Py2Text::Bytes, None),
    ] {
        let pickle = alike("text", other, || Options::new().py2_text(option)).expect("a pickle");
        let root = pickle.root();
        assert_eq!(root.text().ok().as_deref(), text, "{option:?}");
        assert_eq!(root.as_bytes(), Some(&b"a\xc3\xa9"[..]));
        if let Err(error) = root.text() {
            assert_eq!(error.category(), Category::Data);
            assert!(error.to_string().contains("py2_text"), "{error}");
        }
    }
    let bytes = Options::new()
        .py2_text(Py2Text::Bytes)
        .parse(b"U\x03abc.")
        .expect("a pickle");
    assert_eq!(
        (bytes.root().as_str(), bytes.root().text().is_err()),
        (None, true)
    );
}

/// A limit, the most that is within it for the pickle, and its name.
type Set = fn(&mut Limits, u64);

#[test]
fn every_limit_is_reached() {
    let rows: [(&str, Set, u64, &[u8]); 5] = [
        (
            "nodes",
            |limits, n| limits.nodes = n,
            4,
            b"](K\x01K\x02K\x03e.",
        ),
        (
            "edges",
            |limits, n| limits.edges = n,
            3,
            b"K\x01K\x02K\x03\x87.",
        ),
        ("memo", |limits, n| limits.memo = n, 2, b"]q\0]q\x05\x86."),
        ("digits", |limits, n| limits.digits = n, 6, b"L123456L\n."),
        ("digits", |limits, n| limits.digits = n, 6, b"I123456\n."),
    ];
    for (name, set, enough, bytes) in rows {
        let options = |n| {
            let mut limits = Limits::default();
            set(&mut limits, n);
            Options::new().limits(limits)
        };
        alike(name, bytes, || options(enough)).expect(name);
        let error = alike(name, bytes, || options(enough - 1)).expect_err(name);
        assert_eq!(error.kind(), &ErrorKind::Limit(name, enough - 1), "{error}");
        assert_eq!(error.category(), Category::Limit);
        assert!(
            error.offset().is_some_and(|at| at > 0 || name == "digits"),
            "{error}"
        );
    }
    // A stream copies its strings, a slice copies nothing.
    let mut limits = Limits::default();
    limits.copied = 2;
    let options = || Options::new().limits(limits.clone());
    assert!(options().parse(b"\x8c\x03abc.").is_ok());
    let error = options().read(&b"\x8c\x03abc."[..]).expect_err("copied");
    assert_eq!(error.kind(), &ErrorKind::Limit("copied", 2));
}

#[test]
fn ids_of_what_is_elsewhere() {
    let pickle = parse(b"(Pname\nU\x02id\x85Q\x82\x05\x83\x05\x01\x84\x05\x01\x01\0t.");
    let items: Vec<_> = pickle.root().items().collect();
    assert_eq!(items[0].kind(), Kind::Persistent);
    let text = items[0]
        .persistent_id()
        .and_then(Node::payload)
        .expect("a text");
    assert_eq!(text.to_vec().expect("bytes"), b"name");
    let id = items[1]
        .persistent_id()
        .and_then(|id| id.index(0))
        .expect("a tuple");
    assert_eq!(id.as_bytes(), Some(&b"id"[..]));
    let codes: Vec<_> = items[2..].iter().map(|item| item.extension()).collect();
    assert_eq!(codes, [Some(5), Some(0x105), Some(0x0001_0105)]);
}

fn names<'p, 'a: 'p>(nodes: impl Iterator<Item = Node<'p, 'a>>) -> Vec<String> {
    nodes
        .map(|node| node.class().or(node.global()).expect("a name").to_string())
        .collect()
}

#[test]
fn what_is_popped_is_found() {
    // An exploit, a state setter on an object of its own, and calls left on the stack.
    for (bytes, globals) in [
        (
            &b"]cos\nsystem\nX\x02\0\0\0ls\x85R0."[..],
            &["os.system"][..],
        ),
        (b"cos\nsystem\nX\x02\0\0\0ls\x85R0].", &["os.system"]),
        (b"(cos\nsystem\nX\x02\0\0\0ls\x85R1].", &["os.system"]),
        (b"cos\nsystem\nX\x02\0\0\0ls\x85R].", &["os.system"]),
        (b"cos\nsystem\n0].", &["os.system"]),
        (b"](cos\nsystem\ncm\nf\n1.", &["os.system", "m.f"]),
        (b"cm\nC\n)\x81cm\nset\n(NNtR0.", &["m.C", "m.set"]),
        (b"N(ios\nsystem\n0.", &["os.system"]),
        (b"cos\nsystem\n)R}b0N.", &["os.system"]),
        (b"(cos\nsystem\no0N.", &["os.system"]),
        (b"]cos\nsystem\n)R\x85\x850.", &["os.system"]),
    ] {
        let pickle = parse(bytes);
        let what = bytes.escape_ascii();
        assert_eq!(names(pickle.globals()), globals, "{what}");
        // A walk comes by all of them.
        let walked = pickle
            .walk()
            .filter(|visit| visit.node.kind() == Kind::Global)
            .count();
        assert_eq!(walked, globals.len(), "{what}");
        assert_eq!(
            pickle.globals().next().and_then(Node::origin),
            Some(Origin::Other),
            "{what}"
        );
    }
    let pickle = parse(b"cm\nC\n)\x81cm\nset\n(NNtR0.");
    assert_eq!(names(pickle.root().popped()), ["m.set"]);
    let pickle = parse(b"cos\nsystem\nX\x02\0\0\0ls\x85R0].");
    assert_eq!(names(pickle.root().popped_before()), ["os.system"]);
}
