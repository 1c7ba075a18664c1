//! The cursor: one node of a document and what can be asked of it.

use std::borrow::Cow;
use std::fmt;

use num_bigint::BigInt;

use super::arena::Graph;
use super::edges::Ids;
use super::key::Key;
use super::object::Constructor;
use super::pickle::Py2Text;
use super::raw::{Id, Tag};
use super::store::Place;
use crate::error::{Error, Result};
use crate::names::{Known, Origin};
use crate::payload::Payload;
use crate::repr;

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `None`.
    None,
    /// A bool.
    Bool,
    /// An int of any size; a Python 2 long is told by [`Node::is_long`].
    Int,
    /// A float.
    Float,
    /// A str of Python 3, or a unicode of Python 2.
    Str,
    /// A str of Python 2: bytes that may be text.
    Py2Str,
    /// A bytes object.
    Bytes,
    /// A bytearray.
    ByteArray,
    /// A tuple.
    Tuple,
    /// A list.
    List,
    /// A dict, its entries in stored order.
    Dict,
    /// A set.
    Set,
    /// A frozenset.
    FrozenSet,
    /// A class or function, by name.
    Global,
    /// An object outside the pickle, by its persistent id.
    Persistent,
    /// An object of the extension registry, by its code.
    Extension,
    /// An out-of-band buffer.
    Buffer,
    /// Anything made by calling something: see [`Node::constructor`].
    Object,
}

/// The module and qualified name of a class or function.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Global<'p> {
    /// The module, such as `collections`.
    pub module: Cow<'p, str>,
    /// The qualified name, such as `OrderedDict`.
    pub name: Cow<'p, str>,
}

impl fmt::Display for Global<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.module, self.name)
    }
}

/// A node of a document: two words, `Copy`. `'p` is the document's life, `'a` the input's.
#[derive(Clone, Copy)]
pub struct Node<'p, 'a> {
    pub(crate) graph: &'p Graph<'a>,
    pub(crate) id: Id,
}

impl<'p, 'a> Node<'p, 'a> {
    #[inline]
    pub(crate) fn to(self, id: Id) -> Node<'p, 'a> {
        Node {
            graph: self.graph,
            id,
        }
    }

    /// The id: two cursors of a document are at the same object exactly when their ids are equal.
    #[inline]
    pub fn id(self) -> Id {
        self.id
    }

    /// Offset in the source of the opcode that made the node; 0 for `None`, bools and `()`, which are shared.
    pub fn offset(self) -> u64 {
        self.graph.raw(self.id).offset()
    }

    /// What the node is.
    #[inline]
    pub fn kind(self) -> Kind {
        match self.graph.raw(self.id).tag() {
            Tag::None => Kind::None,
            Tag::False | Tag::True => Kind::Bool,
            Tag::Int | Tag::BigInt => Kind::Int,
            Tag::Float => Kind::Float,
            Tag::Str => Kind::Str,
            Tag::Py2Str => Kind::Py2Str,
            Tag::Bytes => Kind::Bytes,
            Tag::ByteArray => Kind::ByteArray,
            Tag::Tuple => Kind::Tuple,
            Tag::List => Kind::List,
            Tag::Dict => Kind::Dict,
            Tag::Set => Kind::Set,
            Tag::FrozenSet => Kind::FrozenSet,
            Tag::Global | Tag::StackGlobal => Kind::Global,
            Tag::PersId | Tag::BinPersId => Kind::Persistent,
            Tag::Extension => Kind::Extension,
            Tag::Buffer => Kind::Buffer,
            Tag::Object => Kind::Object,
        }
    }

    /// Whether the pickler stored the object in its memo.
    pub fn is_memoised(self) -> bool {
        self.graph.raw(self.id).is_memoised()
    }

    /// Whether this is `None`.
    #[inline]
    pub fn is_none(self) -> bool {
        self.id == Id::NONE || self.kind() == Kind::None
    }

    /// The value of a bool.
    #[inline]
    pub fn as_bool(self) -> Option<bool> {
        match self.graph.raw(self.id).tag() {
            Tag::False => Some(false),
            Tag::True => Some(true),
            _ => None,
        }
    }

    /// The value of an int that fits.
    #[inline]
    pub fn as_i64(self) -> Option<i64> {
        let raw = self.graph.raw(self.id);
        match raw.tag() {
            Tag::Int => Some(raw.value as i64),
            // A long may be spelled in more bytes than it needs.
            Tag::BigInt => {
                let (low, rest) = self.raw_bytes()?.split_first_chunk()?;
                let value = i64::from_le_bytes(*low);
                let sign = (value >> 63) as u8;
                rest.iter().all(|byte| *byte == sign).then_some(value)
            }
            _ => None,
        }
    }

    /// The value of an int that fits.
    pub fn as_u64(self) -> Option<u64> {
        match self.as_i64() {
            Some(value) => u64::try_from(value).ok(),
            None => u64::try_from(self.to_bigint()?).ok(),
        }
    }

    /// The value of an int of any size.
    pub fn to_bigint(self) -> Option<BigInt> {
        let raw = self.graph.raw(self.id);
        match raw.tag() {
            Tag::Int => Some(BigInt::from(raw.value as i64)),
            Tag::BigInt => {
                let payload = self.graph.store.to_payload(Place(raw.value));
                Some(BigInt::from_signed_bytes_le(&payload.to_vec().ok()?))
            }
            _ => None,
        }
    }

    /// Whether an int is a Python 2 long, or was spelled like one.
    pub fn is_long(self) -> bool {
        let raw = self.graph.raw(self.id);
        raw.tag() == Tag::BigInt || (raw.tag() == Tag::Int && raw.aux() == 1)
    }

    /// The value of a float.
    #[inline]
    pub fn as_f64(self) -> Option<f64> {
        let raw = self.graph.raw(self.id);
        (raw.tag() == Tag::Float).then(|| f64::from_bits(raw.value))
    }

    #[inline]
    fn place(self) -> Option<Place> {
        let raw = self.graph.raw(self.id);
        matches!(
            raw.tag(),
            Tag::Str | Tag::Py2Str | Tag::Bytes | Tag::ByteArray | Tag::PersId | Tag::BigInt
        )
        .then_some(Place(raw.value))
    }

    /// The bytes of a str (UTF-8, may hold surrogates), Python 2 str, bytes or bytearray, where they are in memory.
    #[inline]
    pub(crate) fn raw_bytes(self) -> Option<&'p [u8]> {
        self.graph.store.get(self.place()?)
    }

    /// Number of bytes of a str, Python 2 str, bytes or bytearray.
    pub fn byte_len(self) -> Option<u64> {
        Some(self.graph.store.len(self.place()?))
    }

    /// The bytes of a bytes object, bytearray or Python 2 str that is in memory.
    pub fn as_bytes(self) -> Option<&'p [u8]> {
        matches!(self.kind(), Kind::Bytes | Kind::ByteArray | Kind::Py2Str)
            .then(|| self.raw_bytes())
            .flatten()
    }

    /// The bytes of a bytes object, bytearray or Python 2 str that is part of the input; they outlive the document.
    pub fn borrowed_bytes(self) -> Option<&'a [u8]> {
        let is_bytes = matches!(self.kind(), Kind::Bytes | Kind::ByteArray | Kind::Py2Str);
        is_bytes
            .then(|| self.graph.store.borrowed(self.place()?))
            .flatten()
    }

    /// The bytes of a str (in UTF-8, may hold surrogates), Python 2 str, bytes or bytearray, wherever they are.
    #[inline]
    pub fn payload(self) -> Option<Payload<'a>> {
        (self.kind() != Kind::Int)
            .then(|| self.place())
            .flatten()
            .map(|place| self.graph.store.to_payload(place))
    }

    /// The text of a str, or of a Python 2 str under the option of that name, where it is in memory and has no lone
    /// surrogates. [`text`](Node::text) says why there is none.
    pub fn as_str(self) -> Option<&'p str> {
        let bytes = match self.kind() {
            Kind::Str => self.raw_bytes()?,
            Kind::Py2Str => match (self.graph.py2_text, self.raw_bytes()?) {
                (Py2Text::Utf8, bytes) => bytes,
                (Py2Text::Ascii | Py2Text::Latin1, bytes) if bytes.is_ascii() => bytes,
                _ => return None,
            },
            _ => return None,
        };
        std::str::from_utf8(bytes).ok()
    }

    /// The text of a str that is part of the input; it outlives the document.
    pub fn borrowed_str(self) -> Option<&'a str> {
        self.as_str()?;
        std::str::from_utf8(self.graph.store.borrowed(self.place()?)?).ok()
    }

    /// The text of a str, or of a Python 2 str under the option of that name.
    ///
    /// # Errors
    ///
    /// Category `Data` for other nodes, for invalid UTF-8, lone surrogates, and a Python 2 str that is no text under
    /// the option; `Io` where the text is in a file that cannot be read.
    pub fn text(self) -> Result<Cow<'p, str>> {
        if let Some(text) = self.as_str() {
            return Ok(Cow::Borrowed(text));
        }
        let fail = |what: &str| Err(self.error(what));
        let bytes = match (self.kind(), self.place()) {
            (Kind::Str | Kind::Py2Str, Some(place)) => {
                self.graph.store.to_payload(place).to_vec()?
            }
            _ => return fail("not a str"),
        };
        if self.kind() == Kind::Py2Str {
            match self.graph.py2_text {
                Py2Text::Bytes => {
                    return fail("a Python 2 str; the option py2_text says that it is bytes");
                }
                Py2Text::Latin1 => return Ok(bytes.iter().map(|byte| char::from(*byte)).collect()),
                Py2Text::Ascii if !bytes.is_ascii() => {
                    return fail(
                        "a Python 2 str that is not ASCII; the option py2_text names its encoding",
                    );
                }
                Py2Text::Ascii | Py2Text::Utf8 => {}
            }
        }
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Cow::Owned(text)),
            Err(error) if repr::wtf8::is_valid(error.as_bytes()) => {
                fail("a str with lone surrogates")
            }
            Err(_) => fail("a str that is not UTF-8"),
        }
    }

    /// An error about this node, with its offset.
    pub(crate) fn error(self, what: impl Into<String>) -> Error {
        Error::data(what).at(self.offset(), None)
    }

    /// Number of items of a tuple, list, set or frozenset, or of entries of a dict; 0 for others.
    #[inline]
    pub fn len(self) -> usize {
        let ids = self.graph.items(self.id).count_left();
        if self.kind() == Kind::Dict {
            ids / 2
        } else {
            ids
        }
    }

    /// Whether there are no items.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The items of a tuple, list, set or frozenset, or those appended to an object.
    #[inline]
    pub fn items(self) -> Items<'p, 'a> {
        let ids = match self.kind() {
            Kind::Dict => self.graph.none(),
            Kind::Tuple | Kind::List | Kind::Set | Kind::FrozenSet => self.graph.items(self.id),
            _ => self.graph.appended(self.id),
        };
        Items {
            graph: self.graph,
            first: None,
            ids,
        }
    }

    /// The keys and values of a dict, or those set in an object, in stored order; a key may come more than once.
    #[inline]
    pub fn pairs(self) -> Pairs<'p, 'a> {
        let ids = match self.kind() {
            Kind::Dict => self.graph.items(self.id),
            Kind::Tuple | Kind::List | Kind::Set | Kind::FrozenSet => self.graph.none(),
            _ => self.graph.set_pairs(self.id),
        };
        Pairs(Items {
            graph: self.graph,
            first: None,
            ids,
        })
    }

    /// The item of a tuple or list at this place.
    #[inline]
    pub fn index(self, index: usize) -> Option<Node<'p, 'a>> {
        matches!(self.kind(), Kind::Tuple | Kind::List)
            .then(|| self.graph.items(self.id).nth(index))
            .flatten()
            .map(|id| self.to(id))
    }

    /// The first `N` items of a tuple, and how many it has in all: quicker than one after the other. `None` for others.
    #[inline]
    pub(crate) fn parts<const N: usize>(self) -> Option<(usize, [Option<Node<'p, 'a>>; N])> {
        if self.kind() != Kind::Tuple {
            return None;
        }
        let mut ids = self.graph.items(self.id);
        let len = ids.count_left();
        Some((
            len,
            std::array::from_fn(|_| ids.next().map(|id| self.to(id))),
        ))
    }

    /// The value of a key of a dict (or of entries set in an object, such as an OrderedDict). Of equal keys the last one
    /// wins, as in Python; a Python 2 str and bytes of the same text match a str.
    pub fn get<'k>(self, key: impl Into<Key<'k>>) -> Option<Node<'p, 'a>> {
        super::key::find(self, key.into())
    }

    /// The module and name of a global.
    pub fn global(self) -> Option<Global<'p>> {
        let (module, name) = self.global_bytes()?;
        Some(Global {
            module: String::from_utf8_lossy(module),
            name: String::from_utf8_lossy(name),
        })
    }

    pub(crate) fn global_bytes(self) -> Option<(&'p [u8], &'p [u8])> {
        let raw = self.graph.raw(self.id);
        match raw.tag() {
            Tag::Global => {
                let both = self.graph.store.get(Place(raw.value))?;
                let end = both.iter().position(|byte| *byte == b'\n')?;
                Some((&both[..end], &both[end + 1..]))
            }
            Tag::StackGlobal => {
                let (module, name) = raw.halves();
                // Names are in memory unless they are absurdly long.
                let bytes = |id| self.to(Id(id)).raw_bytes().unwrap_or(b"?");
                Some((bytes(module), bytes(name)))
            }
            _ => None,
        }
    }

    /// Whether a global is data, NumPy's, or something else; `None` for other nodes.
    pub fn origin(self) -> Option<Origin> {
        (self.kind() == Kind::Global).then(|| self.known().origin())
    }

    #[inline]
    pub(crate) fn known(self) -> Known {
        let raw = self.graph.raw(self.id);
        match raw.tag() {
            Tag::Global | Tag::StackGlobal => Known::from_aux(raw.aux()),
            _ => Known::Unknown,
        }
    }

    /// How an object was made.
    pub fn constructor(self) -> Option<Constructor> {
        let raw = self.graph.raw(self.id);
        (raw.tag() == Tag::Object).then(|| Constructor::from_aux(raw.aux()))
    }

    /// What was called to make an object: a class or function.
    #[inline]
    pub fn callable(self) -> Option<Node<'p, 'a>> {
        self.graph
            .object_of(self.id)
            .map(|(callable, ..)| self.to(callable))
    }

    /// The positional arguments of an object: a tuple.
    #[inline]
    pub fn args(self) -> Option<Node<'p, 'a>> {
        self.graph
            .object_of(self.id)
            .map(|(_, args, _)| self.to(args))
    }

    /// The keyword arguments of an object made by NEWOBJ_EX: a dict.
    pub fn kwargs(self) -> Option<Node<'p, 'a>> {
        self.graph.kwargs(self.id).map(|id| self.to(id))
    }

    /// The states an object was given, in order: mostly one, mostly a dict of attributes.
    #[inline]
    pub fn states(self) -> Items<'p, 'a> {
        let first = self.graph.object_of(self.id).and_then(|(.., state)| state);
        Items {
            graph: self.graph,
            first,
            ids: self.graph.more_states(self.id),
        }
    }

    /// What was made right above this node and thrown away: mostly calls made for their side effects.
    pub fn popped(self) -> Items<'p, 'a> {
        Items {
            graph: self.graph,
            first: None,
            ids: self.graph.popped(self.id),
        }
    }

    /// What was made and thrown away before this node, with nothing below it to hang on.
    pub fn popped_before(self) -> Items<'p, 'a> {
        Items {
            graph: self.graph,
            first: None,
            ids: self.graph.popped_before(self.id),
        }
    }

    /// The class of an object: the callable of NEWOBJ, INST and OBJ, the first argument of `copyreg`'s reconstructors, the
    /// callable of REDUCE otherwise. `None` for other nodes, and where the callable is no global.
    pub fn class(self) -> Option<Global<'p>> {
        self.class_node()?.global()
    }

    pub(crate) fn class_node(self) -> Option<Node<'p, 'a>> {
        let callable = self.callable()?;
        match callable.known() {
            Known::Reconstructor
            | Known::NewObj
            | Known::NewObjEx
            | Known::Reconstruct
            | Known::MaReconstruct => self.args()?.index(0),
            _ => Some(callable),
        }
    }

    /// The persistent id: the node of BINPERSID, or this node itself, whose [`payload`](Node::payload) is the text.
    pub fn persistent_id(self) -> Option<Node<'p, 'a>> {
        let raw = self.graph.raw(self.id);
        match raw.tag() {
            Tag::PersId => Some(self),
            Tag::BinPersId => Some(self.to(Id(raw.value as u32))),
            _ => None,
        }
    }

    /// The code of an extension.
    pub fn extension(self) -> Option<i32> {
        let raw = self.graph.raw(self.id);
        (raw.tag() == Tag::Extension).then_some(raw.value as i32)
    }

    /// The index of an out-of-band buffer, and whether it is read-only.
    pub fn buffer(self) -> Option<(u64, bool)> {
        let raw = self.graph.raw(self.id);
        (raw.tag() == Tag::Buffer).then(|| (raw.halves().0.into(), raw.aux() == 1))
    }

    /// The bytes of an out-of-band buffer that the caller gave to the reader.
    pub(crate) fn buffer_payload(self) -> Option<Payload<'a>> {
        self.buffer()?;
        // The lower half is the payload's entry, counted from 1.
        let entry = self.graph.raw(self.id).halves().1.checked_sub(1)?;
        Some(self.graph.store.to_payload(Place::entry(entry)))
    }

    /// Where in the value this node is first met.
    pub fn path(self, root: Node<'p, 'a>) -> Option<String> {
        let mut walk = super::walk::Walk::new(root);
        while let Some(visit) = walk.next() {
            if visit.node.id == self.id {
                return Some(walk.path());
            }
        }
        None
    }
}

impl PartialEq for Node<'_, '_> {
    /// Whether both are the same object of the same document.
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.graph, other.graph) && self.id == other.id
    }
}

impl fmt::Debug for Node<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Node({:?} #{} at {})",
            self.kind(),
            self.id.0,
            self.offset()
        )
    }
}

/// Nodes in order.
#[derive(Clone)]
pub struct Items<'p, 'a> {
    graph: &'p Graph<'a>,
    first: Option<Id>,
    ids: Ids<'p>,
}

impl<'p, 'a> Iterator for Items<'p, 'a> {
    type Item = Node<'p, 'a>;

    #[inline]
    fn next(&mut self) -> Option<Node<'p, 'a>> {
        let id = self.first.take().or_else(|| self.ids.next());
        id.map(|id| Node {
            graph: self.graph,
            id,
        })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.ids.count_left() + usize::from(self.first.is_some());
        (left, Some(left))
    }
}

impl fmt::Debug for Items<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone().take(20)).finish()
    }
}

/// Keys and values in stored order.
#[derive(Clone, Debug)]
pub struct Pairs<'p, 'a>(Items<'p, 'a>);

impl<'p, 'a> Iterator for Pairs<'p, 'a> {
    type Item = (Node<'p, 'a>, Node<'p, 'a>);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        Some((self.0.next()?, self.0.next()?))
    }

    fn nth(&mut self, n: usize) -> Option<Self::Item> {
        // OK because a dict has less than 2^31 entries. Its edges are one slice: this is no walk.
        if let Some(skip) = (2 * n).checked_sub(1) {
            self.0.ids.nth(skip)?;
        }
        self.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let (n, _) = self.0.size_hint();
        (n / 2, Some(n / 2))
    }
}
