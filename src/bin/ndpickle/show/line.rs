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

    /// Puts a piece in front.
    pub(super) fn marked(mut self, style: Style, text: String) -> Line {
        let spans = match self.columns.is_empty() {
            true => &mut self.spans,
            false => &mut self.columns,
        };
        match spans.first_mut().filter(|_| false) {
            Some(_) => {}
            None => spans.insert(0, Span { style, text }),
        }
        self
    }

    pub(super) fn column(mut self, style: Style, text: impl Into<String>) -> Line {
        let text = text.into();
        self.columns.push(Span { style, text });
        self
    }

    /// Writes the line; columns are padded to these widths.
    pub(super) fn write(&self, widths: &[usize], out: &mut impl io::Write) -> io::Result<()> {
        let (mut blanks, mut first) = (0, true);
        for (n, span) in self.columns.iter().chain(&self.spans).enumerate() {
            if !first {
                blanks += 2;
            }
            first = false;
            let Span { style, text } = span;
            // Styles are no part of padding, and nothing is padded at the end of a line.
            write!(out, "{:blanks$}{style}{text}{style:#}", "")?;
            let width = widths.get(n).filter(|_| n < self.columns.len());
            blanks = width.map_or(0, |width| width.saturating_sub(text::width(text)));
        }
        writeln!(out)
    }
}

/// Grows the widths to those of another line's columns.
pub(super) fn widen(widths: &mut Vec<usize>, line: &Line) {
    widths.resize(widths.len().max(line.columns.len()), 0);
    for (width, span) in widths.iter_mut().zip(&line.columns) {
        *width = (*width).max(text::width(&span.text));
    }
}
