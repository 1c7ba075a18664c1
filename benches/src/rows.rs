//! The list of what is measured.

use crate::data::Input;
use crate::measure::Sample;
use crate::{made, ours, peers, typed};

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
    Made,
    LargeWrite,
    Typed,
    LargeTyped,
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
    pub const ALL: [Group; 8] = [
        Group::Parse,
        Group::Read,
        Group::Large,
        Group::Write,
        Group::Made,
        Group::LargeWrite,
        Group::Typed,
        Group::LargeTyped,
    ];

    pub fn title(self) -> &'static str {
        match self {
            Group::Parse => "Small objects: bytes to a graph, to owned arrays",
            Group::Read => "Small objects: bytes to a graph, every leaf of which is read",
            Group::Large => "One array of 128 MiB float32",
            Group::Write => "Small objects: graph to bytes",
            Group::Made => "Small objects: data of Rust to bytes",
            Group::LargeWrite => "One array of 128 MiB float32, written",
            Group::Typed => "Typed values: `from_slice` and `to_vec`",
            Group::LargeTyped => "A field of 128 MiB float32 `with = \"ndpickle::array\"`",
        }
    }

    pub fn peer(self) -> &'static str {
        match self {
            _ if self.is_large() => "plain copy",
            _ => "serde-pickle",
        }
    }

    /// Whether a plain copy is what we are compared with.
    pub fn is_large(self) -> bool {
        matches!(self, Group::Large | Group::LargeWrite | Group::LargeTyped)
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

const fn made(name: &'static str, file: &'static str, ours: Contender) -> Row {
    row(Group::Made, name, file, "dumps", ours, None)
}

const fn typed(
    name: &'static str,
    file: &'static str,
    python: &'static str,
    ours: Contender,
    peer: Contender,
) -> Row {
    row(Group::Typed, name, file, python, ours, Some(peer))
}

const fn large_typed(
    name: &'static str,
    python: &'static str,
    ours: Contender,
    peer: Contender,
) -> Row {
    row(
        Group::LargeTyped,
        name,
        "large_p4",
        python,
        ours,
        Some(peer),
    )
}

const fn large_write(
    name: &'static str,
    file: &'static str,
    python: &'static str,
    ours: Contender,
    peer: Contender,
) -> Row {
    row(Group::LargeWrite, name, file, python, ours, Some(peer))
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
    write("dict of 1M str to float, protocol 2, written", "floats_p2"),
    write("dict of 1M str to float, protocol 5, written", "floats_p5"),
    write("200k nested dicts, protocol 2, written", "nested_p2"),
    write("200k nested dicts, protocol 5, written", "nested_p5"),
    write("100k arrays of 8 f64, protocol 2, written", "arrays_p2"),
    write("100k arrays of 8 f64, protocol 4, written", "arrays_p4"),
    write("100k arrays of 8 f64, protocol 5, written", "arrays_p5"),
    made(
        "100k arrays of 8 f64, protocol 2, made",
        "arrays_p2",
        made::small_arrays,
    ),
    made(
        "100k arrays of 8 f64, protocol 4, made",
        "arrays_p4",
        made::small_arrays,
    ),
    made(
        "100k arrays of 8 f64, protocol 5, made",
        "arrays_p5",
        made::small_arrays,
    ),
    made(
        "dict of 1M str to float, protocol 2, made",
        "floats_p2",
        made::floats_by_name,
    ),
    made(
        "dict of 1M str to float, protocol 4, made",
        "floats_by_name",
        made::floats_by_name,
    ),
    made(
        "dict of 1M str to float, protocol 5, made",
        "floats_p5",
        made::floats_by_name,
    ),
    made(
        "200k nested dicts, protocol 2, made",
        "nested_p2",
        made::nested,
    ),
    made(
        "200k nested dicts, protocol 4, made",
        "nested",
        made::nested,
    ),
    made(
        "200k nested dicts, protocol 5, made",
        "nested_p5",
        made::nested,
    ),
    large_write(
        "to a Vec, protocol 2",
        "large_p2",
        "dumps",
        made::large,
        peers::copy_fresh,
    ),
    large_write(
        "to a Vec, protocol 4",
        "large_p4",
        "dumps",
        made::large,
        peers::copy_fresh,
    ),
    large_write(
        "to a Vec, protocol 5",
        "large_p5",
        "dumps",
        made::large,
        peers::copy_fresh,
    ),
    large_write(
        "to a file, protocol 2",
        "large_p2",
        "dump",
        made::large_to_file,
        peers::file_written,
    ),
    large_write(
        "to a file, protocol 4",
        "large_p4",
        "dump",
        made::large_to_file,
        peers::file_written,
    ),
    large_write(
        "to a file, protocol 5",
        "large_p5",
        "dump",
        made::large_to_file,
        peers::file_written,
    ),
    typed(
        "Vec<i64> of 1M, typed",
        "ints",
        "loads",
        typed::read::<typed::Ints>,
        typed::peer_read::<typed::Ints>,
    ),
    typed(
        "HashMap<String, f64> of 1M, typed",
        "floats_by_name",
        "loads",
        typed::read::<typed::Floats>,
        typed::peer_read::<typed::Floats>,
    ),
    row(
        Group::Typed,
        "the same map filled by serde from memory, typed",
        "floats_by_name",
        "loads",
        typed::filled,
        None,
    ),
    row(
        Group::Typed,
        "the same, but room for all from the start and no serde, typed",
        "floats_by_name",
        "loads",
        typed::filled_at_once,
        None,
    ),
    row(
        Group::Typed,
        "HashMap<String, f64> of 1M with entries, typed",
        "floats_by_name",
        "loads",
        typed::read_map,
        None,
    ),
    row(
        Group::Typed,
        "Vec<(String, f64)> of 1M with entries, typed",
        "floats_by_name",
        "loads",
        typed::read_entries,
        None,
    ),
    typed(
        "Vec of 200k nested structs, typed",
        "nested",
        "loads",
        typed::read::<typed::Nested>,
        typed::peer_read::<typed::Nested>,
    ),
    typed(
        "Vec<i64> of 1M, typed, written",
        "ints",
        "dumps",
        typed::written::<typed::Ints>,
        typed::peer_written::<typed::Ints>,
    ),
    typed(
        "HashMap<String, f64> of 1M, typed, written",
        "floats_by_name",
        "dumps",
        typed::written::<typed::Floats>,
        typed::peer_written::<typed::Floats>,
    ),
    typed(
        "Vec of 200k nested structs, typed, written",
        "nested",
        "dumps",
        typed::written::<typed::Nested>,
        typed::peer_written::<typed::Nested>,
    ),
    large_typed(
        "typed field from a slice",
        "loads",
        typed::large_read,
        peers::copy_fresh,
    ),
    large_typed(
        "typed field to a Vec",
        "dumps",
        typed::large_written,
        peers::copy_fresh,
    ),
    large_typed(
        "typed field to a file",
        "dump",
        typed::large_to_file,
        peers::file_written,
    ),
];
