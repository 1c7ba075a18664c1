//! What a node is to serde: a sequence, a mapping, or something of one piece.

use num_complex::Complex64;

use super::context::Context;
use super::items::{Items, Nodes, Pairs, Place};
use super::text::shown;
use crate::error::Result;
use crate::graph::{Kind, Node};
use crate::python::{Bytes, Instance, View};

/// What a node is to serde, but for numbers and texts.
pub(super) enum Shape<'p, 'a> {
    Seq(Items<'p, 'a>),
    Map(Pairs<'p, 'a>),
    Bytes(Bytes<'a>),
    Array,
    Complex(Complex64),
    /// What has a text: see [`text`](super::text).
    Text(View<'p, 'a>),
    /// An instance of a subclass of a builtin type: that value.
    Value(Node<'p, 'a>),
    /// Nothing that serde has a form for.
    Other,
}

/// Which of its sides an object shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// The first it has of entries, items, attributes and arguments.
    Any,
    /// Items or arguments.
    Seq,
    /// Entries, else attributes.
    Map,
    /// Entries, else attributes or arguments.
    Struct,
}

impl<'p, 'a> Shape<'p, 'a> {
    #[inline]
    pub(super) fn of(context: &mut Context, node: Node<'p, 'a>, side: Side) -> Result<Self> {
        Ok(match node.kind() {
            Kind::List | Kind::Tuple => {
                Shape::Seq(Items::new(Nodes::Items(node.items()), Place::Index))
            }
            Kind::Set | Kind::FrozenSet => {
                Shape::Seq(Items::new(Nodes::Items(node.items()), Place::Element))
            }
            Kind::Dict => Shape::Map(Pairs::stored(node, false)),
            Kind::Bytes | Kind::ByteArray => Shape::Bytes(node.bytes()?),
            Kind::Object => {
                context.charge(node, cost(node))?;
                Shape::of_object(node, side)?
            }
            _ => Shape::Other,
        })
    }

    fn of_object(node: Node<'p, 'a>, side: Side) -> Result<Self> {
        if node.array_kind().is_some() {
            return Ok(Shape::Array);
        }
        Ok(match node.python() {
            Some(View::Complex(complex)) => Shape::Complex(complex.0),
            Some(View::Bytes(bytes) | View::ByteArray(bytes)) => Shape::Bytes(bytes),
            Some(View::Sequence(sequence)) => {
                Shape::Seq(Items::new(Nodes::Elements(sequence.items()), Place::Item))
            }
            Some(View::Set(set)) => {
                Shape::Seq(Items::new(Nodes::Elements(set.items()), Place::Element))
            }
            Some(View::Mapping(mapping)) => {
                // What only has entries set in it has them all in one place.
                match mapping.len() == node.pairs().size_hint().0 {
                    true => Shape::Map(Pairs::stored(node, false)),
                    false => Shape::Map(Pairs::merged(mapping.entries(), false)),
                }
            }
            Some(View::Instance(instance) | View::Exception(instance)) => {
                Shape::of_instance(instance, side)
            }
            Some(view) if shown(&view).is_some() => Shape::Text(view),
            _ => Shape::Other,
        })
    }

    /// An object of a class that is known by its name alone. Of a call nobody knows what it gives, but for the attributes that
    /// were set then.
    fn of_instance(instance: Instance<'p, 'a>, side: Side) -> Self {
        let attributes = || Pairs::of_attributes(instance);
        let entries = || {
            let entries = Pairs::merged(instance.entries(), false);
            (entries.len() > 0).then_some(Shape::Map(entries))
        };
        let items = || {
            let items = Items::new(Nodes::Elements(instance.items()), Place::Item);
            (items.len() > 0).then_some(Shape::Seq(items))
        };
        let args = || {
            if instance.is_call() {
                return None;
            }
            let value = instance.value();
            if let Some(value) = value.filter(|value| value.kind() == Kind::Tuple) {
                return Some(Shape::Seq(Items::new(
                    Nodes::Items(value.items()),
                    Place::Arg,
                )));
            }
            let args: Vec<_> = instance.args().collect();
            (!args.is_empty())
                .then(|| Shape::Seq(Items::new(Nodes::Listed(args.into_iter()), Place::Arg)))
        };
        let map = || attributes().map(Shape::Map);
        let found = match side {
            Side::Any => entries()
                .or_else(items)
                .or_else(map)
                .or_else(|| builtin(instance).map(Shape::Value))
                .or_else(args),
            Side::Seq => items().or_else(args),
            Side::Map => entries().or_else(map),
            Side::Struct => entries().or_else(map).or_else(args),
        };
        match (found, side) {
            (Some(shape), _) => shape,
            // An instance that was given nothing has no attributes and no items.
            (None, Side::Seq) if is_bare(instance) && attributes().is_none() => Shape::Seq(
                Items::new(Nodes::Listed(Vec::new().into_iter()), Place::Item),
            ),
            (None, _) if is_bare(instance) => Shape::Map(Pairs::none()),
            (None, _) => Shape::Other,
        }
    }
}

/// Whether an instance is of its class alone: no arguments, items, entries, or state that only the class understands.
fn is_bare(instance: Instance<'_, '_>) -> bool {
    let has_args = instance.args().next().is_some() || instance.kwargs().next().is_some();
    let is_empty = |value: Node<'_, '_>| {
        matches!(value.kind(), Kind::List | Kind::Dict | Kind::Tuple) && value.is_empty()
    };
    let has_value = instance.value().is_some_and(|value| !is_empty(value));
    let has_parts = instance.items().len() > 0 || instance.entries().len() > 0;
    !(instance.is_call() || has_args || has_value || has_parts || instance.state().is_some())
}

/// What it costs to see what an object is: its states and arguments are looked at, though little of them may be left.
fn cost(node: Node<'_, '_>) -> u64 {
    let of_one =
        |part: Node<'_, '_>| 1 + part.len() as u64 + part.byte_len().unwrap_or_default() / 16;
    let of_all = |part: Node<'_, '_>| {
        let (_, parts) = part.first_items::<3>();
        of_one(part) + parts.into_iter().flatten().map(of_one).sum::<u64>()
    };
    let states: u64 = node.states().map(of_all).sum();
    let own = node.items().size_hint().0 + node.pairs().size_hint().0;
    states + own as u64 + node.args().map_or(0, of_all)
}

/// The number, text or bytes that an instance of a subclass of a builtin type is.
fn builtin<'p, 'a>(instance: Instance<'p, 'a>) -> Option<Node<'p, 'a>> {
    if instance.is_call() {
        return None;
    }
    let mut args = instance.args();
    let value = match instance.value() {
        Some(value) => value,
        None => args.next().filter(|_| args.next().is_none())?,
    };
    let is_plain = match value.kind() {
        Kind::Bool | Kind::Int | Kind::Float | Kind::Str | Kind::Py2Str | Kind::Bytes => true,
        // Protocols 0 to 2 spell bytes as a call.
        Kind::Object => matches!(value.python(), Some(View::Bytes(_))),
        _ => false,
    };
    is_plain.then_some(value)
}

/// The value of an instance of a subclass of int, float, str or bytes; the node itself of others.
pub(super) fn plain<'p, 'a>(node: Node<'p, 'a>) -> Node<'p, 'a> {
    if node.kind() != Kind::Object || node.array_kind().is_some() {
        return node;
    }
    match node.python() {
        Some(View::Instance(instance)) => builtin(instance).unwrap_or(node),
        _ => node,
    }
}
