//! CPython: an environment with NumPy, and the server that runs in it.

use std::env;
use std::error::Error;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use crate::measure::Sample;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const SERVER: &str = include_str!("../python/server.py");

/// The running server.
pub struct Python {
    interpreter: PathBuf,
    child: Child,
    requests: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    /// Version of Python.
    pub version: String,
    /// Version of NumPy.
    pub numpy: String,
    /// Today, as the system has it.
    pub date: String,
}

impl Python {
    /// Starts the server, in an environment that is made on first use.
    pub fn start() -> Result<Python> {
        let interpreter = environment()?;
        let mut child = Command::new(&interpreter)
            .args(["-c", SERVER])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let requests = child.stdin.take();
        let answers = child.stdout.take().ok_or("no pipe")?;
        let mut python = Python {
            interpreter,
            child,
            requests,
            answers: BufReader::new(answers),
            version: String::new(),
            numpy: String::new(),
            date: String::new(),
        };
        let hello = python.line()?;
        let mut words = hello.split('\t').map(String::from);
        let mut next = || words.next().ok_or("Python did not say its versions");
        (python.version, python.numpy, python.date) = (next()?, next()?, next()?);
        Ok(python)
    }

    /// Writes one of the data sets as a pickle.
    pub fn make(&mut self, name: &str, path: &Path) -> Result<()> {
        self.ask(&["make", name, &path.display().to_string()])?;
        Ok(())
    }

    /// Times a call `n` times: `loads`, `load` or `dumps`.
    pub fn time(&mut self, call: &str, path: &Path, n: usize) -> Result<Vec<Sample>> {
        let times = self.ask(&[call, &path.display().to_string(), &n.to_string()])?;
        let pairs = times.chunks_exact(2).map(|pair| Sample {
            work: Duration::from_nanos(pair[0]),
            drop: Duration::from_nanos(pair[1]),
        });
        Ok(pairs.collect())
    }

    /// By how many KiB one `pickle.loads` makes the peak memory of a fresh process grow.
    pub fn peak(&self, path: &Path) -> Option<u64> {
        let mut child = Command::new(&self.interpreter);
        child.args(["-c", SERVER, "peak"]).arg(path);
        let output = child.output().ok()?;
        let answer = String::from_utf8(output.stdout).ok()?;
        answer.trim().strip_prefix("ok\t")?.parse().ok()
    }

    fn ask(&mut self, words: &[&str]) -> Result<Vec<u64>> {
        let requests = self.requests.as_mut().ok_or("the server has ended")?;
        writeln!(requests, "{}", words.join("\t"))?;
        let answer = self.line()?;
        match answer.split_once('\t').unwrap_or((&answer, "")) {
            ("ok", "") => Ok(Vec::new()),
            ("ok", numbers) => Ok(numbers
                .split('\t')
                .map(str::parse)
                .collect::<std::result::Result<_, _>>()?),
            (_, why) => Err(format!("Python, asked to {}: {why}", words[0]).into()),
        }
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        if self.answers.read_line(&mut line)? == 0 {
            return Err("Python ended without an answer; its error is above".into());
        }
        line.truncate(line.trim_end().len());
        Ok(line)
    }
}

impl Drop for Python {
    fn drop(&mut self) {
        // The server ends with its input.
        self.requests = None;
        let _ = self.child.wait();
    }
}

/// The interpreter of an environment with NumPy, outside of the source tree: it outlives `cargo clean`.
fn environment() -> Result<PathBuf> {
    let cache = env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| env::home_dir().map(|home| home.join(".cache")))
        .ok_or("no XDG_CACHE_HOME and no home directory for the Python environment")?;
    let folder = cache.join("ndpickle").join("bench-venv");
    let interpreter = folder.join(if cfg!(windows) {
        "Scripts/python.exe"
    } else {
        "bin/python"
    });
    let mut check = Command::new(&interpreter);
    if run(check.args(["-c", "import numpy"])).is_ok() {
        return Ok(interpreter);
    }
    eprintln!(
        "making a Python environment with NumPy in {}",
        folder.display()
    );
    let mut venv = Command::new("python3");
    venv.args(["-m", "venv", "--clear"]).arg(&folder);
    let mut pip = Command::new(&interpreter);
    pip.args(["-m", "pip", "install", "--quiet", "numpy"]);
    for command in [&mut venv, &mut pip] {
        run(command).map_err(|why| {
            format!("the benches need python3 with venv, and NumPy from pip: {command:?}: {why}")
        })?;
    }
    Ok(interpreter)
}

fn run(command: &mut Command) -> std::result::Result<(), String> {
    let output = command.output().map_err(|error| error.to_string())?;
    if output.status.success() {
        return Ok(());
    }
    Err(String::from_utf8_lossy(&output.stderr).trim().to_owned())
}
