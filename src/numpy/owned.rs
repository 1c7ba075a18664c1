//! Arrays that live as long as they are wanted.

use std::sync::Arc;

use super::array::{Extra, NdArray};
use crate::error::{Error, Result};
use crate::payload::{Aligned, Payload};
use crate::python::Bytes;

impl NdArray<'_> {
    /// The same array with data of its own, which outlives the input: read where it is stored, copied where it is borrowed, and as
    /// it is where it is held already. It starts at a multiple of 16 bytes, so that [`view`](NdArray::view) takes it where the byte
    /// order is right.
    ///
    /// # Errors
    ///
    /// Category `Io`; `Data` for a text that spells no bytes; `Unsupported` for arrays of Python objects, which are nodes of a
    /// document.
    ///
    /// # Examples
    ///
    /// ```
    /// use ndpickle::{NdArray, Pickle};
    /// fn scalar() -> ndpickle::Result<NdArray<'static>> {
    ///     // numpy.int16(7) in protocol 2
    ///     let bytes = b"\x80\x02cnumpy.core.multiarray\nscalar\n(cnumpy\ndtype\nU\x02i2K\0K\x01\x87R\
    ///         (K\x03U\x01<NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tbU\x02\x07\0tR.".to_vec();
    ///     Pickle::parse(&bytes)?.root().array()?.into_owned()
    /// }
    /// assert_eq!(scalar()?.item::<i16>()?, 7);
    /// # Ok::<(), ndpickle::Error>(())
    /// ```
    pub fn into_owned(self) -> Result<NdArray<'static>> {
        let extra = match self.extra {
            Some(extra) => Some(Box::new(extra.into_owned()?)),
            None => None,
        };
        Ok(NdArray {
            dtype: self.dtype,
            layout: self.layout,
            data: owned(&self.data)?,
            kind: self.kind,
            writable: self.writable,
            extra,
        })
    }
}

impl Extra<'_> {
    fn into_owned(self) -> Result<Extra<'static>> {
        if self.objects.is_some() {
            return Err(Error::unsupported(
                "the elements of an array of Python objects are of its document",
            ));
        }
        let owned_array = |array: Option<NdArray<'_>>| array.map(NdArray::into_owned).transpose();
        let ordered = match self.ordered {
            Some(ordered) => Some(Payload::from(ordered.to_vec()?)),
            None => None,
        };
        Ok(Extra {
            objects: None,
            column: self.column,
            mask: owned_array(self.mask)?,
            fill_value: owned_array(self.fill_value)?,
            ordered,
            gathered: self.gathered,
        })
    }
}

fn owned(data: &Bytes<'_>) -> Result<Bytes<'static>> {
    if let Some(Payload::Shared(bytes, range)) = data.payload() {
        return Ok(Bytes::raw(Payload::Shared(
            Arc::clone(bytes),
            range.clone(),
        )));
    }
    let len = data.len() as usize;
    let mut copy = Aligned::zeroed(len);
    data.read_into(copy.as_mut())?;
    Ok(Bytes::raw(Payload::Shared(Arc::new(copy), 0..len)))
}
