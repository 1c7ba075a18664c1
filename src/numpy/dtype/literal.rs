//! The literal that `dtype.descr` is, read back: a Python literal of lists, tuples, strings and ints.

use super::fields::{Field, Fields, Title};
use super::text::simple;
use super::{ByteOrder, DEEPEST, DType, ElementKind};

/// A Python literal of lists, tuples, strings and ints, read from the left.
pub(super) struct Literal<'t> {
    text: &'t str,
    at: usize,
}

impl Literal<'_> {
    pub(super) fn new(text: &str) -> Literal<'_> {
        Literal { text, at: 0 }
    }

    /// The dtype that the whole text is.
    pub(super) fn whole_dtype(mut self) -> Option<DType> {
        let dtype = self.dtype(0)?;
        self.blanks();
        (self.at == self.text.len()).then_some(dtype)
    }

    fn blanks(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
    }

    /// Passes over this character, if it is the next one.
    fn take(&mut self, c: char) -> bool {
        self.blanks();
        let is_next = self.text[self.at..].starts_with(c);
        self.at += if is_next { c.len_utf8() } else { 0 };
        is_next
    }

    /// A string of Python 2 or 3 in its quotes.
    fn string(&mut self) -> Option<String> {
        self.blanks();
        let rest = &self.text[self.at..];
        let body = rest.strip_prefix(['u', 'b']).unwrap_or(rest);
        let quote = body.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
        let mut out = String::new();
        let mut chars = body[1..].char_indices();
        loop {
            let (at, c) = chars.next()?;
            match c {
                _ if c == quote => {
                    self.at = self.text.len() - body.len() + at + 2;
                    return Some(out);
                }
                '\\' => match chars.next()?.1 {
                    'n' => out.push('\n'),
                    'r' => out.push('\r'),
                    't' => out.push('\t'),
                    c @ ('\\' | '\'' | '"') => out.push(c),
                    kind @ ('x' | 'u' | 'U') => {
                        let digits = match kind {
                            'x' => 2,
                            'u' => 4,
                            _ => 8,
                        };
                        let code = (0..digits)
                            .try_fold(0, |code, _| Some(code << 4 | chars.next()?.1.to_digit(16)?));
                        out.push(char::from_u32(code?)?);
                    }
                    _ => return None,
                },
                c => out.push(c),
            }
        }
    }

    fn int(&mut self) -> Option<u64> {
        self.blanks();
        let rest = &self.text[self.at..];
        let end = rest.find(|c: char| !c.is_ascii_digit());
        let digits = &rest[..end.unwrap_or(rest.len())];
        self.at += digits.len();
        // Python 2 wrote longs.
        self.at += usize::from(self.text[self.at..].starts_with('L'));
        digits.parse().ok()
    }

    /// An int, or a tuple of ints.
    fn shape(&mut self) -> Option<Vec<u64>> {
        if !self.take('(') {
            return Some(vec![self.int()?]);
        }
        let mut shape = Vec::new();
        while !self.take(')') {
            shape.push(self.int()?);
            if !self.take(',') {
                return self.take(')').then_some(shape);
            }
        }
        Some(shape)
    }

    /// A string, a list of fields, or `(dtype, shape)`.
    fn dtype(&mut self, depth: usize) -> Option<DType> {
        if depth > DEEPEST {
            return None;
        }
        if self.take('[') {
            return self.fields(depth);
        }
        if self.take('(') {
            let base = self.dtype(depth + 1)?;
            let shape = self.take(',').then(|| self.shape())??;
            self.take(',');
            return self
                .take(')')
                .then(|| DType::subarray_of(base, shape))
                .flatten();
        }
        simple(&self.string()?)
    }

    /// The fields behind `[`.
    fn fields(&mut self, depth: usize) -> Option<DType> {
        let mut list: Vec<Field> = Vec::new();
        let mut offset = 0u64;
        while !self.take(']') {
            if !self.take('(') {
                return None;
            }
            let (title, name) = if self.take('(') {
                let title = self.string()?;
                let name = self.take(',').then(|| self.string())??;
                self.take(')').then_some((Some(title), name))?
            } else {
                (None, self.string()?)
            };
            let mut dtype = self.take(',').then(|| self.dtype(depth + 1))??;
            if self.take(',') && !self.text[self.at..].trim_start().starts_with(')') {
                dtype = DType::subarray_of(dtype, self.shape()?)?;
                self.take(',');
            }
            let at = offset;
            offset = offset.checked_add(dtype.itemsize())?;
            let ended = self.take(')')
                && (self.take(',') || self.text[self.at..].trim_start().starts_with(']'));
            if !ended {
                return None;
            }
            // Padding, as `descr_to_dtype` of NumPy's `lib/format.py` tells it: subarrays are void there.
            let is_void = matches!(dtype.kind(), ElementKind::Void | ElementKind::Subarray);
            if name.is_empty() && is_void {
                continue;
            }
            list.push(Field {
                title: title.map(|title| Title::Text(title.into())),
                ..Field::new(&name, dtype, at)
            });
        }
        let void = DType::new(ElementKind::Void, 0, ByteOrder::None);
        Some(void.with_fields(Fields::new(list, false, false), offset))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Texts: `dtype.descr` of NumPy 2.4; each is that of the dtype which `numpy.lib.format.descr_to_dtype` makes of it.
    #[test]
    fn descr_comes_back() {
        for text in [
            "[('a', '<i4'), ('b', '>f8')]",
            "[('a', '|i1'), ('', '|V7'), ('b', '<f8')]",
            "[('', '|V2'), ('a', '<i2'), ('', '|V4')]",
            "[(('Title A', 'a'), '<i4'), ('b', '<f8', (2,))]",
            "[('p', [('x', '<f4'), ('y', '<f4')]), ('m', '<i2', (2, 2))]",
            "[('a', ('<i4', (2,)), (3,))]",
            "[('é', '<M8[25s]'), (\"it's\", '|O'), ('x', [])]",
            "[]",
        ] {
            let dtype: DType = text.parse().expect(text);
            assert_eq!(dtype.descr().as_deref(), Some(text));
        }
        let plain: DType = "<f8".parse().expect("plain");
        assert_eq!(plain.descr().as_deref(), Some("[('', '<f8')]"));
        for (text, same) in [
            ("[('a', '<f8', 3)]", "[('a', '<f8', (3,))]"),
            ("[(u'a', 'float64', (2L,)),]", "[('a', '<f8', (2,))]"),
            ("[('\\u20ac', b'f8',)]", "[('€', '<f8')]"),
            ("[('', '<f8')]", "[('', '<f8')]"),
            (
                "[('', '<f8', (2,)), ('a', '|u1')]",
                "[('', '|V16'), ('a', '|u1')]",
            ),
        ] {
            let dtype: DType = text.parse().expect(text);
            assert_eq!(dtype.descr().as_deref(), Some(same));
        }
    }

    #[test]
    fn what_is_no_dtype() {
        for text in [
            "",
            "x",
            "f3",
            "<",
            "[",
            "[('a')]",
            "[('a', '<f8'",
            "[('a', '<f8')] 1",
            "('a', '<f8')",
            "M8[x]",
            "f8[s]",
            "[('a', '<f8', (2,3)",
            "S99999999999999999999",
            "['<f8']",
            "[('a', '<f8') ('b', '<f8')]",
        ] {
            assert!(text.parse::<DType>().is_err(), "{text}");
        }
        let deep = "[('a', ".repeat(100_000);
        assert!(deep.parse::<DType>().is_err());
    }
}
