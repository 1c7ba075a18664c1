//! Strategies of proptest: pickles and what is in them, for harnesses of programs that read or write such.
//!
//! | strategy | gives |
//! |---|---|
//! | [`streams`] | bytes of a pickle, of any of the 68 opcodes, which CPython loads where it is given what it asks for |
//! | [`mutated_streams`] | such bytes, broken in some places |
//! | [`documents`] | a [`Pickle`](crate::Pickle) whose values share others and hold themselves |
//! | [`values`] | a [`Value`](crate::Value), arrays among its parts |
//! | [`dtypes`], [`arrays`] | every dtype whose elements are bytes; arrays of them in every layout |
//! | [`arrays_of`] | arrays of ndarray, of a Rust type |
//! | [`flavours`] | for whom a pickle is written: protocol, Python and NumPy |
//!
//! What is found shrinks: streams to fewer and simpler opcodes, values to smaller ones. Nothing here needs a Python.
//!
//! # Examples
//!
//! A harness of a program that has `ndpickle` with the feature `proptest1` among its dependencies, to be pasted into
//! `tests/pickles.rs`. The first property is that of a reader: what is broken is refused, and nothing panics. The second is that of
//! a writer: what was written is read as it was.
//!
//! ```
//! use ndpickle::proptest::prelude::*;
//! use ndpickle::{Builder, Pickle, Value, strategy, write};
//!
//! proptest! {
//! #    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]
//!     # /*
//!     #[test]
//!     # */
//!     fn whatever_is_read_is_written_as_it_was(bytes in strategy::mutated_streams()) {
//!         let Ok(pickle) = Pickle::parse(&bytes) else { return Ok(()) };
//!         // Out-of-band buffers may stand in an order that cannot be kept.
//!         let Ok(written) = write::Options::new().to_vec(&pickle) else { return Ok(()) };
//!         let again = Pickle::parse(&written)?;
//!         prop_assert_eq!(&write::Options::new().to_vec(&again)?, &written);
//!     }
//!
//!     # /*
//!     #[test]
//!     # */
//!     fn values_come_back(value in strategy::values(), flavour in strategy::flavours()) {
//!         let bytes = write::Options::new().to_vec(&value.to_pickle(flavour)?)?;
//!         prop_assert_eq!(Value::from_node(Pickle::parse(&bytes)?.root())?, value);
//!     }
//!
//!     # /*
//!     #[test]
//!     # */
//!     fn arrays_come_back(array in strategy::arrays_of::<i32>(), flavour in strategy::flavours()) {
//!         let mut builder = Builder::new(flavour);
//!         let root = builder.array(&array)?;
//!         let bytes = write::Options::new().to_vec(&builder.finish(root)?)?;
//!         prop_assert_eq!(Pickle::parse(&bytes)?.root().array()?.to_array::<i32, _>()?, array);
//!     }
//! }
//! # whatever_is_read_is_written_as_it_was();
//! # values_come_back();
//! # arrays_come_back();
//! ```

mod array;
mod document;
mod dtype;
mod mutation;
mod phrase;
mod stack;
mod stream;
mod value;

use proptest::prelude::*;
use proptest::sample::select;

pub use array::{arrays, arrays_of};
pub use document::documents;
pub use dtype::dtypes;
pub use mutation::mutated_streams;
pub use stream::streams;
pub use value::values;

use crate::graph::{Flavour, Version};

/// For whom a pickle is written: a protocol with a Python and a NumPy that have it, or [compat](Flavour::compat). Shrinks towards
/// protocol 0 of the newest.
pub fn flavours() -> impl Strategy<Value = Flavour> {
    let versions = vec![
        (Version::NEWEST, Version::NEWEST),
        (Version::new(3, 12, 0), Version::new(2, 3, 0)),
        (Version::new(3, 11, 0), Version::new(2, 0, 0)),
        (Version::new(3, 9, 0), Version::new(1, 26, 4)),
        (Version::new(3, 7, 0), Version::new(1, 17, 5)),
        (Version::new(3, 6, 0), Version::new(1, 11, 3)),
    ];
    (select(versions), 0..=5u8, any::<bool>()).prop_map(|((python, numpy), protocol, is_compat)| {
        let protocol = protocol.min(Flavour::highest_protocol(python));
        let flavour = match is_compat {
            true => Flavour::compat(protocol, python),
            false => Flavour::new(protocol, python, numpy),
        };
        // OK because each pair of versions was released together.
        flavour.expect("versions that fit")
    })
}
