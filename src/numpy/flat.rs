//! One element of an array.

use std::sync::Arc;

use ndarray::IxDyn;

use super::array::{Extra, NdArray};
use super::layout::Layout;
use crate::error::{Error, Result};
use crate::payload::Payload;
use crate::python::Bytes;

impl<'a> NdArray<'a> {
    /// The element at this place in C order, as an array without axes: `array.flat[index]` in NumPy. Its data is neither
    /// copied nor read, unless the pickle spells it as text. Of a masked array it comes with its mask.
    ///
    /// # Errors
    ///
    /// Category `Data` where there are fewer elements; `Unsupported` for Python objects, which
    /// [`Node::elements`](crate::Node::elements) has.
    pub fn flat(&self, index: u64) -> Result<NdArray<'a>> {
        if index >= self.size() {
            return Err(Error::data(format!("no element {index} in {self}")));
        }
        let start = self.byte_position(index);
        let range = start..start + self.dtype().itemsize();
        let data = match self.data.payload() {
            _ if self.objects().is_some() => {
                let what = format!("the elements of {self} are Python objects");
                return Err(Error::unsupported(what));
            }
            Some(payload) => Bytes::raw(payload.slice(range)?),
            None => {
                let range = range.start as usize..range.end as usize;
                Bytes::raw(Payload::Shared(Arc::new(self.data.to_vec()?), range))
            }
        };
        let mask = self.mask().map(|mask| mask.flat(index)).transpose()?;
        let extra = mask.map(|mask| {
            Box::new(Extra {
                mask: Some(mask),
                fill_value: self.fill_value().cloned(),
                ..Extra::default()
            })
        });
        Ok(NdArray {
            dtype: self.dtype.clone(),
            layout: Layout::contiguous(IxDyn(&[]), false)?,
            data,
            kind: self.kind,
            writable: self.writable,
            extra,
        })
    }

    /// Where an element is in the data, in bytes.
    fn byte_position(&self, index: u64) -> u64 {
        let axes = self.shape().iter().zip(self.byte_strides()).rev();
        let (mut left, mut position) = (index, self.byte_offset());
        for (len, stride) in axes {
            let len = (*len).max(1) as u64;
            // OK because the element lies in the data.
            position += left % len * stride as u64;
            left /= len;
        }
        position
    }
}
