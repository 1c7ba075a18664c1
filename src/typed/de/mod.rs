//! Nodes become values of Rust.
//!
//! For the next maintainer. serde recurses by nature: [`Context`] counts the levels, remembers which nodes the run is in, and
//! pays for what is looked at. Paths of errors are made on the way out, a step at each container, and cost nothing where there
//! is no error. A node is classified once, in `shape`; everything else asks for the side that it needs.

mod access;
mod array;
mod block;
mod context;
mod element;
mod found;
mod instance;
mod items;
mod node;
mod number;
mod object;
mod shape;
mod text;

use std::io::BufRead;
use std::path::Path;

use serde::Deserialize;
use serde::de::{DeserializeOwned, Visitor};

use self::context::Context;
use self::node::At;
use crate::error::{Category, Error, Result};
use crate::graph::{Node, Pickle};

/// A node of a document for serde, with options.
///
/// [`from_slice`], [`from_reader`], [`from_path`] and [`from_node`] do without options. See the [guide](crate::guide::typed) for
/// which type of Python becomes which of Rust.
///
/// # Examples
///
/// ```
/// use ndpickle::{Pickle, typed::Deserializer};
/// use serde::Deserialize;
/// // numpy.arange(3.0) in protocol 4
/// # let bytes = std::fs::read("corpus/files/py313-np2.5.5/array_i4.p4.pkl").expect("a file");
/// let pickle = Pickle::parse(&bytes)?;
/// let exact = ndarray::ArrayD::<f64>::deserialize(Deserializer::new(pickle.root()));
/// assert!(exact.is_err());
/// let converted = ndarray::ArrayD::<f64>::deserialize(Deserializer::new(pickle.root()).cast(true))?;
/// # assert!(converted.iter().all(|value| value.fract() == 0.0));
/// # Ok::<(), ndpickle::Error>(())
/// ```
#[derive(Debug)]
pub struct Deserializer<'p, 'a> {
    node: Node<'p, 'a>,
    context: Context,
}

impl<'p, 'a> Deserializer<'p, 'a> {
    /// The node with the default options.
    pub fn new(node: Node<'p, 'a>) -> Self {
        Deserializer {
            node,
            context: Context::new(),
        }
    }

    /// Whether arrays are converted to the element type that is asked for, as [`NdArray::cast`](crate::NdArray::cast) does. Default: no. An array then has exactly that dtype, in any byte order and layout, and lists and numbers take
    /// what fits without loss.
    pub fn cast(mut self, cast: bool) -> Self {
        self.context.cast = cast;
        self
    }

    /// How deep containers may be in each other. serde recurses, so that this bounds the stack. Default: 128, as in serde_json;
    /// a thread of 2 MiB takes about ten times that.
    pub fn depth(mut self, depth: usize) -> Self {
        self.context.depth = depth;
        self
    }

    /// How often the document may be read, on average, where objects are in several places: 300 bytes of a pickle may hold
    /// lists of lists of 10^9 items. Default: 32 times its nodes, references and bytes, and a million nodes besides.
    pub fn expansion(mut self, times: u64) -> Self {
        self.context.expansion = times;
        self
    }

    fn run<R>(mut self, read: impl FnOnce(At<'_, 'p, 'a>) -> Result<R>) -> Result<R> {
        let result = read(At::new(&mut self.context, self.node));
        result.map_err(|error| match error.category() {
            Category::Data => error.in_path(String::new),
            _ => error,
        })
    }
}

macro_rules! forward {
    ($($method:ident($($arg:ident: $type:ty),*))*) => {$(
        fn $method<V: Visitor<'de>>(self, $($arg: $type,)* visitor: V) -> Result<V::Value> {
            self.run(|node| node.$method($($arg,)* visitor))
        }
    )*};
}

impl<'de> serde::Deserializer<'de> for Deserializer<'_, 'de> {
    type Error = Error;

    forward! {
        deserialize_any() deserialize_bool() deserialize_i8() deserialize_i16() deserialize_i32() deserialize_i64()
        deserialize_i128() deserialize_u8() deserialize_u16() deserialize_u32() deserialize_u64() deserialize_u128()
        deserialize_f32() deserialize_f64() deserialize_char() deserialize_str() deserialize_string() deserialize_bytes()
        deserialize_byte_buf() deserialize_option() deserialize_unit() deserialize_seq() deserialize_map()
        deserialize_identifier() deserialize_ignored_any() deserialize_unit_struct(name: &'static str)
        deserialize_newtype_struct(name: &'static str) deserialize_tuple(len: usize)
        deserialize_tuple_struct(name: &'static str, len: usize)
        deserialize_struct(name: &'static str, fields: &'static [&'static str])
        deserialize_enum(name: &'static str, variants: &'static [&'static str])
    }
}

/// The value of the pickle at the start of these bytes. Texts and bytes may be borrowed from them, and arrays as
/// [`CowArray`](ndarray::CowArray): see [`array`](mod@crate::array).
///
/// # Errors
///
/// Those of [`Pickle::parse`], and category `Data` with a [path](Error::path) where the value is not what the type asks for,
/// contains itself, or has no form in serde; `Limit` where it is too deep or shared too often: see [`Deserializer`].
///
/// # Examples
///
/// ```
/// use ndarray::Array2;
/// use serde::Deserialize;
///
/// #[derive(Deserialize)]
/// struct Layer {
///     name: String,
///     weights: Array2<f32>,
/// }
///
/// # let bytes = {
/// #     #[derive(serde::Serialize)]
/// #     struct Layer { name: &'static str, weights: Array2<f32> }
/// #     ndpickle::to_vec(&Layer { name: "dense", weights: Array2::zeros((3, 4)) })?
/// # };
/// // pickle.dumps({'name': 'dense', 'weights': numpy.zeros((3, 4), 'f4')})
/// let layer: Layer = ndpickle::from_slice(&bytes)?;
/// assert_eq!((layer.name.as_str(), layer.weights.dim()), ("dense", (3, 4)));
/// # Ok::<(), ndpickle::Error>(())
/// ```
pub fn from_slice<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T> {
    from_node(Pickle::parse(bytes)?.root())
}

/// The value of one pickle of a stream, which is left right behind it.
///
/// # Errors
///
/// As [`from_slice`], and category `Io`.
pub fn from_reader<T: DeserializeOwned>(stream: impl BufRead) -> Result<T> {
    from_node(Pickle::read(stream)?.root())
}

/// The value of the pickle at the start of a file. Its large arrays go straight from the file to where they belong.
///
/// # Errors
///
/// As [`from_slice`], and category `Io`.
pub fn from_path<T: DeserializeOwned>(path: impl AsRef<Path>) -> Result<T> {
    from_node(Pickle::open(path)?.root())
}

/// The value of a node of a document. [`Pickle::options`] says how it is read: limits, texts of Python 2, buffers.
///
/// # Errors
///
/// As [`from_slice`], but for those of the bytes; the path begins at the node.
///
/// # Examples
///
/// ```
/// let pickle = ndpickle::Pickle::parse(b"\x80\x04}\x8c\x01a]K\x01as.")?;
/// let list: Vec<u8> = ndpickle::from_node(pickle.root().get("a").expect("there"))?;
/// assert_eq!(list, [1]);
/// # Ok::<(), ndpickle::Error>(())
/// ```
pub fn from_node<'a, T: Deserialize<'a>>(node: Node<'_, 'a>) -> Result<T> {
    T::deserialize(Deserializer::new(node))
}
