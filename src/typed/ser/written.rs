//! Values in one call: to a document, to bytes, to a writer.

use std::io;

use serde::Serialize;

use super::contents;
use super::outline::Outline;
use super::{Course, Serializer};
use crate::error::{Error, Result};
use crate::graph::{Builder, Flavour, Id, Pickle, Version};
use crate::write::Pen;

/// The document of a value, for these versions. [`write::Options`](crate::write::Options) without options writes it as it stands.
///
/// # Errors
///
/// As [`Builder::serialize`].
///
/// # Examples
///
/// ```
/// use ndpickle::{Flavour, Version, write};
/// let numpy = "2.5".parse()?;
/// let pickle = ndpickle::to_graph(&ndarray::array![1.0, 2.0], Flavour::new(5, Version::NEWEST, numpy)?)?;
/// let (bytes, buffers) = write::Options::new().to_vec_with_buffers(&pickle)?;
/// assert_eq!((buffers.len(), buffers[0].payload.len()), (1, 16));
/// # let again = ndpickle::Pickle::options().buffers(buffers).parse(&bytes)?;
/// # assert_eq!(ndpickle::from_node::<Vec<f64>>(again.root())?, [1.0, 2.0]);
/// # Ok::<(), ndpickle::Error>(())
/// ```
pub fn to_graph<T: Serialize + ?Sized>(value: &T, flavour: Flavour) -> Result<Pickle<'static>> {
    let mut builder = Builder::new(flavour);
    let root = builder.serialize(value)?;
    builder.finish(root)
}

/// A pickle of a value that every Python from 3.4 and every NumPy from 1.11 on loads: protocol 4. [`to_graph`] takes other
/// versions.
///
/// The value is told to serde once, and once more where it has large arrays ([`to_writer`] says why), or to say at which key of a
/// map an error is.
///
/// # Errors
///
/// As [`Builder::serialize`].
///
/// # Examples
///
/// ```
/// let bytes = ndpickle::to_vec(&ndarray::array![[1.5, 2.5]])?;
/// let array: ndarray::Array2<f64> = ndpickle::from_slice(&bytes)?;
/// assert_eq!(array, ndarray::array![[1.5, 2.5]]);
/// # Ok::<(), ndpickle::Error>(())
/// ```
pub fn to_vec<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>> {
    let outline = outline(value)?;
    if outline.gaps.is_empty() {
        return Ok(outline.bytes);
    }
    let mut bytes = Vec::with_capacity(outline.len());
    contents::fill(outline, value, &mut bytes)?;
    Ok(bytes)
}

/// Writes what [`to_vec`] gives. Large arrays that are fields [`with = "ndpickle::array"`](crate::array) go to the writer as they
/// lie in memory, or in bounded pieces; the value is told to serde twice then, and what it tells must be the same.
///
/// # Errors
///
/// As [`to_vec`], and those of the writer, which may have taken a part of the bytes by then.
pub fn to_writer<T: Serialize + ?Sized>(mut out: impl io::Write, value: &T) -> Result<()> {
    let outline = outline(value)?;
    if outline.gaps.is_empty() {
        return Ok(out.write_all(&outline.bytes)?);
    }
    contents::fill(outline, value, &mut out)
}

/// The pickle of a value, but for the bytes of its large arrays.
fn outline<T: Serialize + ?Sized>(value: &T) -> Result<Outline> {
    let flavour = Flavour::compat(4, Version::NEWEST)?;
    let course = Course::default();
    let mut out = course.later.clone();
    let mut pen = Pen::made(flavour.dialect, &mut out);
    pen.begin()?;
    if let Err(error) = tell(value, flavour, Some(&mut pen), &course) {
        // Only nodes can be looked at again to say of which key it is the value. What cannot be told twice has no such path.
        let again = (course.is_path_lost.get()).then(|| tell(value, flavour, None, &course));
        return Err(match again {
            Some(Err(again)) if again.kind() == error.kind() => again,
            _ => error,
        });
    }
    if course.is_spoiled.get() {
        return Err(Error::data("a part of a value failed, and was passed over"));
    }
    pen.end()?;
    Ok(course.later.take())
}

fn tell<'a, T: Serialize + ?Sized>(
    value: &T,
    flavour: Flavour,
    pen: Option<&mut Pen<'a, 'a>>,
    course: &Course,
) -> Result<Id> {
    let mut builder = Builder::new(flavour);
    value.serialize(Serializer {
        pen,
        course: Some(course),
        ..Serializer::new(&mut builder)
    })
}
