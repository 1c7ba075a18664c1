//! The cursor: one node of a document and what can be asked of it.

use std::fmt;

use num_bigint::BigInt;

use super::arena::Graph;
use super::global::Global;
use super::items::{Items, Pairs};
use super::key::Key;
use super::object::Constructor;
use super::raw::{Id, Tag};
use super::store::Place;
use crate::error::Error;
use crate::names::{Known, Origin};
use crate::payload::Payload;

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

    /// An int that fits, or a bool for an int: what C code of Python takes for one.
    #[inline]
    pub(crate) fn as_int_like(self) -> Option<i64> {
        self.as_i64().or_else(|| self.as_bool().map(i64::from))
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

    /// An error about this node, with its offset.
    pub(crate) fn error(self, what: impl Into<String>) -> Error {
        match self.kind() {
            // One node stands for all of them.
            Kind::None | Kind::Bool => Error::data(what),
            _ => Error::data(what).at(self.offset(), None),
        }
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
        (self.kind() == Kind::Tuple).then(|| self.first_items())
    }

    /// The first `N` items of a tuple or list, and how many it has in all; nothing of others.
    #[inline]
    pub(crate) fn first_items<const N: usize>(self) -> (usize, [Option<Node<'p, 'a>>; N]) {
        let mut ids = match self.graph.raw(self.id).tag() {
            Tag::Tuple | Tag::List => self.graph.items(self.id),
            _ => self.graph.none(),
        };
        let len = ids.count_left();
        (
            len,
            std::array::from_fn(|_| ids.next().map(|id| self.to(id))),
        )
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

    /// The texts of a global's module and name, where those are nodes: from protocol 4 on.
    pub(crate) fn texts(self) -> Option<[Node<'p, 'a>; 2]> {
        let raw = self.graph.raw(self.id);
        let (module, name) = raw.halves();
        (raw.tag() == Tag::StackGlobal).then(|| [self.to(Id(module)), self.to(Id(name))])
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

    /// Whether an object has so many positional arguments.
    #[inline]
    pub(crate) fn has_args(self, count: usize) -> bool {
        let args = self.graph.object_of(self.id).map(|(_, args, _)| args);
        args.is_some_and(|args| self.graph.items(args).count_left() == count)
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

    /// The state that counts where only one can: the last.
    #[inline]
    pub(crate) fn last_state(self) -> Option<Node<'p, 'a>> {
        if self.graph.raw(self.id).has_extras() {
            return self.states().last();
        }
        let state = self.graph.object_of(self.id)?.2?;
        Some(self.to(state))
    }

    /// Whether a node may have more than its own parts.
    #[inline]
    pub(crate) fn has_extras(self) -> bool {
        self.graph.raw(self.id).has_extras()
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
    ///
    /// READONLY_BUFFER makes it so in all its places. Python puts a read-only view of it in one of them, which is seen only of a
    /// buffer in the memo, where no pickler puts one.
    pub fn buffer(self) -> Option<(u64, bool)> {
        let raw = self.graph.raw(self.id);
        (raw.tag() == Tag::Buffer).then(|| (raw.halves().0.into(), raw.aux() > 0))
    }

    /// The bytes of an out-of-band buffer that the caller gave to the reader.
    pub(crate) fn buffer_payload(self) -> Option<Payload<'a>> {
        self.graph.buffer_payload(self.id)
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
