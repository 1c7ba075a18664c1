//! Fields `with = "ndpickle::array"`: arrays of NumPy in pickles, ndarray's own form in other formats.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io::BufReader;

use bytemuck::{Pod, Zeroable};
use ndarray::{ArcArray, ArcArray1, Array1, Array2, Array3, ArrayD, CowArray, Ix1, Ix2, array};
use ndpickle::half::f16;
use ndpickle::num_complex::Complex;
use ndpickle::numpy::{DType, Order};
use ndpickle::typed::Deserializer;
use ndpickle::{
    Builder, Flavour, NdArray, Pickle, Version, from_node, from_path, from_reader, from_slice,
    to_graph, to_vec, to_writer, write,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::hex::{hex, unhex};
use super::live;
use super::typed_model::script;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct All<'a> {
    #[serde(with = "ndpickle::array")]
    plain: Array2<f32>,
    #[serde(with = "ndpickle::array")]
    fortran: Array2<u16>,
    #[serde(with = "ndpickle::array")]
    dynamic: ArrayD<Complex<f64>>,
    #[serde(with = "ndpickle::array")]
    some: Option<Array1<bool>>,
    #[serde(with = "ndpickle::array")]
    none: Option<Array1<bool>>,
    #[serde(with = "ndpickle::array")]
    list: Vec<Array1<i64>>,
    #[serde(with = "ndpickle::array")]
    map: HashMap<String, Array1<f64>>,
    #[serde(with = "ndpickle::array")]
    tree: BTreeMap<u8, Vec<Option<Array1<f16>>>>,
    #[serde(with = "ndpickle::array")]
    shared: ArcArray1<i8>,
    #[serde(borrow, with = "ndpickle::array")]
    cow: CowArray<'a, u8, Ix1>,
    #[serde(with = "ndpickle::array")]
    empty: Array2<f32>,
}

fn all<'a>() -> All<'a> {
    All {
        plain: array![[0., 1., 2.], [3., 4., 5.]],
        fortran: array![[0, 2, 4], [1, 3, 5]]
            .reversed_axes()
            .as_standard_layout()
            .reversed_axes()
            .into_owned(),
        dynamic: array![Complex::new(1.5, -2.0)].into_dyn(),
        some: Some(array![true, false]),
        none: None,
        list: vec![array![1], array![2, 3]],
        map: HashMap::from([("a".into(), array![0.5])]),
        tree: BTreeMap::from([(7, vec![None, Some(array![f16::from_f32(0.5)])])]),
        shared: ArcArray::from_vec(vec![-1, 1]),
        cow: array![1, 2, 3].into(),
        empty: Array2::zeros((0, 3)),
    }
}

const PYTHON: &str = "{'plain': np.arange(6, dtype='f4').reshape(2, 3), 'fortran': np.array([[0, 2, 4], [1, 3, 5]], 'u2', order='F'), \
    'dynamic': np.array([1.5-2j]), 'some': np.array([True, False]), 'none': None, 'list': [np.array([1]), np.array([2, 3])], \
    'map': {'a': np.array([0.5])}, 'tree': {7: [None, np.array([0.5], 'f2')]}, 'shared': np.array([-1, 1], 'i1'), \
    'cow': np.array([1, 2, 3], 'u1'), 'empty': np.empty((0, 3), 'f4')}";

#[test]
fn python_has_arrays() {
    let Some(pythons) = live::pythons() else {
        return;
    };
    let pickles: Vec<_> = (0..=5)
        .map(|protocol| {
            let flavour = Flavour::compat(protocol, Version::NEWEST).expect("a flavour");
            let pickle = to_graph(&all(), flavour).expect("a graph");
            let bytes = write::Options::new().to_vec(&pickle).expect("a pickle");
            let again: All<'_> = from_slice(&bytes).expect("a value");
            assert_eq!(again, all());
            json!({"python": PYTHON, "protocol": protocol, "pickle": hex(&bytes)})
        })
        .collect();
    for python in pythons {
        assert_eq!(script("load", &python, &pickles), "");
    }
}

#[test]
fn rust_has_what_python_pickled() {
    let Some(pythons) = live::pythons() else {
        return;
    };
    for python in pythons {
        let told = script("make", &python, &[json!({"python": PYTHON})]);
        let line = told.lines().nth(1).expect("a line");
        let pickles: BTreeMap<u8, String> = serde_json::from_str(line).expect("JSON");
        assert_eq!(pickles.len(), 6);
        for (protocol, pickle) in pickles {
            let bytes = unhex(&pickle);
            let read: All<'_> = from_slice(&bytes).expect("a value");
            assert_eq!(read, all(), "{protocol}");
            // Below protocol 3 the bytes are spelled as text.
            assert_eq!(read.cow.is_view(), protocol >= 3, "{protocol}");
            let stream: Stored = from_reader(BufReader::new(&bytes[..])).expect("a value");
            assert_eq!(stream.plain, all().plain);
        }
    }
}

#[derive(Debug, Deserialize)]
struct Stored {
    #[serde(with = "ndpickle::array")]
    plain: Array2<f32>,
}

#[test]
fn other_formats_have_the_form_of_ndarray() {
    #[derive(Serialize)]
    struct Own {
        plain: Array2<f32>,
        list: Vec<Array1<i64>>,
        some: Option<Array1<bool>>,
        none: Option<Array1<bool>>,
    }
    let All {
        plain,
        list,
        some,
        none,
        ..
    } = all();
    let own = serde_json::to_value(Own {
        plain,
        list,
        some,
        none,
    });
    let own = own.expect("JSON");
    let json = serde_json::to_value(all()).expect("JSON");
    for key in ["plain", "list", "some", "none"] {
        assert_eq!(json[key], own[key], "{key}");
    }
    let text = json.to_string();
    let again: All<'_> = serde_json::from_str(&text).expect("the value");
    assert_eq!(again, all());
    // Between a pickle that is asked for and one that is not, nothing is left behind.
    to_vec(&all()).expect("a pickle");
    assert_eq!(serde_json::to_value(all()).expect("JSON"), json);
}

#[test]
fn large_arrays_of_files() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Large {
        #[serde(with = "ndpickle::array")]
        numbers: Array3<f64>,
        #[serde(with = "ndpickle::array")]
        fortran: Array2<i32>,
        #[serde(with = "ndpickle::array")]
        bools: Array1<bool>,
    }
    let large = Large {
        numbers: Array3::from_shape_fn((100, 50, 40), |(i, j, k)| (i * 2000 + j * 40 + k) as f64),
        fortran: Array2::from_shape_fn((300, 400), |(i, j)| (i * 400 + j) as i32).reversed_axes(),
        bools: Array1::from_shape_fn(600_000, |n| n % 3 == 0),
    };
    let folder = tempfile::tempdir().expect("a folder");
    for protocol in 0..=5 {
        let path = folder.path().join(protocol.to_string());
        let flavour = Flavour::new(protocol, Version::NEWEST, Version::NEWEST).expect("a flavour");
        let pickle = to_graph(&large, flavour).expect("a graph");
        let file = fs::File::create(&path).expect("a file");
        write::Options::new()
            .to_writer(&pickle, file)
            .expect("written");
        let read: Large = from_path(&path).expect("a value");
        assert_eq!(read, large);
        assert_eq!(read.fortran.strides(), large.fortran.strides());
        let pickle = Pickle::open(&path).expect("a pickle");
        let array = pickle
            .root()
            .get("numbers")
            .expect("there")
            .array()
            .expect("an array");
        assert_eq!(array.order(), Order::C);
    }
    // Big-endian, and so in pieces that are swapped.
    let swapped: Vec<f64> = large
        .numbers
        .iter()
        .map(|v| f64::from_bits(v.to_bits().swap_bytes()))
        .collect();
    let swapped = Array1::from_vec(swapped);
    let foreign: DType = if cfg!(target_endian = "big") {
        "<f8"
    } else {
        ">f8"
    }
    .parse()
    .expect("a dtype");
    let array = NdArray::of(&swapped)
        .and_then(|array| array.with_dtype(foreign))
        .expect("an array");
    let mut builder = Builder::new(Flavour::compat(4, Version::NEWEST).expect("a flavour"));
    let (key, value) = (
        builder.str("a").expect("a str"),
        builder.array(array).expect("an array"),
    );
    let root = builder.dict(&[(key, value)]).expect("a dict");
    let path = folder.path().join("swapped");
    let pickle = builder.finish(root).expect("a document");
    fs::write(
        &path,
        write::Options::new().to_vec(&pickle).expect("a pickle"),
    )
    .expect("written");
    #[derive(Deserialize)]
    struct One<T: ndpickle::numpy::Element + serde::de::DeserializeOwned> {
        #[serde(with = "ndpickle::array")]
        a: Array1<T>,
    }
    let one: One<f64> = from_path(&path).expect("a value");
    assert!(one.a.iter().eq(large.numbers.iter()));
    // Converted.
    let pickle = Pickle::open(&path).expect("a pickle");
    assert!(from_node::<One<i32>>(pickle.root()).is_err());
    let one = One::<i32>::deserialize(Deserializer::new(pickle.root()).cast(true)).expect("ints");
    assert!(
        one.a
            .iter()
            .map(|v| f64::from(*v))
            .eq(large.numbers.iter().copied())
    );
    // By ndarray's own impl and into numbers, too.
    #[derive(Deserialize)]
    struct Plain<T> {
        a: T,
    }
    let plain = Plain::<Array1<f32>>::deserialize(Deserializer::new(pickle.root()).cast(true));
    assert!(
        plain
            .expect("floats")
            .a
            .iter()
            .map(|v| f64::from(*v))
            .eq(large.numbers.iter().copied())
    );
    let plain = Plain::<Vec<u32>>::deserialize(Deserializer::new(pickle.root()).cast(true));
    assert!(plain.expect("ints").a.into_iter().eq(0..200_000));
}

#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable, Serialize, Deserialize)]
#[repr(C, packed)]
struct Star {
    id: i32,
    magnitude: f64,
}
ndpickle::record!(Star { id, magnitude = "mag" });

#[test]
fn records() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Sky {
        #[serde(with = "ndpickle::array")]
        stars: Array1<Star>,
    }
    let sky = Sky {
        stars: array![
            Star {
                id: 1,
                magnitude: 2.5
            },
            Star {
                id: 3,
                magnitude: 4.5
            }
        ],
    };
    let bytes = to_vec(&sky).expect("a pickle");
    assert_eq!(from_slice::<Sky>(&bytes).expect("a value"), sky);
    let mut written = Vec::new();
    to_writer(&mut written, &sky).expect("written");
    assert_eq!(written, bytes);
    let json = serde_json::to_value(&sky).expect("JSON");
    assert_eq!(json["stars"]["data"][1], json!({"id": 3, "magnitude": 4.5}));
    let Some(python) = live::python() else { return };
    let told = "{'stars': np.array([(1, 2.5), (3, 4.5)], [('id', '<i4'), ('mag', '<f8')])}";
    let row = json!({"python": told, "protocol": 4, "pickle": hex(&bytes)});
    assert_eq!(script("load", &python, &[row]), "");
}

/// A borrowed array is a view where it can be one, and a copy where not, at any place in memory.
#[test]
fn arrays_in_place() {
    #[derive(Serialize, Deserialize)]
    struct Cow<'a> {
        #[serde(borrow, with = "ndpickle::array")]
        a: CowArray<'a, f64, Ix2>,
    }
    let own = array![[1.5, 2.5], [3.5, 4.5]];
    let bytes = to_vec(&Cow {
        a: own.view().into(),
    })
    .expect("a pickle");
    let mut views = 0;
    for shift in 0..8 {
        let mut shifted = vec![0; shift];
        shifted.extend_from_slice(&bytes);
        let read: Cow<'_> = from_slice(&shifted[shift..]).expect("a value");
        assert_eq!(read.a, own);
        views += usize::from(read.a.is_view());
    }
    assert_eq!(views, 1);
}
