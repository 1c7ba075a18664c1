//! What stands beside ndpickle: serde-pickle, and plain copies as the floor of what a large array can cost.

use std::fs::File;
use std::io::{Read, Write as _};

use serde_pickle::{DeOptions, SerOptions, Value};

use crate::data::Input;
use crate::measure::timed;
use crate::ours::LARGE;
use crate::rows::Prepared;

/// serde-pickle's tree of values.
pub fn parse(input: &Input) -> Prepared<'_> {
    let once = || serde_pickle::value_from_slice(&input.bytes, DeOptions::new());
    once().map_err(brief)?;
    Ok(Box::new(move || timed(once)))
}

/// serde-pickle's tree to bytes, without a memo and in protocol 3, the highest it writes.
pub fn write(input: &Input) -> Prepared<'_> {
    let value: Value =
        serde_pickle::value_from_slice(&input.bytes, DeOptions::new()).map_err(brief)?;
    let once = move || serde_pickle::value_to_vec(&value, SerOptions::new());
    once().map_err(brief)?;
    Ok(Box::new(move || timed(&once)))
}

/// An error without the offset, and short enough for a table.
fn brief(error: serde_pickle::Error) -> String {
    let text = match error {
        serde_pickle::Error::Eval(code, _) => code.to_string(),
        other => other.to_string(),
    };
    text.chars().take(40).collect()
}

/// The bytes copied into memory that was used before.
pub fn copy_warm(input: &Input) -> Prepared<'_> {
    let bytes = &input.bytes[..LARGE * 4];
    let mut out = vec![1; bytes.len()];
    Ok(Box::new(move || timed(|| out.copy_from_slice(bytes))))
}

/// The bytes copied into fresh memory.
pub fn copy_fresh(input: &Input) -> Prepared<'_> {
    let bytes = &input.bytes[..LARGE * 4];
    Ok(Box::new(move || timed(|| bytes.to_vec())))
}

/// The bytes written to a file that is there: `write(2)`.
pub fn file_written(input: &Input) -> Prepared<'_> {
    let path = input.path.with_extension("copy");
    let once = move || File::create(&path).and_then(|mut file| file.write_all(&input.bytes));
    once().map_err(|error| error.to_string())?;
    Ok(Box::new(move || timed(&once)))
}

/// The file read into memory that was used before.
pub fn file_warm(input: &Input) -> Prepared<'_> {
    let mut out = vec![1; LARGE * 4];
    Ok(Box::new(move || {
        timed(|| {
            File::open(&input.path)
                .and_then(|mut file| file.read_exact(&mut out))
                .expect("the file was read before")
        })
    }))
}

/// The file read into fresh memory.
pub fn file_fresh(input: &Input) -> Prepared<'_> {
    Ok(Box::new(move || {
        timed(|| std::fs::read(&input.path).expect("the file was read before"))
    }))
}
