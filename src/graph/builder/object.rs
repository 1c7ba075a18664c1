//! Objects: calls, instances of classes, and their states.

use super::super::object::Constructor;
use super::super::raw::{Id, Raw, Tag};
use num_complex::Complex;

use super::Builder;
use crate::error::{Error, Result};

impl Builder<'_> {
    /// What a call of `callable` gives, and the state that it is given then: REDUCE and BUILD, as of a `__reduce__`.
    ///
    /// # Errors
    ///
    /// Category `Limit`.
    pub fn call(&mut self, callable: Id, args: &[Id], state: Option<Id>) -> Result<Id> {
        let args = self.temporary_tuple(args)?;
        let id = self.object(Constructor::Reduce, callable, args)?;
        if let Some(state) = state {
            self.build(id, state)?;
        }
        Ok(id)
    }

    /// A complex number.
    ///
    /// # Errors
    ///
    /// Category `Limit`.
    pub fn complex(&mut self, value: Complex<f64>) -> Result<Id> {
        let callable = self.global("builtins", "complex")?;
        let parts = [self.float(value.re)?, self.float(value.im)?];
        self.call(callable, &parts, None)
    }

    /// A `collections.OrderedDict` of these keys and values, in this order.
    ///
    /// # Errors
    ///
    /// Category `Limit`.
    pub fn ordered_dict(&mut self, pairs: &[(Id, Id)]) -> Result<Id> {
        let callable = self.global("collections", "OrderedDict")?;
        let id = self.call(callable, &[], None)?;
        self.set_items(id, pairs)?;
        Ok(id)
    }

    /// An instance of a class of Python, as `object.__reduce_ex__` spells it: `class.__new__(class, *args)` (mostly without
    /// `args`), and its state (mostly a dict of its attributes). See [`global`](Builder::global) for the class.
    ///
    /// # Errors
    ///
    /// Category `Limit`.
    pub fn instance(&mut self, class: Id, args: &[Id], state: Option<Id>) -> Result<Id> {
        let id = self.object(Constructor::NewObj, class, Id::EMPTY_TUPLE)?;
        self.fill_instance(id, class, args)?;
        if let Some(state) = state {
            self.build(id, state)?;
        }
        Ok(id)
    }

    /// Gives an object, made without parts, its class and the arguments of `__new__`, in the spelling of the protocol
    /// (`copyreg._reduce_ex` below 2, where there is no NEWOBJ).
    pub(crate) fn fill_instance(&mut self, id: Id, class: Id, args: &[Id]) -> Result<()> {
        if self.protocol() >= 2 {
            let args = self.temporary_tuple(args)?;
            self.graph.fill_object(id, class, args);
            self.graph.set_aux(id, Constructor::NewObj as u8);
            return Ok(());
        }
        let (name, args) = match args.is_empty() {
            true => {
                let object = self.global("builtins", "object")?;
                ("_reconstructor", vec![class, object, Id::NONE])
            }
            false => ("__newobj__", [&[class], args].concat()),
        };
        let callable = self.global("copyreg", name)?;
        let args = self.temporary_tuple(&args)?;
        self.graph.fill_object(id, callable, args);
        self.graph.set_aux(id, Constructor::Reduce as u8);
        Ok(())
    }

    /// Gives an object a state, after those that it has.
    ///
    /// # Errors
    ///
    /// Category `Limit`; `Syntax` for what is no object.
    pub fn build(&mut self, object: Id, state: Id) -> Result<()> {
        self.check(&[object, state])?;
        self.graph.touch(object);
        self.graph.build(object, state)
    }

    /// A persistent id: what [`persistent_id`](https://docs.python.org/3/library/pickle.html#pickle.Pickler.persistent_id)
    /// gives for an object that is stored elsewhere.
    ///
    /// # Errors
    ///
    /// Category `Limit`; `Unsupported` in protocol 0, which has room for lines only.
    pub fn persistent(&mut self, pid: Id) -> Result<Id> {
        if self.protocol() == 0 {
            return Err(Error::unsupported("persistent ids of protocol 0"));
        }
        self.check(&[pid])?;
        let raw = Raw::new(Tag::BinPersId, 0, 0, u64::from(pid.0));
        self.graph.push(raw)
    }

    /// An object whose parts are given later.
    pub(crate) fn object_to_fill(&mut self) -> Result<Id> {
        self.object(Constructor::Reduce, Id::NONE, Id::EMPTY_TUPLE)
    }

    /// A tuple that nothing refers to besides what it is made for.
    pub(crate) fn temporary_tuple(&mut self, items: &[Id]) -> Result<Id> {
        let id = self.tuple(items)?;
        self.temporary(id);
        Ok(id)
    }

    /// Lengths of axes, or their numbers: a tuple of ints.
    pub(crate) fn lens(&mut self, lens: &[usize]) -> Result<Id> {
        let lens: Result<Vec<Id>> = lens.iter().map(|len| self.int(*len as i64)).collect();
        self.temporary_tuple(&lens?)
    }

    pub(crate) fn object(&mut self, made: Constructor, callable: Id, args: Id) -> Result<Id> {
        self.check(&[callable, args])?;
        let id = self.graph.object(made, callable, args, 0)?;
        self.graph.memoise(id);
        Ok(id)
    }

    /// Tells that nothing else refers to what was made: the C pickler of Python 2 puts no such thing in its memo (`put` in
    /// `cPickle.c`).
    pub(crate) fn temporary(&mut self, id: Id) {
        if self.is_py2() {
            self.graph.forget(id);
        }
    }
}
