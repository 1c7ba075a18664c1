//! UTF-8 in which lone surrogates are encoded like other code points: Python's `surrogatepass`.

/// Appends a code point as UTF-8; surrogates as if they were characters.
pub(crate) fn push_code_point(value: u32, out: &mut Vec<u8>) {
    match char::from_u32(value) {
        Some(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        None => out.extend([
            0xed,
            0x80 | (value >> 6 & 0x3f) as u8,
            0x80 | (value & 0x3f) as u8,
        ]),
    }
}

/// The code points of UTF-8 that may hold surrogates; `None` in place of each byte that fits nowhere.
pub(crate) fn code_points(mut bytes: &[u8]) -> impl Iterator<Item = Option<u32>> {
    std::iter::from_fn(move || {
        let (first, tail) = bytes.split_first()?;
        if *first < 0x80 {
            bytes = tail;
            return Some(Some(u32::from(*first)));
        }
        let len = match first {
            0xc2..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xf4 => 4,
            _ => 1,
        };
        let value = bytes.get(..len).and_then(|sequence| match sequence {
            [0xed, b @ 0xa0..=0xbf, c @ 0x80..=0xbf] => {
                Some(0xd000 | u32::from(b & 0x3f) << 6 | u32::from(c & 0x3f))
            }
            _ => std::str::from_utf8(sequence)
                .ok()?
                .chars()
                .next()
                .map(u32::from),
        });
        bytes = if value.is_some() { &bytes[len..] } else { tail };
        Some(value)
    })
}

/// Whether these bytes are such text.
pub(crate) fn is_valid(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok() || code_points(bytes).all(|value| value.is_some())
}
