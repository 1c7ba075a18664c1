//! Writing with options: spelled anew where that is asked for, then saved.

use std::io;

use crate::error::Result;
use crate::graph::Pickle;
use crate::write::{Options, save};

impl Options {
    /// The document as bytes.
    ///
    /// # Errors
    ///
    /// Category `Unsupported` where the protocol or the versions have no spelling for a node, or never were together; `Data`
    /// for a str of Python 2 that is no text under the option; `Io` where a payload cannot be read.
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
        match self.flavour()? {
            Some(flavour) if pickle.made_for != Some(flavour) => {
                let respelled = super::respell(pickle, flavour, self.py2_str)?;
                save(&respelled, flavour.dialect, &mut out)
            }
            _ => {
                let dialect = self.dialect.unwrap_or(pickle.dialect());
                save(pickle, dialect, &mut out)
            }
        }
    }
}
