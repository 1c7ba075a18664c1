//! What looks like a random state and is none: an error about the node at fault, or what NumPy takes for it.

use std::time::{Duration, Instant};

use ndpickle::numpy::random::{BitState, Entropy, Random, RandomKind, Seed};
use ndpickle::{Category, Pickle};

use super::super::manifest::manifest;
use super::{bits, kind};

/// Spellings of protocol 0 that stand for nothing a state may have.
const WRONG: [&str; 11] = [
    "N",
    "F1.5\n",
    "S'x'\n",
    "Vx\n",
    "(l",
    "(d",
    "(t",
    "I-1\n",
    "cbuiltins\nint\n",
    "cnumpy\nndarray\n(tR",
    "L340282366920938463463374607431768211456L\n",
];

fn words(count: usize) -> String {
    format!("(l{}", "L5L\na".repeat(count))
}

/// An entry of a state: whether it is of the inner dict, its key and its value.
type Part = (bool, &'static str, String);

/// The entries of a good state.
fn parts(class: &str) -> Vec<Part> {
    let int = |n: u128| format!("L{n}L\n");
    let mut parts = vec![(false, "bit_generator", format!("S'{class}'\n"))];
    parts.extend(match class {
        "MT19937" => vec![(true, "key", words(624)), (true, "pos", "I624\n".into())],
        "Philox" => vec![
            (true, "counter", words(4)),
            (true, "key", words(2)),
            (false, "buffer", words(4)),
            (false, "buffer_pos", "I4\n".into()),
        ],
        "SFC64" => vec![(true, "state", words(4))],
        _ => vec![(true, "state", int(u128::MAX)), (true, "inc", int(7))],
    });
    if class != "MT19937" {
        parts.push((false, "has_uint32", "I1\n".into()));
        parts.push((false, "uinteger", int(u32::MAX.into())));
    }
    parts
}

/// The state in protocol 0.
fn dict(parts: &[Part]) -> String {
    let entries = |inner| {
        let entries = parts.iter().filter(move |part| part.0 == inner);
        entries
            .map(|(_, key, value)| format!("S'{key}'\n{value}s"))
            .collect::<String>()
    };
    let (outer, inner) = (entries(false), entries(true));
    match inner.is_empty() {
        true => format!("(d{outer}"),
        false => format!("(d{outer}S'state'\n(d{inner}s"),
    }
}

fn made(class: &str, state: &str) -> String {
    format!("cnumpy.random._pickle\n__bit_generator_ctor\n(S'{class}'\ntR{state}b")
}

fn random(text: &str) -> ndpickle::Result<Random> {
    let bytes = [text.as_bytes(), b"."].concat();
    let pickle = Pickle::parse(&bytes).expect("a pickle");
    pickle.root().random()
}

#[track_caller]
fn fails(text: &str) -> String {
    let error = random(text).expect_err(text);
    assert_eq!(error.category(), Category::Data, "{text}: {error}");
    assert!(error.offset().is_some(), "{text}: {error}");
    error.to_string()
}

const CLASSES: [&str; 5] = ["MT19937", "PCG64", "PCG64DXSM", "Philox", "SFC64"];

#[test]
fn every_entry_is_looked_at() {
    for class in CLASSES {
        let good = parts(class);
        for state in [made(class, &dict(&good)), dict(&good)] {
            let random = random(&state).expect(class);
            assert_eq!(bits(&random).map(|bits| bits.state.name()), Some(class));
            assert_eq!(kind(&random), RandomKind::BitGenerator);
        }
        for n in 0..good.len() {
            let mut without = good.clone();
            without.remove(n);
            fails(&made(class, &dict(&without)));
            for wrong in WRONG {
                // A C int that is not 0.
                if (good[n].1, wrong) == ("has_uint32", "I-1\n") {
                    continue;
                }
                let mut bad = good.clone();
                bad[n].2 = wrong.to_owned();
                fails(&made(class, &dict(&bad)));
            }
        }
        let outer = good.iter().filter(|part| !part.0).cloned();
        for wrong in WRONG {
            let state = outer.clone().chain([(false, "state", wrong.to_owned())]);
            fails(&made(class, &dict(&state.collect::<Vec<_>>())));
        }
        for wrong in WRONG {
            fails(&made(class, wrong));
        }
        fails(&format!(
            "cnumpy.random._pickle\n__bit_generator_ctor\n(S'{class}'\ntR"
        ));
    }
}

#[test]
fn positions_and_words_are_those_that_numpy_has() {
    let with = |class, key, value: &str| {
        let mut parts = parts(class);
        let part = parts.iter_mut().find(|part| part.1 == key);
        part.expect("an entry").2 = value.to_owned();
        made(class, &dict(&parts))
    };
    assert!(random(&with("MT19937", "pos", "I0\n")).is_ok());
    let error = fails(&with("MT19937", "pos", "I625\n"));
    assert!(error.starts_with("a position in a random state must be an int of 0 to 624 (offset"));
    fails(&with("MT19937", "key", &words(623)));
    fails(&with("MT19937", "key", &words(625)));
    let error = fails(&with(
        "MT19937",
        "key",
        &words(624).replacen("L5L", "L4294967296L", 1),
    ));
    assert!(error.starts_with("`key` of a random state must be 624 ints of 32 bits (offset"));
    fails(&with("Philox", "buffer_pos", "I5\n"));
    fails(&with("Philox", "counter", &words(5)));
    fails(&with("PCG64", "uinteger", "L4294967296L\n"));
    // Another class than the constructor's.
    fails(&made("PCG64", &dict(&parts("PCG64DXSM"))));
    fails(&made("MT19937", &dict(&parts("PCG64"))));
}

#[test]
fn tuples_of_old_are_looked_at() {
    let tuple = |rest: &str| format!("(S'MT19937'\n{}{rest}t", words(624));
    let made = |state: &str| format!("cnumpy.random\n__RandomState_ctor\n(tR{state}b");
    for state in [tuple("I3\n"), tuple("I3\nI1\nF0.5\n")] {
        for text in [made(&state), state] {
            assert_eq!(
                kind(&random(&text).expect("a state")),
                RandomKind::RandomState
            );
        }
    }
    for rest in [
        "",
        "I3\nI1\n",
        "I3\nI1\nF0.5\nN",
        "F3.0\n",
        "I-1\n",
        "I3\nNF0.5\n",
        "I3\nI1\nN",
        "I3\nI1\nS'x'\n",
    ] {
        fails(&made(&tuple(rest)));
    }
    fails(&made(&tuple("I3\n").replace("MT19937", "PCG64")));
    for wrong in WRONG {
        fails(&made(wrong));
    }
    // Neither a tuple nor a dict of somebody else's is a state.
    for other in [
        "(S'MT19937'\nt",
        "(S'x'\nI1\nI2\nt",
        "(dS'bit_generator'\nS'MT19937'\ns",
        "(d",
        "N",
        "I5\n",
    ] {
        assert_eq!(
            fails(other),
            format!("not a random state of NumPy (offset {})", offset(other))
        );
    }
}

fn offset(text: &str) -> u64 {
    let bytes = [text.as_bytes(), b"."].concat();
    Pickle::parse(&bytes).expect("a pickle").root().offset()
}

/// `['PCG64', generator …]`: what is not NumPy's is kept by name and node.
#[test]
fn other_bit_generators_keep_their_state() {
    let state = "(dS'bit_generator'\nS'Mine'\nsS'has_gauss'\nI1\nsS'gauss'\nF0.5\ns";
    let class = "cmine\nMine\n";
    let bit_generator =
        format!("cnumpy.random._pickle\n__bit_generator_ctor\n({class}tR({state}Ntb");
    let cases = [
        format!("cnumpy.random._pickle\n__bit_generator_ctor\n(S'Mine'\ntR{state}b"),
        format!("cnumpy.random._pickle\n__generator_ctor\n(S'Mine'\ntR{state}b"),
        format!("cnumpy.random._pickle\n__generator_ctor\n(S'Mine'\ncmine\nmake\ntR{state}b"),
        format!("cnumpy.random._pickle\n__generator_ctor\n({bit_generator}tR"),
        format!("cnumpy.random._pickle\n__randomstate_ctor\n({bit_generator}tR{state}b"),
        format!("cnumpy.random._pickle\n__generator_ctor\n({class}(tR{state}btR"),
    ];
    for text in &cases {
        let bytes = [text.as_bytes(), b"."].concat();
        let pickle = Pickle::parse(&bytes).expect("a pickle");
        let random = pickle.root().random().expect(text);
        let Some(BitState::Other { name, state }) = bits(&random).map(|bits| &bits.state) else {
            panic!("{text}: {random:?}");
        };
        assert_eq!(name, "Mine", "{text}");
        let node = pickle.node(*state).expect("a node");
        let node = node.states().last().unwrap_or(node);
        assert_eq!(
            node.get("gauss").and_then(|gauss| gauss.as_f64()),
            Some(0.5)
        );
        if let Random::RandomState(random) = random {
            assert_eq!((random.has_gauss, random.gauss), (true, 0.5));
        }
    }
    // A class of NumPy's, but made by another's function.
    let text =
        format!("cnumpy.random._pickle\n__generator_ctor\n(S'PCG64'\ncmine\nmake\ntR{state}b");
    let random = random(&text).expect("another's");
    assert_eq!(bits(&random).map(|bits| bits.state.name()), Some("PCG64"));
    assert!(matches!(
        bits(&random).map(|bits| &bits.state),
        Some(BitState::Other { .. })
    ));
    // Objects that are no bit generators.
    for object in [
        "cnumpy\nndarray\n(tR",
        "ccollections\nOrderedDict\n(tR",
        "cnumpy.random._pickle\n__generator_ctor\n(tR",
        "(l",
    ] {
        fails(&format!(
            "cnumpy.random._pickle\n__generator_ctor\n({object}tR"
        ));
    }
}

/// `pickle.dumps(numpy.random.SeedSequence(42), 0)` of NumPy 2.4, its pool as bytes.
fn seed_sequence(entropy: &str, spawned: &str, pool: &str, size: &str, key: &str) -> String {
    format!(
        "cnumpy.random.bit_generator\n__pyx_unpickle_SeedSequence\n(cnumpy.random.bit_generator\nSeedSequence\nI5\nNtR(\
         {entropy}{spawned}{pool}{size}{key}tb"
    )
}

const POOL: &str = "cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\ntS'b'\ntR(I1\n(I2\ntcnumpy\ndtype\n(S'u4'\n\
                    I0\nI1\ntR(I3\nS'<'\nNNNI-1\nI-1\nI0\ntbI0\nS'abcdefgh'\ntb";

#[test]
fn seed_sequences_are_looked_at() {
    let good = |entropy: &str| {
        let text = seed_sequence(entropy, "I2\n", POOL, "I2\n", "(I3\nt");
        match random(&text).expect(entropy) {
            Random::SeedSequence(sequence) => sequence,
            other => panic!("{other:?}"),
        }
    };
    let sequence = good("L5L\n");
    assert_eq!(sequence.entropy, Entropy::Int(5.into()));
    assert_eq!(sequence.pool, [0x6463_6261, 0x6867_6665]);
    assert_eq!(
        (sequence.spawn_key, sequence.n_children_spawned),
        (vec![3.into()], 2)
    );
    assert_eq!(good("N").entropy, Entropy::None);
    assert_eq!(
        good("(I1\nI2\nt").entropy,
        Entropy::Ints(vec![1.into(), 2.into()])
    );
    for other in [
        "F1.5\n",
        "S'5'\n",
        "(lS'5'\na",
        "cbuiltins\nrange\n(I0\nL1000000000000000000L\nI1\ntR",
        "(d",
        "((lt",
    ] {
        assert!(matches!(good(other).entropy, Entropy::Other(_)), "{other}");
    }
    for wrong in WRONG {
        fails(&seed_sequence("I1\n", wrong, POOL, "I2\n", "(t"));
        fails(&seed_sequence("I1\n", "I0\n", wrong, "I2\n", "(t"));
        fails(&seed_sequence("I1\n", "I0\n", POOL, wrong, "(t"));
        if wrong != "(t" {
            fails(&seed_sequence("I1\n", "I0\n", POOL, "I2\n", wrong));
        }
        // Ints of any size and sign are ints.
        if !wrong.starts_with(['I', 'L']) {
            fails(&seed_sequence(
                "I1\n",
                "I0\n",
                POOL,
                "I2\n",
                &format!("({wrong}t"),
            ));
        }
    }
    fails(&seed_sequence("I1\n", "I0\n", POOL, "I3\n", "(t"));
    fails(&seed_sequence(
        "I1\n",
        "I0\n",
        &POOL.replace("u4", "i4"),
        "I2\n",
        "(t",
    ));
    fails(&seed_sequence("I1\n", "I0\n", POOL, "I2\n", ""));
}

#[test]
fn cycles_end() {
    // A seed sequence that is its own entropy, and its own spawn key.
    let cycle = |text: &str| text.replacen("tR(", "tRp0\n(", 1);
    let text = cycle(&seed_sequence("g0\n", "I0\n", POOL, "I2\n", "(t"));
    let Ok(Random::SeedSequence(sequence)) = random(&text) else {
        panic!("{text}");
    };
    assert!(matches!(sequence.entropy, Entropy::Other(_)));
    fails(&cycle(&seed_sequence(
        "I1\n", "I0\n", POOL, "I2\n", "(g0\nt",
    )));
    fails(&cycle(&seed_sequence("I1\n", "I0\n", "g0\n", "I2\n", "(t")));
    // A list in itself.
    let text = seed_sequence("(lp0\ng0\na", "I0\n", POOL, "I2\n", "(t");
    let Ok(Random::SeedSequence(sequence)) = random(&text) else {
        panic!("{text}");
    };
    assert!(matches!(sequence.entropy, Entropy::Other(_)));
    // A bit generator whose state it is itself, and one whose seed sequence it is.
    let ctor = "cnumpy.random._pickle\n__bit_generator_ctor\n(S'PCG64'\ntRp0\n";
    fails(&format!("{ctor}g0\nb"));
    fails(&format!("{ctor}(g0\ng0\ntb"));
    let text = format!("{ctor}({}g0\ntb", dict(&parts("PCG64")));
    let random = random(&text).expect("NumPy looks at it when it is used");
    assert!(matches!(
        bits(&random).and_then(|bits| bits.seed_seq.as_ref()),
        Some(Seed::Other(_))
    ));
    // A generator of itself.
    fails(
        "cnumpy.random._pickle\n__generator_ctor\n((lp0\ncnumpy.random._pickle\n__generator_ctor\n(g0\ntRatR",
    );
    fails("cnumpy.random._pickle\n__randomstate_ctor\n(S'PCG64'\ntRp0\ng0\nb");
}

/// A list of a million ints is read in no time; a huge int that is named again and again is not read again and again.
#[test]
fn long_entropy_is_linear() {
    let ints = [b"(l".to_vec(), b"I7\na".repeat(1_000_000)].concat();
    let long = [b"L".to_vec(), b"9".repeat(4000), b"L\np0\n0(l".to_vec()].concat();
    let shared = [long, b"g0\na".repeat(1_000_000)].concat();
    for (entropy, count) in [(ints, Some(1_000_000)), (shared, None)] {
        let entropy = String::from_utf8(entropy).expect("ASCII");
        let mut text = seed_sequence(&entropy, "I0\n", POOL, "I2\n", "(t");
        // What is memoised and popped stands before all.
        if let Some(at) = text.find("L9").filter(|_| count.is_none()) {
            let end = text.find("0(l").expect("a list") + 1;
            let int: String = text.drain(at..end).collect();
            text.insert_str(0, &int);
        }
        let bytes = [text.as_bytes(), b"."].concat();
        let pickle = Pickle::parse(&bytes).expect("a pickle");
        let start = Instant::now();
        let Ok(Random::SeedSequence(sequence)) = pickle.root().random() else {
            panic!("no seed sequence");
        };
        let found = match sequence.entropy {
            Entropy::Ints(ints) => Some(ints.len()),
            _ => None,
        };
        assert_eq!(found, count);
        assert!(
            start.elapsed() < Duration::from_secs(5),
            "{:?}",
            start.elapsed()
        );
    }
}

/// Every byte of the corpus' states becomes another: whatever that is, it is a state or an error.
#[test]
fn damaged_states_are_answered() {
    let (mut states, mut errors) = (0, 0);
    for entry in &manifest().entries {
        if entry.text("case") != "random_generator" {
            continue;
        }
        let mut bytes = entry.bytes.clone();
        for at in 0..bytes.len() {
            for flip in [1, 0x20, 0xff] {
                bytes[at] ^= flip;
                if let Ok(pickle) = Pickle::parse(&bytes) {
                    for visit in pickle.walk() {
                        let random = visit.node.random();
                        assert!(random.is_err() || visit.node.random_kind().is_some());
                        match random {
                            Ok(_) => states += 1,
                            Err(_) => errors += 1,
                        }
                    }
                }
                bytes[at] ^= flip;
            }
        }
    }
    assert!(
        states > 1000 && errors > 1000,
        "{states} states, {errors} errors"
    );
}
