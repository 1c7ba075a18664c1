//! The names of classes and functions.

use std::borrow::Cow;
use std::fmt;

use crate::names::compat;

/// The module and qualified name of a class or function.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Global<'p> {
    /// The module, such as `collections`.
    pub module: Cow<'p, str>,
    /// The qualified name, such as `OrderedDict`.
    pub name: Cow<'p, str>,
}

impl Global<'_> {
    /// The name that Python 3 has for it where a pickle of this protocol names it: see `_compat_pickle.py` in CPython.
    pub(crate) fn in_python_3(self, protocol: u8) -> Self {
        if protocol > 2 {
            return self;
        }
        match compat::to_py3(&self.module, &self.name) {
            (module, name) if module != self.module || name != self.name => Global {
                module: Cow::Owned(module.to_owned()),
                name: Cow::Owned(name.to_owned()),
            },
            _ => self,
        }
    }
}

impl fmt::Display for Global<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.module, self.name)
    }
}
