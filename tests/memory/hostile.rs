//! Inputs made to exhaust: floods, bombs, chains. PEERS.md, table B, is what they do to other readers.

use std::sync::Arc;

use ndpickle::{Category, Error, Limits, Options, Pickle, ReadAt, write};

use super::MANY;
use super::allocator::{Counts, measure};
use super::inputs::{BOMBS, End, FLOODS, Make};

fn end(result: &ndpickle::Result<Pickle<'_>>) -> End {
    match result {
        Ok(_) => End::Good,
        Err(error) => End::Bad(error.category()),
    }
}

/// Peak memory as a multiple of the input.
fn multiple(counts: Counts, input: &[u8]) -> f64 {
    (counts.peak - (1 << 20)).max(0) as f64 / input.len().max(1) as f64
}

/// How much each way may take, in times of the input beside 1 MiB: reading as promised; then what a walk, the rows and
/// the bytes written take on top of the document, as measured.
const READ: f64 = 64.0;
const WALK: f64 = 170.0;
const ARRAYS: f64 = 170.0;
const WRITE: f64 = 256.0;

/// What any input may take at [`Limits::strict`].
const STRICT: i64 = 9 << 20;

/// Reads the input, and looks at it in all ways; gives the peaks, and adds what is wrong to `failed`.
fn check(name: &str, expected: End, input: &[u8], failed: &mut Vec<String>) -> [i64; 4] {
    let mut want = |fine: bool, what: &str, seen: &dyn std::fmt::Debug| {
        if !fine {
            failed.push(format!("{name}, {} bytes, {what}: {seen:?}", input.len()));
        }
    };
    let (document, read) = measure(|| Pickle::parse(input));
    want(end(&document) == expected, "slice", &end(&document));
    want(multiple(read, input) < READ, "reading", &read);
    let stored: Arc<dyn ReadAt> = Arc::new(input.to_vec());
    let range = 0..input.len() as u64;
    let (found, read_at) = measure(|| end(&Options::new().read_at(stored, range)));
    want(found == expected, "stored", &found);
    want(
        multiple(read_at, input) < READ,
        "reading what is stored",
        &read_at,
    );
    let (found, streamed) = measure(|| end(&Pickle::read(input)));
    want(found == expected, "stream", &found);
    want(
        multiple(streamed, input) < READ,
        "reading a stream",
        &streamed,
    );
    let mut peaks = [read.peak, 0, 0, 0];
    if let Ok(document) = &document {
        let (_, walk) = measure(|| document.walk().count());
        want(multiple(walk, input) < WALK, "walking", &walk);
        let (_, arrays) = measure(|| document.arrays().count());
        want(multiple(arrays, input) < ARRAYS, "rows", &arrays);
        let options = write::Options::new();
        let (result, written) = measure(|| options.to_writer(document, std::io::sink()));
        // An int of too many digits can be read in hexadecimal, but written in decimal only.
        let fine =
            |error: &Error| error.category() == Category::Limit && name.contains("hexadecimal");
        want(result.as_ref().err().is_none_or(fine), "writing", &result);
        want(multiple(written, input) < WRITE, "writing", &written);
        peaks = [read.peak, walk.peak, arrays.peak, written.peak];
    }
    // Limits are what an input that is not trusted meets.
    let limits = || Options::new().limits(Limits::strict());
    let (_, strict) = measure(|| drop(limits().parse(input)));
    // A single text may be as long as `copied` allows, and is decoded beside the input.
    let text = if name.starts_with("one text") {
        2 * input.len() as i64
    } else {
        0
    };
    want(strict.peak < STRICT + text, "strict limits", &strict);
    peaks
}

#[test]
fn floods() {
    flood(FLOODS.iter().step_by(2));
}

#[test]
fn more_floods() {
    flood(FLOODS.iter().skip(1).step_by(2));
}

fn flood(floods: impl Iterator<Item = &'static (&'static str, End, Make)>) {
    let (mut worst, mut failed) = ([(0.0, ""); 4], Vec::new());
    for (name, expected, make) in floods {
        let (small, large) = (make(MANY / 4), make(MANY));
        let started = std::time::Instant::now();
        let few = check(name, *expected, &small, &mut failed);
        let many = check(name, *expected, &large, &mut failed);
        let multiples = many.map(|peak| peak as f64 / large.len() as f64);
        println!(
            "{name}: {} bytes, {multiples:.1?} times, {:?}",
            large.len(),
            started.elapsed()
        );
        for (n, worst) in worst.iter_mut().enumerate() {
            // Four times the input: no more than four times the memory, but for the steps of growing vectors.
            if many[n] as f64 / few[n].max(1 << 20) as f64 > 8.1 {
                failed.push(format!(
                    "{name}, {n}: {} bytes, of a quarter {}",
                    many[n], few[n]
                ));
            }
            if multiples[n] > worst.0 {
                *worst = (multiples[n], *name);
            }
        }
    }
    println!("worst of reading, walking, rows, writing: {worst:.1?}");
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn bombs() {
    let mut failed = Vec::new();
    for (name, expected, make) in BOMBS {
        println!(
            "{name}: {:?}",
            check(name, *expected, &make(0), &mut failed)
        );
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
