//! Why a command stops.

use std::io;

use ndpickle::Error;

/// Why a command stops before its end.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Nobody reads the output any more: no error.
    Pipe,
    /// What stderr is told.
    Message(String),
}

impl Failure {
    /// An error in a pickle that starts at this offset of the input. Errors count from the start of their pickle, users
    /// from the start of the file.
    pub(crate) fn at(error: Error, base: u64) -> Failure {
        match line(&error, base) {
            text if error.category() != ndpickle::Category::Io => Failure::Message(text),
            text => match Failure::from(io::Error::from(error)) {
                Failure::Pipe => Failure::Pipe,
                Failure::Message(_) => Failure::Message(text),
            },
        }
    }
}

/// The text of an error in a pickle that starts at this offset.
pub(crate) fn line(error: &Error, base: u64) -> String {
    let text = error.to_string();
    let Some(offset) = error.offset() else {
        return text;
    };
    match text.strip_suffix(&format!("(offset {offset})")) {
        Some(before) => format!("{before}(offset {})", base.saturating_add(offset)),
        None => text,
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Failure::Pipe,
            _ => Failure::Message(error.to_string()),
        }
    }
}
