//! SHA-256 of an array's elements, the same for every byte order and layout of them.

use ndpickle::numpy::{ByteOrder, ElementKind, NdArray, Order};
use ndpickle::{Error, Payload, Pickle};
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

    /// Whether so many bytes are left.
    pub(crate) fn spend(&mut self, bytes: u64) -> bool {
        let left = self.0.checked_sub(bytes);
        self.0 = left.unwrap_or(self.0);
        left.is_some()
    }
}

/// The hash of the elements in C order, every number little-endian; `None` where they are Python objects.
pub(crate) fn of_array(array: &NdArray<'_>) -> Result<Option<String>, Error> {
    let dtype = array.dtype();
    if matches!(
        dtype.kind(),
        ElementKind::Object | ElementKind::String | ElementKind::Struct
    ) {
        return Ok(None);
    }
    let swapped = match dtype.byte_order() {
        ByteOrder::Big => dtype.number_size(),
        ByteOrder::Little | ByteOrder::None => 1,
    };
    let mut hasher = Hasher {
        sha: Sha256::new(),
        swapped,
        buffer: Vec::new(),
    };
    match array.payload() {
        Some(payload) if array.order() == Order::C => hasher.feed_payload(payload)?,
        _ => hasher.feed(&array.to_bytes()?),
    }
    Ok(Some(hasher.finish()))
}

/// The hash of bytes as they are.
pub(crate) fn of_bytes(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

struct Hasher {
    sha: Sha256,
    /// Size of the numbers whose bytes are reversed; 1 for none.
    swapped: usize,
    buffer: Vec<u8>,
}

impl Hasher {
    fn feed_payload(&mut self, payload: &Payload<'_>) -> Result<(), Error> {
        payload.chunks(STEP, |bytes| {
            self.feed(bytes);
            Ok(())
        })
    }

    /// Takes whole numbers.
    fn feed(&mut self, bytes: &[u8]) {
        if self.swapped <= 1 {
            return self.sha.update(bytes);
        }
        for piece in bytes.chunks(STEP) {
            self.buffer.clear();
            self.buffer.extend_from_slice(piece);
            let numbers = self.buffer.chunks_exact_mut(self.swapped);
            numbers.for_each(<[u8]>::reverse);
            self.sha.update(&self.buffer);
        }
    }

    fn finish(self) -> String {
        hex(&self.sha.finalize())
    }
}

fn hex(digest: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = digest.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits
        .map(|digit| char::from(DIGITS[usize::from(digit)]))
        .collect()
}
