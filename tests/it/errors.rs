//! Pickles that are cut short or damaged: an error with its place, the same one however the bytes are read.

use std::collections::HashSet;

use ndpickle::op::{Code, Op, Slice, decode};
use ndpickle::{Category, Options, write};

use super::dump;
use super::manifest::manifest;
use super::sources::alike;

/// Pickles with the opcodes that no file of the corpus has.
const RARE: &[&[u8]] = &[
    b"\x80\x02\x82\x05.",
    b"\x80\x02\x83\x05\x01.",
    b"\x80\x02\x84\x05\x01\x01\x00.",
    b"(K\x01K\x021N.",
    b"K\x01K\x020.",
    b"]2\x86.",
    b"\x80\x05\x97\x98.",
    b"\x80\x04\x8d\x03\0\0\0\0\0\0\0abc\x8e\x02\0\0\0\0\0\0\0de\x86.",
    b"\x80\x05\x96\x03\0\0\0\0\0\0\0abc.",
    b"\x80\x02\x8b\x02\0\0\0\x05\0.",
    b"((I1\nI2\nlq\x05h\x05(I3\nI4\ndt.",
    b"Pname\n.",
    b"U\x02idQ.",
    b"T\x02\0\0\0idrp\x11\x01\0jp\x11\x01\0\x86.",
    b"(K\x01imodels\nOld\n.",
];

fn ops(bytes: &[u8]) -> impl Iterator<Item = (u64, Op<&[u8]>)> {
    let mut input = Slice::new(bytes);
    std::iter::from_fn(move || {
        let at = ndpickle::op::Input::position(&input);
        (at < bytes.len() as u64).then(|| (at, decode(&mut input).expect("a whole opcode")))
    })
}

/// Files for the tests of this module: small ones that have every opcode between them, and some of any kind.
fn sample() -> Vec<(String, Vec<u8>)> {
    let mut entries: Vec<_> = manifest().entries.iter().collect();
    entries.sort_by_key(|entry| entry.bytes.len());
    let (mut sample, mut seen) = (Vec::new(), HashSet::new());
    for (n, entry) in entries.into_iter().enumerate() {
        let bytes = entry.pickles();
        // `insert` is asked about every opcode, so that all are noted.
        let new = ops(bytes).filter(|(_, op)| seen.insert(op.code())).count();
        let some = n % 25 == 0 && bytes.len() < 4000;
        if entry.number("pickles") == 1 && (new > 0 || some) {
            sample.push((entry.name().to_owned(), bytes.to_vec()));
        }
    }
    for bytes in RARE {
        seen.extend(ops(bytes).map(|(_, op)| op.code()));
        sample.push((bytes.escape_ascii().to_string(), bytes.to_vec()));
    }
    let missing: Vec<Code> = Code::ALL
        .into_iter()
        .filter(|code| !seen.contains(code))
        .collect();
    assert!(missing.is_empty(), "no file has {missing:?}");
    sample
}

/// Where a pickle that was cut at `end` must be said to be at fault: at the outermost frame that is cut, else at the opcode
/// that is.
fn fault(
    ops: &[(u64, Op<&[u8]>)],
    whole: usize,
    end: usize,
) -> (Option<u64>, Option<&'static str>) {
    let mut frame: (u64, u64) = (0, 0);
    let mut next = ops.iter().skip(1).map(|(at, _)| *at).chain([whole as u64]);
    for (at, op) in ops {
        let behind = next.next().unwrap_or(whole as u64);
        if behind > end as u64 {
            return match (frame.1 > *at, *at == end as u64) {
                (true, _) => (Some(frame.0), Some("FRAME")),
                (false, true) => (Some(*at), None),
                (false, false) => (Some(*at), Some(op.code().name())),
            };
        }
        if let Op::Frame(len) = op
            && behind + len > frame.1
        {
            frame = (*at, behind + len);
        }
    }
    panic!("not cut at {end}");
}

#[test]
fn every_prefix_is_an_eof_error() {
    for (name, bytes) in sample() {
        let ops: Vec<_> = ops(&bytes).collect();
        let step = if bytes.len() <= 400 { 1 } else { 97 };
        for end in (0..bytes.len()).step_by(step) {
            let what = format!("{name} cut at {end}");
            let error = alike(&what, &bytes[..end], Options::new).expect_err(&what);
            assert_eq!(error.category(), Category::Eof, "{what}: {error}");
            let found = (error.offset(), error.opcode());
            assert_eq!(found, fault(&ops, bytes.len(), end), "{what}: {error}");
        }
    }
}

/// Numbers that are the same in every run.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(crate) fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % n.max(1)
    }
}

/// The bytes with a few of them changed, cut out, or put twice.
fn mutant(bytes: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..=random.below(3) {
        let at = random.below(bytes.len());
        let n = random.below(9).min(bytes.len() - at);
        match random.below(5) {
            0 => bytes[at] = random.below(256) as u8,
            1 => bytes[at] = Code::ALL[random.below(68)].byte(),
            2 => bytes.insert(at, Code::ALL[random.below(68)].byte()),
            3 if bytes.len() > n + 1 => drop(bytes.drain(at..at + n)),
            _ => {
                let piece = bytes[at..at + n].to_vec();
                let to = random.below(bytes.len());
                bytes.splice(to..to, piece);
            }
        }
    }
    bytes
}

fn each_mutant(count: usize, mut check: impl FnMut(&str, &[u8])) {
    for (n, (name, bytes)) in sample().into_iter().enumerate() {
        if bytes.len() > 4000 {
            continue;
        }
        for seed in 0..count {
            let mutant = mutant(&bytes, &mut Random::new((n * 1000 + seed) as u64));
            check(
                &format!("{name}, mutant {seed}: {}", mutant.escape_ascii()),
                &mutant,
            );
        }
    }
}

#[test]
fn damage_is_read_alike() {
    let (mut good, mut bad) = (0, 0);
    each_mutant(60, |what, bytes| match alike(what, bytes, Options::new) {
        Ok(_) => good += 1,
        Err(error) => {
            assert!(
                error.offset().is_some_and(|at| at <= bytes.len() as u64),
                "{what}: {error}"
            );
            bad += 1;
        }
    });
    assert!(good > 500 && bad > 500, "{good} read, {bad} did not");
}

/// Whatever can be read can be looked at and written, and is the same value then.
#[test]
fn damaged_values_come_back() {
    let (mut same, mut unsupported) = (0, 0);
    each_mutant(120, |what, bytes| {
        let Ok(pickle) = ndpickle::Pickle::parse(bytes) else {
            return;
        };
        for row in pickle.arrays() {
            let array = row.array.ok().filter(|array| array.nbytes() < 1 << 20);
            drop(array.map(|array| array.to_bytes()));
        }
        assert!(pickle.walk().count() > 0, "{what}");
        match write::Options::new().to_vec(&pickle) {
            Ok(written) => {
                let again = ndpickle::Pickle::parse(&written);
                let again = again
                    .unwrap_or_else(|error| panic!("{what}\n{}\n{error}", written.escape_ascii()));
                let (a, b) = (dump::value(&pickle), dump::value(&again));
                let difference = || dump::difference(&a, &b);
                assert!(
                    a == b,
                    "{what}\n{}\n{}",
                    written.escape_ascii(),
                    difference()
                );
                same += 1;
            }
            Err(error) => {
                assert_eq!(error.category(), Category::Unsupported, "{what}: {error}");
                unsupported += 1;
            }
        }
    });
    assert!(same > 500, "{same} the same, {unsupported} unsupported");
}
