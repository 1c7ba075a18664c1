//! The small numbers of ml_dtypes.

/// A dtype of ml_dtypes other than `bfloat16`. All but the complex ones take a byte, however few bits they have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MlType {
    /// `float8_e3m4`
    Float8E3M4,
    /// `float8_e4m3`
    Float8E4M3,
    /// `float8_e4m3b11fnuz`, in early versions `float8_e4m3b11`
    Float8E4M3B11Fnuz,
    /// `float8_e4m3fn`
    Float8E4M3Fn,
    /// `float8_e4m3fnuz`
    Float8E4M3Fnuz,
    /// `float8_e5m2`
    Float8E5M2,
    /// `float8_e5m2fnuz`
    Float8E5M2Fnuz,
    /// `float8_e8m0fnu`: a power of two.
    Float8E8M0Fnu,
    /// `float6_e2m3fn`
    Float6E2M3Fn,
    /// `float6_e3m2fn`
    Float6E3M2Fn,
    /// `float4_e2m1fn`
    Float4E2M1Fn,
    /// `int1`
    Int1,
    /// `int2`
    Int2,
    /// `int4`
    Int4,
    /// `uint1`
    UInt1,
    /// `uint2`
    UInt2,
    /// `uint4`
    UInt4,
    /// `complex32`: two `float16`.
    Complex32,
    /// `bcomplex32`: two `bfloat16`.
    BComplex32,
}

use MlType as T;

/// Names, those that are written first.
const NAMES: [(&str, MlType); 20] = [
    ("float8_e3m4", T::Float8E3M4),
    ("float8_e4m3", T::Float8E4M3),
    ("float8_e4m3b11fnuz", T::Float8E4M3B11Fnuz),
    ("float8_e4m3b11", T::Float8E4M3B11Fnuz),
    ("float8_e4m3fn", T::Float8E4M3Fn),
    ("float8_e4m3fnuz", T::Float8E4M3Fnuz),
    ("float8_e5m2", T::Float8E5M2),
    ("float8_e5m2fnuz", T::Float8E5M2Fnuz),
    ("float8_e8m0fnu", T::Float8E8M0Fnu),
    ("float6_e2m3fn", T::Float6E2M3Fn),
    ("float6_e3m2fn", T::Float6E3M2Fn),
    ("float4_e2m1fn", T::Float4E2M1Fn),
    ("int1", T::Int1),
    ("int2", T::Int2),
    ("int4", T::Int4),
    ("uint1", T::UInt1),
    ("uint2", T::UInt2),
    ("uint4", T::UInt4),
    ("complex32", T::Complex32),
    ("bcomplex32", T::BComplex32),
];

/// What the largest exponent means.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Top {
    /// Infinity and NaN, as IEEE 754 has it.
    Ieee,
    /// Numbers, but NaN where all bits of the mantissa are set.
    Nan,
    /// Numbers; NaN is what would be -0.
    NegativeZero,
    /// Numbers: nothing else.
    Finite,
}

impl MlType {
    /// ml_dtypes' name.
    pub fn name(self) -> &'static str {
        let found = NAMES.iter().find(|(_, kind)| *kind == self);
        found.map_or("", |(name, _)| name)
    }

    pub(super) fn from_name(name: &str) -> Option<MlType> {
        let found = NAMES.iter().find(|(known, _)| *known == name);
        found.map(|(_, kind)| *kind)
    }

    pub(super) fn itemsize(self) -> u64 {
        match self {
            T::Complex32 | T::BComplex32 => 4,
            _ => 1,
        }
    }

    pub(super) fn number_size(self) -> usize {
        match self {
            T::Complex32 | T::BComplex32 => 2,
            _ => 1,
        }
    }

    /// The letter of `dtype.str` (ml_dtypes 0.2 to 0.6).
    pub(super) fn letter(self) -> char {
        match self {
            T::Float8E5M2 => 'f',
            T::Complex32 | T::BComplex32 => 'W',
            _ => 'V',
        }
    }

    /// The number that a byte is; `None` for the complex ones. Bits that the type does not have are ignored in an int,
    /// and a minus in a float, as in ml_dtypes.
    ///
    /// Source: the traits of ml_dtypes' `float8.h`, `mxfloat.h` and `intn.h`, 0.6.
    pub fn to_f64(self, byte: u8) -> Option<f64> {
        let float = |bits, mantissa, bias, top| Some(decode(byte, bits, mantissa, bias, top));
        let signed = |bits: u32| Some(f64::from((byte as i8) << (8 - bits) >> (8 - bits)));
        let unsigned = |bits: u32| Some(f64::from(byte & ((1 << bits) - 1)));
        match self {
            T::Float8E3M4 => float(8, 4, 3, Top::Ieee),
            T::Float8E4M3 => float(8, 3, 7, Top::Ieee),
            T::Float8E4M3B11Fnuz => float(8, 3, 11, Top::NegativeZero),
            T::Float8E4M3Fn => float(8, 3, 7, Top::Nan),
            T::Float8E4M3Fnuz => float(8, 3, 8, Top::NegativeZero),
            T::Float8E5M2 => float(8, 2, 15, Top::Ieee),
            T::Float8E5M2Fnuz => float(8, 2, 16, Top::NegativeZero),
            T::Float8E8M0Fnu if byte == 0xff => Some(f64::NAN),
            T::Float8E8M0Fnu => Some(2f64.powi(i32::from(byte) - 127)),
            T::Float6E2M3Fn => float(6, 3, 1, Top::Finite),
            T::Float6E3M2Fn => float(6, 2, 3, Top::Finite),
            T::Float4E2M1Fn => float(4, 1, 1, Top::Finite),
            T::Int1 => signed(1),
            T::Int2 => signed(2),
            T::Int4 => signed(4),
            T::UInt1 => unsigned(1),
            T::UInt2 => unsigned(2),
            T::UInt4 => unsigned(4),
            T::Complex32 | T::BComplex32 => None,
        }
    }
}

/// A float of `bits` bits: a sign, an exponent, a mantissa.
fn decode(byte: u8, bits: u32, mantissa_bits: u32, bias: i32, top: Top) -> f64 {
    let sign_bit = 1 << (bits - 1);
    let is_negative = byte >= sign_bit;
    let magnitude = byte & (sign_bit - 1);
    let mantissa = magnitude & ((1 << mantissa_bits) - 1);
    let exponent = i32::from(magnitude >> mantissa_bits);
    let is_top = magnitude >> mantissa_bits == (sign_bit - 1) >> mantissa_bits;
    let is_full = magnitude == sign_bit - 1;
    let special = match top {
        Top::Ieee if is_top && mantissa == 0 => Some(f64::INFINITY),
        Top::Ieee if is_top => Some(f64::NAN),
        Top::Nan if is_full => Some(f64::NAN),
        Top::NegativeZero if is_negative && magnitude == 0 => Some(f64::NAN),
        _ => None,
    };
    let value = special.unwrap_or_else(|| {
        let (hidden, exponent) = if exponent == 0 {
            (0, 1)
        } else {
            (1 << mantissa_bits, exponent)
        };
        f64::from(hidden + i32::from(mantissa)) * 2f64.powi(exponent - bias - mantissa_bits as i32)
    });
    if is_negative { -value } else { value }
}
