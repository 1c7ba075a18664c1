//! The way out: bytes, and the frames around them in protocols 4 and 5.
//!
//! Facts: `_Pickler_Write`, `_Pickler_OpcodeBoundary` and `_Pickler_write_bytes` in CPython's `_pickle.c`. A frame opens at
//! the first write; whether it is full is asked only where an object begins; from Python 3.7 on a payload of 64 KiB or
//! more goes out between frames, and a frame of less than 4 bytes has no FRAME.

use std::io::Write;

use crate::error::Result;
use crate::graph::Python;
use crate::op::Code;
use crate::payload::Stream as _;
use crate::recode::Recoded;

/// `FRAME_SIZE_TARGET`.
const TARGET: u64 = 1 << 16;

/// `FRAME_SIZE_MIN`.
const SMALLEST: u64 = 4;

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
        }
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

    pub(super) fn buffer(&mut self) -> &mut Vec<u8> {
        &mut self.buffer
    }

    /// Where an object begins: ends a frame that is full.
    #[inline]
    pub(super) fn boundary(&mut self) -> Result<()> {
        if self.buffer.len() as u64 + self.parts_len >= TARGET {
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
        if self.framing && self.python < Python::Py37 {
            self.bytes(header);
            let before = std::mem::take(&mut self.buffer);
            self.parts_len += before.len() as u64 + len;
            self.parts.push((before, payload));
            return Ok(());
        }
        self.commit()?;
        self.out.write_all(header)?;
        payload.write_to(self.out)
    }

    /// Ends the frame and hands over what is in it.
    pub(super) fn commit(&mut self) -> Result<()> {
        let len = self.buffer.len() as u64 + self.parts_len;
        if self.framing && len > 0 && (len >= SMALLEST || self.python < Python::Py37) {
            let mut header = [Code::Frame.byte(); 9];
            header[1..].copy_from_slice(&len.to_le_bytes());
            self.out.write_all(&header)?;
        }
        for (before, payload) in self.parts.drain(..) {
            self.out.write_all(&before)?;
            payload.write_to(self.out)?;
        }
        self.parts_len = 0;
        self.out.write_all(&self.buffer)?;
        self.buffer.clear();
        Ok(())
    }
}
