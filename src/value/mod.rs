//! An owned, ordinary tree: [`Value`], how it is made of a node, and the parts of its objects.

// For the next maintainer. Trees are as deep as an input is long, and so nothing here recurses: what a value holds is listed by
// `Value::part` and put together again by `Shape`; copying, writing and the bridges to other trees are folds over that list. A new
// variant with parts goes into `shape.rs`, and the rest follows.

mod access;
mod build;
mod children;
mod fold;
mod node;
mod object;
mod options;
mod parts;
#[cfg(feature = "serde-pickle")]
mod peer;
mod shape;
mod show;
mod whole;

use num_bigint::BigInt;
use num_complex::Complex64;

pub use object::{Object, ObjectArray};
pub use options::Options;

use crate::graph::Global;
use crate::numpy::NdArray;

/// A value of Python as a tree of its own: it borrows neither the document nor the input.
///
/// A [`Pickle`](crate::Pickle) is the better form for most: it copies nothing, knows what is shared and may have cycles. This is
/// for what outlives its input, is taken apart with `match`, or is made piece by piece. What a document shares is a copy in each
/// place here, within a budget: see [`Options`]. A cycle is an error.
///
/// Types are those of Python, however the pickle spells them: sets and bytes of old protocols are no calls, classes have their
/// names of Python 3. Objects that are more than that ([`OrderedDict`](https://docs.python.org/3/library/collections.html), dates,
/// instances) are [`Object`]s. A long of Python 2 is an int. Where a pickle calls for a class (a nested one below protocol 4 is a call of
/// `getattr`), the call is an object too.
///
/// Equal values have the same types, order and bits: NaN equals itself, `0.0` not `-0.0`, and two dicts are different where the
/// order of their entries is. An int is equal in either of its variants; arrays are compared by their class, dtype, shape and
/// elements. Dropping, copying and comparing take no stack, however deep the tree is. Since a value has a `Drop` of its own, its
/// parts are taken out by `std::mem::take` or the `into_…` methods.
///
/// # Examples
///
/// ```
/// use ndpickle::{Flavour, Pickle, Value, Version, write};
/// // {'a': [1, 2.5], 'b': None}
/// let bytes = b"\x80\x04}(\x8c\x01a](K\x01G\x40\x04\0\0\0\0\0\0e\x8c\x01bNu.";
/// let mut value = Value::from_node(Pickle::parse(bytes)?.root())?;
/// assert_eq!(value.get("a").map(Value::items), Some(&[Value::Int(1), Value::Float(2.5)][..]));
///
/// if let Value::Dict(pairs) = &mut value {
///     pairs.push((Value::from("c"), Value::Tuple(vec![Value::from(3), Value::None])));
/// }
/// assert_eq!(format!("{value:?}"), "{'a': [1, 2.5], 'b': None, 'c': (3, None)}");
/// let pickle = value.to_pickle(Flavour::new(4, Version::NEWEST, Version::NEWEST)?)?;
/// # let bytes = write::Options::new().to_vec(&pickle)?;
/// # assert_eq!(Value::from_node(Pickle::parse(&bytes)?.root())?, value);
/// # Ok::<(), ndpickle::Error>(())
/// ```
#[derive(Default)]
pub enum Value {
    /// `None`.
    #[default]
    None,
    /// A bool.
    Bool(bool),
    /// An int of up to 64 bits.
    Int(i64),
    /// An int of any size; one that is read is beyond 64 bits.
    BigInt(BigInt),
    /// A float.
    Float(f64),
    /// A complex.
    Complex(Complex64),
    /// A str, or a unicode of Python 2.
    Str(String),
    /// A str that holds surrogates, in UTF-8 as of Python's error handler `surrogatepass`.
    SurrogateStr(Vec<u8>),
    /// A str of Python 2: bytes that may be text.
    Py2Str(Vec<u8>),
    /// A bytes object.
    Bytes(Vec<u8>),
    /// A bytearray.
    ByteArray(Vec<u8>),
    /// A tuple.
    Tuple(Vec<Value>),
    /// A list.
    List(Vec<Value>),
    /// A dict, its keys and values in order; a pickle may have a key more than once.
    Dict(Vec<(Value, Value)>),
    /// A set, its elements in stored order.
    Set(Vec<Value>),
    /// A frozenset, its elements in stored order.
    FrozenSet(Vec<Value>),
    /// An array or scalar of NumPy whose elements are bytes.
    Array(Box<NdArray<'static>>),
    /// An array of Python objects.
    Objects(Box<ObjectArray>),
    /// A class or function, by its name in Python 3.
    Global(Box<Global<'static>>),
    /// Anything made by calling something.
    Object(Box<Object>),
    /// An object outside of the pickle, by its persistent id.
    Persistent(Box<Value>),
    /// An object of the extension registry, by its code.
    Extension(i32),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_takes_32_bytes() {
        assert_eq!(size_of::<Value>(), 32);
    }
}
