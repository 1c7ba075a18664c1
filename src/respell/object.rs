//! Objects that are no more than their parts.

use super::derived::{Reconstructed, is_container};
use super::pass::{Pass, Way};
use crate::error::Result;
use crate::graph::{Constructor, Id, Kind, Node};
use crate::names::Known;

impl<'p, 'a> Pass<'p, 'a> {
    /// Gives an object the counterparts of a node's parts.
    pub(super) fn fill_object(&mut self, node: Node<'p, 'a>, id: Id) -> Result<()> {
        let parts = node.callable().zip(node.args()).zip(node.constructor());
        let Some(((callable, args), made)) = parts else {
            return Err(node.error("an object without parts"));
        };
        match node.kwargs() {
            Some(kwargs) if self.protocol() < 4 => {
                self.fill_call_by_name(callable, args, kwargs, id)?;
            }
            Some(kwargs) => {
                self.fill_call(callable, args, made, id)?;
                let kwargs = self.of(kwargs)?;
                self.builder.graph.set_kwargs(id, kwargs)?;
            }
            None if made == Constructor::NewObj && self.protocol() < 2 && is_container(node) => {
                self.fill_container_by_name(callable, args, id)?;
            }
            None => self.fill_call(callable, args, made, id)?,
        }
        self.fill_rest(node, id)
    }

    /// NEWOBJ_EX below protocol 4. CPython writes a call of a partial of the `__new__` that the class has, which is a secret of
    /// the class; `copyreg` does the same for any.
    fn fill_call_by_name(
        &mut self,
        class: Node<'p, 'a>,
        args: Node<'p, 'a>,
        kwargs: Node<'p, 'a>,
        id: Id,
    ) -> Result<()> {
        let parts = [self.of(class)?, self.of(args)?, self.of(kwargs)?];
        let callable = self.builder.global("copyreg", "__newobj_ex__")?;
        let args = self.builder.temporary_tuple(&parts)?;
        self.builder.graph.fill_object(id, callable, args);
        Ok(())
    }

    /// Gives what was made the items, pairs and states that a node was given.
    pub(super) fn fill_rest(&mut self, node: Node<'p, 'a>, id: Id) -> Result<()> {
        let items = self.all(node.items())?;
        if !items.is_empty() {
            self.builder.graph.append(id, &items)?;
        }
        let pairs = self.all(node.pairs().flat_map(|(key, value)| [key, value]))?;
        if !pairs.is_empty() {
            self.builder.graph.set_items(id, &pairs)?;
        }
        self.fill_states(node, id)
    }

    /// Gives what was made the states that a node was given.
    pub(super) fn fill_states(&mut self, node: Node<'p, 'a>, id: Id) -> Result<()> {
        for state in node.states() {
            let is_tuple = state.kind() == Kind::Tuple;
            let mut state = self.of(state)?;
            if is_tuple {
                state = self.temporary(state);
            }
            self.builder.graph.build(id, state)?;
        }
        Ok(())
    }

    fn fill_call(
        &mut self,
        callable: Node<'p, 'a>,
        args: Node<'p, 'a>,
        made: Constructor,
        id: Id,
    ) -> Result<()> {
        if made == Constructor::Reduce && self.protocol() >= 2 {
            // There is NEWOBJ.
            if let Some(instance) = Reconstructed::of(callable, args) {
                return self.fill_reconstructed(instance, id);
            }
            let is_bare = !callable.has_extras() && !args.has_extras();
            if let (Known::NewObj, Some(class), true) = (callable.known(), args.index(0), is_bare) {
                let class = self.of(class)?;
                let rest = self.all(args.items().skip(1))?;
                return self.builder.fill_instance(id, class, &rest);
            }
        }
        let class = self.of(callable)?;
        match (made, self.protocol()) {
            (Constructor::NewObj, 0..2) => {
                let args = self.all(args.items())?;
                self.builder.fill_instance(id, class, &args)?;
            }
            // Their state is a str in Python 2.
            (Constructor::Reduce, _) if self.way == Way::From2To3 && is_time(callable.known()) => {
                let mut parts = Vec::new();
                for (n, arg) in args.items().enumerate() {
                    parts.push(if n == 0 {
                        self.bytes(arg)?
                    } else {
                        self.of(arg)?
                    });
                }
                let args = self.builder.tuple(&parts)?;
                self.builder.graph.fill_object(id, class, args);
            }
            (made, _) => {
                let args = self.of(args)?;
                let args = self.temporary(args);
                self.builder.graph.fill_object(id, class, args);
                self.builder.graph.set_aux(id, made as u8);
            }
        }
        Ok(())
    }
}

fn is_time(known: Known) -> bool {
    matches!(known, Known::Date | Known::Time | Known::DateTime)
}
