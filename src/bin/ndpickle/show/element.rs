//! One element of an array as text.

use ndpickle::Error;
use ndpickle::ndarray::Ix0;
use ndpickle::num_complex::Complex;
use ndpickle::numpy::{ElementKind, MlType, NdArray, Number};

use crate::text;

/// Digits of a float that a summary shows.
const DIGITS: usize = 6;

/// The element that an array without axes is. Strings are shortened.
pub(super) fn text(element: &NdArray<'_>) -> String {
    let dtype = element.dtype();
    if dtype.fields().is_none() && element.mask().is_some_and(is_masked) {
        return "--".into();
    }
    let text = match dtype.kind() {
        ElementKind::Struct => return structure(element),
        ElementKind::Bool => element.item::<bool>().map(|value| match value {
            true => "True".into(),
            false => "False".into(),
        }),
        ElementKind::Int => number::<i64>(element).map(|value| value.to_string()),
        ElementKind::UInt => number::<u64>(element).map(|value| value.to_string()),
        ElementKind::Complex
        | ElementKind::ComplexLongDouble
        | ElementKind::Ml(MlType::Complex32 | MlType::BComplex32) => {
            number::<Complex<f64>>(element).map(complex)
        }
        ElementKind::Ml(kind) if kind.name().contains("int") => {
            number::<i64>(element).map(|value| value.to_string())
        }
        ElementKind::Float
        | ElementKind::LongDouble
        | ElementKind::BFloat16
        | ElementKind::Ml(_) => number::<f64>(element).map(short_float),
        ElementKind::DateTime => {
            return element
                .as_datetime()
                .map_or("?".into(), |at| at.to_string());
        }
        ElementKind::TimeDelta => {
            return element
                .as_timedelta()
                .map_or("?".into(), |span| span.to_string());
        }
        ElementKind::Bytes => element.to_bytes().map(|bytes| {
            let end = bytes.iter().rposition(|byte| *byte != 0);
            let quoted = text::quoted_bytes(&bytes[..end.map_or(0, |end| end + 1)]);
            text::shortened(&format!("b{quoted}"), STRING).into_owned()
        }),
        ElementKind::Str => element.to_bytes().map(|mut bytes| {
            dtype.make_little(&mut bytes);
            let chars = bytes.as_chunks().0.iter().map(|c| u32::from_le_bytes(*c));
            let string: String = chars
                .map(|c| char::from_u32(c).unwrap_or('\u{fffd}'))
                .collect();
            let quoted = text::quoted(string.trim_end_matches('\0').as_bytes());
            text::shortened(&quoted, STRING).into_owned()
        }),
        _ => element.to_bytes().map(|bytes| hex(&bytes)),
    };
    text.unwrap_or_else(|_| "?".into())
}

fn is_masked(mask: &NdArray<'_>) -> bool {
    mask.item::<bool>().unwrap_or(false)
}

fn number<T: Number>(element: &NdArray<'_>) -> Result<T, Error> {
    Ok(element.cast::<T, Ix0>()?.into_scalar())
}

fn complex(value: Complex<f64>) -> String {
    let (real, imaginary) = (short_float(value.re), short_float(value.im));
    let sign = if imaginary.starts_with('-') { "" } else { "+" };
    format!("{real}{sign}{imaginary}j")
}

/// The first fields of a structure, as a tuple.
fn structure(element: &NdArray<'_>) -> String {
    let fields = element.dtype().fields();
    let names = fields.into_iter().flat_map(|fields| fields.iter());
    let mut texts: Vec<String> = Vec::new();
    for field in names {
        if texts.len() == PARTS {
            texts.push("…".into());
            break;
        }
        texts.push(
            element
                .field(field.name())
                .map_or("?".into(), |part| several(&part)),
        );
    }
    let comma = if texts.len() == 1 { "," } else { "" };
    format!("({}{comma})", texts.join(", "))
}

/// An element, or the first ones of a subarray.
fn several(part: &NdArray<'_>) -> String {
    if part.shape().is_empty() {
        return text(part);
    }
    let shown = (0..part.size().min(PARTS as u64))
        .map(|at| part.flat(at).map_or("?".into(), |one| text(&one)));
    let more = if part.size() > PARTS as u64 {
        " …"
    } else {
        ""
    };
    format!("[{}{more}]", shown.collect::<Vec<_>>().join(" "))
}

/// Fields of a structure, and elements of a subarray in one, that a summary shows.
const PARTS: usize = 8;

/// Characters of a string that a summary shows.
const STRING: usize = 24;

fn hex(bytes: &[u8]) -> String {
    const LONGEST: usize = 8;
    let shown = bytes.iter().take(LONGEST);
    let digits: String = shown.map(|byte| format!("{byte:02x}")).collect();
    let more = if bytes.len() > LONGEST { "…" } else { "" };
    format!("0x{digits}{more}")
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
    }
}
