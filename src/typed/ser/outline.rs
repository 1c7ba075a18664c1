//! A pickle without the bytes of its large arrays: those are in the memory of a value that serde shows only while it is told.
//!
//! For the next maintainer. Nodes cannot borrow from a value: serde hides for how long its parts live. So the value is told
//! twice. The first time, a large array becomes a node whose payload is still to come; the pickle is written with gaps, and
//! it is known then that it can be written. The second time (`contents`) each array finds its gap and goes to the writer.

use std::io;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::payload::{Payload, ReadAt};

/// The bytes of a pickle but those of large arrays.
#[derive(Debug, Default)]
pub(super) struct Outline {
    pub(super) bytes: Vec<u8>,
    pub(super) gaps: Vec<Gap>,
}

/// Where the bytes of an array are left out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gap {
    /// How much of the outline is before it.
    pub(super) at: usize,
    pub(super) len: u64,
}

impl Outline {
    /// Number of bytes of the whole.
    pub(super) fn len(&self) -> usize {
        let gaps = self.gaps.iter().map(|gap| gap.len as usize);
        self.bytes.len().saturating_add(gaps.sum())
    }
}

/// Payloads that come later, and the writer that leaves gaps for them.
#[derive(Clone, Debug, Default)]
pub(super) struct Later(Arc<Mutex<Outline>>);

impl Later {
    /// A payload of so many bytes.
    pub(super) fn payload(&self, len: u64) -> Payload<'static> {
        Payload::At(Arc::new(self.clone()), 0..len)
    }

    /// What has been written.
    pub(super) fn take(&self) -> Outline {
        std::mem::take(&mut *self.lock())
    }

    fn lock(&self) -> MutexGuard<'_, Outline> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl io::Write for Later {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.lock().bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl ReadAt for Later {
    fn read_exact_at(&self, _: &mut [u8], _: u64) -> io::Result<()> {
        Err(io::Error::other("the bytes of an array that come later"))
    }

    fn size(&self) -> io::Result<u64> {
        Err(io::Error::other("the bytes of an array that come later"))
    }

    /// `out` is the other half of this: payloads of arrays go to it as they are.
    fn write_range(&self, range: Range<u64>, _: &mut dyn io::Write) -> io::Result<()> {
        let mut outline = self.lock();
        let gap = Gap {
            at: outline.bytes.len(),
            len: range.end - range.start,
        };
        outline.gaps.push(gap);
        Ok(())
    }
}
