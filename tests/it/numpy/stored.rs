//! Numbers in either byte order, viewed wherever they lie.

use ndarray::Ix2;
use ndpickle::numpy::Element;
use ndpickle::zerocopy::byteorder::{BigEndian as BE, LittleEndian as LE};
use ndpickle::zerocopy::byteorder::{F32, F64, I16, I32, I64, U16, U32, U64};
use ndpickle::{Category, Pickle, Version, write};
use serde_json::{Value, json};

use super::cases;

/// What a type has of the array in a pickle, read in each of three ways; the errors that a view gave are told.
fn read<T: Element>(bytes: &[u8], number: impl Fn(T) -> Value) -> Result<Vec<Value>, Category> {
    let pickle = Pickle::parse(bytes).expect("a pickle of NumPy");
    let array = pickle.root().array().expect("an array");
    let copy = array
        .to_array::<T, Ix2>()
        .map_err(|error| error.category())?;
    let mut found = vec![json!(
        copy.outer_iter()
            .map(|row| row.map(|n| number(*n)).to_vec())
            .collect::<Vec<_>>()
    )];
    match array.view::<T, Ix2>() {
        Ok(view) => found.push(json!(
            view.outer_iter()
                .map(|row| row.map(|n| number(*n)).to_vec())
                .collect::<Vec<_>>()
        )),
        // Protocols 0 to 2 spell bytes as text.
        Err(error) => assert_eq!(
            (error.category(), bytes[1] < 3 || bytes[0] != 0x80),
            (Category::Unsupported, true),
            "{error}"
        ),
    }
    // What is written of them is what was read.
    let options = write::Options::new().numpy(Version::NEWEST).protocol(4);
    let written = options.array_to_vec(&copy).expect("numbers");
    let again = Pickle::parse(&written).expect("what was written");
    let again = again.root().array().expect("an array");
    assert_eq!(again.dtype(), array.dtype());
    assert_eq!(
        again.to_bytes().expect("in memory"),
        array.to_bytes().expect("in memory")
    );
    Ok(found)
}

#[test]
fn numbers_are_viewed_at_any_place() {
    let Some(cases) = cases("stored.py", &[]) else {
        return;
    };
    assert_eq!(cases.len(), 16);
    let mut viewed = 0;
    for case in &cases {
        for bytes in &case.pickles {
            for offset in 0..8 {
                let mut moved = vec![0; offset];
                moved.extend(bytes);
                let bytes = &moved[offset..];
                macro_rules! of {
                    ($number:ident $order:ident) => {
                        read::<$number<$order>>(bytes, |n| json!(n.get()))
                    };
                }
                let (own, other) = match case.name() {
                    "<i2" => (of!(I16 LE), of!(I16 BE)),
                    "<i4" => (of!(I32 LE), of!(U32 LE)),
                    "<i8" => (of!(I64 LE), of!(F64 LE)),
                    "<u2" => (of!(U16 LE), of!(U16 BE)),
                    "<u4" => (of!(U32 LE), of!(F32 LE)),
                    "<u8" => (of!(U64 LE), of!(U64 BE)),
                    "<f4" => (of!(F32 LE), of!(F32 BE)),
                    "<f8" => (of!(F64 LE), of!(F64 BE)),
                    ">i2" => (of!(I16 BE), of!(I16 LE)),
                    ">i4" => (of!(I32 BE), of!(I32 LE)),
                    ">i8" => (of!(I64 BE), of!(U64 BE)),
                    ">u2" => (of!(U16 BE), of!(I16 BE)),
                    ">u4" => (of!(U32 BE), of!(U32 LE)),
                    ">u8" => (of!(U64 BE), of!(F64 BE)),
                    ">f4" => (of!(F32 BE), of!(F32 LE)),
                    _ => (of!(F64 BE), of!(F64 LE)),
                };
                assert_eq!(other, Err(Category::Data), "{}", case.name());
                for found in own.expect("its own type") {
                    assert_eq!(found, case.told["numbers"], "{} at {offset}", case.name());
                    viewed += 1;
                }
            }
        }
    }
    // Copies at 6 protocols, views at 3.
    assert_eq!(viewed, 16 * 8 * 9);
}
