//! `ndpickle check`: what a pickle would import, and whether that is more than data.

mod broken;
mod nested;
mod report;

use std::io::{BufWriter, Write as _};

use ndpickle::Py2Text;

use crate::documents::{Document, Source};
use crate::failure::Failure;
use crate::{Answer, note};

use self::report::Report;

/// List every global that loading the file in Python would import.
///
/// A line for each: `data` (Python's own types that only hold data), `numpy` (NumPy's and ml_dtypes'), or `other`, then
/// its name and the offset where it is first named. Calls whose result is thrown away are looked into, and pickles
/// inside of byte strings. Extension codes and persistent ids are listed too; a code stands for a name that the file
/// does not tell, and counts as `other`. The exit status is 1 if anything is `other`, else 0.
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

pub(crate) fn run(args: &Args) -> Result<Answer, Failure> {
    let mut out = BufWriter::new(anstream::stdout().lock());
    let mut answer = Answer::Fine;
    // Python executes a broken pickle up to the place where it breaks.
    let mut broken = Report::default();
    let result = args.source.each_or(
        Py2Text::default(),
        &mut |document| {
            let report = look(args, document);
            if report.has_other() {
                answer = Answer::No;
            }
            report.write(&document.prefix(), &mut out)?;
            Ok(out.flush()?)
        },
        Some(&mut |bytes, range| {
            let base = range.start;
            broken::scan(bytes, range, base, &mut broken, "");
        }),
    );
    if broken.has_other() {
        answer = Answer::No;
    }
    broken.write("", &mut out)?;
    out.flush()?;
    result.map(|()| answer)
}

/// What a pickle and the pickles inside of it name.
fn look(args: &Args, document: Document<'_, '_>) -> Report {
    let mut report = Report::default();
    let mut queue = nested::Queue::default();
    report.add_pickle(document.pickle, document.base, "");
    queue.look(document.root, document.base, "", 1, &mut report);
    let too_deep = queue.run(&mut report);
    if too_deep {
        note(
            &args.name(),
            "pickles inside of pickles go deeper than this looks",
        );
        report.distrust();
    }
    report
}
