//! Dtypes: their names, and the line of one that is an object by itself.

use ndpickle::numpy::{ByteOrder, DType, ElementKind};
use ndpickle::{Node, Origin};

use super::everyday::has_popped;
use super::line::{ARRAY, Line, TYPE};
use crate::{arrays, text};

/// Characters of a structured dtype.
const LONGEST: usize = 80;

/// The line of a dtype that is no more than that.
pub(super) fn line(node: Node<'_, '_>) -> Option<Line> {
    let dtype = whole(node)?;
    Some(Line::new(TYPE, "dtype").with(ARRAY, name(&dtype)))
}

/// The dtype that a node is, if its name tells all: it carries no metadata, and nothing in it is anybody else's.
pub(super) fn whole(node: Node<'_, '_>) -> Option<DType> {
    let is_all = node.is_dtype() && node.dtype_metadata().is_none() && is_numpys(node);
    is_all.then(|| node.dtype().ok()).flatten()
}

/// Whether everything below a node is NumPy's or plain data.
fn is_numpys(node: Node<'_, '_>) -> bool {
    // What takes more nodes than this is listed.
    const MOST: usize = 512;
    let mut left = vec![node];
    for _ in 0..MOST {
        let Some(node) = left.pop() else { return true };
        if has_popped(node) || node.origin() == Some(Origin::Other) {
            return false;
        }
        left.extend(node.callable().into_iter().chain(node.args()));
        left.extend(node.items().take(MOST));
        left.extend(
            node.pairs()
                .take(MOST)
                .flat_map(|(key, value)| [key, value]),
        );
        left.extend(node.states());
    }
    false
}

/// The name of a dtype as NumPy prints it: `float32`, but `>f4` in the other byte order.
pub(super) fn name(dtype: &DType) -> String {
    let bits = dtype.itemsize().saturating_mul(8);
    let plain = dtype.byte_order() != ByteOrder::Big;
    match dtype.kind() {
        _ if dtype.fields().is_some() => {
            let text = dtype.descr().unwrap_or_else(|| fields(dtype));
            text::shortened(&text::safe(&text), LONGEST).into_owned()
        }
        ElementKind::Bool => "bool".into(),
        ElementKind::Int if plain => format!("int{bits}"),
        ElementKind::UInt if plain => format!("uint{bits}"),
        ElementKind::Float if plain => format!("float{bits}"),
        ElementKind::Complex if plain => format!("complex{bits}"),
        ElementKind::LongDouble if plain => "longdouble".into(),
        ElementKind::ComplexLongDouble if plain => "clongdouble".into(),
        ElementKind::DateTime if plain => dtype.to_string().replacen("<M8", "datetime64", 1),
        ElementKind::TimeDelta if plain => dtype.to_string().replacen("<m8", "timedelta64", 1),
        ElementKind::Object => "object".into(),
        ElementKind::String => text::safe(&dtype.typestr()).into_owned(),
        ElementKind::Subarray => match dtype.subarray() {
            Some((base, shape)) => {
                let lens: Vec<usize> = shape.iter().map(|len| *len as usize).collect();
                format!("({}, {})", name(base), arrays::shape(&lens))
            }
            None => dtype.to_string(),
        },
        _ => text::safe(&dtype.to_string()).into_owned(),
    }
}

/// The fields that `descr` cannot tell, because they overlap.
fn fields(dtype: &DType) -> String {
    let fields = dtype.fields().into_iter().flat_map(|fields| fields.iter());
    let fields =
        fields.map(|field| format!("{}: {} at {}", field.name(), field.dtype(), field.offset()));
    format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
}
