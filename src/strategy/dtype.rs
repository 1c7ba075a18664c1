//! Dtypes.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::numpy::DType;

/// Dtypes without parts, but for those of ml_dtypes, as NumPy writes them.
const SIMPLE: &[&str] = &[
    "|b1", "|i1", "<i2", ">i2", "<i4", ">i4", "<i8", ">i8", "|u1", "<u2", ">u2", "<u4", ">u4",
    "<u8", ">u8", "<f2", ">f2", "<f4", ">f4", "<f8", ">f8", "<c8", ">c8", "<c16", ">c16", "|S1",
    "|S5", "<U1", ">U1", "<U3", "|V1", "|V4", "|S0", "<U0", "<M8[D]", "<M8[ns]", ">M8[25s]",
    "<m8[h]", ">m8[us]", "<M8",
];

/// The same of ml_dtypes.
const ML: &[&str] = &["bfloat16", "float8_e4m3fn", "float8_e5m2", "int4", "uint4"];

/// Every dtype whose elements are bytes: numbers in both byte orders, texts and bytes of several lengths (0 among them), points and
/// spans of time; those of ml_dtypes; structures of these, of subarrays and of structures. Shrinks towards bool.
pub fn dtypes() -> impl Strategy<Value = DType> {
    let simple = select(SIMPLE).prop_map(parsed);
    let ml = select(ML).prop_map(parsed);
    let structures = fields().prop_map(|text| parsed(&text));
    prop_oneof![6 => simple, 1 => ml, 2 => structures]
}

fn parsed(text: &str) -> DType {
    // OK because all texts here are NumPy's.
    text.parse().expect("a dtype")
}

/// NumPy's `descr` of a structure.
fn fields() -> impl Strategy<Value = String> {
    let simple = select(SIMPLE).prop_map(|text| format!("'{text}'"));
    let field = simple.prop_recursive(3, 12, 4, |field| described(field).boxed());
    described(field)
}

/// A structure of fields of these types, some of which are subarrays.
fn described(field: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    let field = (field, vec(1..4u8, 0..3));
    vec(field, 1..4).prop_map(|fields| {
        let mut text = "[".to_owned();
        for (n, (dtype, shape)) in fields.into_iter().enumerate() {
            let lens: String = shape.iter().map(|len| format!("{len}, ")).collect();
            match lens.is_empty() {
                true => text.push_str(&format!("('f{n}', {dtype}), ")),
                false => text.push_str(&format!("('f{n}', {dtype}, ({lens})), ")),
            }
        }
        text.truncate(text.len() - 2);
        text + "]"
    })
}
