//! Instances of classes that this crate does not know, and calls.

use std::collections::HashSet;

use super::attribute::class_name;
use super::call::is_call;
use super::entries::Entries;
use super::sequence::Elements;
use crate::graph::{Constructor, Global, Id, Kind, Node};
use crate::names::Known;

/// An object of a class that is known by its name alone, or the result of a call.
///
/// What can be told: NEWOBJ and its kin ([`is_call`](Instance::is_call) is false) make an instance of [`class`](Instance::class) by
/// its `__new__`; so are dataclasses and ordinary classes written, whose [`attributes`](Instance::attributes) follow, namedtuples, whose
/// fields are the [`args`](Instance::args) (their names are in the class, not in the pickle), and subclasses of builtin types.
/// Protocols 0 and 1 name the builtin [`base`](Instance::base) and its [`value`](Instance::value). Of REDUCE
/// ([`is_call`](Instance::is_call) is true) it cannot be told whether a class or a function is called: an enum member is
/// `Colour(1)`, and `open('x')` looks the same.
#[derive(Clone, Copy, Debug)]
pub struct Instance<'p, 'a> {
    node: Node<'p, 'a>,
    class: Node<'p, 'a>,
    is_call: bool,
    /// The tuple of the arguments, and how many of them are none of the class's own.
    args: Option<(Node<'p, 'a>, usize)>,
    kwargs: Option<Node<'p, 'a>>,
    base: Option<(Node<'p, 'a>, Node<'p, 'a>)>,
}

impl<'p, 'a> Instance<'p, 'a> {
    pub(super) fn of(node: Node<'p, 'a>) -> Option<Self> {
        let (class, args) = (node.callable()?, node.args()?);
        let plain = Instance {
            node,
            class,
            is_call: node.constructor() == Some(Constructor::Reduce),
            args: Some((args, 0)),
            kwargs: node.kwargs(),
            base: None,
        };
        if !plain.is_call {
            return Some(plain);
        }
        let special = match (class.known(), args.parts::<3>()?) {
            (Known::Reconstructor, (3, [Some(class), Some(base), Some(value)])) => Some(Instance {
                class,
                is_call: false,
                args: None,
                base: Some((base, value)),
                ..plain
            }),
            (Known::NewObj, (_, [Some(class), ..])) => Some(Instance {
                class,
                is_call: false,
                args: Some((args, 1)),
                ..plain
            }),
            (Known::NewObjEx, (3, [Some(class), Some(args), Some(kwargs)])) => Some(Instance {
                class,
                is_call: false,
                args: Some((args, 0)),
                kwargs: Some(kwargs),
                ..plain
            }),
            (_, (0, _)) if class.kind() == Kind::Object => plain.of_partial(),
            _ => None,
        };
        Some(special.unwrap_or(plain))
    }

    /// `functools.partial(cls.__new__, cls, *args, **kwargs)()`: NEWOBJ_EX below protocol 4 (`save_reduce` in CPython's
    /// `pickle.py`). The partial has all of it in its state.
    fn of_partial(self) -> Option<Self> {
        if self.class.callable()?.known() != Known::Partial || !is_call(self.class) {
            return None;
        }
        let (_, [_, Some(args), Some(kwargs)]) = self.class.states().last()?.parts::<3>()? else {
            return None;
        };
        Some(Instance {
            class: args.index(0)?,
            is_call: false,
            args: Some((args, 1)),
            kwargs: Some(kwargs),
            ..self
        })
    }

    /// The object itself.
    pub fn node(self) -> Node<'p, 'a> {
        self.node
    }

    /// Whether something is called, of which the pickle does not say whether it is a class: REDUCE.
    pub fn is_call(self) -> bool {
        self.is_call
    }

    /// The class by name, or what is called; of a nested class below protocol 4 too. `None` where it is no global.
    pub fn class(self) -> Option<Global<'p>> {
        class_name(self.class)
    }

    /// The class, or what is called.
    pub fn class_node(self) -> Node<'p, 'a> {
        self.class
    }

    /// The arguments of the call, or of the class's `__new__`.
    pub fn args(self) -> impl Iterator<Item = Node<'p, 'a>> + Clone + use<'p, 'a> {
        let args = self.args.into_iter();
        args.flat_map(|(args, skip)| args.items().skip(skip))
    }

    /// The keyword arguments of the class's `__new__`.
    pub fn kwargs(
        self,
    ) -> impl Iterator<Item = (Node<'p, 'a>, Node<'p, 'a>)> + Clone + use<'p, 'a> {
        self.kwargs.into_iter().flat_map(Node::pairs)
    }

    /// The builtin type that the class derives from, which protocols 0 and 1 tell: `object`, `list`, `tuple`, ….
    pub fn base(self) -> Option<Global<'p>> {
        self.base?.0.global()
    }

    /// The value of that builtin type; none of `object`.
    pub fn value(self) -> Option<Node<'p, 'a>> {
        self.base
            .map(|(_, value)| value)
            .filter(|value| !value.is_none())
    }

    /// The items of a subclass of list, or what else was appended to the object. Those of other sequences are in
    /// [`value`](Instance::value) or the [`args`](Instance::args).
    pub fn items(self) -> Elements<'p, 'a> {
        let list = self.value().filter(|value| value.kind() == Kind::List);
        Elements::new(list, self.node)
    }

    /// The entries of a subclass of dict, or what else was set in the object.
    pub fn entries(self) -> Entries<'p, 'a> {
        let dict = self.value().filter(|value| value.kind() == Kind::Dict);
        let dict = dict.map(Node::pairs).into_iter().flatten();
        Entries::new(dict.chain(self.node.pairs()))
    }

    /// The attributes: see [`Node::attributes`].
    pub fn attributes(self) -> Entries<'p, 'a> {
        self.node.attributes()
    }

    /// An attribute by name.
    pub fn attribute(self, name: &str) -> Option<Node<'p, 'a>> {
        attribute(self.node, name)
    }

    /// The last state that is no attributes, such as a list or a number: only the class's `__setstate__` knows what it means.
    pub fn state(self) -> Option<Node<'p, 'a>> {
        let states = self.node.states();
        states.filter(|state| dicts(*state).is_none()).last()
    }
}

/// The dicts of attributes in a state: a dict, or a pair of `None` or a dict each, the second one for slots (`load_build` in
/// CPython's `_pickle.c`). `None` of other states.
fn dicts<'p, 'a>(state: Node<'p, 'a>) -> Option<[Option<Node<'p, 'a>>; 2]> {
    if state.kind() == Kind::Dict {
        return Some([Some(state), None]);
    }
    let (2, [Some(dict), Some(slots)]) = state.parts::<2>()? else {
        return None;
    };
    let is_state = |part: Node<'_, '_>| matches!(part.kind(), Kind::None | Kind::Dict);
    let has_dict = !dict.is_none() || !slots.is_none();
    (is_state(dict) && is_state(slots) && has_dict)
        .then(|| [dict, slots].map(|part| Some(part).filter(|part| !part.is_none())))
}

/// All dicts of attributes, in order.
fn states<'p, 'a>(node: Node<'p, 'a>) -> impl Iterator<Item = Node<'p, 'a>> {
    node.states().filter_map(dicts).flatten().flatten()
}

/// An attribute by name.
pub(super) fn attribute<'p, 'a>(node: Node<'p, 'a>, name: &str) -> Option<Node<'p, 'a>> {
    states(node).filter_map(|dict| dict.get(name)).last()
}

impl<'p, 'a> Node<'p, 'a> {
    /// The attributes that an object's states give it, names and values: all dicts and slots in order, the later ones win.
    /// States of other kinds give none; [`states`](Node::states) has them all.
    pub fn attributes(self) -> Entries<'p, 'a> {
        // A dict that comes again takes the place of its former self, so that every dict is read once.
        let all: Vec<Node<'p, 'a>> = states(self).collect();
        let mut seen: HashSet<Id> = HashSet::new();
        let mut dicts: Vec<Node<'p, 'a>> = all.into_iter().rev().collect();
        dicts.retain(|dict| seen.insert(dict.id()));
        Entries::new(dicts.into_iter().rev().flat_map(Node::pairs))
    }
}
