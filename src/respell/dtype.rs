//! Dtypes: `arraydescr_reduce` in NumPy's `descriptor.c`.

use super::pass::{Pass, Way};
use crate::error::Result;
use crate::graph::{Id, Kind, Node};
use crate::names::Known;
use crate::numpy::ElementKind;

impl<'p, 'a> Pass<'p, 'a> {
    pub(super) fn fill_dtype(&mut self, node: Node<'p, 'a>, id: Id) -> Result<()> {
        let (Some(args), Some(state)) = (node.args(), node.states().last()) else {
            return self.fill_object(node, id);
        };
        let parts = state.parts::<9>().filter(|(len, _)| (8..=9).contains(len));
        let is_dtype = node.callable().map(Node::known) == Some(Known::DType);
        let (Some((_, parts)), Some(spec), true) = (parts, args.index(0), is_dtype) else {
            // Strings, and states that no version of today writes.
            return self.fill_object(node, id);
        };
        let numpy = self.flavour().numpy;
        let dtype = node.dtype()?;
        let is_text = spec.kind() == Kind::Str;
        let mut spec = self.text(spec)?;
        if is_text {
            spec = self.temporary(spec);
        }
        let mut items = Vec::with_capacity(9);
        for (n, part) in parts.into_iter().flatten().enumerate() {
            let item = match n {
                1 => {
                    let order = self.text(part)?;
                    self.temporary(order)
                }
                2 if !part.is_none() => self.subarray(part)?,
                // Python 2 has an order of its own, and other references to what is in a dict.
                3 | 4 if self.way != Way::Within3 && !part.is_none() => {
                    if n == 4 {
                        let (names, fields) = self.fields(parts[3], part)?;
                        items[3] = names;
                        fields
                    } else {
                        Id::NONE
                    }
                }
                7 => self.flags(part)?,
                8 if dtype.unit().is_some() => self.unit(part)?,
                _ => self.of(part)?,
            };
            items.push(item);
        }
        // `align=True` of no fields: no alignment up to NumPy 1.26.
        let is_bare = dtype
            .fields()
            .is_some_and(|fields| fields.is_empty() && fields.is_aligned());
        if dtype.kind() == ElementKind::Struct && is_bare {
            items[6] = self.builder.int(i64::from(numpy.is_from(2, 0, 0)))?;
        }
        self.builder.fill_dtype(id, spec, &items)
    }

    fn flags(&mut self, node: Node<'p, 'a>) -> Result<Id> {
        match node.as_i64() {
            Some(flags) => self.builder.flags(flags),
            None => self.of(node),
        }
    }

    /// `(metadata, (unit, count, 1, 1))`: without metadata an empty dict up to NumPy 2.3.2.
    fn unit(&mut self, node: Node<'p, 'a>) -> Result<Id> {
        let Some((2, [Some(metadata), Some(unit)])) = node.parts::<2>() else {
            return self.of(node);
        };
        let is_none = metadata.is_none() || (metadata.kind() == Kind::Dict && metadata.is_empty());
        let metadata = match is_none {
            true => self.builder.no_metadata()?,
            false => self.of(metadata)?,
        };
        let unit = match (self.changes_python(), unit.index(0)) {
            // In Python 2 its name is a str.
            (true, Some(name)) => {
                let name = self.bytes(name)?;
                let mut parts = vec![self.temporary(name)];
                parts.extend(self.all(unit.items().skip(1))?);
                self.builder.temporary_tuple(&parts)?
            }
            _ => self.of(unit)?,
        };
        self.builder.temporary_tuple(&[metadata, unit])
    }

    /// `(base, shape)`.
    fn subarray(&mut self, node: Node<'p, 'a>) -> Result<Id> {
        let subarray = self.of(node)?;
        Ok(self.temporary(subarray))
    }

    /// Names and fields from or for Python 2, whose dicts have no order: in that of the names, each title behind its name, or in
    /// that of its table.
    fn fields(&mut self, names: Option<Node<'p, 'a>>, fields: Node<'p, 'a>) -> Result<(Id, Id)> {
        let names = names.ok_or_else(|| fields.error("fields without names"))?;
        let (mut keys, mut pairs, mut texts) = (Vec::new(), Vec::new(), Vec::new());
        for name in names.items() {
            let key = self.text(name)?;
            keys.push(key);
            texts.push(name.text()?);
            let missing = || fields.error("a name without its field");
            let field = fields.get(&*name.text()?).ok_or_else(missing)?;
            let mut parts = self.all(field.items().take(2))?;
            let title = match field.index(2) {
                Some(title) => Some((title, self.text(title)?)),
                None => None,
            };
            parts.extend(title.map(|(_, title)| title));
            let value = self.builder.field_value(&parts)?;
            pairs.push((key, value));
            if let Some((node, title)) = title
                && matches!(node.kind(), Kind::Str | Kind::Py2Str)
            {
                texts.push(node.text()?);
                pairs.push((title, value));
            }
        }
        let texts: Vec<&str> = texts.iter().map(|text| &**text).collect();
        let fields = self.builder.fields_dict(&texts, &pairs)?;
        Ok((self.builder.tuple(&keys)?, fields))
    }
}
