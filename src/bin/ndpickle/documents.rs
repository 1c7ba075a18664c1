//! The pickles of an input, one after another.

use std::fs::File;
use std::io::{self, BufRead, Read as _};
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use ndpickle::{Category, Error, ErrorKind, Node, Pickle, Py2Text, ReadAt};

use crate::failure::{self, Failure};
use crate::input::{self, Input};
use crate::note;
use crate::recorded::{self, Recorded};

/// What is looked at behind a pickle to tell whether another one follows.
const GLANCE: u64 = 1 << 16;

/// The input, as every command takes it.
#[derive(clap::Args)]
pub(crate) struct Source {
    /// The pickle; `-` is the standard input.
    file: PathBuf,

    /// Read all pickles of the file, not only the first; paths then begin with `#1`, `#2`.
    #[arg(long)]
    all: bool,

    /// What packed input may unpack to, such as 500M or 20G [default: 1G, or 100 times its size].
    #[arg(long, value_name = "SIZE", value_parser = input::size)]
    max_unpacked: Option<u64>,
}

/// Encodings of Python 2 strings.
#[derive(Clone, Copy, clap::ValueEnum)]
pub(crate) enum Py2Str {
    /// Text where it is ASCII, else bytes.
    Ascii,
    /// Text, every byte a character.
    Latin1,
    /// Text in UTF-8.
    #[value(name = "utf-8", alias = "utf8")]
    Utf8,
    /// Bytes.
    Bytes,
}

impl From<Py2Str> for Py2Text {
    fn from(text: Py2Str) -> Self {
        match text {
            Py2Str::Ascii => Py2Text::Ascii,
            Py2Str::Latin1 => Py2Text::Latin1,
            Py2Str::Utf8 => Py2Text::Utf8,
            Py2Str::Bytes => Py2Text::Bytes,
        }
    }
}

/// A pickle of the input.
#[derive(Clone, Copy)]
pub(crate) struct Document<'p, 'a> {
    pub(crate) pickle: &'p Pickle<'a>,
    pub(crate) root: Node<'p, 'a>,
    /// Its number where all pickles are read.
    pub(crate) number: Option<usize>,
    /// Where it starts in the input; its own offsets count from there.
    pub(crate) base: u64,
}

impl Document<'_, '_> {
    /// What paths begin with.
    pub(crate) fn prefix(&self) -> String {
        self.number.map_or(String::new(), |n| format!("#{n}"))
    }
}

/// A pickle that cannot be read.
struct Fault {
    error: Error,
    /// Its number.
    n: usize,
    /// Where it begins.
    at: u64,
    /// How it begins.
    start: Vec<u8>,
}

/// What is done with bytes that begin here and are no pickle.
pub(crate) type Broken<'f> = &'f mut dyn FnMut(&dyn ReadAt, Range<u64>);

/// What is done with each pickle.
pub(crate) type Each<'f> = &'f mut dyn FnMut(Document<'_, '_>) -> Result<(), Failure>;

impl Source {
    /// The file as messages call it.
    pub(crate) fn name(&self) -> String {
        match self.file.to_string_lossy() {
            name if name == "-" => "standard input".into(),
            name => name.into_owned(),
        }
    }

    pub(crate) fn open(&self) -> Result<Input, Failure> {
        Ok(Input::open(&self.file, self.max_unpacked)?)
    }

    pub(crate) fn is_all(&self) -> bool {
        self.all
    }

    /// Calls `f` with the first pickle, or with all.
    pub(crate) fn each(&self, py2: Py2Text, f: Each<'_>) -> Result<(), Failure> {
        self.each_or(py2, f, None)
    }

    /// Calls `f` with the first pickle, or with all, and `broken` with what cannot be read.
    pub(crate) fn each_or(
        &self,
        py2: Py2Text,
        f: Each<'_>,
        broken: Option<Broken<'_>>,
    ) -> Result<(), Failure> {
        match self.open()? {
            Input::Stored(file, len) => self.each_stored(&file, len, py2, f, broken),
            Input::Stream(stream) => self.each_streamed(stream, py2, f, broken),
        }
    }

    fn each_stored(
        &self,
        file: &Arc<File>,
        len: u64,
        py2: Py2Text,
        f: Each<'_>,
        broken: Option<Broken<'_>>,
    ) -> Result<(), Failure> {
        let mut at = 0;
        for n in 1.. {
            let storage: Arc<dyn ReadAt> = Arc::<File>::clone(file);
            match Pickle::options().py2_text(py2).read_at(storage, at..len) {
                Ok(pickle) => {
                    f(self.document(&pickle, n, at))?;
                    at += pickle.end();
                }
                Err(error) => {
                    let mut start = vec![0; (len - at).min(input::HEAD as u64) as usize];
                    file.read_exact_at(&mut start, at)?;
                    let fault = Fault {
                        error,
                        n,
                        at,
                        start,
                    };
                    return self.fault(fault, Some((&**file, len)), py2, f, broken);
                }
            }
            if at >= len || !self.all {
                break;
            }
        }
        if at < len {
            let mut rest = vec![0; GLANCE.min(len - at) as usize];
            file.read_exact_at(&mut rest, at)?;
            self.note_rest(&rest, Some(len - at));
        }
        Ok(())
    }

    fn each_streamed(
        &self,
        stream: Box<dyn BufRead>,
        py2: Py2Text,
        f: Each<'_>,
        broken: Option<Broken<'_>>,
    ) -> Result<(), Failure> {
        let (mut stream, record) = Recorded::new(stream);
        if !self.all && broken.is_none() {
            record.take();
        }
        let mut at = 0;
        for n in 1.. {
            let start = match stream.fill_buf() {
                Ok([]) if n > 1 => return Ok(()),
                Ok(window) => window.iter().take(input::HEAD).copied().collect(),
                // The pickle before is whole, and that is what was asked for.
                Err(_) if !self.all && n > 1 => return Ok(()),
                Err(error) => return Err(error.into()),
            };
            if n > 1 && !self.all {
                break;
            }
            match Pickle::options().py2_text(py2).read(&mut stream) {
                Ok(pickle) => {
                    f(self.document(&pickle, n, at))?;
                    at += pickle.end();
                }
                Err(error) => {
                    // Where the rest cannot be had, the error says enough.
                    let mut rest = stream.by_ref().take(recorded::LONGEST as u64);
                    let _ = io::copy(&mut rest, &mut io::sink());
                    let bytes = record.take();
                    let all = bytes
                        .as_ref()
                        .map(|all| (all as &dyn ReadAt, all.len() as u64));
                    let fault = Fault {
                        error,
                        n,
                        at,
                        start,
                    };
                    return self.fault(fault, all, py2, f, broken);
                }
            }
        }
        let mut rest = Vec::new();
        // What cannot be unpacked behind the pickle that was asked for is not missed.
        let _ = stream.by_ref().take(GLANCE).read_to_end(&mut rest);
        let left = (rest.len() as u64) < GLANCE;
        self.note_rest(&rest, left.then_some(rest.len() as u64));
        Ok(())
    }

    fn document<'p, 'a>(&self, pickle: &'p Pickle<'a>, n: usize, base: u64) -> Document<'p, 'a> {
        Document {
            pickle,
            root: pickle.root(),
            number: self.all.then_some(n),
            base,
        }
    }

    /// What comes of a pickle that cannot be read, where all bytes are at hand or not.
    fn fault(
        &self,
        fault: Fault,
        all: Option<(&dyn ReadAt, u64)>,
        py2: Py2Text,
        f: Each<'_>,
        broken: Option<Broken<'_>>,
    ) -> Result<(), Failure> {
        let Fault {
            error,
            n,
            at,
            start,
        } = fault;
        let mut left = None;
        if let Some((bytes, len)) = all {
            if n > 1 && is_of_session(&error) && self.session(bytes, len, py2, n, f)? {
                return Ok(());
            }
            if let Some(broken) = broken {
                broken(bytes, at..len);
            }
            left = Some(len - at);
        }
        let text = failure::line(&error, at);
        let begins_like_one = matches!(start[..], [0x80, 0..=5, ..]);
        if n > 1 && !begins_like_one && error.category() != Category::Io {
            let what = format!("{} after the last pickle are none: {text}", bytes(left));
            note(&self.name(), &what);
            return Ok(());
        }
        match (Failure::at(error, at), input::other_format(&start)) {
            (Failure::Message(_), Some(format)) if n == 1 => {
                Err(Failure::Message(format!("{format} and no pickle: {text}")))
            }
            (failure, _) => Err(failure),
        }
    }

    /// One pickler that dumps several times refers from later pickles to objects in earlier ones. They are one document
    /// then; the first `seen` - 1 of them have been dealt with. Says whether it is so.
    fn session(
        &self,
        all: &dyn ReadAt,
        len: u64,
        py2: Py2Text,
        seen: usize,
        f: Each<'_>,
    ) -> Result<bool, Failure> {
        let mut bytes = vec![0; usize::try_from(len).map_err(io::Error::other)?];
        all.read_exact_at(&mut bytes, 0)?;
        let Ok(pickle) = Pickle::options().py2_text(py2).parse_session(&bytes) else {
            return Ok(false);
        };
        for (n, root) in pickle.roots().enumerate().skip(seen - 1) {
            f(Document {
                root,
                ..self.document(&pickle, n + 1, 0)
            })?;
        }
        Ok(true)
    }

    fn note_rest(&self, rest: &[u8], left: Option<u64>) {
        let follows = match Pickle::parse(rest) {
            Ok(_) => true,
            Err(error) => {
                let cut = left != Some(rest.len() as u64);
                cut && error.category() == Category::Eof || is_of_session(&error)
            }
        };
        let what = if follows {
            "another pickle follows (--all reads on)"
        } else {
            "no pickle"
        };
        note(
            &self.name(),
            &format!("{} after the pickle: {what}", bytes(left)),
        );
    }
}

/// Whether a pickle wants what an earlier one may have stored.
fn is_of_session(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::MemoMissing(_))
}

fn bytes(left: Option<u64>) -> String {
    match left {
        Some(1) => "1 more byte".into(),
        Some(left) => format!("{left} more bytes"),
        None => "more bytes".into(),
    }
}
