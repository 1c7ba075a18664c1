//! Trees.

use num_bigint::BigInt;
use num_complex::Complex64;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::array::arrays;
use crate::graph::{Constructor, Global};
use crate::value::{Object, ObjectArray, Value};

/// Values of all types that every protocol has: not [`Value::Persistent`] (there is none in protocol 0) nor [`Value::Extension`] (from
/// protocol 2 on). Keys of dicts and elements of sets are hashable; classes are data types of Python's own. Floats that are NaN are the
/// one that protocol 0 has. Shrinks towards `None`.
pub fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        6 => keys(),
        1 => vec(any::<u8>(), 0..40).prop_map(Value::ByteArray),
        1 => arrays().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 60, 6, |inner| {
        let pairs = || vec((keys(), inner.clone()), 0..5);
        prop_oneof![
            3 => vec(inner.clone(), 0..6).prop_map(Value::List),
            2 => vec(inner.clone(), 0..6).prop_map(Value::Tuple),
            3 => pairs().prop_map(Value::Dict),
            1 => vec(keys(), 0..5).prop_map(Value::Set),
            1 => vec(inner.clone(), 0..7).prop_map(object_array),
            2 => (objects(), vec(inner.clone(), 0..3), pairs()).prop_map(|(made, rest, pairs)| given(made, rest, pairs)),
        ]
    })
}

/// Values that can be keys.
fn keys() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::None),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Int),
        (-300..300i64).prop_map(Value::Int),
        // In some of the lengths from 9 bytes on the highest one is a sign.
        vec(any::<u8>(), 9..40).prop_map(|bytes| BigInt::from_signed_bytes_le(&bytes).into()),
        floats().prop_map(Value::Float),
        (floats(), floats()).prop_map(|(re, im)| Value::Complex(Complex64::new(re, im))),
        any::<String>().prop_map(Value::Str),
        "[a-z]{0,3}".prop_map(Value::Str),
        vec(any::<u8>(), 0..6).prop_map(with_surrogate),
        prop_oneof![
            any::<String>().prop_map(|text| Value::Py2Str(text.into())),
            vec(any::<u8>(), 0..40).prop_map(Value::Py2Str),
        ],
        vec(any::<u8>(), 0..40).prop_map(Value::Bytes),
        classes().prop_map(|(module, name)| global(module, name)),
    ];
    leaf.prop_recursive(3, 8, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::Tuple),
            vec(inner, 0..4).prop_map(Value::FrozenSet),
        ]
    })
}

fn floats() -> impl Strategy<Value = f64> {
    let any = prop_oneof![
        any::<f64>(),
        proptest::num::f64::ANY,
        (-8..8i32).prop_map(f64::from)
    ];
    any.prop_map(|value| if value.is_nan() { f64::NAN } else { value })
}

/// A text with a surrogate at its end.
fn with_surrogate(text: Vec<u8>) -> Value {
    let mut bytes: Vec<u8> = text.into_iter().map(|byte| byte & 0x7f).collect();
    bytes.extend(b"\xed\xa0\x80");
    Value::SurrogateStr(bytes)
}

fn classes() -> impl Strategy<Value = (&'static str, &'static str)> {
    select(vec![
        ("builtins", "int"),
        ("collections", "OrderedDict"),
        ("datetime", "date"),
        ("argparse", "Namespace"),
    ])
}

fn global(module: &'static str, name: &'static str) -> Value {
    let (module, name) = (module.into(), name.into());
    Value::Global(Box::new(Global { module, name }))
}

/// How an object is made that takes a state, items, or pairs.
#[derive(Clone, Copy, Debug)]
enum Made {
    /// `Namespace.__new__(Namespace)`, with attributes.
    Instance,
    /// The same by NEWOBJ_EX.
    Kwargs,
    /// `OrderedDict()`, with pairs.
    OrderedDict,
    /// `deque()`, with items.
    Deque,
}

fn objects() -> impl Strategy<Value = Made> {
    select(vec![
        Made::Instance,
        Made::Kwargs,
        Made::OrderedDict,
        Made::Deque,
    ])
}

/// An object that is given what it takes of these.
fn given(made: Made, items: Vec<Value>, pairs: Vec<(Value, Value)>) -> Value {
    let class = |module, name| global(module, name);
    let attributes = |pairs: Vec<(Value, Value)>| {
        let named = pairs.into_iter().enumerate();
        named
            .map(|(n, (_, value))| (Value::Str(format!("a{n}")), value))
            .collect()
    };
    let namespace = class("argparse", "Namespace");
    Value::from(match made {
        Made::Instance => Object {
            states: vec![Value::Dict(attributes(pairs))],
            ..Object::new(Constructor::NewObj, namespace, items)
        },
        Made::Kwargs => Object {
            kwargs: attributes(pairs),
            ..Object::new(Constructor::NewObjEx, namespace, items)
        },
        Made::OrderedDict => Object {
            pairs,
            ..Object::new(
                Constructor::Reduce,
                class("collections", "OrderedDict"),
                vec![],
            )
        },
        Made::Deque => Object {
            items,
            ..Object::new(Constructor::Reduce, class("collections", "deque"), vec![])
        },
    })
}

/// An array of objects, of two axes where their number is even.
fn object_array(items: Vec<Value>) -> Value {
    let shape = match items.len() {
        len if len % 2 == 0 => vec![2, len / 2],
        len => vec![len],
    };
    // OK because it is a dtype.
    let dtype = "|O8".parse().expect("object");
    Value::Objects(Box::new(ObjectArray {
        dtype,
        shape,
        items,
    }))
}
