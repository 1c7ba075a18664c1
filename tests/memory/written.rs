//! What an array costs that is written: nothing that grows with it.

use std::io::{self, Write};

use ndarray::{Array2, Axis};
use ndpickle::{Builder, Flavour, NdArray, Pickle, Version, write};

use super::allocator::measure;

/// Counts bytes, and keeps none.
struct Sink(u64);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// 1 GiB of floats; less where the test is not optimised.
const LEN: usize = if cfg!(debug_assertions) {
    1 << 11
} else {
    1 << 14
};

#[test]
fn an_array_is_streamed() {
    let array = Array2::<f32>::zeros((LEN, LEN));
    let size = (array.len() * 4) as u64;
    let mut reversed = array.view();
    reversed.invert_axis(Axis(1));
    let newest = |protocol| Flavour::new(protocol, Version::NEWEST, Version::NEWEST);
    for flavour in [
        newest(1),
        newest(2),
        newest(3),
        newest(4),
        newest(5),
        Flavour::compat(5, Version::NEWEST),
    ] {
        let flavour = flavour.expect("they are together");
        for (layout, view) in [
            ("C", array.view()),
            ("reversed", reversed),
            ("F", array.t()),
        ] {
            let ((), counts) = measure(|| {
                let mut builder = Builder::new(flavour);
                let root = builder.array(view).expect("an array");
                let made: Pickle<'_> = builder.finish(root).expect("a document");
                let mut sink = Sink(0);
                let written = write::Options::new().to_writer(&made, &mut sink);
                written.expect("room");
                assert!(sink.0 >= size, "{} of {size}", sink.0);
            });
            assert!(counts.peak < 1 << 20, "{flavour:?}, {layout}: {counts:?}");
        }
    }
}

/// A document that was read, in all spellings.
#[test]
fn an_array_is_rewritten_in_pieces() {
    let array = Array2::<f32>::zeros((LEN / 8, LEN));
    let mut builder = Builder::new(Flavour::compat(4, Version::NEWEST).expect("a protocol"));
    let array = NdArray::of(array.view()).expect("an array");
    let root = builder.array(array).expect("an array");
    let made = builder.finish(root).expect("a document");
    let bytes = write::Options::new().to_vec(&made).expect("room");
    let pickle = Pickle::parse(&bytes).expect("what was written");
    for protocol in [1, 2, 3, 4, 5] {
        let ((), counts) = measure(|| {
            let options = write::Options::new()
                .protocol(protocol)
                .numpy(Version::NEWEST);
            let mut sink = Sink(0);
            options.to_writer(&pickle, &mut sink).expect("room");
            assert!(sink.0 >= (LEN * LEN / 2) as u64);
        });
        assert!(counts.peak < 1 << 20, "protocol {protocol}: {counts:?}");
    }
}

/// Fields of a struct, told to serde.
#[cfg(feature = "serde")]
#[test]
fn fields_are_written_from_where_they_lie() {
    #[derive(serde::Serialize)]
    struct State {
        #[serde(with = "ndpickle::array")]
        weights: Vec<Array2<f32>>,
        name: &'static str,
    }
    let state = State {
        weights: vec![Array2::zeros((LEN / 8, LEN)), Array2::ones((LEN, LEN / 8))],
        name: "large",
    };
    let size = LEN * LEN;
    let ((), counts) = measure(|| {
        let mut sink = Sink(0);
        ndpickle::to_writer(&mut sink, &state).expect("room");
        assert!(sink.0 > size as u64 && state.name == "large");
    });
    assert!(counts.peak < 1 << 20, "{counts:?}");
    let (bytes, counts) = measure(|| ndpickle::to_vec(&state).expect("room"));
    assert!(bytes.len() > size);
    assert!(counts.peak < size as i64 + (1 << 20), "{counts:?}");
}
