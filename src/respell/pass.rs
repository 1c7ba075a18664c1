//! The walk over the nodes of a document, each of which becomes one or more of another.
//!
//! For the next maintainer. A node's counterpart is made when it is first asked for, without its parts, and filled later: so
//! that cycles close and nesting costs no stack. What is to be filled waits in a list.

use super::containers::{is_without_args, list_of};
use crate::error::Result;
use crate::graph::{
    Builder, Dialect, Flavour, Id, Kind, Node, Pickle, Python, Raw, Tag, Texts, check_cycles,
};
use crate::names::Known;
use crate::numpy::ArrayKind;
use crate::payload::Payload;
use crate::python::bytes;
use crate::write::Py2Str;

pub(super) struct Pass<'p, 'a> {
    pub(super) source: Dialect,
    pub(super) builder: Builder<'a>,
    /// By the id of a node, that of its counterpart, or [`Id::NOWHERE`].
    pub(super) made: Vec<Id>,
    todo: Vec<(Node<'p, 'a>, Id, Fill)>,
    py2_str: Py2Str,
    /// Whether a frozenset lost the list that it was made of, which may have closed a cycle.
    has_lost_lists: bool,
    pub(super) way: Way,
    /// The words of random states that were made anew.
    pub(super) words: Option<Texts>,
    /// Whether the memo of the source is that of the target: both are `cPickle`'s, which is told who else has an object.
    keeps_memo: bool,
}

/// From which Python to which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Within3,
    /// A str of the source may be bytes.
    From2To3,
    From3To2,
    Within2,
}

/// How a counterpart gets its parts.
#[derive(Clone, Copy, Debug)]
pub(super) enum Fill {
    /// From the parts of the node, whatever it is.
    Parts,
    /// As a call of `set` or `frozenset`.
    SetCall,
    /// With the items of the list in a call of `set` or `frozenset`.
    SetItems,
    /// With nothing but what it was given, and what hangs on it.
    Popped,
    /// As an OrderedDict, which Python 2 makes of a list of pairs.
    Pairs,
    /// As an OrderedDict of Python 2: a call with a list of pairs.
    ListOfPairs,
    DType,
    Array,
}

impl<'p, 'a> Pass<'p, 'a> {
    /// A pass that adds to what the builder has, and to the counterparts that were made before.
    pub(super) fn new(
        source: Dialect,
        builder: Builder<'a>,
        made: Vec<Id>,
        py2_str: Py2Str,
    ) -> Self {
        let way = match (source.python == Python::Py2, builder.is_py2()) {
            (false, false) => Way::Within3,
            (true, false) => Way::From2To3,
            (false, true) => Way::From3To2,
            (true, true) => Way::Within2,
        };
        Pass {
            source,
            builder,
            made,
            todo: Vec::new(),
            py2_str: match way {
                Way::From2To3 => py2_str,
                _ => Py2Str::Keep,
            },
            has_lost_lists: false,
            way,
            words: Some(Texts::default()),
            keeps_memo: way == Way::Within2 && !source.pure,
        }
    }

    pub(super) fn run(mut self, source: &'p Pickle<'a>) -> Result<Pickle<'a>> {
        if source.protocol() < 4 && self.protocol() >= 4 {
            self.builder.intern_names();
        }
        let roots: Result<Vec<Id>> = source.roots().map(|root| self.whole(root)).collect();
        let roots = roots?;
        if self.has_lost_lists {
            check_cycles(&mut self.builder.graph, &roots)?;
        }
        self.builder.finish_all(roots)
    }

    /// The counterpart of a node, with all its parts.
    pub(super) fn whole(&mut self, root: Node<'p, 'a>) -> Result<Id> {
        let id = self.of(root)?;
        while let Some((node, id, fill)) = self.todo.pop() {
            self.fill(node, id, fill)
                .map_err(|error| error.at(node.offset(), None))?;
        }
        Ok(id)
    }

    pub(super) fn flavour(&self) -> Flavour {
        *self.builder.flavour()
    }

    pub(super) fn protocol(&self) -> u8 {
        self.flavour().protocol()
    }

    /// The counterpart of a node.
    pub(super) fn of(&mut self, node: Node<'p, 'a>) -> Result<Id> {
        if node.has_extras() {
            return self.with_popped(node);
        }
        match node.kind() {
            Kind::None => return Ok(Id::NONE),
            Kind::Bool => return Ok(self.builder.bool(node.as_bool() == Some(true))),
            Kind::Tuple if node.is_empty() => return Ok(Id::EMPTY_TUPLE),
            Kind::Int | Kind::Float => return self.number(node),
            _ => {}
        }
        let known = self.made[node.id().index()];
        if known != Id::NOWHERE {
            return Ok(known);
        }
        let id = self.make(node)?;
        if self.keeps_memo && !node.is_memoised() {
            self.builder.graph.forget(id);
        }
        self.made[node.id().index()] = id;
        Ok(id)
    }

    /// The counterpart of a node that something may hang on. Atoms, which are shared, get a node of their own for it.
    fn with_popped(&mut self, node: Node<'p, 'a>) -> Result<Id> {
        let known = self.made[node.id().index()];
        if known != Id::NOWHERE {
            return Ok(known);
        }
        let atom = |tag| Raw::new(tag, 0, 0, 0);
        let builder = &mut self.builder;
        let (id, is_leaf) = match node.kind() {
            Kind::None => (builder.push(atom(Tag::None))?, true),
            Kind::Bool if node.as_bool() == Some(true) => (builder.push(atom(Tag::True))?, true),
            Kind::Bool => (builder.push(atom(Tag::False))?, true),
            Kind::Tuple if node.is_empty() => (builder.push(atom(Tag::Tuple))?, true),
            Kind::Int | Kind::Float => (self.number(node)?, true),
            _ => {
                let waiting = self.todo.len();
                let id = self.make(node)?;
                (id, self.todo.len() == waiting)
            }
        };
        self.made[node.id().index()] = id;
        if is_leaf {
            self.todo.push((node, id, Fill::Popped));
        }
        Ok(id)
    }

    /// An int or float.
    fn number(&mut self, node: Node<'p, 'a>) -> Result<Id> {
        match (node.as_f64(), node.as_i64(), node.place_payload()) {
            (Some(value), ..) => self.builder.float(value),
            (_, Some(value), _) if self.way == Way::Within2 => {
                self.builder.py2_int(value, node.is_long())
            }
            (_, Some(value), _) => self.builder.int(value),
            (.., Some(payload)) => self.builder.big_int(payload),
            _ => Err(node.error("a number without a value")),
        }
    }

    /// The counterpart of what is a str in Python 3.
    pub(super) fn text(&mut self, node: Node<'p, 'a>) -> Result<Id> {
        match node.kind() {
            Kind::Py2Str if self.way == Way::From2To3 => {
                let text = node.text()?;
                self.builder.wtf8(text.as_bytes())
            }
            Kind::Str if self.way == Way::From3To2 => {
                let text = node.text()?;
                self.builder.native_str(&text)
            }
            _ => self.of(node),
        }
    }

    /// Whether the Pythons differ: then numbers, texts and calls are made anew from what they are.
    pub(super) fn changes_python(&self) -> bool {
        matches!(self.way, Way::From2To3 | Way::From3To2)
    }

    /// Tells that nothing else has what was made, where Python 2 asks for it and the source does not say it.
    pub(super) fn temporary(&mut self, id: Id) -> Id {
        if self.way == Way::From3To2 {
            self.builder.temporary(id);
        }
        id
    }

    /// The counterpart of what is bytes in Python 3.
    pub(super) fn bytes(&mut self, node: Node<'p, 'a>) -> Result<Id> {
        match (node.kind(), node.payload()) {
            (Kind::Py2Str, Some(payload)) => self.builder.bytes(payload),
            _ => self.of(node),
        }
    }

    /// The counterparts of nodes.
    pub(super) fn all(&mut self, nodes: impl Iterator<Item = Node<'p, 'a>>) -> Result<Vec<Id>> {
        nodes.map(|node| self.of(node)).collect()
    }

    /// Makes a counterpart; those with parts are filled later.
    fn make(&mut self, node: Node<'p, 'a>) -> Result<Id> {
        let text = || {
            node.payload()
                .ok_or_else(|| node.error("a text without bytes"))
        };
        match node.kind() {
            Kind::Str => self.builder.long_str(text()?),
            Kind::Py2Str => self.py2_str(node, text()?),
            Kind::Bytes => self.builder.bytes(text()?),
            Kind::ByteArray => self.builder.bytearray(text()?),
            Kind::Tuple => self.later(node, Tag::Tuple, Fill::Parts),
            Kind::List => self.later(node, Tag::List, Fill::Parts),
            Kind::Dict => self.later(node, Tag::Dict, Fill::Parts),
            Kind::Set => self.set(node, Tag::Set, Fill::Parts),
            Kind::FrozenSet => self.set(node, Tag::FrozenSet, Fill::Parts),
            Kind::Global => self.global(node),
            Kind::Persistent | Kind::Extension | Kind::Buffer => self.outside(node),
            Kind::Object => self.object(node),
            Kind::None | Kind::Bool | Kind::Int | Kind::Float => {
                Err(node.error("a number has no parts"))
            }
        }
    }

    /// A str of Python 2, as the option has it.
    fn py2_str(&mut self, node: Node<'p, 'a>, payload: Payload<'a>) -> Result<Id> {
        let bytes = match self.py2_str {
            Py2Str::Keep => return self.builder.py2_str(payload),
            Py2Str::Bytes => return self.builder.bytes(payload),
            Py2Str::Ascii | Py2Str::Latin1 | Py2Str::Utf8 => payload.to_vec()?,
        };
        let text = match self.py2_str {
            Py2Str::Latin1 => Some(bytes.iter().map(|byte| char::from(*byte)).collect()),
            Py2Str::Ascii if !bytes.is_ascii() => None,
            _ => String::from_utf8(bytes).ok(),
        };
        let text =
            text.ok_or_else(|| node.error("a str of Python 2 that is not in that encoding"))?;
        self.builder.wtf8(text.as_bytes())
    }

    pub(super) fn later(&mut self, node: Node<'p, 'a>, tag: Tag, fill: Fill) -> Result<Id> {
        let id = match tag {
            Tag::Tuple => self.builder.push(Raw::new(Tag::Tuple, 0, 0, 0))?,
            // In no memo (`save_pers` in `_pickle.c`).
            Tag::BinPersId => self.builder.persistent(Id::NONE)?,
            Tag::Object => self.builder.object_to_fill()?,
            tag => self.builder.container(tag, &[])?,
        };
        self.todo.push((node, id, fill));
        Ok(id)
    }

    fn object(&mut self, node: Node<'p, 'a>) -> Result<Id> {
        if self.way == Way::Within2 && !node.is_dtype() {
            // Python 2 spells them all as it does in other protocols.
            return self.later(node, Tag::Object, Fill::Parts);
        }
        let is_bare = is_bare(node);
        let known = node.callable().map(Node::known);
        match known {
            Some(Known::Encode | Known::Bytes) if is_bare => {
                if let Some(bytes) = bytes(node)? {
                    let (payload, is_text) = bytes.spelled();
                    return match is_text {
                        true => self.builder.bytes_of_text(payload),
                        false => self.builder.bytes(payload),
                    };
                }
            }
            Some(Known::ByteArray) if is_bare => {
                if let Some(bytes) = bytes(node)? {
                    let (payload, is_text) = bytes.spelled();
                    let payload = match is_text {
                        true => Payload::from(bytes.to_vec()?),
                        false => payload,
                    };
                    return self.builder.bytearray(payload);
                }
            }
            Some(Known::Set | Known::FrozenSet)
                if is_bare && list_of(node).is_some_and(|list| list.kind() == Kind::List) =>
            {
                let is_frozen = known == Some(Known::FrozenSet);
                self.has_lost_lists |= is_frozen;
                let tag = if is_frozen { Tag::FrozenSet } else { Tag::Set };
                return self.set(node, tag, Fill::SetItems);
            }
            Some(Known::UfuncReconstruct) if is_bare => {
                let name = node.args().and_then(|args| args.index(1));
                if let Some(name) = name.and_then(Node::as_str) {
                    return self.builder.ufunc(name);
                }
            }
            _ => {}
        }
        if let Some(random) = self.random(node)? {
            return Ok(random);
        }
        if node.is_dtype() && node.dtype().is_ok() {
            return self.later(node, Tag::Object, Fill::DType);
        }
        // What functions of other packages make stays their call.
        let is_array = match node.array_kind().filter(|_| known != Some(Known::Unknown)) {
            Some(ArrayKind::NdArray) => true,
            // What Python 3 has in another type, unless the class has more than the array in its state.
            Some(ArrayKind::Subclass) => {
                self.way == Way::From2To3 && node.beside_array().next().is_none()
            }
            kind => self.changes_python() && kind.is_some(),
        };
        if is_array && node.array().is_ok() {
            return self.later(node, Tag::Object, Fill::Array);
        }
        let fill = match (known, self.way) {
            (Some(Known::OrderedDict), Way::From2To3) if list_of(node).is_some() => Fill::Pairs,
            (Some(Known::OrderedDict), Way::From3To2) if is_without_args(node) => Fill::ListOfPairs,
            _ => Fill::Parts,
        };
        self.later(node, Tag::Object, fill)
    }

    fn fill(&mut self, node: Node<'p, 'a>, id: Id, fill: Fill) -> Result<()> {
        match (fill, node.kind()) {
            (Fill::Parts, Kind::Tuple) => {
                let items = self.all(node.items())?;
                self.builder.graph.fill_tuple(id, &items)
            }
            (Fill::Parts, Kind::List) => {
                let items = self.all(node.items())?;
                self.builder.graph.append(id, &items)
            }
            (Fill::Parts, Kind::Dict) => {
                let pairs = self.all(node.pairs().flat_map(|(key, value)| [key, value]))?;
                self.builder.graph.set_items(id, &pairs)
            }
            (Fill::Parts, Kind::Set | Kind::FrozenSet) => {
                let items = self.all(node.items())?;
                self.builder.graph.fill_set(id, &items)
            }
            (Fill::SetItems, _) => {
                let items = list_of(node).into_iter().flat_map(|list| list.items());
                let items = self.all(items)?;
                self.builder.graph.fill_set(id, &items)
            }
            (Fill::SetCall, kind) => self.fill_set_call(node, id, kind),
            (Fill::Parts, Kind::Persistent) => self.fill_persistent(node, id),
            (Fill::Popped, _) => self.fill_rest(node, id),
            (Fill::Pairs, _) => self.fill_pairs(node, id),
            (Fill::ListOfPairs, _) => self.fill_list_of_pairs(node, id),
            (Fill::DType, _) => self.fill_dtype(node, id),
            (Fill::Array, _) => self.fill_array(node, id),
            (Fill::Parts, _) => self.fill_object(node, id),
        }?;
        for popped in node.popped_before() {
            let popped = self.of(popped)?;
            self.builder.graph.hang_before(id, popped)?;
        }
        for popped in node.popped() {
            let setter = popped
                .args()
                .filter(|args| args.len() == 2 && args.index(0) == Some(node));
            let args = setter.map(|args| self.of(args)).transpose()?;
            let popped = self.of(popped)?;
            if let Some(args) = args {
                // `save_reduce` in `_pickle.c` writes the call without an object: a tuple of two in any protocol, and nothing
                // of it in the memo.
                self.builder.graph.set_aux(args, 1);
                self.builder.graph.forget(args);
                self.builder.graph.forget(popped);
            }
            self.builder.graph.hang(id, popped)?;
        }
        Ok(())
    }
}

/// Whether a node was given no items, pairs or states.
pub(super) fn is_bare(node: Node<'_, '_>) -> bool {
    let has_items = node.items().next().is_some() || node.pairs().next().is_some();
    !has_items && node.states().next().is_none()
}
