//! Classes and functions: the names that the versions give them.

use super::pass::{Pass, Way};
use crate::error::Result;
use crate::graph::{Id, Node};
use crate::names::{Known, Origin, compat};

impl<'p, 'a> Pass<'p, 'a> {
    /// A class or function, by the name that it has for the flavour.
    pub(super) fn global(&mut self, node: Node<'p, 'a>) -> Result<Id> {
        let wrong = || node.error("a name that is not UTF-8");
        let (module, name) = node.global_bytes().ok_or_else(wrong)?;
        let (module, name) = (
            std::str::from_utf8(module).map_err(|_| wrong())?,
            std::str::from_utf8(name).map_err(|_| wrong())?,
        );
        if self.way == Way::Within2 && node.origin() != Some(Origin::NumPy) {
            return self.builder.py2_global(module, name);
        }
        // `find_class` of the unpickler translates below protocol 3.
        let (module, name) = match self.source.protocol {
            0..3 => compat::to_py3(module, name),
            _ => (module, name),
        };
        if node.known() == Known::Ufunc {
            return self.builder.ufunc(name);
        }
        let (new_module, new_name) = self.builder.numpy_name(node.known(), module, name);
        // Which texts are the same object as others stays as it is, but for what NumPy has in C, and the names of its modules:
        // its versions differ there.
        let known = node.known();
        let is_numpy = node.origin() == Some(Origin::NumPy);
        let keeps_texts = self.protocol() >= 4 && !(is_numpy && known.is_native());
        let Some([own_module, own_name]) = node.texts().filter(|_| keeps_texts) else {
            return self.builder.global(&new_module, new_name);
        };
        let keeps_module = !is_numpy || known == Known::UserScalarType;
        let module = match keeps_module && new_module == module {
            true => self.of(own_module)?,
            false => self.builder.module(&new_module)?,
        };
        let name = match new_name == name {
            true => self.of(own_name)?,
            false => self.builder.wtf8(new_name.as_bytes())?,
        };
        let id = self.builder.named(module, name, known)?;
        self.builder.know_global(&new_module, new_name, module, id);
        Ok(id)
    }
}
