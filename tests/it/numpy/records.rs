//! Structured arrays as structs of Rust.

use bytemuck::{Pod, Zeroable};
use ndarray::{Array1, ArrayD, IxDyn};
use ndpickle::half::f16;
use ndpickle::num_complex::Complex;
use ndpickle::numpy::ArrayKind;
use ndpickle::{Category, Pickle, record};
use serde_json::{Value, json};

use super::{Case, cases, everywhere};
use crate::hex::hex;

#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[repr(C)]
struct Point {
    x: f32,
    y: f32,
}
record!(Point { x, y });

/// The fields in another order than in memory, one under another name.
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[repr(C, packed)]
struct Star {
    flag: u8,
    id: i32,
    magnitude: f64,
    rgb: [f32; 3],
    grid: [[i16; 2]; 3],
    code: [u8; 5],
    raw: [u8; 3],
    point: Point,
    seen: i64,
    half: f16,
    z: Complex<f32>,
    points: [Point; 2],
}
record!(Star {
    points, z, half, seen, point, raw, code, grid, rgb, magnitude = "mag", id, flag
});

impl Star {
    fn told(&self) -> Value {
        let Star {
            id,
            magnitude,
            rgb,
            grid,
            code,
            raw,
            seen,
            half,
            z,
            points,
            ..
        } = *self;
        let pair = |point: Point| [f64::from(point.x), f64::from(point.y)];
        json!([
            self.flag,
            id,
            magnitude,
            rgb.map(f64::from),
            grid.as_flattened(),
            hex(&code),
            hex(&raw),
            pair(self.point),
            seen,
            half.to_f64(),
            f64::from(z.re),
            f64::from(z.im),
            points.map(pair),
        ])
    }
}

/// As a C compiler lays it out; what lies between the fields has names only because every byte of it must be plain data.
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[repr(C)]
struct Aligned {
    small: i8,
    _gap: [u8; 7],
    wide: f64,
    tail: u16,
    _end: [u8; 6],
}
record!(Aligned { small, wide, tail });

impl Aligned {
    fn told(&self) -> Value {
        json!([f64::from(self.small), self.wide, f64::from(self.tail)])
    }
}

/// By every way: a copy, a filling, an item, and a view where the numbers are in this machine's order.
#[track_caller]
fn check<R: ndpickle::numpy::Record + PartialEq>(case: &Case, told: impl Fn(&R) -> Value) {
    let expected = &case.told["elements"];
    for (protocol, bytes) in case.pickles.iter().enumerate() {
        let name = format!("{}, protocol {protocol}", case.name());
        let pickle = Pickle::parse(bytes).expect(&name);
        let array = pickle.root().array().expect(&name);
        let list = |array: &ArrayD<R>| array.iter().map(&told).collect::<Value>();
        let copy: ArrayD<R> = array.to_array().expect(&name);
        assert_eq!(list(&copy), *expected, "{name}");
        let mut filled = ArrayD::from_elem(array.shape(), R::zeroed());
        array.read_into(filled.view_mut()).expect(&name);
        assert_eq!(list(&filled), *expected, "{name}");
        for n in 0..array.size() {
            let item: R = array.flat(n).expect(&name).item().expect(&name);
            assert_eq!(told(&item), expected[n as usize], "{name}");
        }
        assert_eq!(array.item::<R>().is_ok(), array.size() == 1, "{name}");
        let mut views = 0;
        everywhere(bytes, |bytes| {
            let pickle = Pickle::parse(bytes).expect(&name);
            let array = pickle.root().array().expect(&name);
            match array.view::<R, IxDyn>() {
                Ok(view) => {
                    assert_eq!(list(&view.to_owned()), *expected, "{name}");
                    views += 1;
                }
                Err(error) => {
                    assert_eq!(error.category(), Category::Unsupported, "{name}: {error}");
                }
            }
        });
        let is_raw = protocol > 2 && array.dtype().is_native();
        let places = if is_raw { 16 / align_of::<R>() } else { 0 };
        assert_eq!(views, places, "{name}");
        let kind = match name.split([' ', ',']).next() {
            Some("recarray") => ArrayKind::RecArray,
            Some("record") => ArrayKind::Record,
            Some("scalar") => ArrayKind::Scalar,
            _ if name.contains("an element") => ArrayKind::Scalar,
            _ => ArrayKind::NdArray,
        };
        assert_eq!(array.kind(), kind, "{name}");
    }
}

#[test]
fn structs_are_elements() {
    let Some(cases) = cases("records.py", &[]) else {
        return;
    };
    let (mut packed, mut aligned) = (0, 0);
    for case in &cases {
        match case.told["kind"].as_str() {
            Some("packed") => {
                check::<Star>(case, Star::told);
                packed += 1;
            }
            Some("aligned") => {
                check::<Aligned>(case, Aligned::told);
                aligned += 1;
            }
            _ => {}
        }
    }
    // Old NumPy has four scalars less.
    assert!(packed >= 7 && aligned == 4, "{packed} and {aligned}");
}

#[test]
fn what_does_not_fit_a_struct_is_said() {
    let Some(cases) = cases("records.py", &[]) else {
        return;
    };
    for (name, expected) in [
        ("another name", "Aligned with a field \"wide\""),
        ("another type", "Aligned.wide of float64, not <i8"),
        ("another field more", "Aligned, which has no field \"end\""),
        ("a field less", "Aligned with a field \"tail\""),
        ("another offset", "Aligned.wide at byte 8, not 1"),
        ("another size", "Aligned of 24 bytes, not 32"),
        ("no fields", "Aligned, a structured dtype"),
    ] {
        let case = cases
            .iter()
            .find(|case| case.told["name"] == format!("wrong: {name}"));
        let pickle = Pickle::parse(&case.expect(name).pickles[4]).expect(name);
        let array = pickle.root().array().expect(name);
        let expected = format!("expected {expected}, found {array}");
        let copy = array.to_array::<Aligned, IxDyn>();
        assert_eq!(copy.expect_err(name).to_string(), expected);
        let view = array.view::<Aligned, IxDyn>();
        assert_eq!(view.expect_err(name).to_string(), expected);
        let mut out = Array1::from_elem(2, Aligned::zeroed());
        let filled = array.read_into(out.view_mut());
        assert_eq!(filled.expect_err(name).to_string(), expected);
        let item = array.item::<Aligned>();
        assert_eq!(item.expect_err(name).to_string(), expected);
    }
}
