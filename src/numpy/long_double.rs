//! Long doubles as `f64`: what C compilers make of them differs from machine to machine, and the pickle does not say.

use super::array::NdArray;
use super::dtype::ByteOrder;
use crate::error::Result;

/// The format of a long double.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    /// x86: 80 bits, of which one is the leading 1 of the mantissa, and padding up to 12 or 16 bytes that holds anything.
    X87,
    /// IEEE 754 binary128: 64-bit ARM, RISC-V, s390x.
    Quad,
}

/// The numbers of an array of long doubles, in stored order; of complex ones both parts.
pub(super) fn long_doubles(array: &NdArray<'_>) -> Result<Vec<f64>> {
    let size = array.dtype().number_size();
    let mut bytes = array.dense()?.to_vec()?;
    if array.dtype().byte_order() == ByteOrder::Big {
        bytes.chunks_exact_mut(size).for_each(<[u8]>::reverse);
    }
    let (sixteens, _) = bytes.as_chunks();
    let format = match size {
        16 => format(sixteens),
        _ => Format::X87,
    };
    let number = |bytes: &[u8]| match format {
        Format::X87 => x87(bytes),
        Format::Quad => quad(u128::from_le_bytes(bytes.try_into().unwrap_or_default())),
    };
    Ok(bytes.chunks_exact(size).map(number).collect())
}

/// Powers of two that a double has, up and down.
const DOUBLES: u16 = 1074;

/// Powers of two that no one wonders at.
const EVERYDAY: u16 = 256;

/// Which format numbers of 16 bytes have. On x86 the leading bit of the mantissa is set for all but zeros and the smallest
/// numbers, whatever the padding holds: memory that was in use before, such as doubles, whose exponent is much like that of
/// binary128. Numbers of binary128 have any bit there; where they still look like those of x86, their exponents are wild, or
/// all are short enough to look like zeros.
fn format(numbers: &[[u8; 16]]) -> Format {
    let distance = |exponent: u16| match exponent {
        0x7fff => 0,
        exponent => exponent.abs_diff(0x3fff),
    };
    let (mut x87, mut quad) = (None, None);
    let mut is_short = true;
    for bytes in numbers {
        let number = u128::from_le_bytes(*bytes);
        let exponent = |shift: u32| (number >> shift) as u16 & 0x7fff;
        let has_leading_bit = number as u64 >> 63 == 1;
        if has_leading_bit != (exponent(64) != 0) {
            return Format::Quad;
        }
        // But for the sign: -0 is a zero.
        if number << 49 != 0 {
            x87 = x87.max(Some(distance(exponent(64))));
        }
        if number != 0 {
            quad = quad.max(Some(distance(exponent(112))));
            // 24 bits of mantissa, as a float has them.
            is_short &= number << 40 == 0;
        }
    }
    let is_quad = match (x87, quad) {
        (Some(x87), Some(quad)) => x87 > EVERYDAY && quad < x87,
        (None, Some(quad)) => is_short && quad <= DOUBLES,
        (_, None) => false,
    };
    if is_quad { Format::Quad } else { Format::X87 }
}

fn x87(bytes: &[u8]) -> f64 {
    let mut number = [0; 16];
    // OK because a long double has 12 or 16 bytes.
    number[..10].copy_from_slice(bytes.get(..10).unwrap_or(&[0; 10]));
    let number = u128::from_le_bytes(number);
    let (mantissa, top) = (number as u64, (number >> 64) as u16);
    let is_special = top & 0x7fff == 0x7fff;
    let value = match (is_special, mantissa << 1) {
        (true, 0) => f64::INFINITY,
        (true, _) => f64::NAN,
        (false, _) => scaled(
            mantissa.into(),
            i32::from(top & 0x7fff).max(1) - 16_383 - 63,
        ),
    };
    if top >> 15 == 1 { -value } else { value }
}

fn quad(number: u128) -> f64 {
    let (mantissa, top) = (number & ((1 << 112) - 1), (number >> 112) as u16);
    let value = match (top & 0x7fff, mantissa) {
        (0x7fff, 0) => f64::INFINITY,
        (0x7fff, _) => f64::NAN,
        (0, _) => scaled(mantissa, 1 - 16_383 - 112),
        (exponent, _) => scaled(mantissa | 1 << 112, i32::from(exponent) - 16_383 - 112),
    };
    if top >> 15 == 1 { -value } else { value }
}

/// `mantissa` × 2^`exponent`, rounded once, to the nearest and from the middle to even.
fn scaled(mantissa: u128, exponent: i32) -> f64 {
    if mantissa == 0 {
        return 0.0;
    }
    let bits = 128 - mantissa.leading_zeros() as i32;
    // The last bit that a double of this size has is worth 2^ulp.
    let ulp = (exponent + bits - 53).max(-1074);
    let shift = ulp - exponent;
    if shift <= 0 {
        // OK because it fits: at most 53 bits.
        return mantissa as f64 * power(exponent);
    }
    if shift > 127 {
        return 0.0;
    }
    let (kept, rest) = (mantissa >> shift, mantissa & ((1 << shift) - 1));
    let half = 1 << (shift - 1);
    let up = rest > half || (rest == half && kept & 1 == 1);
    (kept + u128::from(up)) as f64 * power(ulp)
}

/// 2^`exponent`, infinite above what a double has; -1074 and more.
fn power(exponent: i32) -> f64 {
    match exponent {
        ..-1074 => 0.0,
        -1074..-1022 => f64::from_bits(1 << (exponent + 1074)),
        _ => 2f64.powi(exponent),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A double as binary128.
    fn to_quad(value: f64) -> [u8; 16] {
        let bits = value.to_bits();
        let (sign, exponent, mantissa) = (bits >> 63, bits >> 52 & 0x7ff, bits & ((1 << 52) - 1));
        let exponent = match exponent {
            0 => 0,
            0x7ff => 0x7fff,
            exponent => exponent + 16_383 - 1023,
        };
        let number =
            u128::from(sign) << 127 | u128::from(exponent) << 112 | u128::from(mantissa) << 60;
        number.to_le_bytes()
    }

    #[test]
    fn quads_are_told_apart() {
        for numbers in [
            &[1.0, 2.5, 0.0][..],
            &[0.1, -3.0],
            &[std::f64::consts::PI],
            &[f64::INFINITY, 1.0],
        ] {
            let bytes: Vec<[u8; 16]> = numbers.iter().map(|number| to_quad(*number)).collect();
            assert_eq!(format(&bytes), Format::Quad, "{numbers:?}");
            let back: Vec<f64> = bytes
                .iter()
                .map(|bytes| quad(u128::from_le_bytes(*bytes)))
                .collect();
            assert_eq!(back, numbers);
        }
    }

    #[test]
    fn padding_says_nothing() {
        // 1.0 and 0.0 of x86, in memory in which there were doubles or pointers.
        let one = [0, 0, 0, 0, 0, 0, 0, 0x80, 0xff, 0x3f];
        let number = |number: [u8; 10], padding: [u8; 6]| {
            let mut bytes = [0; 16];
            bytes[..10].copy_from_slice(&number);
            bytes[10..].copy_from_slice(&padding);
            bytes
        };
        let doubles = [0.7512, 1.349, 2.5e-3].map(|old: f64| {
            let [_, _, padding @ ..] = old.to_le_bytes();
            padding
        });
        let pointer = [0x9f, 0x10, 0xbb, 0x7f, 0, 0];
        for zeros in [&doubles[..], &[pointer; 3], &[[0; 6]; 2]] {
            let zeros: Vec<[u8; 16]> = zeros.iter().map(|old| number([0; 10], *old)).collect();
            let ones = [number(one, [0; 6]), number(one, doubles[0])];
            for numbers in [&zeros[..], &[&zeros[..], &ones[..1]].concat(), &ones] {
                assert_eq!(format(numbers), Format::X87, "{numbers:?}");
            }
        }
        assert_eq!(x87(&one), 1.0);
    }

    #[test]
    fn rounding_is_to_even() {
        let one = 1u128 << 63;
        for (mantissa, exponent, expected) in [
            (one, -63, 1.0),
            (one | 1 << 10, -63, 1.0),
            (one | 3 << 10, -63, 1.0 + 2.0 * f64::EPSILON),
            (one | 1 << 10 | 1, -63, 1.0 + f64::EPSILON),
            (one, 1024 - 64, 2f64.powi(1023)),
            (one, 1024 - 63, f64::INFINITY),
            (u64::MAX.into(), 1024 - 64, f64::INFINITY),
            (one, -1074 - 63, f64::from_bits(1)),
            (one, -1075 - 63, 0.0),
            (one | 1, -1075 - 63, f64::from_bits(1)),
            (one, -1076 - 63, 0.0),
            (one, -16_000, 0.0),
        ] {
            assert_eq!(
                scaled(mantissa, exponent),
                expected,
                "{mantissa:x} {exponent}"
            );
        }
    }
}
