//! One element of an array as text.

use half::{bf16, f16};
use ndpickle::numpy::{ByteOrder, DType, ElementKind};

use super::time;
use crate::text;

/// Digits of a float that a summary shows.
const DIGITS: usize = 6;

/// The element that these bytes are. Strings are shortened.
pub(super) fn text(bytes: &[u8], dtype: &DType) -> String {
    let mut little = bytes.to_vec();
    if dtype.byte_order() == ByteOrder::Big {
        let numbers = little.chunks_exact_mut(dtype.number_size().max(1));
        numbers.for_each(<[u8]>::reverse);
    }
    match dtype.kind() {
        ElementKind::Bool => {
            if little == [0] {
                "False".into()
            } else {
                "True".into()
            }
        }
        ElementKind::Int => signed(&little).to_string(),
        ElementKind::UInt => unsigned(&little).to_string(),
        ElementKind::Float | ElementKind::LongDouble => float(&little),
        ElementKind::BFloat16 => match little[..] {
            [a, b] => short_float(bf16::from_le_bytes([a, b]).into()),
            _ => hex(&little),
        },
        ElementKind::Complex | ElementKind::ComplexLongDouble => {
            let (real, imaginary) = little.split_at(little.len() / 2);
            let (real, imaginary) = (float(real), float(imaginary));
            let sign = if imaginary.starts_with('-') { "" } else { "+" };
            format!("{real}{sign}{imaginary}j")
        }
        ElementKind::DateTime => time::datetime64(signed(&little), &dtype.to_string()),
        ElementKind::TimeDelta => time::timedelta64(signed(&little), &dtype.to_string()),
        ElementKind::Bytes => {
            let end = bytes.iter().rposition(|byte| *byte != 0);
            let quoted = text::quoted_bytes(&bytes[..end.map_or(0, |end| end + 1)]);
            text::shortened(&format!("b{quoted}"), STRING).into_owned()
        }
        ElementKind::Str => {
            let chars = little.as_chunks().0.iter().map(|c| u32::from_le_bytes(*c));
            let string: String = chars
                .map(|c| char::from_u32(c).unwrap_or('\u{fffd}'))
                .collect();
            let quoted = text::quoted(string.trim_end_matches('\0').as_bytes());
            text::shortened(&quoted, STRING).into_owned()
        }
        _ => hex(bytes),
    }
}

/// Characters of a string that a summary shows.
const STRING: usize = 24;

fn hex(bytes: &[u8]) -> String {
    const LONGEST: usize = 8;
    let shown = bytes.iter().take(LONGEST);
    let digits: String = shown.map(|byte| format!("{byte:02x}")).collect();
    let more = if bytes.len() > LONGEST { "…" } else { "" };
    format!("0x{digits}{more}")
}

fn unsigned(little: &[u8]) -> u64 {
    let bytes = little.iter().take(8).rev();
    bytes.fold(0, |value, byte| value << 8 | u64::from(*byte))
}

fn signed(little: &[u8]) -> i64 {
    match little.len() {
        0 => 0,
        len => {
            let shift = 64 - 8 * len.min(8);
            ((unsigned(little) << shift) as i64) >> shift
        }
    }
}

fn float(little: &[u8]) -> String {
    match *little {
        [a, b] => short_float(f16::from_le_bytes([a, b]).into()),
        [a, b, c, d] => short_float(f32::from_le_bytes([a, b, c, d]).into()),
        [a, b, c, d, e, f, g, h] => short_float(f64::from_le_bytes([a, b, c, d, e, f, g, h])),
        _ => extended(little).map_or_else(|| hex(little), short_float),
    }
}

/// The 80-bit float of x86, which fills 12 or 16 bytes. Other machines have other long doubles, which fill theirs.
fn extended(little: &[u8]) -> Option<f64> {
    let (number, padding) = little.split_at_checked(10)?;
    if padding.iter().any(|byte| *byte != 0) {
        return None;
    }
    let (mantissa, exponent) = number.split_at(8);
    let mantissa = unsigned(mantissa);
    let exponent = unsigned(exponent) as i32;
    let sign = if exponent & 0x8000 != 0 { -1.0 } else { 1.0 };
    Some(match exponent & 0x7fff {
        0x7fff if mantissa << 1 == 0 => sign * f64::INFINITY,
        0x7fff => f64::NAN,
        // In two steps: half of the smallest numbers' scale is none yet.
        exponent => {
            let scale = exponent - 16_383 - 63;
            let half = (scale / 2).clamp(-1000, 1000);
            let rest = (scale - half).clamp(-1000, 1000);
            sign * mantissa as f64 * 2f64.powi(half) * 2f64.powi(rest)
        }
    })
}

/// A float in six digits, as C's `%g` has it; whole numbers end in `.0`.
pub(super) fn short_float(value: f64) -> String {
    if !value.is_finite() {
        return float_repr(value);
    }
    let scientific = format!("{value:.*e}", DIGITS - 1);
    let exponent = scientific
        .split_once('e')
        .and_then(|(_, exponent)| exponent.parse::<i32>().ok());
    // What is shown is the number nearest to it of so many digits.
    let rounded = scientific.parse().unwrap_or(value);
    match exponent {
        Some(-4..16) => float_repr(rounded),
        _ => float_repr(rounded).replace(".0e", "e"),
    }
}

/// `repr` of a float.
pub(super) fn float_repr(value: f64) -> String {
    if value.is_nan() {
        return "nan".into();
    }
    if value.is_infinite() {
        return if value > 0.0 { "inf" } else { "-inf" }.into();
    }
    let scientific = format!("{value:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    match exponent.parse().unwrap_or(0) {
        -4..16 => format!("{value:?}"),
        exponent @ ..0 => format!("{mantissa}e-{:02}", -exponent),
        exponent => format!("{mantissa}e+{exponent:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats() {
        assert_eq!(short_float(0.1 + 0.2), "0.3");
        assert_eq!(short_float(1.0), "1.0");
        assert_eq!(short_float(std::f64::consts::PI * 1e20), "3.14159e+20");
        assert_eq!(short_float(1e-7), "1e-07");
        assert_eq!(float_repr(1e16), "1e+16");
        assert_eq!(float_repr(0.0001), "0.0001");
        let one = [0, 0, 0, 0, 0, 0, 0, 0x80, 0xff, 0x3f, 0, 0, 0, 0, 0, 0];
        assert_eq!(extended(&one), Some(1.0));
    }

    #[test]
    fn ints() {
        assert_eq!(signed(&[0xff]), -1);
        assert_eq!(signed(&[0, 0, 0, 0x80]), i64::from(i32::MIN));
        assert_eq!(unsigned(&[1, 2]), 0x201);
    }
}
