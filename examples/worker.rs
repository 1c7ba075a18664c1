//! Messages to a worker in Python and back, over pipes, with the arrays beside the pickles (PEP 574).
//!
//!     cargo run --release --example worker
//!
//! Needs a Python with NumPy: `python3`, or what the variable PYTHON names. A message is some numbers (the lengths of the pickle, the
//! count of its buffers, the length of each), the pickle, and the buffers. No array is copied into a pickle, or out of it: what
//! goes into the pipe is the memory of an array, and what comes out becomes that of another. `worker.py` is the other side.

// The tool's output is what it is for.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::error::Error;
use std::io::{self, Read, Write};
use std::process::{ChildStdin, ChildStdout, Command, Stdio};

use ndarray::{ArcArray2, Array2, CowArray, Ix2};
use ndpickle::{Flavour, Limits, Pickle, Stream as _, write};
use serde::{Deserialize, Serialize};

/// What the worker says first: requests are made for these versions.
#[derive(Deserialize)]
struct Hello<'a> {
    python: &'a str,
    numpy: &'a str,
}

#[derive(Serialize)]
struct Request<'a> {
    id: u32,
    op: &'a str,
    /// Shared, so that the message has it without a copy.
    #[serde(with = "ndpickle::array")]
    array: ArcArray2<f64>,
}

#[derive(Deserialize)]
struct Answer<'a> {
    id: u32,
    error: Option<&'a str>,
    #[serde(borrow, with = "ndpickle::array")]
    array: Option<CowArray<'a, f64, Ix2>>,
}

/// A pickle and its buffers, as they came out of the pipe.
struct Message {
    pickle: Vec<u8>,
    buffers: Vec<Vec<u8>>,
}

impl Message {
    /// The value, which borrows its texts and arrays.
    fn value<'a, T: Deserialize<'a>>(&'a self) -> ndpickle::Result<T> {
        let options = Pickle::options().limits(Limits::strict());
        let buffers = self.buffers.iter().map(|buffer| &buffer[..]);
        ndpickle::from_node(options.buffers(buffers).parse(&self.pickle)?.root())
    }
}

fn main() {
    if let Err(error) = run() {
        eprintln!("worker: {error}");
        std::process::exit(1);
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".into());
    let mut command = Command::new(&python);
    command.args(["-c", include_str!("worker.py")]);
    let worker = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut worker = worker.map_err(|error| format!("{python} does not start: {error}"))?;
    let pipes = worker.stdin.take().zip(worker.stdout.take());
    let (to, from) = pipes.ok_or("no pipes")?;
    // It closes the pipes, which ends a worker that waits for one of them.
    let talked = talk(to, from);
    let status = worker.wait()?;
    match talked {
        Ok(()) if status.success() => Ok(()),
        Ok(()) => Err(format!("{python} ended with {status}").into()),
        Err(error) => Err(format!("{error}; {python} ended with {status}").into()),
    }
}

fn talk(mut to: ChildStdin, mut from: ChildStdout) -> Result<(), Box<dyn Error>> {
    let hello = receive(&mut from).map_err(|_| "no worker, or one without NumPy")?;
    let Hello { python, numpy } = hello.value()?;
    println!("the worker has Python {python} and NumPy {numpy}");
    let flavour = Flavour::new(5, python.parse()?, numpy.parse()?)?;
    let array = Array2::from_shape_fn((100_000, 3), |(i, j)| ((i * 7919 + j * 31) % 1009) as f64);
    let array = array.into_shared();
    for (id, op) in (1..).zip(["sort", "gram", "fly"]) {
        let array = array.clone();
        send(&mut to, &Request { id, op, array }, flavour)?;
        let message = receive(&mut from).map_err(|error| format!("no answer to {op}: {error}"))?;
        let answer: Answer<'_> = message.value()?;
        let bytes = message.pickle.len();
        println!("answer {} is a pickle of {bytes} bytes, and:", answer.id);
        match answer.array {
            Some(array) if array.is_view() => println!("{array}"),
            Some(_) => return Err("the array was copied".into()),
            None => println!("{}", answer.error.unwrap_or("nothing")),
        }
    }
    Ok(())
}

fn send<T: Serialize>(to: &mut impl Write, value: &T, flavour: Flavour) -> ndpickle::Result<()> {
    let made = ndpickle::to_graph(value, flavour)?;
    let (pickle, buffers) = write::Options::new().to_vec_with_buffers(&made)?;
    let mut numbers = vec![pickle.len() as u64, buffers.len() as u64];
    numbers.extend(buffers.iter().map(|buffer| buffer.payload.len()));
    for number in numbers {
        to.write_all(&number.to_le_bytes())?;
    }
    to.write_all(&pickle)?;
    buffers
        .iter()
        .try_for_each(|buffer| buffer.payload.write_to(to))
}

fn receive(from: &mut impl Read) -> io::Result<Message> {
    let (size, count) = (number(from)?, number(from)?);
    let lengths = (0..count)
        .map(|_| number(from))
        .collect::<io::Result<Vec<_>>>()?;
    let pickle = bytes(from, size)?;
    let buffers = lengths.into_iter().map(|length| bytes(from, length));
    let buffers = buffers.collect::<io::Result<_>>()?;
    Ok(Message { pickle, buffers })
}

fn number(from: &mut impl Read) -> io::Result<u64> {
    let mut bytes = [0; 8];
    from.read_exact(&mut bytes)?;
    Ok(u64::from_le_bytes(bytes))
}

/// Memory is taken as bytes come, whatever the length says.
fn bytes(from: &mut impl Read, length: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    match from.take(length).read_to_end(&mut bytes)? as u64 == length {
        true => Ok(bytes),
        false => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}
