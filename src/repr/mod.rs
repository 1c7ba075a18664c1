//! Python's `repr` of str, bytes and float.

mod printable;
pub(crate) mod wtf8;

use std::fmt::Write as _;

use self::wtf8::code_points;

/// `repr` of a Python 3 str, given in UTF-8 that may hold surrogates (`unicode_repr` in CPython's `unicodeobject.c`).
pub(crate) fn str(text: &[u8]) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    let quote = quote(text);
    out.push(quote);
    for value in code_points(text) {
        let value = value.unwrap_or(0xfffd);
        match (value, char::from_u32(value)) {
            (_, Some(c)) if c == quote || c == '\\' => out.extend(['\\', c]),
            (0x0a, _) => out.push_str("\\n"),
            (0x0d, _) => out.push_str("\\r"),
            (0x09, _) => out.push_str("\\t"),
            (0x20..=0x7e, Some(c)) => out.push(c),
            (0x80.., Some(c)) if printable::is_printable(value) => out.push(c),
            _ => push_escape(value, &mut out),
        }
    }
    out.push(quote);
    out
}

fn push_escape(value: u32, out: &mut String) {
    // OK because writing to a String cannot fail.
    let _ = match value {
        0..=0xff => write!(out, "\\x{value:02x}"),
        0x100..=0xffff => write!(out, "\\u{value:04x}"),
        _ => write!(out, "\\U{value:08x}"),
    };
}

/// A name as it is, but for characters that a terminal may take for a command: those are escaped as in a `repr`.
pub(crate) fn name(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match u32::from(c) {
            0x20..=0x7e => out.push(c),
            value @ 0x80.. if printable::is_printable(value) => out.push(c),
            value => push_escape(value, &mut out),
        }
    }
    out
}

/// `repr` of a bytes object (`PyBytes_Repr`).
pub(crate) fn bytes(bytes: &[u8]) -> String {
    format!("b{}", py2_str(bytes))
}

/// `repr` of a Python 2 str.
pub(crate) fn py2_str(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() + 2);
    let quote = quote(bytes);
    out.push(quote);
    for byte in bytes {
        match byte {
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            b'\\' => out.push_str("\\\\"),
            _ if char::from(*byte) == quote => out.extend(['\\', quote]),
            0x20..=0x7e => out.push(char::from(*byte)),
            _ => push_escape(u32::from(*byte), &mut out),
        }
    }
    out.push(quote);
    out
}

/// Double quotes where there is a single one inside and no double one.
fn quote(bytes: &[u8]) -> char {
    if bytes.contains(&b'\'') && !bytes.contains(&b'"') {
        '"'
    } else {
        '\''
    }
}

/// A str as paths show it: in the quotes of `repr`; backslash, quote, C0, DEL and surrogates escaped, everything else as it is.
pub(crate) fn push_plain_str(text: &[u8], out: &mut String) {
    let quote = quote(text);
    out.push(quote);
    for value in code_points(text) {
        let value = value.unwrap_or(0xfffd);
        match (value, char::from_u32(value)) {
            (_, Some(c)) if c == quote || c == '\\' => out.extend(['\\', c]),
            (0x0a, _) => out.push_str("\\n"),
            (0x0d, _) => out.push_str("\\r"),
            (0x09, _) => out.push_str("\\t"),
            (0..=0x1f | 0x7f, _) | (_, None) => push_escape(value, out),
            (_, Some(c)) => out.push(c),
        }
    }
    out.push(quote);
}

/// A text as it is, without what would break a line.
pub(crate) fn push_lossy(text: &[u8], out: &mut String) {
    for value in code_points(text) {
        let value = value.unwrap_or(0xfffd);
        match char::from_u32(value) {
            Some(c) if !c.is_control() => out.push(c),
            _ => push_escape(value, out),
        }
    }
}

/// `repr` of a float: the shortest digits that read back the same, with an exponent below 1e-4 and from 1e16 on
/// (`float_repr_style` "short", `PyOS_double_to_string` with format `r`).
pub(crate) fn float(value: f64) -> String {
    if !value.is_finite() {
        return if value.is_nan() {
            "nan"
        } else if value > 0.0 {
            "inf"
        } else {
            "-inf"
        }
        .into();
    }
    let text = shortest(value);
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..16).contains(&exponent) {
        let digits = mantissa.bytes().filter(u8::is_ascii_digit).count() as i32;
        let decimals = (digits - 1 - exponent).max(1) as usize;
        return format!("{value:.decimals$}");
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.unsigned_abs())
}

/// The shortest digits that read back the same, as `{:e}` writes them. Of two that are equally near Python takes the even
/// one and Rust's `{:e}` the larger; with a precision Rust rounds to even too.
fn shortest(value: f64) -> String {
    let text = format!("{value:e}");
    let mantissa = text.split('e').next().unwrap_or(&text);
    let digits = mantissa.bytes().filter(u8::is_ascii_digit).count();
    let exact = format!("{value:.*e}", digits.saturating_sub(1));
    if exact.parse() == Ok(value) {
        exact
    } else {
        text
    }
}

/// C's `%.17g`, as Python 2's C pickler writes floats in protocol 0.
pub(crate) fn float_17g(value: f64) -> String {
    if !value.is_finite() {
        return float(value);
    }
    let text = format!("{value:.16e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let trimmed = |digits: &str| match digits.contains('.') {
        true => digits
            .trim_end_matches('0')
            .trim_end_matches('.')
            .to_owned(),
        false => digits.to_owned(),
    };
    if (-4..17).contains(&exponent) {
        let decimals = (16 - exponent) as usize;
        return trimmed(&format!("{value:.decimals$}"));
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{}e{sign}{:02}", trimmed(mantissa), exponent.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    // Expectations of this module: `repr` of CPython 3.13 and `'%.17g'` of Python 2.7.
    #[test]
    fn floats() {
        for (value, short, long) in [
            (0.0, "0.0", "0"),
            (-0.0, "-0.0", "-0"),
            (1.0, "1.0", "1"),
            (0.1, "0.1", "0.10000000000000001"),
            (1.1, "1.1", "1.1000000000000001"),
            (1e16, "1e+16", "10000000000000000"),
            (1e15, "1000000000000000.0", "1000000000000000"),
            (1e17, "1e+17", "1e+17"),
            (0.0001, "0.0001", "0.0001"),
            (0.00001, "1e-05", "1.0000000000000001e-05"),
            (1.5e300, "1.5e+300", "1.5000000000000001e+300"),
            (-123456.789, "-123456.789", "-123456.789"),
            (5e-324, "5e-324", "4.9406564584124654e-324"),
            // Halfway between two of 17 digits.
            (
                f64::from_bits(0x3f87_0500_0000_0000),
                "0.011240005493164062",
                "0.011240005493164062",
            ),
            (f64::INFINITY, "inf", "inf"),
            (f64::NEG_INFINITY, "-inf", "-inf"),
            (f64::NAN, "nan", "nan"),
        ] {
            assert_eq!(float(value), short);
            assert_eq!(float_17g(value), long);
        }
    }

    #[test]
    fn strings() {
        assert_eq!(str("it's".as_bytes()), "\"it's\"");
        assert_eq!(str("'\"".as_bytes()), "'\\'\"'");
        assert_eq!(
            str("a\n\t\\\0\x7fé\u{a0}€😀\u{200b}".as_bytes()),
            "'a\\n\\t\\\\\\x00\\x7fé\\xa0€😀\\u200b'"
        );
        assert_eq!(str(b"\xed\xa0\xbd"), "'\\ud83d'");
        assert_eq!(bytes(b"a'\xff\r"), "b\"a'\\xff\\r\"");
        assert_eq!(py2_str(b"abc"), "'abc'");
    }

    #[test]
    fn path_strings() {
        let mut out = String::new();
        push_plain_str("it's \u{a0}é\u{1}\u{7f}\\".as_bytes(), &mut out);
        assert_eq!(out, "\"it's \u{a0}é\\x01\\x7f\\\\\"");
    }
}
