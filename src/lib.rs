//! The pickle codec for NumPy arrays.
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod error;
mod graph;
mod limits;
mod names;
pub mod numpy;
pub mod op;
mod payload;
mod read;
mod repr;
pub mod write;

pub use error::{Category, Error, ErrorKind, Result};
pub use graph::*;
pub use limits::Limits;
pub use names::Origin;
pub use numpy::NdArray;
pub use payload::{Payload, ReadAt, SharedBytes, Stream};
pub use read::{Buffer, Built, Options, Pickles};
