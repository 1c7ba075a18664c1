//! Strings and bytes, shortened. Only the beginning of long ones is ever read.

use ndpickle::Payload;
use ndpickle::python::Bytes;

use crate::text;

/// Characters of a string that a line shows.
pub(super) const STRING: usize = 60;

/// Bytes that are read of a string to show it.
const PEEK: usize = 4 * STRING;

/// The beginning of bytes.
#[derive(Debug, Default)]
pub(super) struct Peek {
    pub(super) start: Vec<u8>,
    /// How many there are.
    pub(super) len: u64,
}

impl Peek {
    /// Bytes as they are.
    pub(super) fn bytes(payload: &Payload<'_>) -> Option<Peek> {
        let mut start = vec![0; payload.len().min(PEEK as u64) as usize];
        payload.read_at(&mut start, 0).ok()?;
        Some(Peek {
            start,
            len: payload.len(),
        })
    }

    /// Bytes in any spelling.
    pub(super) fn of(bytes: &Bytes<'_>) -> Option<Peek> {
        match bytes.payload() {
            Some(payload) => Peek::bytes(payload),
            // Text is read from its beginning alone.
            None => {
                let mut start = vec![0; bytes.len().min(PEEK as u64) as usize];
                bytes.read_start(&mut start).ok()?;
                Some(Peek {
                    start,
                    len: bytes.len(),
                })
            }
        }
    }
}

/// A str in quotes, shortened, and its length if it was.
pub(super) fn string(peek: &Peek) -> (String, String) {
    shorten(peek, "str", |start| {
        // A character may have been cut.
        let is_start = |byte: &u8| byte & 0xc0 != 0x80;
        let whole = start.len() as u64 == peek.len;
        let end = start.iter().rposition(is_start).filter(|_| !whole);
        text::quoted(&start[..end.unwrap_or(start.len())])
    })
}

pub(super) fn bytes(peek: &Peek, name: &str) -> (String, String) {
    let (value, note) = shorten(peek, name, |start| {
        format!("b{}", text::quoted_bytes(start))
    });
    match (name, note.is_empty()) {
        ("bytearray", true) => (format!("bytearray({value})"), note),
        _ => (value, note),
    }
}

/// A Python 2 str that is no text.
pub(super) fn py2_bytes(peek: &Peek) -> (String, String) {
    shorten(peek, "str of Python 2", text::quoted_bytes)
}

/// Quotes what is there, or as much of its beginning as a line has room for, and says how much there is then.
fn shorten(peek: &Peek, name: &str, quote: impl Fn(&[u8]) -> String) -> (String, String) {
    let mut start = &peek.start[..];
    let mut quoted = quote(start);
    if start.len() as u64 == peek.len && text::width(&quoted) <= STRING {
        return (quoted, String::new());
    }
    while text::width(&quoted) > STRING - 10 {
        start = &start[..start.len() - 1];
        while start
            .last()
            .is_some_and(|byte| byte & 0xc0 == 0x80 && name == "str")
        {
            start = &start[..start.len() - 1];
        }
        quoted = quote(start);
    }
    quoted.push('…');
    (quoted, format!("{name}, {}", text::size(peek.len)))
}
