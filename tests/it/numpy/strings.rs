//! Texts of arrays, and the places where one is missing.

use ndpickle::numpy::ElementKind;
use ndpickle::{Category, Pickle};
use serde_json::{Value, json};

use super::cases;

#[test]
fn texts_are_those_of_numpy() {
    let Some(cases) = cases("strings.py", &[]) else {
        return;
    };
    assert!(cases.len() >= 32, "{} cases", cases.len());
    for case in &cases {
        let texts = &case.told["texts"];
        let has_missing = texts.as_array().expect("texts").contains(&Value::Null);
        for (protocol, bytes) in case.pickles.iter().enumerate() {
            let name = format!("{}, protocol {protocol}", case.name());
            let pickle = Pickle::parse(bytes).expect(&name);
            let root = pickle.root();
            let found = root.to_optional_strings().expect(&name);
            assert_eq!(json!(found.shape()), case.told["shape"], "{name}");
            let found: Vec<Option<String>> = found.iter().cloned().collect();
            assert_eq!(json!(found), *texts, "{name}");
            match root.to_strings() {
                Ok(found) => {
                    assert!(!has_missing, "{name}");
                    let found: Vec<String> = found.iter().cloned().collect();
                    assert_eq!(json!(found), *texts, "{name}");
                }
                Err(error) => {
                    assert!(has_missing, "{name}: {error}");
                    assert_eq!(error.category(), Category::Data, "{name}");
                }
            }
            let array = root.array().expect(&name);
            match array.to_strings() {
                Ok(found) => {
                    let found: Vec<String> = found.iter().cloned().collect();
                    assert_eq!(json!(found), *texts, "{name}");
                }
                Err(error) => {
                    assert_eq!(array.dtype().kind(), ElementKind::String, "{name}: {error}");
                    assert_eq!(root.elements().expect(&name).count() as u64, array.size());
                }
            }
        }
    }
}
