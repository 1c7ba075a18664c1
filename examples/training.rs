//! A training that is interrupted, and goes on as if nothing had happened.
//!
//!     cargo run --release --example training [FILE [EPOCHS]]
//!
//! All that the training depends on is in one struct: weights, moments, the epoch, the random numbers. It is saved as a pickle,
//! which Python loads as a dict with arrays of NumPy, and a file is there whole or not at all. Where FILE is there, the training
//! goes on from it.

// The tool's output is what it is for.
#![allow(clippy::print_stdout)]

use std::error::Error;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use ndarray::{Array1, Array2, Axis, array};
use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;

const RATE: f64 = 0.02;
const MOMENTUM: f64 = 0.9;

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct State {
    epoch: u32,
    random: u64,
    weights: Layer,
    moments: Layer,
}

/// The weights, or what the optimizer keeps of each.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Layer {
    #[serde(with = "ndpickle::array")]
    slope: Array2<f64>,
    #[serde(with = "ndpickle::array")]
    bias: Array1<f64>,
}

/// Inputs and targets, a row for each sample.
type Data = (Array2<f64>, Array2<f64>);

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args_os().skip(1);
    let folder = tempfile::tempdir()?;
    let path = args.next().map(PathBuf::from);
    let path = path.unwrap_or_else(|| folder.path().join("state.pkl"));
    let epochs = args.next().unwrap_or_else(|| "10".into());
    let epochs: u32 = epochs.to_str().ok_or("no number")?.parse()?;

    let inputs = Array2::from_shape_fn((64, 3), |(i, j)| (i as f64 * (j + 2) as f64).sin());
    let truth = array![[1.0, -2.0], [0.5, 0.25], [-3.0, 0.0]];
    let targets = inputs.dot(&truth) + array![10.0, -10.0];
    let data = (inputs, targets);

    // Twice, as two runs of a program would: the second one knows nothing but the file.
    for until in [epochs / 2, epochs] {
        let mut state = match path.exists() {
            true => State::load(&path)?,
            false => State::new(),
        };
        state.train(&data, until);
        state.save(&path)?;
    }
    let mut whole = State::new();
    whole.train(&data, epochs);
    let resumed = State::load(&path)?;
    println!("after {} epochs:\n{}", resumed.epoch, resumed.weights.slope);
    // To the last bit, as everything that it depends on was saved.
    match resumed == whole {
        true => Ok(()),
        false => Err("the trainings differ".into()),
    }
}

impl State {
    fn new() -> State {
        let zeros = || Layer {
            slope: Array2::zeros((3, 2)),
            bias: Array1::zeros(2),
        };
        State {
            epoch: 0,
            random: 0x2545_f491_4f6c_dd1d,
            weights: zeros(),
            moments: zeros(),
        }
    }

    fn load(path: &Path) -> Result<State, Box<dyn Error>> {
        let state: State = ndpickle::from_path(path)?;
        let is_ours = |layer: &Layer| layer.slope.dim() == (3, 2) && layer.bias.len() == 2;
        match is_ours(&state.weights) && is_ours(&state.moments) {
            true => Ok(state),
            false => Err("the state of another model".into()),
        }
    }

    /// What the path led to before stays there until the new state is complete.
    fn save(&self, path: &Path) -> Result<(), Box<dyn Error>> {
        let path = std::path::absolute(path)?;
        let folder = path.parent().ok_or("no folder")?;
        let mut out = BufWriter::new(NamedTempFile::new_in(folder)?);
        ndpickle::to_writer(&mut out, self)?;
        let file = out.into_inner()?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        Ok(())
    }

    fn train(&mut self, data: &Data, epochs: u32) {
        while self.epoch < epochs {
            for _ in 0..data.0.nrows() {
                self.step(data);
            }
            self.epoch += 1;
        }
    }

    /// Down the gradient at a random sample.
    fn step(&mut self, (inputs, targets): &Data) {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        let sample = (self.random % inputs.nrows() as u64) as usize;
        let input = inputs.row(sample);
        let (weights, moments) = (&mut self.weights, &mut self.moments);
        let error = input.dot(&weights.slope) + &weights.bias - targets.row(sample);
        let gradient = &input.insert_axis(Axis(1)) * &error;
        moments.slope = &moments.slope * MOMENTUM + gradient;
        moments.bias = &moments.bias * MOMENTUM + error;
        weights.slope.scaled_add(-RATE, &moments.slope);
        weights.bias.scaled_add(-RATE, &moments.bias);
    }
}
