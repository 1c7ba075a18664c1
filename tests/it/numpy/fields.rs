//! Fields of structured arrays, and single elements: in place where they can be, copied everywhere.

use ndarray::{Ix2, Ix3, IxDyn};
use ndpickle::{Category, NdArray, Pickle};
use serde_json::Value;

use super::{cases, check, everywhere};

/// The elements, then those of each field, by name and title.
#[track_caller]
fn check_fields(array: &NdArray<'_>, told: &Value, name: &str) {
    check(array, told, name);
    for field in told["fields"].as_array().expect("a list") {
        for alias in field[0].as_array().expect("names") {
            let alias = alias.as_str().expect("a name");
            let column = array.field(alias).expect(name);
            check_fields(&column, &field[1], &format!("{name}: {alias}"));
        }
    }
    let error = array.field("no such field").expect_err("no field");
    assert_eq!(error.category(), Category::Data, "{name}");
}

#[test]
fn fields_of_every_layout_are_those_of_numpy() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().to_str().expect("a text");
    let Some(cases) = cases("fields.py", &[path]) else {
        return;
    };
    assert!(cases.len() > 70, "{} cases", cases.len());
    let (file, cases) = cases.split_last().expect("cases");
    for case in cases {
        for (protocol, bytes) in case.pickles.iter().enumerate() {
            let name = format!("{}, protocol {protocol}", case.name());
            let pickle = Pickle::parse(bytes).expect(&name);
            check_fields(&pickle.root().array().expect(&name), &case.told, &name);
        }
    }
    for protocol in 0..file.pickles.len() {
        let name = format!("file of protocol {protocol}");
        let pickle = Pickle::open(folder.path().join(format!("{protocol}.pkl"))).expect(&name);
        let array = pickle.root().array().expect(&name);
        check_fields(&array, &file.told, &name);
        // The data has not left the file.
        let field = array.field("a").expect(&name);
        let error = field.view::<i8, IxDyn>().expect_err("in the file");
        assert_eq!(error.category(), Category::Unsupported, "{name}");
    }
}

#[test]
fn fields_are_viewed_where_they_are_aligned() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().to_str().expect("a text");
    let Some(cases) = cases("fields.py", &[path]) else {
        return;
    };
    let case = |name: &str| cases.iter().find(|case| case.name() == name).expect(name);
    let bytes = |name: &str| case(name).pickles[4].as_slice();
    let mut views = 0;
    let mut look = |bytes: &[u8]| {
        let pickle = Pickle::parse(bytes).expect("a pickle");
        let array = pickle.root().array().expect("an array");
        let b = array.field("b").expect("b");
        let view = match b.view::<f32, Ix2>() {
            Ok(view) => view,
            Err(error) => {
                assert_eq!(error.category(), Category::Unsupported);
                return;
            }
        };
        views += 1;
        assert_eq!(view, b.to_array::<f32, Ix2>().expect("b"));
        // The bytes of the view are those of the array: 24 an element, of which b is the second float.
        let whole = array.view::<[u8; 24], Ix2>().expect("bytes");
        assert_eq!(view.as_ptr().addr(), whole.as_ptr().addr() + 4);
        let c = array.field("c").expect("c");
        let view = c.view::<f32, Ix3>().expect("aligned");
        assert_eq!(view, c.to_array::<f32, Ix3>().expect("c"));
        let error = b.view::<f32, Ix3>().expect_err("another rank");
        assert_eq!(error.category(), Category::Data);
        let error = b.view::<i32, Ix2>().expect_err("another type");
        assert_eq!(error.category(), Category::Data);
    };
    everywhere(bytes("aligned, C order"), &mut look);
    everywhere(bytes("aligned, F order"), &mut look);
    assert_eq!(views, 2 * 16 / align_of::<f32>());
    // Behind a field of one byte nothing is aligned; the big-endian number could not be viewed anyway.
    let pickle = Pickle::parse(bytes("packed, C order")).expect("a pickle");
    let array = pickle.root().array().expect("an array");
    let field = |name: &str| array.field(name).expect(name);
    let odd = [
        field("b").view::<f64, IxDyn>().map(drop),
        field("c").view::<u16, IxDyn>().map(drop),
        field("g").view::<bool, IxDyn>().map(drop),
        field("e")
            .field("x")
            .expect("x")
            .view::<i16, IxDyn>()
            .map(drop),
    ];
    for result in odd {
        assert_eq!(result.expect_err("odd").category(), Category::Unsupported);
    }
}
