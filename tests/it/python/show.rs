//! How the command shows everyday objects.

use std::io::Write as _;
use std::process::{Command, Stdio};

/// The tree that `ndpickle show` prints, without its first line.
fn tree(pickle: &[u8]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ndpickle"));
    let command = command
        .args(["show", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let mut child = command.spawn().expect("the command");
    child
        .stdin
        .take()
        .expect("a pipe")
        .write_all(pickle)
        .expect("written");
    let output = child.wait_with_output().expect("an end");
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    text.split_once('\n').expect("a line").1.to_owned()
}

#[test]
fn everyday_objects_are_told_in_a_line() {
    for (bytes, told) in [
        (
            &b"\x80\x03cdecimal\nDecimal\nX\x04\0\0\x001.50\x85R."[..],
            "Decimal  1.50\n",
        ),
        (
            b"\x80\x03cdatetime\ntimedelta\nK\x01K\x02K\x00\x87R.",
            "timedelta  1 day, 0:00:02\n",
        ),
        (
            b"\x80\x03cbuiltins\nrange\nK\x00K\x0aK\x02\x87R.",
            "range(0, 10, 2)\n",
        ),
        (
            b"\x80\x03ccollections\ndeque\n)K\x03\x86RK\x01a.",
            "deque(maxlen=3)  1 item\n└─ .items[0]  1\n",
        ),
        (
            b"\x80\x03ccollections\ndeque\n]K\x01a\x85R.",
            "deque  1 item\n└─ .args[0][0]  1\n",
        ),
        (
            b"\x80\x03ccollections\nCounter\n}X\x01\0\0\0aK\x03s\x85R.",
            "Counter  1 entry\n└─ ['a']  3\n",
        ),
        (
            b"\x80\x03cpathlib\nPosixPath\nX\x01\0\0\0/X\x01\0\0\0aX\x01\0\0\0b\x87R.",
            "PosixPath  /a/b\n",
        ),
        (
            b"\x80\x03cpathlib\nPosixPath\nX\x02\0\0\0a\x1b\x85R.",
            "PosixPath  a\\x1b\n",
        ),
        (
            b"\x80\x03cfractions\nFraction\nK\x01K\x03\x86R.",
            "Fraction  1/3\n",
        ),
        (b"\x80\x03cbuiltins\nEllipsis\n.", "Ellipsis\n"),
        (
            b"ccopy_reg\n_reconstructor\n(cm\nPoint\nc__builtin__\ntuple\n(I1\nI2\nttR.",
            "m.Point((1, 2))\n",
        ),
    ] {
        assert_eq!(tree(bytes), told);
    }
}

/// What was thrown away is never hidden behind such a line, nor is what was put where it does not belong.
#[test]
fn nothing_is_hidden() {
    // Each with a call of os.system: popped above the state, the arguments, the callable, a path's part, the offset of a time
    // zone, an element of a UUID's state; as a state, an item, a class, an attribute, the zone.
    let call = b"cos\nsystem\nX\x02\0\0\0ls\x85R";
    let popped = [&call[..], b"0"].concat();
    let join = |parts: &[&[u8]]| parts.concat();
    for bytes in [
        join(&[b"\x80\x03cdatetime\ndate\nC\x04\x07\xe4\x02\x1d", &popped, b"\x85R."]),
        join(&[b"\x80\x03cdatetime\ndate\nC\x04\x07\xe4\x02\x1d\x85", &popped, b"R."]),
        join(&[b"\x80\x03cdatetime\ndate\n", &popped, b"C\x04\x07\xe4\x02\x1d\x85R."]),
        join(&[b"\x80\x03cdatetime\ndate\nc_codecs\nencode\nX\x05\0\0\0\x07\xc3\xa4\x02\x1dX\x06\0\0\0latin1\x86", &popped, b"R\x85R."]),
        join(&[b"\x80\x03cpathlib\nPosixPath\nX\x01\0\0\0aX\x01\0\0\0b", &popped, b"\x86R."]),
        join(&[b"\x80\x03cdatetime\ntimezone\ncdatetime\ntimedelta\nK\x00K\x3c", &popped, b"K\x00\x87R\x85R."]),
        join(&[b"\x80\x03cuuid\nUUID\n)\x81}X\x03\0\0\0int", &popped, b"K\x05sb."]),
        join(&[b"\x80\x03cuuid\nUUID\n)\x81}(X\x03\0\0\0intK\x05X\x01\0\0\0x", call, b"ub."]),
        join(&[b"\x80\x03cuuid\nUUID\n)\x81}X\x03\0\0\0intK\x05sb", call, b"b."]),
        join(&[b"\x80\x03cdatetime\ndate\nC\x04\x07\xe4\x02\x1d\x85R", call, b"b."]),
        join(&[b"\x80\x03cdatetime\ndate\nC\x04\x07\xe4\x02\x1d\x85R", call, b"a."]),
        join(&[b"\x80\x03cdatetime\ndate\nC\x04\x07\xe4\x02\x1d\x85RK\x01", call, b"s."]),
        join(&[b"\x80\x03cdatetime\ntime\nC\x06\x17\0\0\0\0\0", call, b"\x86R."]),
        join(&[b"\x80\x03cbuiltins\nslice\n", call, b"NN\x87R."]),
        join(&[b"\x80\x03ccopyreg\n_reconstructor\n", call, b"cbuiltins\nobject\nN\x87R."]),
        join(&[b"\x80\x03ccopyreg\n_reconstructor\ncm\nC\ncbuiltins\nobject\n", &popped, b"N\x87R."]),
        join(&[b"\x80\x03ccollections\ndeque\n]K\x03", &popped, b"\x86RK\x01a."]),
        join(&[b"\x80\x03ccollections\ndeque\n]", call, b"a\x85RK\x01a."]),
        join(&[b"\x80\x03ccollections\ndefaultdict\n", call, b"\x85R."]),
        join(&[b"\x80\x03ccollections\nOrderedDict\n](](K\x01K\x02e", call, b"e\x85R."]),
        join(&[b"\x80\x03ccollections\nOrderedDict\n]](K\x01K\x02e", &popped, b"a\x85R."]),
        join(&[b"\x80\x03cbuiltins\nset\n]", &popped, b"\x85R."]),
    ] {
        let tree = tree(&bytes);
        assert!(tree.contains("os.system('ls')"), "{}\n{tree}", bytes.escape_ascii());
    }
}
