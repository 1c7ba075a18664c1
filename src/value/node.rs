//! Nodes become trees.

use std::collections::{HashMap, HashSet};

use super::Value;
use super::children::{Children, Listed, Naming, Way, state_child};
use super::options::Budget;
use super::parts::Counts;
use super::shape::Shape;
use crate::error::{Error, Result};
use crate::graph::{Constructor, Global, Id, Kind, Node, Step};
use crate::names::Known;
use crate::numpy::{ArrayKind, ElementKind, NdArray};
use crate::python::{Set, View};
use crate::repr;

/// Texts and bytes of up to this length cost about as much as the reference to them.
const SHORT: u64 = 64;

/// A node whose parts are being read.
struct Frame<'p, 'a> {
    id: Id,
    way: Option<Way<'p, 'a>>,
    shape: Shape,
    children: Children<'p, 'a>,
    made: Vec<Value>,
}

/// What a node is: a value, or one whose parts come first.
// OK because there is one at a time; a box would be an allocation for every container.
#[allow(clippy::large_enum_variant)]
enum Found<'p, 'a> {
    Leaf(Value),
    Open(Shape, Children<'p, 'a>),
}

/// The tree of a node.
pub(super) fn read(root: Node<'_, '_>, budget: Budget, ignores_popped: bool) -> Result<Value> {
    let mut reader = Reader {
        budget,
        ignores_popped,
        frames: Vec::new(),
        open: HashSet::new(),
        seen: vec![0; root.graph.len().div_ceil(64)],
        arrays: HashMap::new(),
    };
    let mut made = reader.enter(root, None, Naming::Plain)?;
    loop {
        let Some(frame) = reader.frames.last_mut() else {
            return Ok(made.unwrap_or_default());
        };
        frame.made.extend(made.take());
        made = match frame.children.next() {
            Some((way, node, naming)) => reader.enter(node, Some(way), naming)?,
            None => reader.leave(),
        };
    }
}

struct Reader<'p, 'a> {
    budget: Budget,
    ignores_popped: bool,
    frames: Vec<Frame<'p, 'a>>,
    /// The nodes of the frames.
    open: HashSet<Id>,
    /// A bit for every node that was met.
    seen: Vec<u64>,
    /// Arrays that were met, so that they share their elements.
    arrays: HashMap<Id, NdArray<'static>>,
}

impl<'p, 'a> Reader<'p, 'a> {
    /// The value of a node; `None` where its parts are to be read first.
    fn enter(
        &mut self,
        node: Node<'p, 'a>,
        way: Option<Way<'p, 'a>>,
        naming: Naming,
    ) -> Result<Option<Value>> {
        let made = self.found(node, naming);
        match made {
            Ok(Found::Leaf(value)) => Ok(Some(value)),
            Ok(Found::Open(shape, children)) => {
                self.open.insert(node.id());
                self.frames.push(Frame {
                    id: node.id(),
                    way,
                    shape,
                    made: Vec::with_capacity(children.len()),
                    children,
                });
                Ok(None)
            }
            Err(error) => {
                let path = || self.path(way);
                Err(error.in_path(path).at(node.offset(), None))
            }
        }
    }

    /// The value of the last frame, whose parts are all there.
    fn leave(&mut self) -> Option<Value> {
        let frame = self.frames.pop()?;
        self.open.remove(&frame.id);
        Some(frame.shape.assemble(frame.made))
    }

    fn path(&self, last: Option<Way<'p, 'a>>) -> String {
        let mut path = String::new();
        let ways = self.frames.iter().map(|frame| frame.way).chain([last]);
        ways.flatten().for_each(|way| way.write(&mut path));
        path
    }

    fn found(&mut self, node: Node<'p, 'a>, naming: Naming) -> Result<Found<'p, 'a>> {
        if self.open.contains(&node.id()) {
            let what = format!("{} that contains itself has no tree", node.kind().noun());
            return Err(Error::data(what));
        }
        if !self.ignores_popped {
            self.check_popped(node)?;
        }
        let is_first = self.is_first(node.id());
        let found = self.what(node, naming)?;
        if !is_first {
            match &found {
                Found::Open(_, children) => self.budget.copies.take(1 + children.len() as u64)?,
                Found::Leaf(value) => {
                    let bytes = byte_len(value);
                    if bytes > SHORT {
                        self.budget.bytes.take(bytes)?;
                    }
                }
            }
        }
        Ok(found)
    }

    fn check_popped(&self, node: Node<'p, 'a>) -> Result<()> {
        let mut popped = node.popped_before().chain(node.popped());
        match node.has_extras() && popped.next().is_some() {
            true => Err(Error::unsupported(
                "what was made and thrown away here has no place in a tree",
            )),
            false => Ok(()),
        }
    }

    fn is_first(&mut self, id: Id) -> bool {
        let (word, bit) = (id.index() / 64, 1 << (id.index() % 64));
        let is_first = self.seen[word] & bit == 0;
        self.seen[word] |= bit;
        is_first || id.is_interned()
    }

    fn what(&mut self, node: Node<'p, 'a>, naming: Naming) -> Result<Found<'p, 'a>> {
        let items = |shape| {
            let children = Children::of(Listed::Items(node.items()));
            Ok(Found::Open(shape, Children { naming, ..children }))
        };
        if node.kind() == Kind::Object {
            return self.object(node);
        }
        // What is no object may still be given something, which Python would refuse or which changes a class.
        if node.has_extras() {
            let is_container = matches!(
                node.kind(),
                Kind::Tuple | Kind::List | Kind::Dict | Kind::Set | Kind::FrozenSet
            );
            let has_more = node.states().next().is_some()
                || !is_container
                    && (node.items().next().is_some() || node.pairs().next().is_some());
            if has_more {
                let what = format!("{} with a state or items has no tree", node.kind().noun());
                return Err(Error::unsupported(what));
            }
        }
        let bytes = || -> Result<Vec<u8>> {
            let payload = node.payload();
            payload.map_or_else(|| Ok(Vec::new()), |payload| payload.to_vec())
        };
        Ok(Found::Leaf(match node.kind() {
            Kind::None | Kind::Object => Value::None,
            Kind::Bool => Value::Bool(node.as_bool() == Some(true)),
            Kind::Int => match node.as_i64() {
                Some(value) => Value::Int(value),
                None => Value::BigInt(node.to_bigint().unwrap_or_default()),
            },
            Kind::Float => Value::Float(node.as_f64().unwrap_or_default()),
            Kind::Str => text(bytes()?)?,
            Kind::Py2Str => Value::Py2Str(bytes()?),
            Kind::Bytes => Value::Bytes(bytes()?),
            Kind::ByteArray => Value::ByteArray(bytes()?),
            Kind::Tuple => return items(Shape::Tuple),
            Kind::List => return items(Shape::List),
            Kind::Set | Kind::FrozenSet => match node.python() {
                Some(View::Set(set)) => return Ok(elements(set)),
                _ => Value::None,
            },
            Kind::Dict => {
                let children = Children {
                    pairs: Some(node.pairs()),
                    naming,
                    ..Children::of(Listed::None)
                };
                return Ok(Found::Open(Shape::Dict, children));
            }
            Kind::Global => Value::Global(Box::new(name(node))),
            Kind::Persistent => match node.persistent_id() {
                Some(pid) if pid != node => {
                    let single = (Step::PersistentId.into(), pid, Naming::Plain);
                    let children = Children {
                        singles: vec![single].into_iter(),
                        ..Children::of(Listed::None)
                    };
                    return Ok(Found::Open(Shape::Persistent, children));
                }
                _ => Value::Persistent(Box::new(text(bytes()?)?)),
            },
            Kind::Extension => Value::Extension(node.extension().unwrap_or_default()),
            Kind::Buffer => {
                let payload = node.buffer_payload();
                let missing = || Error::data("an out-of-band buffer that the reader was not given");
                let bytes = payload.ok_or_else(missing)?.to_vec()?;
                match node.buffer() {
                    Some((_, true)) => Value::Bytes(bytes),
                    _ => Value::ByteArray(bytes),
                }
            }
        }))
    }

    fn object(&mut self, node: Node<'p, 'a>) -> Result<Found<'p, 'a>> {
        // A damaged array, one of an unknown class, or one of records with objects is the call that it is.
        if let Some(kind) = node.array_kind() {
            if let Some(array) = self.arrays.get(&node.id()) {
                return Ok(Found::Leaf(array.clone().into()));
            }
            if let Some(found) = self.array(node, kind) {
                return Ok(found);
            }
        }
        let is_bare = node.last_state().is_none()
            && node.items().next().is_none()
            && node.pairs().next().is_none();
        if is_bare {
            match node.python() {
                Some(View::Complex(value)) => return Ok(Found::Leaf(Value::Complex(value.0))),
                Some(View::Bytes(bytes)) => return Ok(Found::Leaf(Value::Bytes(bytes.to_vec()?))),
                Some(View::ByteArray(bytes)) => {
                    return Ok(Found::Leaf(Value::ByteArray(bytes.to_vec()?)));
                }
                Some(View::Set(set)) => return Ok(elements(set)),
                _ => {}
            }
        }
        self.call(node)
    }

    /// An array whose elements are bytes, or objects that are listed.
    fn array(&mut self, node: Node<'p, 'a>, kind: ArrayKind) -> Option<Found<'p, 'a>> {
        let array = node.array().ok()?;
        if kind == ArrayKind::Subclass {
            return None;
        }
        let Ok(elements) = node.elements() else {
            let array = array.into_owned().ok()?;
            self.arrays.insert(node.id(), array.clone());
            return Some(Found::Leaf(array.into()));
        };
        let dtype = array.dtype();
        let is_whole = match dtype.kind() {
            ElementKind::String => dtype.typestr() == "StringDType()",
            _ => true,
        };
        let fits =
            kind == ArrayKind::NdArray && is_whole && elements.size_hint().0 as u64 == array.size();
        fits.then(|| {
            let shape = Shape::Objects(dtype.clone(), array.shape().to_vec());
            Found::Open(shape, Children::of(Listed::Flat(elements)))
        })
    }

    /// The call that made an object. What `copyreg` is called for where there is no opcode for it is what that opcode makes.
    fn call(&mut self, node: Node<'p, 'a>) -> Result<Found<'p, 'a>> {
        let parts = node.callable().zip(node.args()).zip(node.constructor());
        let Some(((mut callable, mut args), mut made)) = parts else {
            return Err(Error::data("an object without parts"));
        };
        let mut kwargs = node.kwargs();
        let mut skipped = 0;
        if made == Constructor::Reduce {
            match (callable.known(), args.parts::<3>()) {
                (Known::Reconstructor, Some((3, [Some(class), Some(base), Some(value)])))
                    if value.is_none() && is_object(base) =>
                {
                    (made, callable, skipped) = (Constructor::NewObj, class, 3);
                }
                (Known::NewObj, Some((1.., [Some(class), ..]))) => {
                    (made, callable, skipped) = (Constructor::NewObj, class, 1);
                }
                (Known::NewObjEx, Some((3, [Some(class), Some(inner), Some(given)])))
                    if inner.kind() == Kind::Tuple && given.kind() == Kind::Dict =>
                {
                    (made, callable, args) = (Constructor::NewObjEx, class, inner);
                    kwargs = Some(given);
                }
                _ => {}
            }
        }
        if args.kind() != Kind::Tuple {
            return Err(Error::unsupported(
                "arguments that are no tuple have no tree",
            ));
        }
        if kwargs.is_some_and(|kwargs| kwargs.kind() != Kind::Dict) {
            return Err(Error::unsupported(
                "keyword arguments that are no dict have no tree",
            ));
        }
        if !self.ignores_popped {
            self.check_popped(args)?;
            kwargs.map_or(Ok(()), |kwargs| self.check_popped(kwargs))?;
        }
        let mut singles = vec![(Step::Callable.into(), callable, Naming::Plain)];
        for (n, arg) in args.items().enumerate().skip(skipped) {
            let way = Way(Some(Step::Args), Step::Index(n));
            singles.push((way, arg, Naming::Plain));
        }
        let mut counts = Counts {
            args: singles.len() - 1,
            ..Counts::default()
        };
        for (key, value) in kwargs.into_iter().flat_map(Node::pairs) {
            let way = |step| Way(Some(Step::Kwargs), step);
            singles.push((way(Step::KeyOf(counts.kwargs)), key, Naming::Plain));
            singles.push((way(Step::Key(key)), value, Naming::Plain));
            counts.kwargs += 1;
        }
        for state in node.states() {
            singles.push(state_child(state));
            counts.states += 1;
        }
        let items = node.items();
        counts.items = items.size_hint().0;
        let children = Children {
            singles: singles.into_iter(),
            pairs: Some(node.pairs()),
            ..Children::of(Listed::Appended(items))
        };
        Ok(Found::Open(Shape::Object(made, counts), children))
    }
}

/// The elements of a set, however it is spelled.
fn elements<'p, 'a>(set: Set<'p, 'a>) -> Found<'p, 'a> {
    let shape = match set.is_frozen() {
        true => Shape::FrozenSet,
        false => Shape::Set,
    };
    Found::Open(shape, Children::of(Listed::Set(set.items())))
}

fn is_object(base: Node<'_, '_>) -> bool {
    matches!(
        base.global_bytes(),
        Some((b"builtins" | b"__builtin__", b"object"))
    )
}

/// The name of a global in Python 3.
fn name(node: Node<'_, '_>) -> Global<'static> {
    let (module, name) = node.global_bytes().unwrap_or_default();
    let (module, name) = (
        String::from_utf8_lossy(module),
        String::from_utf8_lossy(name),
    );
    let global = Global {
        module: module.into_owned().into(),
        name: name.into_owned().into(),
    };
    global.in_python_3(node.graph.dialect.protocol)
}

fn text(bytes: Vec<u8>) -> Result<Value> {
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Value::Str(text)),
        Err(error) if repr::wtf8::is_valid(error.as_bytes()) => {
            Ok(Value::SurrogateStr(error.into_bytes()))
        }
        Err(_) => Err(Error::data("a str that is not UTF-8")),
    }
}

/// Bytes that a leaf has for itself.
fn byte_len(value: &Value) -> u64 {
    let len = match value {
        Value::Str(text) => text.len(),
        Value::SurrogateStr(bytes)
        | Value::Py2Str(bytes)
        | Value::Bytes(bytes)
        | Value::ByteArray(bytes) => bytes.len(),
        Value::BigInt(value) => return value.bits() / 8,
        _ => 0,
    };
    len as u64
}
