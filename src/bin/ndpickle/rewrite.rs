//! `ndpickle rewrite`: the same value for other versions.

use std::collections::BTreeSet;
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use ndpickle::write::{self, Py2Str};
use ndpickle::{Pickle, Py2Text, Version};
use tempfile::{Builder, NamedTempFile};

use crate::documents::Source;
use crate::failure::Failure;
use crate::note;

/// Write a pickle as another Python, NumPy or protocol would have written it.
///
/// OUT appears whole or not at all, and may be FILE itself. Without options it is written in protocol 4 so that every NumPy
/// from 1.11 to the newest loads it.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    source: Source,

    /// The file to write; `-` is the standard output.
    out: PathBuf,

    /// The protocol [default: 4, or the highest that the Python has].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(..=5))]
    protocol: Option<u8>,

    /// The NumPy that is to load it: a version such as 1.26 or 2.3.2, or `compat` for all.
    #[arg(long, value_name = "VERSION", default_value = "compat", value_parser = numpy)]
    numpy: NumPy,

    /// Fail where not every NumPy could load it, instead of a note: chararray, StringDType, generators of random numbers.
    #[arg(long)]
    strict: bool,

    /// The Python that is to load it [default: 3.8 and later].
    #[arg(long, value_name = "VERSION")]
    python: Option<Version>,

    /// Let the bytes of arrays of 4 KiB and more start at multiples of N in OUT, a power of two up to 65536, so that they can be
    /// viewed in place where the file is mapped into memory; Python loads it as any other. Needs protocol 3.
    #[arg(long, value_name = "N")]
    align: Option<u32>,

    /// What strings of Python 2 become.
    #[arg(long, value_enum, value_name = "ENCODING", default_value = "keep")]
    py2_str: Strings,
}

/// For which NumPy.
#[derive(Clone, Copy, Debug)]
enum NumPy {
    Compat,
    Version(Version),
}

fn numpy(text: &str) -> Result<NumPy, ndpickle::Error> {
    match text {
        "compat" => Ok(NumPy::Compat),
        version => version.parse().map(NumPy::Version),
    }
}

/// What strings of Python 2 become.
#[derive(Clone, Copy, clap::ValueEnum)]
enum Strings {
    /// What they are.
    Keep,
    /// Bytes.
    Bytes,
    /// Text, if they are ASCII.
    Ascii,
    /// Text, every byte a character.
    Latin1,
    /// Text in UTF-8.
    #[value(name = "utf-8", alias = "utf8")]
    Utf8,
}

impl Args {
    pub(crate) fn name(&self) -> String {
        self.source.name()
    }

    fn options(&self) -> write::Options {
        let mut options = write::Options::new()
            .strict(self.strict)
            .py2_str(match self.py2_str {
                Strings::Keep => Py2Str::Keep,
                Strings::Bytes => Py2Str::Bytes,
                Strings::Ascii => Py2Str::Ascii,
                Strings::Latin1 => Py2Str::Latin1,
                Strings::Utf8 => Py2Str::Utf8,
            });
        options = match self.numpy {
            NumPy::Compat => options.compat(),
            NumPy::Version(version) => options.numpy(version),
        };
        if let Some(protocol) = self.protocol {
            options = options.protocol(protocol);
        }
        if let Some(align) = self.align {
            options = options.align(align);
        }
        match self.python {
            Some(python) => options.python(python),
            None => options,
        }
    }
}

pub(crate) fn run(args: &Args) -> Result<(), Failure> {
    if args.out == Path::new("-") {
        let mut out = BufWriter::new(io::stdout().lock());
        write_to(args, &mut out)?;
        return Ok(out.flush()?);
    }
    let aside = aside(&args.out)?;
    let mut out = BufWriter::new(aside.as_file());
    write_to(args, &mut out)?;
    out.flush()?;
    drop(out);
    let kept = aside.persist(&args.out);
    kept.map_err(|error| at_out(&args.out, &error.error))?;
    Ok(())
}

/// A file beside OUT, which becomes OUT when it is whole.
fn aside(out: &Path) -> Result<NamedTempFile, Failure> {
    let folder = match out.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let mut builder = Builder::new();
    builder.prefix(".ndpickle-");
    // What is there already keeps its permissions, and a new file gets those of any other.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        match out.metadata() {
            Ok(there) => builder.permissions(there.permissions()),
            Err(_) => builder.permissions(std::fs::Permissions::from_mode(0o666)),
        };
    }
    builder
        .tempfile_in(folder)
        .map_err(|error| at_out(out, &error))
}

fn at_out(out: &Path, error: &io::Error) -> Failure {
    Failure::Message(format!("{}: {error}", out.display()))
}

fn write_to(args: &Args, out: &mut impl io::Write) -> Result<(), Failure> {
    let options = args.options();
    let mut out = Counted { out, count: 0 };
    // What a string of Python 2 is decides what is written, not how it is read.
    args.source.each(Py2Text::Latin1, &mut |document| {
        let options = options.clone().offset(out.count);
        if matches!(args.numpy, NumPy::Compat) && !args.strict {
            note_new(args, document.pickle, document.base);
        }
        let written = options.to_writer(document.pickle, &mut out);
        written.map_err(|error| Failure::at(error, document.base))
    })
}

/// Tells what not every NumPy will load, each name once.
fn note_new(args: &Args, pickle: &Pickle<'_>, base: u64) {
    let mut told = BTreeSet::new();
    for node in pickle.without_compat() {
        let Some(name) = node.global().filter(|name| told.insert(name.to_string())) else {
            continue;
        };
        let at = base.saturating_add(node.offset());
        let what = "has no spelling that every NumPy loads: written for NumPy 2";
        note(&args.name(), &format!("{name} {what} (offset {at})"));
    }
}

/// A writer, and how many bytes it took: a pickle is aligned by its place in the file.
struct Counted<W> {
    out: W,
    count: u64,
}

impl<W: io::Write> io::Write for Counted<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.out.write(bytes)?;
        self.count += n as u64;
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
