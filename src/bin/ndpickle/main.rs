//! The command `ndpickle`: looks into pickles, and rewrites them, without executing anything.
#![forbid(unsafe_code)]

mod arrays;
mod check;
mod dis;
mod documents;
mod failure;
mod hash;
mod input;
mod recorded;
mod rewrite;
mod show;
mod text;

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;

use crate::failure::Failure;

/// Looks into Python pickles without executing anything.
///
/// FILE may be `-` for the standard input; gzip, zlib, bzip2, xz and lzma are unpacked. The exit status is 0 if all is
/// well, 1 if the answer is no (`check`), and 2 if the input cannot be read or the arguments are wrong.
#[derive(Parser)]
#[command(name = "ndpickle", version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    Show(show::Args),
    Arrays(arrays::Args),
    Dis(dis::Args),
    Check(check::Args),
    Rewrite(rewrite::Args),
}

/// What a command that came to its end says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Answer {
    Fine,
    No,
}

const UNREADABLE: u8 = 2;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    let (file, result) = match &cli.command {
        Command::Show(args) => (args.name(), show::run(args).map(|()| Answer::Fine)),
        Command::Arrays(args) => (args.name(), arrays::run(args).map(|()| Answer::Fine)),
        Command::Dis(args) => (args.name(), dis::run(args).map(|()| Answer::Fine)),
        Command::Check(args) => (args.name(), check::run(args)),
        Command::Rewrite(args) => (args.name(), rewrite::run(args).map(|()| Answer::Fine)),
    };
    match result {
        Ok(Answer::No) => ExitCode::from(1),
        // Nobody reads on, and that is theirs to decide.
        Ok(Answer::Fine) | Err(Failure::Pipe) => ExitCode::SUCCESS,
        Err(Failure::Message(message)) => {
            note(&file, &message);
            ExitCode::from(UNREADABLE)
        }
    }
}

/// Help and version go to the standard output, everything else is one line on stderr.
fn usage(error: &clap::Error) -> ExitCode {
    if matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    ) {
        // A closed pipe is no error here either.
        let _ = error.print();
        return ExitCode::SUCCESS;
    }
    let message = match error.kind() {
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand | ErrorKind::MissingSubcommand => {
            "a command is missing (--help lists them)".to_owned()
        }
        _ => {
            let text = error.to_string();
            let lines = text.lines().take_while(|line| !line.trim().is_empty());
            let lines: Vec<&str> = lines.map(str::trim).collect();
            let line = lines.join(" ");
            line.strip_prefix("error: ").unwrap_or(&line).to_owned()
        }
    };
    let _ = writeln!(io::stderr(), "ndpickle: {}", text::safe(&message));
    ExitCode::from(UNREADABLE)
}

/// A line on stderr about a file.
fn note(file: &str, message: &str) {
    // OK because there is nowhere left to report that stderr is closed.
    let _ = writeln!(
        io::stderr(),
        "ndpickle: {}: {}",
        text::safe(file),
        text::safe(message)
    );
}
