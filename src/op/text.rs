//! The text literals of protocol 0, read and written as CPython does.
//!
//! Strings come out as UTF-8 in which lone surrogates are encoded like other code points (Python's `surrogatepass`).

use num_bigint::BigInt;

use crate::error::{Error, ErrorKind, Result};
use crate::repr::wtf8::{code_points, push_code_point};

/// What an INT or LONG argument says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Integer {
    /// `00` or `01` of an INT.
    Bool(bool),
    /// A number of 64 bits.
    Small(i64),
    /// A larger one.
    Big(BigInt),
}

fn bad(what: &'static str) -> Error {
    Error::new(ErrorKind::BadText(what))
}

/// The argument of INT: decimal (or with a Python prefix such as `0x`), or a bool in two digits
/// (`load_int` in CPython's `_pickle.c`).
///
/// # Errors
///
/// Category `Syntax` when it is no number, `Limit` when it has more than `digits` digits.
pub fn int(line: &[u8], digits: u64) -> Result<Integer> {
    if line == b"01" {
        return Ok(Integer::Bool(true));
    }
    let value = match octal(line) {
        Some(value) => Integer::Small(value),
        None => number(line, digits).ok_or_else(|| bad("INT argument"))??,
    };
    match value {
        // Two characters are a bool, also where they are `+1` or `-0`.
        Integer::Small(value @ (0 | 1)) if line.len() == 2 => Ok(Integer::Bool(value == 1)),
        value => Ok(value),
    }
}

/// What C's `strtol` takes for octal, and INT with it, but not LONG: `017`.
fn octal(line: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(line).ok()?.trim_start_matches(BLANKS);
    let bare = text.strip_prefix(['+', '-']).unwrap_or(text);
    let is_octal = bare.len() > 1 && bare.starts_with('0');
    is_octal.then(|| i64::from_str_radix(text, 8).ok())?
}

/// The argument of LONG: as INT, with or without a trailing `L` (`load_long` in CPython's `_pickle.c`).
///
/// # Errors
///
/// As [`int`].
pub fn long(line: &[u8], digits: u64) -> Result<Integer> {
    let line = line.strip_suffix(b"L").unwrap_or(line);
    number(line, digits).ok_or_else(|| bad("LONG argument"))?
}

/// A Python int literal in base 0 (`PyLong_FromString`); `None` when it is none.
fn number(line: &[u8], digits: u64) -> Option<Result<Integer>> {
    let text = std::str::from_utf8(line).ok()?.trim_matches(BLANKS);
    let (negative, rest) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (radix, rest) = match rest.get(..2) {
        Some("0x" | "0X") => (16, &rest[2..]),
        Some("0o" | "0O") => (8, &rest[2..]),
        Some("0b" | "0B") => (2, &rest[2..]),
        // Not octal any more, and nothing else either.
        Some(two) if two.starts_with('0') && rest.bytes().any(|byte| byte != b'0') => return None,
        _ => (10, rest),
    };
    if radix == 10 && rest.len() as u64 > digits {
        return Some(Err(Error::limit("digits", digits)));
    }
    if rest.contains('_') {
        let lone =
            rest.ends_with('_') || rest.contains("__") || (radix == 10 && rest.starts_with('_'));
        let plain = rest.replace('_', "");
        return if lone {
            None
        } else {
            magnitude(&plain, radix, negative)
        };
    }
    magnitude(rest, radix, negative)
}

fn magnitude(digits: &str, radix: u32, negative: bool) -> Option<Result<Integer>> {
    if !digits.bytes().all(|byte| char::from(byte).is_digit(radix)) {
        return None;
    }
    if let Ok(small) = i64::from_str_radix(digits, radix) {
        return Some(Ok(Integer::Small(if negative { -small } else { small })));
    }
    let magnitude = BigInt::parse_bytes(digits.as_bytes(), radix)?;
    let value = if negative { -magnitude } else { magnitude };
    Some(Ok(
        i64::try_from(&value).map_or(Integer::Big(value), Integer::Small)
    ))
}

/// What Python's numbers may have around them (`Py_ISSPACE`).
pub(super) const BLANKS: [char; 6] = [' ', '\t', '\n', '\x0b', '\x0c', '\r'];

/// A memo index of PUT or GET: decimal.
///
/// # Errors
///
/// Category `Syntax`.
pub fn index(line: &[u8]) -> Result<u64> {
    let text = std::str::from_utf8(line)
        .unwrap_or_default()
        .trim_matches(BLANKS);
    match text.parse::<i64>() {
        Ok(index) => u64::try_from(index).map_err(|_| Error::new(ErrorKind::Negative(index))),
        Err(_) => Err(bad("memo index")),
    }
}

/// The argument of FLOAT.
///
/// # Errors
///
/// Category `Syntax`.
pub fn float(line: &[u8]) -> Result<f64> {
    std::str::from_utf8(line)
        .ok()
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| bad("FLOAT argument"))
}

/// The bytes that the quoted argument of STRING stands for, with escapes resolved
/// (`load_string` in `_pickle.c`, `_PyBytes_DecodeEscape`).
///
/// # Errors
///
/// Category `Syntax` without quotes or with a broken escape.
pub fn string(line: &[u8], out: &mut Vec<u8>) -> Result<()> {
    let mut rest = quoted(line)?;
    while let Some((byte, tail)) = rest.split_first() {
        rest = tail;
        if *byte != b'\\' {
            out.push(*byte);
            continue;
        }
        let (escape, tail) = rest.split_first().ok_or_else(|| bad("STRING escape"))?;
        rest = tail;
        match escape {
            b'\n' => {}
            b'\\' | b'\'' | b'"' => out.push(*escape),
            b'a' => out.push(7),
            b'b' => out.push(8),
            b'f' => out.push(12),
            b'n' => out.push(b'\n'),
            b'r' => out.push(b'\r'),
            b't' => out.push(b'\t'),
            b'v' => out.push(11),
            b'0'..=b'7' => {
                let mut value = u32::from(escape - b'0');
                for _ in 0..2 {
                    let Some(digit @ b'0'..=b'7') = rest.first() else {
                        break;
                    };
                    value = value * 8 + u32::from(digit - b'0');
                    rest = &rest[1..];
                }
                out.push(value as u8);
            }
            b'x' => {
                let digits = rest
                    .get(..2)
                    .and_then(hex)
                    .ok_or_else(|| bad("STRING escape"))?;
                out.push(digits as u8);
                rest = &rest[2..];
            }
            _ => out.extend([b'\\', *escape]),
        }
    }
    Ok(())
}

/// What stands between the quotes of a STRING argument.
///
/// # Errors
///
/// Category `Syntax` without quotes.
pub fn quoted(line: &[u8]) -> Result<&[u8]> {
    match line {
        [b'\'', inner @ .., b'\''] | [b'"', inner @ .., b'"'] => Ok(inner),
        _ => Err(bad("STRING argument: it must be quoted")),
    }
}

/// The text that the argument of UNICODE stands for, in raw-unicode-escape (`_PyUnicode_DecodeRawUnicodeEscape`).
///
/// # Errors
///
/// Category `Syntax` with a broken escape.
pub fn unicode(line: &[u8], out: &mut Vec<u8>) -> Result<()> {
    let mut rest = line;
    while let Some((byte, tail)) = rest.split_first() {
        rest = tail;
        if *byte != b'\\' {
            push_code_point(u32::from(*byte), out);
            continue;
        }
        out.push(b'\\');
        let Some((escape, tail)) = rest.split_first() else {
            break;
        };
        rest = tail;
        let len = match escape {
            b'u' => 4,
            b'U' => 8,
            _ => {
                push_code_point(u32::from(*escape), out);
                continue;
            }
        };
        out.pop();
        let value = rest
            .get(..len)
            .and_then(hex)
            .filter(|value| *value <= 0x10_ffff);
        push_code_point(value.ok_or_else(|| bad("UNICODE escape"))?, out);
        rest = &rest[len..];
    }
    Ok(())
}

fn hex(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0u32, |value, digit| {
        Some(value << 4 | char::from(*digit).to_digit(16)?)
    })
}

/// Which characters the writer of a UNICODE argument escapes besides those above U+00FF.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Escapes {
    /// Backslash and newline: Python 2, and 3 up to 3.6.
    Few,
    /// Also NUL, carriage return and Ctrl-Z: from 3.7 (`raw_unicode_escape` in `_pickle.c`).
    More,
}

/// Appends the argument of UNICODE for a text in UTF-8.
pub fn write_unicode(text: &[u8], escapes: Escapes, out: &mut Vec<u8>) {
    for value in code_points(text).map(|value| value.unwrap_or(0xfffd)) {
        match value {
            0x1_0000.. => out.extend_from_slice(format!("\\U{value:08x}").as_bytes()),
            0x100.. | 0x5c | 0x0a => out.extend_from_slice(format!("\\u{value:04x}").as_bytes()),
            0 | 0x0d | 0x1a if escapes == Escapes::More => {
                out.extend_from_slice(format!("\\u{value:04x}").as_bytes());
            }
            _ => out.push(value as u8),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn reads_string(line: &[u8], expected: &[u8]) {
        let mut out = Vec::new();
        string(line, &mut out).expect("a quoted string");
        assert_eq!(out, expected);
    }

    // Expectations of this module: `eval` and `pickle.loads` of CPython 3.13.
    #[test]
    fn strings() {
        reads_string(b"'abc'", b"abc");
        reads_string(br#""it's""#, b"it's");
        reads_string(br"'\x00\n\\\'\101\7\q'", b"\0\n\\'A\x07\\q");
        reads_string(br"'\777'", b"\xff");
        for broken in [&b"abc"[..], b"'abc", b"'", br"'\x4'", br"'\'"] {
            assert!(string(broken, &mut Vec::new()).is_err(), "{broken:?}");
        }
    }

    #[test]
    fn unicodes() {
        for (line, expected) in [
            (&b"abc"[..], "abc".as_bytes()),
            (b"\xe9", "é".as_bytes()),
            (br"\u20ac\U0001f600", "€😀".as_bytes()),
            (br"\\u20ac", br"\\u20ac"),
            (br"\ud83d", b"\xed\xa0\xbd"),
            (br"a\q\", br"a\q\"),
        ] {
            let mut out = Vec::new();
            unicode(line, &mut out).expect("text");
            assert_eq!(out, expected, "{line:?}");
        }
        for broken in [&br"\u12"[..], br"\uzzzz", br"\U00110000"] {
            assert!(unicode(broken, &mut Vec::new()).is_err(), "{broken:?}");
        }
    }

    #[test]
    fn unicode_goes_out_as_it_came() {
        for line in [
            &b"plain \xe9 \r\0\x1a"[..],
            br"\u005c \u000a \u20ac \U0001f600 \ud83d",
        ] {
            let (mut text, mut out) = (Vec::new(), Vec::new());
            unicode(line, &mut text).expect("text");
            write_unicode(&text, Escapes::Few, &mut out);
            assert_eq!(out, line);
        }
        let mut out = Vec::new();
        write_unicode(b"\r\0\x1a\n", Escapes::More, &mut out);
        assert_eq!(out, br"\u000d\u0000\u001a\u000a");
    }

    #[test]
    fn numbers() {
        let big =
            |text: &str| Integer::Big(BigInt::parse_bytes(text.as_bytes(), 10).expect("decimal"));
        for (line, expected) in [
            (&b"00"[..], Integer::Bool(false)),
            (b"01", Integer::Bool(true)),
            (b"0", Integer::Small(0)),
            (b"-12", Integer::Small(-12)),
            (b" 12 ", Integer::Small(12)),
            (b"0x10", Integer::Small(16)),
            (b"-0X_ff", Integer::Small(-255)),
            (b"1_000", Integer::Small(1000)),
            (b"000", Integer::Small(0)),
            (b"010", Integer::Small(8)),
            (b"9223372036854775807", Integer::Small(i64::MAX)),
            (b"9223372036854775808", big("9223372036854775808")),
        ] {
            assert_eq!(int(line, 4300).expect("a number"), expected, "{line:?}");
        }
        assert_eq!(
            long(b"-18446744073709551616L", 4300).expect("a number"),
            big("-18446744073709551616")
        );
        assert_eq!(long(b"5", 4300).expect("a number"), Integer::Small(5));
        for broken in [
            &b""[..],
            b"x",
            b"1.5",
            b"1 2",
            b"--1",
            b"0x",
            b"1L1",
            b"1__0",
            b"_1",
            b"1_",
        ] {
            assert!(int(broken, 4300).is_err(), "{broken:?}");
        }
        let error = long(&[b'1'; 5000], 4300).expect_err("too long");
        assert_eq!(error.category(), crate::Category::Limit);
    }
}
