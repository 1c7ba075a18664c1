//! Writing: a graph becomes opcodes, opcodes become bytes.
//!
//! The saver mirrors CPython's picklers, whose choices between equal pickles are in [`Dialect`]. It knows no NumPy: it
//! writes nodes as they stand.

mod atoms;
mod batch;
mod compound;
mod memo;
mod output;
mod saver;

use std::io;

use self::saver::Saver;
use crate::error::Result;
use crate::graph::{Dialect, Pickle};

/// How to write. The last method takes the document.
///
/// Without options a document is written as its own pickler would have written it: for a file of one of CPython's C
/// picklers that is the file, byte for byte.
///
/// # Examples
///
/// ```
/// let bytes = b"\x80\x04\x95\x09\x00\x00\x00\x00\x00\x00\x00]\x94(K\x01K\x02e.";
/// let pickle = ndpickle::Pickle::parse(bytes)?;
/// assert_eq!(ndpickle::write::Options::new().to_vec(&pickle)?, bytes);
/// # Ok::<(), ndpickle::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Options {
    dialect: Option<Dialect>,
}

impl Options {
    /// The defaults.
    pub fn new() -> Self {
        Options::default()
    }

    /// The pickler to write like. Default: the document's own, as far as its bytes showed it.
    pub fn dialect(mut self, dialect: Dialect) -> Self {
        self.dialect = Some(dialect);
        self
    }

    /// The document as bytes.
    ///
    /// # Errors
    ///
    /// Category `Unsupported` where the protocol has no spelling for a node, `Io` where a payload cannot be read.
    pub fn to_vec(&self, pickle: &Pickle<'_>) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.to_writer(pickle, &mut bytes)?;
        Ok(bytes)
    }

    /// Writes the document; large payloads go from where they are to the writer in bounded pieces.
    ///
    /// # Errors
    ///
    /// As [`to_vec`](Options::to_vec), and those of the writer, which may have taken a part of the bytes by then.
    pub fn to_writer(&self, pickle: &Pickle<'_>, mut out: impl io::Write) -> Result<()> {
        let own = pickle.dialect();
        Saver::new(pickle, self.dialect.unwrap_or(own), own, &mut out).save_all()
    }
}
