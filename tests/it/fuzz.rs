//! The fuzz targets over the corpus and over mutations of it: what `cargo fuzz` does for hours, for a moment.

#[path = "../../fuzz/targets.rs"]
mod targets;
#[cfg(feature = "serde")]
#[path = "../../fuzz/typed.rs"]
mod typed;

/// The corpus files that a fuzzer would begin with.
fn seeds() -> Vec<Vec<u8>> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/corpus/files");
    let mut seeds = Vec::new();
    for folder in std::fs::read_dir(root).expect("the corpus").flatten() {
        for file in std::fs::read_dir(folder.path())
            .expect("a folder")
            .flatten()
        {
            let is_small = file.metadata().is_ok_and(|metadata| metadata.len() < 1500);
            if is_small
                && file
                    .path()
                    .extension()
                    .is_some_and(|extension| extension == "pkl")
            {
                seeds.push(std::fs::read(file.path()).expect("a file"));
            }
        }
    }
    assert!(seeds.len() > 500, "{} seeds", seeds.len());
    seeds
}

/// Calls `f` with every seed and a few mutations of it.
pub(super) fn for_each_mutant(f: impl FnMut(&[u8])) {
    for_each_mutant_of(seeds(), 4, f);
}

/// Calls `f` with each of these, and with mutations of it.
fn for_each_mutant_of(seeds: Vec<Vec<u8>>, rounds: usize, mut f: impl FnMut(&[u8])) {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below.max(1) as u64) as usize
    };
    for seed in seeds {
        for round in 0..rounds {
            let mut data = seed.clone();
            for _ in 0..round.min(3) {
                let at = random(data.len());
                match random(3) {
                    0 => data[at] = random(256) as u8,
                    1 => data.truncate(at + 1),
                    _ => data.insert(
                        at,
                        b"(012)]}aesubtRc\x85\x86\x94\x93h.Q\x82\x97\x98"[random(25)],
                    ),
                }
            }
            f(&data);
        }
    }
}

#[test]
fn smoke() {
    for_each_mutant(|data| {
        targets::lex(data);
        targets::parse(data);
        targets::rewrite(data);
        targets::numpy(data);
        targets::edit(data);
    });
}

#[cfg(feature = "serde")]
#[test]
fn smoke_typed() {
    for_each_mutant(typed::typed);
    for_each_mutant_of(typed::seeds(), 2000, typed::typed);
}
