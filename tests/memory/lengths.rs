//! Lengths that are not there: nothing is allocated before its bytes have come.

use ndpickle::op::Code;
use ndpickle::{Category, Options, Pickle};

use super::allocator::measure;

/// Every opcode with a counted argument: the bytes of its length, and those that are absurd.
const COUNTED: &[(Code, &[u64], usize)] = &[
    (Code::ShortBinString, &[0xff], 1),
    (Code::ShortBinBytes, &[0xff], 1),
    (Code::ShortBinUnicode, &[0xff], 1),
    (Code::Long1, &[0xff], 1),
    (Code::BinString, &[0x7fff_ffff, 1 << 20], 4),
    (Code::Long4, &[0x7fff_ffff, 1 << 20], 4),
    (Code::BinBytes, &[0xffff_ffff, 1 << 31, 1 << 20], 4),
    (Code::BinUnicode, &[0xffff_ffff, 1 << 31, 1 << 20], 4),
    (
        Code::BinBytes8,
        &[u64::MAX, 1 << 63, 1 << 62, 1 << 36, 1 << 33],
        8,
    ),
    (
        Code::BinUnicode8,
        &[u64::MAX, 1 << 63, 1 << 62, 1 << 36, 1 << 33],
        8,
    ),
    (
        Code::ByteArray8,
        &[u64::MAX, 1 << 63, 1 << 62, 1 << 36, 1 << 33],
        8,
    ),
];

fn sources(input: &[u8]) -> [(ndpickle::Result<Pickle<'_>>, i64); 3] {
    let stored = std::sync::Arc::new(input.to_vec());
    let len = input.len() as u64;
    let (slice, a) = measure(|| Pickle::parse(input));
    let (stored, b) = measure(|| Options::new().read_at(stored, 0..len));
    let (stream, c) = measure(|| Pickle::read(input));
    [(slice, a.peak), (stored, b.peak), (stream, c.peak)]
}

#[test]
fn absurd_lengths() {
    for (code, lengths, width) in COUNTED {
        for (length, behind) in lengths
            .iter()
            .flat_map(|length| [(*length, 0), (*length, 200)])
        {
            let length = length.to_le_bytes();
            let input = [&[code.byte()][..], &length[..*width], &vec![b'.'; behind]].concat();
            for (n, (result, peak)) in sources(&input).into_iter().enumerate() {
                let error = result.expect_err(code.name());
                assert_eq!(
                    error.category(),
                    Category::Eof,
                    "{code:?} {length:?}, source {n}: {error}"
                );
                assert_eq!(error.offset(), Some(0), "{code:?}");
                assert!(
                    peak < 1 << 18,
                    "{code:?} {length:?}, source {n}: {peak} bytes"
                );
            }
        }
    }
}

#[test]
fn negative_lengths() {
    for code in [Code::BinString, Code::Long4] {
        for length in [-1i32, -5, i32::MIN] {
            let input = [&[code.byte()][..], &length.to_le_bytes(), &[b'.'; 20]].concat();
            for (result, peak) in sources(&input) {
                let error = result.expect_err(code.name());
                assert_eq!(
                    error.category(),
                    Category::Syntax,
                    "{code:?} {length}: {error}"
                );
                assert!(peak < 1 << 18, "{code:?} {length}: {peak} bytes");
            }
        }
    }
}

/// A stream that ends early has cost at most four times what has come of it.
#[test]
fn a_stream_grows_with_what_comes() {
    for come in [100_000, 1_000_000, 10_000_000] {
        let input = [&b"\x8e\0\0\0\0\0\0\0\x10"[..], &vec![7; come]].concat();
        let (result, counts) = measure(|| Pickle::read(&input[..]));
        assert_eq!(result.expect_err("cut").category(), Category::Eof);
        assert!(counts.peak < 6 * come as i64, "{counts:?} for {come}");
    }
}
