//! For whom a pickle is written: the pickler, and the versions of Python and NumPy it is told to be.

use std::fmt;
use std::str::FromStr;

use super::dialect::{Dialect, Python};
use crate::error::{Error, Result};

/// A version of Python or NumPy. Parts that are not given are the newest: `2.3` is the last 2.3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Version {
    /// 2 of 2.3.5.
    pub major: u16,
    /// 3 of 2.3.5.
    pub minor: u16,
    /// 5 of 2.3.5.
    pub patch: u16,
}

impl Version {
    /// Newer than all that is known.
    pub const NEWEST: Version = Version::new(u16::MAX, u16::MAX, u16::MAX);

    /// A version of three parts.
    pub const fn new(major: u16, minor: u16, patch: u16) -> Version {
        Version {
            major,
            minor,
            patch,
        }
    }

    /// Whether this is that version or a later one.
    pub fn is_from(self, major: u16, minor: u16, patch: u16) -> bool {
        self >= Version::new(major, minor, patch)
    }
}

impl FromStr for Version {
    type Err = Error;

    /// One to three numbers: `2`, `1.26`, `2.3.2`.
    fn from_str(text: &str) -> Result<Version> {
        let wrong = || Error::data(format!("no version: {text:?}"));
        let mut parts = [u16::MAX; 3];
        let mut given = text.split('.');
        for (part, text) in parts.iter_mut().zip(&mut given) {
            *part = text.parse().map_err(|_| wrong())?;
        }
        match given.next() {
            Some(_) => Err(wrong()),
            None => Ok(Version::new(parts[0], parts[1], parts[2])),
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [self.major, self.minor, self.patch];
        let known: Vec<String> = (parts.iter())
            .take_while(|part| **part != u16::MAX)
            .map(u16::to_string)
            .collect();
        match known.is_empty() {
            true => f.write_str("newest"),
            false => f.write_str(&known.join(".")),
        }
    }
}

/// For whom a pickle is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Flavour {
    /// The pickler.
    pub dialect: Dialect,
    /// The Python it belongs to.
    pub python: Version,
    /// The NumPy whose arrays it writes.
    pub numpy: Version,
    /// Whether every NumPy from 1.11 on is to load it: then there are no buffers in protocol 5, and what `numpy` has no spelling
    /// for is spelled as NumPy 2 does.
    pub is_compat: bool,
}

impl Flavour {
    /// The C pickler of these versions.
    ///
    /// # Errors
    ///
    /// Category `Unsupported` for a protocol that the Python does not have, and for a Python and a NumPy that never were
    /// together.
    pub fn new(protocol: u8, python: Version, numpy: Version) -> Result<Flavour> {
        let generation = match python {
            Version { major: 2, .. } => Python::Py2,
            python if python.is_from(3, 7, 0) => Python::Py37,
            _ => Python::Py36,
        };
        if protocol > Flavour::highest_protocol(python) {
            return Err(Error::unsupported(format!(
                "Python {python} has no protocol {protocol}"
            )));
        }
        if numpy > newest_numpy(python) {
            return Err(Error::unsupported(format!(
                "there is no NumPy {numpy} for Python {python}"
            )));
        }
        let dialect = Dialect {
            protocol,
            python: generation,
            pure: false,
        };
        Ok(Flavour {
            dialect,
            python,
            numpy,
            is_compat: false,
        })
    }

    /// What every NumPy from 1.11 on loads: as NumPy 1.26 writes, or an older one where the Python has none.
    ///
    /// # Errors
    ///
    /// As [`new`](Flavour::new).
    pub fn compat(protocol: u8, python: Version) -> Result<Flavour> {
        let numpy = Version::new(1, 26, u16::MAX).min(newest_numpy(python));
        let flavour = Flavour::new(protocol, python, numpy)?;
        Ok(Flavour {
            is_compat: true,
            ..flavour
        })
    }

    /// The highest protocol of a Python.
    pub fn highest_protocol(python: Version) -> u8 {
        match python {
            Version { major: 2, .. } => 2,
            python if python.is_from(3, 8, 0) => 5,
            python if python.is_from(3, 4, 0) => 4,
            _ => 3,
        }
    }

    /// 0 to 5.
    pub fn protocol(&self) -> u8 {
        self.dialect.protocol
    }
}

/// The last NumPy for a Python: NumPy's release notes.
fn newest_numpy(python: Version) -> Version {
    match python {
        Version { major: 2, .. } => Version::new(1, 16, u16::MAX),
        Version { minor: ..=6, .. } => Version::new(1, 19, u16::MAX),
        Version { minor: 7, .. } => Version::new(1, 21, u16::MAX),
        Version { minor: 8, .. } => Version::new(1, 24, u16::MAX),
        _ => Version::NEWEST,
    }
}
