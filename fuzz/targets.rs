//! What the fuzzers do with their bytes. Plain functions, so that ordinary tests run them over the corpus too.
#![allow(dead_code)] // each fuzzer takes one of them

use ndarray::IxDyn;
use ndpickle::op::{Input, Slice, decode, dis};
use ndpickle::{Error, Kind, Limits, Node, Pickle, write};

/// Decoding and encoding is the identity on whatever decodes; disassembly ends.
pub(crate) fn lex(data: &[u8]) {
    let mut input = Slice::new(data);
    let mut encoded = Vec::new();
    while let Ok(op) = decode(&mut input) {
        op.encode(&mut encoded);
        let end = input.position() as usize;
        assert_eq!(encoded, data[..end], "{:?}", op.code());
    }
    let _ = dis::dis(data, &mut std::io::sink());
}

/// Parsing ends, in one way, however the bytes are read; so does everything that looks at the result.
pub(crate) fn parse(data: &[u8]) {
    let options = || Pickle::options().limits(Limits::default());
    let slice = options().parse(data);
    let stream = options().read(OneByOne(data));
    let stored = options().read_at(std::sync::Arc::new(data.to_vec()), 0..data.len() as u64);
    let facts = |result: &Result<Pickle<'_>, Error>| match result {
        Ok(pickle) => format!(
            "{:?} {} {} {:?}",
            pickle.root(),
            pickle.len(),
            pickle.end(),
            pickle.dialect()
        ),
        Err(error) => error.to_string(),
    };
    assert_eq!(facts(&slice), facts(&stream));
    assert_eq!(facts(&slice), facts(&stored));
    let Ok(pickle) = slice else { return };
    for visit in pickle.walk().take(1 << 16) {
        look_at(visit.node);
    }
    for row in pickle.arrays().take(1 << 12) {
        let Ok(array) = row.array else { continue };
        let _ = (
            array.view::<f64, IxDyn>().is_ok(),
            array.view::<u8, IxDyn>().is_ok(),
            array.view::<bool, IxDyn>().is_ok(),
        );
        let _ = (
            array.to_array::<i32, IxDyn>().is_ok(),
            array.cast::<f32, IxDyn>().is_ok(),
            array.to_bytes().is_ok(),
        );
    }
}

/// What was parsed can be written, and reads back as the same value.
pub(crate) fn rewrite(data: &[u8]) {
    let Ok(pickle) = Pickle::parse(data) else {
        return;
    };
    let Ok(written) = write::Options::new().to_vec(&pickle) else {
        return;
    };
    let again = match Pickle::parse(&written) {
        Ok(again) => again,
        Err(error) => panic!("what was written does not read: {error}: {written:x?}"),
    };
    if pickle.walk().any(|visit| {
        visit
            .node
            .popped()
            .chain(visit.node.popped_before())
            .next()
            .is_some()
    }) {
        // Where it hangs may change in pickles that no pickler writes; that nothing is lost may not.
        let names = |pickle: &Pickle<'_>| {
            let globals = pickle.walk().filter_map(|visit| visit.node.global());
            globals
                .map(|global| global.to_string())
                .collect::<std::collections::BTreeSet<_>>()
        };
        return assert_eq!(names(&pickle), names(&again), "{written:x?}");
    }
    let (before, after) = (dump(&pickle), dump(&again));
    let differs = before
        .iter()
        .zip(&after)
        .find(|(before, after)| before != after);
    assert!(
        differs.is_none() && before.len() == after.len(),
        "{differs:?} in {written:x?}"
    );
}

/// The graph as text that is equal for equal graphs: every node once, numbers in place of those it holds. Numbers and
/// `()` have no identity in Python's picklers and stand where they are used.
fn dump(pickle: &Pickle<'_>) -> Vec<String> {
    let mut numbers = std::collections::HashMap::from([(pickle.root().id(), 0)]);
    let mut queue = vec![pickle.root()];
    let mut lines = Vec::new();
    while let Some(node) = queue.get(lines.len()).copied() {
        let mut line = facts(node);
        let persistent = node.persistent_id().filter(|id| *id != node);
        let parts = [node.callable(), node.args(), node.kwargs(), persistent];
        let lists = [
            node.popped_before(),
            node.items(),
            node.states(),
            node.popped(),
        ];
        let pairs = node.pairs().flat_map(|(key, value)| [key, value]);
        for part in parts
            .into_iter()
            .flatten()
            .chain(lists.into_iter().flatten())
            .chain(pairs)
        {
            let next = numbers.len();
            let is_unit = part.kind() == Kind::Tuple && part.is_empty();
            if is_unit
                || matches!(
                    part.kind(),
                    Kind::Int | Kind::Float | Kind::Bool | Kind::None
                )
            {
                line += &format!(" {}", facts(part));
            } else if let Some(number) = numbers.get(&part.id()) {
                line += &format!(" #{number}");
            } else {
                line += &format!(" #{next}");
                numbers.insert(part.id(), next);
                queue.push(part);
            }
        }
        lines.push(line);
    }
    lines
}

/// What makes a node equal to another one, without its parts. A float is its bits but for those of a NaN, which text loses.
fn facts(node: Node<'_, '_>) -> String {
    let bytes = node.payload().and_then(|payload| payload.to_vec().ok());
    let float = node
        .as_f64()
        .filter(|value| !value.is_nan())
        .map(f64::to_bits);
    let (value, name) = (
        (node.as_bool(), node.to_bigint(), float),
        (node.global(), node.constructor()),
    );
    let rest = (node.extension(), node.buffer(), node.len());
    format!("{:?} {bytes:x?} {value:?} {name:?} {rest:?}", node.kind())
}

fn look_at(node: Node<'_, '_>) {
    let _ = (
        node.as_str(),
        node.text().is_ok(),
        node.as_u64(),
        node.get("a").is_some(),
        node.get(1).is_some(),
    );
    let _ = (
        node.class(),
        node.origin(),
        node.items().count(),
        node.pairs().count(),
        node.states().count(),
    );
}

/// A stream that gives one byte at a time.
struct OneByOne<'a>(&'a [u8]);

impl std::io::Read for OneByOne<'_> {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        let n = self.0.len().min(buf.len()).min(1);
        buf[..n].copy_from_slice(&self.0[..n]);
        self.0 = &self.0[n..];
        Ok(n)
    }
}

impl std::io::BufRead for OneByOne<'_> {
    fn fill_buf(&mut self) -> std::io::Result<&[u8]> {
        Ok(&self.0[..self.0.len().min(1)])
    }

    fn consume(&mut self, n: usize) {
        self.0 = &self.0[n..];
    }
}
