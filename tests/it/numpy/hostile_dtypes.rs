//! Dtypes that nothing writes but an enemy: an error, soon, and of the right kind.

use ndpickle::numpy::{DType, ElementKind};
use ndpickle::{Category, Pickle};

use super::pickled::*;

/// The dtype that a pickle is, or its error's category.
#[track_caller]
fn dtype(pickled: Vec<u8>) -> Result<DType, Category> {
    let pickled = stop(pickled);
    let pickle = Pickle::parse(&pickled).expect("a pickle");
    let root = pickle.root();
    let found = root.dtype().map_err(|error| error.category());
    let again = root.dtype().map_err(|error| error.category());
    assert_eq!(found, again);
    assert!(root.dtype_metadata().is_none());
    found
}

#[test]
fn dtypes_that_hold_themselves() {
    let own = [bare("V8"), put(1)].concat();
    let field = build(&own, &fields(&[("a", get(1), 0)], 8));
    assert_eq!(dtype(field), Err(Category::Data));
    let base = build(&own, &subarray(get(1), &[1], 8));
    assert_eq!(dtype(base), Err(Category::Data));
    let both = build(
        &own,
        &fields(
            &[("a", build(&bare("V8"), &subarray(get(1), &[1], 8)), 0)],
            8,
        ),
    );
    assert_eq!(dtype(both), Err(Category::Data));
}

/// Dtypes, each a field (or the base of a subarray) of the next, in a list.
fn chain(len: usize, state: impl Fn(Vec<u8>) -> Vec<Vec<u8>>) -> Vec<u8> {
    let mut all = vec![[plain("i4", "<"), put(0)].concat()];
    for n in 1..len {
        all.push([build(&bare("V4"), &state(get(n - 1))), put(n)].concat());
    }
    stop(list(&all))
}

#[test]
fn dtypes_of_a_hundred_thousand_levels() {
    let in_field = chain(100_000, |inner| fields(&[("a", inner, 0)], 4));
    let in_subarray = chain(100_000, |inner| subarray(inner, &[1], 4));
    for pickled in [in_field, in_subarray] {
        // From the inside each is understood after its parts, which are known by then.
        let pickle = Pickle::parse(&pickled).expect("a pickle");
        for (levels, node) in pickle.root().items().enumerate() {
            let dtype = node.dtype().map_err(|error| error.category());
            assert_eq!(
                dtype.map(|dtype| dtype.itemsize()),
                if levels <= 64 {
                    Ok(4)
                } else {
                    Err(Category::Data)
                }
            );
        }
        let pickle = Pickle::parse(&pickled).expect("a pickle");
        let outermost = pickle.root().index(99_999).expect("an item");
        assert_eq!(
            outermost.dtype().expect_err("too deep").category(),
            Category::Data
        );
    }
}

#[test]
fn dtypes_of_fields_without_end() {
    // 2^40 leaves.
    let pickled = chain(40, |inner| {
        fields(&[("a", inner.clone(), 0), ("b", inner, 0)], 4)
    });
    let pickle = Pickle::parse(&pickled).expect("a pickle");
    let root = pickle.root();
    for _ in 0..2 {
        let error = root.index(39).expect("an item").dtype().expect_err("2^40");
        assert_eq!(error.category(), Category::Limit);
    }
    assert!(root.index(16).expect("an item").dtype().is_ok());
    assert_eq!(dtype(many_fields(65_537, None)), Err(Category::Limit));
    assert_eq!(
        dtype(many_fields(65_536, None)).map(|dtype| dtype.itemsize()),
        Ok(1)
    );
}

#[test]
fn fields_and_sizes_that_do_not_fit() {
    let of = |spec, state: &[Vec<u8>]| dtype(build(&bare(spec), state));
    let i4 = || plain("i4", "<");
    for state in [
        fields(&[("a", i4(), 5)], 8),
        fields(&[("a", i4(), -1)], 8),
        fields(&[("a", i4(), i128::from(i64::MAX))], 8),
        fields(&[("a", i4(), 1 << 80)], 8),
        fields(&[("a", i4(), 0)], -8),
        fields(&[("a", none(), 0)], 8),
        structure(tuple(&[text("a")]), none(), 8),
        structure(none(), dict(&[]), 8),
        structure(tuple(&[text("a")]), dict(&[]), 8),
        structure(tuple(&[text("a")]), dict(&[text("a"), tuple(&[i4()])]), 8),
        structure(tuple(&[int(1)]), dict(&[int(1), tuple(&[i4(), int(0)])]), 8),
        subarray(i4(), &[-1], 4),
        subarray(i4(), &[1 << 40, 1 << 40], 4),
        subarray(i4(), &[2], 4),
        subarray(none(), &[2], 8),
    ] {
        assert_eq!(
            of("V8", &state),
            Err(Category::Data),
            "{:?}",
            state.concat().escape_ascii().to_string()
        );
    }
    // A number keeps its size, whatever its state says, and a text is whole characters.
    let number = of("f16", &structure(tuple(&[]), dict(&[]), 0)).expect("a long double");
    assert_eq!(
        (number.kind(), number.itemsize()),
        (ElementKind::LongDouble, 16)
    );
    let outside = fields(&[("a", i4(), 2)], 8);
    assert_eq!(of("i4", &outside), Err(Category::Data));
    assert_eq!(
        of("U1", &structure(tuple(&[]), dict(&[]), 3)),
        Err(Category::Data)
    );
}

#[test]
fn long_names_that_many_share() {
    let name = "n".repeat(1 << 20);
    let shared = [text(&name), put(1), b"0".to_vec()].concat();
    let state = structure(
        tuple(&[get(1)]),
        dict(&[get(1), tuple(&[plain("i1", "|"), int(0)])]),
        1,
    );
    let one = build(&bare("V1"), &state);
    let missing = build(&bare("V1"), &structure(tuple(&[get(1)]), dict(&[]), 1));
    for one in [one, missing] {
        let pickled = stop([shared.clone(), list(&vec![one; 20_000])].concat());
        let pickle = Pickle::parse(&pickled).expect("a pickle");
        for node in pickle.root().items() {
            let error = node.dtype().expect_err("a long name");
            assert_eq!(error.category(), Category::Limit);
            assert!(error.to_string().len() < 200);
        }
    }
    // `repr` of the text for missing strings is made once.
    let make = "numpy._core._internal._convert_to_stringdtype_kwargs";
    let one = call(make, &[b"\x88".to_vec(), get(1)]);
    let pickled = stop([shared, list(&vec![one; 20_000])].concat());
    let pickle = Pickle::parse(&pickled).expect("a pickle");
    let dtypes: Vec<DType> = pickle
        .root()
        .items()
        .map(|node| node.dtype().expect("strings"))
        .collect();
    assert_eq!(
        dtypes[19_999].typestr().len(),
        name.len() + "StringDType(na_object='')".len()
    );
}

#[test]
fn units_that_are_none() {
    let of = |unit: &[Vec<u8>]| {
        let metadata = tuple(&[dict(&[]), tuple(unit)]);
        let rest = [none(), none(), none(), int(-1), int(-1), int(0), metadata];
        dtype(build(
            &bare("M8"),
            &[&[int(4), text("<")], &rest[..]].concat(),
        ))
    };
    let unit = |count, divisor| of(&[bytes(b"s"), int(count), int(divisor), int(1)]);
    assert_eq!(
        unit(25, 1).map(|dtype| dtype.to_string()),
        Ok("<M8[25s]".into())
    );
    for (count, divisor) in [
        (0, 1),
        (-1, 1),
        (1 << 31 << 1, 1),
        (1 << 100, 1),
        (1, 0),
        (1, 7),
        (1 << 31, 4),
    ] {
        assert_eq!(
            unit(count, divisor),
            Err(Category::Data),
            "{count}/{divisor}"
        );
    }
    assert_eq!(of(&[]), Err(Category::Data));
    assert_eq!(of(&[bytes(&[b's'; 1000]), int(1)]), Err(Category::Data));
    assert_eq!(dtype(plain("M8", "<")), Err(Category::Data));
}
