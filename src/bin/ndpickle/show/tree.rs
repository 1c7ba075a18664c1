//! The tree: nodes one below the other, each object once.

use std::collections::{HashMap, HashSet};
use std::io;

use ndpickle::{Id, Kind, Node, Python};

use super::Limits;
use super::children::{self, Child, What};
use super::line::{DIM, Line, PLAIN, widen};
use super::value::Context;
use crate::documents::Document;
use crate::text;

/// Columns that labels may take before what stands behind them is no longer aligned.
const LABEL: usize = 32;

/// Characters of a label.
const LONGEST_LABEL: usize = 100;

/// The tree of a document. It is walked twice: once to find what occurs more than once among the lines, once to write
/// them. Nothing recurses, so that nesting costs no stack.
pub(super) struct Tree<'p, 'a> {
    root: Node<'p, 'a>,
    context: Context,
    /// The numbers of the objects that occur more than once.
    marks: HashMap<Id, usize>,
    /// Objects that were written.
    shown: HashSet<Id>,
}

/// Lines at one level that are still to be written.
struct Frame<'p, 'a> {
    lines: std::vec::IntoIter<(Child<'p, 'a>, Line)>,
    label: usize,
    widths: Vec<usize>,
}

impl<'p, 'a> Tree<'p, 'a> {
    pub(super) fn new(document: Document<'p, 'a>, limits: Limits) -> Self {
        let context = Context {
            limits,
            base: document.base,
            py2: document.pickle.dialect().python == Python::Py2,
        };
        let mut tree = Tree {
            root: document.root,
            context,
            marks: HashMap::new(),
            shown: HashSet::new(),
        };
        tree.find_marks();
        tree
    }

    fn find_marks(&mut self) {
        let mut repeated = HashSet::new();
        let mut order = Vec::new();
        let mut stack = vec![vec![self.root].into_iter()];
        while let Some(level) = stack.last_mut() {
            let Some(node) = level.next() else {
                stack.pop();
                continue;
            };
            if self.shown.contains(&node.id()) {
                repeated.insert(node.id());
                continue;
            }
            let below = children::of(node, self.context);
            let is_cut = stack.len() > usize::from(self.context.limits.depth) && !below.is_empty();
            if is_markable(node) && !is_cut {
                self.shown.insert(node.id());
                order.push(node.id());
            }
            if !is_cut {
                let nodes: Vec<Node<'p, 'a>> = below.iter().filter_map(node_of).collect();
                stack.push(nodes.into_iter());
            }
        }
        order.retain(|id| repeated.contains(id));
        self.marks = order.into_iter().zip(1..).collect();
        self.shown.clear();
    }

    pub(super) fn write(&mut self, out: &mut impl io::Write) -> io::Result<()> {
        let (root, mut line) = (self.root, self.context.line(self.root));
        let below = self.below(root, 0, &mut line);
        line.write(&[], out)?;
        let mut stack = vec![self.frame(below)];
        let mut prefix = String::new();
        while let Some(frame) = stack.last_mut() {
            let Some((child, mut line)) = frame.lines.next() else {
                stack.pop();
                prefix.truncate(prefix.len() - last_segment(&prefix));
                continue;
            };
            let is_last = frame.lines.len() == 0;
            let (branch, segment) = match is_last {
                true => ("└─ ", "   "),
                false => ("├─ ", "│  "),
            };
            let label = &child.label;
            write!(out, "{DIM}{prefix}{branch}{DIM:#}{PLAIN}{label}{PLAIN:#}")?;
            let (width, widths) = (frame.label, std::mem::take(&mut frame.widths));
            let depth = stack.len();
            let below = node_of(&child).map(|node| self.below(node, depth, &mut line));
            if !matches!(child.what, What::More(_)) {
                let blanks = width.saturating_sub(text::width(label));
                write!(out, "{:blanks$}", "")?;
            }
            write!(out, "  ")?;
            line.write(&widths, out)?;
            if let Some(frame) = stack.last_mut() {
                frame.widths = widths;
            }
            if let Some(below) = below.filter(|below| !below.is_empty()) {
                prefix.push_str(segment);
                stack.push(self.frame(below));
            }
        }
        Ok(())
    }

    /// What is written below a node whose line this is: nothing if it stands elsewhere already, or is too deep.
    fn below(&mut self, node: Node<'p, 'a>, depth: usize, line: &mut Line) -> Vec<Child<'p, 'a>> {
        let mark = self.marks.get(&node.id());
        let is_first = !self.shown.contains(&node.id());
        if let Some(mark) = mark {
            line.mark = format!("{}{mark}", if is_first { '&' } else { '*' });
        }
        if !is_first {
            return Vec::new();
        }
        let below = children::of(node, self.context);
        if depth >= usize::from(self.context.limits.depth) && !below.is_empty() {
            line.mark.clear();
            let note = "… deeper levels are left out (--depth)";
            *line = std::mem::take(line).with(DIM, note);
            return Vec::new();
        }
        if is_markable(node) {
            self.shown.insert(node.id());
        }
        below
    }

    /// The lines of a level.
    fn frame(&self, below: Vec<Child<'p, 'a>>) -> Frame<'p, 'a> {
        let mut label = 0;
        let mut widths = Vec::new();
        let mut lines = Vec::with_capacity(below.len());
        for mut child in below {
            child.label = text::shortened(&text::safe(&child.label), LONGEST_LABEL).into_owned();
            let mut line = match child.what {
                What::Node(node) => self.context.line(node),
                What::Popped(node) => self.context.popped(node),
                What::More(count) => {
                    Line::new(DIM, format!("{} more", text::grouped(count as u64)))
                }
            };
            if let Some(mark) = node_of(&child).and_then(|node| self.marks.get(&node.id())) {
                line.mark = format!("&{mark}");
            }
            if !matches!(child.what, What::More(_)) {
                label = label.max(text::width(&child.label).min(LABEL));
            }
            widen(&mut widths, &line);
            lines.push((child, line));
        }
        Frame {
            lines: lines.into_iter(),
            label,
            widths,
        }
    }
}

fn node_of<'p, 'a>(child: &Child<'p, 'a>) -> Option<Node<'p, 'a>> {
    match child.what {
        What::Node(node) | What::Popped(node) => Some(node),
        What::More(_) => None,
    }
}

/// Bytes of the last segment of a prefix.
fn last_segment(prefix: &str) -> usize {
    match prefix.strip_suffix("│  ") {
        Some(before) => prefix.len() - before.len(),
        None => prefix.len().min(3),
    }
}

/// Whether it matters that an object is the same at two places. Everybody shares strings and numbers.
fn is_markable(node: Node<'_, '_>) -> bool {
    match node.kind() {
        Kind::Tuple => !node.is_empty(),
        Kind::List
        | Kind::Dict
        | Kind::Set
        | Kind::FrozenSet
        | Kind::ByteArray
        | Kind::Object
        | Kind::Persistent => true,
        _ => false,
    }
}
