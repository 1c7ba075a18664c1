//! Every opcode in every shape: what is cut short is `Eof`, what is read is written back the same.

use std::collections::HashSet;

use proptest::prelude::*;

use super::{Argument, Code, Input as _, Op, Slice, decode};
use crate::error::{Category, ErrorKind, Result};

/// An encoded opcode of each code, and further arguments for the shapes that have edges.
fn samples() -> Vec<(Code, Vec<u8>)> {
    let mut samples = Vec::new();
    for code in Code::ALL {
        let arguments: &[&[u8]] = match code {
            Code::Int | Code::Long | Code::Get | Code::Put => &[b"12\n", b"\n"],
            Code::String => &[b"'ab'\n", b"\n"],
            Code::Unicode | Code::PersId => &[b"ab\n", b"\n"],
            Code::Float => &[b"1.5\n"],
            Code::Global | Code::Inst => &[b"os\nsystem\n", b"\n\n"],
            Code::BinInt1 | Code::BinGet | Code::BinPut | Code::Ext1 | Code::Proto => {
                &[b"\0", b"\xff"]
            }
            Code::BinInt2 | Code::Ext2 => &[b"\x01\x02"],
            Code::BinInt | Code::Ext4 => &[b"\x01\x02\x03\x04", b"\0\0\0\x80"],
            Code::LongBinGet | Code::LongBinPut => &[b"\x01\x02\x03\x04", b"\xff\xff\xff\xff"],
            Code::BinFloat => &[b"\x3f\xf8\0\0\0\0\0\0", b"\xff\xf8\0\0\0\0\0\x01"],
            Code::Frame => &[
                b"\x01\x02\x03\x04\x05\x06\x07\x08",
                b"\xff\xff\xff\xff\xff\xff\xff\xff",
            ],
            Code::Long1 | Code::ShortBinString | Code::ShortBinBytes | Code::ShortBinUnicode => {
                &[b"\x02ab", b"\0"]
            }
            Code::Long4 | Code::BinString | Code::BinBytes | Code::BinUnicode => {
                &[b"\x02\0\0\0ab", b"\0\0\0\0"]
            }
            Code::BinBytes8 | Code::ByteArray8 | Code::BinUnicode8 => {
                &[b"\x02\0\0\0\0\0\0\0ab", b"\0\0\0\0\0\0\0\0"]
            }
            _ => &[b""],
        };
        for argument in arguments {
            samples.push((code, [&[code.byte()], *argument].concat()));
        }
    }
    samples
}

#[track_caller]
fn read(bytes: &[u8]) -> (Op<&[u8]>, u64) {
    let mut input = Slice::new(bytes);
    let op = decode(&mut input).expect("an opcode");
    (op, input.position())
}

fn read_all(bytes: &[u8]) -> Result<Vec<Op<&[u8]>>> {
    let mut input = Slice::new(bytes);
    let mut ops = Vec::new();
    while !input.rest().is_empty() {
        ops.push(decode(&mut input)?);
    }
    Ok(ops)
}

#[test]
fn the_list_is_whole() {
    assert_eq!(Code::ALL.len(), 68);
    let known: HashSet<u8> = Code::ALL.iter().map(|code| code.byte()).collect();
    let names: HashSet<&str> = Code::ALL.iter().map(|code| code.name()).collect();
    assert_eq!((known.len(), names.len()), (68, 68));
    for byte in 0..=u8::MAX {
        let code = Code::from_byte(byte);
        assert_eq!(code.is_some(), known.contains(&byte), "{byte:#x}");
        assert!(code.is_none_or(|code| code.byte() == byte), "{byte:#x}");
    }
}

#[test]
fn every_opcode_comes_back() {
    for (code, bytes) in samples() {
        let (op, end) = read(&bytes);
        assert_eq!((op.code(), end), (code, bytes.len() as u64), "{code:?}");
        let mut out = b"before".to_vec();
        op.encode(&mut out);
        assert_eq!(out, [b"before", &bytes[..]].concat(), "{code:?}");
        // What stands behind an opcode is none of its business.
        let longer = [&bytes[..], b"\x80\xff\n"].concat();
        assert_eq!(read(&longer).1, bytes.len() as u64, "{code:?}");
    }
}

#[test]
fn every_prefix_is_an_eof() {
    let before = b"\x80\x04]K\x07a";
    for (code, bytes) in samples() {
        for len in 0..bytes.len() {
            let input = [before, &bytes[..len]].concat();
            let mut input = Slice::new(&input);
            for _ in 0..4 {
                decode(&mut input).expect("the opcodes before");
            }
            let error = decode(&mut input).expect_err("cut short");
            assert_eq!(error.category(), Category::Eof, "{code:?} cut at {len}");
            assert_eq!(
                error.offset(),
                Some(before.len() as u64),
                "{code:?} cut at {len}"
            );
            let opcode = (len > 0).then_some(code.name());
            assert_eq!(error.opcode(), opcode, "{code:?} cut at {len}");
        }
    }
}

#[test]
fn an_eof_says_how_much_is_missing() {
    for (bytes, missing) in [
        (&b""[..], 1),
        (b"J\0", 3),
        (b"G", 8),
        (b"C\x05ab", 3),
        (b"X\x05\0\0\0", 5),
        (b"\x8e\xff\xff\xff\xff\xff\xff\xff\xffab", u64::MAX - 2),
        (b"cos", 1),
        (b"cos\n", 1),
    ] {
        let error = decode(&mut Slice::new(bytes)).expect_err("cut short");
        let expected = ErrorKind::Eof { needed: missing };
        assert_eq!(error.kind(), &expected, "{bytes:?}");
    }
}

#[test]
fn what_is_no_opcode() {
    let error = read_all(b"]\xff").expect_err("no opcode");
    assert_eq!(error.kind(), &ErrorKind::UnknownOpcode(0xff));
    assert_eq!((error.offset(), error.opcode()), (Some(1), None));
    for code in [Code::BinString, Code::Long4] {
        let bytes = [b"N", &[code.byte()][..], b"\xfe\xff\xff\xff"].concat();
        let error = read_all(&bytes).expect_err("a negative length");
        assert_eq!(error.kind(), &ErrorKind::Negative(-2));
        assert_eq!(
            (error.offset(), error.opcode()),
            (Some(1), Some(code.name()))
        );
    }
}

#[test]
fn arguments_by_shape() {
    for (bytes, expected) in [
        (&b"."[..], Argument::None),
        (b"J\xfe\xff\xff\xff", Argument::Int(-2)),
        (b"j\xfe\xff\xff\xff", Argument::Int(0xffff_fffe)),
        (b"M\x01\x02", Argument::Int(0x0201)),
        (b"\x95\0\0\0\0\0\0\0\x80", Argument::Length(1 << 63)),
        (b"G\xbf\xf0\0\0\0\0\0\0", Argument::Float(-1.0)),
        (b"U\x02ab", Argument::Bytes(&b"ab"[..])),
        (b"I01\n", Argument::Bytes(b"01")),
        (b"ios\nsystem\n", Argument::Pair(b"os", b"system")),
    ] {
        assert_eq!(read(bytes).0.argument(), expected, "{bytes:?}");
    }
}

proptest! {
    #[test]
    fn whatever_decodes_encodes_back(bytes in bytes()) {
        let mut input = Slice::new(&bytes);
        let mut out = Vec::new();
        let mut end = 0;
        while let Ok(op) = decode(&mut input) {
            end = input.position() as usize;
            op.encode(&mut out);
        }
        prop_assert_eq!(&out[..], &bytes[..end]);
    }

    #[test]
    fn disassembly_ends(bytes in bytes()) {
        let mut out = Vec::new();
        match super::dis::dis(&bytes, &mut out) {
            Ok(end) => prop_assert_eq!(bytes[end as usize - 1], Code::Stop.byte()),
            Err(error) => prop_assert!(error.offset().is_some_and(|at| at <= bytes.len() as u64)),
        }
        prop_assert!(out.is_empty() || out.ends_with(b"\n"));
        prop_assert!(std::str::from_utf8(&out).is_ok());
    }
}

/// Bytes of any kind, and opcodes with arguments that are mostly right.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let sample = prop::sample::select(samples()).prop_map(|(_, bytes)| bytes);
    let code = prop::sample::select(&Code::ALL[..]).prop_map(|code| vec![code.byte()]);
    let part = prop_oneof![
        6 => sample,
        1 => code,
        1 => prop::collection::vec(any::<u8>(), 0..12),
        1 => "[0-9a-z\\\\'_.+-]{0,8}\n".prop_map(String::into_bytes),
    ];
    prop::collection::vec(part, 0..40).prop_map(|parts| parts.concat())
}
