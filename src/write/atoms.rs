//! The spelling of values without parts: ints, floats, strings, bytes.

use num_bigint::BigInt;

use super::output::Output;
use crate::error::{Error, Result};
use crate::graph::{Dialect, Python};
use crate::op::Code;
use crate::op::text::{self, Escapes};
use crate::payload::{Payload, Stream as _};
use crate::recode::Recoded;
use crate::repr::{self, wtf8};

/// Digits of the longest int that is spelled in decimal: the conversion costs quadratic time. Python's own limit.
const DIGITS: u64 = 4300;

/// An int that is no Python 2 long, as `save_int` of `cPickle.c` and `save_long` of `_pickle.c` do.
#[inline]
pub(super) fn int(value: i64, dialect: Dialect, out: &mut Output<'_, '_>) {
    if dialect.protocol == 0 {
        return line(Code::Int, &value.to_string(), out);
    }
    match value {
        0..=0xff => out.opcode(Code::BinInt1, [value as u8]),
        0x100..=0xffff => out.opcode(Code::BinInt2, (value as u16).to_le_bytes()),
        _ => match i32::try_from(value) {
            Ok(value) => out.opcode(Code::BinInt, value.to_le_bytes()),
            // Only Python 2 has such ints: on a 64-bit machine they are spelled so in any protocol.
            Err(_) => line(Code::Int, &value.to_string(), out),
        },
    }
}

/// A Python 2 long, or an int of Python 3 beyond 32 bits.
pub(super) fn small_long(value: i64, dialect: Dialect, out: &mut Output<'_, '_>) {
    if dialect.protocol < 2 {
        return line(Code::Long, &format!("{value}L"), out);
    }
    let bytes = value.to_le_bytes();
    out.byte(Code::Long1.byte());
    out.byte(minimal(&bytes).len() as u8);
    out.bytes(minimal(&bytes));
}

/// Two's complement without the bytes that only repeat the sign; zero is no byte at all.
fn minimal(bytes: &[u8]) -> &[u8] {
    let mut len = bytes.len();
    while len > 0 {
        let sign_before = len > 1 && bytes[len - 2] >= 0x80;
        let redundant = match bytes[len - 1] {
            0 => !sign_before,
            0xff => sign_before,
            _ => false,
        };
        if !redundant {
            break;
        }
        len -= 1;
    }
    &bytes[..len]
}

/// An int beyond 64 bits, in two's complement, little-endian.
pub(super) fn big_long<'a>(
    payload: Payload<'a>,
    dialect: Dialect,
    out: &mut Output<'_, 'a>,
) -> Result<()> {
    if dialect.protocol >= 2 {
        return match u8::try_from(payload.len()) {
            Ok(len) => out.payload(&[Code::Long1.byte(), len], payload),
            Err(_) => {
                let len = i32::try_from(payload.len())
                    .map_err(|_| Error::unsupported("an int of more than 2 GiB"))?;
                out.payload(&header(Code::Long4, &len.to_le_bytes()), payload)
            }
        };
    }
    // log10(256) is 2.408….
    if payload.len() * 12 / 5 > DIGITS {
        return Err(Error::limit("digits", DIGITS));
    }
    let value = BigInt::from_signed_bytes_le(&payload.to_vec()?);
    line(Code::Long, &format!("{value}L"), out);
    Ok(())
}

pub(super) fn float(value: f64, dialect: Dialect, out: &mut Output<'_, '_>) {
    match dialect {
        Dialect {
            protocol: 0,
            python: Python::Py2,
            pure: false,
        } => {
            line(Code::Float, &repr::float_17g(value), out);
        }
        Dialect { protocol: 0, .. } => line(Code::Float, &repr::float(value), out),
        _ => out.opcode(Code::BinFloat, value.to_be_bytes()),
    }
}

/// A str of less than 256 bytes, in a protocol other than 0.
#[inline]
pub(super) fn short_str(text: &[u8], dialect: Dialect, out: &mut Output<'_, '_>) {
    let len = text.len() as u8;
    match dialect.protocol {
        4.. => out.bytes(&[Code::ShortBinUnicode.byte(), len]),
        _ => out.bytes(&[Code::BinUnicode.byte(), len, 0, 0, 0]),
    }
    out.bytes(text);
}

/// A str, in UTF-8 that may hold surrogates.
pub(super) fn str<'a>(
    payload: Payload<'a>,
    dialect: Dialect,
    out: &mut Output<'_, 'a>,
) -> Result<()> {
    let len = payload.len();
    match (dialect.protocol, u8::try_from(len), u32::try_from(len)) {
        (0, ..) => unicode_line(&payload.to_vec()?, dialect, out),
        (4.., Ok(len), _) => out.payload(&[Code::ShortBinUnicode.byte(), len], payload),
        (.., Ok(len)) => out.payload(&header(Code::BinUnicode, &len.to_le_bytes()), payload),
        (4.., ..) => out.payload(&header(Code::BinUnicode8, &len.to_le_bytes()), payload),
        _ => Err(Error::unsupported(
            "a str of 4 GiB or more needs protocol 4",
        )),
    }
}

/// A Python 2 str.
pub(super) fn py2_str<'a>(
    payload: Recoded<'a>,
    dialect: Dialect,
    out: &mut Output<'_, 'a>,
) -> Result<()> {
    if dialect.protocol == 0 {
        let mut bytes = Vec::new();
        payload.write_to(&mut bytes)?;
        line(Code::String, &repr::py2_str(&bytes), out);
        return Ok(());
    }
    match (u8::try_from(payload.len()), i32::try_from(payload.len())) {
        (Ok(len), _) => out.payload(&[Code::ShortBinString.byte(), len], payload),
        (_, Ok(len)) => out.payload(&header(Code::BinString, &len.to_le_bytes()), payload),
        _ => Err(Error::unsupported("a Python 2 str of 2 GiB or more")),
    }
}

/// A str in protocol 0.
fn unicode_line(text: &[u8], dialect: Dialect, out: &mut Output<'_, '_>) -> Result<()> {
    let escapes = if dialect.python < Python::Py37 {
        Escapes::Few
    } else {
        Escapes::More
    };
    if !wtf8::is_valid(text) {
        return Err(Error::data(
            "a str that is not UTF-8 has no spelling in protocol 0",
        ));
    }
    out.byte(Code::Unicode.byte());
    text::write_unicode(text, escapes, out.buffer());
    out.byte(b'\n');
    Ok(())
}

/// A str of the latin-1 characters of bytes.
pub(super) fn latin1_str<'a>(
    payload: Payload<'a>,
    dialect: Dialect,
    out: &mut Output<'_, 'a>,
) -> Result<()> {
    if dialect.protocol == 0 {
        let text = Recoded::to_text(payload)?;
        let mut bytes = Vec::with_capacity(text.len() as usize);
        text.write_to(&mut bytes)?;
        return unicode_line(&bytes, dialect, out);
    }
    let text = Recoded::to_text(payload)?;
    match u32::try_from(text.len()) {
        Ok(len) => out.payload(&header(Code::BinUnicode, &len.to_le_bytes()), text),
        Err(_) => Err(Error::unsupported(
            "bytes of 4 GiB or more as text need protocol 3",
        )),
    }
}

pub(super) fn bytes<'a>(
    payload: Recoded<'a>,
    dialect: Dialect,
    out: &mut Output<'_, 'a>,
) -> Result<()> {
    let len = payload.len();
    match (u8::try_from(len), u32::try_from(len)) {
        (Ok(len), _) => out.payload(&[Code::ShortBinBytes.byte(), len], payload),
        (_, Ok(len)) => out.array(&header(Code::BinBytes, &len.to_le_bytes()), payload),
        _ if dialect.protocol >= 4 => {
            out.array(&header(Code::BinBytes8, &len.to_le_bytes()), payload)
        }
        _ => Err(Error::unsupported("bytes of 4 GiB or more need protocol 4")),
    }
}

pub(super) fn bytearray<'a>(payload: Recoded<'a>, out: &mut Output<'_, 'a>) -> Result<()> {
    let len = payload.len();
    out.array(&header(Code::ByteArray8, &len.to_le_bytes()), payload)
}

/// An opcode whose argument is a line.
pub(super) fn line(code: Code, text: &str, out: &mut Output<'_, '_>) {
    out.byte(code.byte());
    out.bytes(text.as_bytes());
    out.byte(b'\n');
}

fn header(code: Code, len: &[u8]) -> Vec<u8> {
    [&[code.byte()], len].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_text_are_not_replaced_in_protocol_0() {
        let bytes = b"X\x01\0\0\0\xff.";
        let pickle = crate::Pickle::parse(bytes).expect("text is looked at later");
        let options = crate::write::Options::new();
        assert_eq!(options.to_vec(&pickle).expect("as it was"), bytes);
        let protocol_0 = crate::write::Options::new().dialect(Dialect::current(0));
        assert_eq!(
            protocol_0.to_vec(&pickle).expect_err("no text").category(),
            crate::Category::Data
        );
        // Without PROTO the opcode of protocol 4 is no sign of its protocol.
        let pickle = crate::Pickle::parse(b"\x8c\x01\xff.").expect("text is looked at later");
        assert!(options.to_vec(&pickle).is_err());
    }

    // Expectations: `pickle.encode_long` of CPython 3.13.
    #[test]
    fn longs_are_minimal() {
        for (value, expected) in [
            (0, &[][..]),
            (1, &[1]),
            (-1, &[0xff]),
            (127, &[0x7f]),
            (128, &[0x80, 0]),
            (-128, &[0x80]),
            (-129, &[0x7f, 0xff]),
            (255, &[0xff, 0]),
            (-(1 << 39), &[0, 0, 0, 0, 0x80]),
            (1 << 39, &[0, 0, 0, 0, 0x80, 0]),
        ] {
            assert_eq!(minimal(&i64::to_le_bytes(value)), expected, "{value}");
        }
    }
}
