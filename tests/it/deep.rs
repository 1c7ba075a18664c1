//! Pickles of many levels.

/// Lists, tuples, dicts and calls in each other.
pub(crate) fn nested(levels: usize) -> [Vec<u8>; 4] {
    let more = levels - 1;
    let lists = [
        b"\x80\x04",
        &b"]".repeat(levels)[..],
        &b"a".repeat(more),
        b".",
    ];
    let tuples = [b"\x80\x04)", &b"\x85".repeat(levels)[..], b"."];
    let dicts = [
        b"\x80\x04",
        &b"}K\x01".repeat(more)[..],
        b"}",
        &b"s".repeat(more),
        b".",
    ];
    let calls = [b"\x80\x04cos\nsystem\n", &b")R".repeat(levels)[..], b"."];
    [
        lists.concat(),
        tuples.concat(),
        dicts.concat(),
        calls.concat(),
    ]
}
