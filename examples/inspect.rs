//! A file that nobody vouches for, looked into: what loading it in Python would import and call, and the arrays that are in it.
//!
//!     cargo run --release --example inspect [FILE]
//!
//! Without FILE it is a pickle that would run a command. Nothing in it is imported, called or executed here, and the arrays
//! beside it can be had all the same. `ndpickle check` also looks into what is broken, and into pickles inside of pickles.

// The tool's output is what it is for.
#![allow(clippy::print_stdout)]

use std::error::Error;

use ndarray::{IxDyn, array};
use ndpickle::{Kind, Limits, Origin, Pickle, Value, write};

fn main() -> Result<(), Box<dyn Error>> {
    let bytes = malicious()?;
    // Small, as the sender may want to fill the memory; large arrays in a file stay on disk.
    let options = Pickle::options().limits(Limits::strict());
    let pickle = match std::env::args_os().nth(1) {
        Some(path) => options.open(path)?,
        None => options.parse(&bytes)?,
    };

    // Names are any text, also one that a terminal takes for a command.
    let plain = |text: &str| text.replace(char::is_control, "\u{fffd}");
    println!("Python would import:");
    for node in pickle.globals() {
        let (Some(global), Some(origin)) = (node.global(), node.origin()) else {
            continue;
        };
        let origin = match origin {
            Origin::Data => "data",
            Origin::NumPy => "numpy",
            Origin::Other => "other",
        };
        let name = plain(&global.to_string());
        println!("  {origin:5} {name} at byte {}", node.offset());
    }

    println!("Python would call, besides what makes data and arrays:");
    let nodes = pickle.walk().map(|visit| visit.node);
    for node in nodes.filter(|node| node.kind() == Kind::Object) {
        let origin = node.callable().and_then(|callable| callable.origin());
        if matches!(origin, Some(Origin::Data | Origin::NumPy)) {
            continue;
        }
        // About as Python would print it, within limits.
        let call = match Value::from_node(node) {
            Ok(call) => format!("{call:?}"),
            Err(error) => format!("a call that cannot be printed: {error}"),
        };
        println!("  {} at byte {}", plain(&call), node.offset());
    }

    println!("arrays:");
    let mut first = None;
    for row in pickle.arrays() {
        match row.array {
            Ok(array) => {
                println!("  {} {array}", row.path);
                first = first.or_else(|| array.cast::<f64, IxDyn>().ok());
            }
            Err(error) => println!("  {} is damaged: {error}", row.path),
        }
    }
    if let Some(numbers) = first {
        println!("the first one with numbers:\n{numbers}");
    }
    Ok(())
}

/// {'weights': …, 'extra': an object whose `__reduce__` gave `(os.system, ('…',))`}
fn malicious() -> Result<Vec<u8>, Box<dyn Error>> {
    let weights = array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]];
    let options = write::Options::new();
    let mut builder = options.builder()?;
    let system = builder.global("os", "system")?;
    let command = builder.str("touch executed")?;
    let entries = [
        (builder.str("weights")?, builder.array(&weights)?),
        (
            builder.str("extra")?,
            builder.call(system, &[command], None)?,
        ),
    ];
    let root = builder.dict(&entries)?;
    Ok(options.to_vec(&builder.finish(root)?)?)
}
