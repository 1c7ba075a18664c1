//! Edits of what no pickler writes, and what cannot be edited.

use ndpickle::{Builder, Category, Edit, Flavour, Id, Pickle, Version, write};

use crate::deep;

fn flavour(protocol: u8) -> Flavour {
    Flavour::new(protocol, Version::NEWEST, Version::NEWEST).expect("a protocol")
}

/// `None`, to be edited.
fn empty(protocol: u8) -> Edit<'static> {
    let mut builder = Builder::new(flavour(protocol));
    let none = builder.none();
    builder.finish(none).expect("None").edit()
}

/// An id far beyond those of small documents.
fn far() -> Id {
    let mut builder = Builder::new(flavour(4));
    (0..1000)
        .map(|n| builder.int(n).expect("room"))
        .last()
        .expect("some")
}

#[test]
fn a_million_levels() {
    let levels = 1_000_000;
    for bytes in deep::nested(levels) {
        let source = Pickle::parse(&bytes).expect("a pickle");
        for target in [&b"\x80\x04]."[..], b"]."] {
            let mut edit = Pickle::parse(target).expect("a list").edit();
            let (list, root) = (edit.root().id(), edit.import(source.root()).expect("room"));
            edit.push(list, root).expect("a list");
            let copy = edit.import(source.root()).expect("room");
            assert_eq!(copy, root, "one document, one copy");
            let number = edit.builder().int(1).expect("room");
            assert_eq!(edit.replace(root, number).expect("one place"), 1);
            edit.push(list, root).expect("a list");
            let written = write::Options::new()
                .to_vec(&edit.finish().expect("no cycle"))
                .expect("lists");
            let again = Pickle::parse(&written).expect("what was written");
            assert!(again.len() >= levels, "{} nodes", again.len());
        }
    }
}

/// What was made is read as what was parsed is, before it is written.
#[test]
fn what_was_made_is_read() {
    let array = ndarray::array![1.0, -2.5, 1e300];
    for protocol in 0..=5 {
        let mut builder = Builder::new(flavour(protocol));
        let dict = builder.dict(&[]).expect("room");
        let mut edit = builder.finish(dict).expect("a dict").edit();
        let made = edit.builder().array(&array).expect("room");
        edit.set(dict, "array", made).expect("a dict");
        let made = edit
            .builder()
            .bytes(b"\x00\xff\x80".to_vec())
            .expect("room");
        edit.set(dict, "bytes", made).expect("a dict");
        let made = edit.builder().bytearray(b"\xe9".repeat(9)).expect("room");
        edit.set(dict, "bytearray", made).expect("a dict");
        let read = |root: ndpickle::Node<'_, '_>| {
            let get = |key: &str| root.get(key).expect(key);
            let read = get("array").array().and_then(|array| array.to_array());
            let read: ndarray::Array1<f64> = read.expect("an array");
            let bytes = get("bytes").bytes().and_then(|bytes| bytes.to_vec());
            let longer = get("bytearray").bytes().and_then(|bytes| bytes.to_vec());
            assert_eq!(read, array, "protocol {protocol}");
            assert_eq!(
                bytes.expect("bytes"),
                b"\x00\xff\x80",
                "protocol {protocol}"
            );
            assert_eq!(
                longer.expect("bytes"),
                b"\xe9".repeat(9),
                "protocol {protocol}"
            );
        };
        read(edit.root());
        let pickle = edit.finish().expect("a dict");
        read(pickle.root());
        // Its texts are written in another way than they are kept.
        for protocol in [0, 2, 4, 5] {
            let mut same = empty(protocol);
            let root = same.import(pickle.root()).expect("room");
            same.set_root(root).expect("a dict");
            let written = write::Options::new()
                .to_vec(&same.finish().expect("a dict"))
                .expect("a dict");
            read(Pickle::parse(&written).expect("what was written").root());
        }
    }
}

/// Edits one by one, of what has many: not one of them walks over all of it.
#[test]
fn many_edits_of_large_values() {
    let count = 200_000;
    let mut edit = Pickle::parse(b"\x80\x04}\x94.").expect("a dict").edit();
    let dict = edit.root().id();
    for n in 0..count {
        let value = edit.builder().int(n).expect("room");
        assert_eq!(edit.set(dict, n, value).expect("a dict"), None);
    }
    for n in 0..count {
        let value = edit.builder().int(n + 1).expect("room");
        assert!(edit.set(dict, n, value).expect("a dict").is_some());
        edit.rename(dict, n, &*format!("key {n}"))
            .expect("a new name");
    }
    assert!(edit.rename(dict, "key 1", "key 2").is_err());
    edit.retain(dict, |_, value| {
        value.as_i64().is_some_and(|value| value % 2 == 0)
    })
    .expect("a dict");
    assert!(edit.remove(dict, "key 3").expect("a dict").is_some());
    assert!(edit.remove(dict, "key 3").expect("a dict").is_none());
    assert!(edit.set(dict, "key 1", dict).expect("a dict").is_some());
    let pickle = edit.finish().expect("a dict");
    assert_eq!(pickle.root().len(), count as usize / 2 - 1);
    assert_eq!(pickle.root().get("key 1"), Some(pickle.root()));
    assert_eq!(
        pickle.root().get("key 9").and_then(|value| value.as_i64()),
        Some(10)
    );
    // A key that is there a hundred thousand times.
    let twice = [&b"}("[..], &b"K\x01K\x02".repeat(100_000), b"u."].concat();
    let mut edit = Pickle::parse(&twice).expect("a dict").edit();
    let dict = edit.root().id();
    edit.rename(dict, 1, 5).expect("a new name");
    assert!(edit.root().get(1).is_none() && edit.root().get(5).is_some());
    assert!(edit.remove(dict, 5).expect("a dict").is_some());
    assert!(edit.root().is_empty());
}

#[test]
fn ids_of_other_documents() {
    let bytes = b"\x80\x04}\x94(\x8c\x01l]\x94\x8c\x01oc__main__\nA\n)\x81}\x94bu.";
    let pickle = Pickle::parse(bytes).expect("a pickle");
    let before = write::Options::new().to_vec(&pickle).expect("as it was");
    let mut edit = pickle.edit();
    let (far, dict) = (far(), edit.root().id());
    let list = edit.root().get("l").expect("a list").id();
    let object = edit.root().get("o").expect("an object").id();
    assert!(edit.node(far).is_none() && edit.node(dict).is_some());
    let found = [
        edit.set(dict, "k", far).map(drop),
        edit.set(dict, far, dict).map(drop),
        edit.set(far, "k", dict).map(drop),
        edit.remove(far, "k").map(drop),
        edit.rename(far, "k", "l"),
        edit.rename(dict, far, "l"),
        edit.rename(dict, "l", far),
        edit.retain(far, |_, _| true),
        edit.push(far, dict),
        edit.push(list, far),
        edit.insert(list, 0, far),
        edit.insert(list, 1, dict),
        edit.set_item(list, 0, dict).map(drop),
        edit.remove_item(list, 0).map(drop),
        edit.set_attribute(object, "a", far).map(drop),
        edit.set_attribute(far, "a", dict).map(drop),
        edit.set_state(object, far),
        edit.set_state(dict, dict),
        edit.set_args(object, dict),
        edit.set_args(object, far),
        edit.set_args(dict, dict),
        edit.set_root(far),
        edit.replace(far, dict).map(drop),
        edit.replace(dict, far).map(drop),
        edit.builder().tuple(&[far]).map(drop),
        edit.builder().list(&[far]).map(drop),
        edit.builder().dict(&[(far, dict)]).map(drop),
        edit.builder().set(&[far]).map(drop),
        edit.builder().call(far, &[], None).map(drop),
        edit.builder().call(dict, &[], Some(far)).map(drop),
        edit.builder().instance(dict, &[far], None).map(drop),
        edit.builder().append(far, &[]),
        edit.builder().append(list, &[far]),
        edit.builder().set_items(dict, &[(dict, far)]),
        edit.builder().build(object, far),
        edit.builder().persistent(far).map(drop),
        edit.builder().array_of(far, ndarray::arr0(1.0)).map(drop),
        // What is there but has no such parts.
        edit.push(dict, list),
        edit.push(object, list),
        edit.set(list, "k", dict).map(drop),
        edit.set(dict, list, dict).map(drop),
        edit.rename(dict, "m", "n"),
    ];
    for (n, outcome) in found.into_iter().enumerate() {
        let error = outcome.expect_err(&n.to_string());
        assert_eq!(error.category(), Category::Data, "{n}: {error}");
    }
    let none = edit.builder().none();
    assert_eq!(
        edit.replace(none, dict)
            .expect_err("shared by all")
            .category(),
        Category::Data
    );
    let written = write::Options::new()
        .to_vec(&edit.finish().expect("nothing changed"))
        .expect("as it was");
    assert_eq!(written, before);
    assert!(Builder::new(flavour(4)).finish(far).is_err());
}

#[test]
fn cycles() {
    // (1,), into a list in itself, and into itself.
    let tuple = || {
        Pickle::parse(b"\x80\x04K\x01\x85\x94.")
            .expect("a tuple")
            .edit()
    };
    let mut edit = tuple();
    let root = edit.root().id();
    let list = edit.builder().list(&[root]).expect("room");
    edit.set_item(root, 0, list).expect("a tuple");
    let written = write::Options::new()
        .to_vec(&edit.finish().expect("a cycle"))
        .expect("a cycle");
    let again = Pickle::parse(&written).expect("what was written");
    let root = again.root();
    assert_eq!(root.index(0).and_then(|list| list.index(0)), Some(root));
    let mut edit = tuple();
    let root = edit.root().id();
    edit.set_item(root, 0, root).expect("a tuple");
    assert_eq!(
        edit.finish().expect_err("no pickle").category(),
        Category::Unsupported
    );
    // The arguments of a call that hold its result.
    let mut edit = Pickle::parse(b"cos\nsystem\n(Nt\x52.")
        .expect("a call")
        .edit();
    let (root, args) = (edit.root().id(), edit.root().args().expect("a tuple").id());
    edit.set_item(args, 0, root).expect("a tuple");
    assert_eq!(
        edit.finish().expect_err("no pickle").category(),
        Category::Unsupported
    );
    // The list of a frozenset that comes to hold it: protocol 4 has no list there.
    let twice = b"c__builtin__\nfrozenset\n(]q\0tRq\x01h\0h\x01a0.";
    let pickle = Pickle::parse(twice).expect("a frozenset");
    let error = write::Options::new()
        .protocol(4)
        .to_vec(&pickle)
        .expect_err("no pickle");
    assert_eq!(error.category(), Category::Unsupported);
    // A list without a memo entry that comes to hold itself.
    let mut edit = Pickle::parse(b"].").expect("a list").edit();
    let root = edit.root().id();
    edit.push(root, root).expect("a list");
    let written = write::Options::new()
        .to_vec(&edit.finish().expect("a cycle"))
        .expect("a cycle");
    assert_eq!(written, b"]q\0h\0a.");
}

#[test]
fn a_failed_import_adds_nothing() {
    // A pair of a list and a persistent id, which other protocols have no spelling for yet.
    let source = Pickle::parse(b"\x80\x02]\x94K\x01aK\x05Q\x86.").expect("a pickle");
    let mut edit = Pickle::parse(b"\x80\x04]\x94.").expect("a list").edit();
    let root = edit.root().id();
    if let Ok(id) = edit.import(source.root()) {
        edit.push(root, id).expect("a list");
    }
    let list = edit
        .import(source.root().index(0).expect("a list"))
        .expect("a list");
    edit.push(root, list).expect("a list");
    let pickle = edit.finish().expect("a list");
    let written = write::Options::new().to_vec(&pickle).expect("a list");
    let again = Pickle::parse(&written).expect("what was written");
    let last = again.root().items().last().expect("the list");
    assert_eq!(last.index(0).and_then(|one| one.as_i64()), Some(1));
}
