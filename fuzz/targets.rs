//! What the fuzzers do with their bytes. Plain functions, so that ordinary tests run them over the corpus too.
#![allow(dead_code)] // each fuzzer takes one of them

use bytemuck::{Pod, Zeroable};
use ndarray::{ArrayD, ArrayView, IxDyn};
use ndpickle::numpy::{DType, Element};
use ndpickle::op::{Input, Slice, decode, dis};
use ndpickle::python::View;
use ndpickle::{Error, Id, Kind, Limits, NdArray, Node, Pickle, write};

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
}

/// What NumPy's objects are made of, whatever their nodes say; the ways to the elements agree with each other.
pub(crate) fn numpy(data: &[u8]) {
    let Ok(pickle) = Pickle::parse(data) else {
        return;
    };
    for row in pickle.arrays().take(1 << 10) {
        let Ok(array) = row.array else { continue };
        // The claims of a zero-size array are large, and its elements few bytes.
        if array.size() > 1 << 16 {
            continue;
        }
        look_into(&array, 0);
        if let Ok(elements) = row.node.elements() {
            assert_eq!(elements.count() as u64, array.size());
        }
        let _ = row.node.to_optional_strings().is_ok();
    }
    for visit in pickle.walk().take(1 << 12) {
        let node = visit.node;
        if let Ok(dtype) = node.dtype() {
            let text = dtype.descr();
            if let Some(again) = text.and_then(|text| text.parse::<DType>().ok()) {
                let fields = |dtype: &DType| dtype.fields().map(|fields| fields.len());
                assert!(fields(&dtype).is_none_or(|n| fields(&again) == Some(n)));
                assert!(dtype.fields().is_none() || again.itemsize() == dtype.itemsize());
            }
            let _ = (dtype.typestr(), dtype.to_string(), dtype.has_objects());
        }
        let _ = (node.dtype_metadata(), node.numpy_name(), node.scalar_type());
        let _ = node.random_kind().map(|_| node.random().is_ok());
        look_at_view(node);
    }
}

/// An array by all ways to its elements.
fn look_into(array: &NdArray<'_>, depth: usize) {
    let bytes = array.to_bytes();
    agree::<u8>(array);
    agree::<i64>(array);
    agree::<f32>(array);
    agree::<bool>(array);
    agree::<[u8; 4]>(array);
    agree::<Pair>(array);
    let cast = array.cast::<f64, IxDyn>().map(|cast| cast.len() as u64);
    assert!(cast.is_err() || cast.is_ok_and(|len| len == array.size()));
    let times = array.to_times().map(|times| times.len() as u64);
    assert!(times.is_err() || times.is_ok_and(|len| len == array.size()));
    let _ = (
        array.to_strings().is_ok(),
        array.as_datetime(),
        array.as_timedelta(),
    );
    if let Ok(bytes) = &bytes {
        assert_eq!(bytes.len() as u64, array.nbytes());
        for at in (0..array.size()).take(4) {
            let itemsize = array.dtype().itemsize() as usize;
            let element = array.flat(at).and_then(|element| element.to_bytes());
            assert_eq!(
                element.expect("an element"),
                bytes[at as usize * itemsize..][..itemsize]
            );
        }
    }
    let fields = array
        .dtype()
        .fields()
        .into_iter()
        .flat_map(|fields| fields.iter());
    for field in fields.take(8) {
        match array.field(field.name()) {
            Ok(column) if depth < 4 && column.size() <= 1 << 16 => look_into(&column, depth + 1),
            _ => {}
        }
    }
    for part in [array.mask(), array.fill_value()].into_iter().flatten() {
        if depth < 4 {
            look_into(part, depth + 1);
        }
    }
}

/// A view and a filling have the elements of a copy.
fn agree<T: Element>(array: &NdArray<'_>) {
    let same = |a: &ArrayD<T>, b: ArrayView<'_, T, IxDyn>| {
        // By their text, in which a NaN is one.
        a.shape() == b.shape()
            && a.iter()
                .zip(b)
                .all(|(a, b)| format!("{a:?}") == format!("{b:?}"))
    };
    let Ok(copy) = array.to_array::<T, IxDyn>() else {
        return;
    };
    if let Ok(view) = array.view::<T, IxDyn>() {
        assert!(same(&copy, view));
    }
    let mut filled = ArrayD::from_elem(copy.raw_dim(), T::zeros(1)[0]);
    array.read_into(filled.view_mut()).expect("the same shape");
    assert!(same(&copy, filled.view()));
}

/// A structure such as a fuzzer may find.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C, packed)]
struct Pair {
    a: i32,
    b: f64,
}

ndpickle::record!(Pair { a, b });

fn look_at_view(node: Node<'_, '_>) {
    let Some(view) = node.python() else { return };
    // What a view prints and lists is never more than the node has.
    match view {
        View::Sequence(sequence) => {
            let _ = sequence.items().take(1 << 10).count();
        }
        View::Mapping(mapping) => {
            let _ = (
                mapping.pairs().take(1 << 10).count(),
                mapping.get("a").is_some(),
            );
        }
        View::Instance(instance) => {
            let _ = (
                instance.class(),
                instance.attributes().take(1 << 10).count(),
            );
        }
        View::Bytes(bytes) | View::ByteArray(bytes) => {
            let _ = bytes.to_vec().is_ok();
        }
        _ => {
            let _ = (
                node.to_datetime().map(|at| at.to_string()),
                node.to_path().map(|path| path.to_string()),
            );
            let _ = (
                node.to_range().map(|range| range.to_string()),
                node.to_timedelta().map(|span| span.to_string()),
            );
        }
    }
}

/// What was parsed can be written, and reads back as the same value; what is written for other versions reads too.
pub(crate) fn rewrite(data: &[u8]) {
    let Ok(pickle) = Pickle::options().buffers([&b"buffer"[..]; 4]).parse(data) else {
        return;
    };
    for protocol in 0..=5 {
        let options = write::Options::new().protocol(protocol);
        for options in [
            options.clone().compat(),
            options.numpy(ndpickle::Version::NEWEST),
        ] {
            if let Ok((written, buffers)) = options.to_vec_with_buffers(&pickle) {
                let again = Pickle::options().buffers(buffers).parse(&written);
                assert!(again.is_ok(), "with buffers: {again:?} of {written:x?}");
            }
            let Ok(written) = options.to_vec(&pickle) else {
                continue;
            };
            let again = Pickle::parse(&written);
            assert!(
                again.is_ok(),
                "protocol {protocol}: {again:?} of {written:x?}"
            );
        }
    }
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

/// Edits that the bytes choose end, and so does writing what they make; what is written reads back.
pub(crate) fn edit(data: &[u8]) {
    let (Ok(pickle), Ok(other)) = (Pickle::parse(data), Pickle::parse(data)) else {
        return;
    };
    let mut state = data.iter().fold(0x9e37_79b9_7f4a_7c15_u64, |state, byte| {
        (state ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3)
    });
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below.max(1) as u64) as usize
    };
    let mut ids: Vec<Id> = pickle
        .walk()
        .take(1 << 8)
        .map(|visit| visit.node.id())
        .collect();
    let mut edit = pickle.edit();
    for _ in 0..random(24) {
        let (a, b, c) = (ids[random(ids.len())], ids[random(ids.len())], random(4));
        let _ = match random(16) {
            0 => edit.set(a, "a", b).is_ok(),
            1 => edit.set(a, b, ids[random(ids.len())]).is_ok(),
            2 => edit.remove(a, "a").is_ok(),
            3 => edit.rename(a, "a", "b").is_ok(),
            4 => edit.retain(a, |key, _| key.as_str().is_none()).is_ok(),
            5 => edit.push(a, b).is_ok(),
            6 => edit.insert(a, c, b).is_ok(),
            7 => edit.set_item(a, c, b).is_ok(),
            8 => edit.remove_item(a, c).is_ok(),
            9 => edit.set_attribute(a, "a", b).is_ok(),
            10 => edit.set_state(a, b).is_ok(),
            11 => edit.set_args(a, b).is_ok(),
            12 => edit.replace(a, b).is_ok(),
            13 => edit.set_root(a).is_ok(),
            14 => edit.builder().list(&[a, b]).map(|id| ids.push(id)).is_ok(),
            _ => {
                let walk = other.walk().nth(random(8));
                let node = walk.map_or(other.root(), |visit| visit.node);
                edit.import(node).map(|id| ids.push(id)).is_ok()
            }
        };
    }
    let Ok(edited) = edit.finish() else { return };
    for options in [write::Options::new(), write::Options::new().protocol(5)] {
        let Ok(written) = options.to_vec(&edited) else {
            continue;
        };
        let again = Pickle::parse(&written);
        assert!(again.is_ok(), "{again:?} of {written:x?}");
    }
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
