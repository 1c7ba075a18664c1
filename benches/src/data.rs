//! The pickles that are measured: made by Python once a run, in a folder that goes away with it.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use crate::python::Python;

/// A pickle as a file and in memory.
pub struct Input {
    pub path: PathBuf,
    pub bytes: Vec<u8>,
}

impl Input {
    pub fn read(path: &Path) -> std::io::Result<Input> {
        Ok(Input {
            path: path.to_owned(),
            bytes: fs::read(path)?,
        })
    }
}

/// The folder of the pickles.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> std::io::Result<Folder> {
        let folder = std::env::temp_dir().join(format!("ndpickle-benches-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        Ok(Folder(folder))
    }

    /// The pickle of this name, made where it is not there yet.
    pub fn input(&self, name: &str, python: &mut Python) -> Result<Input, Box<dyn Error>> {
        let path = self.0.join(name).with_extension("pkl");
        if !path.exists() {
            python.make(name, &path)?;
        }
        Ok(Input::read(&path)?)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
