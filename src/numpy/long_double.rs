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

/// Which format numbers of 16 bytes have: that in which more of them are of a size that a double may have. Read in the other
/// one, their exponent is padding or some bits of the mantissa.
fn format(numbers: &[[u8; 16]]) -> Format {
    let is_everyday = |top: u16| (0x3fff - 1074..0x3fff + 1024).contains(&(top & 0x7fff));
    let (mut x87, mut quads) = (0, 0);
    for bytes in numbers {
        let number = u128::from_le_bytes(*bytes);
        // The leading bit of the mantissa is there, and set for all but the smallest numbers.
        let is_normal = number as u64 >> 63 == 1;
        x87 += usize::from(is_normal && is_everyday((number >> 64) as u16));
        quads += usize::from(is_everyday((number >> 112) as u16));
    }
    if quads > x87 {
        Format::Quad
    } else {
        Format::X87
    }
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
        // 1.0 and 0.0 of x86, with something left over in the padding of the second.
        let mut numbers = [[0; 16]; 2];
        numbers[0][7..10].copy_from_slice(&[0x80, 0xff, 0x3f]);
        numbers[1][10..].copy_from_slice(&[0x55, 0x7f, 0, 0, 0, 0]);
        assert_eq!(format(&numbers), Format::X87);
        assert_eq!([x87(&numbers[0]), x87(&numbers[1])], [1.0, 0.0]);
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
