//! What a value holds, in the one order that all of this module goes by.

use super::parts::{Counts, Parts, in_pairs};
use super::{Object, ObjectArray, Value};
use crate::graph::Constructor;
use crate::numpy::DType;

/// A value without its parts.
#[derive(Debug)]
pub(super) enum Shape {
    Tuple,
    List,
    Dict,
    Set,
    FrozenSet,
    Objects(DType, Vec<usize>),
    Object(Constructor, Counts),
    Persistent,
}

impl Shape {
    /// The shape of a value that has parts, or could have some.
    pub(super) fn of(value: &Value) -> Option<Shape> {
        Some(match value {
            Value::Tuple(_) => Shape::Tuple,
            Value::List(_) => Shape::List,
            Value::Dict(_) => Shape::Dict,
            Value::Set(_) => Shape::Set,
            Value::FrozenSet(_) => Shape::FrozenSet,
            Value::Objects(array) => Shape::Objects(array.dtype.clone(), array.shape.clone()),
            Value::Object(object) => Shape::Object(object.constructor, object.counts()),
            Value::Persistent(_) => Shape::Persistent,
            _ => return None,
        })
    }

    /// The value of this shape that has these parts.
    pub(super) fn assemble(self, parts: Vec<Value>) -> Value {
        match self {
            Shape::Tuple => Value::Tuple(parts),
            Shape::List => Value::List(parts),
            Shape::Dict => Value::Dict(in_pairs(parts.into_iter())),
            Shape::Set => Value::Set(parts),
            Shape::FrozenSet => Value::FrozenSet(parts),
            Shape::Objects(dtype, shape) => Value::Objects(Box::new(ObjectArray {
                dtype,
                shape,
                items: parts,
            })),
            Shape::Object(constructor, counts) => {
                let parts = Parts::new(parts, counts);
                Value::Object(Box::new(Object {
                    constructor,
                    callable: parts.callable.unwrap_or_default(),
                    args: parts.args,
                    kwargs: parts.kwargs,
                    states: parts.states,
                    items: parts.items,
                    pairs: parts.pairs,
                }))
            }
            Shape::Persistent => {
                Value::Persistent(Box::new(parts.into_iter().next().unwrap_or_default()))
            }
        }
    }
}

/// The `n`th of keys and values in turn.
fn of_pairs(pairs: &[(Value, Value)], n: usize) -> Option<&Value> {
    let (key, value) = pairs.get(n / 2)?;
    Some(if n.is_multiple_of(2) { key } else { value })
}

impl Value {
    /// Whether the value can have parts.
    pub(super) fn is_compound(&self) -> bool {
        matches!(
            self,
            Value::Tuple(_)
                | Value::List(_)
                | Value::Dict(_)
                | Value::Set(_)
                | Value::FrozenSet(_)
                | Value::Objects(_)
                | Value::Object(_)
                | Value::Persistent(_)
        )
    }

    /// The `n`th of what the value holds: items; keys and values in turn; of an object callable, arguments, keyword arguments,
    /// states, items, pairs.
    pub(super) fn part(&self, n: usize) -> Option<&Value> {
        match self {
            Value::Tuple(items)
            | Value::List(items)
            | Value::Set(items)
            | Value::FrozenSet(items) => items.get(n),
            Value::Dict(pairs) => of_pairs(pairs, n),
            Value::Objects(array) => array.items.get(n),
            Value::Object(object) => object.part(n),
            Value::Persistent(pid) => (n == 0).then_some(pid),
            _ => None,
        }
    }

    /// Calls `f` with all that the value holds.
    pub(super) fn each_part(&mut self, mut f: impl FnMut(&mut Value)) {
        match self {
            Value::Tuple(items)
            | Value::List(items)
            | Value::Set(items)
            | Value::FrozenSet(items) => items.iter_mut().for_each(f),
            Value::Dict(pairs) => each_of_pairs(pairs, &mut f),
            Value::Objects(array) => array.items.iter_mut().for_each(f),
            Value::Object(object) => {
                f(&mut object.callable);
                object.args.iter_mut().for_each(&mut f);
                each_of_pairs(&mut object.kwargs, &mut f);
                object.states.iter_mut().for_each(&mut f);
                object.items.iter_mut().for_each(&mut f);
                each_of_pairs(&mut object.pairs, &mut f);
            }
            Value::Persistent(pid) => f(pid),
            _ => {}
        }
    }
}

fn each_of_pairs(pairs: &mut [(Value, Value)], f: &mut impl FnMut(&mut Value)) {
    for (key, value) in pairs {
        f(key);
        f(value);
    }
}

impl Object {
    pub(super) fn counts(&self) -> Counts {
        Counts {
            args: self.args.len(),
            kwargs: self.kwargs.len(),
            states: self.states.len(),
            items: self.items.len(),
        }
    }

    fn part(&self, n: usize) -> Option<&Value> {
        let Some(mut n) = n.checked_sub(1) else {
            return Some(&self.callable);
        };
        let lists = [
            (self.args.len(), Ok(&self.args)),
            (2 * self.kwargs.len(), Err(&self.kwargs)),
            (self.states.len(), Ok(&self.states)),
            (self.items.len(), Ok(&self.items)),
            (2 * self.pairs.len(), Err(&self.pairs)),
        ];
        for (len, list) in lists {
            if n < len {
                return match list {
                    Ok(items) => items.get(n),
                    Err(pairs) => of_pairs(pairs, n),
                };
            }
            n -= len;
        }
        None
    }
}
