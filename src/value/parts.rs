//! The parts of an object, in a row or by what they are.

/// How many parts of each kind an object has; the pairs are the rest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) args: usize,
    pub(super) kwargs: usize,
    pub(super) states: usize,
    pub(super) items: usize,
}

impl Counts {
    /// How many parts come before the states.
    pub(super) fn before_states(self) -> usize {
        1 + self.args + 2 * self.kwargs
    }
}

/// What the parts of an object have become, each in its place.
#[derive(Debug)]
pub(super) struct Parts<T> {
    pub(super) callable: Option<T>,
    pub(super) args: Vec<T>,
    pub(super) kwargs: Vec<(T, T)>,
    pub(super) states: Vec<T>,
    pub(super) items: Vec<T>,
    pub(super) pairs: Vec<(T, T)>,
}

impl<T> Parts<T> {
    /// Sorts a row of parts.
    pub(super) fn new(parts: Vec<T>, counts: Counts) -> Parts<T> {
        let mut parts = parts.into_iter();
        Parts {
            callable: parts.next(),
            args: parts.by_ref().take(counts.args).collect(),
            kwargs: in_pairs(parts.by_ref().take(2 * counts.kwargs)),
            states: parts.by_ref().take(counts.states).collect(),
            items: parts.by_ref().take(counts.items).collect(),
            pairs: in_pairs(parts),
        }
    }
}

/// Keys with their values, which come in turn.
pub(super) fn in_pairs<T>(mut row: impl Iterator<Item = T>) -> Vec<(T, T)> {
    let mut pairs = Vec::with_capacity(row.size_hint().0 / 2);
    while let (Some(key), Some(value)) = (row.next(), row.next()) {
        pairs.push((key, value));
    }
    pairs
}
