//! Arrays to bytes in one call.

use std::io;

use super::view::ToNdArray;
use crate::error::Result;
use crate::write::Options;

impl Options {
    /// The pickle of one array: what `pickle.dumps(array)` gives in Python.
    ///
    /// # Errors
    ///
    /// As [`Builder::array`](crate::Builder::array), and as [`builder`](Options::builder).
    ///
    /// # Examples
    ///
    /// ```
    /// use ndarray::array;
    /// use ndpickle::{Pickle, write};
    /// let bytes = write::Options::new().array_to_vec(&array![[1u8, 2], [3, 4]])?;
    /// let pickle = Pickle::parse(&bytes)?;
    /// assert_eq!(pickle.root().array()?.to_string(), "|u1 (2, 2)");
    /// # Ok::<(), ndpickle::Error>(())
    /// ```
    pub fn array_to_vec<'a>(&self, array: impl ToNdArray<'a>) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.array_to_writer(array, &mut bytes)?;
        Ok(bytes)
    }

    /// Writes the pickle of one array. Its memory goes to the writer as it is where NumPy would hand it over too, and in bounded
    /// pieces otherwise.
    ///
    /// # Errors
    ///
    /// As [`array_to_vec`](Options::array_to_vec), and those of the writer.
    pub fn array_to_writer<'a>(
        &self,
        array: impl ToNdArray<'a>,
        out: impl io::Write,
    ) -> Result<()> {
        let mut builder = self.builder()?;
        let root = builder.array(array)?;
        self.to_writer(&builder.finish(root)?, out)
    }
}
