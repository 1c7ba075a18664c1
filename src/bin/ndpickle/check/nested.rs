//! Pickles inside of byte strings: `pickle.loads` of one is a call that looks harmless from outside.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;

use ndpickle::{Category, Kind, Node, Payload, Pickle, ReadAt, Walk};

use super::broken;
use super::report::Report;

/// How deep pickles are looked for inside of each other. Each level is at most as long as the one around it, and so the
/// work is at most so many times that of reading the file.
const DEPTH: usize = 16;

/// What is read of a stored byte string to see whether it can be a pickle at all.
const GLANCE: u64 = 1 << 16;

/// A byte string that is, or begins like, a pickle.
struct Candidate<'a> {
    storage: Arc<dyn ReadAt + 'a>,
    range: Range<u64>,
    /// Whether it begins as only pickles do.
    has_proto: bool,
    place: String,
    depth: usize,
}

#[derive(Default)]
pub(crate) struct Queue<'a> {
    waiting: VecDeque<Candidate<'a>>,
    too_deep: bool,
}

impl<'a> Queue<'a> {
    /// Looks at all byte strings below a node.
    pub(crate) fn look(
        &mut self,
        root: Node<'_, 'a>,
        base: u64,
        place: &str,
        depth: usize,
        report: &mut Report,
    ) {
        for visit in Walk::new(root) {
            report.add_node(visit.node, base, place);
            let Some(payload) = payload(visit.node) else {
                continue;
            };
            let Some(has_proto) = begins_like_one(&payload) else {
                continue;
            };
            if depth > DEPTH {
                self.too_deep = true;
                return;
            }
            let Some((storage, range)) = stored(payload) else {
                continue;
            };
            self.waiting.push_back(Candidate {
                storage,
                range,
                has_proto,
                place: format!("{place}, in the pickle at {}", base + visit.node.offset()),
                depth,
            });
        }
    }

    /// Looks into what was found, and what is found there; whether some of it was too deep.
    pub(crate) fn run(&mut self, report: &mut Report) -> bool {
        while let Some(candidate) = self.waiting.pop_front() {
            let (storage, range) = (Arc::clone(&candidate.storage), candidate.range.clone());
            match Pickle::options().read_at(storage, range.clone()) {
                Ok(pickle) => {
                    report.add_pickle(&pickle, 0, &candidate.place);
                    self.look(
                        pickle.root(),
                        0,
                        &candidate.place,
                        candidate.depth + 1,
                        report,
                    );
                }
                Err(_) if candidate.has_proto => {
                    broken::scan(&*candidate.storage, range, 0, report, &candidate.place);
                }
                Err(_) => {}
            }
        }
        self.too_deep
    }
}

/// The bytes that a node may stand for. Text counts too: protocols 0 to 2 of Python 3 spell bytes as the characters of the
/// same numbers.
fn payload<'a>(node: Node<'_, 'a>) -> Option<Payload<'a>> {
    match node.kind() {
        Kind::Bytes | Kind::ByteArray | Kind::Py2Str => node.payload(),
        Kind::Str => {
            let payload = node.payload()?;
            let mut start = [0; 2];
            let known = start.len().min(usize::try_from(payload.len()).ok()?);
            payload.read_at(&mut start[..known], 0).ok()?;
            if start != [0xc2, 0x80] {
                return Some(payload);
            }
            let text = node.text().ok()?;
            let bytes: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(c).ok()).collect();
            let bytes = bytes?;
            let len = bytes.len();
            Some(Payload::Shared(Arc::new(bytes), 0..len))
        }
        _ => None,
    }
}

/// Whether a byte string begins with PROTO; `None` if it cannot be a pickle that names anything.
fn begins_like_one(payload: &Payload<'_>) -> Option<bool> {
    let mut buffer = Vec::new();
    let start = match payload.as_slice() {
        Some(bytes) => bytes,
        None => {
            buffer.resize(payload.len().min(GLANCE) as usize, 0);
            payload.read_at(&mut buffer, 0).ok()?;
            &buffer
        }
    };
    if matches!(start, [0x80, 0..=5, _, ..]) {
        return Some(true);
    }
    // A name is two lines behind GLOBAL or INST, or it is STACK_GLOBAL. Nearly all strings are done with here.
    let has = |byte: &u8| start.contains(byte);
    if !(has(&b'\n') && (has(&b'c') || has(&b'i')) || has(&0x93)) {
        return None;
    }
    match Pickle::parse(start) {
        Ok(pickle) => pickle.globals().next().map(|_| false),
        Err(error) => {
            let cut = (start.len() as u64) < payload.len();
            (cut && error.category() == Category::Eof).then_some(false)
        }
    }
}

/// The bytes as something that can be read at any place.
fn stored(payload: Payload<'_>) -> Option<(Arc<dyn ReadAt + '_>, Range<u64>)> {
    match payload {
        Payload::At(storage, range) => Some((storage, range)),
        _ => {
            let bytes = payload.to_vec().ok()?;
            let len = bytes.len() as u64;
            Some((Arc::new(bytes), 0..len))
        }
    }
}
