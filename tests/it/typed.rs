//! The elements of arrays as Rust values, against those that Python and NumPy see.

use std::path::Path;

use ndarray::{ArrayD, IxDyn};
use ndpickle::half::f16;
use ndpickle::num_complex::Complex;
use ndpickle::numpy::{DType, Element, Number};
use ndpickle::{Category, NdArray, Pickle};
use serde_json::Value;

use super::hex::unhex;
use super::live;

/// One array of the script, and how its elements look in JSON.
struct Case {
    told: Value,
    bytes: Vec<u8>,
}

fn cases() -> Option<Vec<Case>> {
    let python = live::python()?;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/live/typed.py");
    let lines = live::run(&python, &[script.to_str().expect("a text")]);
    let cases = lines.lines().map(|line| {
        let told: Value = serde_json::from_str(line).expect("JSON");
        let bytes = unhex(told["pickle"].as_str().expect("hex"));
        Case { told, bytes }
    });
    Some(cases.collect())
}

/// A view, a copy, a filling and a cast of an array: all the same, and what NumPy has.
#[track_caller]
fn check<T: Element + PartialEq>(case: &Case, array: &NdArray<'_>, expected: impl Fn(&Value) -> T) {
    let elements = case.told["elements"].as_array().expect("a list");
    let copy: ArrayD<T> = array.to_array().expect("the same type");
    let told: Vec<T> = elements.iter().map(expected).collect();
    assert!(copy.iter().eq(&told), "{} {array:?}", case.told);
    let mut filled = ArrayD::from_elem(copy.raw_dim(), T::zeros(1)[0]);
    array.read_into(filled.view_mut()).expect("the same shape");
    assert_eq!(filled, copy, "{array:?}");
    // In F order the memory of the caller is of the other order for some of the layouts.
    let mut filled = filled.reversed_axes();
    filled.fill(T::zeros(1)[0]);
    array
        .read_into(filled.view_mut().reversed_axes())
        .expect("the same shape");
    assert_eq!(filled.reversed_axes(), copy, "{array:?}");
    match array.view::<T, IxDyn>() {
        Ok(view) => assert_eq!(view, copy, "{array:?}"),
        Err(error) => assert_eq!(
            error.category(),
            Category::Unsupported,
            "{array:?}: {error}"
        ),
    }
}

fn number<T: Number + PartialEq>(case: &Case, array: &NdArray<'_>) {
    check::<T>(case, array, |value| match value {
        Value::Bool(value) => T::from_i64((*value).into()),
        Value::Array(parts) => {
            let part = |n: usize| parts[n].as_f64().expect("a float");
            T::from_complex(Complex::new(part(0), part(1)))
        }
        value => T::from_f64(value.as_f64().expect("a number")),
    });
    // All samples are exact in every type but for bool, and for what an imaginary part is cut from.
    let casts: ArrayD<f64> = array.cast().expect("numbers");
    let copy: ArrayD<T> = array.to_array().expect("the same type");
    assert_eq!(
        casts.mapv(T::from_f64),
        copy.mapv(|value| T::from_f64(real(value))),
        "{array:?}"
    );
}

/// The real part of any number, by way of its text.
fn real<T: Number>(value: T) -> f64 {
    let text = format!("{value:?}");
    let digits = text
        .trim_start_matches("Complex { re: ")
        .split(',')
        .next()
        .unwrap_or_default();
    match digits {
        "true" => 1.0,
        "false" => 0.0,
        digits => digits.parse().unwrap_or_else(|_| panic!("{text}")),
    }
}

#[test]
fn elements_are_those_of_numpy() {
    let Some(cases) = cases() else { return };
    assert!(cases.len() > 1000);
    for case in &cases {
        let pickle = Pickle::parse(&case.bytes).expect("a pickle");
        let array = pickle.root().array().expect("an array");
        let shape: Vec<usize> =
            serde_json::from_value(case.told["shape"].clone()).expect("a shape");
        assert_eq!(array.shape(), shape);
        match case.told["code"].as_str().expect("a code") {
            "?" => number::<bool>(case, &array),
            "i1" => number::<i8>(case, &array),
            "i2" => number::<i16>(case, &array),
            "i4" => number::<i32>(case, &array),
            "i8" => number::<i64>(case, &array),
            "u1" => number::<u8>(case, &array),
            "u2" => number::<u16>(case, &array),
            "u4" => number::<u32>(case, &array),
            "u8" => number::<u64>(case, &array),
            "f2" => number::<f16>(case, &array),
            "f4" => number::<f32>(case, &array),
            "f8" => number::<f64>(case, &array),
            "c8" => number::<Complex<f32>>(case, &array),
            "c16" => number::<Complex<f64>>(case, &array),
            _ => {
                let texts = array.to_strings().expect("texts");
                let told = case.told["elements"].as_array().expect("a list");
                assert!(
                    texts
                        .iter()
                        .map(String::as_str)
                        .eq(told.iter().filter_map(Value::as_str)),
                    "{}",
                    case.told
                );
            }
        }
        assert!(array.to_array::<[u8; 77], IxDyn>().is_err());
    }
}

#[test]
fn the_wrong_type_or_rank_says_what_was_found() {
    let Some(cases) = cases() else { return };
    let case = cases
        .iter()
        .find(|case| case.told["code"] == "f4")
        .expect("a case");
    let pickle = Pickle::parse(&case.bytes).expect("a pickle");
    let array = pickle.root().array().expect("an array");
    let error = array
        .to_array::<f64, ndarray::Ix2>()
        .expect_err("another type");
    assert_eq!(error.to_string(), "expected float64, found <f4 (2, 3)");
    let error = array
        .to_array::<f32, ndarray::Ix1>()
        .expect_err("another rank");
    assert_eq!(error.to_string(), "expected 1 dimensions, found <f4 (2, 3)");
    assert_eq!(array.dtype().to_string(), "<f4");
    let _: &DType = array.dtype();
}
