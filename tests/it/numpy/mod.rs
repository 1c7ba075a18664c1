//! NumPy's dtypes and arrays as Rust values, against what NumPy itself says of them.

mod dtypes;
mod fields;
mod hostile;
mod hostile_dtypes;
mod masked;
mod numbers;
mod objects;
mod pickled;
mod records;
mod shapes;
mod spelled;
mod stored;
mod strings;
mod times;

use std::path::{Path, PathBuf};

use ndarray::{ArrayD, IxDyn};
use ndpickle::bytemuck::{NoUninit, bytes_of};
use ndpickle::half::{bf16, f16};
use ndpickle::num_complex::Complex;
use ndpickle::numpy::{Element, ElementKind};
use ndpickle::{Category, NdArray};
use serde_json::Value;

use super::hex::hex;
use super::live;

/// A value of a script: what NumPy says of it, and its pickles at every protocol.
struct Case {
    told: Value,
    pickles: Vec<Vec<u8>>,
}

impl Case {
    fn name(&self) -> &str {
        self.told["name"].as_str().expect("a name")
    }
}

/// The cases of a script, which begin with one of its facts alone: `None` where live tests are left out.
fn cases(script: &str, arguments: &[&str]) -> Option<Vec<Case>> {
    Some(cases_of(live::python()?, script, arguments))
}

#[track_caller]
fn cases_of(python: PathBuf, script: &str, arguments: &[&str]) -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/live");
    let script = folder.join(script);
    // Without -B there would be a folder of compiled modules beside the scripts.
    let mut all = vec!["-B", script.to_str().expect("a text")];
    all.extend(arguments);
    let lines = live::run(&python, &all);
    let case = |line: &str| {
        let told: Value = serde_json::from_str(line).expect("JSON");
        let pickles = told["pickles"].as_array().expect("pickles").iter();
        let pickles = pickles.map(|text| live::base64(text.as_str().expect("base64")));
        Case {
            pickles: pickles.collect(),
            told,
        }
    };
    let cases: Vec<Case> = lines.lines().map(case).collect();
    assert!(!cases.is_empty(), "{} tells nothing", script.display());
    cases
}

/// Shows the pickle at 16 places in memory: at one of them its data is aligned.
fn everywhere(bytes: &[u8], mut look: impl FnMut(&[u8])) {
    let mut memory = vec![0; bytes.len() + 16];
    for start in 0..16 {
        let place = &mut memory[start..start + bytes.len()];
        place.copy_from_slice(bytes);
        look(place);
    }
}

/// An array against what `array_told` says of it, by every way to its elements.
#[track_caller]
fn check(array: &NdArray<'_>, told: &Value, name: &str) {
    let shape: Vec<usize> = serde_json::from_value(told["shape"].clone()).expect("a shape");
    assert_eq!(array.shape(), shape, "{name}");
    assert_eq!(array.dtype().typestr(), told["dtype"], "{name}");
    let bytes = array.to_bytes().expect(name);
    if !told["bytes"].is_null() {
        assert_eq!(hex(&bytes), told["bytes"], "{name}: {array:?}");
    }
    let itemsize = array.dtype().itemsize() as usize;
    for n in 0..array.size().min(100) {
        let element = array.flat(n).expect(name);
        let found = element.to_bytes().expect(name);
        let from = n as usize * itemsize;
        assert_eq!(found, bytes[from..from + itemsize], "{name}.flat({n})");
        assert_eq!(element.shape(), [0usize; 0], "{name}.flat({n})");
    }
    assert_eq!(
        array
            .flat(array.size())
            .expect_err("behind the end")
            .category(),
        Category::Data,
        "{name}"
    );
    let little = told["little"].as_str().expect("hex");
    match (array.dtype().kind(), array.dtype().itemsize()) {
        (ElementKind::Bool, 1) => typed::<bool>(array, little, name),
        (ElementKind::Int, 1) => typed::<i8>(array, little, name),
        (ElementKind::Int, 2) => typed::<i16>(array, little, name),
        (ElementKind::Int, 4) => typed::<i32>(array, little, name),
        (ElementKind::Int | ElementKind::DateTime | ElementKind::TimeDelta, 8) => {
            typed::<i64>(array, little, name)
        }
        (ElementKind::UInt, 1) => typed::<u8>(array, little, name),
        (ElementKind::UInt, 2) => typed::<u16>(array, little, name),
        (ElementKind::UInt, 4) => typed::<u32>(array, little, name),
        (ElementKind::UInt, 8) => typed::<u64>(array, little, name),
        (ElementKind::Float, 2) => typed::<f16>(array, little, name),
        (ElementKind::BFloat16, 2) => typed::<bf16>(array, little, name),
        (ElementKind::Float, 4) => typed::<f32>(array, little, name),
        (ElementKind::Float, 8) => typed::<f64>(array, little, name),
        (ElementKind::Complex, 8) => typed::<Complex<f32>>(array, little, name),
        (ElementKind::Complex, 16) => typed::<Complex<f64>>(array, little, name),
        (ElementKind::Bytes | ElementKind::Void, 3) => typed::<[u8; 3]>(array, little, name),
        _ => {}
    }
}

/// A copy, two fillings and, where there is one, a view: all of them NumPy's elements.
#[track_caller]
fn typed<T: Element + NoUninit>(array: &NdArray<'_>, little: &str, name: &str) {
    let copy: ArrayD<T> = array.to_array().expect(name);
    assert_eq!(elements(&copy), little, "{name}: {array:?}");
    let zero = T::zeros(1)[0];
    let mut filled = ArrayD::from_elem(copy.raw_dim(), zero);
    array.read_into(filled.view_mut()).expect(name);
    assert_eq!(elements(&filled), little, "{name}: {array:?}");
    let mut filled = ArrayD::from_elem(copy.raw_dim(), zero).reversed_axes();
    if filled.shape() == array.shape() {
        array.read_into(filled.view_mut()).expect(name);
        assert_eq!(elements(&filled), little, "{name}: {array:?}");
    }
    match array.view::<T, IxDyn>() {
        Ok(view) => assert_eq!(elements(&view.to_owned()), little, "{name}: {array:?}"),
        Err(error) => assert_eq!(error.category(), Category::Unsupported, "{name}: {error}"),
    }
}

/// The bytes of elements in C order, as hex.
fn elements<T: NoUninit>(array: &ArrayD<T>) -> String {
    let bytes: Vec<u8> = array.iter().flat_map(bytes_of).copied().collect();
    hex(&bytes)
}
