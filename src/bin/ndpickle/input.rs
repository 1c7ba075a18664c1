//! Where the bytes come from: a file that is read where it lies, or a stream, unpacked on the way.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use ndpickle::ReadAt;

/// Bytes enough to tell every packing.
pub(crate) const HEAD: usize = 16;

/// What packed input may unpack to whatever its size; a single array of that size is nothing special.
const UNPACKED: u64 = 1 << 30;

/// And how many times its own size. Arrays of measurements pack to a tenth at best; a bomb reaches 1,000 (gzip) or
/// 100,000 (bzip2, xz), and all of it would have to be held in memory.
const UNPACKED_RATIO: u64 = 100;

/// Memory that the dictionary of an xz or lzma file may take, in KiB: `xz -9` takes 64 MiB.
const DICTIONARY: u32 = 1 << 19;

/// An input that was opened.
pub(crate) enum Input {
    /// A file whose large payloads stay where they are.
    Stored(Arc<File>, u64),
    /// Anything that comes piece by piece.
    Stream(Box<dyn BufRead>),
}

impl Input {
    /// Opens a file, or the standard input for `-`, and unpacks it up to so many bytes.
    pub(crate) fn open(path: &Path, max_unpacked: Option<u64>) -> io::Result<Input> {
        if path.as_os_str() == "-" {
            return Ok(Input::Stream(unpacked(io::stdin().lock(), max_unpacked)?));
        }
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        if metadata.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        if !metadata.is_file() {
            return Ok(Input::Stream(unpacked(file, max_unpacked)?));
        }
        let mut head = [0; HEAD];
        let len = metadata.len();
        let known = HEAD.min(usize::try_from(len).unwrap_or(HEAD));
        file.read_exact_at(&mut head[..known], 0)?;
        match Packing::of(&head[..known]) {
            Some(_) => Ok(Input::Stream(unpacked(file, max_unpacked)?)),
            None => Ok(Input::Stored(Arc::new(file), len)),
        }
    }

    /// All bytes in memory.
    pub(crate) fn into_bytes(self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        match self {
            Input::Stored(file, len) => {
                let len = usize::try_from(len).map_err(|_| io::ErrorKind::OutOfMemory)?;
                bytes.try_reserve_exact(len)?;
                bytes.resize(len, 0);
                file.read_exact_at(&mut bytes, 0)?;
            }
            Input::Stream(mut stream) => drop(stream.read_to_end(&mut bytes)?),
        }
        Ok(bytes)
    }
}

/// How input may be packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Packing {
    Gzip,
    Zlib,
    Bzip2,
    Xz,
    Lzma,
}

impl Packing {
    /// No pickle starts like any of these: 0x1f, `x`, 0xfd and 0x00 are no opcodes, and `BZh91AY&SY` would be a byte
    /// string of 800 MB.
    fn of(head: &[u8]) -> Option<Packing> {
        Some(match head {
            [0x1f, 0x8b, ..] => Packing::Gzip,
            // Compression method 8 with a window of 32 KiB; the two bytes are a multiple of 31.
            [0x78, 0x01 | 0x5e | 0x9c | 0xda, ..] => Packing::Zlib,
            [b'B', b'Z', b'h', b'1'..=b'9', rest @ ..]
                if rest.starts_with(b"1AY&SY") || rest.starts_with(b"\x17\x72\x45\x38\x50\x90") =>
            {
                Packing::Bzip2
            }
            [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Packing::Xz,
            // Properties that every packer writes, and a dictionary of at least 64 KiB.
            [0x5d, 0, 0, ..] => Packing::Lzma,
            _ => return None,
        })
    }
}

/// What input that cannot be read may be instead.
pub(crate) fn other_format(head: &[u8]) -> Option<&'static str> {
    Some(match head {
        [b'P', b'K', 3, 4, ..] => "a zip archive (.npz, .pt)",
        [0x93, b'N', b'U', b'M', b'P', b'Y', ..] => "a .npy file",
        [0x89, b'H', b'D', b'F', ..] => "an HDF5 file",
        [0x04, 0x22, 0x4d, 0x18, ..] => "packed with lz4",
        [0x28, 0xb5, 0x2f, 0xfd, ..] => "packed with zstd",
        [b'Z', b'F', b'0', b'x', ..] => "packed by an old joblib",
        _ => return None,
    })
}

/// The unpacked bytes of a stream that may be packed.
fn unpacked(mut stream: impl Read + 'static, max: Option<u64>) -> io::Result<Box<dyn BufRead>> {
    let mut head = Vec::new();
    stream.by_ref().take(HEAD as u64).read_to_end(&mut head)?;
    let packing = Packing::of(&head);
    let whole = io::Cursor::new(head).chain(stream);
    let Some(packing) = packing else {
        return Ok(Box::new(BufReader::new(whole)));
    };
    let taken = Rc::new(Cell::new(0));
    let packed = BufReader::new(Counted {
        inner: whole,
        taken: Rc::clone(&taken),
    });
    let inner: Box<dyn Read> = match packing {
        Packing::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(packed)),
        Packing::Zlib => Box::new(flate2::bufread::ZlibDecoder::new(packed)),
        Packing::Bzip2 => Box::new(bzip2::bufread::MultiBzDecoder::new(packed)),
        Packing::Xz => Box::new(lzma_rust2::XzReader::new_mem_limit(
            packed, true, DICTIONARY,
        )),
        Packing::Lzma => Box::new(lzma_rust2::LzmaReader::new_mem_limit(
            packed, DICTIONARY, None,
        )?),
    };
    Ok(Box::new(BufReader::new(Unpacked {
        inner,
        given: 0,
        taken,
        max,
    })))
}

/// A reader that counts.
struct Counted<R> {
    inner: R,
    taken: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buf)?;
        self.taken.set(self.taken.get() + n as u64);
        Ok(n)
    }
}

/// An unpacker with a budget.
struct Unpacked {
    inner: Box<dyn Read>,
    given: u64,
    /// Packed bytes that were read.
    taken: Rc<Cell<u64>>,
    max: Option<u64>,
}

impl Read for Unpacked {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buf)?;
        self.given += n as u64;
        let ratio = self.taken.get().saturating_mul(UNPACKED_RATIO);
        let max = self.max.unwrap_or(UNPACKED.max(ratio));
        if self.given > max {
            return Err(io::Error::other(format!(
                "unpacks to more than {max} bytes (--max-unpacked allows more)"
            )));
        }
        Ok(n)
    }
}

/// A size such as `4096`, `64M` or `2G`.
pub(crate) fn size(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let shift = match text[digits.len()..].to_ascii_uppercase().as_str() {
        "" | "B" => 0,
        "K" | "KB" | "KIB" => 10,
        "M" | "MB" | "MIB" => 20,
        "G" | "GB" | "GIB" => 30,
        "T" | "TB" | "TIB" => 40,
        _ => return Err("a number of bytes, or one with K, M, G or T behind it".into()),
    };
    let number: u64 = digits.parse().map_err(|_| "a number of bytes".to_owned())?;
    number
        .checked_mul(1 << shift)
        .ok_or_else(|| "too large".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packings() {
        for (head, packing) in [
            (&b"\x1f\x8b\x08"[..], Some(Packing::Gzip)),
            (b"x\x9c", Some(Packing::Zlib)),
            (b"BZh91AY&SY", Some(Packing::Bzip2)),
            (b"\xfd7zXZ\0", Some(Packing::Xz)),
            (b"]\0\0\x80\0", Some(Packing::Lzma)),
            (b"", None),
            (b"]q\0.", None),
            (b"B\x01\0\0\0.", None),
        ] {
            assert_eq!(Packing::of(head), packing);
        }
    }

    #[test]
    fn sizes() {
        assert_eq!(size("64"), Ok(64));
        assert_eq!(size("2k"), Ok(2048));
        assert_eq!(size("1GiB"), Ok(1 << 30));
        assert!(size("G").is_err());
        assert!(size("1x").is_err());
        assert!(size("99999999T").is_err());
    }
}
