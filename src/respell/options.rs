//! Writing with options: spelled anew where that is asked for, then saved.

use std::io;

use crate::error::Result;
use crate::graph::Pickle;
use crate::payload::Buffer;
use crate::write::{Callback, Options, Placement};

impl Options {
    /// The document as bytes.
    ///
    /// # Errors
    ///
    /// Category `Unsupported` where the protocol or the versions have no spelling for a node, never were together, or do not go
    /// with the alignment; `Data` for a str of Python 2 that is no text under the option, and for an out-of-band buffer that is to
    /// be spelled anew and was not given; `Io` where a payload cannot be read.
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
        self.write(pickle, &mut out, None)
    }

    /// The document as bytes, and the memory of its arrays beside it: what Python's `pickle.dumps` gives to a `buffer_callback`,
    /// and what [`read::Options::buffers`](crate::Options::buffers) and `pickle.loads(…, buffers=…)` take.
    ///
    /// # Errors
    ///
    /// As [`to_writer_with_buffers`](Options::to_writer_with_buffers).
    ///
    /// # Examples
    ///
    /// ```
    /// use ndpickle::{Pickle, write};
    /// let pickle = Pickle::open("corpus/files/py313-np2.5.5/array_i4.p4.pkl")?;
    /// let options = write::Options::new().protocol(5).numpy("2.5".parse()?);
    /// let (bytes, buffers) = options.to_vec_with_buffers(&pickle)?;
    /// assert_eq!((bytes.len(), buffers.len()), (118, 1));
    /// let again = Pickle::options().buffers(buffers).parse(&bytes)?;
    /// let [before, after] = [pickle.root().array()?, again.root().array()?];
    /// assert_eq!(before.to_bytes()?, after.to_bytes()?);
    /// # Ok::<(), ndpickle::Error>(())
    /// ```
    pub fn to_vec_with_buffers<'a>(
        &self,
        pickle: &Pickle<'a>,
    ) -> Result<(Vec<u8>, Vec<Buffer<'a>>)> {
        let (mut bytes, mut buffers) = (Vec::new(), Vec::new());
        self.to_writer_with_buffers(pickle, &mut bytes, |buffer| {
            buffers.push(buffer);
            Ok(Placement::OutOfBand)
        })?;
        Ok((bytes, buffers))
    }

    /// Writes the document, and calls `callback` for each of its buffers in turn, as Python's `pickle.Pickler` does with
    /// `buffer_callback`. A buffer is the memory of an array that NumPy writes with `_frombuffer`, and what was out of band when
    /// the document was read; it is handed over without a copy, unless protocols 0 to 2 spelled it as text.
    ///
    /// A document that was read in protocol 5 is written as it stands; others need the options
    /// [`protocol`](Options::protocol), and [`numpy`](Options::numpy): arrays that every NumPy loads are in the pickle.
    ///
    /// # Errors
    ///
    /// As [`to_writer`](Options::to_writer); those of the callback; `Unsupported` below protocol 5; `Data` where the buffer of
    /// a document that was read was not given.
    pub fn to_writer_with_buffers<'a>(
        &self,
        pickle: &Pickle<'a>,
        mut out: impl io::Write,
        mut callback: impl FnMut(Buffer<'a>) -> Result<Placement>,
    ) -> Result<()> {
        self.write(pickle, &mut out, Some(&mut callback))
    }

    fn write<'a>(
        &self,
        pickle: &Pickle<'a>,
        out: &mut dyn io::Write,
        callback: Option<&mut Callback<'_, 'a>>,
    ) -> Result<()> {
        let flavour = self.flavour()?;
        let dialect = match flavour {
            Some(flavour) => flavour.dialect,
            None => self.dialect.unwrap_or(pickle.dialect()),
        };
        self.check(dialect.protocol, callback.is_some())?;
        if self.strict && flavour.is_some_and(|flavour| flavour.is_compat) {
            super::compat::check(pickle)?;
        }
        match flavour {
            Some(flavour) if pickle.made_for != Some(flavour) => {
                let respelled = super::respell(pickle, flavour, self.py2_str)?;
                self.save(&respelled, dialect, out, callback)
            }
            _ => self.save(pickle, dialect, out, callback),
        }
    }
}
