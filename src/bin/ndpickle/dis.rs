//! `ndpickle dis`: the opcodes, as pickletools prints them.

use std::io::{self, Write as _};

use ndpickle::op::dis::dis;

use crate::documents::Source;
use crate::failure::Failure;
use crate::note;

/// Print the opcodes, as CPython 3.13's `python -m pickletools FILE` does.
///
/// Where pickletools stops at something that can be printed nevertheless, this goes on.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    source: Source,
}

impl Args {
    pub(crate) fn name(&self) -> String {
        self.source.name()
    }
}

pub(crate) fn run(args: &Args) -> Result<(), Failure> {
    let bytes = args.source.open()?.into_bytes()?;
    let mut out = io::stdout().lock();
    let mut at = 0;
    loop {
        let end = dis(&bytes[at..], &mut out).map_err(|error| Failure::at(error, at as u64));
        out.flush()?;
        // OK because it is a position in the slice.
        at += end? as usize;
        if at == bytes.len() {
            return Ok(());
        }
        if !args.source.is_all() {
            break;
        }
    }
    let left = bytes.len() - at;
    let s = if left == 1 { "" } else { "s" };
    note(
        &args.name(),
        &format!("{left} more byte{s} after the pickle (--all reads on)"),
    );
    Ok(())
}
