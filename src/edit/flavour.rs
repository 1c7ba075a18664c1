//! For whom a document was written, as far as its names show it.

use super::singles::nodes;
use crate::graph::{Flavour, Graph, Kind, Node, Python, Version};
use crate::names::Known;

/// The document's own flavour: NumPy's `_core` is that of 2.0 and later, the arguments of dtypes are bools from 1.19 on.
pub(super) fn guess(graph: &Graph<'_>) -> Flavour {
    let dialect = graph.dialect;
    let python = match dialect.python {
        Python::Py2 => Version::new(2, 7, u16::MAX),
        // Protocol 5 is that of Python 3.8; a pickle may mix what never was together.
        Python::Py36 if dialect.protocol <= 4 => Version::new(3, 6, u16::MAX),
        _ => Version::NEWEST,
    };
    let (mut is_numpy, mut is_2, mut is_1_18) = (false, false, false);
    for node in nodes(graph) {
        match node.kind() {
            Kind::Global => {
                let module = node.global_bytes().map_or(&b""[..], |(module, _)| module);
                is_numpy |= module.starts_with(b"numpy");
                is_2 |= module.starts_with(b"numpy._core");
            }
            Kind::Object if node.callable().map(Node::known) == Some(Known::DType) => {
                let copy = node.args().and_then(|args| args.index(2));
                is_1_18 |= copy.is_some_and(|copy| copy.kind() == Kind::Int);
            }
            _ => {}
        }
    }
    let numpy = match python {
        Version { major: 2, .. } => Version::new(1, 16, u16::MAX),
        Version { minor: 6, .. } if is_1_18 => Version::new(1, 18, u16::MAX),
        Version { minor: 6, .. } => Version::new(1, 19, u16::MAX),
        _ if is_2 => Version::NEWEST,
        _ if is_1_18 => Version::new(1, 18, u16::MAX),
        _ => Version::new(1, 26, u16::MAX),
    };
    Flavour {
        dialect,
        python,
        numpy,
        is_compat: !is_numpy,
    }
}
