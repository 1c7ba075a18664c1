//! Where the machine's bytes come from, and where the document finds them again.

use crate::error::Result;
use crate::graph::{Place, Store};
use crate::payload::Payload;

/// A stream of bytes that knows how to leave byte strings where they are, or keep them in the document's store.
pub(crate) trait Source<'a> {
    fn position(&self) -> u64;

    fn array<const N: usize>(&mut self) -> Result<[u8; N]>;

    /// The place of the next `len` bytes, which are passed over. `len` is not to be believed.
    fn bytes(&mut self, len: u64, store: &mut Store<'a>) -> Result<Place>;

    /// The place of the bytes before the next newline. It is passed over, and where the bytes are copied it is copied
    /// too, right behind the place: two lines read in a row lie in the store as they lay in the source.
    fn line(&mut self, store: &mut Store<'a>) -> Result<Place>;

    /// The next `len` bytes as a payload: for those who read what stands between opcodes.
    fn payload(&mut self, len: u64, store: &mut Store<'a>) -> Result<Payload<'a>> {
        let place = self.bytes(len, store)?;
        Ok(store.to_payload(place))
    }

    /// The next opcode and its int, passed over, if that is an int of up to 32 bits and the source can tell at once.
    #[inline(always)]
    fn short_int(&mut self) -> Option<(u8, i64)> {
        None
    }

    /// Whether nothing is left.
    fn at_end(&mut self) -> Result<bool>;

    /// Passes over what is left before `end`; whether the source holds so many bytes.
    fn reaches(&mut self, end: u64) -> Result<bool>;
}
