//! Pickles of NumPy's objects put together by hand, as no Python writes them.

pub(super) fn int(value: i128) -> Vec<u8> {
    format!("I{value}\n").into()
}

pub(super) fn text(value: &str) -> Vec<u8> {
    format!("V{value}\n").into()
}

pub(super) fn bytes(value: &[u8]) -> Vec<u8> {
    let len = u32::try_from(value.len()).expect("short");
    [b"B", &len.to_le_bytes()[..], value].concat()
}

pub(super) fn none() -> Vec<u8> {
    b"N".to_vec()
}

pub(super) fn tuple(parts: &[Vec<u8>]) -> Vec<u8> {
    [b"(", &parts.concat()[..], b"t"].concat()
}

pub(super) fn list(parts: &[Vec<u8>]) -> Vec<u8> {
    [b"(", &parts.concat()[..], b"l"].concat()
}

/// A dict of keys and values, one after the other.
pub(super) fn dict(parts: &[Vec<u8>]) -> Vec<u8> {
    [b"(", &parts.concat()[..], b"d"].concat()
}

pub(super) fn put(number: usize) -> Vec<u8> {
    format!("p{number}\n").into()
}

pub(super) fn get(number: usize) -> Vec<u8> {
    format!("g{number}\n").into()
}

pub(super) fn call(name: &str, args: &[Vec<u8>]) -> Vec<u8> {
    let (module, name) = name.rsplit_once('.').expect("a dot");
    [
        format!("c{module}\n{name}\n").as_bytes(),
        &tuple(args),
        b"R",
    ]
    .concat()
}

/// An object that is given a state.
pub(super) fn build(object: &[u8], state: &[Vec<u8>]) -> Vec<u8> {
    [object, &tuple(state), b"b"].concat()
}

/// A dtype before its state.
pub(super) fn bare(spec: &str) -> Vec<u8> {
    call("numpy.dtype", &[text(spec), int(0), int(1)])
}

pub(super) fn plain(spec: &str, order: &str) -> Vec<u8> {
    // NumPy has a size for those that come in any.
    let itemsize = spec
        .strip_prefix('V')
        .map_or(-1, |size| size.parse().expect("a size"));
    let rest = [none(), none(), none(), int(itemsize), int(-1), int(0)];
    build(&bare(spec), &[&[int(3), text(order)], &rest[..]].concat())
}

/// The state of a dtype with fields: names, dtypes, offsets.
pub(super) fn fields(parts: &[(&str, Vec<u8>, i128)], itemsize: i128) -> Vec<Vec<u8>> {
    let names: Vec<Vec<u8>> = parts.iter().map(|(name, ..)| text(name)).collect();
    let entry = |(name, dtype, offset): &(&str, Vec<u8>, i128)| {
        [text(name), tuple(&[dtype.clone(), int(*offset)])].concat()
    };
    let entries: Vec<Vec<u8>> = parts.iter().map(entry).collect();
    structure(tuple(&names), dict(&entries), itemsize)
}

pub(super) fn structure(names: Vec<u8>, fields: Vec<u8>, itemsize: i128) -> Vec<Vec<u8>> {
    let sizes = [int(itemsize), int(1), int(0)];
    [&[int(3), text("|"), none(), names, fields], &sizes[..]].concat()
}

/// A dtype of so many fields in one byte, of which one may be missing.
pub(super) fn many_fields(count: usize, missing: Option<usize>) -> Vec<u8> {
    let names: Vec<String> = (0..count).map(|n| format!("f{n}")).collect();
    let entry = |name: &String| [text(name), get(8)].concat();
    let entries = names
        .iter()
        .enumerate()
        .filter(|(n, _)| missing != Some(*n));
    let entries: Vec<Vec<u8>> = entries.map(|(_, name)| entry(name)).collect();
    let names: Vec<Vec<u8>> = names.iter().map(|name| text(name)).collect();
    let shared = [tuple(&[plain("i1", "|"), int(0)]), put(8), b"0".to_vec()].concat();
    [
        shared,
        build(&bare("V1"), &structure(tuple(&names), dict(&entries), 1)),
    ]
    .concat()
}

/// The state of a subarray.
pub(super) fn subarray(base: Vec<u8>, shape: &[i128], itemsize: i128) -> Vec<Vec<u8>> {
    let shape: Vec<Vec<u8>> = shape.iter().map(|len| int(*len)).collect();
    let subarray = tuple(&[base, tuple(&shape)]);
    let sizes = [int(itemsize), int(1), int(0)];
    [&[int(3), text("|"), subarray, none(), none()], &sizes[..]].concat()
}

fn reconstruct(class: &str) -> Vec<u8> {
    let (module, name) = class.rsplit_once('.').expect("a dot");
    let class = format!("c{module}\n{name}\n").into_bytes();
    call(
        "numpy.core.multiarray._reconstruct",
        &[class, tuple(&[int(0)]), bytes(b"b")],
    )
}

/// An array in C order.
pub(super) fn array(shape: &[i128], dtype: Vec<u8>, data: Vec<u8>) -> Vec<u8> {
    let shape: Vec<Vec<u8>> = shape.iter().map(|len| int(*len)).collect();
    let state = [int(1), tuple(&shape), dtype, int(0), data];
    build(&reconstruct("numpy.ndarray"), &state)
}

/// A masked array before its state.
pub(super) fn bare_masked() -> Vec<u8> {
    let classes = b"cnumpy.ma.core\nMaskedArray\ncnumpy\nndarray\n".to_vec();
    let args = [classes, tuple(&[int(0)]), bytes(b"b")];
    call("numpy.ma.core._mareconstruct", &args)
}

/// The state of a masked array.
pub(super) fn mask_state(
    len: i128,
    dtype: Vec<u8>,
    data: &[u8],
    mask: &[u8],
    fill: Vec<u8>,
) -> Vec<Vec<u8>> {
    vec![
        int(1),
        tuple(&[int(len)]),
        dtype,
        int(0),
        bytes(data),
        bytes(mask),
        fill,
    ]
}

pub(super) fn stop(object: Vec<u8>) -> Vec<u8> {
    [object, b".".to_vec()].concat()
}
