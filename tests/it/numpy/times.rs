//! Points in time and spans of it: the numbers and NumPy's own text of them.

use ndpickle::Pickle;
use ndpickle::numpy::ElementKind;
use serde_json::json;

use super::{cases, check};

#[test]
fn times_are_those_of_numpy() {
    let Some(cases) = cases("times.py", &[]) else {
        return;
    };
    assert!(cases.len() > 200);
    let mut texts = 0;
    for case in &cases {
        let unit = case.told["unit"].as_str().expect("a unit");
        for (protocol, bytes) in case.pickles.iter().enumerate() {
            let name = format!("{}, protocol {protocol}", case.name());
            let pickle = Pickle::parse(bytes).expect(&name);
            let array = pickle.root().array().expect(&name);
            check(&array, &case.told, &name);
            assert_eq!(array.dtype().unit().expect(&name).unit.name(), unit);
            let times = array.to_times().expect(&name);
            let numbers = times.iter().map(|time| time.map(|time| time.to_string()));
            assert_eq!(
                json!(numbers.collect::<Vec<_>>()),
                case.told["numbers"],
                "{name}"
            );
            let is_point = array.dtype().kind() == ElementKind::DateTime;
            for (n, expected) in case.told["texts"]
                .as_array()
                .expect("texts")
                .iter()
                .enumerate()
            {
                let element = array.flat(n as u64).expect(&name);
                let (point, span) = (element.as_datetime(), element.as_timedelta());
                assert_eq!(
                    (point.is_some(), span.is_some()),
                    (is_point, !is_point),
                    "{name}"
                );
                let found = match (point, span) {
                    (Some(point), _) => point.to_string(),
                    (_, Some(span)) => span.to_string(),
                    _ => String::new(),
                };
                assert_eq!(
                    found,
                    abbreviated(expected.as_str().expect("a text")),
                    "{name}"
                );
                texts += 1;
            }
        }
    }
    assert!(texts > 10_000, "{texts}");
}

/// NumPy's text with the short name of a span's unit, in place of `nanoseconds`.
fn abbreviated(text: &str) -> String {
    const NAMES: [(&str, &str); 13] = [
        ("years", "Y"),
        ("months", "M"),
        ("weeks", "W"),
        ("days", "D"),
        ("hours", "h"),
        ("minutes", "m"),
        ("seconds", "s"),
        ("milliseconds", "ms"),
        ("microseconds", "us"),
        ("nanoseconds", "ns"),
        ("picoseconds", "ps"),
        ("femtoseconds", "fs"),
        ("attoseconds", "as"),
    ];
    let Some((number, unit)) = text.split_once(' ') else {
        return text.into();
    };
    let short = NAMES.iter().find(|(long, _)| *long == unit);
    format!("{number} {}", short.expect("a unit").1)
}
