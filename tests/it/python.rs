//! Everyday objects of Python, against what Python itself says they are.

mod odd;
#[cfg(feature = "cli")]
mod show;

use ndpickle::python::{Instance, MappingKind, SequenceKind, TimeZone, View};
use ndpickle::{Kind, Node, Pickle, write};
use serde_json::{Map, Value, json};

use super::live::{self, base64};
use super::manifest::manifest;

/// What a node is, told as `live/python.py` tells it.
fn tell(node: Node<'_, '_>) -> Value {
    let Some(view) = node.python() else {
        return plain(node);
    };
    match view {
        View::Complex(value) => {
            let text = value.to_string();
            let parts = value.0;
            assert_eq!(
                node.as_complex().map(|value| value.re.to_bits()),
                Some(parts.re.to_bits())
            );
            json!({"complex": [float(parts.re), float(parts.im), text]})
        }
        View::Decimal(value) => json!({"decimal": value.to_string()}),
        View::Fraction(value) => {
            let parts = [value.numerator(), value.denominator()].map(|part| part.to_string());
            json!({"fraction": [value.to_string(), parts[0], parts[1]]})
        }
        View::Range(value) => {
            let parts = [value.start(), value.stop(), value.step()].map(|part| part.to_string());
            json!({"range": value.to_string(), "parts": parts, "count": value.len()})
        }
        View::Slice(value) => {
            let parts = [value.start, value.stop, value.step].map(tell);
            json!({"slice": value.to_string(), "parts": parts})
        }
        View::Date(value) => {
            json!({"date": [value.to_string(), value.year, value.month, value.day]})
        }
        View::Time(value) => json!({
            "time": [value.to_string(), value.hour, value.minute, value.second, value.microsecond, value.fold],
            "zone": value.zone.map_or(Value::Null, zone),
        }),
        View::DateTime(value) => {
            let (date, time) = (value.date, value.time);
            json!({
                "datetime": [value.to_string(), date.year, date.month, date.day, time.hour, time.minute,
                    time.second, time.microsecond, time.fold],
                "zone": time.zone.map_or(Value::Null, zone),
            })
        }
        View::TimeDelta(value) => {
            json!({"delta": [value.to_string(), value.days, value.seconds, value.microseconds]})
        }
        View::TimeZone(value) => zone(value),
        View::Uuid(value) => json!({"uuid": [value.to_string(), value.0.to_string()]}),
        View::Path(value) => {
            let mut told = vec![value.kind().name().to_owned(), value.to_string()];
            told.extend(value.parts());
            json!({"path": told})
        }
        View::Bytes(value) => json!({"bytes": hex(&value.to_vec().expect("bytes"))}),
        View::ByteArray(value) => json!({"bytearray": hex(&value.to_vec().expect("bytes"))}),
        View::Sequence(value) => {
            let items: Vec<Value> = value.items().map(tell).collect();
            assert_eq!(value.len(), items.len());
            match value.kind() {
                SequenceKind::List => json!({"list": items}),
                SequenceKind::Tuple => json!({"tuple": items}),
                _ => json!({"deque": items, "maxlen": value.maxlen()}),
            }
        }
        View::Set(value) => {
            let kind = if value.is_frozen() {
                "frozenset"
            } else {
                "set"
            };
            json!({kind: sorted(value.items().map(tell).collect())})
        }
        View::Mapping(value) => {
            let entries = pairs(value.entries());
            assert_eq!(value.len(), entries.len());
            for (key, value_of) in value.pairs() {
                if let Ok(key) = key.text() {
                    assert_eq!(value.get(&*key), Some(value_of));
                }
            }
            match value.kind() {
                MappingKind::Dict => json!({"dict": sorted(entries)}),
                MappingKind::OrderedDict => json!({"OrderedDict": entries}),
                MappingKind::DefaultDict => {
                    let factory = value.factory().map(tell);
                    json!({"defaultdict": sorted(entries), "factory": factory})
                }
                _ => json!({"Counter": sorted(entries)}),
            }
        }
        View::Constant(value) => json!({"constant": value.to_string()}),
        View::Attribute(value) => {
            json!({"attribute": value.name(), "of": tell(value.owner())})
        }
        View::Exception(value) => instance("exception", value),
        View::Instance(value) => match value.is_call() {
            true => instance("call", value),
            false => instance("instance", value),
        },
        other => panic!("{other:?} is no kind of {node:?} that Python told"),
    }
}

fn plain(node: Node<'_, '_>) -> Value {
    match node.kind() {
        Kind::None => Value::Null,
        Kind::Bool => json!(node.as_bool()),
        Kind::Int => json!({"int": node.to_bigint().expect("an int").to_string()}),
        Kind::Float => json!({"float": float(node.as_f64().expect("a float"))}),
        Kind::Str => json!({"text": node.as_str()}),
        Kind::Py2Str => json!({"bytes": hex(node.as_bytes().expect("bytes"))}),
        Kind::Global => json!({"class": node.global().expect("a name").to_string()}),
        kind => panic!("{kind:?} without a view"),
    }
}

/// `repr` of the floats that occur.
fn float(value: f64) -> String {
    match value.abs() {
        _ if value.is_nan() => "nan".into(),
        0.0 | 1e-4..1e16 => format!("{value:?}"),
        f64::INFINITY => format!("{value}"),
        large @ 1e16.. if large.is_finite() => format!("{value:e}").replace('e', "e+"),
        _ => format!("{value:e}").replace("e-", "e-0"),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

fn zone(zone: TimeZone<'_, '_>) -> Value {
    match zone {
        TimeZone::Fixed { offset, name } => {
            let parts = [
                offset.days.into(),
                i64::from(offset.seconds),
                offset.microseconds.into(),
            ];
            let delta = json!({"delta": [offset.to_string(), parts[0], parts[1], parts[2]]});
            let mut told = vec![json!(zone.to_string()), delta];
            told.extend(name.map(|name| json!({"text": name})));
            json!({"fixed": told})
        }
        TimeZone::Key(key) => json!({"key": key}),
        TimeZone::Other(node) => tell(node),
        other => panic!("{other:?}"),
    }
}

fn pairs<'p, 'a: 'p>(pairs: impl Iterator<Item = (Node<'p, 'a>, Node<'p, 'a>)>) -> Vec<Value> {
    pairs
        .map(|(key, value)| json!([tell(key), tell(value)]))
        .collect()
}

/// In the order of their text, as Python sorts them.
fn sorted(mut values: Vec<Value>) -> Vec<Value> {
    values.sort_by_key(super::tree::ascii_json);
    values
}

fn instance(what: &str, value: Instance<'_, '_>) -> Value {
    let mut told = Map::new();
    let class = value.class().expect("a class");
    told.insert(what.into(), json!(class.name));
    let attributes = value.attributes().map(|(name, attribute)| {
        let name = name.text().expect("a name").into_owned();
        assert_eq!(value.attribute(&name), Some(attribute));
        (name, tell(attribute))
    });
    told.insert(
        "attributes".into(),
        attributes.collect::<Map<_, _>>().into(),
    );
    let mut args: Vec<Value> = value.args().map(tell).collect();
    match value.value().map(Node::kind) {
        Some(Kind::Tuple) => {
            args = value
                .value()
                .map(|value| value.items().map(tell).collect())
                .unwrap_or_default()
        }
        Some(Kind::List | Kind::Dict) | None => {}
        Some(kind) => panic!("a base of {kind:?}"),
    }
    told.insert("args".into(), args.into());
    // Which of the two a class has, the class tells.
    match &*class.name {
        "Stack" => drop(told.insert("items".into(), value.items().map(tell).collect())),
        "Table" => drop(told.insert("entries".into(), sorted(pairs(value.entries())).into())),
        _ => {}
    }
    told.into()
}

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/live/python.py");

fn script(arguments: &[&str]) -> Option<Vec<Value>> {
    let python = live::python()?;
    let told = live::run(&python, &[&[SCRIPT], arguments].concat());
    let lines = told
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"));
    Some(lines.collect())
}

#[test]
fn views_are_what_python_says() {
    let Some(cases) = script(&[]) else { return };
    let mut failed = Vec::new();
    for case in &cases {
        let name = case["name"].as_str().expect("a name");
        let bytes = base64(case["pickle"].as_str().expect("base64"));
        let pickle = Pickle::parse(&bytes).expect(name);
        let told = tell(pickle.root());
        if told != case["told"] {
            failed.push(format!("{name}\n  {told}\n  {}", case["told"]));
        }
        let written = write::Options::new().to_vec(&pickle).expect(name);
        if written != bytes {
            failed.push(format!("{name}: written as {}", written.escape_ascii()));
        }
    }
    assert!(cases.len() > 300, "{} pickles", cases.len());
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// Cases of the corpus whose values are the same in every Python.
const CASES: &[&str] = &[
    "complexes",
    "sets",
    "byte_arrays",
    "ordered_dicts",
    "default_dicts",
    "deques",
    "dates",
    "dates_zones",
    "numbers_exact",
    "plain_object",
    "objects_alike",
    "slots",
    "slots_and_dict",
    "named_tuple",
    "enums",
    "exceptions",
    "subclasses",
    "new_arguments",
    "new_arguments_keywords",
    "nested_class",
    "ranges",
    "singletons",
];

/// What Python 2 has otherwise: xrange, and no Ellipsis.
const OTHER_IN_PYTHON_2: &[&str] = &["ranges", "singletons"];

/// Every Python of the corpus spells these objects in its own ways; the Python of this machine says what they are.
#[test]
fn every_python_of_the_corpus_is_understood() {
    let generators = concat!(env!("CARGO_MANIFEST_DIR"), "/corpus/generate");
    let Some(told) = script(&[&[generators], CASES].concat()) else {
        return;
    };
    let (mut pythons, mut failed) = (std::collections::BTreeMap::new(), Vec::new());
    for entry in &manifest().entries {
        let (case, protocol) = (entry.text("case"), entry.number("protocol"));
        let is_case = |told: &&Value| told["case"] == case && told["protocol"] == protocol;
        let is_other = entry.is_py2() && OTHER_IN_PYTHON_2.contains(&case);
        let Some(expected) = told.iter().find(is_case).filter(|_| !is_other) else {
            continue;
        };
        let documents = entry.documents().expect("a pickle");
        let found = tell(documents[0].root());
        *pythons.entry(entry.text("python")).or_insert(0usize) += 1;
        // The int of Python 3 is the long of Python 2.
        let text = |told: &Value| {
            told.to_string()
                .replace("__builtin__.long", "__builtin__.int")
        };
        if text(&found) != text(&expected["told"]) {
            failed.push(format!(
                "{}\n  {found}\n  {}",
                entry.name(),
                expected["told"]
            ));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    // Equal files of several Pythons are stored once.
    let count: usize = pythons.values().sum();
    assert!(pythons.len() >= 6 && count > 200, "{pythons:?}");
}
