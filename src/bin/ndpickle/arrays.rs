//! `ndpickle arrays`: every NumPy array and scalar, one a line.

use std::io::{self, BufWriter, Write};

use ndpickle::numpy::{ArrayKind, Arrays, DType, Field, NdArray, Row};
use ndpickle::{Error, ErrorKind};
use serde_json::{Value, json};

use crate::documents::{Document, Py2Str, Source};
use crate::failure::Failure;
use crate::{hash, text};

/// List every NumPy array and scalar, one a line.
///
/// Arrays inside of objects of unknown classes, random states and object arrays are listed too. A damaged array is a
/// line that says why, and the exit status stays 0.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    source: Source,

    /// One JSON object a line: path, kind, dtype, shape, order, nbytes.
    #[arg(long)]
    json: bool,

    /// Add the SHA-256 of the elements in C order, every number little-endian.
    #[arg(long)]
    sha256: bool,

    /// What Python 2 strings are.
    #[arg(long, value_enum, value_name = "ENCODING", default_value = "ascii")]
    py2_str: Py2Str,
}

impl Args {
    pub(crate) fn name(&self) -> String {
        self.source.name()
    }
}

pub(crate) fn run(args: &Args) -> Result<(), Failure> {
    let mut out = BufWriter::new(io::stdout().lock());
    let mut table = Table::default();
    args.source.each(args.py2_str.into(), &mut |document| {
        let mut budget = hash::Budget::of(document.pickle);
        for row in Arrays::below(document.root) {
            let told = Told::new(&row, document, args.sha256.then_some(&mut budget));
            if args.json {
                told.write_json(&mut out)?;
            } else {
                table.push(told.columns(args.sha256), &mut out)?;
            }
        }
        // What stands in a later pickle may be long in coming.
        table.flush(&mut out)?;
        Ok(out.flush()?)
    })
}

/// What is told of an array.
struct Told {
    path: String,
    kind: ArrayKind,
    known: Option<Known>,
    /// There where hashes were asked for; null where there can be none.
    sha256: Option<Option<String>>,
    mask_sha256: Option<Option<String>>,
    error: Option<String>,
}

/// What is known of an array that is whole.
struct Known {
    dtype: Value,
    shape: Vec<usize>,
    order: char,
    nbytes: u64,
}

impl Told {
    fn new(
        row: &Row<'_, '_>,
        document: Document<'_, '_>,
        hashed: Option<&mut hash::Budget>,
    ) -> Told {
        let mut told = Told {
            path: document.prefix() + &row.path,
            kind: row.kind,
            known: None,
            sha256: hashed.as_ref().map(|_| None),
            mask_sha256: None,
            error: None,
        };
        let array = match &row.array {
            Ok(array) => array,
            Err(error) => {
                told.error = Some(reason(error, document.base));
                return told;
            }
        };
        told.known = Some(Known::of(array));
        if let Some(budget) = hashed {
            if !budget.spend(array) {
                told.error = Some("not hashed: too many arrays with the same bytes".into());
                return told;
            }
            match hash::of_array(array) {
                Ok(hash) => told.sha256 = Some(hash),
                Err(error) => told.error = Some(reason(&error, document.base)),
            }
            if let Some(mask) = array.mask() {
                let mask = mask.to_bytes();
                told.mask_sha256 = Some(mask.ok().map(|mask| hash::of_bytes(&mask)));
            }
        }
        told
    }

    /// The object of the contract, its keys in that order.
    fn write_json(&self, out: &mut impl Write) -> io::Result<()> {
        let string = |text: &str| Value::from(text).to_string();
        let or_null = |hash: &Option<String>| match hash {
            Some(hash) => string(hash),
            None => "null".to_owned(),
        };
        write!(
            out,
            "{{\"path\":{},\"kind\":{}",
            string(&self.path),
            string(self.kind.name())
        )?;
        match &self.known {
            Some(known) => write!(
                out,
                ",\"dtype\":{},\"shape\":{},\"order\":\"{}\",\"nbytes\":{}",
                known.dtype,
                Value::from(known.shape.clone()),
                known.order,
                known.nbytes
            )?,
            None => {
                out.write_all(b",\"dtype\":null,\"shape\":null,\"order\":null,\"nbytes\":null")?
            }
        }
        if let Some(hash) = &self.sha256 {
            write!(out, ",\"sha256\":{}", or_null(hash))?;
        }
        if let Some(hash) = &self.mask_sha256 {
            write!(out, ",\"mask_sha256\":{}", or_null(hash))?;
        }
        if let Some(error) = &self.error {
            write!(out, ",\"error\":{}", string(error))?;
        }
        out.write_all(b"}\n")
    }

    fn columns(&self, hashed: bool) -> Vec<String> {
        let path = match self.path.as_str() {
            "" => ".".to_owned(),
            path => text::safe(path).into_owned(),
        };
        let mut columns = vec![path, self.kind.name().to_owned()];
        if let Some(known) = &self.known {
            columns.push(text::safe(&dtype_text(&known.dtype)).into_owned());
            columns.push(shape(&known.shape));
            columns.push(known.order.to_string());
            columns.push(text::size(known.nbytes));
        }
        if let Some(error) = &self.error {
            columns.push(format!("damaged: {}", text::safe(error)));
        } else if hashed {
            let hash = self.sha256.clone().flatten();
            columns.push(hash.unwrap_or_else(|| "-".into()));
        }
        if let Some(Some(hash)) = &self.mask_sha256 {
            columns.push(format!("mask {hash}"));
        }
        columns
    }
}

impl Known {
    fn of(array: &NdArray<'_>) -> Known {
        Known {
            dtype: dtype(array.dtype()),
            shape: array.shape().to_vec(),
            order: order(array),
            nbytes: array.nbytes(),
        }
    }
}

/// A dtype as JSON: its text, or its fields as a list of name, title, dtype, shape and offset.
fn dtype(dtype: &DType) -> Value {
    let Some(fields) = dtype.fields() else {
        return dtype.to_string().into();
    };
    let field = |field: &Field| {
        let (base, shape) = field.dtype().subarray().unwrap_or((field.dtype(), &[]));
        let base = self::dtype(base);
        json!([field.name(), field.title(), base, shape, field.offset()])
    };
    fields.iter().map(field).collect()
}

fn dtype_text(dtype: &Value) -> String {
    match dtype {
        Value::String(text) => text.clone(),
        fields => fields.to_string(),
    }
}

/// The letter of the order.
pub(crate) fn order(array: &NdArray<'_>) -> char {
    match array.order() {
        ndpickle::numpy::Order::C => 'C',
        ndpickle::numpy::Order::F => 'F',
        ndpickle::numpy::Order::K => 'K',
    }
}

/// A shape as Python has it: `(3,)`.
pub(crate) fn shape(shape: &[usize]) -> String {
    match shape {
        [len] => format!("({len},)"),
        _ => {
            let lens: Vec<String> = shape.iter().map(usize::to_string).collect();
            format!("({})", lens.join(", "))
        }
    }
}

/// Why an array is damaged, without its path: that stands in front.
pub(crate) fn reason(error: &Error, base: u64) -> String {
    if matches!(error.kind(), ErrorKind::Io) {
        return error.to_string();
    }
    match error.offset() {
        Some(offset) => format!("{} (offset {})", error.kind(), base.saturating_add(offset)),
        None => error.kind().to_string(),
    }
}

/// Lines with aligned columns. Widths are those of all rows so far, and rows wait a while for each other.
#[derive(Default)]
struct Table {
    widths: Vec<usize>,
    rows: Vec<Vec<String>>,
}

/// How many rows wait for each other.
const BLOCK: usize = 1000;

/// A column gets no wider than this for a few long texts' sake.
const WIDEST: usize = 60;

impl Table {
    fn push(&mut self, row: Vec<String>, out: &mut impl Write) -> io::Result<()> {
        self.rows.push(row);
        if self.rows.len() < BLOCK {
            return Ok(());
        }
        self.flush(out)
    }

    fn flush(&mut self, out: &mut impl Write) -> io::Result<()> {
        for row in &self.rows {
            self.widths.resize(self.widths.len().max(row.len()), 0);
            // What stands last needs no room behind it.
            let aligned = row.split_last().map_or(&[][..], |(_, before)| before);
            for (widest, text) in self.widths.iter_mut().zip(aligned) {
                *widest = (*widest).max(text::width(text).min(WIDEST));
            }
        }
        for row in self.rows.drain(..) {
            let last = row.len() - 1;
            for (n, text) in row.iter().enumerate() {
                match n {
                    _ if n == last => writeln!(out, "{text}")?,
                    _ => write!(out, "{text:width$}  ", width = self.widths[n])?,
                }
            }
        }
        Ok(())
    }
}
