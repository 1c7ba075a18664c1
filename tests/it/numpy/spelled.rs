//! Arrays that the classes and functions of other packages spell: what they are, and what is found below them.

use ndpickle::python::View;
use ndpickle::{Category, Pickle, write};
use serde_json::Value;

use super::{Case, cases, check};
use crate::hex::hex;

#[test]
fn arrays_of_other_packages_are_those_of_numpy() {
    let Some(cases) = cases("spelled.py", &[]) else {
        return;
    };
    for case in &cases {
        for (protocol, bytes) in case.pickles.iter().enumerate() {
            let name = format!("{}, protocol {protocol}", case.name());
            // In protocol 5 an array has its dtype elsewhere, but for dates.
            let is_buffer = protocol == 5 && !name.contains("M8");
            if name.contains(if is_buffer { "at .state" } else { "at .args" }) {
                continue;
            }
            rows(case, bytes, &name);
            let pickle = Pickle::parse(bytes).expect(&name);
            for protocol in (0..5).filter(|_| !name.contains("at .args")) {
                let name = format!("{name}, rewritten to protocol {protocol}");
                let options = write::Options::new().protocol(protocol).compat();
                rows(case, &options.to_vec(&pickle).expect(&name), &name);
            }
        }
    }
}

/// The rows of a pickle are those that the script tells, in that order.
#[track_caller]
fn rows(case: &Case, bytes: &[u8], name: &str) {
    let pickle = Pickle::parse(bytes).expect(name);
    let rows: Vec<_> = pickle.arrays().collect();
    let told = case.told["rows"].as_array().expect("rows");
    let paths: Vec<&str> = rows.iter().map(|row| row.path.as_str()).collect();
    let expected: Vec<&str> = told
        .iter()
        .map(|row| row["path"].as_str().expect("a path"))
        .collect();
    assert_eq!(paths, expected, "{name}");
    for (row, told) in rows.iter().zip(told) {
        let name = format!("{name}, at {:?}", row.path);
        assert_eq!(row.kind.name(), told["kind"], "{name}");
        let array = row.array.as_ref().expect(&name);
        assert_eq!(array.kind(), row.kind, "{name}");
        let mask = array.mask().map(|mask| hex(&mask.to_bytes().expect(&name)));
        assert_eq!(mask.as_deref(), told["mask"].as_str(), "{name}");
        match told["objects"].as_u64() {
            Some(size) => assert_eq!(array.size(), size, "{name}"),
            None => check(array, told, &name),
        }
    }
    if let Some(beside) = case.told["beside"].as_array() {
        let found: Vec<_> = pickle.root().beside_array().collect();
        let paths: Vec<&str> = found.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(Value::from(paths), Value::from(beside.clone()), "{name}");
        for (path, node) in found {
            // There is one None for all places.
            let found = (!node.is_none()).then(|| node.path(pickle.root()));
            assert_eq!(found.unwrap_or(Some(path.clone())), Some(path), "{name}");
        }
    }
}

/// A state that nobody understands is an error, never an array without elements.
#[test]
fn a_state_without_an_array_is_an_error() {
    let made = "cnumpy.core.multiarray\n_reconstruct\n(cm\nUnits\n(I0\ntS'b'\nt";
    for state in [
        "S'cm'\n",
        "N",
        "(t",
        "(dS'nd'\nNs",
        "(I1\n(I3\ntNI00\nS''\nt",
        "((I1\n(I3\ntI00\nS''\ntt",
    ] {
        let text = format!("{made}R{state}b.");
        let pickle = Pickle::parse(text.as_bytes()).expect(state);
        let rows: Vec<_> = pickle.arrays().collect();
        let [row] = &rows[..] else {
            panic!("{state}: {rows:?}")
        };
        let error = row.array.as_ref().expect_err(state);
        assert_eq!(error.category(), Category::Data, "{state}: {error}");
    }
    let text = format!("{made}R.");
    let pickle = Pickle::parse(text.as_bytes()).expect("an array without a state");
    assert_eq!(
        pickle.root().array().expect("empty").to_string(),
        "|i1 (0,)"
    );
}

/// Python 2's pickles of a class that adds to its state keep all of it in Python 3.
#[test]
fn states_of_python_2_are_rewritten_whole() {
    let own = "(I1\n(I2\ntcnumpy\ndtype\n(S'u1'\nI0\nI1\ntRI00\nS'ab'\n";
    for (state, beside) in [
        (format!("({own}t(dS'unit'\nS'cm'\nst"), ".state[1]"),
        (format!("{own}S'cm'\nt"), ".state[5]"),
    ] {
        let text =
            format!("cnumpy.core.multiarray\n_reconstruct\n(cm\nUnits\n(I0\ntS'b'\ntR{state}b.");
        let pickle = Pickle::parse(text.as_bytes()).expect("a pickle of Python 2");
        let written = write::Options::new()
            .compat()
            .to_vec(&pickle)
            .expect(beside);
        for bytes in [text.as_bytes(), &written] {
            let pickle = Pickle::parse(bytes).expect(beside);
            let array = pickle.root().array().expect(beside);
            assert_eq!(array.to_bytes().expect(beside), b"ab");
            let paths: Vec<_> = pickle.root().beside_array().map(|(path, _)| path).collect();
            assert_eq!(paths, [beside]);
        }
    }
}

/// dill names types of Python's own by a call: other types than those of bytes are none.
#[test]
fn bytes_of_dill_are_bytes() {
    let call = |name: &str, args: &str| format!("cdill._dill\n_load_type\n(V{name}\ntR({args}tR.");
    let encoded = "c_codecs\nencode\n(Vab\nVlatin1\ntR";
    for (text, bytes, is_mutable) in [
        (call("bytes", ""), &b""[..], false),
        (call("bytearray", ""), b"", true),
        (call("bytearray", encoded), b"ab", true),
    ] {
        let pickle = Pickle::parse(text.as_bytes()).expect(&text);
        let found = match pickle.root().python() {
            Some(View::Bytes(bytes)) if !is_mutable => bytes,
            Some(View::ByteArray(bytes)) if is_mutable => bytes,
            other => panic!("{text}: {other:?}"),
        };
        assert_eq!(found.to_vec().expect(&text), bytes);
    }
    for text in [
        call("str", ""),
        call("CodeType", ""),
        call("bytes", encoded),
    ] {
        let pickle = Pickle::parse(text.as_bytes()).expect(&text);
        assert!(
            matches!(pickle.root().python(), None | Some(View::Instance(_))),
            "{text}"
        );
        assert!(pickle.root().bytes().is_err(), "{text}");
    }
}
