//! A batch of the data set CIFAR-10, as Python 2 pickled it: pixels and labels in a struct.
//!
//!     cargo run --release --example batches [FILE]
//!
//! FILE is a batch, such as `data_batch_1`; where there is none yet, one of made-up pixels is written there (without FILE, in a
//! temporary folder). The keys and names in it are strs of Python 2, which Python 3 loads with `encoding='bytes'` or `'latin1'`. Here
//! those that are ASCII are names of fields and `String`s as they are.

// The tool's output is what it is for.
#![allow(clippy::print_stdout)]

use std::error::Error;
use std::fs::File;
use std::path::{Path, PathBuf};

use ndarray::{Array2, Axis};
use ndpickle::write;
use serde::Deserialize;

const CHANNELS: [&str; 3] = ["red", "green", "blue"];

/// The names of the fields are the keys.
#[derive(Deserialize)]
struct Batch {
    batch_label: String,
    labels: Vec<usize>,
    /// A row for each image: 1024 red bytes, as many green ones, and the blue ones.
    #[serde(with = "ndpickle::array")]
    data: Array2<u8>,
    filenames: Vec<String>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let path = match std::env::args_os().nth(1) {
        Some(path) => PathBuf::from(path),
        None => folder.path().join("data_batch_1"),
    };
    if !path.exists() {
        make(&path)?;
    }
    // The pixels go straight from the file to the array.
    let batch: Batch = ndpickle::from_path(&path)?;

    let (images, bytes) = batch.data.dim();
    if bytes != 3072 || batch.labels.len() != images || batch.filenames.len() != images {
        return Err("no batch of CIFAR-10".into());
    }
    println!("{}: {images} images", batch.batch_label);
    if let [first, .., last] = &batch.filenames[..] {
        println!("from {first} to {last}");
    }
    for (name, pixels) in CHANNELS
        .iter()
        .zip(batch.data.axis_chunks_iter(Axis(1), 1024))
    {
        let sum: u64 = pixels.iter().map(|pixel| u64::from(*pixel)).sum();
        println!("{name}: mean {:.4}", sum as f64 / pixels.len() as f64);
    }
    let mut counts = [0; 10];
    for label in batch.labels {
        *counts.get_mut(label).ok_or("a label of no class")? += 1;
    }
    println!("images of each class: {counts:?}");
    Ok(())
}

/// Writes a batch as the Python 2 of its authors would have.
fn make(path: &Path) -> Result<(), Box<dyn Error>> {
    let data = Array2::from_shape_fn((1000, 3072), |(i, j)| (i * 7 + j / 1024 * 50) as u8 % 200);
    let labels: Vec<usize> = (0..1000).map(|i| i * i % 10).collect();
    let options = write::Options::new().python("2.7".parse()?).protocol(2);
    let mut builder = options.builder()?;
    let names = (0..1000).map(|i| builder.bytes(format!("made_up_s_{i:06}.png").into_bytes()));
    let names = names.collect::<Result<Vec<_>, _>>()?;
    // In Python 2, bytes are strs.
    let entries = [
        (
            builder.bytes(b"batch_label")?,
            builder.bytes(b"made-up batch 1 of 1")?,
        ),
        (builder.bytes(b"labels")?, builder.serialize(&labels)?),
        (builder.bytes(b"data")?, builder.array(&data)?),
        (builder.bytes(b"filenames")?, builder.list(&names)?),
    ];
    let root = builder.dict(&entries)?;
    options.to_writer(&builder.finish(root)?, File::create(path)?)?;
    Ok(())
}
