//! Payload bytes: borrowed from the input, shared in memory, or still where they are stored.

use std::fmt;
use std::io;
use std::ops::Range;
use std::sync::Arc;

use crate::error::{Error, Result};

/// Bytes that can be read at any offset from several threads at once: a file, a range of one, a remote object.
pub trait ReadAt: Send + Sync {
    /// Fills `buf` with the bytes that start at `offset`.
    ///
    /// # Errors
    ///
    /// Whatever the storage reports; `UnexpectedEof` where it ends too early.
    fn read_exact_at(&self, buf: &mut [u8], offset: u64) -> io::Result<()>;

    /// Number of bytes stored.
    ///
    /// # Errors
    ///
    /// Whatever the storage reports.
    fn size(&self) -> io::Result<u64>;

    /// Writes a range of the bytes. What storage does not say otherwise reads them in pieces of 64 KiB.
    ///
    /// # Errors
    ///
    /// As [`read_exact_at`](ReadAt::read_exact_at), and those of the writer.
    fn write_range(&self, range: Range<u64>, out: &mut dyn io::Write) -> io::Result<()> {
        let mut buf = vec![0; range.end.saturating_sub(range.start).min(STEP) as usize];
        let mut offset = range.start;
        while offset < range.end {
            let n = (range.end - offset).min(STEP) as usize;
            self.read_exact_at(&mut buf[..n], offset)?;
            out.write_all(&buf[..n])?;
            offset += n as u64;
        }
        Ok(())
    }
}

/// What is read at once of storage that is written out.
const STEP: u64 = 1 << 16;

impl ReadAt for std::fs::File {
    #[cfg(unix)]
    fn read_exact_at(&self, buf: &mut [u8], offset: u64) -> io::Result<()> {
        std::os::unix::fs::FileExt::read_exact_at(self, buf, offset)
    }

    #[cfg(windows)]
    fn read_exact_at(&self, mut buf: &mut [u8], mut offset: u64) -> io::Result<()> {
        while !buf.is_empty() {
            match std::os::windows::fs::FileExt::seek_read(self, buf, offset) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(n) => {
                    buf = &mut buf[n..];
                    offset += n as u64;
                }
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        Ok(())
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.metadata()?.len())
    }
}

impl ReadAt for Vec<u8> {
    fn read_exact_at(&self, buf: &mut [u8], offset: u64) -> io::Result<()> {
        let start = usize::try_from(offset).ok();
        let found = start.and_then(|start| self.get(start..start.checked_add(buf.len())?));
        buf.copy_from_slice(found.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.len() as u64)
    }

    fn write_range(&self, range: Range<u64>, out: &mut dyn io::Write) -> io::Result<()> {
        let (start, end) = (usize::try_from(range.start), usize::try_from(range.end));
        let found = start
            .ok()
            .zip(end.ok())
            .and_then(|(start, end)| self.get(start..end));
        out.write_all(found.ok_or(io::ErrorKind::UnexpectedEof)?)
    }
}

/// Shared bytes in memory, such as an out-of-band buffer of the caller.
pub type SharedBytes = Arc<dyn AsRef<[u8]> + Send + Sync>;

/// The bytes of an array, a string or a `bytes` object. Cloning copies no bytes.
#[derive(Clone)]
pub enum Payload<'a> {
    /// A part of the input that was parsed in place.
    Borrowed(&'a [u8]),
    /// A part of bytes that are held in memory.
    Shared(SharedBytes, Range<usize>),
    /// A part of something stored that has not been read yet.
    At(Arc<dyn ReadAt + 'a>, Range<u64>),
}

impl<'a> Payload<'a> {
    /// Number of bytes.
    #[inline]
    pub fn len(&self) -> u64 {
        match self {
            Payload::Borrowed(bytes) => bytes.len() as u64,
            Payload::Shared(_, range) => range.len() as u64,
            Payload::At(_, range) => range.end.saturating_sub(range.start),
        }
    }

    /// Whether there are no bytes.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bytes where they are in memory already; `None` for stored ones.
    #[inline]
    pub fn as_slice(&self) -> Option<&[u8]> {
        match self {
            Payload::Borrowed(bytes) => Some(bytes),
            // OK because ranges are made from checked positions; a shorter `AsRef` would be the caller's own change.
            Payload::Shared(bytes, range) => (**bytes).as_ref().get(range.clone()),
            Payload::At(..) => None,
        }
    }

    /// The bytes for as long as the input lives, where they are part of it.
    #[inline]
    pub fn as_borrowed(&self) -> Option<&'a [u8]> {
        match self {
            Payload::Borrowed(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// Fills `buf`, which is as long as the payload or shorter, from `offset` on.
    ///
    /// # Errors
    ///
    /// Category `Io` where storage fails, `Data` where the range is not inside the payload.
    pub fn read_at(&self, buf: &mut [u8], offset: u64) -> Result<()> {
        let end = offset
            .checked_add(buf.len() as u64)
            .filter(|end| *end <= self.len());
        let Some(end) = end else {
            return Err(Error::data(format!(
                "{} bytes at {offset} of a payload of {}",
                buf.len(),
                self.len()
            )));
        };
        match self {
            Payload::At(storage, range) => storage.read_exact_at(buf, range.start + offset)?,
            _ => match self.as_slice() {
                Some(bytes) => buf.copy_from_slice(&bytes[offset as usize..end as usize]),
                None => return Err(Error::data("a shared buffer has shrunk")),
            },
        }
        Ok(())
    }

    /// The part `range` of these bytes.
    ///
    /// # Errors
    ///
    /// Category `Data` where the range is not inside the payload.
    pub fn slice(&self, range: Range<u64>) -> Result<Payload<'a>> {
        if range.start > range.end || range.end > self.len() {
            return Err(Error::data(format!(
                "range {range:?} of a payload of {}",
                self.len()
            )));
        }
        let (start, end) = (range.start as usize, range.end as usize);
        Ok(match self {
            Payload::Borrowed(bytes) => Payload::Borrowed(&bytes[start..end]),
            Payload::Shared(bytes, r) => {
                Payload::Shared(Arc::clone(bytes), r.start + start..r.start + end)
            }
            Payload::At(file, r) => {
                Payload::At(Arc::clone(file), r.start + range.start..r.start + range.end)
            }
        })
    }

    /// All bytes, copied or read.
    ///
    /// # Errors
    ///
    /// Category `Io` where storage fails.
    pub fn to_vec(&self) -> Result<Vec<u8>> {
        let mut bytes = vec![0; self.len() as usize];
        self.read_at(&mut bytes, 0)?;
        Ok(bytes)
    }

    /// Calls `f` with the bytes in pieces of at most `step` bytes, in order; what is in memory comes in one piece.
    ///
    /// # Errors
    ///
    /// Those of storage and of `f`.
    pub fn chunks(&self, step: usize, mut f: impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
        if let Some(bytes) = self.as_slice() {
            return f(bytes);
        }
        let step = step.max(1) as u64;
        let mut buf = vec![0; self.len().min(step) as usize];
        let mut offset = 0;
        while offset < self.len() {
            let n = (self.len() - offset).min(step) as usize;
            self.read_at(&mut buf[..n], offset)?;
            f(&buf[..n])?;
            offset += n as u64;
        }
        Ok(())
    }
}

impl<'a> From<&'a [u8]> for Payload<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Payload::Borrowed(bytes)
    }
}

impl<'a, const N: usize> From<&'a [u8; N]> for Payload<'a> {
    fn from(bytes: &'a [u8; N]) -> Self {
        Payload::Borrowed(bytes)
    }
}

impl From<Vec<u8>> for Payload<'_> {
    fn from(bytes: Vec<u8>) -> Self {
        let len = bytes.len();
        Payload::Shared(Arc::new(bytes), 0..len)
    }
}

impl fmt::Debug for Payload<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = match self {
            Payload::Borrowed(_) => "borrowed",
            Payload::Shared(..) => "shared",
            Payload::At(..) => "stored",
        };
        write!(f, "Payload({} bytes, {place})", self.len())
    }
}

/// An out-of-band buffer of protocol 5 (PEP 574): what Python's `pickle.dumps` hands to its `buffer_callback`, and what
/// `pickle.loads` takes in its `buffers`.
#[derive(Clone, Debug)]
pub struct Buffer<'a> {
    /// The bytes.
    pub payload: Payload<'a>,
    /// Whether it is read-only, even where the pickle has no READONLY_BUFFER.
    pub read_only: bool,
}

impl<'a> From<Payload<'a>> for Buffer<'a> {
    fn from(payload: Payload<'a>) -> Self {
        Buffer {
            payload,
            read_only: false,
        }
    }
}

impl<'a> From<&'a [u8]> for Buffer<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Payload::Borrowed(bytes).into()
    }
}

impl From<Vec<u8>> for Buffer<'_> {
    fn from(bytes: Vec<u8>) -> Self {
        let len = bytes.len();
        Payload::Shared(Arc::new(bytes), 0..len).into()
    }
}

/// Bytes that can be written out piece by piece: what the writer asks of a payload made in Rust, so that it never
/// stages a copy of the whole.
pub trait Stream: Send + Sync {
    /// Number of bytes that [`write_to`](Stream::write_to) will write.
    fn len(&self) -> u64;

    /// Whether there are no bytes.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Writes all bytes, in bounded pieces.
    ///
    /// # Errors
    ///
    /// Those of the writer and of the storage behind the bytes.
    fn write_to(&self, out: &mut dyn io::Write) -> Result<()>;
}

impl Stream for Payload<'_> {
    fn len(&self) -> u64 {
        Payload::len(self)
    }

    fn write_to(&self, out: &mut dyn io::Write) -> Result<()> {
        match self {
            Payload::At(storage, range) => Ok(storage.write_range(range.clone(), out)?),
            _ => self.chunks(0, |piece| Ok(out.write_all(piece)?)),
        }
    }
}

/// A growing buffer whose bytes start at a 16-byte boundary, so that any element type can be viewed in place.
#[derive(Debug, Default)]
pub(crate) struct Aligned {
    words: Vec<u128>,
    len: usize,
}

impl Aligned {
    /// A buffer of `len` zero bytes. The caller has checked that so many bytes are really to come.
    pub(crate) fn zeroed(len: usize) -> Self {
        Aligned {
            words: vec![0; len.div_ceil(16)],
            len,
        }
    }

    pub(crate) fn as_mut(&mut self) -> &mut [u8] {
        &mut bytemuck::cast_slice_mut(&mut self.words)[..self.len]
    }

    /// Grows to `len` bytes; the new ones are zero.
    pub(crate) fn grow(&mut self, len: usize) {
        // A fresh zeroed allocation costs no page until it is written to, unlike `resize`.
        let mut larger = Aligned::zeroed(len);
        larger.as_mut()[..self.len].copy_from_slice((*self).as_ref());
        *self = larger;
    }
}

impl AsRef<[u8]> for Aligned {
    fn as_ref(&self) -> &[u8] {
        &bytemuck::cast_slice(&self.words)[..self.len]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_parts() {
        let stored: Arc<dyn ReadAt> = Arc::new((0..100).collect::<Vec<u8>>());
        let shared: SharedBytes = Arc::new((0..100).collect::<Vec<u8>>());
        let bytes: Vec<u8> = (0..100).collect();
        for whole in [
            Payload::At(stored, 0..100),
            Payload::Shared(shared, 0..100),
            Payload::Borrowed(&bytes),
        ] {
            let part = whole
                .slice(10..30)
                .and_then(|p| p.slice(5..8))
                .expect("inside");
            assert_eq!(part.to_vec().expect("readable"), [15, 16, 17]);
            assert!(part.slice(1..4).is_err());
            assert!(part.read_at(&mut [0; 4], 0).is_err());
            let mut seen = Vec::new();
            whole
                .chunks(7, |piece| {
                    seen.extend_from_slice(piece);
                    Ok(())
                })
                .expect("readable");
            assert_eq!(seen, bytes);
        }
    }

    #[test]
    fn aligned_bytes_survive_growth() {
        let mut buffer = Aligned::zeroed(3);
        buffer.as_mut().copy_from_slice(b"abc");
        buffer.grow(40);
        assert_eq!(&buffer.as_ref()[..4], b"abc\0");
        assert_eq!(buffer.as_ref().as_ptr() as usize % 16, 0);
    }
}
