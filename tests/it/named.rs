//! Types and functions of NumPy by name, in the spellings of its versions.

use ndpickle::numpy::NamedKind;
use ndpickle::{Builder, Flavour, Origin, Pickle, Version, write};

#[track_caller]
fn named(pickle: &[u8]) -> Option<(NamedKind, String)> {
    let pickle = Pickle::parse(pickle).expect("a pickle");
    let named = pickle.root().numpy_name()?;
    Some((named.kind, named.name.into_owned()))
}

// As NumPy 1.10 to 2.5 were seen to write them.
#[test]
fn names_of_all_versions() {
    use NamedKind as K;
    for (pickle, kind, name) in [
        ("cnumpy\nfloat64\n.", K::ScalarType, "float64"),
        ("cml_dtypes\nbfloat16\n.", K::ScalarType, "bfloat16"),
        ("cnumpy\ngeneric\n.", K::ScalarType, "generic"),
        (
            "cnumpy.dtypes\nFloat64DType\n.",
            K::DTypeClass,
            "Float64DType",
        ),
        (
            "cnumpy.core\n_DType_reconstruct\n(cnumpy\nfloat64\ntR.",
            K::DTypeClass,
            "float64",
        ),
        (
            "cnumpy.core\n_ufunc_reconstruct\n(S'numpy'\nS'add'\ntR.",
            K::Ufunc,
            "add",
        ),
        (
            "cnumpy.core\n_ufunc_reconstruct\n(S'numpy.core._multiarray_umath'\nS'add'\ntR.",
            K::Ufunc,
            "add",
        ),
        ("cnumpy.core._multiarray_umath\nadd\n.", K::Ufunc, "add"),
        ("cnumpy._core._multiarray_umath\nadd\n.", K::Ufunc, "add"),
        ("cnumpy\nadd\n.", K::Ufunc, "add"),
        ("cnumpy\nndarray\n.", K::Class, "ndarray"),
        ("cnumpy\ndtype\n.", K::Class, "dtype"),
        ("cnumpy.core.fromnumeric\nmean\n.", K::Other, "mean"),
        ("cnumpy\nload\n.", K::Other, "load"),
    ] {
        let found = named(pickle.as_bytes());
        assert_eq!(found, Some((kind, name.to_owned())), "{pickle:?}");
    }
    for pickle in [
        "cos\nsystem\n.",
        "cnumpyx\nadd\n.",
        "I1\n.",
        "cos\nsystem\n(S'ls'\ntR.",
    ] {
        assert_eq!(named(pickle.as_bytes()), None, "{pickle:?}");
    }
}

#[test]
fn scalar_types_have_dtypes() {
    for (name, dtype) in [
        ("numpy\nfloat64", Some("<f8")),
        ("numpy\nbool_", Some("|b1")),
        ("numpy\nbool", Some("|b1")),
        ("numpy\nstr_", Some("<U0")),
        ("numpy\ndatetime64", Some("<M8")),
        ("numpy\nlongdouble", Some("<f16")),
        ("ml_dtypes\nint4", Some("int4")),
        ("numpy\nfloating", None),
        ("numpy\nadd", None),
    ] {
        let pickle = format!("c{name}\n.");
        let pickle = Pickle::parse(pickle.as_bytes()).expect("a pickle");
        let found = pickle.root().scalar_type().map(|dtype| dtype.to_string());
        assert_eq!(found.as_deref(), dtype, "{name}");
    }
}

#[test]
fn only_what_holds_data_is_numpys() {
    for (name, origin) in [
        ("numpy\nadd", Origin::NumPy),
        ("numpy.polynomial.chebyshev\nChebyshev", Origin::NumPy),
        ("numpy\nload", Origin::Other),
        ("numpy.core.fromnumeric\nmean", Origin::Other),
        ("numpy.f2py\nadd", Origin::Other),
    ] {
        let pickle = format!("c{name}\n.");
        let pickle = Pickle::parse(pickle.as_bytes()).expect("a pickle");
        assert_eq!(pickle.root().origin(), Some(origin), "{name}");
    }
}

// Expectations: `pickle.dumps([O.I.J, O.I, O], 2)` of CPython 3.12.1 and 3.13.0.
#[test]
fn nested_classes_below_protocol_4() {
    let expected: [(_, &[u8]); 2] = [
        (
            Version::new(3, 12, 1),
            b"\x80\x02]q\x00(c__builtin__\ngetattr\nq\x01h\x01c__main__\nO\nq\x02X\x01\0\0\0Iq\x03\x86q\x04Rq\x05\
              X\x01\0\0\0Jq\x06\x86q\x07Rq\x08h\x05h\x02e.",
        ),
        (
            Version::new(3, 13, 0),
            b"\x80\x02]q\x00(c__builtin__\ngetattr\nq\x01h\x01c__main__\nO\nX\x01\0\0\0Iq\x02\x86RX\x01\0\0\0Jq\x03\x86Rq\x04\
              h\x01c__main__\nO\nh\x02\x86Rq\x05c__main__\nO\nq\x06e.",
        ),
    ];
    for (python, expected) in expected {
        let flavour = Flavour::new(2, python, Version::NEWEST).expect("a flavour");
        let mut builder = Builder::new(flavour);
        let classes =
            ["O.I.J", "O.I", "O"].map(|name| builder.global("__main__", name).expect(name));
        let root = builder.list(&classes).expect("a list");
        let pickle = builder.finish(root).expect("a document");
        let bytes = write::Options::new().to_vec(&pickle).expect("bytes");
        assert_eq!(
            bytes.escape_ascii().to_string(),
            expected.escape_ascii().to_string()
        );
    }
}
