//! Classes and functions, by their names.

use super::super::object::Constructor;
use super::super::raw::{Id, Raw, Tag, halves};
use super::{Builder, Single};
use crate::error::{Error, Result};
use crate::names::{Known, compat};

/// Classes in classes whose attributes are spelled one by one.
const NESTED: usize = 64;

impl Builder<'_> {
    /// A class or function by its name in Python 3.
    ///
    /// # Errors
    ///
    /// Category `Limit`.
    pub fn global(&mut self, module: &str, name: &str) -> Result<Id> {
        let key = Single::Global(module.into(), name.into());
        self.single(key, |b| b.fresh_global(module, name))
    }

    fn fresh_global(&mut self, module: &str, name: &str) -> Result<Id> {
        let known = Known::of(module.as_bytes(), name.as_bytes());
        if self.protocol() >= 4 {
            let text = match known {
                // Types of ml_dtypes make the name of their module when they are asked for it.
                Known::UserScalarType => self.fresh_str(module.as_bytes())?,
                _ => self.module(module)?,
            };
            // So do all types that were made in C with their own.
            let name = match name.len() {
                0 | 1 => self.wtf8(name.as_bytes())?,
                _ if known.is_native() && !self.is_made_in_python(known) => {
                    self.fresh_str(name.as_bytes())?
                }
                _ => self.interned(name)?,
            };
            return self.named(text, name, known);
        }
        if name.contains('.') {
            return self.attribute(module, name, known);
        }
        self.simple_global(module, name, known)
    }

    /// A class or function below protocol 4 that is in no other.
    fn simple_global(&mut self, module: &str, name: &str, known: Known) -> Result<Id> {
        let (module, name) = match self.protocol() {
            3 => (module, name),
            _ => compat::to_py2(module, name),
        };
        self.global_line(module, name, known)
    }

    fn global_line(&mut self, module: &str, name: &str, known: Known) -> Result<Id> {
        let line = format!("{module}\n{name}");
        let place = self.graph.store.copy(line.as_bytes())?;
        self.push(Raw::new(Tag::Global, known.aux(), 0, place.0))
    }

    /// A class or function by its name in Python 2.
    pub(crate) fn py2_global(&mut self, module: &str, name: &str) -> Result<Id> {
        let known = Known::of(module.as_bytes(), name.as_bytes());
        self.global_line(module, name, known)
    }

    /// Of these NumPy versions, `numpy.dtype` has the name of a class made in Python.
    fn is_made_in_python(&self, known: Known) -> bool {
        let numpy = self.flavour.numpy;
        known == Known::DType && numpy.is_from(1, 20, 1) && !numpy.is_from(1, 25, 0)
    }

    /// A nested class below protocol 4: an attribute of the class that it is in (`save_global` in `_pickle.c`). Python 3.13 and
    /// later put nothing of it in the memo but the names and the class itself.
    fn attribute(&mut self, module: &str, name: &str, known: Known) -> Result<Id> {
        if name.split('.').count() > NESTED {
            return Err(Error::unsupported(format!(
                "a name of more than {NESTED} parts needs protocol 4"
            )));
        }
        let getattr = self.global("builtins", "getattr")?;
        if !self.flavour.python.is_from(3, 13, 0) {
            let (owner, part) = name.rsplit_once('.').unwrap_or_default();
            let parts = [self.global(module, owner)?, self.wtf8(part.as_bytes())?];
            return self.call(getattr, &parts, None);
        }
        let mut parts = name.split('.');
        let mut owner = self.simple_global(module, parts.next().unwrap_or_default(), known)?;
        for part in parts {
            self.graph.forget(owner);
            let part = self.wtf8(part.as_bytes())?;
            let args = self.tuple(&[owner, part])?;
            self.graph.forget(args);
            owner = self.object(Constructor::Reduce, getattr, args)?;
        }
        Ok(owner)
    }

    /// The name of a module. It is what `import` was told, or a word in a program; NumPy has its own with a dot from texts that
    /// no program's are the same object as.
    pub(crate) fn module(&mut self, module: &str) -> Result<Id> {
        if module == "numpy" {
            return self.wtf8(module.as_bytes());
        }
        let is_own = module.starts_with("numpy.");
        self.single(Single::Module(module.into()), |b| match is_own {
            true => b.fresh_str(module.as_bytes()),
            false => b.interned(module),
        })
    }

    /// Takes a class or function that was made elsewhere, and the text of its module, for those of these names.
    pub(crate) fn know_global(&mut self, module: &str, name: &str, text: Id, id: Id) {
        let global = Single::Global(module.into(), name.into());
        for (single, id) in [(Single::Module(module.into()), text), (global, id)] {
            if self.singles.get(&self.graph, &single).is_none() {
                self.singles.insert(&self.graph, single, id);
            }
        }
    }

    /// A class or function by the texts of its module and name, from protocol 4 on.
    pub(crate) fn named(&mut self, module: Id, name: Id, known: Known) -> Result<Id> {
        let raw = Raw::new(Tag::StackGlobal, known.aux(), 0, halves(module.0, name.0));
        self.push(raw)
    }
}
