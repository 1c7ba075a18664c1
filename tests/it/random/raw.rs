//! The next numbers of a bit generator, by the published algorithms: a state is right if they are NumPy's.

use ndpickle::numpy::random::BitState;

/// The next numbers, as NumPy's `random_raw` gives them.
pub(super) fn raw(state: &BitState, count: usize) -> Vec<u64> {
    match state.clone() {
        BitState::Mt19937 { mut key, mut pos } => (0..count)
            .map(|_| mt19937(&mut key, &mut pos).into())
            .collect(),
        BitState::Pcg64 { mut state, inc, .. } => {
            (0..count).map(|_| pcg64(&mut state, inc)).collect()
        }
        BitState::Pcg64Dxsm { mut state, inc, .. } => {
            (0..count).map(|_| pcg64dxsm(&mut state, inc)).collect()
        }
        BitState::Philox {
            mut counter,
            key,
            mut buffer,
            mut buffer_pos,
            ..
        } => {
            let next = |_| {
                if buffer_pos == buffer.len() {
                    increment(&mut counter);
                    (buffer, buffer_pos) = (philox(counter, key), 0);
                }
                buffer_pos += 1;
                buffer[buffer_pos - 1]
            };
            (0..count).map(next).collect()
        }
        BitState::Sfc64 { mut state, .. } => (0..count).map(|_| sfc64(&mut state)).collect(),
        BitState::Other { name, .. } => panic!("{name} is none of NumPy's"),
    }
}

fn mt19937(key: &mut [u32; 624], pos: &mut usize) -> u32 {
    if *pos == 624 {
        for n in 0..624 {
            let y = key[n] & 0x8000_0000 | key[(n + 1) % 624] & 0x7fff_ffff;
            let odd = if y & 1 == 1 { 0x9908_b0df } else { 0 };
            key[n] = key[(n + 397) % 624] ^ y >> 1 ^ odd;
        }
        *pos = 0;
    }
    let mut y = key[*pos];
    *pos += 1;
    y ^= y >> 11;
    y ^= y << 7 & 0x9d2c_5680;
    y ^= y << 15 & 0xefc6_0000;
    y ^ y >> 18
}

/// PCG XSL RR 128/64.
fn pcg64(state: &mut u128, inc: u128) -> u64 {
    const MULTIPLIER: u128 = 0x2360_ed05_1fc6_5da4_4385_df64_9fcc_f645;
    *state = state.wrapping_mul(MULTIPLIER).wrapping_add(inc);
    let folded = (*state >> 64) as u64 ^ *state as u64;
    folded.rotate_right((*state >> 122) as u32)
}

/// PCG CM DXSM 128/64.
fn pcg64dxsm(state: &mut u128, inc: u128) -> u64 {
    const MULTIPLIER: u64 = 0xda94_2042_e4dd_58b5;
    let (mut high, low) = ((*state >> 64) as u64, *state as u64 | 1);
    *state = state.wrapping_mul(MULTIPLIER.into()).wrapping_add(inc);
    high ^= high >> 32;
    high = high.wrapping_mul(MULTIPLIER);
    high ^= high >> 48;
    high.wrapping_mul(low)
}

fn increment(counter: &mut [u64; 4]) {
    for word in counter {
        *word = word.wrapping_add(1);
        if *word != 0 {
            return;
        }
    }
}

/// Philox 4x64 of 10 rounds.
fn philox(counter: [u64; 4], key: [u64; 2]) -> [u64; 4] {
    let product = |a: u64, b: u64| {
        let product = u128::from(a) * u128::from(b);
        ((product >> 64) as u64, product as u64)
    };
    let ([mut a, mut b, mut c, mut d], [mut k, mut l]) = (counter, key);
    for _ in 0..10 {
        let (high, low) = product(0xd2e7_470e_e14c_6c93, a);
        let (other_high, other_low) = product(0xca5a_8263_9512_1157, c);
        (a, b, c, d) = (other_high ^ b ^ k, other_low, high ^ d ^ l, low);
        k = k.wrapping_add(0x9e37_79b9_7f4a_7c15);
        l = l.wrapping_add(0xbb67_ae85_84ca_a73b);
    }
    [a, b, c, d]
}

fn sfc64([a, b, c, counter]: &mut [u64; 4]) -> u64 {
    let next = a.wrapping_add(*b).wrapping_add(*counter);
    *counter = counter.wrapping_add(1);
    *a = *b ^ *b >> 11;
    *b = c.wrapping_add(*c << 3);
    *c = c.rotate_left(24).wrapping_add(next);
    next
}
