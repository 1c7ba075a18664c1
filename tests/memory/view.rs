//! Arrays: those that are looked at in place, and those that claim more than they have.

use ndarray::{ArrayD, Ix1, IxDyn};
use ndpickle::{Category, Pickle, write};

use super::allocator::{Counts, measure};

/// The pickle that NumPy writes of an array at protocol 4 (`_reconstruct` and a state), its data a bytes object.
fn array(shape: &[u64], dtype: &str, itemsize: i32, data: &[u8]) -> Vec<u8> {
    let text = |text: &str| [&[0x8c, text.len() as u8][..], text.as_bytes()].concat();
    let int = |n: u64| match n >> 63 {
        0 => [&b"\x8a\x08"[..], &n.to_le_bytes()].concat(),
        _ => [&b"\x8a\x09"[..], &n.to_le_bytes(), &[0]].concat(),
    };
    let mut bytes =
        b"\x80\x04cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\x85C\x01b\x87R(K\x01("
            .to_vec();
    shape.iter().for_each(|len| bytes.extend(int(*len)));
    bytes.extend(b"tcnumpy\ndtype\n");
    bytes.extend(text(dtype));
    bytes.extend(b"\x89\x88\x87R(K\x03");
    bytes.extend(text(if dtype.starts_with(['S', 'V']) {
        "|"
    } else {
        "<"
    }));
    let size = if dtype.starts_with(['S', 'V']) {
        itemsize
    } else {
        -1
    };
    bytes.extend(b"NNN");
    (0..2).for_each(|_| bytes.extend([&b"J"[..], &size.to_le_bytes()].concat()));
    bytes.extend(b"K\0tb\x89\x8e");
    bytes.extend((data.len() as u64).to_le_bytes());
    bytes.extend(data);
    bytes.extend(b"tb.");
    bytes
}

/// The array at an address of which `remainder` is left by 8.
fn aligned(input: &[u8], data: usize) -> (Vec<u8>, usize) {
    let payload = input.len() - 3 - data;
    let mut room = vec![0; input.len() + 8];
    let start = (8 - (room.as_ptr() as usize + payload) % 8) % 8;
    room[start..start + input.len()].copy_from_slice(input);
    (room, start)
}

fn viewed(n: usize) -> Counts {
    let data = vec![0; n * 8];
    let input = array(&[n as u64], "f8", 8, &data);
    let (room, start) = aligned(&input, data.len());
    let (sum, counts) = measure(|| {
        let pickle = Pickle::parse(&room[start..start + input.len()]).expect("a pickle");
        let array = pickle.root().array().expect("an array");
        let view = array.view::<f64, Ix1>().expect("a view");
        assert_eq!(view.len(), n);
        view.iter().sum::<f64>()
    });
    assert_eq!(sum, 0.0);
    counts
}

#[test]
fn a_view_costs_the_same_for_any_size() {
    // Payloads above 4 MiB are an entry of a table: one allocation more than for the smallest arrays.
    let (small, large) = (viewed(1 << 20), viewed(16 << 20));
    println!("{large:?}");
    assert_eq!(small.allocations, large.allocations);
    assert!(
        large.peak <= small.peak + 64 && large.largest < 4096,
        "{small:?} {large:?}"
    );
}

#[test]
fn elements_without_size() {
    for (dtype, shape, fine) in [
        ("S0", &[1_000_000_000_000_000_000][..], false),
        ("V0", &[1_000_000_000_000_000_000], false),
        ("V0", &[1 << 24], true),
        ("S0", &[(1 << 24) + 1], false),
        ("S0", &[1 << 31, 1 << 31], false),
        ("V0", &[1 << 40, 1 << 40, 1 << 40], false),
        ("S0", &[0, 1 << 60], true),
    ] {
        let input = array(shape, dtype, 0, b"");
        let (_, counts) = measure(|| {
            let pickle = Pickle::parse(&input).expect("a pickle");
            let row = pickle.arrays().next().expect("a row");
            match row.array {
                Ok(array) => {
                    assert!(fine, "{dtype} {shape:?}");
                    assert_eq!(array.to_bytes().expect("bytes"), b"");
                    let elements: Result<ArrayD<[u8; 0]>, _> = array.to_array::<[u8; 0], IxDyn>();
                    assert_eq!(elements.expect("elements").len() as u64, array.size());
                    assert!(array.cast::<f64, IxDyn>().is_err());
                }
                Err(error) => {
                    assert!(!fine, "{dtype} {shape:?}: {error}");
                    let category = error.category();
                    assert!(
                        matches!(category, Category::Limit | Category::Data),
                        "{error}"
                    );
                }
            }
            let written = write::Options::new().to_vec(&pickle).expect("bytes");
            assert!(written.len() > 50);
        });
        assert!(counts.peak < 1 << 20, "{dtype} {shape:?}: {counts:?}");
    }
}

/// More elements than there are bytes: an error of the array, before anything of their size is allocated.
#[test]
fn shapes_that_are_not_there() {
    for (shape, dtype, itemsize) in [
        (&[1 << 60][..], "f8", 8),
        (&[1 << 32, 1 << 32], "f8", 8),
        (&[u64::MAX], "i1", 1),
        (&[1 << 62, 8], "i1", 1),
        (&[3], "f8", 8),
        (&[1], "S2000000000", 2_000_000_000),
    ] {
        let input = array(shape, dtype, itemsize, &[0; 16]);
        let (_, counts) = measure(|| {
            let pickle = Pickle::parse(&input).expect("a pickle");
            let error = pickle.root().array().expect_err(dtype);
            assert_eq!(error.category(), Category::Data, "{shape:?}: {error}");
        });
        assert!(counts.peak < 1 << 18, "{shape:?}: {counts:?}");
    }
}
