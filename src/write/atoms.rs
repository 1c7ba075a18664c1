//! The spelling of values without parts: ints, floats, strings, bytes.

use std::ops::Deref;

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
    match i32::try_from(value) {
        Ok(value) if dialect.protocol > 0 => binary_int(value, out),
        // Beyond 32 bits only Python 2 has such ints: on a 64-bit machine they are spelled so in any protocol.
        _ => line(Code::Int, &value.to_string(), out),
    }
}

/// An int of 32 bits, in a protocol other than 0.
#[inline]
fn binary_int(value: i32, out: &mut Output<'_, '_>) {
    // The bytes of the longest spelling begin with those of the others: so nothing is guessed from the number before.
    let (code, width) = match value {
        0..=0xff => (Code::BinInt1, 1),
        0x100..=0xffff => (Code::BinInt2, 2),
        _ => (Code::BinInt, 4),
    };
    out.cut_opcode(code, value.to_le_bytes(), width);
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
            Ok(len) => out.payload(&Header::new(Code::Long1, [len]), payload),
            Err(_) => {
                let len = i32::try_from(payload.len())
                    .map_err(|_| Error::unsupported("an int of more than 2 GiB"))?;
                out.payload(&Header::new(Code::Long4, len.to_le_bytes()), payload)
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
fn short_str(text: &[u8], dialect: Dialect, out: &mut Output<'_, '_>) {
    let len = text.len() as u8;
    match dialect.protocol {
        4.. => out.bytes(&[Code::ShortBinUnicode.byte(), len]),
        _ => out.bytes(&[Code::BinUnicode.byte(), len, 0, 0, 0]),
    }
    out.bytes(text);
}

/// A str in memory, in UTF-8 that may hold surrogates.
#[inline]
pub(super) fn text(text: &[u8], dialect: Dialect, out: &mut Output<'_, '_>) -> Result<()> {
    if dialect.protocol == 0 {
        return unicode_line(text, dialect, out);
    }
    if text.len() < 256 {
        short_str(text, dialect, out);
        return Ok(());
    }
    out.slice(&str_header(text.len() as u64, dialect)?, text)
}

/// A str, in UTF-8 that may hold surrogates.
pub(super) fn str<'a>(
    payload: Payload<'a>,
    dialect: Dialect,
    out: &mut Output<'_, 'a>,
) -> Result<()> {
    match dialect.protocol {
        0 => unicode_line(&payload.to_vec()?, dialect, out),
        _ => out.payload(&str_header(payload.len(), dialect)?, payload),
    }
}

/// The opcode and the length of a str.
fn str_header(len: u64, dialect: Dialect) -> Result<Header> {
    match (dialect.protocol, u8::try_from(len), u32::try_from(len)) {
        (4.., Ok(len), _) => Ok(Header::new(Code::ShortBinUnicode, [len])),
        (.., Ok(len)) => Ok(Header::new(Code::BinUnicode, len.to_le_bytes())),
        (4.., ..) => Ok(Header::new(Code::BinUnicode8, len.to_le_bytes())),
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
        (Ok(len), _) => out.payload(&Header::new(Code::ShortBinString, [len]), payload),
        (_, Ok(len)) => out.payload(&Header::new(Code::BinString, len.to_le_bytes()), payload),
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
        Ok(len) => out.payload(&Header::new(Code::BinUnicode, len.to_le_bytes()), text),
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
    out.array(&bytes_header(payload.len(), dialect)?, payload)
}

/// The opcode and the length of bytes.
pub(super) fn bytes_header(len: u64, dialect: Dialect) -> Result<Header> {
    match (u8::try_from(len), u32::try_from(len)) {
        (Ok(len), _) => Ok(Header::new(Code::ShortBinBytes, [len])),
        (_, Ok(len)) => Ok(Header::new(Code::BinBytes, len.to_le_bytes())),
        _ if dialect.protocol >= 4 => Ok(Header::new(Code::BinBytes8, len.to_le_bytes())),
        _ => Err(Error::unsupported("bytes of 4 GiB or more need protocol 4")),
    }
}

pub(super) fn bytearray<'a>(payload: Recoded<'a>, out: &mut Output<'_, 'a>) -> Result<()> {
    let len = payload.len();
    out.array(&Header::new(Code::ByteArray8, len.to_le_bytes()), payload)
}

/// An opcode whose argument is a line.
pub(super) fn line(code: Code, text: &str, out: &mut Output<'_, '_>) {
    out.byte(code.byte());
    out.bytes(text.as_bytes());
    out.byte(b'\n');
}

/// An opcode and the length of what follows.
pub(super) struct Header([u8; 9], usize);

impl Header {
    #[inline]
    fn new<const N: usize>(code: Code, len: [u8; N]) -> Header {
        let mut bytes = [code.byte(); 9];
        bytes[1..=N].copy_from_slice(&len);
        Header(bytes, N + 1)
    }
}

impl Deref for Header {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0[..self.1]
    }
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
