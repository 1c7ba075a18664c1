//! What a node has beside the array that it is: what classes and functions of other packages add.

use std::vec;

use super::spelling::{Maker, Spelling};
use super::window::Window;
use crate::graph::{Items, Kind, Node, Pairs, Step};

/// What a node has beside the array that it is, with paths that begin there: see [`Node::beside_array`].
#[derive(Clone, Debug)]
pub struct Beside<'p, 'a> {
    runs: vec::IntoIter<Run<'p, 'a>>,
}

/// Nodes with one name, but for numbers or keys.
#[derive(Clone, Debug)]
struct Run<'p, 'a> {
    /// Where they are.
    path: String,
    nodes: Nodes<'p, 'a>,
    /// How many are left.
    len: usize,
}

#[derive(Clone, Debug)]
enum Nodes<'p, 'a> {
    One(Node<'p, 'a>),
    /// Items, the first one of this number, with what opens a number.
    Items(&'static str, usize, Items<'p, 'a>),
    Pairs(Naming, Pairs<'p, 'a>),
}

/// How values are named.
#[derive(Clone, Copy, Debug)]
enum Naming {
    Keys,
    Attributes,
}

impl Naming {
    fn step<'p, 'a>(self, key: Node<'p, 'a>) -> Step<'p, 'a> {
        match self {
            Naming::Keys => Step::Key(key),
            Naming::Attributes => Step::Attribute(key),
        }
    }
}

impl<'p, 'a> Node<'p, 'a> {
    /// What this node has beside the array that it is, each with its path from here: the state that a class adds, such as the unit
    /// of a quantity (`.state[1]`), what a function of another package is given, further states, and the metadata of the dtype.
    /// Nothing of most arrays, and of nodes that are none.
    ///
    /// # Examples
    ///
    /// ```
    /// // A class that adds its unit to the state of an array without elements.
    /// let pickle = ndpickle::Pickle::parse(b"cnumpy.core.multiarray\n_reconstruct\n(cunits\nArray\n(I0\ntS'b'\ntR(I1\n(I0\nt\
    ///     cnumpy\ndtype\n(S'u1'\nI0\nI1\ntRI00\nS''\nS'cm'\ntb.")?;
    /// let beside: Vec<_> = pickle.root().beside_array().collect();
    /// let [(path, unit)] = &beside[..] else { panic!() };
    /// assert_eq!((path.as_str(), unit.as_str()), (".state[5]", Some("cm")));
    /// # Ok::<(), ndpickle::Error>(())
    /// ```
    pub fn beside_array(self) -> Beside<'p, 'a> {
        let mut runs = Runs(Vec::new());
        if let Some(spelling) = Spelling::of(self) {
            runs.beside(self, &spelling);
        }
        Beside {
            runs: runs.0.into_iter(),
        }
    }
}

impl<'p, 'a> Iterator for Beside<'p, 'a> {
    type Item = (String, Node<'p, 'a>);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let run = self.runs.as_mut_slice().first_mut()?;
            match run.next() {
                Some(next) => return Some(next),
                None => self.runs.next(),
            };
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.runs.as_slice().iter().map(|run| run.len).sum();
        (left, Some(left))
    }
}

impl ExactSizeIterator for Beside<'_, '_> {}

impl<'p, 'a> Run<'p, 'a> {
    fn next(&mut self) -> Option<(String, Node<'p, 'a>)> {
        self.len = self.len.checked_sub(1)?;
        let mut path = self.path.clone();
        let node = match &mut self.nodes {
            Nodes::One(node) => *node,
            Nodes::Items(open, n, items) => {
                path.push_str(&format!("{open}{n}]"));
                *n += 1;
                items.next()?
            }
            Nodes::Pairs(naming, pairs) => {
                let (key, value) = pairs.next()?;
                naming.step(key).write(&mut path);
                value
            }
        };
        Some((path, node))
    }
}

struct Runs<'p, 'a>(Vec<Run<'p, 'a>>);

impl<'p, 'a> Runs<'p, 'a> {
    /// All that a node has beside its array, in the order of a walk.
    fn beside(&mut self, node: Node<'p, 'a>, spelling: &Spelling<'p, 'a>) {
        let window = spelling.window().ok().flatten();
        match (spelling.maker, spelling.handed) {
            (Maker::FromBuffer, _) => self.metadata(".args[1]", spelling.args.index(1)),
            (Maker::Scalar, _) => self.metadata(".args[0]", spelling.args.index(0)),
            (_, Some(state)) => {
                self.state(".args[2]", Naming::Keys, state, window);
                if let Some(args) = node.args() {
                    self.items(".args", "[", args.items(), 3..args.len());
                }
            }
            _ => {}
        }
        let items = node.items();
        let len = items.size_hint().0;
        self.items("", ".items[", items, 0..len);
        self.pairs(
            "",
            Naming::Keys,
            node.pairs(),
            0..node.pairs().size_hint().0,
        );
        let of_array = spelling.state().filter(|_| spelling.handed.is_none());
        for state in node.states() {
            match window.filter(|_| Some(state) == of_array) {
                Some(window) if state.kind() == Kind::Dict => {
                    self.state("", Naming::Attributes, state, Some(window));
                }
                Some(window) => self.state(".state", Naming::Keys, state, Some(window)),
                None => self.other_state(state),
            }
        }
    }

    /// A state that has the array, but for the array.
    fn state(
        &mut self,
        path: &str,
        naming: Naming,
        state: Node<'p, 'a>,
        window: Option<Window<'p, 'a>>,
    ) {
        let Some(window) = window else {
            return self.one(path, state);
        };
        let (holder, len) = (window.holder, state.len());
        let Some(place) = window.place else {
            return self.holder(path, window);
        };
        if let Some((key, _)) = state.pairs().nth(place) {
            self.pairs(path, naming, state.pairs(), 0..place);
            let mut inner = path.to_owned();
            naming.step(key).write(&mut inner);
            self.holder(&inner, window);
            self.pairs(path, naming, state.pairs(), place + 1..len);
        } else if Some(holder) == state.index(place) {
            self.items(path, "[", state.items(), 0..place);
            self.holder(&format!("{path}[{place}]"), window);
            self.items(path, "[", state.items(), place + 1..len);
        }
    }

    /// The tuple that has the array, but for the array.
    fn holder(&mut self, path: &str, window: Window<'p, 'a>) {
        let holder = window.holder;
        self.items(path, "[", holder.items(), 0..window.start);
        let dtype = window.start + window.len.min(5) - 3;
        self.metadata(&format!("{path}[{dtype}]"), Some(window.parts.dtype));
        let behind = window.start + window.len;
        self.items(path, "[", holder.items(), behind..holder.len());
    }

    /// A state that is somebody else's.
    fn other_state(&mut self, state: Node<'p, 'a>) {
        let all = |pairs: &Pairs<'p, 'a>| 0..pairs.size_hint().0;
        match (state.kind(), state.len(), state.index(0), state.index(1)) {
            (Kind::Dict, ..) => {
                let pairs = state.pairs();
                let range = all(&pairs);
                self.pairs("", Naming::Attributes, pairs, range);
            }
            (Kind::Tuple, 2, Some(dict), Some(slots))
                if matches!(dict.kind(), Kind::None | Kind::Dict) && slots.kind() == Kind::Dict =>
            {
                let (dict, slots) = (dict.pairs(), slots.pairs());
                let (attributes, range) = (all(&dict), all(&slots));
                self.pairs("", Naming::Attributes, dict, attributes);
                self.pairs(".slots", Naming::Keys, slots, range);
            }
            _ => self.one(".state", state),
        }
    }

    /// The metadata of a dtype.
    fn metadata(&mut self, path: &str, dtype: Option<Node<'p, 'a>>) {
        if let Some((dtype, metadata)) =
            dtype.and_then(|dtype| Some((dtype, dtype.dtype_metadata()?)))
        {
            let is_beside_unit =
                dtype.states().last().and_then(|state| state.index(8)) != Some(metadata);
            let unit = if is_beside_unit { "[0]" } else { "" };
            self.one(&format!("{path}.state[8]{unit}"), metadata);
        }
    }

    fn one(&mut self, path: &str, node: Node<'p, 'a>) {
        self.run(path, Nodes::One(node), 1);
    }

    fn items(
        &mut self,
        path: &str,
        open: &'static str,
        mut items: Items<'p, 'a>,
        range: std::ops::Range<usize>,
    ) {
        if let Some(skip) = range.start.checked_sub(1) {
            items.nth(skip);
        }
        self.run(path, Nodes::Items(open, range.start, items), range.len());
    }

    fn pairs(
        &mut self,
        path: &str,
        naming: Naming,
        mut pairs: Pairs<'p, 'a>,
        range: std::ops::Range<usize>,
    ) {
        if let Some(skip) = range.start.checked_sub(1) {
            pairs.nth(skip);
        }
        self.run(path, Nodes::Pairs(naming, pairs), range.len());
    }

    fn run(&mut self, path: &str, nodes: Nodes<'p, 'a>, len: usize) {
        if len > 0 {
            let path = path.to_owned();
            self.0.push(Run { path, nodes, len });
        }
    }
}
