//! Entries: of dicts, and of objects that are filled like dicts.

use super::Edit;
use crate::error::Result;
use crate::graph::{
    Id, Key, Kind, Node, Own, Part, Python, Tag, is_same_key, place_of_key, takes_anything,
};
use crate::names::Known;

/// Entries of a dict, and of objects that are filled like dicts, such as an OrderedDict.
impl<'a> Edit<'a> {
    /// `dict[key] = value`: gives an entry another value, or adds one at the end. Gives the value that was there before.
    ///
    /// Keys are those of Python: `"a"` is a str (or a str of Python 2), `b"a"` is bytes, and they are not the same. A text that is
    /// added to a document of Python 2 is its str where it is ASCII. An [`Id`] is the key that is that node, or a text, bytes or
    /// a number that equals it; tuples and objects are compared by identity alone.
    ///
    /// # Errors
    ///
    /// Category `Data` where there is no dict, for a list, dict or set as a key, and for ids of other documents; `Limit`.
    pub fn set<'k>(&mut self, dict: Id, key: impl Into<Key<'k>>, value: Id) -> Result<Option<Id>> {
        let key = key.into();
        let part = self.entries(dict)?;
        self.builder.check(&[value])?;
        if let Some(place) = self.place(dict, key) {
            let before = self
                .at(dict)
                .pairs()
                .nth(place)
                .map(|(_, value)| value.id());
            self.changed();
            self.builder
                .graph
                .set_item(dict, part, 2 * place + 1, value);
            return Ok(before);
        }
        let key = self.key(key)?;
        self.changed();
        let place = self.at(dict).pairs().size_hint().0;
        let graph = &mut self.builder.graph;
        let hash = graph.indexes.hash_of(Node { graph, id: key });
        graph.splice(dict, part, 2 * place, 0, &[key, value])?;
        graph.indexes.keyed(dict, place, hash);
        Ok(None)
    }

    /// `del dict[key]`: takes an entry out, and gives its value, or `None` where there is no such key. As in a list, those behind
    /// move up; [`retain`](Edit::retain) takes out many at once.
    ///
    /// # Errors
    ///
    /// Category `Data` where there is no dict.
    pub fn remove<'k>(&mut self, dict: Id, key: impl Into<Key<'k>>) -> Result<Option<Id>> {
        let key = key.into();
        let part = self.entries(dict)?;
        let Some(place) = self.place(dict, key) else {
            return Ok(None);
        };
        let value = self
            .at(dict)
            .pairs()
            .nth(place)
            .map(|(_, value)| value.id());
        self.changed();
        self.builder.graph.splice(dict, part, 2 * place, 2, &[])?;
        self.builder.graph.indexes.removed(dict, place);
        // A pickle may set a key more than once.
        if self.place(dict, key).is_some() {
            self.retain(dict, |found, _| !is_same_key(found, key))?;
        }
        Ok(value)
    }

    /// Gives an entry another key, and leaves it where it is.
    ///
    /// # Errors
    ///
    /// Category `Data` where there is no dict or no such key, where there is an entry of the new key, and as
    /// [`set`](Edit::set); `Limit`.
    pub fn rename<'k, 'n>(
        &mut self,
        dict: Id,
        key: impl Into<Key<'k>>,
        new: impl Into<Key<'n>>,
    ) -> Result<()> {
        let (key, new) = (key.into(), new.into());
        let part = self.entries(dict)?;
        let Some(place) = self.place(dict, key) else {
            return Err(self.error(dict, &format!("no key {}", self.shown(key))));
        };
        match self.place(dict, new) {
            Some(other) if other != place => {
                return Err(self.error(dict, &format!("a key {} already", self.shown(new))));
            }
            _ => {}
        }
        let new = self.key(new)?;
        self.put_key(dict, part, place, new);
        // A pickle may set a key more than once.
        if self.place(dict, key).is_some_and(|other| other != place) {
            let entries = self.at(dict).pairs().enumerate();
            let same = entries.filter(|(_, (found, _))| is_same_key(*found, key));
            let places: Vec<usize> = same.map(|(place, _)| place).collect();
            for place in places {
                self.put_key(dict, part, place, new);
            }
        }
        Ok(())
    }

    fn put_key(&mut self, dict: Id, part: Own, place: usize, key: Id) {
        self.changed();
        let graph = &mut self.builder.graph;
        let hash = graph.indexes.hash_of(Node { graph, id: key });
        graph.set_item(dict, part, 2 * place, key);
        graph.indexes.keyed(dict, place, hash);
    }

    /// Takes out the entries for which `keep` says no; linear time.
    ///
    /// # Errors
    ///
    /// Category `Data` where there is no dict.
    pub fn retain(
        &mut self,
        dict: Id,
        mut keep: impl FnMut(Node<'_, 'a>, Node<'_, 'a>) -> bool,
    ) -> Result<()> {
        let part = self.entries(dict)?;
        let (mut kept, mut len) = (Vec::new(), 0);
        for (key, value) in self.at(dict).pairs() {
            len += 2;
            if keep(key, value) {
                kept.extend([key.id(), value.id()]);
            }
        }
        self.builder.graph.touch(dict);
        self.builder.graph.splice(dict, part, 0, len, &kept)
    }

    /// Which of a node's parts has its entries.
    fn entries(&self, id: Id) -> Result<Own> {
        self.builder.check(&[id])?;
        let (node, tag) = (self.at(id), self.builder.graph.raw(id).tag());
        if tag == Tag::Dict {
            return Ok(None);
        }
        let is_mapping = || {
            let known = node.callable().map(Node::known);
            let is_filled = known == Some(Known::OrderedDict) && node.has_args(0);
            is_filled || known == Some(Known::DefaultDict)
        };
        if takes_anything(tag) && (node.pairs().next().is_some() || is_mapping()) {
            return Ok(Some(Part::Pairs));
        }
        let what = match tag {
            Tag::Object => "no entries by itself; they may be in its state or its arguments",
            _ => "no entries",
        };
        Err(self.error(id, what))
    }

    /// Where the last entry of a key is.
    fn place(&self, dict: Id, key: Key<'_>) -> Option<usize> {
        place_of_key(self.at(dict), key, is_same_key)
    }

    /// The node of a key that is put in a dict.
    fn key(&mut self, key: Key<'_>) -> Result<Id> {
        let is_py2 = self.builder.graph.dialect.python == Python::Py2;
        let builder = self.builder();
        match key {
            Key::Str(text) if is_py2 && text.is_ascii() => builder.native_str(text),
            Key::Str(text) => builder.str(text),
            Key::Bytes(bytes) => builder.bytes(bytes.to_vec()),
            Key::Int(value) => builder.int(value),
            Key::Node(id) => {
                builder.check(&[id])?;
                match self.at(id).kind() {
                    Kind::List | Kind::Dict | Kind::Set | Kind::ByteArray => {
                        Err(self.error(id, "cannot be a key"))
                    }
                    _ => Ok(id),
                }
            }
        }
    }

    /// A key for an error.
    fn shown(&self, key: Key<'_>) -> String {
        match key {
            Key::Str(text) if text.len() <= 100 => format!("{text:?}"),
            Key::Bytes(bytes) if bytes.len() <= 100 => format!("b\"{}\"", bytes.escape_ascii()),
            Key::Int(value) => value.to_string(),
            Key::Str(_) | Key::Bytes(_) => "of that text".into(),
            Key::Node(id) => match self.node(id) {
                Some(node) => format!("that is {}", node.kind().noun()),
                None => "of this document".into(),
            },
        }
    }
}
