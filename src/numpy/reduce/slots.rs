//! The order of a dict of Python 2, which is that of its table.
//!
//! Facts: `string_hash` in `stringobject.c`, `lookdict_string`, `insertdict` and `dictresize` in `dictobject.c` of CPython 2.7, of 64
//! bits and without `-R`.

/// A dict has eight slots at first.
const SMALLEST: usize = 8;

/// Slots that are looked at for a key, on average. Keys that were made to collide take more, and are left as they are: Python 2
/// would need hours for them.
const MOST: usize = 64;

/// The order in which Python 2 has these keys, each of which is there once, after they were set in this one.
pub(super) fn order(keys: &[&str]) -> Vec<usize> {
    let hashes: Vec<u64> = keys.iter().map(|key| hash(key.as_bytes())).collect();
    placed(&hashes).unwrap_or_else(|| (0..keys.len()).collect())
}

fn placed(hashes: &[u64]) -> Option<Vec<usize>> {
    let mut left = hashes.len().saturating_add(SMALLEST) * MOST;
    let mut slots = vec![None; SMALLEST];
    for n in 0..hashes.len() {
        place(&mut slots, hashes, n, &mut left)?;
        let used = n + 1;
        if used * 3 >= slots.len() * 2 {
            let wanted = used * if used > 50_000 { 2 } else { 4 };
            let mut larger = SMALLEST;
            while larger <= wanted {
                larger *= 2;
            }
            let old = std::mem::replace(&mut slots, vec![None; larger]);
            for n in old.into_iter().flatten() {
                place(&mut slots, hashes, n, &mut left)?;
            }
        }
    }
    Some(slots.into_iter().flatten().collect())
}

/// Puts a key in its slot; `None` where that takes more steps than are left.
fn place(slots: &mut [Option<usize>], hashes: &[u64], n: usize, left: &mut usize) -> Option<()> {
    let mask = slots.len() as u64 - 1;
    let (mut at, mut perturb) = (hashes[n] & mask, hashes[n]);
    while slots[(at & mask) as usize].is_some() {
        *left = left.checked_sub(1)?;
        at = (at << 2)
            .wrapping_add(at)
            .wrapping_add(perturb)
            .wrapping_add(1);
        perturb >>= 5;
    }
    slots[(at & mask) as usize] = Some(n);
    Some(())
}

fn hash(bytes: &[u8]) -> u64 {
    let Some(first) = bytes.first() else {
        return 0;
    };
    let mut hash = u64::from(*first) << 7;
    for byte in bytes {
        hash = hash.wrapping_mul(1_000_003) ^ u64::from(*byte);
    }
    hash ^= bytes.len() as u64;
    // -1 is an error.
    if hash == u64::MAX { hash - 1 } else { hash }
}

#[cfg(test)]
mod tests {
    use super::{order, placed};

    #[test]
    fn collisions_end() {
        assert_eq!(placed(&[7; 100_000]), None);
        assert_eq!(placed(&[7; 20]).map(|order| order.len()), Some(20));
    }

    /// What CPython 2.7.18 has.
    #[test]
    fn as_in_python() {
        assert_eq!(order(&["a", "b", "c"]), [0, 2, 1]);
        let keys = [
            "x", "y", "name", "value", "flux", "ra", "dec", "id", "mask", "err",
        ];
        assert_eq!(order(&keys), [2, 9, 8, 3, 4, 5, 1, 0, 6, 7]);
        let keys: Vec<String> = (0..40).map(|n| format!("f{n}")).collect();
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        let expected = [
            0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 32, 23, 22, 21, 20, 27, 26, 25, 24, 29, 28, 33, 38, 39,
            30, 31, 18, 19, 34, 35, 36, 37, 12, 13, 10, 11, 16, 17, 14, 15,
        ];
        assert_eq!(order(&keys), expected);
    }
}
