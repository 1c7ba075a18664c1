//! What a manifest says of a value, and whether a node is that.

use ndpickle::ndarray::Ix1;
use ndpickle::numpy::{Arrays, ByteOrder, ElementKind, NdArray, Order};
use ndpickle::{Kind, Node};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::text;

/// What one cell says of a case.
pub(crate) struct Expectation<'m> {
    case: &'m str,
    told: &'m Value,
    numpy: Vec<u32>,
    py2: bool,
}

/// What came of a comparison.
#[derive(Clone, Default)]
pub(crate) struct Outcome {
    pub(crate) parts: usize,
    pub(crate) untold: usize,
    pub(crate) wrong: Vec<String>,
}

impl<'m> Expectation<'m> {
    pub(crate) fn new(manifest: &'m Value, case: &'m str, told: &'m Value) -> Expectation<'m> {
        let version = |key: &str| -> Vec<u32> {
            let text = manifest[key].as_str().unwrap_or_default();
            text.split('.')
                .map_while(|part| part.parse().ok())
                .collect()
        };
        Expectation {
            case,
            told,
            numpy: version("numpy"),
            py2: version("python").first() == Some(&2),
        }
    }

    /// Equal for expectations that say the same.
    pub(crate) fn key(&self) -> String {
        format!("{} {}", self.py2, self.told)
    }

    pub(crate) fn check(&self, root: Node<'_, '_>) -> Outcome {
        let mut outcome = Outcome::default();
        self.compare(root, self.told, &mut outcome);
        // What the manifest tells by its class only has arrays too.
        for row in Arrays::below(root) {
            if let Err(error) = row.array {
                let what = error.kind().to_string();
                let is_new = !outcome.wrong.contains(&what);
                outcome.wrong.extend(is_new.then_some(what));
            }
        }
        outcome
    }

    /// Why something is as it is, if that is known.
    pub(crate) fn reason(&self, what: &str) -> Option<&'static str> {
        let before = |version: [u32; 2]| self.numpy < version.to_vec();
        match self.case {
            _ if what.contains("raw memory") && before([1, 19]) => {
                Some("these NumPys wrote pointers, which no NumPy loads")
            }
            _ if what.starts_with("dtype StringDType") && before([2, 3]) => {
                Some("NumPy 2.0 to 2.2 have the same str for all of them")
            }
            "dt.struct_offrev" | "dt.struct_overlap" if before([1, 14]) => {
                Some("descr of NumPy 1.13 and older is wrong for such fields")
            }
            "dt.struct_offsets" if before([1, 11]) => {
                Some("descr of NumPy 1.10 has no padding at the end")
            }
            "sc.str_empty" if what.starts_with("data") => {
                Some("tobytes() of an empty str_ has a character, its pickle has none")
            }
            _ => None,
        }
    }

    fn compare(&self, node: Node<'_, '_>, told: &Value, outcome: &mut Outcome) {
        let wrong = match told["kind"].as_str() {
            Some("ndarray") => self.array(node, told),
            Some("scalar") => self.scalar(node, told),
            Some("dtype") => match node.dtype() {
                Ok(dtype) => same("dtype", &text::dtype(&dtype), &told["dtype"]),
                Err(error) => Some(error.kind().to_string()),
            },
            Some("list" | "tuple") => {
                let items: Vec<_> = node.items().collect();
                return self.all(&items, &told["items"], outcome);
            }
            Some("dict" | "OrderedDict" | "defaultdict") => {
                let pairs = pairs(node);
                let told = told["items"].as_array().cloned().unwrap_or_default();
                let told = told
                    .iter()
                    .flat_map(|pair| [pair[0].clone(), pair[1].clone()]);
                return self.all(&pairs, &told.collect(), outcome);
            }
            // Long ones are cut, and `recursive` would have no end.
            Some(_) => match told["repr"].as_str() {
                Some(told) if told.len() < 2000 && told != "recursive" => {
                    match text::repr(node, self.py2) {
                        Some(repr) => (repr != told).then(|| format!("{repr} is not {told}")),
                        None => return outcome.untold += 1,
                    }
                }
                _ => return outcome.untold += 1,
            },
            None => return outcome.untold += 1,
        };
        outcome.parts += usize::from(wrong.is_none());
        outcome.wrong.extend(wrong);
    }

    fn all(&self, nodes: &[Node<'_, '_>], told: &Value, outcome: &mut Outcome) {
        let told = told.as_array().map_or(&[][..], Vec::as_slice);
        if told.len() != nodes.len() {
            let what = format!("{} items, not {}", nodes.len(), told.len());
            return outcome.wrong.push(what);
        }
        for (node, told) in nodes.iter().zip(told) {
            self.compare(*node, told, outcome);
        }
    }

    fn array(&self, node: Node<'_, '_>, told: &Value) -> Option<String> {
        let array = match node.array() {
            Ok(array) => array,
            Err(error) => return Some(error.kind().to_string()),
        };
        let shape: Vec<u64> = array.shape().iter().map(|len| *len as u64).collect();
        let order = match (array.order(), array.size()) {
            (Order::F, _) => told["fortran"] == true,
            (Order::K, _) => told["c_contiguous"] == false && told["fortran"] == false,
            // With at most one axis of more than an element, all orders are one; NumPy 1.11 and older saw a difference.
            (Order::C, _) => {
                told["fortran"] == false
                    || array.shape().iter().filter(|n| **n > 1).count() < 2
                    || array.size() == 0
            }
        };
        same("dtype", &text::dtype(array.dtype()), &told["dtype"])
            .or_else(|| (Value::from(shape) != told["shape"]).then(|| format!("shape of {array}")))
            .or_else(|| (!order).then(|| format!("order {:?} of {array}", array.order())))
            .or_else(|| match told["repr"].as_str() {
                Some(told) => self.objects(node, &array, told),
                None => data(&array, told),
            })
    }

    /// The elements of an array of objects, which the manifest has as nested lists.
    fn objects(&self, node: Node<'_, '_>, array: &NdArray<'_>, told: &str) -> Option<String> {
        let elements: Vec<_> = match node.elements() {
            Ok(elements) => elements.collect(),
            Err(error) => return Some(error.kind().to_string()),
        };
        if told == "self-referencing" {
            let has_self = elements.contains(&node);
            return (!has_self).then(|| "does not hold itself".into());
        }
        let texts: Vec<String> = elements.iter().map(|node| self.element(*node)).collect();
        let found = nested(&texts, array.shape());
        let plain = |text: &str| text.replace(' ', "");
        (plain(&found) != plain(told)).then(|| format!("{found} is not {told}"))
    }

    fn element(&self, node: Node<'_, '_>) -> String {
        if let Ok(array) = node.array()
            && let Ok(numbers) = array.cast::<f64, Ix1>()
        {
            let numbers: Vec<String> = numbers.iter().map(|number| format!("{number}.")).collect();
            return format!("array([{}])", numbers.join(", "));
        }
        text::repr(node, self.py2).unwrap_or_else(|| format!("{node:?}"))
    }

    fn scalar(&self, node: Node<'_, '_>, told: &Value) -> Option<String> {
        let array = match node.array() {
            Ok(array) => array,
            Err(error) => return Some(error.kind().to_string()),
        };
        let dtype = same("dtype", &text::dtype(array.dtype()), &told["dtype"]);
        dtype.or_else(|| match told["data_hex"].as_str() {
            Some(_) => data(&array, told),
            None => {
                let mut elements = node.elements().ok()?;
                let found = text::repr(elements.next()?, self.py2)?;
                // NumPy 2 says `np.void(…, dtype=[…])`.
                let told = told["repr"].as_str()?.trim_start_matches("np.void(");
                (!told.starts_with(&found)).then(|| format!("value {found} is not {told}"))
            }
        })
    }
}

/// Keys and values, also of a dict that is a call with a list of pairs.
fn pairs<'p, 'a>(node: Node<'p, 'a>) -> Vec<Node<'p, 'a>> {
    let listed = node.args().and_then(|args| args.index(0));
    let listed = listed.filter(|list| list.kind() == Kind::List && node.pairs().next().is_none());
    match listed {
        Some(list) => list.items().flat_map(|pair| pair.items()).collect(),
        None => node.pairs().flat_map(|(key, value)| [key, value]).collect(),
    }
}

fn same(what: &str, found: &str, told: &Value) -> Option<String> {
    let plain = |text: &str| text.replace(' ', "");
    let told = told.as_str().unwrap_or_default();
    (plain(found) != plain(told)).then(|| format!("{what} {found} is not {told}"))
}

/// The bytes of the elements.
fn data(array: &NdArray<'_>, told: &Value) -> Option<String> {
    let bytes = match array.to_bytes() {
        Ok(bytes) => bytes,
        Err(error) => return Some(error.kind().to_string()),
    };
    let hex = told["data_c_hex"].as_str().or(told["data_hex"].as_str());
    let is_same = match (hex, told["data_c_sha256"].as_str()) {
        (Some(told), _) => meant(array, bytes.clone()) == meant(array, text::unhex(told)),
        (None, Some(told)) => text::hex(&Sha256::digest(&bytes)) == told,
        (None, None) => return Some("nothing is told of the data".into()),
    };
    (!is_same).then(|| format!("data {} of {array}", text::hex(&bytes)))
}

/// The bytes that mean something: six of sixteen in a long double are what was left in memory.
fn meant(array: &NdArray<'_>, mut bytes: Vec<u8>) -> Vec<u8> {
    let kind = array.dtype().kind();
    if matches!(
        kind,
        ElementKind::LongDouble | ElementKind::ComplexLongDouble
    ) {
        let is_big = array.dtype().byte_order() == ByteOrder::Big;
        for number in bytes.chunks_mut(16) {
            if is_big {
                number.reverse();
            }
            number.iter_mut().skip(10).for_each(|byte| *byte = 0);
        }
    }
    bytes
}

/// Texts as nested lists.
fn nested(texts: &[String], shape: &[usize]) -> String {
    let Some((len, inner)) = shape.split_first() else {
        return texts.first().cloned().unwrap_or_default();
    };
    let size: usize = inner.iter().product();
    let parts = (0..*len).map(|n| {
        nested(
            texts.get(n * size..(n + 1) * size).unwrap_or_default(),
            inner,
        )
    });
    format!("[{}]", parts.collect::<Vec<_>>().join(", "))
}
