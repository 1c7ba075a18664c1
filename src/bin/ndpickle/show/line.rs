//! A line of the tree: pieces of text in colours, some of them in columns.

use std::io;

use anstyle::{AnsiColor, Style};

use crate::text;

pub(super) const PLAIN: Style = Style::new();
pub(super) const DIM: Style = Style::new().dimmed();
pub(super) const TITLE: Style = Style::new().bold();
pub(super) const TEXT: Style = AnsiColor::Green.on_default();
pub(super) const NUMBER: Style = AnsiColor::Yellow.on_default();
pub(super) const ARRAY: Style = AnsiColor::Cyan.on_default();
pub(super) const TYPE: Style = AnsiColor::Blue.on_default();
pub(super) const MARK: Style = AnsiColor::Magenta.on_default();
pub(super) const BAD: Style = AnsiColor::Red.on_default().bold();

/// A piece of text in one style.
#[derive(Clone, Debug)]
pub(super) struct Span {
    pub(super) style: Style,
    pub(super) text: String,
}

/// What stands behind a label: columns that are aligned with those of the lines around, then the rest.
#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    /// Marks an object that occurs more than once.
    pub(super) mark: String,
    pub(super) columns: Vec<Span>,
    pub(super) spans: Vec<Span>,
}

impl Line {
    pub(super) fn new(style: Style, text: impl Into<String>) -> Line {
        Line::default().with(style, text)
    }

    /// Adds a piece, two blanks behind what is there.
    pub(super) fn with(mut self, style: Style, text: impl Into<String>) -> Line {
        let text = text.into();
        if !text.is_empty() {
            self.spans.push(Span { style, text });
        }
        self
    }

    pub(super) fn column(mut self, style: Style, text: impl Into<String>) -> Line {
        let text = text.into();
        self.columns.push(Span { style, text });
        self
    }

    /// Room that a column takes; the mark stands in the first one.
    fn column_width(&self, n: usize) -> usize {
        let mark = match text::width(&self.mark) {
            width @ 1.. if n == 0 => width + 1,
            _ => 0,
        };
        self.columns
            .get(n)
            .map_or(0, |span| mark + text::width(&span.text))
    }

    /// Writes the line; columns are padded to these widths.
    pub(super) fn write(&self, widths: &[usize], out: &mut impl io::Write) -> io::Result<()> {
        if !self.mark.is_empty() {
            write!(out, "{MARK}{}{MARK:#} ", self.mark)?;
        }
        let mut blanks = 0;
        for (n, span) in self.columns.iter().chain(&self.spans).enumerate() {
            let Span { style, text } = span;
            // Styles are no part of padding, and nothing is padded at the end of a line.
            write!(out, "{:blanks$}{style}{text}{style:#}", "")?;
            let width = widths.get(n).filter(|_| n < self.columns.len());
            blanks = 2 + width.map_or(0, |width| width.saturating_sub(self.column_width(n)));
        }
        writeln!(out)
    }
}

/// Grows the widths to those of another line's columns.
pub(super) fn widen(widths: &mut Vec<usize>, line: &Line) {
    widths.resize(widths.len().max(line.columns.len()), 0);
    for (n, width) in widths.iter_mut().enumerate() {
        *width = (*width).max(line.column_width(n));
    }
}
