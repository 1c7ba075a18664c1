//! Writing: a graph becomes opcodes, opcodes become bytes.
//!
//! The saver mirrors CPython's picklers, whose choices between equal pickles are in [`Dialect`]. It knows no NumPy: it
//! writes nodes as they stand. What other versions spell in another way is made anew before, by
//! [`Pickle::respell`](crate::Pickle::respell).

mod atoms;
mod batch;
mod buffers;
mod compound;
mod memo;
mod output;
mod pen;
mod saver;
#[cfg(feature = "serde")]
mod told;

use std::io;

pub use self::buffers::Placement;

use self::buffers::Buffers;
pub(crate) use self::buffers::Callback;
use self::output::Output;
pub(crate) use self::output::TARGET;
use self::pen::Nodes;
pub(crate) use self::pen::Pen;
use self::saver::Saver;
#[cfg(feature = "serde")]
pub(crate) use self::told::Open;
use crate::error::{Error, Result};
use crate::graph::{Builder, Dialect, Flavour, Pickle, Version};

/// How to write. The last method takes the document.
///
/// Without options a document is written as its own pickler would have written it: for a file of one of CPython's C
/// picklers that is the file, byte for byte. With any of [`protocol`](Options::protocol), [`numpy`](Options::numpy),
/// [`python`](Options::python) and [`compat`](Options::compat) it is written as those versions would have: their bytes for
/// the same value.
///
/// # Examples
///
/// ```
/// use ndpickle::{Pickle, write};
/// let bytes = b"\x80\x04\x95\x09\x00\x00\x00\x00\x00\x00\x00]\x94(K\x01K\x02e.";
/// let pickle = Pickle::parse(bytes)?;
/// assert_eq!(write::Options::new().to_vec(&pickle)?, bytes);
/// assert_eq!(write::Options::new().protocol(2).to_vec(&pickle)?, b"\x80\x02]q\x00(K\x01K\x02e.");
/// # Ok::<(), ndpickle::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Options {
    pub(crate) dialect: Option<Dialect>,
    protocol: Option<u8>,
    numpy: Option<Version>,
    python: Option<Version>,
    compat: bool,
    pub(crate) strict: bool,
    pub(crate) py2_str: Py2Str,
    align: Option<u32>,
    offset: u64,
}

/// What a str of Python 2 becomes, outside of arrays and dtypes: those are always spelled anew.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Py2Str {
    /// A str of Python 2, which Python 3 decodes when it loads the pickle. The default.
    #[default]
    Keep,
    /// Bytes.
    Bytes,
    /// Text where all bytes are below 128, else an error.
    Ascii,
    /// Text: each byte is the character of that number.
    Latin1,
    /// Text in UTF-8, else an error.
    Utf8,
}

impl Options {
    /// The defaults.
    pub fn new() -> Self {
        Options::default()
    }

    /// The pickler to write like, where nothing is to be spelled in another way. Default: the document's own, as far as its
    /// bytes showed it.
    pub fn dialect(mut self, dialect: Dialect) -> Self {
        self.dialect = Some(dialect);
        self
    }

    /// The protocol, 0 to 5. Default, if anything else is given: 4, or the highest that the Python has.
    pub fn protocol(mut self, protocol: u8) -> Self {
        self.protocol = Some(protocol);
        self
    }

    /// The NumPy to write for: the bytes are those that it writes. Default, if anything else is given:
    /// [`compat`](Options::compat).
    pub fn numpy(mut self, version: Version) -> Self {
        (self.numpy, self.compat) = (Some(version), false);
        self
    }

    /// The Python to write for. Default, if anything else is given: 3.8 and later.
    pub fn python(mut self, version: Version) -> Self {
        self.python = Some(version);
        self
    }

    /// Write what every NumPy from 1.11 to the newest loads: the spelling of NumPy 1.26, but no buffers in protocol 5. What has no
    /// such spelling (`StringDType`, `chararray`, generators of random numbers) is spelled as NumPy 2 does;
    /// [`Pickle::without_compat`] finds it.
    pub fn compat(mut self) -> Self {
        (self.numpy, self.compat) = (None, true);
        self
    }

    /// Whether what has no [compatible](Options::compat) spelling is an error, category `Unsupported`. Default: no.
    pub fn strict(mut self, strict: bool) -> Self {
        self.strict = strict;
        self
    }

    /// What strs of Python 2 become in a pickle for Python 3. Default: [`Py2Str::Keep`].
    pub fn py2_str(mut self, py2_str: Py2Str) -> Self {
        self.py2_str = py2_str;
        self
    }

    /// A power of two up to 65536: the bytes of each array, bytes object and bytearray of 4 KiB and more start at a multiple of it,
    /// so that a file that is mapped into memory holds arrays which can be viewed in place. Python 3.4 and later load such a
    /// pickle as they load others: before the bytes, zeros are pushed and popped. Needs protocol 3. Default: 1.
    ///
    /// Padding is no part of a document: it is left out when the pickle is read.
    pub fn align(mut self, align: u32) -> Self {
        self.align = Some(align);
        self
    }

    /// Where the first byte goes in the file that [`align`](Options::align) is about. Default: 0, its start.
    pub fn offset(mut self, offset: u64) -> Self {
        self.offset = offset;
        self
    }

    /// Makes values for those who are written for; where nothing was asked for, for every NumPy, in protocol 4.
    ///
    /// # Errors
    ///
    /// Category `Unsupported` for a protocol and versions that never were together.
    ///
    /// # Examples
    ///
    /// ```
    /// use ndpickle::write;
    /// let options = write::Options::new().protocol(2);
    /// let mut builder = options.builder()?;
    /// let items = [builder.int(1)?, builder.str("two")?];
    /// let root = builder.list(&items)?;
    /// let bytes = options.to_vec(&builder.finish(root)?)?;
    /// assert_eq!(bytes, b"\x80\x02]q\0(K\x01X\x03\0\0\0twoq\x01e.");
    /// # Ok::<(), ndpickle::Error>(())
    /// ```
    pub fn builder<'a>(&self) -> Result<Builder<'a>> {
        let flavour = match self.flavour()? {
            Some(flavour) => flavour,
            None => Flavour::compat(4, Version::NEWEST)?,
        };
        Ok(Builder::new(flavour))
    }

    /// For whom is written, if that was asked for.
    pub(crate) fn flavour(&self) -> Result<Option<Flavour>> {
        let is_asked = self.protocol.is_some() || self.numpy.is_some() || self.python.is_some();
        if !is_asked && !self.compat && self.py2_str == Py2Str::Keep {
            return Ok(None);
        }
        let python = self.python.unwrap_or(Version::NEWEST);
        let highest = Flavour::highest_protocol(python);
        let protocol = self.protocol.unwrap_or(highest.min(4));
        if protocol > 5 {
            return Err(Error::unsupported(format!(
                "there is no protocol {protocol}"
            )));
        }
        let flavour = match self.numpy {
            Some(numpy) => Flavour::new(protocol, python, numpy)?,
            None => Flavour::compat(protocol, python)?,
        };
        Ok(Some(flavour))
    }

    /// Whether a pickle of this protocol can be what the options ask for.
    pub(crate) fn check(&self, protocol: u8, has_callback: bool) -> Result<()> {
        let align = self.align.unwrap_or(1);
        if !align.is_power_of_two() || align > MOST_ALIGN {
            return Err(Error::unsupported(format!(
                "an alignment is a power of two up to {MOST_ALIGN}, not {align}"
            )));
        }
        if align > 1 && protocol < 3 {
            return Err(Error::unsupported(format!(
                "alignment needs protocol 3, not {protocol}"
            )));
        }
        if has_callback && protocol < 5 {
            return Err(Error::unsupported(format!(
                "out-of-band buffers need protocol 5, not {protocol}"
            )));
        }
        Ok(())
    }

    /// Writes a document as it stands.
    pub(crate) fn save<'a>(
        &self,
        pickle: &Pickle<'a>,
        dialect: Dialect,
        out: &mut dyn io::Write,
        callback: Option<&mut Callback<'_, 'a>>,
    ) -> Result<()> {
        let align = self.align.unwrap_or(1);
        let out = Output::new(out, dialect.python).aligned(align.into(), self.offset);
        let nodes = match pickle.made_for {
            Some(_) => Nodes::Made,
            None if dialect == pickle.dialect() => Nodes::AsTheyWere,
            None => Nodes::Foreign,
        };
        let mut pen = Pen::new(dialect, nodes, out, pickle.graph.len());
        let buffers = Buffers::new(pickle, callback);
        let mut saver = Saver::new(&pickle.graph, &mut pen, buffers);
        pickle
            .roots()
            .try_for_each(|root| saver.save_pickle(root.id()))
    }
}

/// What padding may cost: as much as a payload that goes out between frames.
const MOST_ALIGN: u32 = TARGET as u32;
