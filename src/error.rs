//! The one error of the crate: what went wrong, where in the bytes, at which opcode, where in the value.

use std::fmt;
use std::io;

/// A result whose error is [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a pickle could not be read, written or understood.
///
/// One machine word; the parts are behind the methods. The text of an error is a single line in lower case that ends
/// with the offset, and it never prints payloads.
///
/// # Examples
///
/// ```
/// let error = ndpickle::Pickle::parse(b"\x80\x04]").unwrap_err();
/// assert_eq!(error.category(), ndpickle::Category::Eof);
/// assert_eq!(error.offset(), Some(3));
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    offset: Option<u64>,
    opcode: Option<&'static str>,
    path: Option<String>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// The broad kinds of failure that callers tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Category {
    /// The file, the stream or the writer failed; see `source()`.
    Io,
    /// The bytes end before the pickle does.
    Eof,
    /// The bytes are not a pickle.
    Syntax,
    /// A number of [`Limits`](crate::Limits) is used up.
    Limit,
    /// Legal, but nothing this crate (or the asked for target) can express.
    Unsupported,
    /// A pickle, but the value in it is not what it claims or what was asked for.
    Data,
}

/// What went wrong, exactly.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Reading or writing failed; the cause is the error's `source()`.
    Io,
    /// The input ends inside an opcode or before STOP: how many more bytes were needed, at least.
    Eof {
        /// Bytes missing, at least.
        needed: u64,
    },
    /// A byte that is no opcode.
    UnknownOpcode(u8),
    /// A protocol number above 5.
    UnknownProtocol(u8),
    /// An opcode wants more operands than the stack holds above the last MARK.
    StackUnderflow,
    /// An opcode wants a MARK and there is none.
    NoMark,
    /// GET of a memo entry that was never stored.
    MemoMissing(u64),
    /// A length or code that may not be negative is.
    Negative(i64),
    /// The text argument of a protocol 0 opcode cannot be read as what it should be.
    BadText(&'static str),
    /// An opcode meets an operand of the wrong type.
    BadOperand(&'static str),
    /// A limit is used up: its name and its value.
    Limit(&'static str, u64),
    /// The operation was cancelled by the caller's progress function.
    Cancelled,
    /// Not something that can be expressed; says what.
    Unsupported(String),
    /// The value is not what it claims to be, or not what was asked for; says what.
    Data(String),
}

impl Error {
    /// An error of this kind, without a place yet.
    pub(crate) fn new(kind: ErrorKind) -> Self {
        Error(Box::new(Inner {
            kind,
            offset: None,
            opcode: None,
            path: None,
            source: None,
        }))
    }

    pub(crate) fn data(what: impl Into<String>) -> Self {
        Error::new(ErrorKind::Data(what.into()))
    }

    pub(crate) fn unsupported(what: impl Into<String>) -> Self {
        Error::new(ErrorKind::Unsupported(what.into()))
    }

    pub(crate) fn eof(needed: u64) -> Self {
        Error::new(ErrorKind::Eof { needed })
    }

    pub(crate) fn limit(name: &'static str, value: u64) -> Self {
        Error::new(ErrorKind::Limit(name, value))
    }

    /// Adds the offset and opcode where neither is known yet.
    #[cold]
    pub(crate) fn at(mut self, offset: u64, opcode: Option<&'static str>) -> Self {
        if self.0.offset.is_none() {
            self.0.offset = Some(offset);
            self.0.opcode = opcode;
        }
        self
    }

    /// Adds the path where none is known yet.
    pub(crate) fn in_path(mut self, path: impl FnOnce() -> String) -> Self {
        if self.0.path.is_none() {
            self.0.path = Some(path());
        }
        self
    }

    /// Puts a step before the path: the container of what the error is about, on the way out.
    #[cold]
    #[cfg(feature = "serde")]
    pub(crate) fn below(mut self, step: impl FnOnce(&mut String)) -> Self {
        let mut path = String::new();
        step(&mut path);
        path.push_str(self.0.path.as_deref().unwrap_or_default());
        self.0.path = Some(path);
        self
    }

    /// What went wrong, exactly.
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// The broad kind of failure.
    pub fn category(&self) -> Category {
        match &self.0.kind {
            ErrorKind::Io | ErrorKind::Cancelled => Category::Io,
            ErrorKind::Eof { .. } => Category::Eof,
            ErrorKind::UnknownOpcode(_)
            | ErrorKind::UnknownProtocol(_)
            | ErrorKind::StackUnderflow
            | ErrorKind::NoMark
            | ErrorKind::MemoMissing(_)
            | ErrorKind::Negative(_)
            | ErrorKind::BadText(_)
            | ErrorKind::BadOperand(_) => Category::Syntax,
            ErrorKind::Limit(..) => Category::Limit,
            ErrorKind::Unsupported(_) => Category::Unsupported,
            ErrorKind::Data(_) => Category::Data,
        }
    }

    /// Byte offset of the opcode at fault, from the start of the pickle's source.
    pub fn offset(&self) -> Option<u64> {
        self.0.offset
    }

    /// Name of the opcode at fault, as in CPython's `pickletools`.
    pub fn opcode(&self) -> Option<&'static str> {
        self.0.opcode
    }

    /// What went wrong, without the place.
    fn message(&self) -> &dyn fmt::Display {
        match (&self.0.kind, &self.0.source) {
            (ErrorKind::Io, Some(source)) => source,
            (kind, _) => kind,
        }
    }

    /// Where in the value: `['model']['w']`. Data errors have it, syntax errors do not.
    pub fn path(&self) -> Option<&str> {
        self.0.path.as_deref()
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ErrorKind::Io => f.write_str("input or output failed"),
            ErrorKind::Eof { needed: 1 } => f.write_str("unexpected end: 1 more byte needed"),
            ErrorKind::Eof { needed } => write!(f, "unexpected end: {needed} more bytes needed"),
            ErrorKind::UnknownOpcode(byte) => write!(f, "byte 0x{byte:02x} is no opcode"),
            ErrorKind::UnknownProtocol(n) => write!(f, "protocol {n} is unknown, the highest is 5"),
            ErrorKind::StackUnderflow => f.write_str("too few operands on the stack"),
            ErrorKind::NoMark => f.write_str("no MARK on the stack"),
            ErrorKind::MemoMissing(index) => write!(f, "memo entry {index} was never stored"),
            ErrorKind::Negative(n) => write!(f, "{n} may not be negative here"),
            ErrorKind::BadText(what) => write!(f, "malformed {what}"),
            ErrorKind::BadOperand(what) => f.write_str(what),
            ErrorKind::Limit(name, value) => write!(f, "limit `{name}` of {value} is used up"),
            ErrorKind::Cancelled => f.write_str("cancelled by the caller"),
            ErrorKind::Unsupported(what) | ErrorKind::Data(what) => f.write_str(what),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(path) = &self.0.path {
            write!(f, "{}: ", if path.is_empty() { "the root" } else { path })?;
        }
        write!(f, "{}", self.message())?;
        match (self.0.opcode, self.0.offset) {
            (Some(opcode), Some(offset)) => write!(f, " in {opcode} (offset {offset})"),
            (None, Some(offset)) => write!(f, " (offset {offset})"),
            _ => Ok(()),
        }
    }
}

impl fmt::Debug for Error {
    /// One line, which `fn main() -> Result<(), Error>` shows to users: `Error(Data, "not a str", offset: 3, path: "['a']")`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (category, message) = (self.category(), self.message().to_string());
        write!(f, "Error({category:?}, {message:?}")?;
        if let Some(opcode) = self.0.opcode {
            write!(f, ", opcode: {opcode}")?;
        }
        if let Some(offset) = self.0.offset {
            write!(f, ", offset: {offset}")?;
        }
        if let Some(path) = &self.0.path {
            write!(f, ", path: {path:?}")?;
        }
        f.write_str(")")
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

impl From<io::Error> for Error {
    fn from(source: io::Error) -> Self {
        let mut error = Error::new(ErrorKind::Io);
        error.0.source = Some(Box::new(source));
        error
    }
}

impl From<Error> for io::Error {
    /// An I/O error keeps its kind; the rest become `InvalidData` or `UnexpectedEof` around this error.
    fn from(error: Error) -> Self {
        let io_kind = error
            .0
            .source
            .as_ref()
            .and_then(|s| s.downcast_ref::<io::Error>())
            .map(io::Error::kind);
        let kind = match (io_kind, error.category()) {
            (Some(kind), _) => kind,
            (None, Category::Eof) => io::ErrorKind::UnexpectedEof,
            (None, Category::Unsupported) => io::ErrorKind::Unsupported,
            _ => io::ErrorKind::InvalidData,
        };
        io::Error::new(kind, error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_word() {
        assert_eq!(size_of::<Error>(), size_of::<usize>());
        assert_eq!(size_of::<Result<()>>(), size_of::<usize>());
    }

    #[test]
    fn text_has_the_place_at_its_end() {
        let error = Error::new(ErrorKind::MemoMissing(7)).at(12, Some("BINGET"));
        assert_eq!(
            error.to_string(),
            "memo entry 7 was never stored in BINGET (offset 12)"
        );
        let error = error.at(99, None).in_path(|| "['a']".into());
        assert_eq!(
            error.to_string(),
            "['a']: memo entry 7 was never stored in BINGET (offset 12)"
        );
    }

    /// What Rust prints of `fn main() -> Result<(), Error>`.
    #[test]
    fn debug_is_for_readers() {
        let error = Error::new(ErrorKind::MemoMissing(7)).at(12, Some("BINGET"));
        assert_eq!(
            format!("{error:?}"),
            r#"Error(Syntax, "memo entry 7 was never stored", opcode: BINGET, offset: 12)"#
        );
        let error = Error::data("not a str")
            .at(3, None)
            .in_path(|| "['a']".into());
        let line = r#"Error(Data, "not a str", offset: 3, path: "['a']")"#;
        assert_eq!(format!("{error:?}"), line);
        assert_eq!(format!("{error:#?}"), line);
        let error = Error::from(io::Error::new(io::ErrorKind::NotFound, "no such file"));
        assert_eq!(format!("{error:?}"), r#"Error(Io, "no such file")"#);
    }

    #[test]
    fn io_errors_keep_their_kind() {
        let error = Error::from(io::Error::new(io::ErrorKind::PermissionDenied, "no"));
        assert_eq!(
            io::Error::from(error).kind(),
            io::ErrorKind::PermissionDenied
        );
        assert_eq!(
            io::Error::from(Error::eof(3)).kind(),
            io::ErrorKind::UnexpectedEof
        );
    }
}
