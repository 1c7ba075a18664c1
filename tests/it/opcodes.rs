//! The opcode list and the disassembly, against the `pickletools` of the Python on this machine and against goldens.
//!
//! `NDPICKLE_PYTHON` names another interpreter than `python3` (3.11 or later); `skip` leaves these tests out.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use ndpickle::Category;
use ndpickle::op::dis::dis;
use ndpickle::op::{Argument, Code, Item, Slice, decode};
use serde_json::Value;

/// What a Python script prints, given this input; `None` where tests with Python are to be skipped.
fn python(script: &str, input: String) -> Option<String> {
    let program = match std::env::var("NDPICKLE_PYTHON") {
        Ok(value) if value == "skip" => {
            // The note goes where libtest shows it: with the output of the test.
            #[allow(clippy::print_stderr)]
            let () = eprintln!("skipped: NDPICKLE_PYTHON=skip");
            return None;
        }
        Ok(value) => value,
        Err(_) => "python3".to_owned(),
    };
    let child = Command::new(&program)
        .args(["-W", "ignore", "-c", script])
        .env("PYTHONIOENCODING", "utf-8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let child = child.map_err(|error| format!("{program}: {error}"));
    let mut child = child.expect("Python runs (else set NDPICKLE_PYTHON=skip)");
    let mut stdin = child.stdin.take().expect("a pipe");
    let feeder = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().expect("output of Python");
    assert!(output.status.success(), "{program} failed, see above");
    feeder.join().expect("no panic").expect("Python reads all");
    Some(String::from_utf8(output.stdout).expect("UTF-8"))
}

/// Name, byte, protocol, stack before and after, kind of argument.
const TABLE: &str = r#"
import json, pickletools
print(json.dumps([
    [op.name, ord(op.code), op.proto, [x.name for x in op.stack_before], [x.name for x in op.stack_after],
     op.arg and op.arg.name] for op in pickletools.opcodes]))
"#;

fn item(name: &str) -> Option<Item> {
    Some(match name {
        "any" => Item::Any,
        "mark" => Item::Mark,
        "stackslice" => Item::StackSlice,
        "bytes_or_str" => Item::BytesOrStr,
        "int_or_bool" => Item::IntOrBool,
        "None" => Item::None,
        "bool" => Item::Bool,
        "int" => Item::Int,
        "float" => Item::Float,
        "str" => Item::Str,
        "bytes" => Item::Bytes,
        "bytearray" => Item::ByteArray,
        "tuple" => Item::Tuple,
        "list" => Item::List,
        "dict" => Item::Dict,
        "set" => Item::Set,
        "frozenset" => Item::FrozenSet,
        "buffer" => Item::Buffer,
        _ => return None,
    })
}

/// Bytes of an argument of this kind, and what must be read from them.
fn argument(kind: Option<&str>) -> Option<(&'static [u8], Argument<&'static [u8]>)> {
    Some(match kind {
        None => (b"", Argument::None),
        Some("uint1") => (b"\xfe", Argument::Int(0xfe)),
        Some("uint2") => (b"\xfe\xff", Argument::Int(0xfffe)),
        Some("int4") => (b"\xfe\xff\xff\xff", Argument::Int(-2)),
        Some("uint4") => (b"\xfe\xff\xff\xff", Argument::Int(0xffff_fffe)),
        Some("uint8") => (b"\x01\0\0\0\0\0\0\x80", Argument::Length((1 << 63) + 1)),
        Some("float8") => (b"\xc0\0\0\0\0\0\0\0", Argument::Float(-2.0)),
        Some("long1" | "string1" | "bytes1" | "unicodestring1") => {
            (b"\x02\n.", Argument::Bytes(b"\n."))
        }
        Some("long4" | "string4" | "bytes4" | "unicodestring4") => {
            (b"\x02\0\0\0\n.", Argument::Bytes(b"\n."))
        }
        Some("bytes8" | "bytearray8" | "unicodestring8") => {
            (b"\x02\0\0\0\0\0\0\0\n.", Argument::Bytes(b"\n."))
        }
        Some("stringnl_noescape_pair") => (b"a\n.\n", Argument::Pair(b"a", b".")),
        Some(
            "decimalnl_short" | "decimalnl_long" | "floatnl" | "stringnl" | "stringnl_noescape"
            | "unicodestringnl",
        ) => (b"1.\n", Argument::Bytes(b"1.")),
        Some(_) => return None,
    })
}

#[test]
fn the_list_is_that_of_pickletools() {
    let Some(table) = python(TABLE, String::new()) else {
        return;
    };
    let table: Value = serde_json::from_str(&table).expect("JSON");
    let rows = table.as_array().expect("rows");
    assert_eq!(rows.len(), Code::ALL.len());
    for (code, row) in Code::ALL.into_iter().zip(rows) {
        assert_eq!(row[0], code.name());
        assert_eq!(row[1], code.byte(), "{code:?}");
        assert_eq!(row[2], code.protocol(), "{code:?}");
        for (at, items) in [(3, code.before()), (4, code.after())] {
            let expected = row[at].as_array().expect("items");
            let expected: Option<Vec<Item>> = (expected.iter())
                .map(|name| item(name.as_str().expect("a name")))
                .collect();
            assert_eq!(expected.as_deref(), Some(items), "{code:?}");
        }
        let (bytes, expected) = argument(row[5].as_str()).expect("a known kind of argument");
        let bytes = [&[code.byte()], bytes, b"more\n"].concat();
        let mut input = Slice::new(&bytes);
        let op = decode(&mut input).expect("an opcode");
        assert_eq!((op.code(), input.rest()), (code, &b"more\n"[..]));
        assert_eq!(op.argument(), expected, "{code:?}");
    }
}

/// `dis(pickle, name)` prints the name (else the pickle in hexadecimal), the offset behind its STOP, and the text. `null` instead of the offset
/// says that pickletools stopped before, and the text is what it had printed by then. Objects that are left on the stack
/// are found when all has been printed.
const DIS: &str = r#"
import io, json, pickletools, sys
seen = set()
def dis(pickle, name=None):
    if pickle in seen: return
    seen.add(pickle)
    out, stream, end = io.StringIO(), io.BytesIO(pickle), None
    try:
        pickletools.dis(stream, out)
        end = stream.tell()
    except Exception as error:
        if str(error).startswith('stack not empty after STOP'): end = stream.tell()
    print(json.dumps([name or pickle.hex(), end, out.getvalue()]))
"#;

/// Pickles of many values, by all picklers and protocols, in all variants.
const VALUES: &str = r#"
import collections, copyreg, datetime, decimal, fractions, math, pickle, struct, uuid
class C: pass
class D(dict): pass
class N:
    def __getnewargs_ex__(self): return (1,), {'a': 2}
    def __new__(cls, *args, **kwargs): return object.__new__(cls)
class P(pickle.Pickler):
    def persistent_id(self, value): return 'it\'s "me"' if value == 'persistent' else None
c = C(); c.x = c; c.y = [c]
d = D(a=1); d.z = d
loop = []; loop.append(loop)
deep = []
for i in range(300): deep = [deep, i]
texts = ['', 'abc', "it's", '"', '\'"', 'a\n\t\r\\\0\x1a\x7f', 'é\xa0ÿ', '€\u0100\u3042', '😀', '\ud83d', '\udc80x', '\\u20ac', 'x' * 300]
ints = [i * s + o for i in [0, 1, 0xff, 0xffff, 2**31, 2**32, 2**63, 2**64, 10**18, 2**2039, 2**2040, 2**9000, 10**4299] for s in (1, -1) for o in (-1, 0, 1)]
floats = [0.0, -0.0, 1.0, 0.1, 1e15, 1e16, -1e17, 1e-4, 1e-5, 5e-324, 1.7976931348623157e308, math.inf, -math.inf, math.nan, 1/3]
values = [
    None, True, False, (), [], {}, set(), frozenset(), b'', bytearray(), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), ((), []),
    [1], [1, 2], {1: 2}, {1: 2, 3: 4}, {1, 2}, frozenset({1, 2}), list(range(1001)), dict.fromkeys(range(1001)), texts, ints, floats,
    [t.encode('utf-8', 'surrogatepass') for t in texts], [bytearray(t, 'utf-8', 'surrogatepass') for t in texts], bytes(range(256)), bytearray(range(256)), complex(1, 2), ..., NotImplemented, len, int, C, c, d, N(), [N], loop, deep, 'persistent', ['a', 'a'],
    collections.OrderedDict(a=1), collections.deque([1]), collections.Counter('ab'), datetime.datetime(2020, 1, 2, 3, 4, 5, 6),
    decimal.Decimal('1.50'), fractions.Fraction(1, 3), uuid.UUID(int=5), range(3), slice(1, 2), type(None), pickle.PickleBuffer(b'abc')]
for long in ('é' * 35000, "é'" * 25000, '\'"€' * 15000):
    for value in (long, long.encode(), bytearray(long.encode())): dis(pickle.dumps(value, 5))
    dis(pickle.dumps(long, 0))
    dis(b'T' + struct.pack('<i', len(long.encode())) + long.encode() + b'.')
copyreg.add_extension('collections', 'deque', 0x70)
copyreg.add_extension('fractions', 'Fraction', 0x7000)
copyreg.add_extension('uuid', 'UUID', 0x70000000)
sys.setrecursionlimit(10000)
for value in values:
    for protocol in range(6):
        for pickler in (pickle.Pickler, pickle._Pickler, P):
            for callback in (None, [].append):
                out = io.BytesIO()
                try:
                    pickler(out, protocol, buffer_callback=callback).dump(value)
                except (ValueError, pickle.PicklingError, TypeError):
                    continue
                dis(out.getvalue())
                if len(out.getvalue()) < 1000:
                    dis(pickletools.optimize(out.getvalue()))
"#;

/// Files whose names are in the input, a line each.
const FILES: &str = r#"
import gzip
for name in sys.stdin.read().split('\n'):
    with (gzip.open if name.endswith('.gz') else open)(name, 'rb') as file: dis(file.read(), name)
"#;

/// Sequences of opcodes as no pickler makes them, some of them cut short.
const SEQUENCES: &str = r#"
import random, struct
seed = random.Random(20)
def text(alphabet, most):
    return ''.join(seed.choice(alphabet) for _ in range(seed.randrange(most))).encode('utf-8', 'surrogatepass')
def counted(size):
    data = text('ab\'"\\\n\0\x7fé€😀\ud800', 6) if seed.random() < .9 else bytes(seed.choices(b'\xe9\xa9\xf0\xffa', k=3))
    return len(data).to_bytes(size, 'little') + data
def number():
    return seed.choice([b'0', b'1', b'00', b'01', b'2', b'3', b'-1', b'+5', b'-0', b' 7\t', b'1_0', b'1__0', b'_1', b'007', b'-0012', b'9' * 30, b'-' + b'8' * 30,
        b'', b'x', b'1L', b'0x10', b'- 1', b'9' * 5000, b'\xb2', b'1\0'])
arguments = {
    'decimalnl_short': lambda: number() + b'\n',
    'decimalnl_long': lambda: number() + seed.choice([b'L\n', b'\n']),
    'floatnl': lambda: seed.choice([number(), b'1.5', b'.5', b'5.', b'1e5', b'1e400', b'-inf', b'NaN', b'Infinity', b'1_0.5', b'1_.5', b' 2 ', b'e5', b'1e', b'-']) + b'\n',
    'stringnl': lambda: seed.choice([b"'%s'", b'"%s"', b'"%s"', b"'%s", b'%s']) % text(['a', 'b', "'", '"', '\\n', '\\x41', '\\x', '\\101', '\\777', '\\q', '\\', '\\\\', 'é'], 4) + b'\n',
    'stringnl_noescape': lambda: text(['a', ' ', "'", '"', '\\n', '\\x41', '\\x', '\\', 'é'], 4) + b'\n',
    'stringnl_noescape_pair': lambda: text(['a', '.', "'", '\\x41'], 4) + b'\n' + text(['a', '.', "'", '\\x4'], 4) + b'\n',
    'unicodestringnl': lambda: text(['a', "'", '"', '\\', '\\u20ac', '\\ud800', '\\U0001f600', '\\u12', '\\U00110000', '\\\\', 'é', '\r'], 4) + b'\n',
    'float8': lambda: seed.choice([b'\x7f\xf0' + b'\0' * 6, struct.pack('>d', seed.uniform(-9, 9)), bytes(7) + b'\1']),
}
for op in pickletools.opcodes:
    if op.arg and op.arg.name not in arguments:
        size = int(op.arg.name[-1])
        if op.arg.name.startswith(('uint', 'int')):
            arguments[op.arg.name] = lambda size=size: bytes([seed.randrange(4)]) + (bytes(size - 1) if seed.random() < .8 else b'\xff' * (size - 1))
        elif op.arg.name.startswith('long'):
            arguments[op.arg.name] = lambda size=size: (lambda data: len(data).to_bytes(size, 'little') + data)(
                seed.choice([b'', b'\0', b'\xff', b'\x80', b'\xff\0', b'\xff\xff\xff', b'\0\0\x80', seed.randbytes(9), seed.randbytes(200)]))
        else:
            arguments[op.arg.name] = lambda size=size: counted(size)
dull = [op for op in pickletools.opcodes if not op.arg and op.name != 'STOP']
for _ in range(6000):
    ops = seed.choices(pickletools.opcodes[:-1] if seed.random() < .2 else dull + [pickletools.code2op[c] for c in '(NqhK]'], k=seed.randrange(12))
    start = seed.choice([b'', b'N' * 6, b'(' * 3, b'N(N(N('])
    pickle = start + b''.join(op.code.encode('latin-1') + (arguments[op.arg.name]() if op.arg else b'') for op in ops)
    dis(pickle[:-1] if seed.random() < .05 else pickle + b'.')
for op in pickletools.opcodes:
    for _ in range(100 if op.arg else 1):
        dis(op.code.encode('latin-1') + (arguments[op.arg.name]() if op.arg else b'') + b'0.')
"#;

/// Compares with the lines that `dis` in Python printed; where it stopped, ours must begin as it does. `read` gives the
/// pickle that is called so. Gives how often Python did not stop.
#[track_caller]
fn compare(rows: &str, read: impl Fn(&str) -> Vec<u8>) -> usize {
    let mut whole = 0;
    for row in rows.lines() {
        let (name, end, expected): (String, Option<u64>, String) =
            serde_json::from_str(row).expect("name, offset and text");
        let mut out = Vec::new();
        let our_end = dis(&read(&name), &mut out);
        let text = String::from_utf8(out).expect("UTF-8");
        if end.is_some() {
            same(&text, &expected, &name);
            assert_eq!(our_end.ok(), end, "{name:.1000}");
            whole += 1;
        } else {
            let begin = text.get(..expected.len()).unwrap_or(&text);
            same(begin, &expected, &name);
        }
    }
    whole
}

#[track_caller]
fn same(text: &str, expected: &str, what: &str) {
    if text != expected {
        let lines = text.split('\n').zip(expected.split('\n'));
        let (ours, theirs) = (lines.clone()).find(|(a, b)| a != b).unwrap_or_default();
        assert_eq!(ours, theirs, "{what:.1000}");
    }
    assert_eq!(text.len(), expected.len(), "{what:.1000}");
}

fn from_hex(text: &str) -> Vec<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16).expect("hexadecimal") as u8;
    let pairs = text.as_bytes().chunks_exact(2);
    pairs
        .map(|pair| digit(pair[0]) << 4 | digit(pair[1]))
        .collect()
}

#[test]
fn values_disassemble_as_in_python() {
    if let Some(rows) = python(&[DIS, VALUES].concat(), String::new()) {
        let whole = compare(&rows, from_hex);
        assert!(whole > 500, "{whole}");
    }
}

#[test]
fn odd_sequences_disassemble_as_in_python() {
    if let Some(rows) = python(&[DIS, SEQUENCES].concat(), String::new()) {
        let whole = compare(&rows, from_hex);
        assert!(whole > 1000, "{whole}");
    }
}

#[test]
fn corpus_files_disassemble_as_in_python() {
    let files = corpus();
    let names: Vec<_> = files.iter().map(|path| path.to_string_lossy()).collect();
    if let Some(rows) = python(&[DIS, FILES].concat(), names.join("\n")) {
        let whole = compare(&rows, |name| unpacked(Path::new(name)));
        assert!(whole > files.len() / 2, "{whole} of {}", files.len());
    }
}

#[test]
fn corpus_files_disassemble_as_in_their_goldens() {
    let mut goldens = 0;
    for pickle in corpus() {
        let mut path = pickle.clone().into_os_string();
        path.push(".dis");
        let Ok(expected) = fs::read_to_string(&path) else {
            continue;
        };
        let mut out = Vec::new();
        let end = dis(&unpacked(&pickle), &mut out);
        let text = String::from_utf8(out).expect("UTF-8");
        same(&text, &expected, &pickle.to_string_lossy());
        assert!(end.is_ok(), "{}: {end:?}", pickle.display());
        goldens += 1;
    }
    assert!(goldens > 0);
}

/// All pickles of the corpus.
fn corpus() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/files")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.to_string_lossy();
            if path.is_dir() {
                folders.push(path);
            } else if name.ends_with(".pkl") || name.ends_with(".pkl.gz") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn unpacked(path: &Path) -> Vec<u8> {
    let mut bytes = fs::read(path).expect("a file");
    if path.extension().is_some_and(|extension| extension == "gz") {
        let packed = std::mem::take(&mut bytes);
        let mut unpacker = flate2::read::GzDecoder::new(&packed[..]);
        unpacker.read_to_end(&mut bytes).expect("gzip");
    }
    bytes
}

/// What is printed where pickletools stops, and the error: its category and offset.
#[track_caller]
fn prints(bytes: &[u8], expected: &[&str], error: Option<(Category, u64)>) {
    let mut out = Vec::new();
    let end = dis(bytes, &mut out);
    let text = String::from_utf8(out).expect("UTF-8");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines, expected);
    match end {
        Ok(end) => assert_eq!((end, None), (bytes.len() as u64, error)),
        Err(found) => assert_eq!(found.offset().map(|at| (found.category(), at)), error),
    }
}

#[test]
fn goes_on_where_pickletools_stops() {
    const END: &str = "highest protocol among opcodes = 0";
    // Nothing on the stack, no MARK, a memo entry that is not there, one that is stored twice.
    prints(
        b"Rtg7\nNp0\np0\n0.",
        &[
            "    0: R    REDUCE",
            "    1: t    TUPLE      no MARK exists on stack",
            "    2: g    GET        7",
            "    5: N    NONE",
            "    6: p    PUT        0",
            "    9: p    PUT        0",
            "   12: 0    POP",
            "   13: .    STOP",
            END,
        ],
        None,
    );
    // A MARK in the memo; what is left on the stack.
    prints(
        b"(p0\n.",
        &[
            "    0: (    MARK",
            "    1: p        PUT        0",
            "    4: .        STOP",
            END,
        ],
        None,
    );
    // Bytes outside of ASCII.
    prints(
        b"S'\xe9\\xff'\ncos\n\xc3\xa9\nP\xe9\n.",
        &[
            "    0: S    STRING     'éÿ'",
            "    9: c    GLOBAL     'os é'",
            "   16: P    PERSID     'é'",
            "   19: .    STOP",
            END,
        ],
        None,
    );
    // What the unpickler takes and pickletools does not.
    prints(
        b"I0x10\nL-0x10L\nPC:\\x\n.",
        &[
            "    0: I    INT        0x10",
            "    6: L    LONG       -0x10",
            "   14: P    PERSID     'C:\\\\x'",
            "   20: .    STOP",
            END,
        ],
        None,
    );
    // Text that is wrong is reported at the end, the first mistake first.
    prints(
        b"Fx\nIy\nNp\xff\n.",
        &[
            "    0: F    FLOAT      b'x'",
            "    3: I    INT        b'y'",
            "    6: N    NONE",
            "    7: p    PUT        b'\\xff'",
            "   10: .    STOP",
            END,
        ],
        Some((Category::Syntax, 0)),
    );
    prints(
        b"Fx\n\xff",
        &["    0: F    FLOAT      b'x'"],
        Some((Category::Syntax, 0)),
    );
    // Bytes that are no opcode, and the end.
    prints(b"N\xff", &["    0: N    NONE"], Some((Category::Syntax, 1)));
    prints(
        b"NX\xff\0\0\0abc",
        &["    0: N    NONE"],
        Some((Category::Eof, 1)),
    );
    prints(b"", &[], Some((Category::Eof, 0)));
}

#[test]
fn large_ints() {
    let digits = "7".repeat(100_000);
    let text = |bytes: &[u8]| {
        let mut out = Vec::new();
        dis(bytes, &mut out).expect("a pickle");
        let text = String::from_utf8(out).expect("UTF-8");
        let line = text.lines().next().expect("a line");
        line.split_once("LONG")
            .map_or("", |(_, rest)| rest)
            .trim_start_matches(['1', '4', ' '])
            .to_owned()
    };
    // Wrong only at the end of many digits.
    let error = dis(format!("L{digits}x\n.").as_bytes(), &mut Vec::new()).expect_err("no int");
    assert_eq!(
        (error.category(), error.offset()),
        (Category::Syntax, Some(0))
    );
    assert_eq!(
        text(format!("L-{digits}L\n.").as_bytes()),
        format!("-{digits}")
    );
    let long4 = |bytes: &[u8]| {
        let len = (bytes.len() as u32).to_le_bytes();
        text(&[b"\x8b", &len[..], bytes, b"."].concat())
    };
    // However long they are, these are small.
    assert_eq!(long4(&[0; 100_000]), "0");
    assert_eq!(long4(&[0xff; 100_000]), "-1");
    let large = [&[0; 99_999][..], b"\x01"].concat();
    assert_eq!(long4(&large), format!("0x1{}", "0".repeat(199_998)));
    let large = [&[0; 99_999][..], b"\xff"].concat();
    assert_eq!(long4(&large), format!("-0x1{}", "0".repeat(199_998)));
}

#[test]
fn depth_does_not_square() {
    struct Counted(u64);
    impl std::io::Write for Counted {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0 += bytes.len() as u64;
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut bytes = vec![Code::Mark.byte(); 1_000_000];
    bytes.push(Code::Stop.byte());
    let mut out = Counted(0);
    assert_eq!(dis(&bytes, &mut out).ok(), Some(1_000_001));
    assert!(out.0 < 1 << 30, "{}", out.0);
}
