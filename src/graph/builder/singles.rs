//! What Python has one object of, and which node of a document it is.

use std::borrow::Cow;
use std::hash::BuildHasher as _;

use hashbrown::{DefaultHashBuilder, HashMap, HashTable};

use super::super::arena::Graph;
use super::super::raw::{Id, Tag};
use super::super::store::Place;

/// An object of which Python has one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Single<'s> {
    Str(Cow<'s, [u8]>),
    Bytes(Option<u8>),
    /// The name of a module other than `numpy`: shared by the globals in it, with no text of a user.
    Module(Cow<'s, str>),
    Global(Cow<'s, str>, Cow<'s, str>),
    /// What a library has one of, by a name.
    Named(Cow<'s, str>),
}

impl Single<'_> {
    pub(crate) fn into_owned(self) -> Single<'static> {
        let owned = |name: Cow<'_, str>| Cow::Owned(name.into_owned());
        match self {
            Single::Str(text) => Single::Str(Cow::Owned(text.into_owned())),
            Single::Bytes(byte) => Single::Bytes(byte),
            Single::Module(name) => Single::Module(owned(name)),
            Single::Global(module, name) => Single::Global(owned(module), owned(name)),
            Single::Named(name) => Single::Named(owned(name)),
        }
    }
}

/// The nodes of a document that are singles.
#[derive(Debug, Default)]
pub(crate) struct Singles {
    characters: Characters,
    /// Longer ones.
    texts: Texts,
    pub(super) words: Words,
    others: HashMap<Single<'static>, Id>,
}

impl Singles {
    pub(crate) fn get(&self, graph: &Graph<'_>, single: &Single<'_>) -> Option<Id> {
        // A map of owned keys is one of borrowed keys to those who only look.
        let others: &HashMap<Single<'_>, Id> = &self.others;
        match single {
            Single::Str(text) => self.text(graph, text),
            single => others.get(single).copied(),
        }
    }

    #[inline]
    pub(super) fn text(&self, graph: &Graph<'_>, text: &[u8]) -> Option<Id> {
        match Characters::slot(text) {
            Some(slot) => self.characters.get(slot),
            None => self.texts.get(graph, text),
        }
    }

    pub(crate) fn insert(&mut self, graph: &Graph<'_>, single: Single<'_>, id: Id) {
        match single {
            Single::Str(text) => match Characters::slot(&text) {
                Some(slot) => self.characters.add(slot, id),
                None => self.texts.insert(graph, id),
            },
            single => drop(self.others.insert(single.into_owned(), id)),
        }
    }

    /// Forgets nodes.
    pub(crate) fn retain(&mut self, keep: impl Fn(Id) -> bool) {
        self.words = Words::default();
        self.characters.retain(&keep);
        self.texts.table.retain(|entry| keep(entry.id));
        self.others.retain(|_, id| keep(*id));
    }
}

/// The texts of no character and of one up to U+00FF, of which Python has one each.
#[derive(Debug)]
struct Characters([Id; 257]);

impl Default for Characters {
    fn default() -> Self {
        Characters([Id::NOWHERE; 257])
    }
}

impl Characters {
    /// Where such a text is, in UTF-8.
    #[inline]
    fn slot(text: &[u8]) -> Option<usize> {
        match *text {
            [] => Some(256),
            [byte] => Some(byte.into()),
            [lead @ (0xc2 | 0xc3), byte] => {
                Some(usize::from(lead & 3) << 6 | usize::from(byte & 0x3f))
            }
            _ => None,
        }
    }

    fn get(&self, slot: usize) -> Option<Id> {
        Some(self.0[slot]).filter(|id| *id != Id::NOWHERE)
    }

    /// Adds a text, unless it is there.
    fn add(&mut self, slot: usize, id: Id) {
        if self.0[slot] == Id::NOWHERE {
            self.0[slot] = id;
        }
    }

    fn retain(&mut self, keep: impl Fn(Id) -> bool) {
        let gone = self.0.iter_mut().filter(|id| !keep(**id));
        gone.for_each(|id| *id = Id::NOWHERE);
    }
}

/// Whether Python has one object of this text: no character, or one up to U+00FF.
#[inline]
pub(crate) fn is_single(text: &[u8]) -> bool {
    Characters::slot(text).is_some()
}

/// Words of a program that were met last, by where they are in its memory: a struct's fields come again with every struct, and
/// are found so at once.
#[derive(Debug)]
pub(super) struct Words([(usize, usize, Id); WORDS]);

const WORDS: usize = 64;

impl Default for Words {
    fn default() -> Self {
        Words([(0, 0, Id::NOWHERE); WORDS])
    }
}

impl Words {
    #[inline]
    fn slot(word: &'static str) -> usize {
        // The upper bits depend on all of the address.
        spread(word.as_ptr().addr() as u32) as usize >> (usize::BITS - WORDS.ilog2())
    }

    #[inline]
    pub(super) fn get(&self, word: &'static str) -> Option<Id> {
        let (place, len, id) = self.0[Words::slot(word)];
        // OK because what is in a program stays where it is.
        (place == word.as_ptr().addr() && len == word.len() && id != Id::NOWHERE).then_some(id)
    }

    pub(super) fn add(&mut self, word: &'static str, id: Id) {
        self.0[Words::slot(word)] = (word.as_ptr().addr(), word.len(), id);
    }
}

/// Texts of a document by what they say. What they say is in the document.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    table: HashTable<Entry>,
    hasher: DefaultHashBuilder,
}

/// A text and its hash: a table that grows need not look at what it says.
#[derive(Clone, Copy, Debug)]
struct Entry {
    hash: u32,
    id: Id,
}

/// Of 64 bits, of which the table looks at both ends.
fn spread(hash: u32) -> u64 {
    u64::from(hash).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

impl Texts {
    pub(crate) fn get(&self, graph: &Graph<'_>, text: &[u8]) -> Option<Id> {
        // Mostly there are none.
        match self.table.is_empty() {
            true => None,
            false => self.find(graph, text).ok(),
        }
    }

    /// The text, or else the hash with which it is added.
    pub(super) fn find(&self, graph: &Graph<'_>, text: &[u8]) -> Result<Id, u32> {
        let hash = self.hasher.hash_one(text) as u32;
        let is_equal = |entry: &Entry| entry.hash == hash && said(graph, entry.id) == Some(text);
        let known = self.table.find(spread(hash), is_equal);
        known.map(|entry| entry.id).ok_or(hash)
    }

    /// Adds a text that is not there.
    pub(super) fn add(&mut self, hash: u32, id: Id) {
        let entry = Entry { hash, id };
        self.table
            .insert_unique(spread(hash), entry, |entry| spread(entry.hash));
    }

    /// Adds a text, unless there is an equal one, or what it says is not in memory.
    pub(crate) fn insert(&mut self, graph: &Graph<'_>, id: Id) {
        if let Some(Err(hash)) = said(graph, id).map(|text| self.find(graph, text)) {
            self.add(hash, id);
        }
    }
}

/// The bytes of a text that is in memory.
fn said<'g>(graph: &'g Graph<'_>, id: Id) -> Option<&'g [u8]> {
    let raw = graph.raw(id);
    let text = (raw.tag() == Tag::Str).then(|| graph.store.get(Place(raw.value)));
    text.flatten()
}
