//! The list of what is measured.

use crate::data::Input;
use crate::measure::Sample;
use crate::{ours, peers};

/// Something that can be timed again and again.
pub type Run<'i> = Box<dyn FnMut() -> Sample + 'i>;

/// What a contender makes of an input: runs, or the reason why it has none.
pub type Prepared<'i> = Result<Run<'i>, String>;

/// A contender.
pub type Contender = for<'i> fn(&'i Input) -> Prepared<'i>;

/// Which table a row is in.
#[derive(Clone, Copy, PartialEq)]
pub enum Group {
    Parse,
    Read,
    Large,
    Write,
}

/// A line of a table.
pub struct Row {
    pub group: Group,
    pub name: &'static str,
    /// The pickle, by its name in the server's list.
    pub file: &'static str,
    /// What CPython does.
    pub python: &'static str,
    pub ours: Contender,
    pub peer: Option<Contender>,
}

impl Group {
    pub const ALL: [Group; 4] = [Group::Parse, Group::Read, Group::Large, Group::Write];

    pub fn title(self) -> &'static str {
        match self {
            Group::Parse => "Small objects: bytes to a graph, to owned arrays",
            Group::Read => "Small objects: bytes to a graph, every leaf of which is read",
            Group::Large => "One array of 128 MiB float32",
            Group::Write => "Small objects: graph to bytes",
        }
    }

    pub fn peer(self) -> &'static str {
        match self {
            Group::Large => "plain copy",
            _ => "serde-pickle",
        }
    }

    /// The highest ratio to CPython that is no failure.
    pub fn gate(self) -> Option<f64> {
        (self == Group::Parse).then_some(0.30)
    }
}

const fn row(
    group: Group,
    name: &'static str,
    file: &'static str,
    python: &'static str,
    ours: Contender,
    peer: Option<Contender>,
) -> Row {
    Row {
        group,
        name,
        file,
        python,
        ours,
        peer,
    }
}

const fn parse(name: &'static str, file: &'static str) -> Row {
    row(
        Group::Parse,
        name,
        file,
        "loads",
        ours::parse,
        Some(peers::parse),
    )
}

const fn arrays(name: &'static str, file: &'static str) -> Row {
    row(
        Group::Parse,
        name,
        file,
        "loads",
        ours::small_arrays,
        Some(peers::parse),
    )
}

const fn read(name: &'static str, file: &'static str) -> Row {
    row(
        Group::Read,
        name,
        file,
        "loads",
        ours::parse_and_read,
        // Its tree is whole once it is parsed: the time is the one above.
        None,
    )
}

const fn write(name: &'static str, file: &'static str) -> Row {
    row(
        Group::Write,
        name,
        file,
        "dumps",
        ours::write,
        Some(peers::write),
    )
}

const fn large(
    name: &'static str,
    file: &'static str,
    python: &'static str,
    ours: Contender,
    peer: Option<Contender>,
) -> Row {
    row(Group::Large, name, file, python, ours, peer)
}

pub const ROWS: &[Row] = &[
    parse("list of 1M ints", "ints"),
    parse("list of 1M ints of mixed sizes", "mixed_ints"),
    parse("list of 1M short strings", "strings"),
    parse("dict of 1M str to float", "floats_by_name"),
    parse("200k nested dicts", "nested"),
    arrays("100k arrays of 8 f64, protocol 2", "arrays_p2"),
    arrays("100k arrays of 8 f64, protocol 4", "arrays_p4"),
    arrays("100k arrays of 8 f64, protocol 5", "arrays_p5"),
    read("list of 1M ints, read", "ints"),
    read("list of 1M short strings, read", "strings"),
    read("dict of 1M str to float, read", "floats_by_name"),
    read("200k nested dicts, read", "nested"),
    large("view", "large_p5", "loads", ours::view, None),
    large(
        "read_into, warm memory",
        "large_p5",
        "loads",
        ours::read_into,
        Some(peers::copy_warm),
    ),
    large(
        "to_array, fresh memory",
        "large_p5",
        "loads",
        ours::to_array,
        Some(peers::copy_fresh),
    ),
    large(
        "to_array, fresh memory, protocol 2",
        "large_p2",
        "loads",
        ours::to_array,
        Some(peers::copy_fresh),
    ),
    large(
        "file, read_into, warm memory",
        "large_p5",
        "load",
        ours::read_into_from_file,
        Some(peers::file_warm),
    ),
    large(
        "file, to_array, fresh memory",
        "large_p5",
        "load",
        ours::to_array_from_file,
        Some(peers::file_fresh),
    ),
    write("list of 1M ints, written", "ints"),
    write("list of 1M short strings, written", "strings"),
    write("dict of 1M str to float, written", "floats_by_name"),
    write("200k nested dicts, written", "nested"),
    write("100k arrays of 8 f64, protocol 4, written", "arrays_p4"),
];
