//! What is measured of serde: bytes to values of Rust, and back, on both sides of the comparison.

use std::collections::HashMap;
use std::fs::File;
use std::hint::black_box;

use ndarray::Array1;
use serde::de::DeserializeOwned;
use serde::de::value::MapDeserializer;
use serde::{Deserialize, Serialize};
use serde_pickle::{DeOptions, SerOptions};

use crate::data::Input;
use crate::measure::timed;
use crate::rows::Prepared;

pub type Ints = Vec<i64>;
pub type Floats = HashMap<String, f64>;
pub type Nested = Vec<Row>;

/// A row of the nested dicts.
#[derive(Deserialize, Serialize)]
pub struct Row {
    id: i64,
    name: String,
    pos: Position,
    tags: Vec<String>,
}

#[derive(Deserialize, Serialize)]
struct Position {
    x: f64,
    y: f64,
}

/// The one large array.
#[derive(Deserialize, Serialize)]
struct Large(#[serde(with = "ndpickle::array")] Array1<f32>);

pub fn read<T: DeserializeOwned>(input: &Input) -> Prepared<'_> {
    let once = || ndpickle::from_slice::<T>(&input.bytes).expect("CPython's own pickle");
    once();
    Ok(Box::new(move || timed(once)))
}

/// The map filled by serde from what is in memory already: no reader that fills a `HashMap` of std through serde takes less.
pub fn filled(input: &Input) -> Prepared<'_> {
    let pickle = ndpickle::Pickle::parse(&input.bytes).expect("CPython's own pickle");
    let floats: Vec<(String, f64)> = (pickle.root().pairs())
        .map(|(name, value)| {
            let name = name.as_str().expect("a name").to_owned();
            (name, value.as_f64().expect("a double"))
        })
        .collect();
    let once = move || {
        let floats = floats.iter().map(|(name, value)| (&name[..], *value));
        Floats::deserialize(MapDeserializer::<_, serde::de::value::Error>::new(floats))
    };
    once().map_err(|error| error.to_string())?;
    Ok(Box::new(move || timed(&once)))
}

pub fn written<T: DeserializeOwned + Serialize + 'static>(input: &Input) -> Prepared<'_> {
    let value: T = ndpickle::from_slice(&input.bytes).expect("CPython's own pickle");
    let once = move || ndpickle::to_vec(&value).expect("a value that was read");
    black_box(once());
    Ok(Box::new(move || timed(&once)))
}

pub fn peer_read<T: DeserializeOwned>(input: &Input) -> Prepared<'_> {
    let once = || serde_pickle::from_slice::<T>(&input.bytes, DeOptions::new());
    once().map_err(|error| error.to_string())?;
    Ok(Box::new(move || timed(once)))
}

pub fn peer_written<T: DeserializeOwned + Serialize + 'static>(input: &Input) -> Prepared<'_> {
    let value: T = ndpickle::from_slice(&input.bytes).expect("CPython's own pickle");
    let once = move || serde_pickle::to_vec(&value, SerOptions::new());
    once().map_err(|error| error.to_string())?;
    Ok(Box::new(move || timed(&once)))
}

/// A large field to a file that is there.
pub fn large_to_file(input: &Input) -> Prepared<'_> {
    let value: Large = ndpickle::from_slice(&input.bytes).expect("CPython's own pickle");
    let path = input.path.with_extension("typed");
    let once = move || ndpickle::to_writer(File::create(&path)?, &value);
    once().map_err(|error| error.to_string())?;
    Ok(Box::new(move || timed(&once)))
}

pub fn large_read(input: &Input) -> Prepared<'_> {
    read::<Large>(input)
}

pub fn large_written(input: &Input) -> Prepared<'_> {
    written::<Large>(input)
}
