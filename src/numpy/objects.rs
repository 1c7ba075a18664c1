//! Arrays whose elements are Python objects, which the pickle has in a list.

use std::iter::Take;

use crate::error::Result;
use crate::graph::{Id, Items, Node};

/// Where the elements of an array of objects are.
#[derive(Clone, Copy, Debug)]
pub(super) enum Objects {
    /// The items of a list, in C order.
    List(Id),
    /// One element: that of a structured scalar, a tuple of its fields.
    One(Id),
}

impl<'p, 'a> Node<'p, 'a> {
    /// The elements of an array of Python objects in C order, whatever the order of the array is. Those of a structured array
    /// with objects are tuples of its fields; those of `StringDType` are str, or the object for missing ones.
    ///
    /// # Errors
    ///
    /// Category `Data` where the node is no array, is a damaged one, or one whose elements are bytes.
    pub fn elements(self) -> Result<Take<Items<'p, 'a>>> {
        let array = self.array()?;
        let size = usize::try_from(array.size()).unwrap_or(usize::MAX);
        match array.objects() {
            Some(Objects::List(list)) => Ok(self.to(list).items().take(size)),
            Some(Objects::One(one)) => Ok(Items::one(self.to(one)).take(size)),
            None => {
                let what = format!("the elements of {array} are no Python objects");
                Err(self.error(what))
            }
        }
    }
}
