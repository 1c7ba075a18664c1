//! Making a document: nodes as the pickler of a flavour writes what Python has.
//!
//! For the next maintainer. A pickler writes an object once and refers to it from then on, and so the identity of objects is
//! part of the bytes. Python has a few that are the same wherever they are met: texts of one character up to U+00FF and none,
//! bytes of one and none, interned words, globals. The builder gives those the same node each time; everything else that it
//! makes is new. Facts: `save` and what it calls in CPython's `_pickle.c`, `_PyUnicode_FromUCS1` and `PyBytes_FromStringAndSize`.

mod bytes;
mod global;
mod object;
mod singles;
mod text;
mod value;

use super::arena::Graph;
use super::dialect::Python;
use super::flavour::Flavour;
use super::pickle::Pickle;
use super::raw::{Id, Raw};
use crate::error::{Error, Result};
use crate::limits::Limits;

pub(crate) use singles::{Single, Singles, Texts, is_single as is_single_str};
pub(crate) use text::is_interned as is_interned_str;

/// Makes a document that was in no pickle: values of Python, made from Rust.
///
/// Every method that makes a value gives its [`Id`]; the id in two places is one object in Python. What is made is spelled
/// as the [`Flavour`] asks for, so that [`write::Options`](crate::write::Options) writes it as it stands: the bytes that this
/// Python and NumPy would have written.
///
/// # Examples
///
/// ```
/// use ndarray::array;
/// use ndpickle::{Builder, Flavour, Version, write};
/// let flavour = Flavour::new(4, Version::NEWEST, Version::NEWEST)?;
/// let weights = array![[1.0, 2.0], [3.0, 4.0]];
/// let mut builder = Builder::new(flavour);
/// let (key, value) = (builder.str("weights")?, builder.array(&weights)?);
/// let root = builder.dict(&[(key, value)])?;
/// let pickle = builder.finish(root)?;
/// let bytes = write::Options::new().to_vec(&pickle)?;
/// # let read = ndpickle::Pickle::parse(&bytes)?;
/// # let read = read.root().get("weights").expect("there").array()?;
/// # assert_eq!(read.to_array::<f64, ndarray::Ix2>()?, weights);
/// # Ok::<(), ndpickle::Error>(())
/// ```
#[derive(Debug)]
pub struct Builder<'a> {
    pub(crate) graph: Graph<'a>,
    flavour: Flavour,
    pub(crate) singles: Singles,
    /// The first texts of users, by what they say: a name that Python interned may turn out to be the same object.
    pub(crate) texts: Option<Texts>,
}

impl<'a> Builder<'a> {
    /// A builder for these versions.
    pub fn new(flavour: Flavour) -> Self {
        let mut builder = Builder::without_texts(flavour);
        builder.intern_names();
        builder
    }

    /// A builder in which the names of classes are no texts of users.
    pub(crate) fn without_texts(flavour: Flavour) -> Self {
        Builder::over(Graph::new(&[], &Limits::default()), flavour)
    }

    /// A builder that adds to a document; it knows none of its nodes.
    pub(crate) fn over(graph: Graph<'a>, flavour: Flavour) -> Self {
        Builder {
            graph,
            flavour,
            singles: Singles::default(),
            texts: None,
        }
    }

    /// For whom the document is made.
    pub fn flavour(&self) -> &Flavour {
        &self.flavour
    }

    /// The document of this value.
    ///
    /// # Errors
    ///
    /// Category `Limit`, as of all methods here: for more than 2^32 values. `Data` for an id that this builder did not give, as
    /// of all methods that take one, as far as it can be told.
    pub fn finish(self, root: Id) -> Result<Pickle<'a>> {
        self.check(&[root])?;
        self.finish_all(vec![root])
    }

    /// The document of these values.
    pub(crate) fn finish_all(mut self, roots: Vec<Id>) -> Result<Pickle<'a>> {
        self.graph.finish()?;
        let mut pickle = Pickle::new(self.graph, roots, self.flavour.dialect, 0, 0);
        pickle.made_for = Some(self.flavour);
        Ok(pickle)
    }

    /// From now on the names of classes are the same objects as equal texts, as they are where Python compiled both: for
    /// documents in which names were no texts.
    pub(crate) fn intern_names(&mut self) {
        self.texts = Some(Texts::default());
    }

    /// Whether there are nodes of these ids.
    pub(crate) fn check(&self, ids: &[Id]) -> Result<()> {
        match ids.iter().all(|id| id.index() < self.graph.len()) {
            true => Ok(()),
            false => Err(Error::data("the id of a node of another document")),
        }
    }

    pub(crate) fn protocol(&self) -> u8 {
        self.flavour.protocol()
    }

    /// Whether Python 2 is to load it.
    pub(crate) fn is_py2(&self) -> bool {
        self.flavour.dialect.python == Python::Py2
    }

    /// A new node. What is no number is put in the memo when it is written.
    pub(crate) fn push(&mut self, raw: Raw) -> Result<Id> {
        let id = self.graph.push(raw)?;
        if !raw.tag().is_number() {
            self.graph.memoise(id);
        }
        Ok(id)
    }

    /// The object of which there is one, made when it is first asked for.
    pub(crate) fn single(
        &mut self,
        key: Single<'_>,
        make: impl FnOnce(&mut Self) -> Result<Id>,
    ) -> Result<Id> {
        if let Some(id) = self.singles.get(&self.graph, &key) {
            return Ok(id);
        }
        let id = make(self)?;
        self.singles.insert(&self.graph, key, id);
        Ok(id)
    }
}
