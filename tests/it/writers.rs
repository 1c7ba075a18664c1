//! Writers that fail.

use std::error::Error as _;
use std::io::{self, Write};

use ndarray::{Array2, Axis};
use ndpickle::write::{self, Placement};
use ndpickle::{Builder, Category, Flavour, Pickle, Version};

use super::manifest::manifest;

/// Takes so many bytes, then has an error of its own.
struct Short {
    left: usize,
    taken: Vec<u8>,
}

#[derive(Debug)]
struct Full;

impl std::fmt::Display for Full {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the disk is full")
    }
}

impl std::error::Error for Full {}

impl Write for Short {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = bytes.len().min(self.left);
        if n == 0 && !bytes.is_empty() {
            return Err(io::Error::other(Full));
        }
        self.left -= n;
        self.taken.extend(&bytes[..n]);
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A writer's error comes back as it was, and what it took until then is the beginning.
#[track_caller]
fn check(name: &str, whole: &[u8], write: impl Fn(&mut Short) -> ndpickle::Result<()>) {
    // Every byte of what is small.
    let step = whole.len().div_ceil(2000);
    for left in (0..whole.len()).step_by(step) {
        let mut out = Short {
            left,
            taken: Vec::new(),
        };
        let error = write(&mut out).expect_err("no room");
        assert_eq!(error.category(), Category::Io, "{name}, {left}: {error}");
        let source = error
            .source()
            .and_then(|source| source.downcast_ref::<io::Error>());
        let own = source.and_then(io::Error::get_ref);
        assert!(
            own.is_some_and(|own| own.is::<Full>()),
            "{name}, {left}: {error:?}"
        );
        assert_eq!(out.taken, whole[..left], "{name}, {left}");
    }
    let mut out = Short {
        left: whole.len(),
        taken: Vec::new(),
    };
    write(&mut out).expect("room for all");
    assert_eq!(out.taken, whole, "{name}");
}

#[test]
fn errors_of_documents_that_were_read() {
    let mut count = 0;
    for name in [
        "showcase",
        "array_order",
        "structured",
        "long_payloads",
        "masked_arrays",
    ] {
        let entries = manifest().entries.iter();
        for entry in entries.filter(|entry| entry.text("case") == name) {
            let Ok(pickle) = entry.options().parse(entry.pickles()) else {
                continue;
            };
            for options in [
                write::Options::new(),
                write::Options::new().protocol(2).numpy(Version::NEWEST),
                write::Options::new().compat().align(64),
            ] {
                let Ok(whole) = options.to_vec(&pickle) else {
                    continue;
                };
                check(entry.name(), &whole, |out| options.to_writer(&pickle, out));
                count += 1;
            }
        }
    }
    assert!(count >= 12, "{count}");
}

#[test]
fn errors_of_documents_that_are_made() {
    let array = Array2::from_shape_fn((40, 60), |(i, j)| (i * j) as f64);
    let mut reversed = array.view();
    reversed.invert_axis(Axis(0));
    for protocol in 0..=5 {
        let flavour = Flavour::new(protocol, Version::NEWEST, Version::NEWEST);
        let mut builder = Builder::new(flavour.expect("they are together"));
        let items = [
            builder.array(&array).expect("an array"),
            builder.array(reversed).expect("an array"),
            builder.str("text").expect("a text"),
        ];
        let root = builder.list(&items).expect("a list");
        let made: Pickle<'_> = builder.finish(root).expect("a document");
        let options = write::Options::new();
        let whole = options.to_vec(&made).expect("room");
        let name = format!("protocol {protocol}");
        check(&name, &whole, |out| options.to_writer(&made, out));
        if protocol == 5 {
            let (whole, _) = options.to_vec_with_buffers(&made).expect("room");
            check("buffers", &whole, |out| {
                options.to_writer_with_buffers(&made, out, |_| Ok(Placement::OutOfBand))
            });
        }
    }
}
