//! SHA-256 of an array's elements, the same for every byte order and layout of them.

use ndpickle::numpy::{ByteOrder, DType, NdArray, Order};
use ndpickle::{Error, Pickle};
use sha2::{Digest as _, Sha256};

/// What is hashed at once; a multiple of every size of a number, 12 bytes among them.
const STEP: usize = 48 << 14;

/// How many bytes may be hashed. Arrays that NumPy pickles have bytes of their own; in a hostile pickle a million arrays share
/// the same megabytes.
pub(crate) struct Budget(u64);

impl Budget {
    /// What all arrays of a pickle may have together.
    pub(crate) fn of(pickle: &Pickle<'_>) -> Budget {
        const TIMES: u64 = 16;
        let len = pickle.end() - pickle.start();
        Budget(len.saturating_mul(TIMES).saturating_add(1 << 20))
    }

    /// Whether enough is left for an array.
    pub(crate) fn spend(&mut self, array: &NdArray<'_>) -> bool {
        let left = self
            .0
            .checked_sub(array.size().saturating_mul(weight(array.dtype())));
        self.0 = left.unwrap_or(self.0);
        left.is_some()
    }
}

/// Bytes that are hashed of an element. Fields may lie one over the other.
fn weight(dtype: &DType) -> u64 {
    match dtype.fields() {
        Some(fields) => {
            let weights = fields.iter().map(|field| weight(field.dtype()));
            weights.fold(dtype.itemsize(), u64::saturating_add)
        }
        None => dtype.itemsize(),
    }
}

/// The hash of the elements in C order, every number little-endian; of a structured array field by field. `None` where they
/// are Python objects.
pub(crate) fn of_array(array: &NdArray<'_>) -> Result<Option<String>, Error> {
    let dtype = array.dtype();
    if dtype.has_objects() {
        return Ok(None);
    }
    let mut sha = Sha256::new();
    match array.payload() {
        _ if dtype.fields().is_some() => {
            let bytes = array.to_bytes()?;
            feed_fields(dtype, &bytes, dtype.itemsize() as usize, &mut sha);
        }
        Some(payload) if array.order() == Order::C => {
            payload.chunks(STEP, |bytes| {
                feed(dtype, bytes, &mut sha);
                Ok(())
            })?;
        }
        _ => feed(dtype, &array.to_bytes()?, &mut sha),
    }
    Ok(Some(hex(&sha.finalize())))
}

/// Fields one after another, each of all elements, which are so many bytes apart and the first of which is first.
fn feed_fields(dtype: &DType, bytes: &[u8], step: usize, sha: &mut Sha256) {
    // As deep as dtypes are: the library allows 64 levels.
    for field in dtype.fields().into_iter().flat_map(|fields| fields.iter()) {
        let (from, size) = (field.offset() as usize, field.dtype().itemsize() as usize);
        let rest = bytes.get(from..).unwrap_or_default();
        if size == 0 || rest.is_empty() {
            continue;
        }
        if field.dtype().fields().is_some() {
            feed_fields(field.dtype(), rest, step, sha);
            continue;
        }
        let parts = rest.chunks(step).filter_map(|element| element.get(..size));
        let parts: Vec<u8> = parts.flatten().copied().collect();
        match structure_in(field.dtype()) {
            Some(base) => feed_fields(base, &parts, base.itemsize() as usize, sha),
            None => feed(field.dtype(), &parts, sha),
        }
    }
}

/// The structured dtype of which a subarray is made.
fn structure_in(dtype: &DType) -> Option<&DType> {
    let (mut base, _) = dtype.subarray()?;
    while let Some((inner, _)) = base.subarray() {
        base = inner;
    }
    base.fields().map(|_| base)
}

/// Takes whole numbers.
fn feed(dtype: &DType, bytes: &[u8], sha: &mut Sha256) {
    if dtype.subarray().is_none() && dtype.byte_order() != ByteOrder::Big {
        return sha.update(bytes);
    }
    let mut buffer = Vec::new();
    for piece in bytes.chunks(STEP) {
        buffer.clear();
        buffer.extend_from_slice(piece);
        dtype.make_little(&mut buffer);
        sha.update(&buffer);
    }
}

/// The hash of bytes as they are.
pub(crate) fn of_bytes(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(digest: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = digest.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits
        .map(|digit| char::from(DIGITS[usize::from(digit)]))
        .collect()
}
