//! A million levels, on a small stack.

use ndpickle::{Pickle, write};

use super::MANY;
use super::inputs::repeat;

/// Far less than a frame for each level. Not optimised, the machine's own frame takes hundreds of KiB.
const STACK: usize = if cfg!(debug_assertions) {
    1 << 20
} else {
    1 << 16
};

#[test]
fn nesting_costs_no_stack() {
    let inputs = [
        [b"]".repeat(MANY), b"a".repeat(MANY - 1), b".".to_vec()].concat(),
        repeat(b")", b"\x85", MANY, b"."),
        [
            b"}N".repeat(MANY),
            b"N".to_vec(),
            b"s".repeat(MANY),
            b".".to_vec(),
        ]
        .concat(),
        // As keys, as callables, as arguments, as states, popped.
        [
            b"}".repeat(MANY),
            b"N".to_vec(),
            b"Ns".repeat(MANY),
            b".".to_vec(),
        ]
        .concat(),
        repeat(b"cm\nf\n", b")R", MANY, b"."),
        repeat(b"N", b"\x85q\0cm\nf\nh\0R", MANY, b"."),
        [
            b"cm\nf\n)R".repeat(MANY),
            b"b".repeat(MANY - 1),
            b".".to_vec(),
        ]
        .concat(),
        [
            b"NN)R".to_vec(),
            b"N)R".repeat(MANY),
            b"0".repeat(MANY + 1),
            b".".to_vec(),
        ]
        .concat(),
        repeat(b"N", b"Q", MANY, b"."),
    ];
    for (n, input) in inputs.iter().enumerate() {
        let all = || {
            let document = Pickle::parse(input).expect("a document");
            assert!(document.walk().count() >= MANY, "input {n}");
            assert_eq!(document.arrays().count(), 0, "input {n}");
            assert!(document.globals().count() <= MANY, "input {n}");
            let deepest = document
                .walk()
                .map(|visit| visit.node)
                .last()
                .expect("the root");
            assert!(deepest.path(document.root()).is_some(), "input {n}");
            let written = write::Options::new().to_vec(&document).expect("bytes");
            assert_eq!(
                Pickle::parse(&written).expect("again").walk().count(),
                document.walk().count(),
                "input {n}"
            );
            drop(format!("{document:?} {deepest:?}"));
        };
        std::thread::scope(|scope| {
            let thread = std::thread::Builder::new().stack_size(STACK);
            thread
                .spawn_scoped(scope, all)
                .expect("a thread")
                .join()
                .expect("no overflow");
        });
    }
}
