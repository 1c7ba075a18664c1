//! The objects of which Python or NumPy has one, found in a document that was read.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::graph::{
    Builder, Constructor, Graph, Id, Kind, Node, Python, Single, Singles, Texts, is_interned_str,
    is_single_str,
};
use crate::names::{Known, compat};

/// Tells a builder of the singles in its document, so that new nodes share them.
pub(super) fn learn(builder: &mut Builder<'_>) {
    let mut found = of(&builder.graph);
    let graph = &builder.graph;
    // Knows which dtypes NumPy has once.
    let mut probe = Builder::new(*builder.flavour());
    for node in nodes(graph) {
        if is_plain_dtype(node)
            && let Ok(dtype) = node.dtype()
        {
            let single = Single::Named(dtype.to_string().into());
            if probe.dtype(&dtype).is_ok() && probe.singles.get(&probe.graph, &single).is_some() {
                add(&mut found, single, node);
            }
        }
    }
    let mut singles = Singles::default();
    for (single, id) in found {
        singles.insert(graph, single, id);
    }
    builder.texts = Some(keys(graph));
    builder.singles = singles;
}

/// Whether a node is a dtype without a base or fields.
fn is_plain_dtype(node: Node<'_, '_>) -> bool {
    let state = node.last_state().filter(|_| node.is_dtype());
    let is_none = |n: usize| {
        let part = state.and_then(|state| state.index(n));
        part.is_some_and(Node::is_none)
    };
    is_none(2) && is_none(3)
}

/// The first of the equal texts that are keys of dicts.
fn keys(graph: &Graph<'_>) -> Texts {
    let mut texts = Texts::default();
    let keys = nodes(graph).flat_map(Node::pairs).map(|(key, _)| key);
    for key in keys.filter(|key| key.kind() == Kind::Str) {
        if key.raw_bytes().is_some() {
            texts.insert(graph, key.id());
        }
    }
    texts
}

/// All nodes, in the order in which they were made.
pub(super) fn nodes<'p, 'a>(graph: &'p Graph<'a>) -> impl Iterator<Item = Node<'p, 'a>> {
    (0..graph.len() as u32).map(move |index| Node {
        graph,
        id: Id(index),
    })
}

/// The singles of Python in a document, of each the first.
pub(super) fn of(graph: &Graph<'_>) -> HashMap<Single<'static>, Id> {
    let mut found = HashMap::new();
    for node in nodes(graph) {
        if let Some(single) = single_of(node) {
            add(&mut found, single, node);
        }
        if let Some((single, text)) = module_of(node) {
            add(&mut found, single, text);
        }
        if let Some([_, name]) = node.texts().filter(|_| !node.known().is_native())
            && let Some(text) = name.raw_bytes()
        {
            add(&mut found, Single::Str(text.to_vec().into()), name);
        }
    }
    found
}

/// Adds a node; what a pickler did not put in its memo was no object that others share, and gives way to what it did.
fn add(found: &mut HashMap<Single<'static>, Id>, single: Single<'static>, node: Node<'_, '_>) {
    match found.entry(single) {
        Entry::Vacant(entry) => {
            entry.insert(node.id());
        }
        Entry::Occupied(mut entry) => {
            if !node.to(*entry.get()).is_memoised() && node.is_memoised() {
                entry.insert(node.id());
            }
        }
    }
}

/// The name of a global's module, which the other globals of the module share.
fn module_of<'p, 'a>(global: Node<'p, 'a>) -> Option<(Single<'static>, Node<'p, 'a>)> {
    let [module, _] = global.texts()?;
    if global.known() == Known::UserScalarType {
        return None;
    }
    let name = std::str::from_utf8(module.raw_bytes()?).ok()?;
    let single = match is_interned_str(name.as_bytes()) {
        true => Single::Str(name.as_bytes().to_vec().into()),
        false => Single::Module(name.to_owned().into()),
    };
    Some((single, module))
}

/// What a node is, where Python has one object for all that are equal.
fn single_of(node: Node<'_, '_>) -> Option<Single<'static>> {
    if node.has_extras() {
        return None;
    }
    let dialect = node.graph.dialect;
    let is_py3 = dialect.python != Python::Py2;
    match node.kind() {
        Kind::Str if is_py3 => {
            let text = node.raw_bytes()?;
            let is_single = is_single_str(text) || is_interned_str(text);
            is_single.then(|| Single::Str(text.to_vec().into()))
        }
        Kind::Bytes => {
            let bytes = node.raw_bytes().filter(|bytes| bytes.len() < 2)?;
            Some(Single::Bytes(bytes.first().copied()))
        }
        Kind::Global => {
            let (module, name) = node.global_bytes()?;
            let module = std::str::from_utf8(module).ok()?;
            let name = std::str::from_utf8(name).ok()?;
            // `find_class` of the unpickler translates below protocol 3.
            let (module, name) = match dialect.protocol {
                0..3 => compat::to_py3(module, name),
                _ => (module, name),
            };
            Some(Single::Global(
                module.to_owned().into(),
                name.to_owned().into(),
            ))
        }
        Kind::Object if is_py3 && dialect.protocol < 3 => bytes_of_call(node),
        _ => None,
    }
}

/// Bytes of one character or none, as protocols 0 to 2 spell them.
fn bytes_of_call(node: Node<'_, '_>) -> Option<Single<'static>> {
    let is_call = node.constructor() == Some(Constructor::Reduce) && node.states().next().is_none();
    let args = node.args().filter(|_| is_call)?;
    match (node.callable()?.known(), args.len()) {
        (Known::Bytes, 0) => Some(Single::Bytes(None)),
        (Known::Encode, 2) => {
            let text = args.index(0)?.as_str().filter(|text| text.len() <= 2)?;
            let mut characters = text.chars();
            let (first, rest) = (characters.next()?, characters.next());
            let byte = u8::try_from(u32::from(first)).ok()?;
            let is_latin1 = args.index(1)?.raw_bytes() == Some(b"latin1");
            (rest.is_none() && is_latin1).then_some(Single::Bytes(Some(byte)))
        }
        _ => None,
    }
}
