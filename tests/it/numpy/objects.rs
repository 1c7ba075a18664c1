//! Arrays of Python objects, whose elements are nodes.

use ndpickle::numpy::ElementKind;
use ndpickle::{Category, Kind, Node, Pickle};
use serde_json::{Value, json};

use super::cases;

/// As the script has it: tuples as lists, an array as its name.
fn plain(node: Node<'_, '_>) -> Value {
    match node.kind() {
        Kind::Tuple => node.items().map(plain).collect(),
        Kind::Int => node.as_i64().into(),
        Kind::Float => node.as_f64().into(),
        Kind::Str => node.as_str().into(),
        Kind::None => Value::Null,
        _ if node.array_kind().is_some() => "ndarray".into(),
        kind => format!("{kind:?}").into(),
    }
}

#[test]
fn objects_are_those_of_numpy() {
    let Some(cases) = cases("objects.py", &[]) else {
        return;
    };
    assert_eq!(cases.len(), 17);
    for case in &cases {
        for (protocol, bytes) in case.pickles.iter().enumerate() {
            let name = format!("{}, protocol {protocol}", case.name());
            let pickle = Pickle::parse(bytes).expect(&name);
            let root = pickle.root();
            let array = root.array().expect(&name);
            assert_eq!(json!(array.shape()), case.told["shape"], "{name}");
            let found: Value = root.elements().expect(&name).map(plain).collect();
            assert_eq!(found, case.told["elements"], "{name}");
            assert!(
                array.dtype().has_objects() && array.payload().is_none(),
                "{name}"
            );
            assert_eq!(
                array.nbytes(),
                array.size() * array.dtype().itemsize(),
                "{name}"
            );
            let refused = [
                array.to_bytes().map(drop),
                array.flat(0).map(drop),
                array.field("x").map(drop),
            ];
            for error in refused.map(|result| result.expect_err(&name)) {
                // There may be no element, and no field.
                let is_plain = array.dtype().kind() == ElementKind::Object || array.size() == 0;
                let is_missing = error.category() == Category::Data && is_plain;
                assert!(
                    is_missing || error.category() == Category::Unsupported,
                    "{name}: {error}"
                );
            }
            // Every array below is found too, once: this one, and what it holds.
            let rows: Vec<_> = pickle.arrays().collect();
            assert!(rows.iter().all(|row| row.array.is_ok()), "{name}");
            assert_eq!(rows[0].node, root, "{name}");
            if case.name() == "holds itself" {
                assert_eq!(root.elements().expect(&name).nth(1), Some(root), "{name}");
                assert_eq!(rows.len(), 1, "{name}");
            }
        }
    }
}
