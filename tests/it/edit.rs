//! Documents that are changed: what is touched is what Python makes of it, what is not stays byte for byte.

mod corpus;
mod hostile;

use std::fmt::Write as _;

use ndarray::{ArrayD, IxDyn};
use ndpickle::numpy::DType;
use ndpickle::{Edit, Flavour, Id, NdArray, Node, Pickle, Result, Version, write};
use serde_json::{Value, json};

use super::hex::{hex, unhex};
use super::live;

fn bytes(hex: &Value) -> Vec<u8> {
    unhex(text(hex))
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

fn number(value: &Value) -> usize {
    value.as_u64().expect("a number") as usize
}

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

/// The node at a path of keys, indexes and attributes.
fn at<'p, 'a>(root: Node<'p, 'a>, path: &Value) -> Node<'p, 'a> {
    list(path).iter().fold(root, |node, step| {
        let found = match step {
            Value::Object(step) => {
                let name = text(&step["attribute"]);
                let state = node.states().last().expect("a state");
                // A dict, or one and the slots.
                state
                    .get(name)
                    .or_else(|| state.items().find_map(|part| part.get(name)))
            }
            Value::String(key) => node.get(key.as_str()),
            step if node.index(0).is_some() => node.index(number(step)),
            step => node.get(step.as_i64().expect("an int")),
        };
        found.unwrap_or_else(|| panic!("no {step} in {node:?}"))
    })
}

/// Elements of any dtype as NumPy's bytes of them, or nothing of more than eight bytes.
fn array(dtype: &Value, shape: &Value, raw: &[u8]) -> Result<NdArray<'static>> {
    macro_rules! of {
        ($($size:literal)*) => {{
            let dtype: DType = text(dtype).parse()?;
            let shape: Vec<usize> = list(shape).iter().map(number).collect();
            match dtype.itemsize() {
                $($size => {
                    let elements: Vec<[u8; $size]> = raw.chunks(($size).max(1)).map(|chunk| chunk.try_into().expect("whole")).collect();
                    let whole = ArrayD::from_shape_vec(IxDyn(&shape), elements).expect("as many as the shape has");
                    NdArray::of(whole)?.with_dtype(dtype)
                })*
                size => panic!("{dtype} of {size} bytes"),
            }
        }};
    }
    of!(1 2 4 8 12 16)
}

/// Makes a value of the script.
fn make<'a>(value: &Value, edit: &mut Edit<'a>, others: &[Pickle<'a>]) -> Result<Id> {
    let all = |values: &[Value], edit: &mut Edit<'a>| -> Result<Vec<Id>> {
        values
            .iter()
            .map(|value| make(value, edit, others))
            .collect()
    };
    let named = |value: &Value| -> (Vec<Value>, Vec<Value>) {
        let pairs = list(value).iter();
        pairs.map(|pair| (pair[0].clone(), pair[1].clone())).unzip()
    };
    match text(&value[0]) {
        "none" => Ok(edit.builder().none()),
        "int" => edit.builder().int(value[1].as_i64().expect("an int")),
        "bool" => Ok(edit.builder().bool(value[1].as_bool().expect("a bool"))),
        "float" => edit.builder().float(value[1].as_f64().expect("a float")),
        "str" => edit.builder().str(text(&value[1])),
        "bytes" => edit.builder().bytes(bytes(&value[1])),
        "list" => {
            let items = all(list(&value[1]), edit)?;
            edit.builder().list(&items)
        }
        "tuple" => {
            let items = all(list(&value[1]), edit)?;
            edit.builder().tuple(&items)
        }
        kind @ ("dict" | "ordered" | "layer") => {
            let (keys, values) = named(&value[1]);
            let mut pairs = Vec::new();
            for (key, value) in keys.iter().zip(&values) {
                let key = match key {
                    Value::String(name) => edit.builder().str(name)?,
                    key => make(key, edit, others)?,
                };
                pairs.push((key, make(value, edit, others)?));
            }
            let builder = edit.builder();
            match kind {
                "dict" => builder.dict(&pairs),
                "ordered" => builder.ordered_dict(&pairs),
                _ => {
                    let class = builder.global("shapes", "Layer")?;
                    let state = match pairs.is_empty() {
                        true => None,
                        false => Some(builder.dict(&pairs)?),
                    };
                    builder.instance(class, &[], state)
                }
            }
        }
        "array" => {
            let array = array(&value[1], &value[2], &bytes(&value[3]))?;
            edit.builder().array(array)
        }
        "node" => Ok(at(edit.root(), &value[1]).id()),
        "import" => edit.import(at(others[number(&value[1])].root(), &value[2])),
        other => panic!("{other}"),
    }
}

/// Follows the steps of the script.
fn follow<'a>(edit: &mut Edit<'a>, steps: &Value, others: &[Pickle<'a>]) -> Result<()> {
    for step in list(steps) {
        let target = at(edit.root(), &step[1]).id();
        let last = list(step).last().expect("an operation");
        match text(&step[0]) {
            "set" => {
                let value = make(last, edit, others)?;
                match &step[2] {
                    Value::String(key) => edit.set(target, key.as_str(), value)?,
                    key => edit.set(target, key.as_i64().expect("an int"), value)?,
                };
            }
            "remove" => {
                let removed = match &step[2] {
                    Value::String(key) => edit.remove(target, key.as_str())?,
                    key => edit.remove(target, key.as_i64().expect("an int"))?,
                };
                assert!(removed.is_some(), "{step}");
            }
            "rename" => edit.rename(target, text(&step[2]), text(&step[3]))?,
            "push" | "add" => {
                let value = make(last, edit, others)?;
                edit.push(target, value)?;
            }
            "insert" => {
                let value = make(last, edit, others)?;
                edit.insert(target, number(&step[2]), value)?;
            }
            "set_item" => {
                let value = make(last, edit, others)?;
                edit.set_item(target, number(&step[2]), value)?;
            }
            "remove_item" => {
                edit.remove_item(target, number(&step[2]))?;
            }
            "set_attribute" => {
                let value = make(last, edit, others)?;
                edit.set_attribute(target, text(&step[2]), value)?;
            }
            "set_state" => {
                let value = make(last, edit, others)?;
                edit.set_state(target, value)?;
            }
            "replace" => {
                let value = make(last, edit, others)?;
                assert!(edit.replace(target, value)? > 0, "{step}");
            }
            "set_root" => {
                let value = make(last, edit, others)?;
                edit.set_root(value)?;
            }
            other => panic!("{other}"),
        }
    }
    Ok(())
}

/// A few hundred random ones; `NDPICKLE_EDITS` asks for more, `NDPICKLE_SEED` for others.
#[test]
fn edits_are_those_of_python() {
    const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/live/edit.py");
    let Some(python) = live::python() else { return };
    let count = std::env::var("NDPICKLE_EDITS").unwrap_or("300".into());
    let seed = std::env::var("NDPICKLE_SEED").unwrap_or("1".into());
    let told = live::run(&python, &["-B", SCRIPT, "make", &seed, &count]);
    let mut lines = told.lines();
    let versions: Value = serde_json::from_str(lines.next().expect("versions")).expect("JSON");
    let version = |name: &str| text(&versions[name]).parse::<Version>().expect("a version");
    let (mut cases, mut same, mut failed, mut made) = (0, 0, Vec::new(), Vec::new());
    for line in lines {
        let case: Value = serde_json::from_str(line).expect("JSON");
        let protocol = number(&case["protocol"]) as u8;
        let name = format!("{} protocol {protocol}", text(&case["name"]));
        let before = bytes(&case["before"]);
        let others: Vec<Vec<u8>> = list(&case["others"]).iter().map(bytes).collect();
        let others: Vec<Pickle<'_>> = (others.iter())
            .map(|other| Pickle::parse(other).expect(&name))
            .collect();
        let flavour = Flavour::new(protocol, version("python"), version("numpy"));
        let pickle = Pickle::parse(&before).expect(&name);
        let mut edit = pickle
            .edit_as(flavour.expect("they are together"))
            .expect(&name);
        follow(&mut edit, &case["steps"], &others).expect(&name);
        let pickle = edit.finish().expect(&name);
        let ours = write::Options::new().to_vec(&pickle).expect(&name);
        let theirs = bytes(&case["after"]);
        cases += 1;
        match ours == theirs {
            true => same += 1,
            false if case["exact"] == false => {}
            false => failed.push(format!(
                "{name}: {}\n    {}",
                difference(&ours, &theirs),
                case["steps"]
            )),
        }
        made.push(json!([name, hex(&ours), hex(&theirs)]).to_string());
    }
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), made.join("\n")).expect("room");
    let path = file.path().to_str().expect("a text");
    let wrong = live::run(&python, &["-B", "-W", "error", SCRIPT, "check", path]);
    assert_eq!(wrong, "");
    assert!(
        failed.is_empty(),
        "{} differ, {same} are the same\n{}",
        failed.len(),
        failed[..failed.len().min(6)].join("\n")
    );
    println!("{same} of {cases} pickles are the same");
    assert!(cases > 200 && same > cases * 3 / 4, "{same} of {cases}");
}

/// Where two pickles differ first.
fn difference(ours: &[u8], theirs: &[u8]) -> String {
    let at = ours.iter().zip(theirs).take_while(|(a, b)| a == b).count();
    let mut told = format!("byte {at}");
    for bytes in [ours, theirs] {
        let near = &bytes[at.saturating_sub(60).min(bytes.len())..bytes.len().min(at + 60)];
        let _ = write!(told, "\n    {}", near.escape_ascii());
    }
    told
}
