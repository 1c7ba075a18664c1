//! Pages for users: what is what, and how to get at it.

#[doc = include_str!("dtypes.md")]
pub mod dtypes {}

#[doc = include_str!("python.md")]
pub mod python {}

#[cfg(feature = "serde")]
#[doc = include_str!("typed.md")]
pub mod typed {}
