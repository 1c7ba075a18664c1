//! Every array of a document, with its path.

use super::array::NdArray;
use super::kind::ArrayKind;
use super::objects::Objects;
use super::spelling::Spelling;
use super::window::Window;
use crate::error::Result;
use crate::graph::{Flat, Id, Kind, Node, Pickle, Visit, Walk};

/// An array or NumPy scalar of a document.
#[derive(Debug)]
pub struct Row<'p, 'a> {
    /// Where in the value: `['model']['w']`; empty for the root.
    pub path: String,
    /// The node.
    pub node: Node<'p, 'a>,
    /// Which class of NumPy it is.
    pub kind: ArrayKind,
    /// The array, or why it is damaged.
    pub array: Result<NdArray<'a>>,
}

/// The arrays and scalars of a document, each once at its first path, depth first in stored order.
#[derive(Debug)]
pub struct Arrays<'p, 'a> {
    walk: Walk<'p, 'a>,
    /// The arrays on the way down that have nodes for parts which look like more.
    inside: Vec<Inside>,
}

/// What belongs to an array and is not told again below it.
#[derive(Debug)]
struct Inside {
    /// How deep the array is.
    depth: usize,
    /// The node that holds its parts.
    holder: Id,
    /// The list of its elements, or what has its only element; the fill value.
    parts: [Option<Id>; 2],
}

impl<'a> Pickle<'a> {
    /// All arrays and NumPy scalars, also those inside of objects of unknown classes, of object arrays, and of what classes add to
    /// arrays. A masked array is one, with its data, mask and fill value.
    pub fn arrays(&self) -> Arrays<'_, 'a> {
        Arrays::below(self.root())
    }
}

impl<'p, 'a> Arrays<'p, 'a> {
    /// The arrays and scalars that can be reached from a node; paths begin there.
    pub fn below(node: Node<'p, 'a>) -> Self {
        Arrays {
            walk: Walk::new(node),
            inside: Vec::new(),
        }
    }

    /// Whether the node that the walk has come to is a part of the array that holds it.
    fn is_part(&mut self, visit: Visit<'p, 'a>) -> bool {
        while let Some(inside) = self.inside.last() {
            if inside.depth < visit.depth {
                let is_part = inside.parts.contains(&Some(visit.node.id()));
                return is_part && self.walk.holder() == Some(inside.holder);
            }
            self.inside.pop();
        }
        false
    }

    /// Whether nothing that is told can be below an array: its parts are few, all of them atoms, tuples, calls that spell bytes, or
    /// a dtype that was seen. Nearly all arrays are so, and to walk through them would take as long as to tell them.
    fn is_alone(&self, array: Node<'p, 'a>) -> bool {
        const PARTS: usize = 32;
        let mut parts = [array; PARTS];
        let (mut next, mut len) = (0, 1);
        while let Some(part) = parts[..len].get(next).copied() {
            next += 1;
            if part.has_extras() {
                return false;
            }
            let mut add = |part| match parts.get_mut(len) {
                Some(slot) => {
                    (*slot, len) = (part, len + 1);
                    true
                }
                None => false,
            };
            let is_plain = match part.kind() {
                Kind::Tuple => part.items().all(add),
                Kind::Object if part.is_dtype() => self.walk.has_seen(part),
                Kind::Object if part == array || part.array_kind().is_none() => {
                    let made = part.callable().into_iter().chain(part.args());
                    made.chain(part.states()).all(&mut add)
                }
                Kind::Object | Kind::List | Kind::Dict | Kind::Set | Kind::FrozenSet => false,
                Kind::Persistent => false,
                _ => true,
            };
            if !is_plain {
                return false;
            }
        }
        true
    }

    /// Has the walk go on below an array: to its elements, and then to what is beside it.
    fn enter(&mut self, spelling: &Spelling<'p, 'a>, array: &NdArray<'a>, depth: usize) {
        if array.objects().is_none() && array.mask().is_none() {
            return;
        }
        let (holder, parts) = match (spelling.window(), array.objects()) {
            (Ok(Some(Window { holder, parts, .. })), objects) => {
                let list = objects.map(|_| parts.data.id());
                let fill_value = parts.masked.map(|(_, fill_value)| fill_value.id());
                (holder, [list, fill_value])
            }
            (_, Some(_)) => {
                let value = spelling.args.index(1);
                let is_array = |value: &Node<'_, '_>| value.kind() == Kind::Object;
                (spelling.args, [value.filter(is_array).map(Node::id), None])
            }
            _ => return,
        };
        match array.objects() {
            Some(Objects::List(list)) => self.walk.flat_first(Flat::Items(holder.to(list))),
            Some(Objects::One(_)) => self.walk.flat_first(Flat::Last(spelling.args)),
            None => {}
        }
        if parts != [None, None] {
            let holder = holder.id();
            self.inside.push(Inside {
                depth,
                holder,
                parts,
            });
        }
    }
}

impl<'p, 'a> Iterator for Arrays<'p, 'a> {
    type Item = Row<'p, 'a>;

    fn next(&mut self) -> Option<Row<'p, 'a>> {
        loop {
            let visit = self.walk.next()?;
            if self.is_part(visit) {
                self.walk.pass_over();
                continue;
            }
            let node = visit.node;
            let Some(spelling) = Spelling::of(node) else {
                continue;
            };
            let kind = spelling.kind;
            let path = self.walk.path();
            let array = node.array().map_err(|error| error.in_path(|| path.clone()));
            if self.is_alone(node) {
                self.walk.skip_children();
            } else if let Ok(array) = &array {
                self.enter(&spelling, array, visit.depth);
            }
            return Some(Row {
                path,
                node,
                kind,
                array,
            });
        }
    }
}
