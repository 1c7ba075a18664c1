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

/// The same dict as its entries, in their order.
#[derive(Deserialize)]
struct Entries(#[serde(with = "ndpickle::entries")] Vec<(String, f64)>);

/// The map, which has room for all entries from the start.
#[derive(Deserialize)]
struct Map(#[serde(with = "ndpickle::entries")] Floats);

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

pub fn read<T: DeserializeOwned + 'static>(input: &Input) -> Prepared<'_> {
    read_as(input, |value: T| value)
}

/// What is in a value of another type.
fn read_as<T: DeserializeOwned + 'static, R: 'static>(
    input: &Input,
    inside: fn(T) -> R,
) -> Prepared<'_> {
    let once = move || inside(ndpickle::from_slice(&input.bytes).expect("CPython's own pickle"));
    once();
    Ok(Box::new(move || timed(once)))
}

pub fn read_entries(input: &Input) -> Prepared<'_> {
    read_as(input, |entries: Entries| entries.0)
}

pub fn read_map(input: &Input) -> Prepared<'_> {
    read_as(input, |map: Map| map.0)
}

/// The map filled by serde from what is in memory already: no reader that fills a `HashMap` of std through serde takes less.
pub fn filled(input: &Input) -> Prepared<'_> {
    let floats = floats(input);
    let once = move || {
        let floats = floats.iter().map(|(name, value)| (&name[..], *value));
        Floats::deserialize(MapDeserializer::<_, serde::de::value::Error>::new(floats))
    };
    once().map_err(|error| error.to_string())?;
    Ok(Box::new(move || timed(&once)))
}

/// The same map with room for all entries from the start, filled without serde: what its hashes and its memory take.
pub fn filled_at_once(input: &Input) -> Prepared<'_> {
    let floats = floats(input);
    let once = move || -> Floats { floats.iter().cloned().collect() };
    black_box(once());
    Ok(Box::new(move || timed(&once)))
}

fn floats(input: &Input) -> Vec<(String, f64)> {
    let pickle = ndpickle::Pickle::parse(&input.bytes).expect("CPython's own pickle");
    let floats = pickle.root().pairs().map(|(name, value)| {
        let name = name.as_str().expect("a name").to_owned();
        (name, value.as_f64().expect("a double"))
    });
    floats.collect()
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
