//! The way out: bytes, and the frames around them in protocols 4 and 5.
//!
//! Facts: `_Pickler_Write`, `_Pickler_OpcodeBoundary` and `_Pickler_write_bytes` in CPython's `_pickle.c`. A frame opens at
//! the first write; whether it is full is asked only where an object begins; from Python 3.7 on a payload of 64 KiB or
//! more goes out between frames, and a frame of less than 4 bytes has no FRAME.
//!
//! A large payload may be asked to start at a multiple of a number: then a bytes object of zeros is pushed and popped before
//! it, which every Python from 3.4 on loads and forgets.

use std::io::Write;

use crate::error::Result;
use crate::graph::Python;
use crate::op::Code;
use crate::payload::Stream as _;
use crate::recode::Recoded;

/// `FRAME_SIZE_TARGET`. From Python 3.7 on, payloads of so many bytes and more go to the writer as they are.
pub(crate) const TARGET: u64 = 1 << 16;

/// `FRAME_SIZE_MIN`.
const SMALLEST: u64 = 4;

/// Bytes of FRAME and its argument.
const FRAME: u64 = 9;

/// Bytes and bytearrays from this size on are aligned: padding of a smaller one would be a good part of it.
const ALIGNED: u64 = 1 << 12;

/// Bytes of the shortest padding: SHORT_BINBYTES of nothing, and POP. The longest of that opcode has 255 more.
const SHORTEST: u64 = 3;

pub(super) struct Output<'w, 'a> {
    out: &'w mut dyn Write,
    /// Whether frames are written at all.
    framing: bool,
    python: Python,
    /// What has been written since the frame was opened, behind `parts`.
    buffer: Vec<u8>,
    /// Large payloads inside a frame, each behind the bytes before it: they are not copied together.
    parts: Vec<(Vec<u8>, Recoded<'a>)>,
    parts_len: u64,
    /// Where in the file the next byte goes that leaves the buffer, or a number that is as far from a multiple of `align`.
    at: u64,
    align: u64,
}

impl<'w, 'a> Output<'w, 'a> {
    pub(super) fn new(out: &'w mut dyn Write, python: Python) -> Self {
        Output {
            out,
            framing: false,
            python,
            buffer: Vec::new(),
            parts: Vec::new(),
            parts_len: 0,
            at: 0,
            align: 1,
        }
    }

    /// Lets payloads start at multiples of `align` in a file that the first byte goes to at `offset`.
    pub(super) fn aligned(mut self, align: u64, offset: u64) -> Self {
        (self.at, self.align) = (offset % align, align);
        self
    }

    /// Begins or ends framing: PROTO is before all frames.
    pub(super) fn set_framing(&mut self, framing: bool) -> Result<()> {
        self.commit()?;
        self.framing = framing;
        Ok(())
    }

    #[inline]
    pub(super) fn byte(&mut self, byte: u8) {
        self.buffer.push(byte);
    }

    #[inline]
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// An opcode and its argument.
    #[inline]
    pub(super) fn opcode<const N: usize>(&mut self, code: Code, argument: [u8; N]) {
        // Room for both at once: this is what most of a pickle is.
        self.buffer.reserve(N + 1);
        self.buffer.push(code.byte());
        self.buffer.extend_from_slice(&argument);
    }

    /// An opcode and the first bytes of its argument.
    #[inline]
    pub(super) fn cut_opcode(&mut self, code: Code, [a, b, c, d]: [u8; 4], width: usize) {
        let len = self.buffer.len() + 1 + width;
        self.buffer.extend_from_slice(&[code.byte(), a, b, c, d]);
        self.buffer.truncate(len);
    }

    pub(super) fn buffer(&mut self) -> &mut Vec<u8> {
        &mut self.buffer
    }

    /// Where an object begins: ends a frame that is full.
    #[inline]
    pub(super) fn boundary(&mut self) -> Result<()> {
        if self.len() >= TARGET {
            self.commit()
        } else {
            Ok(())
        }
    }

    /// Writes an opcode with its length and a payload.
    pub(super) fn payload(&mut self, header: &[u8], payload: impl Into<Recoded<'a>>) -> Result<()> {
        let payload = payload.into();
        let len = payload.len();
        if len < TARGET {
            self.bytes(header);
            return payload.write_to(&mut self.buffer);
        }
        if !self.is_apart(len) {
            self.bytes(header);
            let before = std::mem::take(&mut self.buffer);
            self.parts_len += before.len() as u64 + len;
            self.parts.push((before, payload));
            return Ok(());
        }
        self.commit()?;
        self.out.write_all(header)?;
        self.at += header.len() as u64 + len;
        payload.write_to(self.out)
    }

    /// Writes an opcode with its length and bytes that are in memory.
    pub(super) fn slice(&mut self, header: &[u8], bytes: &[u8]) -> Result<()> {
        if !self.is_apart(bytes.len() as u64) {
            self.bytes(header);
            self.bytes(bytes);
            return Ok(());
        }
        self.commit()?;
        self.out.write_all(header)?;
        self.out.write_all(bytes)?;
        self.at += (header.len() + bytes.len()) as u64;
        Ok(())
    }

    /// Writes an opcode with its length and the payload of bytes or a bytearray, which is aligned if it is large.
    pub(super) fn array(&mut self, header: &[u8], payload: Recoded<'a>) -> Result<()> {
        if self.align > 1 && payload.len() >= ALIGNED {
            self.pad(header.len() as u64, payload.len());
        }
        self.payload(header, payload)
    }

    /// Lets a payload of `len` bytes behind a header begin at a multiple of `align`.
    fn pad(&mut self, header: u64, len: u64) {
        let inside = if self.is_apart(len) { 0 } else { header + len };
        let is_aligned = |padding: &u64| {
            let before = self.len() + padding;
            let frame = if self.has_header(before + inside) {
                FRAME
            } else {
                0
            };
            (self.at + frame + before + header).is_multiple_of(self.align)
        };
        // Padding can make the frame before a payload one that has a header: so it is tried, not computed. It costs no more
        // than to write it.
        let lengths = std::iter::once(0).chain(SHORTEST..);
        match lengths.into_iter().find(is_aligned) {
            Some(0) | None => return,
            Some(padding) => match u8::try_from(padding - SHORTEST) {
                Ok(len) => {
                    self.bytes(&[Code::ShortBinBytes.byte(), len]);
                    self.zeros(len.into());
                }
                Err(_) => {
                    let len = padding as u32 - 6;
                    self.byte(Code::BinBytes.byte());
                    self.bytes(&len.to_le_bytes());
                    self.zeros(len as usize);
                }
            },
        }
        self.byte(Code::Pop.byte());
    }

    fn zeros(&mut self, len: usize) {
        self.buffer.resize(self.buffer.len() + len, 0);
    }

    /// Whether a payload goes out between frames, or between what is gathered where there are none.
    fn is_apart(&self, len: u64) -> bool {
        len >= TARGET && !(self.framing && self.python < Python::Py37)
    }

    /// Bytes in the frame so far.
    fn len(&self) -> u64 {
        self.buffer.len() as u64 + self.parts_len
    }

    /// Whether a frame of so many bytes has a FRAME.
    fn has_header(&self, len: u64) -> bool {
        self.framing && len > 0 && (len >= SMALLEST || self.python < Python::Py37)
    }

    /// Ends the frame and hands over what is in it.
    pub(super) fn commit(&mut self) -> Result<()> {
        let len = self.len();
        if self.has_header(len) {
            let mut header = [Code::Frame.byte(); FRAME as usize];
            header[1..].copy_from_slice(&len.to_le_bytes());
            self.out.write_all(&header)?;
            self.at += FRAME;
        }
        for (before, payload) in self.parts.drain(..) {
            self.out.write_all(&before)?;
            payload.write_to(self.out)?;
        }
        self.parts_len = 0;
        self.out.write_all(&self.buffer)?;
        self.buffer.clear();
        self.at += len;
        Ok(())
    }
}
