//! Bytes in memory: everything stays where it is.

use super::source::Source;
use crate::error::Result;
use crate::graph::{Place, Store};
use crate::op::{Input, Slice};

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
