//! Values made in Rust and in Python from the same recipes: equal bytes at every protocol.

use std::fmt::Write as _;

use ndarray::{Array1, ArrayD, ArrayViewD, Axis, IxDyn, Slice};
use ndpickle::half::f16;
use ndpickle::num_bigint;
use ndpickle::num_complex::Complex;
use ndpickle::numpy::{ArrayKind, DType, Element};
use ndpickle::{Builder, Flavour, Id, NdArray, Pickle, Result, Version, write};
use serde_json::Value;

use super::hex::unhex;
use super::{dump, live};

fn bytes(hex: &Value) -> Vec<u8> {
    unhex(hex.as_str().expect("hex"))
}

fn number(value: &Value) -> usize {
    value.as_u64().expect("a number") as usize
}

fn numbers(value: &Value) -> Vec<usize> {
    value
        .as_array()
        .expect("a list")
        .iter()
        .map(number)
        .collect()
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

/// `float.hex` of Python.
fn float(value: &Value) -> f64 {
    let text = text(value);
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text),
    };
    match rest {
        "nan" => return f64::NAN,
        "inf" => return sign * f64::INFINITY,
        _ => {}
    }
    let (digits, exponent) = rest["0x".len()..].split_once('p').expect("an exponent");
    let digits: String = digits.chars().filter(|c| *c != '.').collect();
    let mantissa = u64::from_str_radix(&digits, 16).expect("hex") as f64;
    let exponent: i32 = exponent.parse().expect("an exponent");
    let shift = exponent - 4 * (digits.len() as i32 - 1);
    // In two steps, since the second power alone may be too small.
    sign * mantissa * 2f64.powi(shift / 2) * 2f64.powi(shift - shift / 2)
}

/// Turns a view as the recipe says.
fn turned<T: Element>(mut view: ArrayViewD<'static, T>, ops: &Value) -> ArrayViewD<'static, T> {
    for op in ops.as_array().expect("a list") {
        view = match text(&op[0]) {
            "transpose" => view.permuted_axes(numbers(&op[1])),
            "slice" => {
                let (axis, step) = (Axis(number(&op[1])), op[4].as_i64().expect("a step"));
                let part = Slice::from(number(&op[2])..number(&op[3]));
                let mut view = view;
                view.slice_axis_inplace(axis, part);
                view.slice_axis_inplace(axis, Slice::new(0, None, step as isize));
                view
            }
            _ => {
                let shape = [&[number(&op[1])], view.shape()].concat();
                // A broadcast view borrows the view that it is of.
                let whole: &'static ArrayViewD<'static, T> = Box::leak(Box::new(view));
                whole.broadcast(IxDyn(&shape)).expect("a larger shape")
            }
        };
    }
    view
}

/// An array of elements, which Python has as `dtype`.
fn typed<T: Element>(
    elements: Vec<T>,
    dtype: &DType,
    shape: &[usize],
    ops: &Value,
) -> Result<NdArray<'static>> {
    let whole = ArrayD::from_shape_vec(shape, elements).expect("as many as the shape has");
    let whole: &'static ArrayD<T> = Box::leak(Box::new(whole));
    NdArray::of(turned(whole.view(), ops))?.with_dtype(dtype.clone())
}

/// The array of these bytes, of elements of the Rust type that the dtype has, or else of as many bytes.
fn array(dtype: &DType, shape: &[usize], raw: &[u8], ops: &Value) -> Result<NdArray<'static>> {
    macro_rules! of {
        ($($name:literal => $type:ty),* ; $($size:literal)*) => {
            match (dtype.to_string().as_str(), dtype.itemsize()) {
                ("|b1", _) => typed(raw.iter().map(|byte| *byte == 1).collect(), dtype, shape, ops),
                $(($name, _) => typed::<$type>(bytemuck::pod_collect_to_vec(raw), dtype, shape, ops),)*
                (_, 0) => {
                    let len = shape.iter().product();
                    typed::<[u8; 0]>(vec![[]; len], dtype, shape, ops)
                }
                $((_, $size) => typed::<[u8; $size]>(bytemuck::pod_collect_to_vec(raw), dtype, shape, ops),)*
                (name, size) => panic!("{name} of {size} bytes"),
            }
        };
    }
    of!(
        "|i1" => i8, "|u1" => u8, "<i2" => i16, "<u2" => u16, "<i4" => i32, "<u4" => u32, "<i8" => i64, "<u8" => u64,
        "<f2" => f16, "<f4" => f32, "<f8" => f64, "<c8" => Complex<f32>, "<c16" => Complex<f64>, "<M8[ns]" => i64;
        1 2 3 4 5 8 9 12 16 17 18 19 32
    )
}

/// Makes the value of a recipe.
fn build(recipe: &Value, builder: &mut Builder<'static>) -> Result<Id> {
    let b = builder;
    let mut made: Vec<Id> = Vec::new();
    for step in recipe.as_array().expect("a list") {
        let id = |value: &Value| made[number(value)];
        let ids =
            |value: &Value| -> Vec<Id> { numbers(value).into_iter().map(|n| made[n]).collect() };
        let pairs = |value: &Value| -> Vec<(Id, Id)> {
            let pairs = value.as_array().expect("a list").iter();
            pairs.map(|pair| (id(&pair[0]), id(&pair[1]))).collect()
        };
        let dtype = |value: &Value| -> DType { text(value).parse().expect("a dtype") };
        let shape = |value: &Value| numbers(value);
        let new = match text(&step[0]) {
            "none" => b.none(),
            "bool" => b.bool(step[1].as_bool().expect("a bool")),
            "int" => match text(&step[1]).parse() {
                Ok(value) => b.int128(value)?,
                Err(_) => {
                    let value: num_bigint::BigInt = text(&step[1]).parse().expect("an int");
                    b.big_int(value.to_signed_bytes_le().into())?
                }
            },
            "float" => b.float(float(&step[1]))?,
            "complex" => b.complex(Complex::new(float(&step[1]), float(&step[2])))?,
            "str" => match String::from_utf8(bytes(&step[1])) {
                Ok(text) => b.str(&text)?,
                Err(error) => b.surrogate_str(error.as_bytes())?,
            },
            "new_str" => match String::from_utf8(bytes(&step[1])) {
                Ok(text) => b.new_str(&text)?,
                Err(error) => b.surrogate_str(error.as_bytes())?,
            },
            "bytes" => b.bytes(bytes(&step[1]))?,
            "bytearray" => b.bytearray(bytes(&step[1]))?,
            "tuple" => b.tuple(&ids(&step[1]))?,
            "list" => b.list(&ids(&step[1]))?,
            "dict" => b.dict(&pairs(&step[1]))?,
            "ordered" => b.ordered_dict(&pairs(&step[1]))?,
            "set" => b.set(&ids(&step[1]))?,
            "frozenset" => b.frozenset(&ids(&step[1]))?,
            "instance" => {
                let class = b.global(text(&step[1]), text(&step[2]))?;
                b.instance(class, &[], Some(id(&step[3])))?
            }
            "dtype" => b.dtype(&dtype(&step[1]))?,
            "array" => {
                let made = array(
                    &dtype(&step[2]),
                    &shape(&step[4]),
                    &bytes(&step[5]),
                    &step[6],
                )?;
                let made = match text(&step[1]) {
                    "matrix" => made.into_kind(ArrayKind::Matrix)?,
                    "chararray" => made.into_kind(ArrayKind::CharArray)?,
                    "memmap" => made.into_kind(ArrayKind::MemMap)?,
                    _ => made,
                };
                let made = match step[7].as_bool() {
                    Some(false) => made.read_only(),
                    _ => made,
                };
                match step[3].is_null() {
                    true => b.array(made)?,
                    false => b.array_of(id(&step[3]), made)?,
                }
            }
            "scalar" => {
                let made = array(
                    &dtype(&step[1]),
                    &[],
                    &bytes(&step[2]),
                    &Value::Array(vec![]),
                )?;
                b.array(made.into_kind(ArrayKind::Scalar)?)?
            }
            "masked" => {
                let none = Value::Array(vec![]);
                let shape = shape(&step[2]);
                let data = array(&dtype(&step[1]), &shape, &bytes(&step[3]), &none)?;
                let mask = array(&"?".parse()?, &shape, &bytes(&step[4]), &none)?;
                b.array(data.masked(mask, None)?)?
            }
            "objects" => b.object_array(&shape(&step[1]), &ids(&step[2]))?,
            "strs" | "strings" => {
                let texts = step[1].as_array().expect("a list").iter();
                let texts: Array1<&str> = texts.map(text).collect();
                match text(&step[0]) {
                    "strs" => b.array(NdArray::of_strs(&texts)?)?,
                    _ => b.string_array(&texts)?,
                }
            }
            "append" => {
                b.append(id(&step[1]), &[id(&step[2])])?;
                b.none()
            }
            "set_item" => {
                b.set_items(id(&step[1]), &[(id(&step[2]), id(&step[3]))])?;
                b.none()
            }
            "root" => return Ok(id(&step[1])),
            other => panic!("{other}"),
        };
        made.push(new);
    }
    panic!("a recipe without a root")
}

/// Where two pickles differ first, but for the sizes of frames.
fn difference(ours: &[u8], theirs: &[u8]) -> String {
    let pairs = || ours.iter().zip(theirs);
    let mut at = 0;
    loop {
        at += pairs().skip(at).take_while(|(a, b)| a == b).count();
        let frame = (at.saturating_sub(8)..=at).find(|at| {
            let size = ours.get(*at..at + 9);
            size.is_some_and(|size| size[0] == 0x95 && size[5..] == [0; 4])
        });
        match frame {
            Some(frame) => at = frame + 9,
            None => break,
        }
    }
    let mut told = format!("byte {at}");
    for bytes in [ours, theirs] {
        let near = &bytes[at.saturating_sub(60).min(bytes.len())..bytes.len().min(at + 60)];
        let _ = write!(told, "\n    {}", near.escape_ascii());
    }
    told
}

/// Compares pickles of so many recipes with what a Python made of them; the number of pickles.
fn compare(python: &std::path::Path, seed: u32, count: u32) -> usize {
    const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/live/recipes.py");
    let told = live::run(python, &[SCRIPT, &seed.to_string(), &count.to_string()]);
    let mut lines = told.lines();
    let versions: Value = serde_json::from_str(lines.next().expect("versions")).expect("JSON");
    let version = |name: &str| text(&versions[name]).parse::<Version>().expect("a version");
    let (mut same, mut left_out, mut failed) = (0, 0, Vec::new());
    for line in lines {
        let case: Value = serde_json::from_str(line).expect("JSON");
        left_out += number(&case["left_out"]);
        for (protocol, expected) in case["pickles"].as_object().expect("pickles") {
            let name = format!("{} protocol {protocol}", text(&case["name"]));
            let protocol: u8 = protocol.parse().expect("a number");
            let flavour = Flavour::new(protocol, version("python"), version("numpy"));
            let mut builder = Builder::new(flavour.expect("they are together"));
            let root = build(&case["recipe"], &mut builder).expect(&name);
            let pickle: Pickle<'_> = builder.finish(root).expect(&name);
            let ours = write::Options::new().to_vec(&pickle).expect(&name);
            let theirs = bytes(expected);
            match ours == theirs {
                true => same += 1,
                false => failed.push(format!("{name}: {}", difference(&ours, &theirs))),
            }
            // What is made can be looked at as what is read can.
            let read = Pickle::parse(&ours).expect(&name);
            let (made, read) = (dump::value(&pickle), dump::value(&read));
            if made != read {
                failed.push(format!("{name}: {}", dump::difference(&made, &read)));
            }
        }
    }
    assert!(
        failed.is_empty(),
        "{} differ, {same} are the same\n{}",
        failed.len(),
        failed[..failed.len().min(12)].join("\n")
    );
    println!(
        "{}: {same} pickles of {count} recipes are the same, {left_out} are left out",
        python.display()
    );
    assert!(left_out < same, "{left_out} left out, {same} the same");
    same
}

/// A few hundred for each Python; `NDPICKLE_RECIPES` asks for more, `NDPICKLE_SEED` for others.
#[test]
fn what_is_made_here_is_what_python_pickles() {
    let Some(pythons) = live::pythons() else {
        return;
    };
    let count = std::env::var("NDPICKLE_RECIPES").map_or(300, |n| n.parse().expect("a number"));
    let seed = std::env::var("NDPICKLE_SEED").map_or(1, |n| n.parse().expect("a number"));
    for python in pythons {
        let same = compare(&python, seed, count);
        assert!(same > count as usize * 4, "{same} pickles");
    }
}
