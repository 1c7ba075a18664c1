//! Cycles that a pickle can say, and those that it cannot.
//!
//! A list, dict or set is in the memo before its items, an object before its state and what it is filled with; a tuple, a
//! frozenset and the arguments of a call are not in it before they are finished. A cycle ends at the former. One of the latter
//! alone comes out of no pickle, and the saver would not end.

use super::arena::Graph;
use super::node::Node;
use super::raw::{Id, Tag};
use crate::error::{Error, Result};

/// Makes sure that the saver ends: what closes a cycle is put in the memo.
///
/// # Errors
///
/// Category `Unsupported` for a cycle that nothing closes.
pub(crate) fn check(graph: &mut Graph<'_>, roots: &[Id]) -> Result<()> {
    let reachable = graph.reachable(roots);
    if find(graph, &reachable, |id| graph.raw(id).is_memoised()).is_none() {
        return Ok(());
    }
    // A pickle whose memo was thinned out (`pickletools.optimize`), or a new cycle of nodes that were not shared.
    for id in &reachable {
        let tag = graph.raw(*id).tag();
        if matches!(tag, Tag::List | Tag::Dict | Tag::Set | Tag::Object) {
            graph.memoise(*id);
        }
    }
    let Some(id) = find(graph, &reachable, |_| true) else {
        return Ok(());
    };
    let what = format!(
        "{} that contains itself, with no list, dict, set or state between, has no pickle",
        Node { graph, id }.kind().noun()
    );
    let path = roots.iter().find_map(|root| {
        let root = Node { graph, id: *root };
        root.to(id).path(root)
    });
    Err(Error::unsupported(what).in_path(|| path.unwrap_or_default()))
}

/// A node that is met again before it is in the memo.
fn find(graph: &Graph<'_>, nodes: &[Id], is_memoised: impl Fn(Id) -> bool) -> Option<Id> {
    #[derive(Clone, Copy, PartialEq)]
    enum Mark {
        New,
        Open,
        Done,
    }
    enum Task {
        Enter(Id),
        Leave(Id),
    }
    let mut marks = vec![Mark::New; graph.len()];
    let mut tasks = Vec::new();
    for start in nodes {
        tasks.push(Task::Enter(*start));
        while let Some(task) = tasks.pop() {
            let id = match task {
                Task::Enter(id) => id,
                Task::Leave(id) => {
                    marks[id.index()] = Mark::Done;
                    continue;
                }
            };
            match marks[id.index()] {
                Mark::Done => continue,
                Mark::Open => return Some(id),
                Mark::New => {}
            }
            marks[id.index()] = Mark::Open;
            tasks.push(Task::Leave(id));
            for_each_before(graph, id, is_memoised(id), |id| tasks.push(Task::Enter(id)));
        }
    }
    None
}

/// Calls `f` with the nodes that are written while a node is not in the memo. What hangs on a node is written once in any case.
fn for_each_before(graph: &Graph<'_>, id: Id, is_memoised: bool, mut f: impl FnMut(Id)) {
    let raw = graph.raw(id);
    match raw.tag() {
        Tag::List | Tag::Dict | Tag::Set if is_memoised => {}
        Tag::Object if is_memoised => {
            if let Some((callable, args, _)) = graph.object_of(id) {
                [callable, args]
                    .into_iter()
                    .chain(graph.kwargs(id))
                    .for_each(f);
            }
        }
        Tag::Object => {
            graph.for_each_child(id, &mut f);
            graph.popped(id).for_each(f);
        }
        Tag::BinPersId => f(Id(raw.value as u32)),
        _ => graph.items(id).for_each(f),
    }
}
