//! Any buffered stream: bytes are copied as they arrive, and nothing is taken beyond the end of the pickle.

use std::io::{self, BufRead};
use std::sync::Arc;

use super::source::Source;
use crate::error::{Error, Result};
use crate::graph::{Place, Store};
use crate::payload::{Aligned, Payload, SharedBytes};

/// Payloads from this size on get memory of their own, at a 16-byte boundary.
const OWN: u64 = 1 << 12;

/// What is allocated for a payload before any byte of it has come. From there memory grows to four times of what came.
const FIRST_STEP: usize = 1 << 16;

pub(crate) struct Stream<'r> {
    inner: Box<dyn BufRead + 'r>,
    position: u64,
}

impl<'r> Stream<'r> {
    pub(crate) fn new(inner: impl BufRead + 'r) -> Self {
        Stream {
            inner: Box::new(inner),
            position: 0,
        }
    }

    /// The bytes that are at hand; empty at the end of the stream.
    fn window(&mut self) -> Result<&[u8]> {
        // Asked again after an interruption: the borrow checker wants the answer fetched anew.
        loop {
            match self.inner.fill_buf() {
                Ok(_) => break,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(self.inner.fill_buf()?)
    }

    fn consume(&mut self, len: usize) {
        self.inner.consume(len);
        self.position += len as u64;
    }

    /// Fills `out`, which is part of `more` bytes still to come.
    fn fill(&mut self, out: &mut [u8], more: u64) -> Result<()> {
        let mut filled = 0;
        while filled < out.len() {
            let window = self.window()?;
            let n = window.len().min(out.len() - filled);
            if n == 0 {
                return Err(Error::eof(more - filled as u64));
            }
            out[filled..filled + n].copy_from_slice(&window[..n]);
            self.consume(n);
            filled += n;
        }
        Ok(())
    }
}

impl<'a> Source<'a> for Stream<'_> {
    #[inline]
    fn position(&self) -> u64 {
        self.position
    }

    #[inline]
    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let mut array = [0; N];
        if let Some(chunk) = self.window()?.first_chunk() {
            array = *chunk;
            self.consume(N);
        } else {
            self.fill(&mut array, N as u64)?;
        }
        Ok(array)
    }

    fn bytes(&mut self, len: u64, store: &mut Store<'a>) -> Result<Place> {
        if len >= OWN {
            let mut buffer = Aligned::default();
            let mut filled = 0;
            while (filled as u64) < len {
                // OK because the step is a usize.
                let target = len.min((filled * 4).max(FIRST_STEP) as u64) as usize;
                buffer.grow(target);
                self.fill(&mut buffer.as_mut()[filled..], len - filled as u64)?;
                store.spend((target - filled) as u64)?;
                filled = target;
            }
            let bytes: SharedBytes = Arc::new(buffer);
            return Ok(store.payload(Payload::Shared(bytes, 0..filled)));
        }
        store.text(|text| {
            let start = text.len();
            text.resize(start + len as usize, 0);
            self.fill(&mut text[start..], len)
        })
    }

    fn line(&mut self, store: &mut Store<'a>) -> Result<Place> {
        let mut ended = false;
        let place = store.text(|text| {
            while !ended {
                let window = self.window()?;
                if window.is_empty() {
                    return Err(Error::eof(1));
                }
                let end = window.iter().position(|byte| *byte == b'\n');
                let n = end.map_or(window.len(), |end| end + 1);
                text.extend_from_slice(&window[..n]);
                self.consume(n);
                ended = end.is_some();
            }
            Ok(())
        })?;
        store.shorten(place, 1)
    }

    fn at_end(&mut self) -> Result<bool> {
        Ok(self.window()?.is_empty())
    }

    fn reaches(&mut self, end: u64) -> Result<bool> {
        while self.position < end {
            let left = end - self.position;
            let n = self
                .window()?
                .len()
                .min(usize::try_from(left).unwrap_or(usize::MAX));
            if n == 0 {
                return Ok(false);
            }
            self.consume(n);
        }
        Ok(true)
    }
}
