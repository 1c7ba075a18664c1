//! Parts of objects, the root, and every place of a node.

use std::collections::HashMap;

use super::Edit;
use crate::error::Result;
use crate::graph::{Constructor, Id, Kind, Tag, takes_anything};

/// Parts of objects, and places wherever they are.
impl Edit<'_> {
    /// `object.name = value`: sets an attribute in the state of an instance, whether that is a dict, or a tuple of one and of
    /// the slots. Gives the value that was there before.
    ///
    /// # Errors
    ///
    /// Category `Data` where there is no object, where its state is something else, and for ids of other documents; `Limit`.
    pub fn set_attribute(&mut self, object: Id, name: &str, value: Id) -> Result<Option<Id>> {
        self.builder.check(&[object, value])?;
        let Some(state) = self.at(object).states().last() else {
            let state = self.builder().dict(&[])?;
            self.set_state(object, state)?;
            return self.set(state, name, value);
        };
        let dict = match (state.kind(), state.index(0), state.index(1)) {
            (Kind::Tuple, Some(dict), Some(slots)) if state.len() == 2 => {
                let is_slot = slots.get(name).is_some() || dict.kind() != Kind::Dict;
                if is_slot { slots } else { dict }
            }
            _ => state,
        };
        match dict.kind() {
            Kind::Dict => self.set(dict.id(), name, value),
            _ => Err(self.error(object, "its state is no dict of attributes")),
        }
    }

    /// Gives an object a state, and takes those that it had.
    ///
    /// # Errors
    ///
    /// Category `Data` where there is no object, and for ids of other documents; `Limit`.
    pub fn set_state(&mut self, object: Id, state: Id) -> Result<()> {
        self.builder.check(&[object, state])?;
        if !takes_anything(self.builder.graph.raw(object).tag()) {
            return Err(self.error(object, "it has no state"));
        }
        self.changed();
        self.builder.graph.set_state(object, state)
    }

    /// Gives an object other positional arguments.
    ///
    /// # Errors
    ///
    /// As [`set_state`](Edit::set_state); `Data` where the arguments are no tuple.
    pub fn set_args(&mut self, object: Id, args: Id) -> Result<()> {
        self.object(object)?;
        self.builder.check(&[args])?;
        if self.at(args).kind() != Kind::Tuple {
            return Err(self.error(args, "arguments must be a tuple"));
        }
        self.changed();
        self.builder.graph.set_args(object, args);
        Ok(())
    }

    /// Puts another node in the place of the root; of a session, in that of its first.
    ///
    /// # Errors
    ///
    /// Category `Data` for ids of other documents.
    pub fn set_root(&mut self, root: Id) -> Result<()> {
        self.builder.check(&[root])?;
        self.roots[0] = root;
        Ok(())
    }

    /// Puts `new` wherever `old` is in the document: as an item, key, value, argument, callable, state, as what was thrown away,
    /// or as a root. Gives the number of places.
    ///
    /// The document is what can be reached from its roots: what only `new` holds is no part of it yet, so `new` may hold `old`.
    /// Calls that were made and thrown away hang on a node, and go with it. Names of classes and functions stay, also where
    /// `old` is the text of one. Takes time as a walk over the document; [`replace_all`](Edit::replace_all) takes as much for many.
    ///
    /// # Errors
    ///
    /// Category `Data` for `None`, bools and `()`, which are one node for all their places (put another node in the place that is
    /// meant), for ids of other documents, and where arguments would be no tuple.
    pub fn replace(&mut self, old: Id, new: Id) -> Result<usize> {
        self.replace_all(&HashMap::from([(old, new)]))
    }

    /// Puts the values of the map wherever its keys are, all at once.
    ///
    /// # Errors
    ///
    /// As [`replace`](Edit::replace); then nothing has changed.
    pub fn replace_all(&mut self, new: &HashMap<Id, Id>) -> Result<usize> {
        for (old, new) in new {
            self.builder.check(&[*old, *new])?;
            if old.is_interned() {
                return Err(self.error(*old, "all its places share it; name the place"));
            }
        }
        let reachable = self.builder.graph.reachable(&self.roots);
        for id in &reachable {
            let Some((callable, args, _)) = self.builder.graph.object_of(*id) else {
                continue;
            };
            if let Some(args) = new.get(&args)
                && self.at(*args).kind() != Kind::Tuple
            {
                return Err(self.error(*id, "arguments must be a tuple"));
            }
            if let Some(callable) = new.get(&callable) {
                self.fits(*id, *callable)?;
            }
        }
        let mut count = 0;
        let mut change = |id: Id| match new.get(&id) {
            Some(new) => {
                count += 1;
                *new
            }
            None => id,
        };
        for id in reachable {
            self.builder.graph.change_references(id, &mut change);
        }
        for root in &mut self.roots {
            *root = change(*root);
        }
        self.builder.graph.indexes.forget_all();
        self.changed();
        Ok(count)
    }

    fn object(&self, id: Id) -> Result<()> {
        self.builder.check(&[id])?;
        match self.builder.graph.raw(id).tag() {
            Tag::Object => Ok(()),
            _ => Err(self.error(id, "it is made by no call")),
        }
    }

    /// Whether a callable can be spelled where it is to be: INST has a name in the opcode.
    fn fits(&self, object: Id, callable: Id) -> Result<()> {
        let is_inst = self.at(object).constructor() == Some(Constructor::Inst);
        match is_inst && self.at(callable).global().is_none() {
            true => Err(self.error(object, "its class must be given by name")),
            false => Ok(()),
        }
    }
}
