//! Instances of classes derived from builtin ones.
//!
//! Below protocol 2 `copyreg._reconstructor` makes them, of the builtin class and a value of it (`_reduce_ex` in `copyreg.py`);
//! from there on NEWOBJ does, and a list's or dict's items follow (`reduce_newobj` in `typeobject.c`).

use super::pass::Pass;
use crate::error::Result;
use crate::graph::{Id, Kind, Node};
use crate::names::Known;

/// An instance that `copyreg._reconstructor` makes, and what `object.__reduce_ex__` says of it from protocol 2 on.
pub(super) struct Reconstructed<'p, 'a> {
    class: Node<'p, 'a>,
    contents: Contents<'p, 'a>,
}

enum Contents<'p, 'a> {
    /// Of `object`.
    Nothing,
    /// Of `list`: its items are appended.
    Items(Node<'p, 'a>),
    /// Of `dict`: its keys are set.
    Pairs(Node<'p, 'a>),
    /// Of a number or text: what `__getnewargs__` gives.
    Argument(Node<'p, 'a>),
}

impl<'p, 'a> Reconstructed<'p, 'a> {
    /// `None` for other calls, where something hangs on what would be lost, and for tuples: a `namedtuple` has the items for its
    /// arguments, others the tuple, and no pickle tells which it is.
    pub(super) fn of(callable: Node<'p, 'a>, args: Node<'p, 'a>) -> Option<Self> {
        let (len, [class, base, value]) = args.parts()?;
        let (class, base, value) = (class?, base?, value?);
        let lost = [callable, args, base, value];
        let is_known = callable.known() == Known::Reconstructor && len == 3;
        if !is_known || lost.iter().any(|node| node.has_extras()) {
            return None;
        }
        let (b"builtins" | b"__builtin__", base) = base.global_bytes()? else {
            return None;
        };
        let contents = match (base, value.kind()) {
            (b"object", Kind::None) => Contents::Nothing,
            (b"list", Kind::List) => Contents::Items(value),
            (b"dict", Kind::Dict) => Contents::Pairs(value),
            (b"int" | b"long", Kind::Int)
            | (b"float", Kind::Float)
            | (b"str", Kind::Str | Kind::Py2Str)
            | (b"unicode", Kind::Str)
            | (b"bytes", _) => Contents::Argument(value),
            _ => return None,
        };
        Some(Reconstructed { class, contents })
    }
}

/// Whether a node was given items, or keys and values.
pub(super) fn is_container(node: Node<'_, '_>) -> bool {
    node.items().next().is_some() || node.pairs().next().is_some()
}

impl<'p, 'a> Pass<'p, 'a> {
    /// An instance that `copyreg._reconstructor` made, by NEWOBJ.
    pub(super) fn fill_reconstructed(
        &mut self,
        instance: Reconstructed<'p, 'a>,
        id: Id,
    ) -> Result<()> {
        let class = self.of(instance.class)?;
        match instance.contents {
            Contents::Nothing => self.builder.fill_instance(id, class, &[]),
            Contents::Argument(value) => {
                let value = self.of(value)?;
                self.builder.fill_instance(id, class, &[value])
            }
            Contents::Items(list) => {
                self.builder.fill_instance(id, class, &[])?;
                let items = self.all(list.items())?;
                self.builder.graph.append(id, &items)
            }
            Contents::Pairs(dict) => {
                self.builder.fill_instance(id, class, &[])?;
                let pairs = self.all(dict.pairs().flat_map(|(key, value)| [key, value]))?;
                self.builder.graph.set_items(id, &pairs)
            }
        }
    }

    /// NEWOBJ below protocol 2 of a class derived from `list` or `dict`: others are given no items. CPython hands a list or dict
    /// of all of them to `_reconstructor`, which would copy it too early where they hold the object; appended they are right.
    pub(super) fn fill_container_by_name(
        &mut self,
        class: Node<'p, 'a>,
        args: Node<'p, 'a>,
        id: Id,
    ) -> Result<()> {
        let mut parts = vec![self.of(class)?];
        parts.extend(self.all(args.items())?);
        let callable = self.builder.global("copyreg", "__newobj__")?;
        let args = self.builder.temporary_tuple(&parts)?;
        self.builder.graph.fill_object(id, callable, args);
        Ok(())
    }
}
