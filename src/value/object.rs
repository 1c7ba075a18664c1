//! What was made by calling something.

use super::Value;
use crate::graph::{Constructor, Global};
use crate::numpy::DType;

/// An object: how it was made, and what it was given then.
///
/// An instance of an ordinary class is [`Constructor::NewObj`] of the class, mostly without arguments, with a dict of its attributes
/// as its only state; in protocols 0 and 1, too, which spell that as a call of `copyreg` that makes the object by `object.__new__` and
/// not by that of its class.
#[derive(Clone, Debug, PartialEq)]
pub struct Object {
    /// How it was made.
    pub constructor: Constructor,
    /// The class, or what was called.
    pub callable: Value,
    /// The positional arguments.
    pub args: Vec<Value>,
    /// The keyword arguments; of [`Constructor::NewObjEx`] alone.
    pub kwargs: Vec<(Value, Value)>,
    /// The states it was given, in order: mostly one, mostly a dict of attributes.
    pub states: Vec<Value>,
    /// The items that were appended, such as those of a `deque`.
    pub items: Vec<Value>,
    /// The keys and values that were set, such as those of an `OrderedDict`.
    pub pairs: Vec<(Value, Value)>,
}

impl Object {
    /// An object of a class or function, with nothing more.
    pub fn new(constructor: Constructor, callable: Value, args: Vec<Value>) -> Object {
        Object {
            constructor,
            callable,
            args,
            kwargs: Vec::new(),
            states: Vec::new(),
            items: Vec::new(),
            pairs: Vec::new(),
        }
    }

    /// The class, or what was called, where it is known by name.
    pub fn class(&self) -> Option<&Global<'static>> {
        match &self.callable {
            Value::Global(global) => Some(global),
            _ => None,
        }
    }

    /// An attribute that a state gives, of several the last one.
    pub fn attribute(&self, name: &str) -> Option<&Value> {
        // A tuple of a dict and one of slots: `load_build` in CPython's `_pickle.c`.
        let dicts = self.states.iter().flat_map(|state| match state {
            Value::Tuple(parts) if parts.len() == 2 => &parts[..],
            state => std::slice::from_ref(state),
        });
        dicts.rev().find_map(|dict| dict.get(name))
    }
}

/// An array of Python objects, or of strings of any length.
#[derive(Clone, Debug, PartialEq)]
pub struct ObjectArray {
    /// The dtype: `O`, `StringDType`, or a structure in which there are objects.
    pub dtype: DType,
    /// Lengths of the axes.
    pub shape: Vec<usize>,
    /// The elements in C order: tuples of the fields where the dtype has some.
    pub items: Vec<Value>,
}
