//! Items: of lists and tuples, and of objects that are filled like lists.

use super::Edit;
use crate::error::Result;
use crate::graph::{Id, Kind, Node, Own, Part, Tag, takes_anything};
use crate::names::Known;

/// Items of a list, of a set in stored order, and of objects that are filled like lists, such as a deque. Those of a tuple can
/// be exchanged, not added or taken out: its length is part of what it is.
///
/// Elements of a set are not compared: Python drops one that equals another when it loads the pickle.
impl Edit<'_> {
    /// Adds an item at the end.
    ///
    /// # Errors
    ///
    /// Category `Data` where there is no list, and for ids of other documents; `Limit`.
    pub fn push(&mut self, list: Id, item: Id) -> Result<()> {
        let (list, part, len) = self.items(list, true)?;
        self.put(list, part, len, 0, &[item])
    }

    /// Puts an item before the one at `index`, or at the end.
    ///
    /// # Errors
    ///
    /// As [`push`](Edit::push); `Data` for an index beyond the end.
    pub fn insert(&mut self, list: Id, index: usize, item: Id) -> Result<()> {
        let (list, part, len) = self.items(list, true)?;
        if index > len {
            return Err(self.no_item(list, index, len));
        }
        self.put(list, part, index, 0, &[item])
    }

    /// Puts an item in the place of the one at `index`, which is given back.
    ///
    /// # Errors
    ///
    /// As [`insert`](Edit::insert).
    pub fn set_item(&mut self, sequence: Id, index: usize, item: Id) -> Result<Id> {
        let (sequence, part, len) = self.items(sequence, false)?;
        self.builder.check(&[item])?;
        let before = self.at(sequence).items().nth(index).map(Node::id);
        let before = before.ok_or_else(|| self.no_item(sequence, index, len))?;
        self.changed();
        self.builder.graph.set_item(sequence, part, index, item);
        Ok(before)
    }

    /// Takes the item at `index` out, and gives it back.
    ///
    /// # Errors
    ///
    /// As [`insert`](Edit::insert).
    pub fn remove_item(&mut self, list: Id, index: usize) -> Result<Id> {
        let (list, part, len) = self.items(list, true)?;
        let before = self.at(list).items().nth(index).map(Node::id);
        let before = before.ok_or_else(|| self.no_item(list, index, len))?;
        self.put(list, part, index, 1, &[])?;
        Ok(before)
    }

    /// Which node has the items that are meant, in which of its parts, and how many.
    fn items(&self, id: Id, is_resized: bool) -> Result<(Id, Own, usize)> {
        self.builder.check(&[id])?;
        let id = self.list_of_set(id).unwrap_or(id);
        let (node, tag) = (self.at(id), self.builder.graph.raw(id).tag());
        let len = node.items().size_hint().0;
        match node.kind() {
            Kind::List | Kind::Set | Kind::FrozenSet => return Ok((id, None, len)),
            Kind::Tuple if is_resized => {
                let what = "its length is fixed; make another one and put it in its place";
                return Err(self.error(id, what));
            }
            Kind::Tuple => return Ok((id, None, len)),
            _ => {}
        }
        let is_list = len > 0 || node.callable().map(Node::known) == Some(Known::Deque);
        match takes_anything(tag) && is_list {
            true => Ok((id, Some(Part::Items), len)),
            false if tag == Tag::Object => {
                let what = "no items by itself; they may be in its state or its arguments";
                Err(self.error(id, what))
            }
            false => Err(self.error(id, "no items")),
        }
    }

    /// The list that a set is made of, below protocol 4.
    fn list_of_set(&self, id: Id) -> Option<Id> {
        let node = self.at(id);
        let is_set = matches!(node.callable()?.known(), Known::Set | Known::FrozenSet);
        let list = node
            .args()
            .filter(|args| is_set && args.len() == 1)?
            .index(0)?;
        (list.kind() == Kind::List).then_some(list.id())
    }

    fn put(&mut self, id: Id, part: Own, at: usize, removed: usize, items: &[Id]) -> Result<()> {
        self.builder.check(items)?;
        self.changed();
        self.builder.graph.splice(id, part, at, removed, items)
    }

    fn no_item(&self, id: Id, index: usize, len: usize) -> crate::Error {
        self.error(id, &format!("no item {index} of {len}"))
    }
}
