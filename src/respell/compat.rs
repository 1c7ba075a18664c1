//! What has no spelling that every NumPy from 1.11 to the newest loads.

use crate::error::{Error, Result};
use crate::graph::{Node, Pickle};
use crate::names::Known;

impl<'a> Pickle<'a> {
    /// The names in the document that are not in every NumPy, or not in one place: `chararray`, `StringDType`, classes of dtypes,
    /// and the generators of random numbers of NumPy 1.17 and later. [`compat`](crate::write::Options::compat) writes them as NumPy 2
    /// does, and is an error with [`strict`](crate::write::Options::strict).
    ///
    /// # Examples
    ///
    /// ```
    /// use ndpickle::Pickle;
    /// let pickle = Pickle::parse(b"\x80\x04cnumpy.dtypes\nFloat64DType\n.")?;
    /// let names: Vec<String> = pickle.without_compat().filter_map(|node| node.global()).map(|name| name.to_string()).collect();
    /// assert_eq!(names, ["numpy.dtypes.Float64DType"]);
    /// # Ok::<(), ndpickle::Error>(())
    /// ```
    pub fn without_compat(&self) -> impl Iterator<Item = Node<'_, 'a>> {
        self.globals().filter(|node| is_new(*node))
    }
}

/// Refuses a document that not every NumPy can load.
pub(super) fn check(pickle: &Pickle<'_>) -> Result<()> {
    let Some(node) = pickle.without_compat().next() else {
        return Ok(());
    };
    let name = node.global().map(|name| name.to_string());
    let what = format!(
        "{} has no spelling that every NumPy loads",
        name.unwrap_or_default()
    );
    Err(Error::unsupported(what).at(node.offset(), None))
}

fn is_new(global: Node<'_, '_>) -> bool {
    match global.known() {
        Known::CharArray
        | Known::StringDType
        | Known::DTypeClass
        | Known::DTypeReconstruct
        | Known::GeneratorCtor
        | Known::BitGeneratorCtor
        | Known::SeedSequenceCtor
        | Known::SeedlessCtor
        | Known::Mt19937
        | Known::Pcg64
        | Known::Pcg64Dxsm
        | Known::Philox
        | Known::Sfc64 => true,
        // The other spelling is older than all of them.
        Known::RandomStateCtor => {
            matches!(global.global_bytes(), Some((b"numpy.random._pickle", _)))
        }
        _ => false,
    }
}
