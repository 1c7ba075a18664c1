//! Text for people: sizes, numbers, and strings that cannot disturb a terminal.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Whether a character is better escaped: controls (also those of the terminal beyond ASCII), and what turns or hides
/// the text around it.
fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
        || matches!(c, '\u{e0000}'..='\u{e007f}')
}

fn push_escape(c: char, out: &mut String) {
    // OK because writing to a String cannot fail.
    let _ = match u32::from(c) {
        0x0a => write!(out, "\\n"),
        0x0d => write!(out, "\\r"),
        0x09 => write!(out, "\\t"),
        n @ ..=0xff => write!(out, "\\x{n:02x}"),
        n @ ..=0xffff => write!(out, "\\u{n:04x}"),
        n => write!(out, "\\U{n:08x}"),
    };
}

/// A text in one line that does nothing to a terminal.
pub(crate) fn safe(text: &str) -> Cow<'_, str> {
    if !text.contains(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match is_unsafe(c) {
            true => push_escape(c, &mut out),
            false => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// A string in quotes, as Python shows it. UTF-8 may hold surrogates; bytes that fit nowhere are escaped.
pub(crate) fn quoted(bytes: &[u8]) -> String {
    let quote = quote(bytes);
    let mut out = String::from(quote);
    let mut rest = bytes;
    while !rest.is_empty() {
        let (valid, next) = match std::str::from_utf8(rest) {
            Ok(text) => (text, &rest[rest.len()..]),
            // OK because the error says that so many bytes are UTF-8.
            Err(error) => (
                std::str::from_utf8(&rest[..error.valid_up_to()]).unwrap_or_default(),
                &rest[error.valid_up_to()..],
            ),
        };
        for c in valid.chars() {
            match c {
                '\\' => out.push_str("\\\\"),
                c if c == quote => out.extend(['\\', c]),
                c if is_unsafe(c) => push_escape(c, &mut out),
                c => out.push(c),
            }
        }
        rest = match next {
            [0xed, b @ 0xa0..=0xbf, c @ 0x80..=0xbf, tail @ ..] => {
                let unit = 0xd000 | u32::from(b & 0x3f) << 6 | u32::from(c & 0x3f);
                let _ = write!(out, "\\u{unit:04x}");
                tail
            }
            [byte, tail @ ..] => {
                let _ = write!(out, "\\x{byte:02x}");
                tail
            }
            [] => next,
        };
    }
    out.push(quote);
    out
}

/// Bytes in quotes, as Python shows them, without the `b`.
pub(crate) fn quoted_bytes(bytes: &[u8]) -> String {
    let quote = quote(bytes);
    let mut out = String::from(quote);
    for byte in bytes {
        match byte {
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            _ if char::from(*byte) == quote => out.extend(['\\', quote]),
            0x20..=0x7e => out.push(char::from(*byte)),
            // OK because writing to a String cannot fail.
            _ => drop(write!(out, "\\x{byte:02x}")),
        }
    }
    out.push(quote);
    out
}

/// Double quotes where there is a single one inside and no double one.
fn quote(bytes: &[u8]) -> char {
    match bytes.contains(&b'\'') && !bytes.contains(&b'"') {
        true => '"',
        false => '\'',
    }
}

/// The beginning of a text that is too long, with an ellipsis.
pub(crate) fn shortened(text: &str, width: usize) -> Cow<'_, str> {
    match text.char_indices().nth(width) {
        None => Cow::Borrowed(text),
        Some(_) => {
            let kept: String = text.chars().take(width.saturating_sub(1)).collect();
            Cow::Owned(kept + "…")
        }
    }
}

/// Columns that a text takes, a character each.
pub(crate) fn width(text: &str) -> usize {
    text.chars().count()
}

/// A number with commas: `12,345`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A count with its noun: `1 item`, `2 items`.
pub(crate) fn count(number: u64, one: &str, many: &str) -> String {
    format!(
        "{} {}",
        grouped(number),
        if number == 1 { one } else { many }
    )
}

/// A number of bytes in the unit that suits it: `24 B`, `1.5 KiB`.
pub(crate) fn size(bytes: u64) -> String {
    const UNITS: [&str; 6] = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    if bytes < 1024 {
        return format!("{bytes} B");
    }
    let mut value = bytes as f64 / 1024.0;
    let mut unit = 0;
    // What would be rounded up to 1024 is 1 of the next unit.
    while value >= 1023.95 && unit + 1 < UNITS.len() {
        value /= 1024.0;
        unit += 1;
    }
    format!("{value:.1} {}", UNITS[unit])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_safe() {
        assert_eq!(safe("a\u{1b}[2J\u{9b}é"), "a\\x1b[2J\\x9bé");
        assert_eq!(quoted("it's €\u{202e}".as_bytes()), "\"it's €\\u202e\"");
        assert_eq!(quoted(b"a\xed\xa0\xbd\xff'\""), "'a\\ud83d\\xff\\'\"'");
        assert_eq!(quoted_bytes(b"\x00a\n\\"), "'\\x00a\\n\\\\'");
    }

    #[test]
    fn numbers() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(size(1023), "1023 B");
        assert_eq!(size(1536), "1.5 KiB");
        assert_eq!(size((1 << 20) - 1), "1.0 MiB");
        assert_eq!(size(u64::MAX), "16.0 EiB");
        assert_eq!(shortened("abcdef", 4), "abc…");
        assert_eq!(shortened("abcd", 4), "abcd");
    }
}
