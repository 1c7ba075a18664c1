//! Copying nodes of one document into another, as they are.

use std::collections::HashMap;

use crate::error::{Error, Result};
use crate::graph::{
    Builder, Constructor, Dialect, Id, Node, Place, Python, Raw, Single, Tag, halves,
};

/// Up to this size a text is copied: a payload of its own would take more room.
const SHORT: usize = 40;

/// Copies a node with everything that it holds and that hangs on it, but for the `singles` of the source that the builder has.
/// Payloads are shared. `made` has the copies so far, by the ids of the source.
///
/// # Errors
///
/// Category `Limit`; `Data` for an out-of-band buffer that the reader was not given. Then the new copies lack parts.
pub(super) fn copy<'a>(
    builder: &mut Builder<'a>,
    made: &mut [Id],
    singles: &HashMap<Id, Single<'static>>,
    node: Node<'_, 'a>,
) -> Result<Id> {
    let is_cpickle = |dialect: Dialect| dialect.python == Python::Py2 && !dialect.pure;
    let source = node.graph.dialect;
    let mut copy = Copy {
        keeps_memo: is_cpickle(source) == is_cpickle(builder.graph.dialect),
        builder,
        made,
        singles,
        todo: Vec::new(),
    };
    let id = copy.of(node)?;
    while let Some((node, id)) = copy.todo.pop() {
        copy.fill(node, id)
            .map_err(|error| error.at(node.offset(), None))?;
    }
    Ok(id)
}

struct Copy<'b, 'p, 'a> {
    /// Whether the source's memo bits mean the same as the copies'.
    keeps_memo: bool,
    builder: &'b mut Builder<'a>,
    made: &'b mut [Id],
    singles: &'b HashMap<Id, Single<'static>>,
    /// Copies without their parts.
    todo: Vec<(Node<'p, 'a>, Id)>,
}

impl<'p, 'a> Copy<'_, 'p, 'a> {
    /// The copy of a node, which gets its parts later.
    fn of(&mut self, node: Node<'p, 'a>) -> Result<Id> {
        if node.id().is_interned() {
            return Ok(node.id());
        }
        let known = self.made[node.id().index()];
        if known != Id::NOWHERE {
            return Ok(known);
        }
        let single = self.singles.get(&node.id());
        let known = single.and_then(|single| self.builder.singles.get(&self.builder.graph, single));
        let id = match known {
            Some(known) => known,
            None => {
                let id = self.make(node)?;
                if let Some(single) = single {
                    let Builder { singles, graph, .. } = &mut *self.builder;
                    singles.insert(graph, single.clone(), id);
                }
                id
            }
        };
        self.made[node.id().index()] = id;
        Ok(id)
    }

    fn make(&mut self, node: Node<'p, 'a>) -> Result<Id> {
        let (raw, source) = (node.graph.raw(node.id()), &node.graph.store);
        let graph = &mut self.builder.graph;
        let mut has_parts = raw.has_extras();
        let id = match raw.tag() {
            Tag::None | Tag::False | Tag::True | Tag::Int | Tag::Float | Tag::Extension => {
                graph.push(raw.moved(0))?
            }
            Tag::BigInt
            | Tag::Str
            | Tag::Py2Str
            | Tag::Bytes
            | Tag::ByteArray
            | Tag::PersId
            | Tag::Global => {
                let place = match source.get(Place(raw.value)) {
                    Some(bytes) if bytes.len() <= SHORT => graph.store.copy(bytes)?,
                    _ => graph.store.payload(source.to_payload(Place(raw.value))),
                };
                graph.push(Raw::new(raw.tag(), raw.aux(), 0, place.0))?
            }
            Tag::Buffer => self.buffer(node)?,
            tag => {
                has_parts = true;
                let id = match tag {
                    Tag::Object => {
                        graph.object(Constructor::Reduce, Id::NONE, Id::EMPTY_TUPLE, 0)?
                    }
                    Tag::Tuple | Tag::StackGlobal | Tag::BinPersId => {
                        graph.push(Raw::new(tag, 0, 0, 0))?
                    }
                    tag => graph.container(tag, &[], 0)?,
                };
                graph.set_aux(id, raw.aux());
                id
            }
        };
        if !raw.tag().is_number() && (raw.is_memoised() || !self.keeps_memo) {
            self.builder.graph.memoise(id);
        }
        if has_parts {
            self.todo.push((node, id));
        }
        Ok(id)
    }

    /// In the pickle, as a pickler without `buffer_callback` has it.
    fn buffer(&mut self, node: Node<'p, 'a>) -> Result<Id> {
        let missing = || node.error("an out-of-band buffer that the reader was not given");
        let payload = node.buffer_payload().ok_or_else(missing)?;
        if self.builder.protocol() < 5 {
            return Err(Error::unsupported("a buffer needs protocol 5"));
        }
        let is_read_only = node.buffer().is_some_and(|(_, is_read_only)| is_read_only);
        self.builder.buffer(payload, false, !is_read_only)
    }

    fn ids(&mut self, ids: impl Iterator<Item = Node<'p, 'a>>) -> Result<Vec<Id>> {
        ids.map(|node| self.of(node)).collect()
    }

    fn fill(&mut self, node: Node<'p, 'a>, id: Id) -> Result<()> {
        let source = node.graph;
        let raw = source.raw(node.id());
        match raw.tag() {
            Tag::Tuple => {
                let items = self.ids(node.items())?;
                self.builder.graph.fill_tuple(id, &items)?;
            }
            Tag::List | Tag::Dict | Tag::Set | Tag::FrozenSet => {
                let items = self.ids(source.items(node.id()).map(|id| node.to(id)))?;
                self.builder.graph.fill_set(id, &items)?;
            }
            Tag::StackGlobal => {
                let (module, name) = raw.halves();
                let (module, name) = (self.of(node.to(Id(module)))?, self.of(node.to(Id(name)))?);
                let value = halves(module.0, name.0);
                self.builder.graph.set_value(id, value);
            }
            Tag::BinPersId => {
                let pid = self.of(node.to(Id(raw.value as u32)))?;
                self.builder.graph.set_value(id, pid.0.into());
            }
            Tag::Object => {
                if let Some((callable, args, state)) = source.object_of(node.id()) {
                    let (callable, args) = (self.of(node.to(callable))?, self.of(node.to(args))?);
                    self.builder.graph.fill_object(id, callable, args);
                    if let Some(state) = state {
                        let state = self.of(node.to(state))?;
                        self.builder.graph.build(id, state)?;
                    }
                }
            }
            _ => {}
        }
        if raw.has_extras() {
            for (part, ids) in source.extras_of(node.id()) {
                let ids = self.ids(ids.map(|id| node.to(id)))?;
                self.builder.graph.splice(id, Some(part), 0, 0, &ids)?;
            }
        }
        Ok(())
    }
}
