//! Arrays that nothing writes but an enemy: an error, soon, and of the right kind.

use bytemuck::{Pod, Zeroable};
use ndarray::IxDyn;
use ndpickle::numpy::ArrayKind;
use ndpickle::{Category, NdArray, Pickle, Result, record};

use super::pickled::*;

#[test]
fn many_arrays_of_one_dtype() {
    let empty = |dtype| array(&[0], dtype, bytes(b""));
    let masked = |dtype| build(&bare_masked(), &mask_state(0, dtype, b"", b"", none()));
    // A dtype of their own around the shared one, and one that was given states without end.
    let own = |dtype: Vec<u8>| build(&bare("V1"), &fields(&[("a", dtype, 0)], 1));
    let state = [plain("i4", "<"), put(7)].concat();
    let rebuilt = |state: &[Vec<u8>]| [state.concat(), put(9), b"0".to_vec()].concat();
    let states = vec![plain("i4", ">")[bare("i4").len()..].to_vec(); 100_000];
    let many_states = rebuilt(&[&[state], &states[..]].concat());
    let shared = |missing| [many_fields(60_000, missing), put(9), b"0".to_vec()].concat();
    for (first, one, expected) in [
        (shared(None), empty(get(9)), Some(1)),
        (shared(None), masked(get(9)), Some(1)),
        (shared(None), empty(own(get(9))), Some(1)),
        (shared(None), masked(own(get(9))), Some(1)),
        (shared(Some(59_999)), empty(get(9)), None),
        (shared(Some(59_999)), masked(own(get(9))), None),
        (many_states, empty(get(9)), Some(4)),
    ] {
        let pickled = stop([first, list(&vec![one; 50_000])].concat());
        let pickle = Pickle::parse(&pickled).expect("a pickle");
        let mut rows = 0;
        for row in pickle.arrays() {
            let found = row.array.map(|array| array.dtype().itemsize());
            assert_eq!(found.map_err(|error| error.category()).ok(), expected);
            rows += 1;
        }
        assert_eq!(rows, 50_000);
    }
}

/// The array that a pickle is.
#[track_caller]
fn with_array<T>(pickled: Vec<u8>, look: impl FnOnce(Result<NdArray<'_>>) -> T) -> T {
    let pickled = stop(pickled);
    let pickle = Pickle::parse(&pickled).expect("a pickle");
    look(pickle.root().array())
}

#[test]
fn elements_of_no_size_without_end() {
    let endless = || {
        build(
            &bare("V0"),
            &subarray(plain("V0", "|"), &[1_000_000_000_000_000_000], 0),
        )
    };
    let dtype = build(&bare("V0"), &fields(&[("a", endless(), 0)], 0));
    with_array(array(&[1], dtype, bytes(b"")), |array| {
        let error = array.expect("one element").field("a").expect_err("10^18");
        assert_eq!(error.category(), Category::Limit);
    });
    with_array(array(&[1 << 60], plain("V0", "|"), bytes(b"")), |array| {
        assert_eq!(array.expect_err("2^60").category(), Category::Limit);
    });
    // A bool for each would not fit.
    let dtype = build(&bare("V0"), &subarray(endless(), &[1000], 0));
    let state = mask_state(0, dtype, b"", b"", none());
    with_array(build(&bare_masked(), &state), |array| {
        assert_eq!(array.expect_err("10^21").category(), Category::Data);
    });
}

#[test]
fn masks_and_fill_values_that_are_none() {
    let i4 = || plain("i4", "<");
    for (mask, is_whole) in [(&[0, 1][..], true), (&[0], false), (&[0, 1, 0], false)] {
        let state = mask_state(2, i4(), &[0; 8], mask, none());
        with_array(build(&bare_masked(), &state), |array| {
            assert_eq!(array.is_ok(), is_whole)
        });
    }
    let own = [bare_masked(), put(1)].concat();
    let state = mask_state(2, i4(), &[0; 8], &[0, 1], get(1));
    with_array(build(&own, &state), |array| {
        let array = array.expect("an array");
        assert_eq!(array.kind(), ArrayKind::Masked);
        assert!(array.fill_value().is_none());
    });
    let damaged = array(&[], i4(), bytes(&[0; 3]));
    let state = mask_state(2, i4(), &[0; 8], &[0, 1], damaged);
    with_array(build(&bare_masked(), &state), |array| {
        assert!(array.is_err())
    });
}

#[test]
fn objects_that_are_missing_or_hold_themselves() {
    let object = || plain("O8", "|");
    let items = |count| list(&vec![none(); count]);
    for (data, is_whole) in [
        (items(3), true),
        (items(2), false),
        (none(), false),
        (bytes(&[0; 24]), false),
    ] {
        with_array(array(&[3], object(), data), |array| {
            assert_eq!(array.is_ok(), is_whole)
        });
    }
    with_array(array(&[1 << 62], object(), items(3)), |array| {
        assert!(array.is_err())
    });
    // A scalar in the array of whose fields is the scalar.
    let dtype = build(&bare("V8"), &fields(&[("o", object(), 0)], 8));
    let held = [list(&[]), put(1)].concat();
    let value = array(&[], dtype.clone(), held);
    let scalar = call("numpy.core.multiarray.scalar", &[dtype.clone(), value]);
    let pickled = stop([scalar, put(2), get(1), tuple(&[get(2)]), b"a0".to_vec()].concat());
    let pickle = Pickle::parse(&pickled).expect("a pickle");
    let elements: Vec<_> = pickle.root().elements().expect("a scalar").collect();
    assert_eq!(elements[0].index(0), Some(pickle.root()));
    assert!(pickle.arrays().count() < 3);
    let raw = call("numpy.core.multiarray.scalar", &[dtype, bytes(&[0; 8])]);
    with_array(raw, |array| {
        assert_eq!(array.expect_err("pointers").category(), Category::Data)
    });
}

#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
struct One {
    a: i32,
}
record!(One { a });

#[test]
fn bytes_are_swapped_once() {
    // An array of subarrays: NumPy's own have their axes in the array.
    let dtype = build(&bare("V12"), &subarray(plain("i2", ">"), &[3, 2], 12));
    let data = bytes(&[0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6]);
    with_array(array(&[1], dtype, data), |array| {
        let array = array.expect("an array");
        let element = array.item::<[[i16; 2]; 3]>().expect("int16");
        assert_eq!(element, [[1, 2], [3, 4], [5, 6]]);
        let error = array
            .view::<[[i16; 2]; 3], IxDyn>()
            .expect_err("big-endian");
        assert_eq!(error.category(), Category::Unsupported);
        assert!(array.item::<[i16; 3]>().is_err() && array.item::<[[i16; 3]; 2]>().is_err());
    });
    // A field that is named twice.
    let twice = fields(&[("a", plain("i4", ">"), 0), ("a", plain("i4", ">"), 0)], 4);
    let dtype = build(&bare("V4"), &twice);
    with_array(array(&[1], dtype, bytes(&[0, 0, 0, 1])), |array| {
        let array = array.expect("an array");
        assert_eq!(
            array
                .field("a")
                .expect("a")
                .to_array::<i32, IxDyn>()
                .expect("int32")
                .sum(),
            1
        );
        assert_eq!(
            array.item::<One>().expect_err("twice").category(),
            Category::Data
        );
    });
}
