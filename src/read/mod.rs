//! Reading: bytes become opcodes, opcodes become a graph.
//!
//! One [`machine`] runs over three sources: a slice that is borrowed, a file whose large payloads stay on disk, and
//! any stream. They give the same document and the same errors.

mod file;
mod hook;
mod literal;
mod machine;
mod memo;
mod popped;
mod slice;
mod source;
mod stack;
mod step;
mod stream;

use std::fmt;
use std::io::BufRead;
use std::ops::{ControlFlow, Range};
use std::path::Path;
use std::sync::Arc;

pub use hook::Built;

use self::file::Stored;
use self::machine::Machine;
use self::source::Source;
use self::stream::Stream;
use crate::error::{Error, Result};
use crate::graph::{Pickle, Py2Text};
use crate::limits::Limits;
use crate::op::Slice;
use crate::payload::{Buffer, ReadAt};

type Progress<'a> = Box<dyn FnMut(u64) -> ControlFlow<()> + 'a>;
type Hook<'a> = Box<dyn FnMut(&mut Built<'_, 'a>) -> Result<()> + 'a>;

/// How to read. The last method takes the input.
///
/// # Examples
///
/// ```
/// use ndpickle::{Limits, Pickle, Py2Text};
/// let pickle = Pickle::options().limits(Limits::strict()).py2_text(Py2Text::Latin1).parse(b"U\x01\xe9.")?;
/// assert_eq!(pickle.root().text()?, "é");
/// # Ok::<(), ndpickle::Error>(())
/// ```
#[derive(Default)]
pub struct Options<'a> {
    limits: Limits,
    py2_text: Py2Text,
    buffers: Vec<Buffer<'a>>,
    exact: bool,
    progress: Option<Progress<'a>>,
    hook: Option<Hook<'a>>,
}

impl fmt::Debug for Options<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Options {
            limits,
            py2_text,
            buffers,
            exact,
            ..
        } = self;
        let mut debug = f.debug_struct("Options");
        debug
            .field("limits", limits)
            .field("py2_text", py2_text)
            .field("buffers", buffers)
            .field("exact", exact);
        debug.finish_non_exhaustive()
    }
}

impl<'a> Options<'a> {
    /// The defaults.
    pub fn new() -> Self {
        Options::default()
    }

    /// Budgets for input that nobody vouches for. Default: [`Limits::default`].
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// What the text of a Python 2 str is. Default: ASCII.
    pub fn py2_text(mut self, text: Py2Text) -> Self {
        self.py2_text = text;
        self
    }

    /// The out-of-band buffers, in the order of the pickle's NEXT_BUFFER opcodes. Default: none; an array whose buffer is
    /// missing is an error of that array alone.
    pub fn buffers(mut self, buffers: impl IntoIterator<Item = impl Into<Buffer<'a>>>) -> Self {
        self.buffers = buffers.into_iter().map(Into::into).collect();
        self
    }

    /// Whether bytes after STOP are an error. Default: no, [`Pickle::end`] tells where the pickle ends.
    pub fn exact(mut self, exact: bool) -> Self {
        self.exact = exact;
        self
    }

    /// A function that is called about every MiB with the offset that was reached, and may cancel. Default: none.
    pub fn progress(mut self, progress: impl FnMut(u64) -> ControlFlow<()> + 'a) -> Self {
        self.progress = Some(Box::new(progress));
        self
    }

    /// A function that is called after every BUILD with the object that was built, and may take bytes out of the
    /// source. Default: none.
    pub fn hook(mut self, hook: impl FnMut(&mut Built<'_, 'a>) -> Result<()> + 'a) -> Self {
        self.hook = Some(Box::new(hook));
        self
    }

    /// Reads the pickle at the start of these bytes, and borrows them.
    ///
    /// # Errors
    ///
    /// Categories `Eof`, `Syntax` and `Limit`, with the offset of the opcode at fault.
    pub fn parse(mut self, bytes: &'a [u8]) -> Result<Pickle<'a>> {
        self.run(&mut Slice::new(bytes), bytes)
    }

    /// Reads the pickles that follow each other in these bytes.
    pub fn parse_all(self, bytes: &'a [u8]) -> Pickles<'static, 'a> {
        Pickles::new(self, Input::Slice(Slice::new(bytes), bytes))
    }

    /// Reads pickles that one pickler wrote by several dumps with one memo, up to the end of the bytes; one document
    /// holds them all, see [`Pickle::roots`].
    ///
    /// # Errors
    ///
    /// As [`parse`](Options::parse).
    pub fn parse_session(mut self, bytes: &'a [u8]) -> Result<Pickle<'a>> {
        Machine::new(&mut Slice::new(bytes), bytes, &mut self).run_session()
    }

    /// Reads the pickle at the start of a file. Byte strings of 64 KiB and more stay on disk until they are asked for; the
    /// file must not change as long as the document or its arrays live.
    ///
    /// # Errors
    ///
    /// As [`parse`](Options::parse), and category `Io`.
    pub fn open(self, path: impl AsRef<Path>) -> Result<Pickle<'a>> {
        let file = std::fs::File::open(path)?;
        let len = ReadAt::size(&file)?;
        self.read_at(Arc::new(file), 0..len)
    }

    /// Reads the pickles that follow each other in a file.
    ///
    /// # Errors
    ///
    /// Category `Io` where the file cannot be opened.
    pub fn open_all(self, path: impl AsRef<Path>) -> Result<Pickles<'static, 'a>> {
        let file = std::fs::File::open(path)?;
        let len = ReadAt::size(&file)?;
        Ok(Pickles::new(
            self,
            Input::Stored(Stored::new(Arc::new(file), 0..len)),
        ))
    }

    /// Reads the pickle at the start of a range of something stored: a file, a member of an archive, a remote object.
    /// Offsets count from the start of the range.
    ///
    /// # Errors
    ///
    /// As [`open`](Options::open).
    pub fn read_at(
        mut self,
        storage: Arc<dyn ReadAt + 'a>,
        range: Range<u64>,
    ) -> Result<Pickle<'a>> {
        self.run(&mut Stored::new(storage, range), &[])
    }

    /// Reads one pickle from a stream and leaves the stream right behind it.
    ///
    /// # Errors
    ///
    /// As [`open`](Options::open).
    pub fn read(mut self, stream: impl BufRead) -> Result<Pickle<'a>> {
        self.run(&mut Stream::new(stream), &[])
    }

    /// Reads the pickles that follow each other in a stream. Offsets count from its start.
    pub fn read_all<'r>(self, stream: impl BufRead + 'r) -> Pickles<'r, 'a> {
        Pickles::new(self, Input::Stream(Stream::new(stream)))
    }

    fn run<S: Source<'a>>(&mut self, source: &mut S, input: &'a [u8]) -> Result<Pickle<'a>> {
        let exact = self.exact;
        let pickle = Machine::new(source, input, self).run()?;
        if exact && !source.at_end()? {
            return Err(Error::data("there are bytes after STOP").at(pickle.end(), None));
        }
        Ok(pickle)
    }
}

/// The pickles that follow each other in a source. It ends with the source, or after its first error.
pub struct Pickles<'r, 'a> {
    input: Input<'r, 'a>,
    options: Options<'a>,
    ended: bool,
}

enum Input<'r, 'a> {
    Slice(Slice<'a>, &'a [u8]),
    Stored(Stored<'a>),
    Stream(Stream<'r>),
}

impl<'r, 'a> Pickles<'r, 'a> {
    fn new(options: Options<'a>, input: Input<'r, 'a>) -> Self {
        Pickles {
            input,
            options,
            ended: false,
        }
    }

    /// The next pickle; `None` at the end of the source.
    fn advance<S: Source<'a>>(
        source: &mut S,
        input: &'a [u8],
        options: &mut Options<'a>,
    ) -> Result<Option<Pickle<'a>>> {
        if source.at_end()? {
            Ok(None)
        } else {
            Machine::new(source, input, options).run().map(Some)
        }
    }
}

impl<'a> Iterator for Pickles<'_, 'a> {
    type Item = Result<Pickle<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let next = match &mut self.input {
            Input::Slice(source, input) => Self::advance(source, input, &mut self.options),
            Input::Stored(source) => Self::advance(source, &[], &mut self.options),
            Input::Stream(source) => Self::advance(source, &[], &mut self.options),
        };
        self.ended = !matches!(next, Ok(Some(_)));
        next.transpose()
    }
}

impl fmt::Debug for Pickles<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pickles")
            .field("options", &self.options)
            .field("ended", &self.ended)
            .finish_non_exhaustive()
    }
}

impl<'a> Pickle<'a> {
    /// How to read, to be changed.
    pub fn options() -> Options<'a> {
        Options::new()
    }

    /// Reads the pickle at the start of these bytes, and borrows them.
    ///
    /// # Errors
    ///
    /// Categories `Eof`, `Syntax` and `Limit`, with the offset of the opcode at fault.
    pub fn parse(bytes: &'a [u8]) -> Result<Self> {
        Options::new().parse(bytes)
    }

    /// Reads the pickle at the start of a file; byte strings of 64 KiB and more stay on disk until they are asked for.
    ///
    /// # Errors
    ///
    /// As [`parse`](Pickle::parse), and category `Io`.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        Options::new().open(path)
    }

    /// Reads one pickle from a stream and leaves the stream right behind it.
    ///
    /// # Errors
    ///
    /// As [`open`](Pickle::open).
    pub fn read(stream: impl BufRead) -> Result<Self> {
        Options::new().read(stream)
    }
}
