//! A value as the tree that the manifest has of it: see "Trees" in `corpus/README.md`. The tree tells values, so what old
//! protocols spell as calls (sets, bytes, complex, …) is taken for what it is.

use std::collections::HashMap;

use ndpickle::numpy::Arrays;
use ndpickle::{Constructor, Id, Kind, Node};
use serde_json::{Map, Value, json};

use super::hex::hex;

/// The tree of a value; `paths` has the manifest's path for each path of an array.
pub(crate) fn tree(
    root: Node<'_, '_>,
    py2: bool,
    protocol: usize,
    paths: &[(String, String)],
) -> Value {
    let theirs: HashMap<_, _> = paths.iter().cloned().collect();
    let path = |ours: String| theirs.get(&ours).cloned().unwrap_or(ours);
    let mut teller = Teller {
        py2,
        protocol,
        paths: Arrays::below(root)
            .map(|row| (row.node.id(), path(row.path)))
            .collect(),
        met: HashMap::new(),
        ids: HashMap::new(),
    };
    // Only after the first telling is it known what is met again, in which order.
    teller.value(root);
    teller.met.clear();
    teller.value(root)
}

/// JSON as Python's `json.dumps(value, sort_keys=True, separators=(',', ':'))` has it.
pub(crate) fn ascii_json(value: &Value) -> String {
    let mut text = String::new();
    for c in value.to_string().chars() {
        match c {
            ' '..='~' => text.push(c),
            _ => {
                let mut units = [0; 2];
                for unit in c.encode_utf16(&mut units) {
                    text.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    text
}

struct Teller {
    py2: bool,
    protocol: usize,
    paths: HashMap<Id, String>,
    /// What has been told already.
    met: HashMap<Id, ()>,
    /// The numbers of what is met again, in the order of that.
    ids: HashMap<Id, u64>,
}

impl Teller {
    fn value(&mut self, node: Node<'_, '_>) -> Value {
        if let Some(atom) = self.atom(node) {
            return atom;
        }
        if let Some(path) = self.paths.get(&node.id()).cloned() {
            return self.array(node, path);
        }
        if self.met.insert(node.id(), ()).is_some() {
            let next = self.ids.len() as u64 + 1;
            return json!({"ref": self.ids.entry(node.id()).or_insert(next)});
        }
        let mut told = match special(node) {
            Some((name @ ("set" | "frozenset"), items)) => {
                json!({name: items.map_or(vec![], |items| self.all(items.items()))})
            }
            Some(("bytearray", text)) => json!({"bytearray": text.map_or(String::new(), latin1)}),
            _ => self.container(node),
        };
        if let Some(id) = self.ids.get(&node.id()) {
            told["id"] = json!(id);
        }
        told
    }

    /// What is no object with an identity.
    fn atom(&self, node: Node<'_, '_>) -> Option<Value> {
        let bytes = || hex(&node.payload().expect("bytes").to_vec().expect("readable"));
        Some(match node.kind() {
            Kind::None => Value::Null,
            Kind::Bool => json!(node.as_bool()),
            Kind::Int => {
                let value = node.to_bigint().expect("an int").to_string();
                json!({if self.py2 && node.is_long() { "long" } else { "int" }: value})
            }
            Kind::Float => json!({"float": self.bits(node)}),
            Kind::Str => match node.text() {
                Ok(text) => json!({"str": text}),
                Err(_) => json!({"wtf8": bytes()}),
            },
            Kind::Py2Str => json!({"py2str": bytes()}),
            Kind::Bytes => json!({"bytes": bytes()}),
            Kind::Tuple if node.is_empty() => json!({"tuple": []}),
            Kind::Global => {
                let global = node.global().expect("a global");
                json!({"global": format!("{} {}", global.module, global.name)})
            }
            Kind::Extension => json!({"ext": node.extension()}),
            Kind::Object => match special(node)? {
                ("complex", _) => {
                    let args = node.args().expect("a call");
                    let part = |n| self.bits(args.index(n).expect("a part"));
                    json!({"complex": [part(0), part(1)]})
                }
                ("bytes", text) => json!({"bytes": text.map_or(String::new(), latin1)}),
                _ => return None,
            },
            _ => return None,
        })
    }

    /// The bits of a float; in protocol 0 a NaN has no sign.
    fn bits(&self, node: Node<'_, '_>) -> String {
        let value = node.as_f64().expect("a float");
        let value = if value.is_nan() && self.protocol == 0 {
            value.abs()
        } else {
            value
        };
        format!("{:016x}", value.to_bits())
    }

    fn array(&mut self, node: Node<'_, '_>, path: String) -> Value {
        let mut told = json!({"array": path});
        // The elements that are objects, at the array's first place.
        if self.met.insert(node.id(), ()).is_none()
            && let Ok(elements) = node.elements()
        {
            told["flat"] = self.all(elements).into();
        }
        told
    }

    fn all<'p, 'a: 'p>(&mut self, nodes: impl IntoIterator<Item = Node<'p, 'a>>) -> Vec<Value> {
        nodes.into_iter().map(|node| self.value(node)).collect()
    }

    fn container(&mut self, node: Node<'_, '_>) -> Value {
        match node.kind() {
            Kind::Tuple => json!({"tuple": self.all(node.items())}),
            Kind::List => json!({"list": self.all(node.items())}),
            Kind::Set => json!({"set": self.all(node.items())}),
            Kind::FrozenSet => json!({"frozenset": self.all(node.items())}),
            Kind::Dict => json!({"dict": self.pairs(node)}),
            Kind::ByteArray => json!({"bytearray": hex(node.as_bytes().expect("in memory"))}),
            Kind::Persistent => match node.persistent_id() {
                Some(id) if id != node => json!({"persid": self.value(id)}),
                _ => {
                    let text = node.payload().expect("a text").to_vec().expect("readable");
                    json!({"persid": {"str": String::from_utf8(text).expect("ASCII")}})
                }
            },
            Kind::Object => json!({"object": self.object(node)}),
            kind => panic!("a {kind:?} in a value"),
        }
    }

    /// Keys and values; of equal keys the first one stays, with the last value.
    fn pairs(&mut self, node: Node<'_, '_>) -> Vec<Value> {
        let (mut pairs, mut places): (Vec<Value>, HashMap<String, usize>) = Default::default();
        for (key, value) in node.pairs() {
            let (key, value) = (self.value(key), self.value(value));
            let place = *places.entry(key.to_string()).or_insert(pairs.len());
            match pairs.get_mut(place) {
                Some(pair) => pair[1] = value,
                None => pairs.push(json!([key, value])),
            }
        }
        pairs
    }

    fn object(&mut self, node: Node<'_, '_>) -> Value {
        let by = match node.constructor().expect("an object") {
            Constructor::Reduce => "reduce",
            Constructor::NewObj => "newobj",
            Constructor::NewObjEx => "newobj_ex",
            Constructor::Inst => "inst",
            Constructor::Obj => "obj",
        };
        let mut told = Map::new();
        told.insert("by".into(), by.into());
        told.insert(
            "callable".into(),
            self.value(node.callable().expect("an object")),
        );
        let args = node.args().expect("an object");
        assert_eq!(args.kind(), Kind::Tuple, "arguments");
        told.insert("args".into(), self.all(args.items()).into());
        if let Some(kwargs) = node.kwargs() {
            told.insert("kwargs".into(), self.pairs(kwargs).into());
        }
        let items = self.all(node.items());
        let pairs = self.pairs(node);
        let states = self.all(node.states());
        let popped = self.all(node.popped_before().chain(node.popped()));
        for (key, part) in [
            ("items", items),
            ("pairs", pairs),
            ("states", states),
            ("popped", popped),
        ] {
            if !part.is_empty() {
                told.insert(key.into(), part.into());
            }
        }
        told.into()
    }
}

/// What a call makes that is no object to the tree, and the argument that tells its contents.
fn special<'p, 'a>(node: Node<'p, 'a>) -> Option<(&'static str, Option<Node<'p, 'a>>)> {
    let (global, args) = (node.callable()?.global()?, node.args()?);
    let name = match (&*global.module, &*global.name) {
        ("_codecs", "encode") => "bytes",
        ("__builtin__" | "builtins", "bytes") => "bytes",
        ("__builtin__" | "builtins", "bytearray") => "bytearray",
        ("__builtin__" | "builtins", "set") => "set",
        ("__builtin__" | "builtins", "frozenset") => "frozenset",
        ("__builtin__" | "builtins", "complex") => "complex",
        _ => return None,
    };
    let is_bare = node.states().count() + node.pairs().count() + node.items().count() == 0;
    (node.constructor() == Some(Constructor::Reduce) && is_bare).then(|| (name, args.index(0)))
}

/// The bytes, in hex, that bytes or a text of their latin-1 characters spell.
fn latin1(node: Node<'_, '_>) -> String {
    match node.kind() {
        Kind::Str => {
            let text = node.text().expect("text");
            hex(&text
                .chars()
                .map(|c| u8::try_from(u32::from(c)).expect("latin-1"))
                .collect::<Vec<_>>())
        }
        // Bytes that are a call themselves: a bytearray of them, from Python 3.8 on.
        Kind::Object => match special(node) {
            Some(("bytes", text)) => text.map_or(String::new(), latin1),
            other => panic!("{other:?} as bytes"),
        },
        _ => hex(&node.payload().expect("bytes").to_vec().expect("readable")),
    }
}
