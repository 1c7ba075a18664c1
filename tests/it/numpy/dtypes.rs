//! Dtypes: what NumPy says of them, and what it makes of their text.

use ndpickle::Pickle;
use ndpickle::numpy::DType;
use serde_json::{Value, json};

use super::cases;

/// As `dtype_told` of the scripts.
pub(super) fn told(dtype: &DType) -> Value {
    let fields = dtype.fields().map(|fields| {
        let field = fields.iter().map(|field| {
            json!([
                field.name(),
                field.title(),
                field.offset(),
                told(field.dtype())
            ])
        });
        field.collect::<Value>()
    });
    json!({
        "str": dtype.typestr(),
        "descr": dtype.descr(),
        "itemsize": dtype.itemsize(),
        "objects": dtype.has_objects(),
        "fields": fields,
        "subarray": dtype.subarray().map(|(base, shape)| json!([told(base), shape])),
        "aligned": dtype.fields().is_some_and(|fields| fields.is_aligned()),
        "record": dtype.fields().is_some_and(|fields| fields.is_record()),
    })
}

/// Where two trees of facts first differ, and how.
fn difference(found: &Value, expected: &Value) -> String {
    let parts: Vec<(String, &Value, &Value)> = match (found, expected) {
        (Value::Array(found), Value::Array(expected)) if found.len() == expected.len() => {
            let pairs = found.iter().zip(expected).enumerate();
            pairs.map(|(n, (a, b))| (format!("[{n}]"), a, b)).collect()
        }
        (Value::Object(found), Value::Object(expected)) => {
            let pairs = found.iter().zip(expected.values());
            pairs
                .map(|((key, a), b)| (format!(".{key}"), a, b))
                .collect()
        }
        _ => Vec::new(),
    };
    // Last the text of the whole, which parts differ in that are worth more.
    let mut parts = parts.into_iter().filter(|(_, a, b)| a != b);
    match parts.next_back() {
        Some((part, found, expected)) => format!("{part}{}", difference(found, expected)),
        None => format!(": {found}, not {expected}"),
    }
}

#[test]
fn dtypes_are_those_of_numpy() {
    let Some(cases) = cases("dtypes.py", &["1", "400"]) else {
        return;
    };
    assert!(cases.len() >= 600, "{} cases", cases.len());
    let mut failed = Vec::new();
    for case in &cases {
        let name = case.name();
        for (protocol, bytes) in case.pickles.iter().enumerate() {
            let pickle = Pickle::parse(bytes).expect(name);
            let node = pickle.root().index(0).expect("a pair");
            let mut compare = |what: &str, found: Value, expected: &Value| {
                if found != *expected {
                    let difference = difference(&found, expected);
                    failed.push(format!("{name}, protocol {protocol}: {what}{difference}"));
                }
            };
            match node.dtype() {
                Ok(dtype) => compare("dtype", told(&dtype), &case.told["dtype"]),
                Err(error) => compare("dtype", error.to_string().into(), &case.told["dtype"]),
            }
            let metadata = node.dtype_metadata().map(|metadata| {
                let pairs = metadata.pairs();
                let pairs = pairs.map(|(key, value)| json!([key.as_str(), value.as_i64()]));
                pairs.collect::<Value>()
            });
            compare("metadata", json!(metadata), &case.told["metadata"]);
            if !case.told["array"].is_null() {
                let array = pickle.root().index(1).expect("a pair").array();
                match array {
                    Ok(array) => compare("array", told(array.dtype()), &case.told["array"]),
                    Err(error) => compare("array", error.to_string().into(), &case.told["array"]),
                }
            }
        }
    }
    let few = &failed[..failed.len().min(10)];
    assert!(
        failed.is_empty(),
        "{} failed\n{}",
        failed.len(),
        few.join("\n")
    );
}

#[test]
fn texts_of_dtypes_are_read_as_numpy_reads_them() {
    let Some(cases) = cases("dtypes.py", &["2", "400"]) else {
        return;
    };
    let (mut read, mut failed) = (0, Vec::new());
    for case in &cases {
        let dtype = &case.told["dtype"];
        for (text, expected) in [("str", "of_str"), ("descr", "of_descr")] {
            let expected = &case.told[expected];
            let Some(text) = dtype[text].as_str() else {
                continue;
            };
            let found = text.parse::<DType>();
            match (found, expected) {
                // `descr_to_dtype` has no dtype without fields, and refuses what NumPy itself would not write.
                (Ok(_), Value::Null) if text.contains("[]") => {}
                (Err(_), Value::Null) => {}
                (Ok(found), expected) if told(&found) == *expected => read += 1,
                (Ok(found), expected) => {
                    let difference = difference(&told(&found), expected);
                    failed.push(format!("{text}: {difference}"));
                }
                (Err(error), _) => failed.push(format!("{text}: {error}")),
            }
        }
    }
    let few = &failed[..failed.len().min(10)];
    assert!(
        failed.is_empty(),
        "{} failed\n{}",
        failed.len(),
        few.join("\n")
    );
    assert!(read > 1000, "{read} texts");
}
