//! Which nodes must be in the memo, since more than one place refers to them.

use crate::graph::{Dialect, Graph, Id, Place, Python, Raw, Tag};

/// Puts every node that is shared in the memo. What has one place keeps what its pickler, or the builder, said of it.
pub(super) fn memoise(graph: &mut Graph<'_>, roots: &[Id]) {
    let dialect = graph.dialect;
    for (n, count) in count(graph, roots).into_iter().enumerate() {
        // OK because nodes are numbered in 32 bits.
        let id = Id(n as u32);
        if count > 1 && can_be_put(graph, graph.raw(id), dialect) {
            graph.memoise(id);
        }
    }
}

/// How many places refer to each node, up to two.
fn count(graph: &Graph<'_>, roots: &[Id]) -> Vec<u8> {
    let mut counts = vec![0u8; graph.len()];
    let mut todo = Vec::new();
    let mut refer = |id: Id, todo: &mut Vec<Id>| {
        let count = &mut counts[id.index()];
        if *count == 0 && !id.is_interned() {
            todo.push(id);
        }
        *count = (*count + 1).min(2);
    };
    roots.iter().for_each(|root| refer(*root, &mut todo));
    while let Some(id) = todo.pop() {
        graph.for_each_reference(id, |id| refer(id, &mut todo));
        let raw = graph.raw(id);
        if raw.tag() == Tag::StackGlobal && graph.dialect.protocol >= 4 {
            let (module, name) = raw.halves();
            refer(Id(module), &mut todo);
            refer(Id(name), &mut todo);
        }
    }
    counts
}

/// Whether a pickler ever puts such a node in its memo.
fn can_be_put(graph: &Graph<'_>, raw: Raw, dialect: Dialect) -> bool {
    let is_cpickle = dialect.python == Python::Py2 && !dialect.pure;
    match raw.tag() {
        tag if tag.is_number() => false,
        Tag::Tuple => raw.halves().1 > 0,
        // `save_string` in `cPickle.c`.
        Tag::Py2Str if is_cpickle => graph.store.len(Place(raw.value)) >= 2,
        // Each is asked for again, unless something was done to it that may not be done twice.
        Tag::PersId | Tag::BinPersId | Tag::Extension => raw.has_extras(),
        _ => true,
    }
}
