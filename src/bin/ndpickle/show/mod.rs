//! `ndpickle show`: what is inside, as a tree.

mod array;
mod children;
mod dtype;
mod element;
mod everyday;
mod line;
mod random;
mod strings;
mod tree;
mod value;

use std::io::{self, BufWriter, Write as _};

use ndpickle::{Dialect, Python};

use crate::documents::{Document, Py2Str, Source};
use crate::failure::Failure;
use crate::text;

use self::line::{DIM, TITLE};
use self::tree::Tree;

/// Show what is inside, as a tree.
///
/// Labels are those of `arrays`: joined together they are the path. An object that occurs again is marked: `&1` at the
/// first place, `*1` at the others. Of arrays only the numbers that are shown are read, so that files of any size open
/// at once.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    source: Source,

    #[command(flatten)]
    limits: Limits,

    /// What Python 2 strings are.
    #[arg(long, value_enum, value_name = "ENCODING", default_value = "ascii")]
    py2_str: Py2Str,
}

/// How much is shown.
#[derive(clap::Args, Clone, Copy)]
struct Limits {
    /// Levels to show; what is deeper is left out.
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u16).range(..=1000))]
    depth: u16,

    /// Items to show of each container.
    #[arg(long, value_name = "N", default_value_t = 12)]
    items: usize,

    /// Show all items.
    #[arg(long, conflicts_with = "items")]
    all_items: bool,
}

impl Limits {
    /// How many items are shown of so many, first and last ones.
    fn of(self, len: usize) -> (usize, usize) {
        // A line that says "1 more" takes as much room as the item itself.
        if self.all_items || len <= self.items + 1 {
            return (len, 0);
        }
        let last = match self.items {
            0..4 => 0,
            4..8 => 1,
            _ => 2,
        };
        (self.items - last, last)
    }
}

impl Args {
    pub(crate) fn name(&self) -> String {
        self.source.name()
    }
}

pub(crate) fn run(args: &Args) -> Result<(), Failure> {
    let mut out = BufWriter::new(anstream::stdout().lock());
    let name = args.name();
    args.source.each(args.py2_str.into(), &mut |document| {
        if document.number.is_some_and(|number| number > 1) {
            writeln!(out)?;
        }
        write_header(&name, document, &mut out)?;
        Tree::new(document, args.limits).write(&mut out)?;
        Ok(out.flush()?)
    })
}

fn write_header(
    name: &str,
    document: Document<'_, '_>,
    out: &mut impl io::Write,
) -> io::Result<()> {
    let pickle = document.pickle;
    let size = text::size(pickle.end() - pickle.start());
    let nodes = text::count(pickle.len() as u64, "node", "nodes");
    write!(out, "{TITLE}{}{TITLE:#}", text::safe(name))?;
    if document.number.is_some() {
        write!(out, " {TITLE}{}{TITLE:#}", document.prefix())?;
    }
    let dialect = dialect(pickle.dialect());
    writeln!(out, "  {DIM}{dialect} · {size} · {nodes}{DIM:#}")
}

/// Who wrote it, as far as the bytes show it.
fn dialect(dialect: Dialect) -> String {
    let python = match dialect.python {
        Python::Py2 => "Python 2",
        Python::Py36 => "Python 3 up to 3.6",
        Python::Py37 => "Python 3",
    };
    let pure = if dialect.pure { " (pickle.py)" } else { "" };
    format!("protocol {} · {python}{pure}", dialect.protocol)
}
