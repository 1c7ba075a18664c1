//! Walking the graph: every node once, at the first path that leads to it.

use super::arena::Graph;
use super::edges::Ids;
use super::node::{Kind, Node};
use super::path::Step;
use super::raw::{Id, Tag};
use crate::names::Known;

/// A node that a walk has come to.
#[derive(Clone, Copy, Debug)]
pub struct Visit<'p, 'a> {
    /// The node.
    pub node: Node<'p, 'a>,
    /// The step that led here; `None` for the node where the walk began.
    pub step: Option<Step<'p, 'a>>,
    /// Number of steps from there.
    pub depth: usize,
}

/// A walk over all nodes reachable from one, depth first in stored order: what was popped before a node; callable,
/// arguments, keyword arguments; items; keys and values; states; what was popped after it.
///
/// Each object is visited once; `None`, bools and `()`, which are one node for all their places, at each of them. The
/// walk is iterative: nesting costs memory, not stack.
#[derive(Debug)]
pub struct Walk<'p, 'a> {
    root: Node<'p, 'a>,
    started: bool,
    seen: Vec<u64>,
    frames: Vec<Frame<'p>>,
    /// The node visited last, whose children come next.
    enter: Option<(Node<'p, 'a>, Mode)>,
    /// What comes before those.
    flat: Option<Frame<'p>>,
}

/// How the children of a node are named, which depends on how it was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// By what the node is.
    Plain,
    /// Entries of a state dict.
    Attributes,
    /// The two dicts of a state tuple.
    DictAndSlots,
    /// Elements of an object array.
    Flat,
    /// The arguments of a call that stands for a set, and the list in them.
    SetCall,
    Elements,
    /// The arguments of a call that stands for a dict, the list in them, and a pair in that.
    DictCall,
    PairList,
    Pair,
}

/// Where the elements of an array of objects are.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Flat<'p, 'a> {
    /// The items of this list.
    Items(Node<'p, 'a>),
    /// The last of these arguments is the only one.
    Last(Node<'p, 'a>),
}

/// A node on the way down. Frames are as many as the nesting is deep, and so they are small.
#[derive(Debug)]
struct Frame<'p> {
    ids: Ids<'p>,
    id: Id,
    count: u32,
    /// The key whose value comes next, or [`Id::NOWHERE`].
    key: Id,
    /// The step that led to the node.
    way: Way,
    mode: Mode,
    part: Part,
}

/// A [`Step`] by ids.
#[derive(Clone, Copy, Debug)]
enum Way {
    None,
    Key(Id),
    KeyOf(u32),
    Index(u32),
    Element(u32),
    Attribute(Id),
    Callable,
    Args,
    Kwargs,
    Item(u32),
    State,
    Inside,
    Slots,
    Flat(u32),
    Popped(u32),
    PersistentId,
}

impl Way {
    fn step<'p, 'a>(self, root: Node<'p, 'a>) -> Option<Step<'p, 'a>> {
        Some(match self {
            Way::None => return None,
            Way::Key(id) => Step::Key(root.to(id)),
            Way::KeyOf(n) => Step::KeyOf(n as usize),
            Way::Index(n) => Step::Index(n as usize),
            Way::Element(n) => Step::Element(n as usize),
            Way::Attribute(id) => Step::Attribute(root.to(id)),
            Way::Callable => Step::Callable,
            Way::Args => Step::Args,
            Way::Kwargs => Step::Kwargs,
            Way::Item(n) => Step::Item(n as usize),
            Way::State => Step::State,
            Way::Inside => Step::Inside,
            Way::Slots => Step::Slots,
            Way::Flat(n) => Step::Flat(n as usize),
            Way::Popped(n) => Step::Popped(n as usize),
            Way::PersistentId => Step::PersistentId,
        })
    }
}

/// The parts of a node, in the order of the walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Before,
    Callable,
    Args,
    Kwargs,
    Own,
    Items,
    Pairs,
    FirstState,
    States,
    Popped,
    Done,
}

impl Part {
    fn next(self) -> Part {
        match self {
            Part::Before => Part::Callable,
            Part::Callable => Part::Args,
            Part::Args => Part::Kwargs,
            Part::Kwargs => Part::Own,
            Part::Own => Part::Items,
            Part::Items => Part::Pairs,
            Part::Pairs => Part::FirstState,
            Part::FirstState => Part::States,
            Part::States => Part::Popped,
            Part::Popped | Part::Done => Part::Done,
        }
    }
}

impl<'p, 'a> Walk<'p, 'a> {
    /// A walk that starts at this node.
    pub fn new(root: Node<'p, 'a>) -> Self {
        Walk {
            root,
            started: false,
            seen: vec![0; root.graph.len().div_ceil(64)],
            frames: Vec::new(),
            enter: None,
            flat: None,
        }
    }

    /// Passes over what the node visited last holds.
    pub fn skip_children(&mut self) {
        self.enter = None;
    }

    /// Passes over the node visited last here: where it is met again, it is visited.
    pub(crate) fn pass_over(&mut self) {
        if let Some((node, _)) = self.enter.take() {
            self.seen[node.id.index() / 64] &= !(1 << (node.id.index() % 64));
        }
    }

    /// Whether a node was visited.
    pub(crate) fn has_seen(&self, node: Node<'p, 'a>) -> bool {
        self.seen[node.id.index() / 64] & 1 << (node.id.index() % 64) != 0
    }

    /// The node that holds the one visited last.
    pub(crate) fn holder(&self) -> Option<Id> {
        let above = self.frames.len().checked_sub(2)?;
        self.frames.get(above).map(|frame| frame.id)
    }

    /// Of the node visited last, an array of Python objects, visits the elements first, which are named `.flat[n]`.
    pub(crate) fn flat_first(&mut self, elements: Flat<'p, 'a>) {
        let graph = self.root.graph;
        let (id, ids, part) = match elements {
            Flat::Items(list) => (list.id, graph.popped_before(list.id), Part::Before),
            Flat::Last(args) => {
                let mut ids = graph.items(args.id);
                if let Some(skip) = ids.count_left().checked_sub(2) {
                    ids.nth(skip);
                }
                (args.id, ids, Part::Own)
            }
        };
        self.flat = Some(Frame {
            ids,
            mode: Mode::Flat,
            part,
            ..Frame::leaf(id, Way::Inside, graph)
        });
    }

    /// The path of the node visited last, from where the walk began: `['model']['w']`.
    pub fn path(&self) -> String {
        let mut path = String::new();
        let steps = self
            .frames
            .iter()
            .filter_map(|frame| frame.way.step(self.root));
        steps.for_each(|step| step.write(&mut path));
        path
    }

    #[inline]
    fn first_visit(&mut self, id: Id) -> bool {
        let (word, bit) = (id.index() / 64, 1 << (id.index() % 64));
        let first = self.seen[word] & bit == 0 || id.is_interned();
        self.seen[word] |= bit;
        first
    }

    /// The next child of a frame, how it is reached and how its own children are named.
    fn child(frame: &mut Frame<'p>, graph: &'p Graph<'a>) -> Option<(Way, Id, Mode)> {
        loop {
            if let Some(id) = frame.ids.next() {
                return Some(frame.listed(id, graph));
            }
            frame.part = frame.part.next();
            frame.count = 0;
            if frame.part == Part::Done {
                return None;
            }
            if let Some(child) = frame.single(graph) {
                return Some(child);
            }
            frame.ids = match frame.part {
                Part::Own => graph.items(frame.id),
                Part::Items => graph.appended(frame.id),
                Part::Pairs => graph.set_pairs(frame.id),
                Part::States => graph.more_states(frame.id),
                Part::Popped => graph.popped(frame.id),
                _ => graph.none(),
            };
        }
    }
}

impl<'p> Frame<'p> {
    fn leaf(id: Id, way: Way, graph: &'p Graph<'_>) -> Frame<'p> {
        let (mode, part) = (Mode::Plain, Part::Done);
        Frame {
            ids: graph.none(),
            id,
            count: 0,
            key: Id::NOWHERE,
            way,
            mode,
            part,
        }
    }

    /// A child of the part that is being listed.
    fn listed(&mut self, id: Id, graph: &'p Graph<'_>) -> (Way, Id, Mode) {
        let n = self.count;
        self.count += 1;
        let tag = graph.raw(self.id).tag();
        let way = match (self.part, self.mode) {
            (Part::Before | Part::Popped, _) => Way::Popped(n),
            (Part::Items, _) => Way::Item(n),
            (Part::States, _) => {
                let (way, mode) = state_way(Node { graph, id });
                return (way, id, mode);
            }
            (Part::Own, Mode::Flat) => Way::Flat(n),
            (Part::Own, Mode::DictAndSlots) if n == 0 => {
                return (Way::Inside, id, Mode::Attributes);
            }
            (Part::Own, Mode::DictAndSlots) => Way::Slots,
            (Part::Own, Mode::SetCall) => return (Way::Inside, id, Mode::Elements),
            (Part::Own, Mode::Elements) => Way::Element(n),
            (Part::Own, Mode::DictCall) => return (Way::Inside, id, Mode::PairList),
            (Part::Own, Mode::PairList) => return (Way::Inside, id, Mode::Pair),
            (Part::Own, Mode::Pair) if n == 0 => {
                self.key = id;
                Way::KeyOf(0)
            }
            (Part::Own, Mode::Pair) => Way::Key(self.key),
            _ if self.part == Part::Pairs || tag == Tag::Dict => {
                match std::mem::replace(&mut self.key, Id::NOWHERE) {
                    Id::NOWHERE => {
                        self.key = id;
                        Way::KeyOf(n / 2)
                    }
                    key if self.mode == Mode::Attributes => Way::Attribute(key),
                    key => Way::Key(key),
                }
            }
            _ if matches!(tag, Tag::Set | Tag::FrozenSet) => Way::Element(n),
            _ => Way::Index(n),
        };
        (way, id, Mode::Plain)
    }

    /// The child of a part that is one node.
    fn single(&self, graph: &'p Graph<'_>) -> Option<(Way, Id, Mode)> {
        let raw = graph.raw(self.id);
        let object = graph.object_of(self.id);
        let plain = |way, id| (way, id, Mode::Plain);
        match self.part {
            Part::Callable => object.map(|(callable, ..)| plain(Way::Callable, callable)),
            Part::Args if raw.tag() == Tag::BinPersId => {
                Some(plain(Way::PersistentId, Id(raw.value as u32)))
            }
            Part::Args => object.map(|(callable, args, _)| {
                match (
                    Node {
                        graph,
                        id: callable,
                    }
                    .known(),
                    graph.items(args).count_left(),
                ) {
                    (Known::Set | Known::FrozenSet, 1) => (Way::Inside, args, Mode::SetCall),
                    (Known::OrderedDict, 1) => (Way::Inside, args, Mode::DictCall),
                    _ => plain(Way::Args, args),
                }
            }),
            Part::Kwargs => graph
                .kwargs(self.id)
                .map(|kwargs| plain(Way::Kwargs, kwargs)),
            Part::FirstState => object.and_then(|(.., state)| state).map(|state| {
                let (way, mode) = state_way(Node { graph, id: state });
                (way, state, mode)
            }),
            _ => None,
        }
    }
}

/// How a state is named: the entries of a dict are attributes, `(dict or None, dict)` are attributes and slots
/// (`load_build` in CPython's `_pickle.c`).
fn state_way(state: Node<'_, '_>) -> (Way, Mode) {
    match state.kind() {
        Kind::Dict => (Way::Inside, Mode::Attributes),
        Kind::Tuple if is_dict_and_slots(state) => (Way::Inside, Mode::DictAndSlots),
        _ => (Way::State, Mode::Plain),
    }
}

fn is_dict_and_slots(state: Node<'_, '_>) -> bool {
    let kinds = (
        state.index(0).map(Node::kind),
        state.index(1).map(Node::kind),
    );
    state.len() == 2 && matches!(kinds, (Some(Kind::None | Kind::Dict), Some(Kind::Dict)))
}

impl<'p, 'a> Iterator for Walk<'p, 'a> {
    type Item = Visit<'p, 'a>;

    fn next(&mut self) -> Option<Visit<'p, 'a>> {
        let graph = self.root.graph;
        if !self.started {
            self.started = true;
            self.first_visit(self.root.id);
            self.frames
                .push(Frame::leaf(self.root.id, Way::None, graph));
            self.enter = Some((self.root, Mode::Plain));
            return Some(Visit {
                node: self.root,
                step: None,
                depth: 0,
            });
        }
        // The last frame stands for the node visited last: it is opened, or it is left.
        match self.enter.take() {
            Some((node, mode)) => {
                let frame = self.frames.last_mut()?;
                let before = graph.popped_before(node.id);
                (frame.id, frame.mode, frame.part, frame.ids) =
                    (node.id, mode, Part::Before, before);
                self.frames.extend(self.flat.take());
            }
            None => drop(self.frames.pop()),
        }
        loop {
            let Some((way, id, mode)) = Self::child(self.frames.last_mut()?, graph) else {
                self.frames.pop();
                continue;
            };
            if self.first_visit(id) {
                let node = self.root.to(id);
                self.enter = Some((node, mode));
                self.frames.push(Frame::leaf(id, way, graph));
                return Some(Visit {
                    node,
                    step: way.step(self.root),
                    depth: self.frames.len() - 1,
                });
            }
        }
    }
}
