//! The corpus: its files, and what its manifest says that a reader must find in them. `corpus/README.md` has the grammar.

use std::fs;
use std::io::Read as _;
use std::path::PathBuf;
use std::sync::OnceLock;

use flate2::read::GzDecoder;
use ndpickle::{Buffer, Options, Pickle};
use serde_json::Value;

pub(crate) struct Manifest {
    pub(crate) entries: Vec<Entry>,
    arrays: Vec<Value>,
    trees: Vec<Value>,
    dtypes: Vec<Value>,
    random: Vec<Value>,
}

/// A file, and its entry.
pub(crate) struct Entry {
    value: Value,
    /// The file, unpacked.
    pub(crate) bytes: Vec<u8>,
    /// Bytes, and whether Python may write to them.
    buffers: Vec<(Vec<u8>, bool)>,
}

/// What is told of one pickle.
pub(crate) struct Expected<'m> {
    /// The rows; of many, the first three.
    pub(crate) rows: &'m [Value],
    /// Number and digest of all rows, where there are many.
    pub(crate) digest: Option<(u64, &'m str)>,
    pub(crate) tree: Option<&'m Value>,
    pub(crate) tree_digest: Option<&'m str>,
}

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/corpus"))
}

/// The whole manifest, read once, its files checked against their hashes.
pub(crate) fn manifest() -> &'static Manifest {
    static MANIFEST: OnceLock<Manifest> = OnceLock::new();
    MANIFEST.get_or_init(|| {
        let text = fs::read(folder().join("manifest.json")).expect("corpus/manifest.json");
        let mut value: Value = serde_json::from_slice(&text).expect("JSON");
        let mut list = |key: &str| match value[key].take() {
            Value::Array(list) => list,
            other => panic!("{key} is {other}"),
        };
        Manifest {
            entries: list("files").into_iter().map(Entry::new).collect(),
            arrays: list("arrays"),
            trees: list("trees"),
            dtypes: list("dtypes"),
            random: list("random"),
        }
    })
}

impl Manifest {
    /// What is told of the dtypes that are objects by themselves in a file.
    pub(crate) fn dtypes(&self, entry: &Entry) -> &[Value] {
        of_table(&self.dtypes, &entry.value["dtypes"])
    }

    /// What is told of the random states in a file.
    pub(crate) fn random(&self, entry: &Entry) -> &[Value] {
        of_table(&self.random, &entry.value["random"])
    }

    /// What is told of each pickle of a file.
    pub(crate) fn expected<'m>(&'m self, entry: &'m Entry) -> Vec<Expected<'m>> {
        let more = entry.value["more"]
            .as_array()
            .map_or(&[][..], Vec::as_slice);
        let all = std::iter::once(&entry.value).chain(more);
        all.map(|told| Expected {
            rows: self.arrays[place(&told["arrays"]).expect("rows")]
                .as_array()
                .expect("a list"),
            digest: told["arrays_count"]
                .as_u64()
                .zip(told["arrays_digest"].as_str()),
            tree: place(&told["tree"]).map(|tree| &self.trees[tree]),
            tree_digest: told["tree_digest"].as_str(),
        })
        .collect()
    }
}

/// The list at a place of a table; nothing where there is no place.
fn of_table<'m>(table: &'m [Value], place: &Value) -> &'m [Value] {
    let list = self::place(place).and_then(|place| table[place].as_array());
    list.map_or(&[], Vec::as_slice)
}

fn place(value: &Value) -> Option<usize> {
    value.as_u64().map(|place| place as usize)
}

impl Entry {
    fn new(value: Value) -> Entry {
        let read = |told: &Value| {
            let path = told["path"].as_str().expect("a path");
            let stored = fs::read(folder().join(path)).expect(path);
            let sha256 = told["sha256"].as_str();
            assert_eq!(
                Some(super::dump::sha256(&stored).as_str()),
                sha256,
                "{path}"
            );
            stored
        };
        let mut bytes = read(&value);
        if value["compression"] == "gzip" {
            let packed = std::mem::take(&mut bytes);
            GzDecoder::new(&packed[..])
                .read_to_end(&mut bytes)
                .expect("gzip");
        }
        let buffers = value["buffers"].as_array().map_or(&[][..], Vec::as_slice);
        let buffers = buffers
            .iter()
            .map(|told| (read(told), told["writable"].as_bool().expect("a bool")))
            .collect();
        Entry {
            bytes,
            buffers,
            value,
        }
    }

    pub(crate) fn name(&self) -> &str {
        self.text("path")
    }

    /// Its name and those of others with the same bytes: `cell/case.p2.pkl`.
    pub(crate) fn names(&self) -> Vec<String> {
        let own = self.name().trim_start_matches("files/").to_owned();
        let also = self.value["also"].as_array().map_or(&[][..], Vec::as_slice);
        let also = also.iter().filter_map(Value::as_str).map(str::to_owned);
        std::iter::once(own).chain(also).collect()
    }

    pub(crate) fn text(&self, key: &str) -> &str {
        self.value[key].as_str().expect("a text")
    }

    pub(crate) fn number(&self, key: &str) -> usize {
        place(&self.value[key]).expect("a number")
    }

    /// Whether it was written by Python 2.
    pub(crate) fn is_py2(&self) -> bool {
        self.text("python").starts_with('2')
    }

    /// Where the uncompressed file lies, if it does.
    pub(crate) fn file(&self) -> Option<PathBuf> {
        let plain = self.value.get("compression").is_none();
        plain.then(|| folder().join(self.name()))
    }

    /// Its out-of-band buffers: bytes, and whether Python may write to them.
    pub(crate) fn buffers(&self) -> &[(Vec<u8>, bool)] {
        &self.buffers
    }

    /// How to read it.
    pub(crate) fn options(&self) -> Options<'_> {
        let buffers = self.buffers.iter().map(|(bytes, writable)| Buffer {
            read_only: !writable,
            ..Buffer::from(&bytes[..])
        });
        Options::new().buffers(buffers)
    }

    /// Whether one pickler wrote its pickles, with one memo.
    pub(crate) fn is_session(&self) -> bool {
        self.text("case").ends_with("one_memo")
    }

    /// Its documents: one for each pickle, or one for a session.
    pub(crate) fn documents(&self) -> Result<Vec<Pickle<'_>>, String> {
        let documents = if self.is_session() {
            self.options()
                .parse_session(&self.bytes)
                .map(|document| vec![document])
        } else {
            self.options().parse_all(self.pickles()).collect()
        };
        documents.map_err(|error| error.to_string())
    }

    /// The bytes without those behind the last pickle.
    pub(crate) fn pickles(&self) -> &[u8] {
        &self.bytes[..self.bytes.len() - self.number("trailing")]
    }
}
