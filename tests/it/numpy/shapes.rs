//! Shapes of as many dimensions as there are, and arrays of classes that NumPy does not know.

use ndarray::{IxDyn, array};
use ndpickle::Pickle;

use super::{cases, check};

#[test]
fn arrays_of_many_axes_and_of_subclasses() {
    let Some(cases) = cases("shapes.py", &[]) else {
        return;
    };
    assert_eq!(cases.len(), 8 + 12 + 2);
    for case in &cases {
        for (protocol, bytes) in case.pickles.iter().enumerate() {
            let name = format!("{}, protocol {protocol}", case.name());
            let pickle = Pickle::parse(bytes).expect(&name);
            let array = pickle.root().array().expect(&name);
            check(&array, &case.told, &name);
            assert_eq!(array.kind().name(), case.told["kind"], "{name}");
        }
    }
}

/// An int32 array of [1, 2] in protocol 0, whose state is given this often; the last one counts, as in NumPy.
#[test]
fn the_last_state_counts() {
    let head = b"cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\ntC\x01btR".as_slice();
    let dtype = b"cnumpy\ndtype\n(S'i4'\nI0\nI1\ntR(I3\nS'<'\nNNNI-1\nI-1\nI0\ntb";
    let state = |values: [i32; 2]| {
        let mut state = b"(I1\n(I2\nt".to_vec();
        state.extend(dtype);
        state.extend(b"I00\nC\x08");
        values
            .iter()
            .for_each(|value| state.extend(value.to_le_bytes()));
        state.extend(b"tb");
        state
    };
    let pickle = [head, &state([7, 8]), &state([1, 2]), b"."].concat();
    let pickle = Pickle::parse(&pickle).expect("a pickle");
    let array = pickle.root().array().expect("an array");
    let elements = array.to_array::<i32, IxDyn>().expect("int32");
    assert_eq!(elements, array![1, 2].into_dyn());
}
