//! Inputs made to exhaust: floods, bombs, chains, each a family of any size.

use ndpickle::Category;

/// What becomes of an input at default limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Good,
    Bad(Category),
}
use End::{Bad, Good};

/// A family of inputs: the one of `n` pieces.
pub(crate) type Make = fn(usize) -> Vec<u8>;

pub(crate) fn repeat(before: &[u8], piece: &[u8], n: usize, after: &[u8]) -> Vec<u8> {
    [before, &piece.repeat(n), after].concat()
}

/// Pieces that count.
fn numbered(before: &[u8], n: usize, after: &[u8], piece: impl Fn(u32) -> Vec<u8>) -> Vec<u8> {
    let mut bytes = before.to_vec();
    (0..n as u32).for_each(|number| bytes.extend(piece(number)));
    bytes.extend(after);
    bytes
}

fn int(number: u32) -> Vec<u8> {
    [b"J".as_slice(), &number.to_le_bytes()].concat()
}

pub(crate) const FLOODS: &[(&str, End, Make)] = &[
    ("lists in lists", Good, |n| {
        [b"]".repeat(n), b"a".repeat(n - 1), b".".to_vec()].concat()
    }),
    ("lists in lists, protocol 0", Good, |n| {
        [b"(l".repeat(n), b"a".repeat(n - 1), b".".to_vec()].concat()
    }),
    ("tuples in tuples", Good, |n| repeat(b")", b"\x85", n, b".")),
    ("dicts in dicts", Good, |n| {
        [
            b"}N".repeat(n),
            b"N".to_vec(),
            b"s".repeat(n),
            b".".to_vec(),
        ]
        .concat()
    }),
    ("frozensets in frozensets", Good, |n| {
        [
            b"(".repeat(n),
            b"N".to_vec(),
            b"\x91".repeat(n),
            b".".to_vec(),
        ]
        .concat()
    }),
    ("calls of calls", Good, |n| {
        repeat(b"cm\nf\n", b")R", n, b".")
    }),
    ("calls with calls", Good, |n| {
        [
            b"cm\nf\nq\0".to_vec(),
            b"h\0".repeat(n),
            b")".to_vec(),
            b"R\x85".repeat(n),
            b"R.".to_vec(),
        ]
        .concat()
    }),
    ("new objects", Good, |n| {
        repeat(b"cm\nf\n", b")\x81", n, b".")
    }),
    ("new objects with keywords", Good, |n| {
        repeat(b"cm\nf\n", b")}\x92", n, b".")
    }),
    ("persistent ids of persistent ids", Good, |n| {
        repeat(b"N", b"Q", n, b".")
    }),
    ("states of states", Good, |n| {
        [b"cm\nf\n)R".repeat(n), b"b".repeat(n - 1), b".".to_vec()].concat()
    }),
    ("states of one object", Good, |n| {
        repeat(b"cm\nf\n)R", b"Nb", n, b".")
    }),
    ("items of one object", Good, |n| {
        repeat(b"cm\nf\n)R", b"Na", n, b".")
    }),
    ("pairs of one object", Good, |n| {
        repeat(b"cm\nf\n)R", b"NNs", n, b".")
    }),
    ("empty lists", Bad(Category::Syntax), |n| {
        repeat(b"(", b"]", n, b"u.")
    }),
    ("empty lists left behind", Good, |n| {
        repeat(b"", b"]", n, b".")
    }),
    ("a list of empty lists", Good, |n| {
        repeat(b"](", b"]", n, b"e.")
    }),
    ("lists of one", Good, |n| repeat(b"](", b"]Na", n, b"e.")),
    ("a list, one by one", Good, |n| repeat(b"]", b"Na", n, b".")),
    ("lists, one by one", Good, |n| {
        repeat(b"](", b"]NaNaNa", n, b"e.")
    }),
    ("lists appended in turn", Good, |n| {
        repeat(b"]q\0]q\x01](", b"h\0Na0h\x01Na0", n, b"e.")
    }),
    ("marks", Bad(Category::Syntax), |n| {
        repeat(b"", b"(", n, b".")
    }),
    ("marks popped", Good, |n| repeat(b"N", b"(0", n, b".")),
    ("entries, one by one", Good, |n| {
        numbered(b"}", n, b".", |i| [int(i), b"Ns".to_vec()].concat())
    }),
    ("entries in one batch", Good, |n| {
        numbered(b"}(", n, b"u.", |i| [int(i), b"N".to_vec()].concat())
    }),
    ("a set in one batch", Good, |n| {
        numbered(b"\x8f(", n, b"\x90.", int)
    }),
    ("one string, often", Good, |n| {
        let text = vec![b'x'; n];
        [
            b"](X",
            &(n as u32).to_le_bytes()[..],
            &text,
            b"q\0",
            &b"h\0".repeat(n / 50),
            b"e.",
        ]
        .concat()
    }),
    ("globals", Good, |n| repeat(b"](", b"c\n\n", n, b"e.")),
    ("globals on the stack", Good, |n| {
        repeat(b"](\x8c\0q\0", b"h\0h\0\x93", n, b"e.")
    }),
    ("persistent texts", Good, |n| {
        repeat(b"](", b"P\n", n, b"e.")
    }),
    ("extensions", Good, |n| repeat(b"](", b"\x82\x01", n, b"e.")),
    ("buffers", Good, |n| repeat(b"](", b"\x97", n, b"e.")),
    ("buffers with items and states", Good, |n| {
        repeat(b"](", b"\x97]a]b", n, b"e.")
    }),
    ("instances", Good, |n| repeat(b"](", b"(i\n\n", n, b"e.")),
    ("instances of instances", Good, |n| {
        repeat(b"", b"(i\n\n", n, b".")
    }),
    ("old instances", Good, |n| repeat(b"](", b"(No", n, b"e.")),
    ("memo, by number", Good, |n| repeat(b"]", b"q\0", n, b".")),
    ("memo, counted", Good, |n| {
        numbered(b"]", n, b".", |i| {
            [b"r".as_slice(), &i.to_le_bytes()].concat()
        })
    }),
    ("memo, gaps of 8", Good, |n| {
        numbered(b"]", n, b".", |i| {
            [b"r".as_slice(), &(8 * i).to_le_bytes()].concat()
        })
    }),
    ("memo, gaps of 9", Good, |n| {
        numbered(b"]", n, b".", |i| {
            [b"r".as_slice(), &(9 * i).to_le_bytes()].concat()
        })
    }),
    ("memo, far away", Good, |n| {
        numbered(b"]", n, b".", |i| {
            [b"r".as_slice(), &i.wrapping_mul(0x9e37_79b1).to_le_bytes()].concat()
        })
    }),
    ("memo, in text", Good, |n| {
        numbered(b"]", n, b".", |i| {
            format!("p{}\n", u64::from(i) * 1_000_003).into_bytes()
        })
    }),
    ("memo, implied", Good, |n| repeat(b"]", b"\x94", n, b".")),
    ("texts with escapes", Good, |n| {
        repeat(b"](", b"V\\u20ac\n", n, b"e.")
    }),
    ("one text of escapes", Good, |n| {
        repeat(b"V", b"\\u20ac", n, b"\n.")
    }),
    ("one text of high bytes", Good, |n| {
        repeat(b"V", b"\xe9", n, b"\n.")
    }),
    ("Python 2 texts with escapes", Good, |n| {
        repeat(b"](", b"S'\\n'\n", n, b"e.")
    }),
    ("ints in text", Good, |n| repeat(b"](", b"I1\n", n, b"e.")),
    ("longs in text", Good, |n| {
        repeat(b"](", b"L18446744073709551616L\n", n, b"e.")
    }),
    ("longs", Good, |n| {
        repeat(b"](", b"\x8a\x09\0\0\0\0\0\0\0\0\x01", n, b"e.")
    }),
    ("floats in text", Good, |n| repeat(b"](", b"F1\n", n, b"e.")),
    ("empty strings", Good, |n| {
        repeat(b"](", b"\x8c\0", n, b"e.")
    }),
    ("protocols", Good, |n| repeat(b"", b"\x80\x04", n, b"N.")),
    ("frames", Good, |n| {
        repeat(b"\x80\x04", b"\x95\0\0\0\0\0\0\0\0", n, b"N.")
    }),
    ("calls popped", Good, |n| repeat(b"N", b"N)R0", n, b".")),
    ("calls popped, nothing below", Good, |n| {
        repeat(b"", b"N)R0", n, b"N.")
    }),
    ("calls popped, each on a value of its own", Good, |n| {
        repeat(b"](", b"NN)R0", n, b"e.")
    }),
    ("calls popped in one batch", Good, |n| {
        repeat(b"N(", b"N)R", n, b"1.")
    }),
    ("lists popped in one batch", Good, |n| {
        repeat(b"N(", b"]", n, b"1.")
    }),
    ("lists popped, each on a buffer of its own", Good, |n| {
        repeat(b"", b"\x97]0", n, b".")
    }),
    ("calls popped on calls popped", Good, |n| {
        [
            b"NN)R".to_vec(),
            b"N)R".repeat(n),
            b"0".repeat(n + 1),
            b".".to_vec(),
        ]
        .concat()
    }),
    // The k-th popped call hangs on an object that only the (k+1)-th one holds.
    ("calls popped that need each other, last first", Good, |n| {
        let mut bytes = b"N".to_vec();
        for i in 0..n as u32 {
            let (put, get) = (
                |i: u32| [b"r".as_slice(), &i.to_le_bytes()].concat(),
                |i: u32| [b"j".as_slice(), &i.to_le_bytes()].concat(),
            );
            bytes.extend([b"]".as_slice(), &put(i), b"N)R00"].concat());
            if i > 0 {
                // A call with the list before, popped on this list.
                bytes.extend([&get(i)[..], b"N", &get(i - 1), b"\x85R00"].concat());
            }
        }
        bytes.extend(
            [
                b"N",
                &[b"j".as_slice(), &(n as u32 - 1).to_le_bytes()].concat()[..],
                b"\x86.",
            ]
            .concat(),
        );
        bytes
    }),
    ("lists popped that hold each other", Good, |n| {
        repeat(b"N](", b"]q\0N)R0h\0\x85q\0", n, b"e0.")
    }),
    ("duplicates", Good, |n| repeat(b"](]", b"2", n, b"e.")),
];

/// What must not grow with what an input claims.
pub(crate) const BOMBS: &[(&str, End, Make)] = &[
    ("l = [l, l], 40 times", Good, |_| {
        numbered(b"]q\0", 40, b".", |i| {
            [
                b"0](h",
                &[i as u8][..],
                b"h",
                &[i as u8],
                b"eq",
                &[i as u8 + 1],
            ]
            .concat()
        })
    }),
    ("t = (t, t), 40 times, from the memo", Good, |_| {
        numbered(b")q\0", 40, b".", |i| {
            [b"h", &[i as u8][..], b"\x86q", &[i as u8 + 1]].concat()
        })
    }),
    ("t = (t, t), 40 times, DUP", Good, |_| {
        repeat(b"]", b"2\x86", 40, b".")
    }),
    ("a memo index of 2^32", Good, |_| {
        b"Nr\xff\xff\xff\xff.".to_vec()
    }),
    ("a memo index of 10^9 in text", Good, |_| {
        b"Np1000000000\n.".to_vec()
    }),
    ("a memo index of 10^18 in text", Good, |_| {
        b"Np1000000000000000000\n.".to_vec()
    }),
    (
        "a memo index of 10^20 in text",
        Bad(Category::Syntax),
        |_| b"Np100000000000000000000\n.".to_vec(),
    ),
    ("a memo index below 0", Bad(Category::Syntax), |_| {
        b"Np-1\n.".to_vec()
    }),
    ("a million digits", Bad(Category::Limit), |_| {
        repeat(b"L", b"7", 1_000_000, b"L\n.")
    }),
    ("four million digits", Bad(Category::Limit), |_| {
        repeat(b"I", b"7", 4_000_000, b"\n.")
    }),
    ("a million hexadecimal digits", Good, |_| {
        repeat(b"L0x", b"7", 1_000_000, b"L\n.")
    }),
    ("nothing", Bad(Category::Eof), |_| vec![]),
    ("only STOP", Bad(Category::Syntax), |_| b".".to_vec()),
    ("no STOP", Bad(Category::Eof), |_| b"N".to_vec()),
    ("an unknown opcode", Bad(Category::Syntax), |_| {
        b"\xff.".to_vec()
    }),
    ("a key that Python cannot hash", Good, |_| b"}]]s.".to_vec()),
    ("a frame of 2^62", Bad(Category::Eof), |_| {
        b"\x80\x04\x95\0\0\0\0\0\0\0\x40N.".to_vec()
    }),
    ("a frame of 2^64 - 1", Bad(Category::Eof), |_| {
        b"\x80\x04\x95\xff\xff\xff\xff\xff\xff\xff\xffN.".to_vec()
    }),
    ("an extension below 0", Bad(Category::Syntax), |_| {
        b"\x80\x02\x84\xff\xff\xff\xff.".to_vec()
    }),
];
