//! Walking the graph: every node once, at the first path that leads to it.

use super::edges::Ids;
use super::node::{Kind, Node};
use super::path::Step;
use super::raw::{Id, Tag};

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
    frames: Vec<Frame<'p, 'a>>,
    /// The node visited last, whose children come next.
    enter: Option<(Node<'p, 'a>, Mode)>,
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
}

#[derive(Debug)]
struct Frame<'p, 'a> {
    node: Node<'p, 'a>,
    mode: Mode,
    /// The step that led to the node.
    step: Option<Step<'p, 'a>>,
    part: Part,
    ids: Ids<'p>,
    count: usize,
    /// The key whose value comes next.
    key: Option<Id>,
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
        }
    }

    /// Passes over what the node visited last holds.
    pub fn skip_children(&mut self) {
        self.enter = None;
    }

    /// Passes over what the node visited last holds, except for these items, which are named `.flat[n]`.
    pub(crate) fn only_flat(&mut self, items: Node<'p, 'a>) {
        if let Some((node, mode)) = &mut self.enter {
            (*node, *mode) = (items, Mode::Flat);
        }
    }

    /// The path of the node visited last, from where the walk began: `['model']['w']`.
    pub fn path(&self) -> String {
        let mut path = String::new();
        let steps = self.frames.iter().filter_map(|frame| frame.step.as_ref());
        steps.for_each(|step| step.write(&mut path));
        path
    }

    fn first_visit(&mut self, id: Id) -> bool {
        let (word, bit) = (id.index() / 64, 1 << (id.index() % 64));
        let first = self.seen[word] & bit == 0 || id.is_interned();
        self.seen[word] |= bit;
        first
    }

    /// The next child of the innermost frame, with its step and mode.
    fn child(frame: &mut Frame<'p, 'a>) -> Option<(Step<'p, 'a>, Id, Mode)> {
        let (node, graph) = (frame.node, frame.node.graph);
        loop {
            if let Some(id) = frame.ids.next() {
                let n = frame.count;
                frame.count += 1;
                let attributes = frame.mode == Mode::Attributes;
                let step = match (frame.part, frame.mode) {
                    (Part::Before | Part::Popped, _) => Step::Popped(n),
                    (_, Mode::Flat) => Step::Flat(n),
                    (Part::Own, Mode::DictAndSlots) => {
                        let step = if n == 0 { Step::StateDict } else { Step::Slots };
                        return Some((
                            step,
                            id,
                            if n == 0 {
                                Mode::Attributes
                            } else {
                                Mode::Plain
                            },
                        ));
                    }
                    (Part::Own | Part::Pairs, _)
                        if frame.part == Part::Pairs || node.kind() == Kind::Dict =>
                    {
                        match frame.key.take() {
                            None => {
                                frame.key = Some(id);
                                Step::KeyOf(n / 2)
                            }
                            Some(key) if attributes => Step::Attribute(node.to(key)),
                            Some(key) => Step::Key(node.to(key)),
                        }
                    }
                    (Part::Items, _) => Step::Item(n),
                    (Part::States, _) => {
                        let (step, mode) = state_step(node.to(id));
                        return Some((step, id, mode));
                    }
                    _ if matches!(node.kind(), Kind::Set | Kind::FrozenSet) => Step::Element(n),
                    _ => Step::Index(n),
                };
                return Some((step, id, Mode::Plain));
            }
            frame.part = frame.part.next();
            frame.count = 0;
            let raw = graph.raw(node.id);
            let object = graph.object_of(node.id);
            let single = match (frame.part, raw.tag()) {
                (Part::Done, _) => return None,
                (Part::Callable, Tag::StackGlobal | Tag::Global) => None,
                (Part::Callable, _) => {
                    object.map(|(callable, ..)| (Step::Callable, callable, Mode::Plain))
                }
                (Part::Args, Tag::BinPersId) => {
                    Some((Step::PersistentId, Id(raw.value as u32), Mode::Plain))
                }
                (Part::Args, _) => object.map(|(_, args, _)| (Step::Args, args, Mode::Plain)),
                (Part::Kwargs, _) => graph
                    .kwargs(node.id)
                    .map(|kwargs| (Step::Kwargs, kwargs, Mode::Plain)),
                (Part::FirstState, _) => object.and_then(|(.., state)| state).map(|state| {
                    let (step, mode) = state_step(node.to(state));
                    (step, state, mode)
                }),
                _ => None,
            };
            if single.is_some() {
                return single;
            }
            frame.ids = match frame.part {
                Part::Own => graph.items(node.id),
                Part::Items => graph.appended(node.id),
                Part::Pairs => graph.set_pairs(node.id),
                Part::States => graph.more_states(node.id),
                Part::Popped => graph.popped(node.id),
                _ => continue,
            };
        }
    }
}

/// How a state is named: the entries of a dict are attributes, `(dict or None, dict)` are attributes and slots
/// (`load_build` in CPython's `_pickle.c`).
fn state_step<'p, 'a>(state: Node<'p, 'a>) -> (Step<'p, 'a>, Mode) {
    match state.kind() {
        Kind::Dict => (Step::StateDict, Mode::Attributes),
        Kind::Tuple if is_dict_and_slots(state) => (Step::StateDict, Mode::DictAndSlots),
        _ => (Step::State, Mode::Plain),
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
        if !self.started {
            self.started = true;
            self.first_visit(self.root.id);
            self.frames.push(leaf(self.root, None));
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
                let before = node.graph.popped_before(node.id);
                (frame.node, frame.mode, frame.part, frame.ids) =
                    (node, mode, Part::Before, before);
            }
            None => drop(self.frames.pop()),
        }
        loop {
            let frame = self.frames.last_mut()?;
            let Some((step, id, mode)) = Self::child(frame) else {
                self.frames.pop();
                continue;
            };
            let node = frame.node.to(id);
            if self.first_visit(id) {
                self.enter = Some((node, mode));
                self.frames.push(leaf(node, Some(step)));
                return Some(Visit {
                    node,
                    step: Some(step),
                    depth: self.frames.len() - 1,
                });
            }
        }
    }
}

fn leaf<'p, 'a>(node: Node<'p, 'a>, step: Option<Step<'p, 'a>>) -> Frame<'p, 'a> {
    Frame {
        node,
        mode: Mode::Plain,
        step,
        part: Part::Done,
        ids: node.graph.none(),
        count: 0,
        key: None,
    }
}
