//! What is measured of ndpickle.

use ndarray::{Array1, ArrayView1, ArrayViewMut1, Ix1};
use ndpickle::{Kind, Node, Pickle, write};

use crate::data::Input;
use crate::measure::timed;
use crate::rows::{Prepared, Run};

/// Bytes to a graph. Strings are checked when they are looked at, so this is not all of what `pickle.loads` does:
/// [`parse_and_read`] is.
pub fn parse(input: &Input) -> Prepared<'_> {
    let once = || Pickle::parse(&input.bytes).expect("CPython's own pickle");
    once();
    Ok(Box::new(move || timed(once)))
}

/// Bytes to a graph, of which every int, float and str is looked at.
pub fn parse_and_read(input: &Input) -> Prepared<'_> {
    let once = || {
        let pickle = Pickle::parse(&input.bytes).expect("CPython's own pickle");
        let sum = read(pickle.root());
        (pickle, sum)
    };
    once();
    Ok(Box::new(move || timed(once)))
}

/// A number that depends on every leaf. Recurses: the data is a few levels deep.
fn read(node: Node<'_, '_>) -> u64 {
    match node.kind() {
        Kind::Int => node.as_i64().map_or(0, |value| value as u64),
        Kind::Float => node.as_f64().map_or(0, f64::to_bits),
        Kind::Str => node.as_str().map_or(0, |text| text.len() as u64),
        Kind::List => node.items().map(read).fold(0, u64::wrapping_add),
        Kind::Dict => node
            .pairs()
            .map(|(key, value)| read(key).wrapping_add(read(value)))
            .fold(0, u64::wrapping_add),
        kind => panic!("no {kind:?} was pickled"),
    }
}

/// Bytes to owned arrays of 8 doubles.
pub fn small_arrays(input: &Input) -> Prepared<'_> {
    let once = || -> Vec<Array1<f64>> {
        let pickle = Pickle::parse(&input.bytes).expect("CPython's own pickle");
        let arrays = pickle.root().items();
        arrays
            .map(|node| node.array()?.to_array::<f64, Ix1>())
            .collect::<ndpickle::Result<_>>()
            .expect("arrays of doubles")
    };
    assert!(once().iter().all(|array| array.len() == 8));
    Ok(Box::new(move || timed(once)))
}

/// A graph to bytes.
pub fn write(input: &Input) -> Prepared<'_> {
    let pickle = Pickle::parse(&input.bytes).expect("CPython's own pickle");
    let options = write::Options::new();
    let once = move || options.to_vec(&pickle).expect("the graph came from bytes");
    assert!(once() == input.bytes, "the bytes must come back");
    Ok(Box::new(move || timed(&once)))
}

/// A large array seen in place.
pub fn view(input: &Input) -> Prepared<'_> {
    let aligned = Aligned::of(&input.bytes);
    Ok(Box::new(move || {
        timed(|| {
            let pickle = Pickle::parse(aligned.bytes()).expect("CPython's own pickle");
            let array = pickle.root().array().expect("an array");
            let view: ArrayView1<'_, f32> = array.view().expect("the data is aligned");
            assert_eq!(view.len(), LARGE);
        })
    }))
}

/// A large array into memory that was used before.
pub fn read_into(input: &Input) -> Prepared<'_> {
    Ok(warm(|out| {
        let pickle = Pickle::parse(&input.bytes).expect("CPython's own pickle");
        let array = pickle.root().array().expect("an array");
        array.read_into(out).expect("an array of floats");
    }))
}

/// The same from a file.
pub fn read_into_from_file(input: &Input) -> Prepared<'_> {
    Ok(warm(|out| {
        let pickle = Pickle::open(&input.path).expect("CPython's own pickle");
        let array = pickle.root().array().expect("an array");
        array.read_into(out).expect("an array of floats");
    }))
}

/// A large array of its own.
pub fn to_array(input: &Input) -> Prepared<'_> {
    Ok(Box::new(move || {
        timed(|| {
            let pickle = Pickle::parse(&input.bytes).expect("CPython's own pickle");
            let array = pickle.root().array().expect("an array");
            array.to_array::<f32, Ix1>().expect("an array of floats")
        })
    }))
}

/// The same from a file.
pub fn to_array_from_file(input: &Input) -> Prepared<'_> {
    Ok(Box::new(move || {
        timed(|| {
            let pickle = Pickle::open(&input.path).expect("CPython's own pickle");
            let array = pickle.root().array().expect("an array");
            array.to_array::<f32, Ix1>().expect("an array of floats")
        })
    }))
}

/// Number of floats in the large array: 128 MiB.
pub const LARGE: usize = 1 << 25;

fn warm<'i>(fill: impl Fn(ArrayViewMut1<'_, f32>) + 'i) -> Run<'i> {
    let mut out = Array1::from_elem(LARGE, 1.0);
    Box::new(move || timed(|| fill(out.view_mut())))
}

/// A pickle moved in memory so that the data of its one array is aligned: a view needs that, CPython's pickles have
/// payloads at any offset.
struct Aligned {
    memory: Vec<u8>,
    start: usize,
}

const ALIGN: usize = 64;

impl Aligned {
    fn of(bytes: &[u8]) -> Aligned {
        let pickle = Pickle::parse(bytes).expect("CPython's own pickle");
        let array = pickle.root().array().expect("an array");
        let payload = array.payload().and_then(|payload| payload.as_slice());
        let offset = payload.expect("raw bytes").as_ptr().addr() - bytes.as_ptr().addr();
        let mut memory = vec![0; bytes.len() + ALIGN];
        let start = ALIGN - (memory.as_ptr().addr() + offset) % ALIGN;
        memory[start..start + bytes.len()].copy_from_slice(bytes);
        Aligned { memory, start }
    }

    fn bytes(&self) -> &[u8] {
        &self.memory[self.start..]
    }
}
