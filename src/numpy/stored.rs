//! Numbers as they are stored: in either byte order, and at any place in memory.
//!
//! Where a pickle has the bytes of an array is up to what stands before them, and so they are seldom aligned. The numbers of the
//! crate zerocopy are bytes with an order: [`view`](super::NdArray::view) shows them in place, and `get` makes them the
//! machine's.

use zerocopy::byteorder::{BigEndian, F32, F64, I16, I32, I64, LittleEndian, U16, U32, U64};
use zerocopy::{FromBytes as _, IntoBytes as _};

use super::dtype::{ByteOrder, DType};
use super::element::{Element, Source};
use crate::error::{Error, Result};

/// [`LittleEndian`] or [`BigEndian`].
pub trait StoredOrder: zerocopy::byteorder::ByteOrder + Send + Sync + 'static {
    /// As a dtype has it.
    const BYTE_ORDER: ByteOrder;
}

impl StoredOrder for LittleEndian {
    const BYTE_ORDER: ByteOrder = ByteOrder::Little;
}

impl StoredOrder for BigEndian {
    const BYTE_ORDER: ByteOrder = ByteOrder::Big;
}

macro_rules! stored {
    ($($stored:ident $type:ty;)*) => {$(
        impl<O: StoredOrder> Element for $stored<O> {
            fn check(dtype: &DType) -> std::result::Result<(), String> {
                match <$type>::check(dtype) {
                    Ok(()) if dtype.byte_order() == O::BYTE_ORDER => Ok(()),
                    Ok(()) => Err(format!("byte order '{}'", O::BYTE_ORDER.as_char())),
                    expected => expected,
                }
            }

            fn dtype() -> Result<DType> {
                let native = <$type>::dtype()?;
                Ok(DType::new(native.kind(), native.itemsize(), O::BYTE_ORDER))
            }

            fn view<'b>(bytes: &'b [u8], _: &DType) -> Result<&'b [Self]> {
                <[Self]>::ref_from_bytes(bytes)
                    .map_err(|_| Error::data("bytes that are no whole number of elements"))
            }

            fn bytes(elements: &[Self]) -> &[u8] {
                elements.as_bytes()
            }

            fn zeros(len: usize) -> Vec<Self> {
                vec![Self::ZERO; len]
            }

            fn make_native(_: &mut [Self], _: &DType) {}

            fn fill(out: &mut [Self], data: &Source<'_, '_>) -> Result<()> {
                data.0.read_into(out.as_mut_bytes())
            }
        }
    )*};
}

stored! {
    I16 i16;
    I32 i32;
    I64 i64;
    U16 u16;
    U32 u32;
    U64 u64;
    F32 f32;
    F64 f64;
}
