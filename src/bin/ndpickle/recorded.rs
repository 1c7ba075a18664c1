//! A stream that remembers what it gave.

use std::cell::RefCell;
use std::io::{self, BufRead, Read};
use std::rc::Rc;

/// What is remembered; several pickles that share a memo are small.
pub(crate) const LONGEST: usize = 1 << 28;

/// The bytes so far, as long as they are few enough.
pub(crate) type Record = Rc<RefCell<Option<Vec<u8>>>>;

pub(crate) struct Recorded<R> {
    inner: R,
    record: Record,
}

impl<R: BufRead> Recorded<R> {
    pub(crate) fn new(inner: R) -> (Self, Record) {
        let record = Record::new(RefCell::new(Some(Vec::new())));
        let recorded = Recorded {
            inner,
            record: Rc::clone(&record),
        };
        (recorded, record)
    }
}

impl<R: BufRead> Read for Recorded<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.fill_buf()?.read(buf)?;
        self.consume(n);
        Ok(n)
    }
}

impl<R: BufRead> BufRead for Recorded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, n: usize) {
        let mut record = self.record.borrow_mut();
        // What is at hand stays the same until it is consumed; no byte is waited for.
        let given = self
            .inner
            .fill_buf()
            .ok()
            .and_then(|window| window.get(..n));
        *record = match (record.take(), given) {
            (Some(mut bytes), Some(given)) if bytes.len() + n <= LONGEST => {
                bytes.extend_from_slice(given);
                Some(bytes)
            }
            _ => None,
        };
        self.inner.consume(n);
    }
}
