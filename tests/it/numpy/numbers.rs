//! Numbers of every width as doubles: long doubles, and the small ones of ml_dtypes.

use ndarray::{ArrayD, IxDyn};
use ndpickle::Pickle;
use ndpickle::num_complex::Complex;
use ndpickle::numpy::{DType, ElementKind, MlType};
use serde_json::{Value, json};

use super::{Case, cases, cases_of};
use crate::live;

/// The bits of a double in hex; any NaN is one.
fn bits(value: f64) -> Value {
    if value.is_nan() {
        return "nan".into();
    }
    format!("{:016x}", value.to_bits()).into()
}

/// The array cast to complex and, its real parts, to `f64`; and each element by itself.
#[track_caller]
fn check_casts(case: &Case) {
    let parts = |key: &str| case.told[key].as_array().expect("floats").clone();
    let (real, imag) = (parts("real"), parts("imag"));
    for (protocol, bytes) in case.pickles.iter().enumerate() {
        let name = format!("{}, protocol {protocol}", case.name());
        let pickle = Pickle::parse(bytes).expect(&name);
        let array = pickle.root().array().expect(&name);
        let wide: ArrayD<Complex<f64>> = array.cast().expect(&name);
        let numbers: ArrayD<f64> = array.cast().expect(&name);
        assert_eq!((wide.len(), numbers.len()), (real.len(), real.len()));
        for (n, (wide, number)) in wide.iter().zip(&numbers).enumerate() {
            let found = (bits(wide.re), bits(wide.im), bits(*number));
            let expected = (real[n].clone(), imag[n].clone(), real[n].clone());
            assert_eq!(found, expected, "{name}: {n}");
        }
        if array.size() <= 256 {
            for (n, expected) in real.iter().enumerate() {
                let element = array.flat(n as u64).expect(&name);
                let number: ArrayD<f64> = element.cast().expect(&name);
                assert_eq!(bits(number[IxDyn(&[])]), *expected, "{name}.flat({n})");
            }
        }
    }
}

#[test]
fn long_doubles_are_floats_as_python_makes_them() {
    let Some(cases) = cases("casts.py", &["long"]) else {
        return;
    };
    assert!(cases.len() > 40, "{} cases", cases.len());
    cases.iter().for_each(check_casts);
}

#[test]
fn everything_but_zero_is_true() {
    let Some(cases) = cases("casts.py", &["bool"]) else {
        return;
    };
    for case in &cases {
        let pickle = Pickle::parse(&case.pickles[2]).expect("a pickle");
        let array = pickle.root().array().expect("an array");
        let bools: ArrayD<bool> = array.cast().expect("bools");
        let bools: Vec<bool> = bools.iter().copied().collect();
        assert_eq!(json!(bools), case.told["bools"], "{}", case.name());
    }
}

#[test]
fn small_numbers_are_those_of_ml_dtypes() {
    let Some(python) = live::python_with_ml_dtypes() else {
        return;
    };
    let cases = cases_of(python, "casts.py", &["small"]);
    // The first version had two types, 0.6 has twenty.
    assert!(cases.len() >= 2 * 3);
    for case in &cases {
        check_casts(case);
        let name = case.told["type"].as_str().expect("a name");
        let pickle = Pickle::parse(&case.pickles[2]).expect(name);
        let array = pickle.root().array().expect(name);
        let dtype = array.dtype();
        assert_eq!(dtype.typestr(), case.told["str"], "{name}");
        assert_eq!(json!(dtype.itemsize()), case.told["itemsize"], "{name}");
        // Version 0.1 spelled this one shorter.
        let alias = if name == "float8_e4m3b11" {
            "float8_e4m3b11fnuz"
        } else {
            name
        };
        assert_eq!(dtype.to_string(), alias);
        let by_name: DType = name.parse().expect(name);
        assert_eq!(&by_name, dtype);
        match dtype.kind() {
            ElementKind::Ml(kind) if dtype.itemsize() == 1 => bytes_of(kind, case),
            ElementKind::Ml(_) => assert!(array.to_array::<[u8; 4], IxDyn>().is_ok(), "{name}"),
            kind => assert_eq!(kind, ElementKind::BFloat16, "{name}"),
        }
    }
}

/// The numbers that all 256 bytes are.
fn bytes_of(kind: MlType, case: &Case) {
    let real = case.told["real"].as_array().expect("floats");
    if real.len() == 256 {
        for byte in 0..=255 {
            let number = kind.to_f64(byte).expect("one byte");
            assert_eq!(
                bits(number),
                real[usize::from(byte)],
                "{kind:?} {byte:#04x}"
            );
        }
    }
}
