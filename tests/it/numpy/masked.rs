//! Masked arrays: data, mask and fill value, of the whole and of each field.

use ndpickle::numpy::ArrayKind;
use ndpickle::{Category, NdArray, Node, Pickle};
use serde_json::Value;

use super::{cases, check, dtypes};

#[test]
fn masks_and_fill_values_are_those_of_numpy() {
    let Some(cases) = cases("masked.py", &[]) else {
        return;
    };
    assert!(cases.len() > 45);
    for case in &cases {
        for (protocol, bytes) in case.pickles.iter().enumerate() {
            let name = format!("{}, protocol {protocol}", case.name());
            let pickle = Pickle::parse(bytes).expect(&name);
            let root = pickle.root();
            // `np.ma.masked` is a constant of the module, by name.
            if case.name() == "the constant masked" {
                assert_eq!(root.array_kind(), None);
                continue;
            }
            let array = root.array().expect(&name);
            assert_eq!(array.kind(), ArrayKind::Masked, "{name}");
            if case.told["data"]["objects"].is_null() {
                masked(&array, &case.told, &name);
            } else {
                objects(root, &case.told["data"], &name);
                check(array.mask().expect(&name), &case.told["mask"], &name);
            }
        }
    }
}

/// Data, mask and fill value; then the same of each field.
#[track_caller]
fn masked(array: &NdArray<'_>, told: &Value, name: &str) {
    check(array, &told["data"], name);
    let mask = array.mask().expect(name);
    check(mask, &told["mask"], &format!("{name}: mask"));
    assert_eq!(dtypes::told(mask.dtype()), told["mask_dtype"], "{name}");
    assert_eq!(
        array.fill_value().is_some(),
        !told["fill"].is_null(),
        "{name}"
    );
    if let Some(fill) = array.fill_value() {
        check(fill, &told["fill"], &format!("{name}: fill value"));
    }
    for n in 0..array.size() {
        let element = array.flat(n).expect(name);
        let own = element.mask().expect(name).to_bytes().expect(name);
        let whole = mask.to_bytes().expect(name);
        let size = mask.dtype().itemsize() as usize;
        assert_eq!(own, whole[n as usize * size..][..size], "{name}.flat({n})");
    }
    for field in told["fields"].as_array().into_iter().flatten() {
        let field_name = field[0].as_str().expect("a name");
        let column = array.field(field_name).expect(name);
        assert_eq!(column.kind(), ArrayKind::Masked);
        masked(&column, &field[1], &format!("{name}: {field_name}"));
    }
}

/// An array of Python objects: as many elements as NumPy has, and no bytes.
#[track_caller]
fn objects(node: Node<'_, '_>, told: &Value, name: &str) {
    let array = node.array().expect(name);
    let expected = told["objects"].as_array().expect("a list");
    let found: Vec<String> = node.elements().expect(name).map(python_repr).collect();
    assert_eq!(Value::from(found), Value::from(expected.clone()), "{name}");
    let error = array.to_bytes().expect_err("objects");
    assert_eq!(error.category(), Category::Unsupported, "{name}");
}

/// `repr` of the few objects that the script has.
fn python_repr(node: Node<'_, '_>) -> String {
    use ndpickle::Kind;
    match node.kind() {
        Kind::None => "None".into(),
        Kind::Int => node.as_i64().expect("small").to_string(),
        Kind::Str => format!("'{}'", node.as_str().expect("a text")),
        Kind::Tuple => {
            let parts: Vec<String> = node.items().map(python_repr).collect();
            format!("({})", parts.join(", "))
        }
        kind => format!("{kind:?}"),
    }
}
