//! Objects that no pickler writes: what Python would refuse, cycles, equal keys, and sizes that are made up.

use ndpickle::python::View;
use ndpickle::{Kind, Node, Pickle};

/// A view as its name and, where it has one, its text; what is no view of its own is an instance.
fn shown(bytes: &[u8]) -> String {
    let pickle = Pickle::parse(bytes).expect("a pickle");
    match pickle.root().python() {
        None => "none".into(),
        Some(View::Complex(value)) => format!("complex {value}"),
        Some(View::Decimal(value)) => format!("decimal {value}"),
        Some(View::Fraction(value)) => format!("fraction {value}"),
        Some(View::Range(value)) => format!("{value} {:?}", value.len()),
        Some(View::Slice(value)) => value.to_string(),
        Some(View::Date(value)) => format!("date {value}"),
        Some(View::Time(value)) => format!("time {value}"),
        Some(View::DateTime(value)) => format!("datetime {value}"),
        Some(View::TimeDelta(value)) => format!("delta {value}"),
        Some(View::TimeZone(value)) => format!("zone {value}"),
        Some(View::Uuid(value)) => format!("uuid {value}"),
        Some(View::Path(value)) => format!("path {value}"),
        Some(View::Bytes(value)) => format!("bytes {}", value.len()),
        Some(View::ByteArray(value)) => format!("bytearray {}", value.len()),
        Some(View::Sequence(value)) => format!("{:?} {}", value.kind(), value.len()),
        Some(View::Set(value)) => format!("set {}", value.len()),
        Some(View::Mapping(value)) => format!("{:?} {}", value.kind(), value.entries().len()),
        Some(View::Constant(value)) => value.to_string(),
        Some(View::Attribute(value)) => format!("attribute {}", value.name()),
        Some(View::Exception(_)) => "exception".into(),
        Some(View::Instance(_)) => "instance".into(),
        Some(other) => panic!("{other:?}"),
    }
}

/// Arguments that Python refuses, or that no pickler writes, and what they are instead.
#[test]
fn odd_arguments() {
    for (bytes, told) in [
        // Days and times that there are not: month 13, day 30 of February, year 0, hour 24, a million microseconds.
        (&b"\x80\x03cdatetime\ndate\nC\x04\x07\xe4\x0d\x01\x85R."[..], "instance"),
        (b"\x80\x03cdatetime\ndate\nC\x04\x07\xe4\x02\x1e\x85R.", "instance"),
        (b"\x80\x03cdatetime\ndate\nC\x04\x00\x00\x01\x01\x85R.", "instance"),
        (b"\x80\x03cdatetime\ndate\nC\x04\x07\xe4\x82\x01\x85R.", "instance"),
        (b"\x80\x03cdatetime\ntime\nC\x06\x18\x00\x00\x00\x00\x00\x85R.", "instance"),
        (b"\x80\x03cdatetime\ntime\nC\x06\x17\x00\x00\x0f\x42\x40\x85R.", "instance"),
        (b"\x80\x03cdatetime\ntime\nC\x06\x97\x00\x00\x0f\x42\x3f\x85R.", "time 23:00:00.999999"),
        (b"\x80\x03cdatetime\ndatetime\nC\x0a\x07\xe4\x82\x1d\x17;;\x0fB?\x85R.", "datetime 2020-02-29 23:59:59.999999"),
        (b"\x80\x03cdatetime\ndatetime\nC\x09\x07\xe4\x82\x1d\x17;;\x0fB\x85R.", "instance"),
        (b"\x80\x03cdatetime\ndatetime\nK\x01\x85R.", "instance"),
        (b"\x80\x03cdatetime\ndatetime\n)R.", "instance"),
        // A str is what Python 3 makes of a Python 2 state under encoding='latin1'.
        (b"\x80\x03cdatetime\ndate\nX\x05\0\0\0\x07\xc3\xa4\x02\x1d\x85R.", "date 2020-02-29"),
        (b"\x80\x03cdatetime\ndate\nX\x06\0\0\0\xe2\x82\xac\x02\x1d\x01\x85R.", "instance"),
        // A time zone that is any object, among them the moment's own arguments.
        (b"\x80\x03cdatetime\ntime\nC\x06\x17\0\0\0\0\0K\x05\x86R.", "time 23:00:00[another time zone]"),
        (b"\x80\x03cdatetime\ntimezone\ncdatetime\ntimedelta\nK\x01K\x00K\x00\x87R\x85R.", "instance"),
        (b"\x80\x03cdatetime\ntimezone\ncdatetime\ntimedelta\nK\x00K\x3cK\x00\x87R\x85R.", "zone UTC+00:01"),
        // Spans beyond Python's, and in another form than its normal one.
        (b"\x80\x03cdatetime\ntimedelta\nJ\x00\xca\x9a\x3bK\x00K\x00\x87R.", "instance"),
        (b"\x80\x03cdatetime\ntimedelta\nK\x00J\xff\xff\xff\xffK\x00\x87R.", "delta -1 day, 23:59:59"),
        (b"\x80\x03cdatetime\ntimedelta\n\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7fK\x00\x87R.", "instance"),
        (b"\x80\x03cdatetime\ntimedelta\n)R.", "delta 0:00:00"),
        (b"\x80\x03cdatetime\ntimedelta\nG\x3f\xf0\0\0\0\0\0\0\x85R.", "instance"),
        // Numbers.
        (b"\x80\x03cdecimal\nDecimal\nX\x04\0\0\0spam\x85R.", "instance"),
        (b"\x80\x03cdecimal\nDecimal\nK\x05\x85R.", "instance"),
        (b"\x80\x03cfractions\nFraction\nK\x01K\x00\x86R.", "instance"),
        (b"\x80\x03cfractions\nFraction\nX\x03\0\0\x001/0\x85R.", "instance"),
        (b"\x80\x03cfractions\nFraction\nX\x03\0\0\0a/b\x85R.", "instance"),
        (b"\x80\x03cfractions\nFraction\nX\x02\0\0\0-5\x85R.", "fraction -5"),
        (b"\x80\x03cbuiltins\ncomplex\nX\x01\0\0\0aX\x01\0\0\0b\x86R.", "instance"),
        (b"\x80\x03cbuiltins\nrange\nK\x00K\x05K\x00\x87R.", "instance"),
        (b"\x80\x03cbuiltins\nrange\nK\x05\x85R.", "range(0, 5) Some(5)"),
        (b"\x80\x03cbuiltins\nrange\n)R.", "instance"),
        (b"\x80\x03cbuiltins\nrange\nG\x3f\xf0\0\0\0\0\0\0\x85R.", "instance"),
        // UUIDs of too many bits, of none, and below zero.
        (b"\x80\x03cuuid\nUUID\n)\x81}X\x03\0\0\0int\x8a\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\x01sb.", "instance"),
        (b"\x80\x03cuuid\nUUID\n)\x81}b.", "instance"),
        (b"\x80\x03cuuid\nUUID\n)\x81}X\x03\0\0\0intJ\xff\xff\xff\xffsb.", "instance"),
        // NEWOBJ of a mutable type leaves its arguments out, as `__new__` does.
        (b"\x80\x03ccollections\nCounter\n}X\x01\0\0\0aK\x01s\x85\x81.", "instance"),
        (b"\x80\x03ccollections\nCounter\nK\x05\x85R.", "instance"),
        (b"\x80\x03ccollections\nOrderedDict\n](]K\x01aK\x02(K\x03K\x04te\x85R.", "OrderedDict 1"),
        (b"\x80\x03ccollections\nOrderedDict\n)R(K\x01K\x02K\x01K\x03u.", "OrderedDict 1"),
        (b"\x80\x03ccollections\ndefaultdict\nN\x85R.", "DefaultDict 0"),
        (b"\x80\x03ccollections\ndeque\n](K\x01K\x02K\x03eK\x02\x86R.", "Deque 2"),
        (b"\x80\x03ccollections\ndeque\n]J\xff\xff\xff\xff\x86R.", "instance"),
        (b"\x80\x03cbuiltins\nset\nK\x01\x85R.", "instance"),
        // INST calls its class as REDUCE does.
        (b"(F1.0\nF2.0\nibuiltins\ncomplex\n.", "complex (1+2j)"),
        (b"\x80\x03cbuiltins\ntype\nK\x01\x85R.", "instance"),
        (b"\x80\x03cbuiltins\ngetattr\nK\x01K\x02\x86R.", "instance"),
        (b"\x80\x03cpathlib\nPurePath\nX\x01\0\0\0a\x85R.", "instance"),
        (b"\x80\x03cpathlib\nPosixPath\nK\x01\x85R.", "instance"),
        (b"\x80\x03cbuiltins\nbytearray\ncbuiltins\nbytearray\nC\x01a\x85R\x85R.", "instance"),
        (b"\x80\x03cbuiltins\nbytearray\nX\x01\0\0\0aX\x05\0\0\0utf-8\x86R.", "instance"),
        (b"\x80\x03c_codecs\nencode\nX\x03\0\0\0\xe2\x82\xacX\x06\0\0\0latin1\x86R.", "instance"),
        (b"\x80\x03c_codecs\nencode\nX\x01\0\0\0aX\x03\0\0\0hex\x86R.", "instance"),
        (b"\x80\x03K\x05.", "none"),
        (b"\x80\x03cos\nsystem\n.", "none"),
        (b"\x80\x03cos\nsystem\nX\x02\0\0\0ls\x85R.", "instance"),
    ] {
        assert_eq!(shown(bytes), told, "{}", bytes.escape_ascii());
    }
}

#[test]
fn cycles() {
    // A deque of itself.
    let pickle = Pickle::parse(b"\x80\x03ccollections\ndeque\n)Rq\x00h\x00a.").expect("a pickle");
    let Some(View::Sequence(deque)) = pickle.root().python() else {
        panic!("{:?}", pickle.root());
    };
    assert_eq!(deque.items().next(), Some(pickle.root()));
    // An object whose state is a dict that holds it, twice.
    let pickle = Pickle::parse(b"\x80\x03cm\nC\n)\x81q\x00}q\x01X\x01\0\0\0ah\x00sbh\x01b.")
        .expect("a pickle");
    let attributes: Vec<_> = pickle.root().attributes().collect();
    assert_eq!(attributes.len(), 1);
    assert_eq!(attributes[0].1, pickle.root());
    // A call whose callable is the attribute of an attribute of … of a tuple that holds it.
    let mut bytes = b"\x80\x03cbuiltins\nlen\nq\x00".to_vec();
    for _ in 0..100_000 {
        bytes.extend(b"0cbuiltins\ngetattr\nh\x00X\x01\0\0\0a\x86Rq\x00");
    }
    bytes.extend(b")R.");
    let pickle = Pickle::parse(&bytes).expect("a pickle");
    let Some(View::Instance(call)) = pickle.root().python() else {
        panic!("{:?}", pickle.root());
    };
    assert!(call.is_call() && call.class().is_none());
}

/// Later states win, attribute by attribute, as `load_build` has it.
#[test]
fn states_are_merged() {
    let bytes = b"\x80\x03cm\nC\n)\x81}(X\x01\0\0\0aK\x01X\x01\0\0\0bK\x02ub}X\x01\0\0\0cK\x03s}X\x01\0\0\0aK\x04s\x86bN}X\x01\0\0\0bK\x05s\x86b]b.";
    let pickle = Pickle::parse(bytes).expect("a pickle");
    let attributes = pickle.root().attributes();
    let told: Vec<(String, Option<i64>)> = attributes
        .map(|(name, value)| (name.text().expect("a name").into(), value.as_i64()))
        .collect();
    assert_eq!(
        told,
        [
            ("a".into(), Some(4)),
            ("b".into(), Some(5)),
            ("c".into(), Some(3))
        ]
    );
    let Some(View::Instance(instance)) = pickle.root().python() else {
        panic!("{:?}", pickle.root());
    };
    assert_eq!(instance.state().map(Node::kind), Some(Kind::List));
    assert_eq!(instance.attribute("a").and_then(Node::as_i64), Some(4));
}

/// Ints of a million bytes: views take no time for them, and `len` no more than their length.
#[test]
fn huge_ranges() {
    const LEN: usize = 1_000_000;
    let huge = |last: u8| {
        let mut int = vec![0x8b];
        int.extend((LEN as u32).to_le_bytes());
        int.extend(std::iter::repeat_n(0x55, LEN - 1).chain([last]));
        int
    };
    for (start, stop, step, told) in [
        (huge(0x50), huge(0x51), b"K\x01".to_vec(), None),
        (b"K\x00".to_vec(), huge(0x51), huge(0x50), Some(2)),
        (b"K\x00".to_vec(), huge(0xf0), huge(0x50), Some(0)),
    ] {
        let bytes = [
            b"\x80\x03cbuiltins\nrange\n".to_vec(),
            start,
            stop,
            step,
            b"\x87R.".to_vec(),
        ]
        .concat();
        let pickle = Pickle::parse(&bytes).expect("a pickle");
        let range = pickle.root().to_range().expect("a range");
        assert_eq!(range.len(), told);
        assert!(range.to_string().len() < 100, "{range}");
    }
}

/// The same place in both: keys that Python holds equal are one entry, with the last value.
#[test]
fn equal_keys() {
    let bytes = b"\x80\x03}(K\x01K\x0aX\x01\0\0\0aK\x0bG\x3f\xf0\0\0\0\0\0\0K\x0cC\x01aK\x0dX\x01\0\0\0aK\x0e\x88K\x0fNK\x10NK\x11u.";
    let pickle = Pickle::parse(bytes).expect("a pickle");
    let Some(View::Mapping(dict)) = pickle.root().python() else {
        panic!("{:?}", pickle.root());
    };
    let values: Vec<_> = dict.entries().map(|(_, value)| value.as_i64()).collect();
    assert_eq!(values, [Some(15), Some(14), Some(13), Some(17)]);
    assert_eq!((dict.len(), dict.pairs().count()), (8, 8));
    assert_eq!(dict.get(1).and_then(Node::as_i64), Some(15));
}
