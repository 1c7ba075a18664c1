//! Times of a call and of the drop of its result, and their medians.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// One run. The drop is kept apart: CPython's times are taken in the same way.
#[derive(Clone, Copy)]
pub struct Sample {
    pub work: Duration,
    pub drop: Duration,
}

/// Runs once.
pub fn timed<T>(work: impl FnOnce() -> T) -> Sample {
    let start = Instant::now();
    let result = black_box(work());
    let made = Instant::now();
    drop(result);
    Sample {
        work: made - start,
        drop: made.elapsed(),
    }
}

/// The medians of both times.
pub fn median(samples: &[Sample]) -> Option<Sample> {
    let middle = |pick: fn(&Sample) -> Duration| {
        let mut times: Vec<Duration> = samples.iter().map(pick).collect();
        times.sort_unstable();
        times.get(times.len() / 2).copied()
    };
    Some(Sample {
        work: middle(|sample| sample.work)?,
        drop: middle(|sample| sample.drop)?,
    })
}

/// Peak resident memory of this process so far, in KiB; the same field is read in Python.
pub fn peak_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
