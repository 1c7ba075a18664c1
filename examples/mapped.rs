//! An array that is viewed in a file: the file is mapped into memory, and nothing of it is read before it is looked at.
//!
//!     cargo run --release --example mapped
//!
//! Where an array begins in an ordinary pickle is up to what stands before it, and an element of 8 bytes can be viewed in place
//! only at a multiple of 8. With `align` it begins at one. The file stays a pickle that Python loads; those that exist are
//! aligned by `ndpickle rewrite FILE OUT --align 64`.

// The tool's output is what it is for.
#![allow(clippy::print_stdout)]

use std::fs::File;

use memmap2::Mmap;
use ndarray::{Array2, Ix2};
use ndpickle::{Builder, Flavour, Pickle, Version, write};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // {'name': 'a model', 'weights': …}
    let weights = Array2::from_shape_fn((1000, 500), |(i, j)| i as f64 + j as f64 / 1000.0);
    let mut builder = Builder::new(Flavour::compat(4, Version::NEWEST)?);
    let name = (builder.str("name")?, builder.str("a model")?);
    let array = (builder.str("weights")?, builder.array(&weights)?);
    let root = builder.dict(&[name, array])?;
    let made = builder.finish(root)?;
    let file = tempfile::NamedTempFile::new()?;
    write::Options::new()
        .align(64)
        .to_writer(&made, file.as_file())?;

    let file = File::open(file.path())?;
    // SAFETY: nobody else knows the file, so its bytes do not change while they are borrowed.
    let map = unsafe { Mmap::map(&file)? };
    let pickle = Pickle::parse(&map)?;
    let array = pickle.root().get("weights").ok_or("no weights")?.array()?;
    let view = array.view::<f64, Ix2>()?;

    let (place, bytes) = (view.as_ptr().cast::<u8>(), map.as_ptr_range());
    assert!(bytes.contains(&place), "a copy");
    let offset = place.addr() - bytes.start.addr();
    assert_eq!(offset % 64, 0);
    assert_eq!(view, weights);
    println!("{array} at byte {offset} of {}", map.len());
    Ok(())
}
