//! What stands below a node in the tree, with labels that are steps of paths.

use std::collections::HashSet;

use ndpickle::python::Mapping;
use ndpickle::{Id, Kind, Node, Pairs, Step};

use super::dtype;
use super::everyday::{self, Shown, has_popped};
use super::value::Context;

/// A line below a node.
#[derive(Clone, Debug)]
pub(super) struct Child<'p, 'a> {
    pub(super) label: String,
    pub(super) what: What<'p, 'a>,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum What<'p, 'a> {
    Node(Node<'p, 'a>),
    /// A node that was made and thrown away.
    Popped(Node<'p, 'a>),
    /// So many more.
    More(usize),
}

/// All that stands below a node.
pub(super) fn of<'p, 'a>(node: Node<'p, 'a>, context: Context) -> Vec<Child<'p, 'a>> {
    if context.inline(node).is_some() {
        return Vec::new();
    }
    let mut list = List {
        children: Vec::new(),
        context,
    };
    list.popped_before("", node);
    match node.kind() {
        Kind::Tuple | Kind::List => list.items("[", node.items(), "]"),
        Kind::Set | Kind::FrozenSet => list.items("{", node.items(), "}"),
        Kind::Dict => list.pairs("", node.pairs(), Naming::Keys),
        Kind::Persistent => {
            if let Some(id) = node.persistent_id().filter(|id| *id != node)
                && (has_popped(id) || !is_scalar(id))
            {
                list.push(".pid".into(), id);
            }
        }
        Kind::Object => match node.array_kind().map(|_| node.array()) {
            Some(Ok(array)) => {
                if array.dtype().has_objects()
                    && let Ok(elements) = node.elements()
                {
                    list.items(".flat[", elements, "]");
                }
                let beside = list.beside(node);
                list.hidden(node, &beside);
            }
            _ if dtype::whole(node).is_some() => {}
            _ => list.object(node),
        },
        _ => {}
    }
    list.popped("", node);
    list.children
}

fn is_scalar(node: Node<'_, '_>) -> bool {
    !matches!(
        node.kind(),
        Kind::Tuple
            | Kind::List
            | Kind::Dict
            | Kind::Set
            | Kind::FrozenSet
            | Kind::Object
            | Kind::Persistent
    )
}

/// How the entries of a dict are called.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Naming {
    Keys,
    Attributes,
}

struct List<'p, 'a> {
    children: Vec<Child<'p, 'a>>,
    context: Context,
}

impl<'p, 'a> List<'p, 'a> {
    fn push(&mut self, label: String, node: Node<'p, 'a>) {
        let what = What::Node(node);
        self.children.push(Child { label, what });
    }

    fn more(&mut self, count: usize) {
        if count > 0 {
            let what = What::More(count);
            self.children.push(Child {
                label: "…".into(),
                what,
            });
        }
    }

    /// Items, the middle ones left out where they are many.
    fn items(
        &mut self,
        open: &str,
        items: impl Iterator<Item = Node<'p, 'a>> + Clone,
        close: &str,
    ) {
        let len = items.size_hint().1.unwrap_or_default();
        let (first, last) = self.context.limits.of(len);
        let shown = items.clone().enumerate().take(first);
        for (n, item) in shown {
            self.push(format!("{open}{n}{close}"), item);
        }
        self.more(len - first - last);
        if last > 0 {
            for (n, item) in items.enumerate().skip(len - last) {
                self.push(format!("{open}{n}{close}"), item);
            }
        }
    }

    fn pairs(&mut self, before: &str, pairs: Pairs<'p, 'a>, naming: Naming) {
        let len = pairs.size_hint().0;
        let (first, last) = self.context.limits.of(len);
        for (n, pair) in pairs.clone().enumerate().take(first) {
            self.pair(before, n, pair, naming);
        }
        self.more(len - first - last);
        if last > 0 {
            for (n, pair) in pairs.skip(len - last).enumerate() {
                self.pair(before, len - last + n, pair, naming);
            }
        }
    }

    fn pair(
        &mut self,
        before: &str,
        n: usize,
        (key, value): (Node<'p, 'a>, Node<'p, 'a>),
        naming: Naming,
    ) {
        let mut label = before.to_owned();
        match naming {
            Naming::Keys => Step::Key(key).write(&mut label),
            Naming::Attributes => Step::Attribute(key).write(&mut label),
        }
        // A key that a label cannot tell is a line of its own.
        if has_popped(key) || (!is_scalar(key) && self.context.inline(key).is_none()) {
            self.push(format!("{before}.key[{n}]"), key);
        }
        self.push(label, value);
    }

    /// What was thrown away before a node.
    fn popped_before(&mut self, path: &str, node: Node<'p, 'a>) {
        for (n, popped) in node.popped_before().enumerate() {
            self.thrown(path, n, popped);
        }
    }

    /// What was thrown away after a node was made.
    fn popped(&mut self, path: &str, node: Node<'p, 'a>) {
        for (n, popped) in node.popped().enumerate() {
            self.thrown(path, n, popped);
        }
    }

    fn thrown(&mut self, path: &str, n: usize, node: Node<'p, 'a>) {
        let (label, what) = (format!("{path}.popped[{n}]"), What::Popped(node));
        self.children.push(Child { label, what });
    }

    /// What was thrown away among the parts of a node which have no lines of their own.
    fn part(&mut self, path: &str, node: Node<'p, 'a>) {
        self.popped_before(path, node);
        self.popped(path, node);
    }

    fn object(&mut self, node: Node<'p, 'a>) {
        match everyday::view(node) {
            Some(Shown::Mapping(mapping)) => self.mapping(node, mapping),
            Some(Shown::Set(set)) => self.items("{", set.items(), "}"),
            // Its items were appended; Python 2 gives a list.
            Some(Shown::Deque(deque)) => match node.items().next() {
                Some(_) => self.items(".items[", deque.items(), "]"),
                None => self.items(".args[0][", deque.items(), "]"),
            },
            Some(Shown::Bytes(..)) => return,
            Some(Shown::Text(_, _, zone)) => {
                if let Some(zone) = zone {
                    self.push(".args[1]".into(), zone);
                }
                return;
            }
            None => self.parts(node),
        }
        for state in node.states() {
            self.state(state);
        }
    }

    /// Entries that were set in the object, or are in its arguments.
    fn mapping(&mut self, node: Node<'p, 'a>, mapping: Mapping<'p, 'a>) {
        let len = mapping.len();
        if node.pairs().size_hint().0 == len {
            return self.pairs("", node.pairs(), Naming::Keys);
        }
        let (first, last) = self.context.limits.of(len);
        for (n, pair) in mapping.pairs().enumerate() {
            if n == first {
                self.more(len - first - last);
            }
            if n < first || n >= len - last {
                self.pair("", n, pair, Naming::Keys);
            }
        }
    }

    fn parts(&mut self, node: Node<'p, 'a>) {
        if let Some(callable) = node.callable() {
            match is_scalar(callable) {
                true => self.part(".callable", callable),
                false => self.push(".callable".into(), callable),
            }
        }
        if let Some(args) = node.args() {
            if self.context.inline_args(node).is_none() {
                self.items(".args[", args.items(), "]");
            }
            self.part(".args", args);
        }
        if let Some(kwargs) = node.kwargs() {
            self.pairs(".kwargs", kwargs.pairs(), Naming::Keys);
            self.part(".kwargs", kwargs);
        }
        self.items(".items[", node.items(), "]");
        self.pairs("", node.pairs(), Naming::Keys);
    }

    /// Attributes, where a state is that; else the state.
    fn state(&mut self, state: Node<'p, 'a>) {
        let parts = (state.index(0), state.index(1));
        match (state.kind(), state.len(), parts) {
            (Kind::Dict, ..) => {
                self.pairs("", state.pairs(), Naming::Attributes);
                self.part("", state);
            }
            (Kind::Tuple, 2, (Some(dict), Some(slots)))
                if matches!(dict.kind(), Kind::None | Kind::Dict) && slots.kind() == Kind::Dict =>
            {
                self.pairs("", dict.pairs(), Naming::Attributes);
                self.pairs(".slots", slots.pairs(), Naming::Keys);
                self.part("", state);
                self.part("", dict);
                self.part(".slots", slots);
            }
            _ => self.push(".state".into(), state),
        }
    }

    /// What a class or a function of another package adds to an array.
    fn beside(&mut self, array: Node<'p, 'a>) -> HashSet<Id> {
        let beside = array.beside_array();
        let len = beside.len();
        let (first, last) = self.context.limits.of(len);
        let mut shown = HashSet::new();
        for (path, node) in beside.take(first + last) {
            // Functions are given `None` where there is nothing.
            if !node.is_none() || has_popped(node) {
                shown.insert(node.id());
                self.push(path, node);
            }
        }
        self.more(len - first - last);
        shown
    }

    /// What was thrown away among the parts of an array, which its line tells all about otherwise, but for what has lines of its
    /// own.
    fn hidden(&mut self, array: Node<'p, 'a>, shown: &HashSet<Id>) {
        // An array's own parts are few; what is more has been made up.
        const PARTS: usize = 256;
        let mut parts = vec![(String::new(), array)];
        let mut seen = 0;
        while let Some((path, node)) = parts.pop() {
            if shown.contains(&node.id()) {
                continue;
            }
            if node != array {
                self.part(&path, node);
            }
            seen += 1;
            if seen > PARTS {
                return;
            }
            let mut below = Vec::new();
            let mut add = |path: String, part: Option<Node<'p, 'a>>| {
                below.extend(part.map(|part| (path, part)));
            };
            add(format!("{path}.callable"), node.callable());
            add(format!("{path}.args"), node.args());
            for state in node.states() {
                add(format!("{path}.state"), Some(state));
            }
            if node.kind() == Kind::Tuple {
                for (n, item) in node.items().take(PARTS).enumerate() {
                    add(format!("{path}[{n}]"), Some(item));
                }
            }
            parts.extend(below.into_iter().rev());
        }
    }
}
