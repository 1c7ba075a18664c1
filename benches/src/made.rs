//! What is measured of writing: data of Rust to bytes.

use std::fs::File;

use ndarray::{Array1, Ix1};
use ndpickle::{Builder, Flavour, Id, Node, Pickle, Result, Version, write};

use crate::data::Input;
use crate::measure::timed;
use crate::rows::Prepared;

/// The newest Python and NumPy, at the protocol of a pickle.
fn flavour(input: &Input) -> Flavour {
    Flavour::new(input.bytes[1], Version::NEWEST, Version::NEWEST).expect("a protocol")
}

/// Arrays of 8 doubles.
pub fn small_arrays(input: &Input) -> Prepared<'_> {
    let pickle = Pickle::parse(&input.bytes).expect("CPython's own pickle");
    let arrays = pickle.root().items();
    let arrays: Result<Vec<Array1<f64>>> = arrays
        .map(|node| node.array()?.to_array::<f64, Ix1>())
        .collect();
    let arrays = arrays.expect("arrays of doubles");
    let once = move || {
        let mut builder = Builder::new(flavour(input));
        let ids: Result<Vec<Id>> = arrays.iter().map(|array| builder.array(array)).collect();
        let root = builder.list(&ids?)?;
        write::Options::new().to_vec(&builder.finish(root)?)
    };
    checked(once, input)
}

/// Doubles by names.
pub fn floats_by_name(input: &Input) -> Prepared<'_> {
    let pickle = Pickle::parse(&input.bytes).expect("CPython's own pickle");
    let floats: Vec<(String, f64)> = pickle
        .root()
        .pairs()
        .map(|(name, value)| {
            let name = name.as_str().expect("a name").to_owned();
            (name, value.as_f64().expect("a double"))
        })
        .collect();
    let once = move || {
        let mut builder = Builder::new(flavour(input));
        let mut pairs = Vec::with_capacity(floats.len());
        for (name, value) in &floats {
            // A text of its own, as it is in Python: one that was made when the program ran.
            pairs.push((builder.new_str(name)?, builder.float(*value)?));
        }
        let root = builder.dict(&pairs)?;
        write::Options::new().to_vec(&builder.finish(root)?)
    };
    checked(once, input)
}

/// A row of the nested dicts.
struct Row {
    id: i64,
    name: String,
    x: f64,
    y: f64,
}

fn at<'p, 'a>(node: Node<'p, 'a>, key: &str) -> Node<'p, 'a> {
    node.get(key).expect("an entry")
}

/// Words of the program, each of which is one object wherever it stands.
fn words<const N: usize>(builder: &mut Builder<'_>, words: [&str; N]) -> Result<[Id; N]> {
    let mut ids = [builder.none(); N];
    for (id, word) in ids.iter_mut().zip(words) {
        *id = builder.str(word)?;
    }
    Ok(ids)
}

/// Dicts in dicts.
pub fn nested(input: &Input) -> Prepared<'_> {
    let pickle = Pickle::parse(&input.bytes).expect("CPython's own pickle");
    let rows: Vec<Row> = (pickle.root().items())
        .map(|row| Row {
            id: at(row, "id").as_i64().expect("an int"),
            name: at(row, "name").as_str().expect("a text").to_owned(),
            x: at(at(row, "pos"), "x").as_f64().expect("a double"),
            y: at(at(row, "pos"), "y").as_f64().expect("a double"),
        })
        .collect();
    let once = move || {
        let mut builder = Builder::new(flavour(input));
        let b = &mut builder;
        let [id, name, pos, tags] = words(b, ["id", "name", "pos", "tags"])?;
        let ([x, y], items) = (words(b, ["x", "y"])?, words(b, ["a", "b"])?);
        let mut dicts = Vec::with_capacity(rows.len());
        for row in &rows {
            let place = [(x, b.float(row.x)?), (y, b.float(row.y)?)];
            let entries = [
                (id, b.int(row.id)?),
                (name, b.new_str(&row.name)?),
                (pos, b.dict(&place)?),
                (tags, b.list(&items)?),
            ];
            dicts.push(b.dict(&entries)?);
        }
        let root = b.list(&dicts)?;
        write::Options::new().to_vec(&builder.finish(root)?)
    };
    checked(once, input)
}

fn checked<'i>(once: impl Fn() -> Result<Vec<u8>> + 'i, input: &Input) -> Prepared<'i> {
    match once() {
        Ok(bytes) if bytes == input.bytes => Ok(Box::new(move || timed(&once))),
        Ok(_) => Err("other bytes than CPython's".into()),
        Err(error) => Err(error.to_string()),
    }
}

/// The floats of the one large array.
fn floats(input: &Input) -> Array1<f32> {
    let pickle = Pickle::parse(&input.bytes).expect("CPython's own pickle");
    let array = pickle.root().array().expect("an array");
    array.to_array().expect("an array of floats")
}

/// A large array to bytes in fresh memory.
pub fn large(input: &Input) -> Prepared<'_> {
    let floats = floats(input);
    let once = move || write::Options::new().to_vec(&document(&floats, input)?);
    checked(once, input)
}

/// A large array to a file that is there.
pub fn large_to_file(input: &Input) -> Prepared<'_> {
    let floats = floats(input);
    let path = input.path.with_extension("ours");
    let once = move || {
        let file = File::create(&path)?;
        write::Options::new().to_writer(&document(&floats, input)?, file)
    };
    once().map_err(|error| error.to_string())?;
    Ok(Box::new(move || timed(&once)))
}

fn document<'f>(floats: &'f Array1<f32>, input: &Input) -> Result<Pickle<'f>> {
    let mut builder = Builder::new(flavour(input));
    let root = builder.array(floats)?;
    builder.finish(root)
}
