//! Bytes as the scripts of Python tell them and are told.

use std::fmt::Write as _;

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut digits, byte| {
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}

#[track_caller]
pub(crate) fn unhex(digits: &str) -> Vec<u8> {
    let byte = |n: usize| u8::from_str_radix(&digits[n..n + 2], 16).expect("hex");
    (0..digits.len()).step_by(2).map(byte).collect()
}
