//! The results, for a terminal and for the README.

use std::fmt::Write;

use crate::measure::Sample;
use crate::rows::{Group, Row};

/// What was measured of a row.
pub struct Outcome {
    pub row: &'static Row,
    pub python: Sample,
    pub ours: Sample,
    /// The peer's times, or why it has none.
    pub peer: Option<Result<Sample, String>>,
    pub peaks: Option<Peaks>,
}

/// Growth of peak memory in KiB.
pub struct Peaks {
    pub python: Option<u64>,
    pub ours: Option<u64>,
    pub peer: Option<u64>,
}

impl Outcome {
    pub fn ratio(&self) -> f64 {
        ratio(self.ours, self.python)
    }

    pub fn misses(&self) -> bool {
        self.row
            .group
            .gate()
            .is_some_and(|gate| self.ratio() > gate)
    }

    /// The cells of the row; times in milliseconds, memory in MiB.
    fn cells(&self) -> Vec<String> {
        let mark = if self.misses() { " MISSED" } else { "" };
        let (peer, peer_ratio) = match &self.peer {
            None => ("-".into(), "-".into()),
            Some(Err(why)) => (why.clone(), "-".into()),
            // A plain copy is what we are compared with, another reader is compared with CPython as we are.
            Some(Ok(sample)) => (
                ms(*sample),
                match self.row.group.is_large() {
                    true => format!("{:.2}", ratio(self.ours, *sample)),
                    false => format!("{:.2}", ratio(*sample, self.python)),
                },
            ),
        };
        let mut cells = vec![
            self.row.name.into(),
            ms(self.python),
            ms(self.ours),
            match self.ratio() {
                ..0.001 => "< 0.001".into(),
                ratio => format!("{ratio:.3}{mark}"),
            },
            peer,
            peer_ratio,
        ];
        if has_drop(self.row.group) {
            let drop = |sample: Sample| format!("{:.1}", sample.drop.as_secs_f64() * 1e3);
            let peer = match &self.peer {
                Some(Ok(sample)) => drop(*sample),
                _ => "-".into(),
            };
            cells.push(format!(
                "{} / {} / {peer}",
                drop(self.python),
                drop(self.ours)
            ));
            cells.push(self.peaks.as_ref().map_or("-".into(), |peaks| {
                let peaks = [peaks.python, peaks.ours, peaks.peer].map(mib);
                peaks.join(" / ")
            }));
        }
        cells
    }
}

fn has_drop(group: Group) -> bool {
    group == Group::Parse
}

fn ratio(a: Sample, b: Sample) -> f64 {
    a.work.as_secs_f64() / b.work.as_secs_f64()
}

fn ms(sample: Sample) -> String {
    let ms = sample.work.as_secs_f64() * 1e3;
    let digits = if ms < 0.1 { 4 } else { 1 };
    format!("{ms:.digits$}")
}

fn mib(kib: Option<u64>) -> String {
    kib.map_or("-".into(), |kib| format!("{}", kib.div_ceil(1024)))
}

fn header(group: Group) -> Vec<String> {
    let peer = group.peer();
    let peer_ratio = match group.is_large() {
        true => "ours / copy".into(),
        false => format!("{peer} / CPython"),
    };
    let mut cells = vec![
        "".into(),
        "CPython ms".into(),
        "ndpickle ms".into(),
        "ndpickle / CPython".into(),
        format!("{peer} ms"),
        peer_ratio,
    ];
    if has_drop(group) {
        cells.push("drop ms (CPython / ours / peer)".into());
        cells.push("peak MiB (CPython / ours / peer)".into());
    }
    cells
}

/// All tables: Markdown, with padding where people read it as it is.
pub fn render(outcomes: &[Outcome], markdown: bool) -> String {
    let mut text = String::new();
    for group in Group::ALL {
        let mut rows: Vec<Vec<String>> = outcomes
            .iter()
            .filter(|outcome| outcome.row.group == group)
            .map(Outcome::cells)
            .collect();
        if rows.is_empty() {
            continue;
        }
        rows.insert(0, header(group));
        let widths: Vec<usize> = (0..rows[0].len())
            .map(|column| rows.iter().map(|row| row[column].len()).max().unwrap_or(0))
            .collect();
        let _ = writeln!(text, "\n{}:\n", group.title());
        for (n, row) in rows.iter().enumerate() {
            for (column, cell) in row.iter().enumerate() {
                let width = if markdown { 0 } else { widths[column] };
                let _ = match column {
                    0 => write!(text, "| {cell:width$} |"),
                    _ => write!(text, " {cell:>width$} |"),
                };
            }
            text.push('\n');
            if n == 0 {
                text.push_str("|---|");
                text.push_str(&"--:|".repeat(row.len() - 1));
                text.push('\n');
            }
        }
    }
    text
}
