//! Bytes in memory: everything stays where it is.

use super::source::Source;
use crate::error::Result;
use crate::graph::{Place, Store};
use crate::op::{Code, Input, Slice};

impl<'a> Source<'a> for Slice<'a> {
    #[inline(always)]
    fn position(&self) -> u64 {
        Input::position(self)
    }

    #[inline(always)]
    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        Input::array(self)
    }

    #[inline(always)]
    fn bytes(&mut self, len: u64, store: &mut Store<'a>) -> Result<Place> {
        let start = Input::position(self) as usize;
        let found = Input::bytes(self, len)?;
        Ok(store.input(start..start + found.len()))
    }

    #[inline]
    fn line(&mut self, store: &mut Store<'a>) -> Result<Place> {
        let start = Input::position(self) as usize;
        let found = Input::line(self)?;
        Ok(store.input(start..start + found.len()))
    }

    /// Without a branch on the width: ints of mixed sizes come in no order that a processor could predict, and a wrong guess
    /// costs as much as three ints.
    #[inline(always)]
    fn short_int(&mut self) -> Option<(u8, i64)> {
        const BYTE: u8 = Code::BinInt1.byte();
        const SHORT: u8 = Code::BinInt2.byte();
        const LONG: u8 = Code::BinInt.byte();
        let [code, argument @ ..] = self.rest().first_chunk::<5>()?;
        let is_int = (*code == BYTE) | (*code == SHORT) | (*code == LONG);
        if !is_int {
            return None;
        }
        let width = 1 + usize::from(*code == SHORT) + 3 * usize::from(*code == LONG);
        let unused = 32 - 8 * width as u32;
        // Only the four bytes of BININT have a sign; the others are shifted in and out without it.
        let value =
            (i64::from(i32::from_le_bytes(*argument)) << (32 + unused)) as u64 >> (32 + unused);
        let sign = i64::from(*code == LONG) * 32;
        let value = ((value as i64) << sign) >> sign;
        self.skip(1 + width);
        Some((*code, value))
    }

    fn at_end(&mut self) -> Result<bool> {
        Ok(self.rest().is_empty())
    }

    fn reaches(&mut self, end: u64) -> Result<bool> {
        let left = end.saturating_sub(Input::position(self));
        let reaches = left <= self.rest().len() as u64;
        if reaches {
            self.skip(left as usize);
        }
        Ok(reaches)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_ints() {
        for (bytes, value, len) in [
            (&b"K\xff...."[..], 255, 2),
            (b"M\xff\xff....", 65535, 3),
            (b"J\xff\xff\xff\xff.", -1, 5),
            (b"J\x00\x00\x00\x80.", i64::from(i32::MIN), 5),
            (b"J\xff\xff\xff\x7f.", i64::from(i32::MAX), 5),
        ] {
            let mut slice = Slice::new(bytes);
            assert_eq!(slice.short_int(), Some((bytes[0], value)));
            assert_eq!(slice.rest(), &bytes[len..]);
        }
        for bytes in [&b"K\xff."[..], b"N....", b""] {
            assert_eq!(Slice::new(bytes).short_int(), None);
        }
    }
}
