//! Random states: what NumPy says of them, live and in the corpus, and what is none.

mod hostile;
mod raw;

use std::path::Path;

use ndpickle::num_bigint::BigInt;
use ndpickle::numpy::random::{BitGenerator, BitState, Entropy, Random, RandomKind, Seed};
use ndpickle::{Builder, Flavour, Id, Kind, Node, Pickle, Version, write};
use serde_json::{Value, json};

use super::corpus::at;
use super::hex::{hex, unhex};
use super::live;
use super::manifest::manifest;

/// An int as a decimal text.
fn int(value: impl ToString) -> Value {
    Value::String(value.to_string())
}

fn ints<T: ToString>(values: &[T]) -> Value {
    values.iter().map(ToString::to_string).collect()
}

fn float(value: f64) -> Value {
    json!({ "float": format!("{:016x}", value.to_bits()) })
}

/// A state as NumPy's attribute `state` has it.
fn state(state: &BitState) -> Value {
    let name = state.name();
    let mut told = match state {
        BitState::Mt19937 { key, pos } => json!({
            "bit_generator": name, "state": { "key": ints(&key[..]), "pos": int(pos) },
        }),
        BitState::Pcg64 { state, inc, .. } | BitState::Pcg64Dxsm { state, inc, .. } => json!({
            "bit_generator": name, "state": { "state": int(state), "inc": int(inc) },
        }),
        BitState::Philox {
            counter,
            key,
            buffer,
            buffer_pos,
            ..
        } => json!({
            "bit_generator": name, "state": { "counter": ints(counter), "key": ints(key) },
            "buffer": ints(buffer), "buffer_pos": int(buffer_pos),
        }),
        BitState::Sfc64 { state, .. } => json!({
            "bit_generator": name, "state": { "state": ints(state) },
        }),
        BitState::Other { name, .. } => panic!("{name} is none of NumPy's"),
    };
    if let Some((has_uint32, uinteger)) = state.half() {
        told["has_uint32"] = int(u8::from(has_uint32));
        told["uinteger"] = int(uinteger);
    }
    told
}

fn seed_seq(seed: &Seed) -> Value {
    match seed {
        Seed::Sequence(sequence) => json!({
            "entropy": match &sequence.entropy {
                Entropy::Int(entropy) => int(entropy),
                Entropy::Ints(entropy) => ints::<BigInt>(entropy),
                other => panic!("{other:?}"),
            },
            "spawn_key": ints(&sequence.spawn_key),
            "pool_size": int(sequence.pool_size),
            "n_children_spawned": int(sequence.n_children_spawned),
            "pool": ints(&sequence.pool),
        }),
        Seed::Seedless => json!("seedless"),
        Seed::Other(id) => panic!("{id:?} is no seed sequence of NumPy"),
    }
}

/// The bit generator that the numbers come from.
fn bits(random: &Random) -> Option<&BitGenerator> {
    match random {
        Random::RandomState(state) => Some(&state.bit_generator),
        Random::Generator(generator) => Some(&generator.bit_generator),
        Random::BitGenerator(generator) => Some(generator),
        Random::SeedSequence(_) | Random::Seedless => None,
    }
}

/// Class, state and seed sequence, as NumPy tells them.
fn told(random: &Random) -> Value {
    let bits = bits(random);
    let mut state = bits.map_or(Value::Null, |bits| state(&bits.state));
    let class = match random {
        Random::RandomState(random) => {
            state["has_gauss"] = int(u8::from(random.has_gauss));
            state["gauss"] = float(random.gauss);
            RandomKind::RandomState.name()
        }
        Random::Generator(_) => RandomKind::Generator.name(),
        Random::BitGenerator(generator) => generator.state.name(),
        Random::SeedSequence(_) => RandomKind::SeedSequence.name(),
        Random::Seedless => RandomKind::Seedless.name(),
    };
    let seed = match random {
        Random::SeedSequence(sequence) => Some(Seed::Sequence(sequence.clone())),
        Random::Seedless => Some(Seed::Seedless),
        _ => bits.and_then(|bits| bits.seed_seq.clone()),
    };
    json!({ "class": class, "state": state, "seed_seq": seed.as_ref().map(seed_seq) })
}

/// The kind that a test of the kind alone must find.
fn kind(random: &Random) -> RandomKind {
    match random {
        Random::RandomState(_) => RandomKind::RandomState,
        Random::Generator(_) => RandomKind::Generator,
        Random::BitGenerator(_) => RandomKind::BitGenerator,
        Random::SeedSequence(_) => RandomKind::SeedSequence,
        Random::Seedless => RandomKind::Seedless,
    }
}

/// What a pickle's root is, against what is told of it.
#[track_caller]
fn check(told_of: &Value) {
    let name = &told_of["name"];
    let bytes = unhex(told_of["pickle"].as_str().expect("hex"));
    let pickle = Pickle::parse(&bytes).expect("a pickle");
    let random = pickle.root().random();
    let random = random.unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(pickle.root().random_kind(), Some(kind(&random)), "{name}");
    let found = told(&random);
    for key in ["class", "state", "seed_seq"] {
        assert_eq!(found[key], told_of[key], "{name}");
    }
    match (bits(&random), told_of["raw"].as_array()) {
        (Some(bits), Some(expected)) => {
            let next = raw::raw(&bits.state, expected.len());
            assert_eq!(ints(&next), told_of["raw"], "{name}");
        }
        (bits, raw) => assert!(bits.is_none() && raw.is_none(), "{name}"),
    }
}

/// What is written for a state is what NumPy pickled.
#[track_caller]
fn check_made(random: &Random, flavour: Flavour, pickled: &[u8], name: &str) {
    let mut builder = Builder::new(flavour);
    let root = builder.random(random).expect(name);
    let made = builder.finish(root).expect(name);
    let bytes = write::Options::new().to_vec(&made).expect(name);
    assert!(
        bytes == pickled,
        "{name}\n{}\n{}",
        bytes.escape_ascii(),
        pickled.escape_ascii()
    );
}

#[test]
fn states_are_those_of_numpy() {
    let Some(python) = live::python() else { return };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/live/random_states.py");
    let lines = live::run(&python, &[script.to_str().expect("a text")]);
    let (mut classes, mut made) = (Vec::new(), 0);
    for line in lines.lines() {
        let told: Value = serde_json::from_str(line).expect("JSON");
        check(&told);
        let name = told["name"].as_str().expect("a name");
        // States alone are tuples and dicts; entropy may also be a tuple, an array or a scalar.
        if told["is_c"] == true && told["is_plain"] == true && !name.contains("its ") {
            let version = |key: &str| told[key].as_str().expect("a version").parse();
            let mut protocol = name
                .split(&[' ', ','][..])
                .filter_map(|word| word.parse().ok());
            let flavour = Flavour::new(
                protocol.next_back().expect("a protocol"),
                version("python").expect("a version"),
                version("numpy").expect("a version"),
            );
            let bytes = unhex(told["pickle"].as_str().expect("hex"));
            let random = Pickle::parse(&bytes).expect(name);
            let random = random.root().random().expect(name);
            check_made(&random, flavour.expect("they are together"), &bytes, name);
            made += 1;
        }
        classes.push(told["class"].as_str().expect("a name").to_owned());
    }
    let count = classes.len();
    classes.sort_unstable();
    classes.dedup();
    assert!(count > 3000 && classes.len() == 9, "{count} {classes:?}");
    assert!(made > 500, "{made}");
}

#[test]
fn the_corpus_has_states() {
    let (mut states, mut classes) = (0, std::collections::BTreeSet::new());
    for entry in &manifest().entries {
        let (name, expected) = (entry.name(), manifest().random(entry));
        if expected.is_empty() {
            continue;
        }
        let documents = entry.documents().expect(name);
        for expected in expected {
            let path = expected["path"].as_str().expect("a path");
            let node = at(documents[0].root(), path).unwrap_or_else(|| panic!("{name}: no {path}"));
            let random = node
                .random()
                .unwrap_or_else(|error| panic!("{name} {path}: {error}"));
            assert_eq!(node.random_kind(), Some(kind(&random)));
            let found = told(&random);
            for key in ["class", "seed_seq"] {
                assert_eq!(found[key], expected[key], "{name} {path}");
            }
            let mut state = expected["state"].clone();
            // Bits, which `told` has under a key.
            if let Some(gauss) = state.get_mut("gauss") {
                *gauss = json!({ "float": gauss.take() });
            }
            assert_eq!(found["state"], state, "{name} {path}");
            classes.extend(expected["class"].as_str());
            states += 1;
        }
    }
    assert!(
        states > 150 && classes.len() >= 8,
        "{states} states of {classes:?}"
    );
}

/// A state of the newest NumPy, as the C pickler wrote it, and the numbers that come next.
struct State {
    name: String,
    pickle: Vec<u8>,
    random: Random,
    told: Value,
}

/// Those that have numbers to come.
fn states(newest: &Path) -> Vec<State> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/live/random_states.py");
    let lines = live::run(newest, &[script.to_str().expect("a text")]);
    let mut states = Vec::new();
    for line in lines.lines() {
        let told: Value = serde_json::from_str(line).expect("JSON");
        let name = told["name"].as_str().expect("a name").to_owned();
        if told["raw"].is_null() || told["is_c"] != true || name.contains("its ") {
            continue;
        }
        let pickle = unhex(told["pickle"].as_str().expect("hex"));
        let random = (Pickle::parse(&pickle).expect(&name).root().random()).expect(&name);
        states.push(State {
            name,
            pickle,
            random,
            told,
        });
    }
    states
}

impl State {
    /// The same state in a pickle that is to be loaded.
    fn case(&self, pickle: &[u8]) -> String {
        json!({ "name": self.name, "pickle": hex(pickle), "raw": self.told["raw"] }).to_string()
    }
}

/// Whether this Python goes on with the same numbers.
fn goes_on(python: &Path, cases: &[&str]) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/live/random_load.py");
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), cases.join("\n")).expect("room");
    let paths = [&script, file.path()].map(|path| path.to_str().expect("a text"));
    let told = live::run(python, &paths);
    assert_eq!(told.trim(), cases.len().to_string(), "{}", python.display());
    assert!(cases.len() > 20, "{}", cases.len());
}

fn numpy(python: &Path) -> Version {
    let version = live::run(python, &["-c", "import numpy; print(numpy.__version__)"]);
    version.trim().parse().expect("a version")
}

/// What is made for every NumPy goes on with the same numbers in those that load it.
#[test]
fn states_for_every_numpy_load() {
    let (Some(newest), Some(pythons)) = (live::python(), live::pythons()) else {
        return;
    };
    let mut cases = Vec::new();
    for state in states(&newest) {
        // Before NumPy 2 there is no place for a seed sequence.
        let has_seed = bits(&state.random).is_some_and(|bits| bits.seed_seq.is_some());
        if has_seed && !matches!(state.told["is_plain"], Value::Bool(true)) {
            continue;
        }
        let flavour = Flavour::compat(4, Version::NEWEST).expect("a protocol");
        let mut builder = Builder::new(flavour);
        let root = builder.random(&state.random).expect(&state.name);
        let made = builder.finish(root).expect(&state.name);
        let written = write::Options::new().to_vec(&made).expect(&state.name);
        cases.push((has_seed, state.case(&written)));
    }
    for python in pythons {
        let is_2 = numpy(&python) >= Version::new(2, 0, 0);
        let cases = cases.iter().filter(|(has_seed, _)| is_2 || !has_seed);
        goes_on(
            &python,
            &cases.map(|(_, case)| &case[..]).collect::<Vec<_>>(),
        );
    }
}

/// What NumPy 2 pickled and was rewritten for another NumPy goes on with the same numbers there.
#[test]
fn rewritten_states_go_on() {
    let (Some(newest), Some(pythons)) = (live::python(), live::pythons()) else {
        return;
    };
    let states = states(&newest);
    for python in pythons {
        let numpy = numpy(&python);
        let mut cases = Vec::new();
        for state in &states {
            let is_known = match (&state.random, bits(&state.random).map(|bits| &bits.state)) {
                (Random::RandomState(_), Some(BitState::Mt19937 { .. })) => true,
                (_, Some(BitState::Pcg64Dxsm { .. })) => numpy >= Version::new(1, 21, 0),
                _ => numpy >= Version::new(1, 17, 0),
            };
            if is_known {
                let pickle = Pickle::parse(&state.pickle).expect(&state.name);
                let options = write::Options::new().protocol(4).numpy(numpy);
                cases.push(state.case(&options.to_vec(&pickle).expect(&state.name)));
            }
        }
        goes_on(
            &python,
            &cases.iter().map(|case| &case[..]).collect::<Vec<_>>(),
        );
    }
}

/// Makes what a document is made of: containers and atoms around random states.
fn remake<'a>(node: Node<'_, 'a>, builder: &mut Builder<'a>) -> Option<Id> {
    if node.kind() == Kind::Object {
        let random = node.random().ok()?;
        return builder.random(&random).ok();
    }
    Some(match node.kind() {
        Kind::Dict => {
            let mut pairs = Vec::new();
            for (key, value) in node.pairs() {
                pairs.push((builder.str(key.as_str()?).ok()?, remake(value, builder)?));
            }
            builder.dict(&pairs).ok()?
        }
        Kind::List | Kind::Tuple => {
            let items: Option<Vec<Id>> = node.items().map(|item| remake(item, builder)).collect();
            match node.kind() {
                Kind::List => builder.list(&items?).ok()?,
                _ => builder.tuple(&items?).ok()?,
            }
        }
        Kind::Int => builder.int(node.as_i64()?).ok()?,
        Kind::Str => builder.str(node.as_str()?).ok()?,
        _ => return None,
    })
}

/// The spellings of all NumPy versions.
#[test]
fn states_are_made_as_in_the_corpus() {
    let (mut same, mut failed) = (0, Vec::new());
    for ((_, case), pickles) in super::respell::cases() {
        // A state that is shared is made twice here, and what ints were in is not told by a state.
        if !case.starts_with("random_") || case.ends_with("_shared") || case == "random_seeds" {
            continue;
        }
        for made in pickles {
            let read = Pickle::parse(made.bytes).expect(case);
            let mut builder = Builder::new(made.flavour);
            // Others hold more than states.
            let Some(root) = remake(read.root(), &mut builder) else {
                continue;
            };
            let document = builder.finish(root).expect(case);
            let bytes = write::Options::new().to_vec(&document).expect(case);
            match bytes == made.bytes {
                true => same += 1,
                false => failed.push(made.cell),
            }
        }
    }
    assert!(failed.is_empty() && same > 100, "{same} {failed:#?}");
}

#[cfg(feature = "cli")]
mod shown {
    use std::process::Command;

    /// The lines of the command's `show` for a file.
    fn show(path: &str) -> Vec<String> {
        let command = Command::new(env!("CARGO_BIN_EXE_ndpickle"))
            .args(["show", path])
            .env("NO_COLOR", "1")
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output();
        let output = command.expect("the command runs");
        assert!(output.status.success(), "{path}: {output:?}");
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn states_are_lines() {
        // `hex(…)` of `np.random.PCG64(42).state['state']`.
        let generator = "Generator  PCG64  state 0xcea44f6798798f2aacbc7c9d68860ac8  inc 0xfa505436c9a8416e66caf2e28d25abff";
        for cell in ["py36-np1.19.5", "py38-np1.24.4", "py311-np2.0.2"] {
            let lines = show(&format!("corpus/files/{cell}/random_generator.p4.pkl"));
            let has = |end: &str| lines.iter().any(|line| line.ends_with(end));
            assert!(has(generator), "{cell}: {lines:?}");
            assert!(has("Philox  buffer_pos 4"), "{cell}: {lines:?}");
            assert_eq!(has("SeedSequence  entropy 42"), cell.ends_with("2.0.2"));
            let lines = show(&format!("corpus/files/{cell}/random_state.p4.pkl"));
            let line = lines.iter().find(|line| line.contains("['rng']"));
            let line = line.unwrap_or_else(|| panic!("{cell}: {lines:?}"));
            assert!(line.ends_with("RandomState  MT19937  pos 624"), "{line}");
        }
    }

    /// NumPy 1.24 and later would call it.
    #[test]
    fn what_numpy_would_call_is_shown() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("call.pkl");
        for (pickle, shown) in [
            (
                "cnumpy.random._pickle\n__generator_ctor\n(S'ls'\ncos\nsystem\ntR.",
                "__generator_ctor('ls', os.system)",
            ),
            (
                "cnumpy.random._pickle\n__randomstate_ctor\n(S'PCG64'\n(cos\nsystem\nttR.",
                "'PCG64', (os.system,))",
            ),
            (
                "cnumpy.random._pickle\n__bit_generator_ctor\n(S'PCG64'\ntR.",
                "damaged: a bit generator without a state (offset ",
            ),
        ] {
            std::fs::write(&path, pickle).expect("room");
            let lines = show(path.to_str().expect("a text"));
            assert!(lines.iter().any(|line| line.contains(shown)), "{lines:?}");
        }
    }
}
