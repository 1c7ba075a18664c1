//! The shapes that opcode arguments have: how each is read and, beside it, how it is written.

use crate::error::{Error, ErrorKind, Result};

/// Where opcodes are decoded from.
///
/// The byte strings it gives may be slices, or the places where a document keeps them.
pub trait Input {
    /// A byte string of an argument.
    type Bytes;

    /// Offset of the next byte.
    fn position(&self) -> u64;

    /// The next `N` bytes.
    ///
    /// # Errors
    ///
    /// Category `Eof` when fewer are left, `Io` when reading fails.
    fn array<const N: usize>(&mut self) -> Result<[u8; N]>;

    /// The next `len` bytes; `len` is as claimed by the input and not to be believed.
    ///
    /// # Errors
    ///
    /// Category `Eof` when fewer are left, `Io` when reading fails, `Limit`.
    fn bytes(&mut self, len: u64) -> Result<Self::Bytes>;

    /// The bytes before the next newline, which is passed over.
    ///
    /// # Errors
    ///
    /// Category `Eof` without a newline, `Io` when reading fails, `Limit`.
    fn line(&mut self) -> Result<Self::Bytes>;
}

/// An [`Input`] over bytes in memory.
#[derive(Clone, Debug)]
pub struct Slice<'a> {
    bytes: &'a [u8],
    position: usize,
}

impl<'a> Slice<'a> {
    /// Starts at the first byte.
    pub fn new(bytes: &'a [u8]) -> Self {
        Slice { bytes, position: 0 }
    }

    /// What has not been read yet.
    pub fn rest(&self) -> &'a [u8] {
        // OK because `position` only ever moves to positions that were found inside.
        &self.bytes[self.position..]
    }

    #[inline]
    pub(crate) fn skip(&mut self, len: usize) {
        self.position += len;
        debug_assert!(self.position <= self.bytes.len());
    }
}

impl<'a> Input for Slice<'a> {
    type Bytes = &'a [u8];

    #[inline]
    fn position(&self) -> u64 {
        self.position as u64
    }

    #[inline]
    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        match self.rest().first_chunk::<N>() {
            Some(chunk) => {
                self.position += N;
                Ok(*chunk)
            }
            None => Err(short(N as u64, self.rest().len())),
        }
    }

    #[inline]
    fn bytes(&mut self, len: u64) -> Result<&'a [u8]> {
        let found = usize::try_from(len)
            .ok()
            .and_then(|len| self.rest().get(..len));
        let Some(bytes) = found else {
            return Err(short(len, self.rest().len()));
        };
        self.position += bytes.len();
        Ok(bytes)
    }

    fn line(&mut self) -> Result<&'a [u8]> {
        let rest = self.rest();
        let Some(len) = rest.iter().position(|byte| *byte == b'\n') else {
            return Err(Error::eof(1));
        };
        self.position += len + 1;
        Ok(&rest[..len])
    }
}

#[cold]
fn short(wanted: u64, left: usize) -> Error {
    Error::eof(wanted - left as u64)
}

/// An argument, for readers that treat all opcodes alike.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Argument<B> {
    /// The opcode has none.
    None,
    /// A number of at most 32 bits, or a length.
    Int(i64),
    /// FRAME's length.
    Length(u64),
    /// BINFLOAT's number.
    Float(f64),
    /// A counted byte string or a line.
    Bytes(B),
    /// Two lines.
    Pair(B, B),
}

/// Numbers of fixed size.
macro_rules! fixed {
    ($($shape:ident $type:ty, $from:ident, $to:ident, $argument:expr;)*) => {$(
        #[derive(Debug)]
        pub(super) struct $shape;

        impl $shape {
            #[inline(always)]
            pub(super) fn read<R: Input>(input: &mut R) -> Result<$type> {
                Ok(<$type>::$from(input.array()?))
            }

            pub(super) fn write(value: &$type, out: &mut Vec<u8>) {
                out.extend_from_slice(&value.$to());
            }

            pub(super) fn argument<B>(value: $type) -> Argument<B> {
                $argument(value)
            }
        }
    )*};
}

fixed! {
    U8 u8, from_le_bytes, to_le_bytes, |v| Argument::Int(i64::from(v));
    U16 u16, from_le_bytes, to_le_bytes, |v| Argument::Int(i64::from(v));
    U32 u32, from_le_bytes, to_le_bytes, |v| Argument::Int(i64::from(v));
    I32 i32, from_le_bytes, to_le_bytes, |v| Argument::Int(i64::from(v));
    U64 u64, from_le_bytes, to_le_bytes, Argument::Length;
    F64 f64, from_be_bytes, to_be_bytes, Argument::Float;
}

/// Byte strings behind their length.
macro_rules! counted {
    ($($shape:ident $type:ty;)*) => {$(
        #[derive(Debug)]
        pub(super) struct $shape;

        impl $shape {
            #[inline(always)]
            pub(super) fn read<R: Input>(input: &mut R) -> Result<R::Bytes> {
                let len = <$type>::from_le_bytes(input.array()?);
                match u64::try_from(len) {
                    Ok(len) => input.bytes(len),
                    Err(_) => Err(negative(len as i64)),
                }
            }

            pub(super) fn write<B: AsRef<[u8]>>(bytes: &B, out: &mut Vec<u8>) {
                let bytes = bytes.as_ref();
                out.extend_from_slice(&(bytes.len() as $type).to_le_bytes());
                out.extend_from_slice(bytes);
            }

            pub(super) fn argument<B>(bytes: B) -> Argument<B> {
                Argument::Bytes(bytes)
            }
        }
    )*};
}

#[cold]
fn negative(len: i64) -> Error {
    Error::new(ErrorKind::Negative(len))
}

counted! {
    Bytes8 u8;
    Bytes32 u32;
    BytesI32 i32;
    Bytes64 u64;
}

/// Text up to a newline.
#[derive(Debug)]
pub(super) struct Line;

impl Line {
    #[inline]
    pub(super) fn read<R: Input>(input: &mut R) -> Result<R::Bytes> {
        input.line()
    }

    pub(super) fn write<B: AsRef<[u8]>>(line: &B, out: &mut Vec<u8>) {
        out.extend_from_slice(line.as_ref());
        out.push(b'\n');
    }

    pub(super) fn argument<B>(line: B) -> Argument<B> {
        Argument::Bytes(line)
    }
}

/// Two lines: a module and a qualified name.
#[derive(Debug)]
pub(super) struct Pair;

impl Pair {
    #[inline]
    pub(super) fn read<R: Input>(input: &mut R) -> Result<(R::Bytes, R::Bytes)> {
        Ok((input.line()?, input.line()?))
    }

    pub(super) fn write<B: AsRef<[u8]>>(lines: &(B, B), out: &mut Vec<u8>) {
        Line::write(&lines.0, out);
        Line::write(&lines.1, out);
    }

    pub(super) fn argument<B>(lines: (B, B)) -> Argument<B> {
        Argument::Pair(lines.0, lines.1)
    }
}
