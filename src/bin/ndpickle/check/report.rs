//! What `check` found: one line for each name.

use std::collections::HashMap;
use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use ndpickle::{Kind, Node, Origin, Pickle};

use crate::text;

/// What stands in the first column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Word {
    Origin(Origin),
    Extension,
    Persistent,
}

impl Word {
    fn text(self) -> &'static str {
        match self {
            Word::Origin(Origin::Data) => "data",
            Word::Origin(Origin::NumPy) => "numpy",
            Word::Origin(Origin::Other) => "other",
            Word::Extension => "ext",
            Word::Persistent => "pid",
        }
    }

    fn style(self) -> Style {
        match self {
            Word::Origin(Origin::Data) => AnsiColor::Green.on_default(),
            Word::Origin(Origin::NumPy) => AnsiColor::Cyan.on_default(),
            Word::Origin(Origin::Other) => AnsiColor::Red.on_default().bold(),
            Word::Extension | Word::Persistent => AnsiColor::Yellow.on_default(),
        }
    }
}

#[derive(Debug)]
struct Line {
    word: Word,
    what: String,
    /// Where it is first named, in the pickle that names it.
    offset: u64,
    times: u64,
    /// Which pickle that is: empty for the file's own.
    place: String,
}

/// Bytes of names that are looked at in a pickle.
const NAMES: u64 = 1 << 30;

/// The lines, in the order in which they were found.
#[derive(Debug, Default)]
pub(crate) struct Report {
    lines: Vec<Line>,
    /// Lines by place and text.
    known: HashMap<(String, String), usize>,
    distrusted: bool,
}

impl Report {
    /// Adds what a pickle names, used or not.
    pub(crate) fn add_pickle(&mut self, pickle: &Pickle<'_>, base: u64, place: &str) {
        // A hostile pickle names the same name of a megabyte a million times.
        let mut names = NAMES;
        for node in pickle.globals() {
            if let (Some(global), Some(origin)) = (node.global(), node.origin()) {
                let name = global.to_string();
                names = names.saturating_sub(name.len() as u64);
                if names == 0 {
                    return self.distrust();
                }
                self.add(Word::Origin(origin), &name, base + node.offset(), place);
            }
        }
    }

    /// Adds a code or an id; other nodes are none of its business.
    pub(crate) fn add_node(&mut self, node: Node<'_, '_>, base: u64, place: &str) {
        let offset = base + node.offset();
        if let Some(code) = node.extension() {
            self.add(
                Word::Extension,
                &format!("extension code {code}"),
                offset,
                place,
            );
        } else if node.kind() == Kind::Persistent {
            // Every one is different, and what matters is that there are any.
            self.add(Word::Persistent, "persistent ids", offset, place);
        }
    }

    /// Adds a name that stands in bytes which are no whole pickle.
    pub(crate) fn add_name(&mut self, module: &[u8], name: &[u8], offset: u64, place: &str) {
        // What kind of name it is is known by reading a pickle of it.
        let pickle = [b"c", module, b"\n", name, b"\n."].concat();
        let origin = Pickle::parse(&pickle).ok().and_then(|p| p.root().origin());
        let name = format!(
            "{}.{}",
            String::from_utf8_lossy(module),
            String::from_utf8_lossy(name)
        );
        let word = Word::Origin(origin.unwrap_or(Origin::Other));
        self.add(word, &name, offset, place);
    }

    /// Adds an extension code that stands in such bytes.
    pub(crate) fn add_code(&mut self, code: i64, offset: u64, place: &str) {
        self.add(
            Word::Extension,
            &format!("extension code {code}"),
            offset,
            place,
        );
    }

    fn add(&mut self, word: Word, what: &str, offset: u64, place: &str) {
        let key = (place.to_owned(), what.to_owned());
        let line = *self.known.entry(key).or_insert(self.lines.len());
        match self.lines.get_mut(line) {
            Some(line) => {
                line.times += 1;
                line.offset = line.offset.min(offset);
            }
            None => self.lines.push(Line {
                word,
                what: what.to_owned(),
                offset,
                times: 1,
                place: place.to_owned(),
            }),
        }
    }

    /// Something was not looked at.
    pub(crate) fn distrust(&mut self) {
        self.distrusted = true;
    }

    /// Whether anything is more than data.
    pub(crate) fn has_other(&self) -> bool {
        let is_other =
            |line: &Line| matches!(line.word, Word::Origin(Origin::Other) | Word::Extension);
        self.distrusted || self.lines.iter().any(is_other)
    }

    pub(crate) fn write(&self, prefix: &str, out: &mut impl Write) -> io::Result<()> {
        const WIDEST: usize = 60;
        let widths = self.lines.iter().map(|line| text::width(&line.what));
        let width = widths.filter(|width| *width <= WIDEST).max().unwrap_or(0);
        for line in &self.lines {
            if !prefix.is_empty() {
                write!(out, "{prefix}  ")?;
            }
            let (word, style) = (line.word.text(), line.word.style());
            let what = text::safe(&line.what);
            write!(
                out,
                "{style}{word:5}{style:#}  {what:width$}  offset {}",
                line.offset
            )?;
            if line.times > 1 {
                write!(out, ", {} times", text::grouped(line.times))?;
            }
            writeln!(out, "{}", line.place)?;
        }
        Ok(())
    }
}
