//! The four ways by which bytes reach the reader. Whatever is read one way must come out alike the others.

use std::io::{self, BufRead, Read};
use std::sync::Arc;

use ndpickle::{Options, Pickle, ReadAt, Result};

/// Where the bytes come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum From {
    Slice,
    /// Something stored, read as a file is.
    Stored,
    /// A stream that has everything at hand.
    Stream,
    /// A stream that gives one byte at a time.
    Trickle,
}

pub(crate) const ALL: [From; 4] = [From::Slice, From::Stored, From::Stream, From::Trickle];

impl From {
    /// Reads one pickle.
    pub(crate) fn read<'a>(self, bytes: &'a [u8], options: Options<'a>) -> Result<Pickle<'a>> {
        match self {
            From::Slice => options.parse(bytes),
            From::Stored => {
                let stored: Arc<dyn ReadAt> = Arc::new(bytes.to_vec());
                options.read_at(stored, 0..bytes.len() as u64)
            }
            From::Stream => options.read(bytes),
            From::Trickle => options.read(Trickle(bytes)),
        }
    }
}

/// A stream with one byte at hand.
pub(crate) struct Trickle<'b>(pub(crate) &'b [u8]);

impl Read for Trickle<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = buf.len().min(1);
        self.0.read(&mut buf[..n])
    }
}

impl BufRead for Trickle<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        Ok(&self.0[..self.0.len().min(1)])
    }

    fn consume(&mut self, amount: usize) {
        self.0 = &self.0[amount..];
    }
}

/// What a reading gave, so that two can be compared: the document, or where and how it failed.
pub(crate) fn outcome(result: &Result<Pickle<'_>>) -> String {
    match result {
        Ok(pickle) => super::dump::exact(pickle),
        Err(error) => {
            let (category, at) = (error.category(), (error.offset(), error.opcode()));
            format!("{category:?} {at:?} {error}")
        }
    }
}

/// Reads the bytes in all four ways, wants one outcome, and gives the slice's document.
#[track_caller]
pub(crate) fn alike<'a>(
    what: &str,
    bytes: &'a [u8],
    options: impl Fn() -> Options<'a>,
) -> Result<Pickle<'a>> {
    let slice = From::Slice.read(bytes, options());
    let expected = outcome(&slice);
    for from in &ALL[1..] {
        let found = outcome(&from.read(bytes, options()));
        assert!(
            found == expected,
            "{what}: {from:?} differs from the slice\n{}",
            super::dump::difference(&expected, &found)
        );
    }
    slice
}
