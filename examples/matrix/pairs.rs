//! Every pickle of a case rewritten to every version and protocol, against what that version wrote.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::Path;

use ndpickle::{Flavour, Pickle, Version, write};
use serde_json::Value;

/// A pickle of a case, and who wrote it.
struct Made {
    sha: String,
    cell: String,
    flavour: Flavour,
}

/// Rewrites all pickles of all cases and gives how many were not what they should be, by case.
pub(crate) fn run(
    folder: &Path,
    manifests: &[Value],
    only: Option<&str>,
) -> Result<bool, Box<dyn std::error::Error>> {
    let mut cases: BTreeMap<&str, Vec<Made>> = BTreeMap::new();
    for manifest in manifests {
        let text = |key: &str| manifest[key].as_str().unwrap_or_default();
        let (python, numpy): (Version, Version) = (text("python").parse()?, text("numpy").parse()?);
        for (case, entry) in manifest["cases"].as_object().into_iter().flatten() {
            if only.is_some_and(|only| !case.contains(only)) {
                continue;
            }
            for (way, made) in entry["pickles"].as_object().into_iter().flatten() {
                let protocol = way
                    .strip_prefix("c.p")
                    .and_then(|protocol| protocol.parse().ok());
                let (Some(protocol), Some(sha)) = (protocol, made["blob"].as_str()) else {
                    continue;
                };
                let Ok(flavour) = Flavour::new(protocol, python, numpy) else {
                    return Err(format!("{} has no flavour", text("cell")).into());
                };
                let made = Made {
                    sha: sha.to_owned(),
                    cell: format!("{} p{protocol}", text("cell")),
                    flavour,
                };
                cases.entry(case).or_default().push(made);
            }
        }
    }
    let (mut same, mut explained, mut different) = (0, 0, 0);
    let mut exceptions: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (case, made) in &cases {
        let mut blobs: HashMap<&str, Vec<u8>> = HashMap::new();
        for made in made {
            if !blobs.contains_key(made.sha.as_str()) {
                let file = folder.join("blobs").join(format!("{}.pkl", made.sha));
                blobs.insert(&made.sha, fs::read(file)?);
            }
        }
        let distinct = || {
            let mut seen = std::collections::HashSet::new();
            made.iter()
                .filter(move |made| seen.insert((&made.sha, made.flavour)))
        };
        let mut sources = std::collections::HashSet::new();
        for source in made.iter().filter(|made| sources.insert(&made.sha)) {
            let pickle = Pickle::parse(&blobs[source.sha.as_str()])?;
            for target in distinct() {
                let written = options(case, target.flavour).to_vec(&pickle);
                let what = match written {
                    Ok(written) if written == blobs[target.sha.as_str()] => {
                        same += 1;
                        continue;
                    }
                    Ok(_) => "differs".to_owned(),
                    Err(error) => error.kind().to_string(),
                };
                let reason = reason(case, source, target);
                match reason {
                    Some(_) => explained += 1,
                    None => different += 1,
                }
                let reason = reason.unwrap_or("NO REASON");
                let places = exceptions
                    .entry(format!("{case}: {reason}: {what}"))
                    .or_default();
                places.push(format!(
                    "{} {} -> {} {}",
                    source.cell, source.sha, target.cell, target.sha
                ));
            }
        }
    }
    for (what, places) in &exceptions {
        println!(
            "{what} ({} times, such as {} and {})",
            places.len(),
            places[0],
            places[places.len() / 2]
        );
    }
    println!(
        "{same} rewritten as their versions wrote them; {explained} exceptions with a reason, {different} without"
    );
    Ok(different == 0)
}

/// The literals of Python 2 are texts, but for those that the case calls bytes.
fn options(case: &str, flavour: Flavour) -> write::Options {
    let py2_str = match case.contains("bytes") {
        true => write::Py2Str::Bytes,
        false => write::Py2Str::Latin1,
    };
    let options = write::Options::new().protocol(flavour.protocol());
    options
        .numpy(flavour.numpy)
        .python(flavour.python)
        .py2_str(py2_str)
}

/// Why a pickle cannot be rewritten to what another version wrote of the same case.
fn reason(case: &str, source: &Made, target: &Made) -> Option<&'static str> {
    let from_py2 = source.flavour.python.major == 2;
    let is_for_py2 = target.flavour.python.major == 2;
    let into_py2 = !from_py2 && is_for_py2;
    let any_numpy =
        |before: Version| source.flavour.numpy < before || target.flavour.numpy < before;
    let is_newer = source.flavour.numpy < Version::new(2, 0, 0)
        && target.flavour.numpy >= Version::new(2, 0, 0);
    let is = |cases: &[&str]| cases.contains(&case);
    let starts = |starts: &[&str]| starts.iter().any(|start| case.starts_with(start));
    let has_seed = starts(&["obj.Generator"])
        || is(&[
            "obj.default_rng",
            "obj.PCG64",
            "obj.PCG64DXSM",
            "obj.MT19937",
            "obj.Philox",
            "obj.SFC64",
        ]);
    let has_odd_letters = matches!(
        (target.flavour.python.minor, target.flavour.python.patch),
        (11, _) | (12, 1)
    );
    Some(match case {
        _ if is(&[
            "dt.g",
            "dt.G_up",
            "dt.be_g",
            "dt.be_G_up",
            "sc.longdouble",
            "sc.clongdouble",
        ]) =>
        {
            "the padding of long doubles is what was in memory"
        }
        _ if has_odd_letters
            && (starts(&["dt.struct", "dt.rec", "obj.ma_"])
                || is(&[
                    "memo.dict_key_b",
                    "memo.dict_key_C",
                    "memo.dict_nested",
                    "memo.list_b_after",
                ])) =>
        {
            "literals of one letter are objects of their own in Python 3.11 and 3.12.1"
        }
        _ if any_numpy(Version::new(1, 12, 0))
            && (case.ends_with("_strided")
                || is(&["lay.colF", "lay.empty3dF", "lay.perm4d_1"])) =>
        {
            "NumPy 1.11 and older tell orders apart that are the same"
        }
        _ if target.flavour.protocol() == 5
            && (starts(&["lay."]) || is(&["dt.struct_view", "memo.list_ro_rw"])) =>
        {
            "whether an array was read-only, or not contiguous, only protocol 5 of the same NumPy tells"
        }
        _ if starts(&["ml."]) && any_numpy(Version::new(1, 25, 0)) => {
            "ml_dtypes 0.2 has other flags"
        }
        "dt.struct_multifield" if any_numpy(Version::new(1, 16, 0)) => {
            "NumPy 1.15 and older copy here"
        }
        "obj.RandomState_get_state" if into_py2 => {
            "the name in it is unicode in one and str in the other"
        }
        _ if is_newer && has_seed => "NumPy 1 does not tell the seed sequence",
        _ if (has_seed || starts(&["obj.RandomState"]))
            && source.flavour.protocol() < 4
            && target.flavour.protocol() >= 4 =>
        {
            "below protocol 4 the name of a class is no text, and so not the one in the state"
        }
        _ if is(&[
            "obj.array_func",
            "obj.concatenate",
            "obj.fft",
            "obj.linalg_norm",
            "obj.mean",
        ]) =>
        {
            "the functions are in other modules in other versions"
        }
        "obj.poly1d" | "obj.Polynomial" | "obj.finfo" => {
            "the attributes are others in other versions"
        }
        "dtype.cls_type_of" | "dtype.cls_type_of_S" => {
            "up to NumPy 1.19 all dtypes are of one class"
        }
        "sc.void_struct_obj" if any_numpy(Version::new(1, 20, 0)) => {
            "NumPy 1.19 and older wrote pointers, or a tuple"
        }
        "memo.be_op" | "memo.dict_key_dtype" => {
            "whether a dtype, or the text `dtype`, is one object differs with the version"
        }
        "memo.dict_key_fresh_numpy" | "memo.list_b_after" => {
            "which equal texts are one object is not told in all protocols"
        }
        "py.tuple_in" => "the compiler made one constant of two",
        _ if from_py2
            && is(&[
                "py.floatnan",
                "py.range",
                "py.type_bytes",
                "obj.str_type",
                "dtype.unicode_names",
            ]) =>
        {
            "the value is another one in Python 2"
        }
        "memo.dict_ab" | "memo.dict_nested" if from_py2 => "dicts of Python 2 have no order",
        _ if into_py2
            && (starts(&["memo.dict_", "py.str_", "py.odict", "dt.meta"])
                || is(&["dtype.meta", "dtype.unicode_names", "memo.odict"])) =>
        {
            "texts are str in one and unicode in the other, and dicts of Python 2 have no order"
        }
        _ if is_for_py2
            && is(&[
                "dt.struct_multifield",
                "obj.add",
                "obj.logaddexp",
                "obj.sin",
                "py.datetime",
                "py.frozenset0",
                "py.int2_63m1",
                "py.set0",
            ]) =>
        {
            "what Python 2 puts in its memo depends on who else has it; a long alone is no sign of Python 2"
        }
        _ if into_py2
            && is(&[
                "py.builtin_print_exc",
                "py.bytearray",
                "py.bytearray_2",
                "py.bytearray_empty",
                "py.date",
                "py.floatnan",
                "py.range",
                "py.type_bytes",
                "py.type_int",
                "py.type_str",
                "obj.bytes_type",
                "obj.str_type",
            ]) =>
        {
            "the value is another one in Python 2"
        }
        _ => return None,
    })
}
