#![doc = include_str!("../README.md")]
//!
//! # The way of the data
//!
//! Bytes become opcodes ([`op`]), opcodes become a graph ([`Pickle`], [`Node`]), nodes become arrays ([`numpy`], [`NdArray`]) and
//! everyday objects ([`python`], [`Node::python`]); and back ([`mod@write`]), for other versions by way of a graph that is spelled as
//! theirs ([`Pickle::respell`]), or changed where it is ([`Pickle::edit`]). Imports go one way, from the later to the earlier; a
//! test holds it. The [`guide`] shows what each type of Python is here.
#![cfg_attr(docsrs, feature(doc_cfg))]
#![forbid(unsafe_code)]

mod edit;
mod error;
mod graph;
pub mod guide;
mod limits;
mod names;
pub mod numpy;
pub mod op;
mod payload;
pub mod python;
mod read;
mod recode;
mod repr;
mod respell;
#[cfg(feature = "proptest1")]
#[cfg_attr(docsrs, doc(cfg(feature = "proptest1")))]
pub mod strategy;
#[cfg(feature = "serde")]
pub mod typed;
pub mod value;
pub mod write;

// Types of other crates that stand in signatures.
pub use bytemuck;
pub use half;
pub use ndarray;
pub use num_bigint;
pub use num_complex;
#[cfg(feature = "proptest1")]
pub use proptest;
#[cfg(feature = "serde-pickle")]
pub use serde_pickle;
pub use zerocopy;

pub use edit::Edit;
pub use error::{Category, Error, ErrorKind, Result};
pub use graph::*;
pub use limits::Limits;
pub use names::Origin;
pub use numpy::NdArray;
pub use payload::{Buffer, Payload, ReadAt, SharedBytes, Stream};
pub use read::{Built, Options, Pickles};
#[cfg(feature = "serde")]
pub use typed::{
    array, big_int, complex, entries, from_node, from_path, from_reader, from_slice, set, to_graph,
    to_vec, to_writer,
};
pub use value::Value;
