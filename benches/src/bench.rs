//! ndpickle measured against CPython's pickle and serde-pickle, on the same bytes, in turns.
//!
//! Times are medians over rounds; a round asks CPython, ndpickle and the peer one after the other, so that a busy
//! machine slows all of them. What a call made is dropped outside of its time, on all sides; the drop has a column of its
//! own. Peak memory is the growth of a fresh process by one call.

mod data;
mod machine;
mod made;
mod measure;
mod ours;
mod peers;
mod python;
mod rows;
mod table;
mod typed;

use std::env;
use std::error::Error;
use std::path::Path;
use std::process::{Command, ExitCode};

use self::data::{Folder, Input};
use self::measure::{Sample, median, peak_kib};
use self::python::Python;
use self::rows::{Contender, Group, ROWS, Row};
use self::table::{Outcome, Peaks};

/// Runs of CPython and of ndpickle in one round; peers, of which some are slow, have one.
const RUNS: usize = 2;

const USAGE: &str = "\
usage: ndpickle-benches [FILTER] [--markdown] [--gate] [--rounds N]

FILTER      only rows with this in their name
--markdown  the tables as the README has them
--gate      fail where a row of small objects takes more than 0.30 of CPython's time
--rounds N  rounds to take the medians of (default 7)";

struct Arguments {
    filter: String,
    markdown: bool,
    gate: bool,
    rounds: usize,
}

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    // A fresh process of ours, see `peak_of`.
    if let [flag, contender, row, path] = &words[..]
        && flag == "--peak"
    {
        return print_peak(contender, row, Path::new(path));
    }
    let result = arguments(words).and_then(|arguments| run(&arguments));
    match result {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

fn arguments(words: Vec<String>) -> Result<Arguments, Box<dyn Error>> {
    let mut arguments = Arguments {
        filter: String::new(),
        markdown: false,
        gate: false,
        rounds: 7,
    };
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--markdown" => arguments.markdown = true,
            "--gate" => arguments.gate = true,
            "--rounds" => arguments.rounds = words.next().ok_or(USAGE)?.parse()?,
            _ if word.starts_with('-') || !arguments.filter.is_empty() => return Err(USAGE.into()),
            _ => arguments.filter = word,
        }
    }
    arguments.rounds = arguments.rounds.max(1);
    Ok(arguments)
}

fn run(arguments: &Arguments) -> Result<ExitCode, Box<dyn Error>> {
    let chosen: Vec<&'static Row> = ROWS
        .iter()
        .filter(|row| row.name.contains(&arguments.filter))
        .collect();
    if chosen.is_empty() {
        return Err(format!("no row has {:?} in its name", arguments.filter).into());
    }
    let mut python = Python::start()?;
    let folder = Folder::new()?;
    let mut outcomes = Vec::new();
    for row in chosen {
        eprintln!("{}", row.name);
        let input = folder.input(row.file, &mut python)?;
        outcomes.push(measure(row, &input, &mut python, arguments.rounds)?);
    }
    print!("{}", table::render(&outcomes, arguments.markdown));
    println!("\n{}", machine::line(&python, arguments.rounds));
    let missed = outcomes.iter().filter(|outcome| outcome.misses()).count();
    if missed > 0 {
        eprintln!("{missed} rows miss their gate");
    }
    Ok(ExitCode::from(u8::from(arguments.gate && missed > 0)))
}

fn measure(
    row: &'static Row,
    input: &Input,
    python: &mut Python,
    rounds: usize,
) -> Result<Outcome, Box<dyn Error>> {
    let mut ours = (row.ours)(input)?;
    let mut peer = row.peer.map(|peer| peer(input));
    let (mut python_times, mut our_times, mut peer_times) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rounds {
        python_times.extend(python.time(row.python, &input.path, RUNS)?);
        our_times.extend((0..RUNS).map(|_| ours()));
        if let Some(Ok(peer)) = &mut peer {
            peer_times.push(peer());
        }
    }
    let middle = |times: &[Sample]| median(times).ok_or("nothing was measured");
    Ok(Outcome {
        row,
        python: middle(&python_times)?,
        ours: middle(&our_times)?,
        peer: match peer {
            Some(Ok(_)) => Some(Ok(middle(&peer_times)?)),
            Some(Err(why)) => Some(Err(why)),
            None => None,
        },
        peaks: (row.group == Group::Parse).then(|| Peaks {
            python: python.peak(&input.path),
            ours: peak_of("ours", row, &input.path),
            peer: peak_of("peer", row, &input.path),
        }),
    })
}

/// By how many KiB a contender makes the peak memory of a fresh process grow.
fn peak_of(contender: &str, row: &Row, path: &Path) -> Option<u64> {
    let mut child = Command::new(env::current_exe().ok()?);
    child.args(["--peak", contender, row.name]).arg(path);
    let output = child.output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}

fn print_peak(contender: &str, row: &str, path: &Path) -> ExitCode {
    let row = ROWS.iter().find(|known| known.name == row);
    let contender: Option<Contender> = row.and_then(|row| match contender {
        "ours" => Some(row.ours),
        _ => row.peer,
    });
    let (Some(contender), Ok(input)) = (contender, Input::read(path)) else {
        return ExitCode::FAILURE;
    };
    // To be prepared is to have run once.
    let before = peak_kib();
    let prepared = contender(&input).is_ok();
    match (before, peak_kib(), prepared) {
        (Some(before), Some(after), true) => {
            println!("{}", after - before);
            ExitCode::SUCCESS
        }
        _ => ExitCode::FAILURE,
    }
}
