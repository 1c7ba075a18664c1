//! The numbers that states are made of, in every spelling that NumPy's setters take.

use ndarray::{Ix1, IxDyn};
use num_bigint::BigInt;

use crate::error::Result;
use crate::graph::{Kind, Node};
use crate::numpy::array::NdArray;
use crate::numpy::dtype::ElementKind;
use crate::numpy::element::Element;
use crate::numpy::kind::ArrayKind;

/// The entry of a dict that must have it.
pub(super) fn entry<'p, 'a>(dict: Node<'p, 'a>, key: &str) -> Result<Node<'p, 'a>> {
    if dict.kind() != Kind::Dict {
        return Err(dict.error("a random state must be a dict"));
    }
    dict.get(key)
        .ok_or_else(|| dict.error(format!("a random state without `{key}`")))
}

/// An int, a bool for an int, or an integer scalar of NumPy.
fn number(node: Node<'_, '_>) -> Option<BigInt> {
    match node.kind() {
        Kind::Int => node.to_bigint(),
        Kind::Bool => node.as_bool().map(BigInt::from),
        Kind::Object if node.array_kind() == Some(ArrayKind::Scalar) => {
            let mut numbers = numbers(&node.array().ok()?).ok()??;
            numbers.pop()
        }
        _ => None,
    }
}

/// The elements of an array of ints; `None` for other elements.
fn numbers(array: &NdArray<'_>) -> Result<Option<Vec<BigInt>>> {
    Ok(match array.dtype().kind() {
        ElementKind::Int => {
            let elements = array.cast::<i64, IxDyn>()?;
            Some(elements.into_iter().map(BigInt::from).collect())
        }
        ElementKind::UInt => {
            let elements = array.cast::<u64, IxDyn>()?;
            Some(elements.into_iter().map(BigInt::from).collect())
        }
        _ => None,
    })
}

/// The int of an entry.
pub(super) fn int<T: TryFrom<BigInt>>(dict: Node<'_, '_>, key: &str) -> Result<T> {
    let node = entry(dict, key)?;
    to_int(node).ok_or_else(|| {
        let bits = 8 * size_of::<T>();
        node.error(format!(
            "`{key}` of a random state must be an int of {bits} bits"
        ))
    })
}

/// An int that fits.
pub(super) fn to_int<T: TryFrom<BigInt>>(node: Node<'_, '_>) -> Option<T> {
    T::try_from(number(node)?).ok()
}

/// A C int that says yes where it is not 0.
pub(super) fn flag(node: Node<'_, '_>) -> Option<bool> {
    to_int::<i32>(node).map(|flag| flag != 0)
}

/// A float, or a number for a float.
pub(super) fn float(node: Node<'_, '_>) -> Option<f64> {
    if let Some(float) = node.as_f64() {
        return Some(float);
    }
    match (node.as_i64(), node.array_kind()) {
        (Some(int), _) => Some(int as f64),
        (None, Some(ArrayKind::Scalar)) => {
            let scalar = node.array().ok()?.cast::<f64, IxDyn>().ok()?;
            scalar.first().copied()
        }
        _ => None,
    }
}

/// The `N` ints of an entry: an array of them, or a list.
pub(super) fn words<T, const N: usize>(dict: Node<'_, '_>, key: &str) -> Result<Box<[T; N]>>
where
    T: Element + TryFrom<BigInt>,
{
    let node = entry(dict, key)?;
    to_words(node)?.ok_or_else(|| {
        let bits = 8 * size_of::<T>();
        node.error(format!(
            "`{key}` of a random state must be {N} ints of {bits} bits"
        ))
    })
}

/// `N` ints that fit: an array of them, or a list. `None` for other nodes.
///
/// # Errors
///
/// Those of an array.
pub(super) fn to_words<T, const N: usize>(node: Node<'_, '_>) -> Result<Option<Box<[T; N]>>>
where
    T: Element + TryFrom<BigInt>,
{
    let words: Option<Vec<T>> = match node.kind() {
        Kind::List | Kind::Tuple if node.len() == N => node.items().map(to_int).collect(),
        Kind::Object => {
            let array = node.array()?;
            if array.shape() != [N] {
                None
            } else if T::check(array.dtype()).is_ok() {
                Some(elements(&array)?)
            } else {
                let fitting = |number| T::try_from(number).ok();
                numbers(&array)?.and_then(|numbers| numbers.into_iter().map(fitting).collect())
            }
        }
        _ => None,
    };
    Ok(words.and_then(|words| words.try_into().ok()))
}

/// The elements of an array of this type and of one axis.
pub(super) fn elements<T: Element>(array: &NdArray<'_>) -> Result<Vec<T>> {
    Ok(array.to_array::<T, Ix1>()?.into_raw_vec_and_offset().0)
}

/// Any number of ints of any size: a list, tuple or array of them. `None` for other nodes.
///
/// # Errors
///
/// Those of an array.
pub(super) fn ints(node: Node<'_, '_>) -> Result<Option<Vec<BigInt>>> {
    // Ints of so many bytes must be objects of their own: an input could name a huge one again and again. No pickler puts
    // an int into its memo, and so each is made after the one before.
    const LONG: u64 = 16;
    match node.kind() {
        Kind::List | Kind::Tuple => {
            let mut last = None;
            let numbers = node.items().map(|item| {
                let is_long = item.byte_len().is_some_and(|len| len >= LONG);
                if is_long
                    && last
                        .replace(item.id())
                        .is_some_and(|last| last >= item.id())
                {
                    return None;
                }
                number(item)
            });
            Ok(numbers.collect())
        }
        Kind::Object if node.array_kind() == Some(ArrayKind::NdArray) => {
            let array = node.array()?;
            match array.shape() {
                [_] => numbers(&array),
                _ => Ok(None),
            }
        }
        _ => Ok(None),
    }
}
