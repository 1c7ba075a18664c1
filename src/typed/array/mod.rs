//! Fields that are arrays: `#[serde(with = "ndpickle::array")]`.
//!
//! In a pickle such a field is an array of NumPy whose bytes go from the file to the array, and back, in one piece, where
//! ndarray's own impls take element by element. In other formats it has ndarray's own form, so that JSON looks as ever. The
//! elements are all that [`numpy::Element`](crate::numpy::Element) is, with structured ones; empty arrays keep their dtype, and
//! arrays in F order their order. [`to_writer`](crate::to_writer) and [`to_vec`](crate::to_vec) take large arrays from where they lie;
//! [`to_graph`](crate::to_graph), whose document outlives the value, has a copy, but of an [`ArcArray`](ndarray::ArcArray).
//!
//! Works for [`Array`](ndarray::Array), [`ArcArray`](ndarray::ArcArray), [`CowArray`](ndarray::CowArray) and, to write,
//! [`ArrayView`](ndarray::ArrayView) of any dimension; and for `Option`, `Vec`, `HashMap` and `BTreeMap` of them, also in each
//! other. As with every `with` of serde, an `Option` that may be missing altogether needs `default` besides.
//!
//! # Examples
//!
//! ```
//! use std::collections::BTreeMap;
//! use ndarray::{Array2, CowArray, Ix1};
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Serialize, Deserialize)]
//! struct State<'a> {
//!     #[serde(with = "ndpickle::array")]
//!     weights: BTreeMap<String, Array2<f32>>,
//!     #[serde(borrow, with = "ndpickle::array")]
//!     labels: CowArray<'a, u8, Ix1>, // in place, where the bytes allow it
//! }
//!
//! let state = State {
//!     weights: BTreeMap::from([("dense".into(), Array2::zeros((3, 4)))]),
//!     labels: ndarray::array![1, 2, 3].into(),
//! };
//! let bytes = ndpickle::to_vec(&state)?;
//! let again: State<'_> = ndpickle::from_slice(&bytes)?;
//! assert!(again.labels.is_view());
//! assert_eq!(again.weights, state.weights);
//! # Ok::<(), ndpickle::Error>(())
//! ```

mod read;
mod told;
mod write;

use serde::{Deserializer, Serializer};

pub use read::DeserializeArray;
pub use write::SerializeArray;

/// Writes a field that is, or holds, arrays.
///
/// # Errors
///
/// Those of the format.
pub fn serialize<A: SerializeArray + ?Sized, S: Serializer>(
    field: &A,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    field.serialize_array(serializer)
}

/// Reads a field that is, or holds, arrays.
///
/// # Errors
///
/// Those of the format. In a pickle: category `Data` for what is no array, or one of another dtype or rank. Where numbers are
/// [converted](super::Deserializer::cast), any array of numbers does.
pub fn deserialize<'de, A: DeserializeArray<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<A, D::Error> {
    A::deserialize_array(deserializer)
}
