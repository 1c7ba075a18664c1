//! Pickles that are small and make large values: errors with paths, in bounded time.

use std::collections::HashMap;
use std::fmt::Debug;
use std::time::{Duration, Instant};

use ndarray::{Array1, Array2, ArrayD};
use ndpickle::typed::Deserializer;
use ndpickle::{Category, Pickle, from_node, from_slice, to_vec};
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};

use super::typed_errors::{dict, made};

/// Whatever a list holds, lists.
#[derive(Debug, Deserialize)]
struct Nest(#[allow(dead_code)] Vec<Nest>);

/// Whatever serde tells of itself.
#[derive(Debug)]
struct Everything;

impl<'de> Deserialize<'de> for Everything {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct V;
        macro_rules! visits {
            ($($method:ident($type:ty))*) => {$(
                fn $method<E>(self, _: $type) -> Result<Everything, E> { Ok(Everything) }
            )*};
        }
        impl<'de> serde::de::Visitor<'de> for V {
            type Value = Everything;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("anything")
            }
            visits! { visit_bool(bool) visit_i64(i64) visit_u64(u64) visit_i128(i128) visit_u128(u128) visit_f64(f64)
            visit_str(&str) visit_bytes(&[u8]) }
            fn visit_unit<E>(self) -> Result<Everything, E> {
                Ok(Everything)
            }
            fn visit_seq<A: serde::de::SeqAccess<'de>>(
                self,
                mut a: A,
            ) -> Result<Everything, A::Error> {
                while a.next_element::<Everything>()?.is_some() {}
                Ok(Everything)
            }
            fn visit_map<A: serde::de::MapAccess<'de>>(
                self,
                mut a: A,
            ) -> Result<Everything, A::Error> {
                while a.next_entry::<Everything, Everything>()?.is_some() {}
                Ok(Everything)
            }
        }
        d.deserialize_any(V)
    }
}

#[track_caller]
fn limited<T: DeserializeOwned + Debug>(limit: &str, pickle: &Pickle<'_>) {
    let start = Instant::now();
    let error = from_node::<T>(pickle.root()).expect_err(limit);
    assert_eq!(error.category(), Category::Limit, "{error}");
    assert!(error.to_string().contains(limit), "{error}");
    assert!(
        error.path().is_some_and(|path| path.starts_with('[')),
        "{error}"
    );
    assert!(
        start.elapsed() < Duration::from_secs(30),
        "{:?}",
        start.elapsed()
    );
}

#[test]
fn expansion_is_bounded() {
    let lists = made(|b| {
        let mut list = b.list(&[])?;
        for _ in 0..30 {
            list = b.list(&[list; 10])?;
        }
        Ok(list)
    });
    limited::<Nest>("`expansion` of 32", &lists);
    limited::<Everything>("`expansion` of 32", &lists);
    from_node::<IgnoredAny>(lists.root()).expect("nothing is looked at");
    let texts = made(|b| {
        let text = b.str(&"x".repeat(1 << 20))?;
        b.list(&vec![text; 100_000])
    });
    limited::<Vec<String>>("`expansion` of 32", &texts);
    limited::<Everything>("`expansion` of 32", &texts);
    let arrays = made(|b| {
        let array = b.array(Array1::<u8>::zeros(1 << 20))?;
        b.list(&vec![array; 100_000])
    });
    limited::<Vec<Vec<u8>>>("`expansion` of 32", &arrays);
    limited::<Vec<Array1<u8>>>("`expansion` of 32", &arrays);
    #[derive(Debug, Deserialize)]
    struct Arrays(
        #[serde(with = "ndpickle::array")]
        #[allow(dead_code)]
        Vec<Array1<u8>>,
    );
    limited::<Arrays>("`expansion` of 32", &arrays);
    let objects = made(|b| {
        let class = b.global("shop", "Item")?;
        let mut item = b.instance(class, &[], None)?;
        for _ in 0..30 {
            let pairs = [("a", item), ("b", item), ("c", item), ("d", item)];
            let state = dict(b, &pairs)?;
            item = b.instance(class, &[], Some(state))?;
        }
        Ok(item)
    });
    let error = from_node::<Everything>(objects.root()).expect_err("a bomb");
    assert_eq!(error.category(), Category::Limit);
    assert!(
        error.path().is_some_and(|path| path.starts_with(".a.")),
        "{error}"
    );
    // A document may be read as often as its size allows, and more where that is asked for.
    let rows = made(|b| {
        let none = b.none();
        let row = b.list(&[none; 20])?;
        b.list(&vec![row; 200_000])
    });
    from_node::<Vec<Vec<()>>>(rows.root()).expect("4 million items");
    let none = Vec::<Vec<()>>::deserialize(Deserializer::new(rows.root()).expansion(1));
    assert!(none.is_err());
}

/// Equal texts may be one object, but not so many long ones that the limit refuses what was written.
#[test]
fn what_is_written_reads() {
    for (len, count) in [(1, 1 << 20), (256, 200_000), (257, 200_000), (4096, 6000)] {
        let texts = vec!["x".repeat(len); count];
        let bytes = to_vec(&texts).expect("a list");
        let read: Vec<String> = from_slice(&bytes).expect("what was written");
        assert!(read == texts, "{len}");
        let pairs: HashMap<usize, &String> = texts.iter().enumerate().collect();
        let bytes = to_vec(&pairs).expect("a dict");
        let read: HashMap<usize, &str> = from_slice(&bytes).expect("what was written");
        assert_eq!(read.len(), count);
    }
    let copies = |len: usize| {
        let bytes = to_vec(&["x".repeat(len), "x".repeat(len)]).expect("a tuple");
        bytes.iter().filter(|byte| **byte == b'x').count() / len
    };
    assert_eq!([copies(256), copies(257)], [1, 2]);
}

#[test]
fn depth_is_bounded() {
    let deep = |levels: usize| {
        made(|b| {
            let mut list = b.list(&[])?;
            for _ in 1..levels {
                list = b.list(&[list])?;
            }
            Ok(list)
        })
    };
    from_node::<Nest>(deep(128).root()).expect("128 levels");
    limited::<Nest>("`depth` of 128", &deep(129));
    limited::<Everything>("`depth` of 128", &deep(100_000));
    let deeper = Nest::deserialize(Deserializer::new(deep(300).root()).depth(300));
    deeper.expect("300 levels");
    let array = made(|b| b.array(ArrayD::<u8>::zeros(vec![1; 60])));
    from_node::<Everything>(array.root()).expect("60 axes");
    let shallow = Everything::deserialize(Deserializer::new(array.root()).depth(10));
    assert_eq!(shallow.expect_err("10 levels").category(), Category::Limit);
}

#[test]
fn cycles_have_a_path() {
    let list = made(|b| {
        let (inner, outer) = (b.list(&[])?, b.list(&[])?);
        b.append(inner, &[outer])?;
        b.append(outer, &[inner])?;
        dict(b, &[("a", outer)])
    });
    let error = from_node::<HashMap<String, Nest>>(list.root()).expect_err("a cycle");
    assert_eq!(error.path(), Some("['a'][0][0]"));
    assert!(
        error
            .to_string()
            .starts_with("['a'][0][0]: the value contains itself"),
        "{error}"
    );
    let object = made(|b| {
        let class = b.global("shop", "Node")?;
        let node = b.instance(class, &[], None)?;
        let state = dict(b, &[("next", node)])?;
        b.build(node, state)?;
        Ok(node)
    });
    #[derive(Debug, Deserialize)]
    struct Linked {
        #[serde(rename = "next")]
        _next: Option<Box<Linked>>,
    }
    let error = from_node::<Linked>(object.root()).expect_err("a cycle");
    assert_eq!(error.path(), Some(".next"));
    let error = from_node::<Everything>(object.root()).expect_err("a cycle");
    assert_eq!(error.path(), Some(".next"));
}

/// The pickle of an array of one axis.
fn array(dtype: &[u8], data: &[u8], len: u32) -> Vec<u8> {
    let mut bytes =
        b"\x80\x03cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\x85C\x01b\x87R(K\x01J"
            .to_vec();
    bytes.extend(len.to_le_bytes());
    bytes.push(b'\x85');
    bytes.extend(dtype);
    bytes.extend(b"\x89B");
    bytes.extend((data.len() as u32).to_le_bytes());
    bytes.extend(data);
    bytes.extend(b"tb.");
    bytes
}

/// What an element is made of costs, though its parts have no bytes, or those of each other.
#[test]
fn parts_of_elements_are_paid_for() {
    fn bomb<T: DeserializeOwned + Debug>(bytes: &[u8]) {
        let start = Instant::now();
        let error = from_slice::<T>(bytes).expect_err("a bomb");
        assert_eq!(error.category(), Category::Limit, "{error}");
        assert!(start.elapsed() < Duration::from_secs(30));
    }
    // Elements of 2^40 items of no bytes.
    for (name, more) in [
        (&b"S0"[..], &b""[..]),
        (b"U0", b""),
        (b"V0", b""),
        (b"u1", b"K\0"),
    ] {
        let size: &[u8] = if more.is_empty() {
            b"K\0"
        } else {
            b"J\xff\xff\xff\xff"
        };
        let mut dtype = b"cnumpy\ndtype\nX\x02\0\0\0V0\x89\x88\x87R(K\x03X\x01\0\0\0|cnumpy\ndtype\nX\x02\0\0\0".to_vec();
        dtype.extend(name);
        dtype.extend(b"\x89\x88\x87R(K\x03X\x01\0\0\0|NNN");
        dtype.extend(size);
        dtype.extend(b"K\x01K\0tb(\x8a\x06\0\0\0\0\0\x01");
        dtype.extend(more);
        dtype.extend(b"t\x86NNK\0K\x01K\0tb");
        let bytes = array(&dtype, b"", 1);
        if name == b"u1" {
            bomb::<Vec<Vec<Vec<u8>>>>(&bytes);
        } else {
            bomb::<Vec<Vec<String>>>(&bytes);
        }
        bomb::<Vec<Vec<IgnoredAny>>>(&bytes);
        bomb::<serde_json::Value>(&bytes);
    }
    // 2^40 rows of no elements.
    let rows = b"\x80\x03cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\x85C\x01b\x87R(K\x01\x8a\x06\0\0\0\0\0\x01K\0\x86cnumpy\ndtype\n\
        X\x02\0\0\0u1\x89\x88\x87R(K\x03X\x01\0\0\0|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tb\x89C\0tb.";
    bomb::<Vec<Vec<u8>>>(rows);
    bomb::<Vec<IgnoredAny>>(rows);
    bomb::<serde_json::Value>(rows);
    let empty: Array2<u8> = from_slice(rows).expect("an array without elements");
    assert_eq!(empty.dim(), (1 << 40, 0));
    // Elements of one byte, which is that of 20,000 fields.
    let mut dtype = b"cnumpy\ndtype\nX\x02\0\0\0V1\x89\x88\x87R(K\x03X\x01\0\0\0|N(".to_vec();
    for n in 0..20_000 {
        dtype.extend(b"X\x05\0\0\0");
        dtype.extend(format!("{n:05}").bytes());
    }
    dtype.extend(b"t}(");
    for n in 0..20_000 {
        dtype.extend(b"X\x05\0\0\0");
        dtype.extend(format!("{n:05}").bytes());
        dtype.extend(match n {
            0 => &b"cnumpy\ndtype\nX\x02\0\0\0u1\x89\x88\x87R(K\x03X\x01\0\0\0|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tbq\0K\0\x86"[..],
            _ => b"h\0K\0\x86",
        });
    }
    dtype.extend(b"uK\x01K\x01K\0tb");
    let bytes = array(&dtype, &vec![0; 100_000], 100_000);
    bomb::<Vec<HashMap<String, u8>>>(&bytes);
    bomb::<Vec<Vec<u8>>>(&bytes);
    bomb::<serde_json::Value>(&bytes);
    // Ordinary elements of many small parts are no bombs.
    let dtype = b"cnumpy\ndtype\nX\x04\0\0\0V100\x89\x88\x87R(K\x03X\x01\0\0\0|cnumpy\ndtype\nX\x02\0\0\0u1\x89\x88\x87R(K\x03X\x01\0\0\0|NNN\
        J\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tbK\x64\x85\x86NNK\x64K\x01K\0tb";
    let bytes = array(dtype, &vec![7; 5_000_000], 50_000);
    let read: Vec<Vec<u8>> = from_slice(&bytes).expect("5 million numbers");
    assert_eq!(read.iter().map(Vec::len).sum::<usize>(), 5_000_000);
}

/// Every way down is counted: enums, newtypes of a class, arrays of objects.
#[test]
fn no_way_down_is_free() {
    #[derive(Debug, Deserialize)]
    enum Deep {
        #[serde(rename = "a")]
        A(#[allow(dead_code)] Box<Deep>),
    }
    #[derive(Debug, Deserialize)]
    #[serde(rename = "shop:Box")]
    struct Boxed(#[allow(dead_code)] Box<Boxed>);
    #[derive(Debug, Deserialize)]
    struct Arrays(#[allow(dead_code)] Array1<Arrays>);

    let dicts = made(|b| {
        let mut value = b.none();
        for _ in 0..100_000 {
            value = dict(b, &[("a", value)])?;
        }
        Ok(value)
    });
    limited::<Deep>("`depth` of 128", &dicts);
    limited::<HashMap<String, Deep>>("`depth` of 128", &dicts);
    let boxes = made(|b| {
        let class = b.global("shop", "Box")?;
        let mut value = b.tuple(&[])?;
        for _ in 0..100_000 {
            value = b.instance(class, &[value], None)?;
        }
        Ok(value)
    });
    let error = from_node::<Boxed>(boxes.root()).expect_err("100,000 boxes");
    assert_eq!(error.category(), Category::Limit, "{error}");
    // An array of objects that holds itself: _reconstruct(ndarray, (0,), b'b') with the state (1, (1,), dtype('O'), False, [itself]).
    let bytes = b"\x80\x02cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85U\x01b\x87Rq\x00(K\x01K\x01\x85cnumpy\ndtype\n\
        U\x02O8K\x00K\x01\x87R(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x3ftb\x89]h\x00atb.";
    let pickle = Pickle::parse(bytes).expect("a pickle");
    for error in [
        from_node::<Arrays>(pickle.root()).expect_err("a cycle"),
        from_node::<Nest>(pickle.root()).expect_err("a cycle"),
        from_node::<Everything>(pickle.root()).expect_err("a cycle"),
    ] {
        assert!(
            error.to_string().contains("the value contains itself"),
            "{error}"
        );
    }
}

/// An object whose states are many and the same costs what it holds, however little is left of it.
#[test]
fn texts_of_objects_are_paid_for() {
    let paths = made(|b| {
        let class = b.global("pathlib", "PurePosixPath")?;
        let part = b.str(&"x".repeat(1 << 20))?;
        let path = b.call(class, &[part; 2000], None)?;
        b.list(&[path])
    });
    limited::<Everything>("`expansion` of 32", &paths);
    limited::<Vec<String>>("`expansion` of 32", &paths);
}

#[test]
fn states_are_paid_for() {
    let objects = made(|b| {
        let class = b.global("shop", "Item")?;
        let item = b.instance(class, &[], None)?;
        let none = b.none();
        let state = dict(b, &[("a", none)])?;
        for _ in 0..100_000 {
            b.build(item, state)?;
        }
        b.list(&vec![item; 100_000])
    });
    limited::<Vec<HashMap<String, ()>>>("`expansion` of 32", &objects);
}

/// Whatever the bytes are, every type gives a value or an error, and what came out as JSON is written and read alike.
#[test]
fn mutations_of_the_corpus() {
    #[derive(Debug, Deserialize)]
    struct Arrays {
        #[serde(rename = "a", with = "ndpickle::array")]
        _a: ArrayD<f64>,
    }
    let (mut values, mut arrays, mut errors) = (0, 0, 0);
    super::fuzz::for_each_mutant(|data| {
        let Ok(pickle) = Pickle::parse(data) else {
            return;
        };
        let root = pickle.root();
        match from_node::<serde_json::Value>(root) {
            Ok(value) => {
                let bytes = to_vec(&value).expect("JSON");
                assert_eq!(
                    from_slice::<serde_json::Value>(&bytes).expect("JSON"),
                    value
                );
                values += 1;
            }
            Err(_) => errors += 1,
        }
        arrays += usize::from(from_node::<ArrayD<f64>>(root).is_ok());
        let _ = from_node::<Everything>(root);
        let _ = from_node::<Vec<f32>>(root);
        let _ = from_node::<HashMap<String, Array1<i64>>>(root);
        let _ = from_node::<Arrays>(root);
        let _ = from_node::<Vec<Arrays>>(root);
        let _ = ArrayD::<f32>::deserialize(Deserializer::new(root).cast(true));
        let _ = from_node::<String>(root);
        let _ = from_node::<(i128, char)>(root);
    });
    assert!(
        values > 500 && arrays > 10 && errors > 500,
        "{values} {arrays} {errors}"
    );
}
