//! Properties of pickles that strategies make.

use std::collections::HashSet;

use ndarray::{ArrayD, IxDyn};
use ndpickle::half::{bf16, f16};
use ndpickle::num_complex::Complex;
use ndpickle::numpy::{ArrayKind, Element, ElementKind};
use ndpickle::op::{Code, Slice, decode};
use ndpickle::{
    Builder, Category, Flavour, Id, Kind, NdArray, Node, Pickle, Value, strategy, write,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::json;

use super::hex::hex;
use super::live;
use super::value::newest;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/live/strategies.py");

fn written(pickle: &Pickle<'_>) -> Vec<u8> {
    write::Options::new().to_vec(pickle).expect("room")
}

/// What is written of a stream; `None` where its out-of-band buffers, which have no names, would come in another order.
fn written_in_order(pickle: &Pickle<'_>) -> Option<Vec<u8>> {
    match write::Options::new().to_vec(pickle) {
        Ok(bytes) => Some(bytes),
        Err(error) => {
            let what = "the out-of-band buffers would change their order";
            assert_eq!(error.to_string(), what);
            assert!(pickle.walk().any(|visit| visit.node.kind() == Kind::Buffer));
            None
        }
    }
}

/// The same samples in every run.
fn samples<T: std::fmt::Debug>(strategy: impl Strategy<Value = T>, count: usize) -> Vec<T> {
    let mut runner = TestRunner::deterministic();
    let sample = |_| strategy.new_tree(&mut runner).expect("a sample").current();
    (0..count).map(sample).collect()
}

fn codes(bytes: &[u8]) -> Vec<Code> {
    let mut input = Slice::new(bytes);
    let next = || decode(&mut input).ok().map(|op| op.code());
    std::iter::from_fn(next).collect()
}

/// Each node of a document once: what it is, and which nodes it holds, by the order in which they are met. Two documents with the same
/// list are the same but for what they are spelled with.
fn shape(pickle: &Pickle<'_>) -> Vec<String> {
    let (mut places, mut todo) = (std::collections::HashMap::new(), vec![pickle.root()]);
    let mut met: Vec<Node<'_, '_>> = Vec::new();
    while let Some(node) = todo.pop() {
        if places.contains_key(&node.id()) {
            continue;
        }
        places.insert(node.id(), places.len());
        met.push(node);
        let mut parts = parts(node);
        parts.reverse();
        todo.extend(parts.into_iter().filter(|part| !is_number(*part)));
    }
    // Numbers have no identity: picklers write them wherever they are met.
    let number = |node: Node<'_, '_>| {
        let float = node.as_f64().map(f64::to_bits);
        let (kind, bool, int) = (node.kind(), node.as_bool(), node.to_bigint());
        format!("{kind:?} {bool:?} {int:?} {float:?}")
    };
    let place = |node: Node<'_, '_>| match is_number(node) {
        true => number(node),
        false => places[&node.id()].to_string(),
    };
    let tell = |node: &Node<'_, '_>| {
        let leaf = number(*node);
        let bytes = node
            .payload()
            .map(|payload| payload.to_vec().expect("in memory"));
        let parts: Vec<String> = parts(*node).into_iter().map(place).collect();
        let name = node.global().map(|global| global.to_string());
        format!(
            "{:?} {leaf:?} {bytes:?} {name:?} {:?} {parts:?}",
            node.kind(),
            node.constructor()
        )
    };
    met.iter().map(tell).collect()
}

/// Whether no identity is kept of a node: there is one empty tuple.
fn is_number(node: Node<'_, '_>) -> bool {
    match node.kind() {
        Kind::Tuple => node.is_empty(),
        kind => matches!(kind, Kind::None | Kind::Bool | Kind::Int | Kind::Float),
    }
}

fn parts<'p, 'a>(node: Node<'p, 'a>) -> Vec<Node<'p, 'a>> {
    let single = [node.callable(), node.args(), node.kwargs()];
    let pairs = node.pairs().flat_map(|(key, value)| [key, value]);
    let pid = node.persistent_id().filter(|pid| *pid != node);
    (single.into_iter().flatten().chain(pid))
        .chain(node.items().chain(pairs).chain(node.states()))
        .chain(node.popped_before().chain(node.popped()))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1024) })]

    /// What is right by construction is read, and what is written of it is the same document, and written the same.
    #[test]
    fn streams_are_pickles(bytes in strategy::streams()) {
        let pickle = Pickle::parse(&bytes).expect("a pickle");
        let Some(first) = written_in_order(&pickle) else { return Ok(()) };
        let again = Pickle::parse(&first).expect("a pickle");
        prop_assert_eq!(shape(&again), shape(&pickle));
        // What told the pickler may be an opcode that is not written again, such as MEMOIZE behind a number.
        if again.dialect() == pickle.dialect() {
            prop_assert_eq!(written(&again), &first[..]);
        } else {
            let second = written(&again);
            let third = Pickle::parse(&second).expect("a pickle");
            prop_assert_eq!(shape(&third), shape(&pickle));
        }
    }

    /// What is broken is refused with an error that says where, or it is some pickle, of which all may be asked.
    #[test]
    fn mutated_streams_do_no_harm(bytes in strategy::mutated_streams()) {
        let pickle = match Pickle::parse(&bytes) {
            Ok(pickle) => pickle,
            Err(error) => {
                prop_assert!(error.offset().is_some_and(|offset| offset <= bytes.len() as u64), "{}", error);
                prop_assert!(
                    matches!(error.category(), Category::Eof | Category::Syntax | Category::Limit | Category::Data),
                    "{}", error
                );
                return Ok(());
            }
        };
        for visit in pickle.walk() {
            let _ = (visit.node.python(), visit.node.array(), visit.node.dtype(), visit.node.text());
        }
        // What is broken may have no spelling: a str that is no UTF-8 in protocol 0.
        let first = match write::Options::new().to_vec(&pickle) {
            Ok(first) => first,
            Err(error) => {
                prop_assert_eq!(error.category(), Category::Unsupported, "{}", error);
                return Ok(());
            }
        };
        let again = Pickle::parse(&first).expect("a pickle");
        prop_assert_eq!(written(&again), &first[..]);
        for protocol in [0, 2, 4, 5] {
            // Not everything has a spelling in every protocol.
            let _ = write::Options::new().protocol(protocol).to_vec(&pickle);
        }
        match Value::from_node(pickle.root()) {
            Ok(value) => prop_assert_eq!(&value.clone(), &value),
            Err(error) => prop_assert!(error.path().is_some(), "{}", error),
        }
    }

    /// Sharing and cycles are those that were made.
    #[test]
    fn documents_come_back(pickle in strategy::documents()) {
        let first = written(&pickle);
        let again = Pickle::parse(&first).expect("a pickle");
        prop_assert_eq!(written(&again), &first[..]);
    }

    /// A tree that a document has is the one that is written of it; a cycle is an error.
    #[test]
    fn trees_of_documents(pickle in strategy::documents()) {
        match Value::from_node(pickle.root()) {
            Ok(value) => {
                let flavour = newest(pickle.protocol());
                let bytes = written(&value.to_pickle(flavour)?);
                let again = Pickle::parse(&bytes)?;
                prop_assert_eq!(Value::from_node(again.root())?, value);
            }
            Err(error) => {
                prop_assert!(error.to_string().contains("contains itself"), "{}", error);
                prop_assert!(error.path().is_some());
            }
        }
    }

    #[test]
    fn values_come_back(value in strategy::values(), flavour in strategy::flavours()) {
        let bytes = written(&value.to_pickle(flavour)?);
        let pickle = Pickle::parse(&bytes)?;
        prop_assert_eq!(Value::from_node(pickle.root())?, value);
    }

    /// Dtype, shape, class and elements of arrays are those that were written.
    #[test]
    fn arrays_come_back(array in strategy::arrays(), flavour in strategy::flavours()) {
        let mut builder = Builder::new(flavour);
        let root = builder.array(&array)?;
        let bytes = written(&builder.finish(root)?);
        let pickle = Pickle::parse(&bytes)?;
        let again = pickle.root().array()?;
        prop_assert_eq!(again.dtype(), array.dtype());
        prop_assert_eq!(again.shape(), array.shape());
        prop_assert_eq!(again.kind(), array.kind());
        prop_assert_eq!(again.to_bytes()?, array.to_bytes()?);
        let mask = |array: &NdArray<'_>| array.mask().map(NdArray::to_bytes).transpose();
        prop_assert_eq!(mask(&again)?, mask(&array)?);
        // What is asked of an array does not depend on where its elements are.
        let owned = again.into_owned()?;
        prop_assert_eq!(owned.to_bytes()?, array.to_bytes()?);
        if let (Ok(ours), Ok(theirs)) = (owned.cast::<f64, IxDyn>(), array.cast::<f64, IxDyn>()) {
            prop_assert!(ours.iter().map(|x| x.to_bits()).eq(theirs.iter().map(|x| x.to_bits())));
        }
    }

    #[test]
    fn dtypes_come_back(dtype in strategy::dtypes(), flavour in strategy::flavours()) {
        let mut builder = Builder::new(flavour);
        let root: Id = builder.dtype(&dtype)?;
        let bytes = written(&builder.finish(root)?);
        prop_assert_eq!(Pickle::parse(&bytes)?.root().dtype()?, dtype);
    }
}

/// Elements by their bytes: NaN is what it is.
#[track_caller]
fn check_elements<T: Element>() {
    let config = ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(200)
    };
    let mut runner = TestRunner::new(config);
    let strategy = (strategy::arrays_of::<T>(), strategy::flavours());
    let result = runner.run(&strategy, |(array, flavour): (ArrayD<T>, Flavour)| {
        let mut builder = Builder::new(flavour);
        let root = builder.array(&array)?;
        let bytes = written(&builder.finish(root)?);
        let pickle = Pickle::parse(&bytes)?;
        let again: ArrayD<T> = pickle.root().array()?.to_array()?;
        let flat = |array: &ArrayD<T>| {
            array
                .iter()
                .flat_map(|x| T::bytes(&[*x]).to_vec())
                .collect::<Vec<u8>>()
        };
        prop_assert_eq!(again.shape(), array.shape());
        prop_assert_eq!(flat(&again), flat(&array));
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{}: {error}", std::any::type_name::<T>()));
}

#[test]
fn elements_of_every_type_come_back() {
    check_elements::<bool>();
    check_elements::<i8>();
    check_elements::<i16>();
    check_elements::<i32>();
    check_elements::<i64>();
    check_elements::<u8>();
    check_elements::<u16>();
    check_elements::<u32>();
    check_elements::<u64>();
    check_elements::<f16>();
    check_elements::<bf16>();
    check_elements::<f32>();
    check_elements::<f64>();
    check_elements::<Complex<f32>>();
    check_elements::<Complex<f64>>();
    check_elements::<[u8; 5]>();
}

/// Strategies come to everything that they are about.
#[test]
fn strategies_are_wide() {
    let streams = samples(strategy::streams(), 2000);
    let seen: HashSet<Code> = streams.iter().flat_map(|bytes| codes(bytes)).collect();
    let missing: Vec<Code> = Code::ALL
        .into_iter()
        .filter(|code| !seen.contains(code))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");

    let mutated = samples(strategy::mutated_streams(), 2000);
    let read = mutated
        .iter()
        .filter(|bytes| Pickle::parse(bytes).is_ok())
        .count();
    assert!((200..1800).contains(&read), "{read} of 2000 are pickles");

    let documents = samples(strategy::documents(), 300);
    let trees = documents
        .iter()
        .map(|pickle| Value::from_node(pickle.root()));
    let cyclic = trees.filter(Result::is_err).count();
    assert!((30..270).contains(&cyclic), "{cyclic} of 300 have cycles");
    let protocols: HashSet<u8> = documents.iter().map(Pickle::protocol).collect();
    assert_eq!(protocols.len(), 6);

    let dtypes = samples(strategy::dtypes(), 1000);
    let kinds: HashSet<ElementKind> = dtypes.iter().map(|dtype| dtype.kind()).collect();
    for kind in [
        ElementKind::Bool,
        ElementKind::Int,
        ElementKind::UInt,
        ElementKind::Float,
        ElementKind::Complex,
        ElementKind::BFloat16,
        ElementKind::Bytes,
        ElementKind::Str,
        ElementKind::Void,
        ElementKind::DateTime,
        ElementKind::TimeDelta,
        ElementKind::Struct,
    ] {
        assert!(kinds.contains(&kind), "{kind:?}");
    }
    let has_subarray = |dtype: &ndpickle::numpy::DType| {
        let fields = dtype.fields().map(|fields| fields.iter());
        fields
            .into_iter()
            .flatten()
            .any(|field| field.dtype().subarray().is_some())
    };
    assert!(dtypes.iter().any(has_subarray));
    assert!(dtypes.iter().any(|dtype| !dtype.is_native()));

    let arrays = samples(strategy::arrays(), 1000);
    let kinds: HashSet<ArrayKind> = arrays.iter().map(NdArray::kind).collect();
    assert_eq!(kinds.len(), 6, "{kinds:?}");
    let orders: HashSet<_> = arrays.iter().map(NdArray::order).collect();
    assert_eq!(orders.len(), 3);
    assert!(arrays.iter().any(|array| array.size() == 0));

    let values = samples(strategy::values(), 1000);
    let mut todo: Vec<&Value> = values.iter().collect();
    let mut kinds = HashSet::new();
    while let Some(value) = todo.pop() {
        kinds.insert(std::mem::discriminant(value));
        todo.extend(
            value
                .items()
                .iter()
                .chain(value.pairs().iter().flat_map(|(a, b)| [a, b])),
        );
    }
    // All but persistent ids and extension codes.
    assert_eq!(kinds.len(), 20);
}

/// Both unpicklers of Python load streams, as the values that they load from what is written of them.
#[test]
fn python_loads_streams() {
    let Some(python) = live::python() else { return };
    let pickles: Vec<_> = samples(strategy::streams(), 1500)
        .iter()
        .map(|bytes| {
            let pickle = Pickle::parse(bytes).expect("a pickle");
            let written = written_in_order(&pickle).map(|bytes| hex(&bytes));
            let all: Vec<String> = [hex(bytes)].into_iter().chain(written).collect();
            json!({"name": "stream", "both": true, "pickles": all})
        })
        .collect();
    live::loads(&python, SCRIPT, &pickles);
}

/// Python loads one value from a document, and from what is written of it for other protocols.
#[test]
fn python_loads_documents() {
    let Some(python) = live::python() else { return };
    let pickles: Vec<_> = samples(strategy::documents(), 500)
        .iter()
        .map(|pickle| {
            let mut all = vec![hex(&written(pickle))];
            for protocol in [0, 2, 4, 5] {
                let options = write::Options::new().protocol(protocol);
                all.extend(options.to_vec(pickle).ok().map(|bytes| hex(&bytes)));
            }
            json!({"name": "document", "both": false, "pickles": all})
        })
        .collect();
    live::loads(&python, SCRIPT, &pickles);
}

/// Python loads one value, whatever the protocol.
#[test]
fn python_loads_values() {
    let Some(python) = live::python() else { return };
    let pickles: Vec<_> = samples(strategy::values(), 800)
        .iter()
        .filter(|value| !is_beyond(value))
        .map(|value| {
            let written = |protocol| {
                hex(&written(
                    &value.to_pickle(newest(protocol)).expect("a document"),
                ))
            };
            let all: Vec<String> = (0..=5).map(written).collect();
            json!({"name": "value", "both": false, "pickles": all})
        })
        .collect();
    assert!(pickles.len() > 300);
    live::loads(&python, SCRIPT, &pickles);
}

/// Whether a value has types of a package that is not there, or strs of Python 2 that are no UTF-8.
fn is_beyond(value: &Value) -> bool {
    let pickle = value.to_pickle(newest(2)).expect("a document");
    let is_odd = |node: Node<'_, '_>| match node.kind() {
        Kind::Py2Str => {
            let bytes = node.payload().expect("bytes").to_vec().expect("in memory");
            std::str::from_utf8(&bytes).is_err()
        }
        Kind::Global => node
            .global()
            .is_some_and(|global| global.module == "ml_dtypes"),
        _ => false,
    };
    pickle.walk().any(|visit| is_odd(visit.node))
}
