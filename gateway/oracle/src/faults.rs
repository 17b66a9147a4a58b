//! Faults that are planted one at a time, to see that tests or the oracle find them.
//!
//! Everything happens in a copy of the repository, which is made once; its builds are incremental.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;

/// How long the oracle looks for one fault, in seconds.
const SECONDS: &str = "15";

/// The seed it begins with: the same for every fault, so that a run can be repeated.
const SEED: &str = "1";

/// One planted fault.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// What goes wrong.
    pub what: String,
    /// The file, from the root of the repository.
    pub file: PathBuf,
    /// A piece of its text that occurs once.
    pub old: String,
    /// What stands there instead.
    pub new: String,
}

/// What became of a fault.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Outcome {
    /// The oracle found it.
    FoundByOracle,
    /// A test of planner, executor or of the oracle's own cases found it.
    FoundByCases,
    /// Nobody did.
    NotFound,
    /// The faulty code does not compile, so nothing was tried.
    NotPlanted,
}

/// Why faults cannot be tried.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or a program cannot be used.
    #[error("{0}: {1}")]
    Io(PathBuf, io::Error),
    /// The list cannot be read.
    #[error("the list of faults: {0}")]
    List(#[from] serde_norway::Error),
    /// The text does not occur once, so the list is out of date.
    #[error("{0}: there is not exactly one `{1}`")]
    Outdated(PathBuf, String),
}

/// A copy of the repository, to plant faults in.
#[derive(Debug)]
pub struct Copy {
    root: PathBuf,
}

/// Reads a list of faults.
///
/// # Errors
///
/// When it is not such a list.
pub fn read(text: &str) -> Result<Vec<Fault>, Error> {
    Ok(serde_norway::from_str(text)?)
}

impl Fault {
    /// Whether it can be planted in the repository at `root`.
    ///
    /// # Errors
    ///
    /// When the text that it replaces does not occur exactly once.
    pub fn check(&self, root: &Path) -> Result<(), Error> {
        self.planted(root).map(|_| ())
    }

    /// Its file without and with it.
    fn planted(&self, root: &Path) -> Result<(String, String), Error> {
        let path = root.join(&self.file);
        let healthy = fs::read_to_string(&path).map_err(|error| Error::Io(path, error))?;
        if healthy.matches(&self.old).count() != 1 {
            return Err(Error::Outdated(self.file.clone(), self.old.clone()));
        }
        let faulty = healthy.replace(&self.old, &self.new);
        Ok((healthy, faulty))
    }
}

impl Copy {
    /// Copies the files of the repository at `from` that git knows to `to`, which survives: a
    /// second run builds what has changed.
    ///
    /// # Errors
    ///
    /// When git or the file system fails.
    pub fn of(from: &Path, to: &Path) -> Result<Self, Error> {
        let at = |path: &Path| {
            let path = path.to_owned();
            move |error| Error::Io(path, error)
        };
        let listed = Command::new("git")
            .args(["ls-files", "--cached", "--others", "--exclude-standard"])
            .current_dir(from)
            .output()
            .map_err(at(from))?;
        for file in String::from_utf8_lossy(&listed.stdout).lines() {
            let (source, target) = (from.join(file), to.join(file));
            let Ok(text) = fs::read(&source) else {
                // Deleted, and git has not been told.
                continue;
            };
            if fs::read(&target).is_ok_and(|known| known == text) {
                continue;
            }
            let folder = target.parent().unwrap_or(to);
            fs::create_dir_all(folder).map_err(at(folder))?;
            fs::write(&target, text).map_err(at(&target))?;
        }
        Ok(Self {
            root: to.to_owned(),
        })
    }

    /// Plants a fault, looks who finds it, and takes it out again.
    ///
    /// # Errors
    ///
    /// When the file system or cargo fails.
    pub fn try_out(&self, fault: &Fault) -> Result<Outcome, Error> {
        let path = self.root.join(&fault.file);
        let (healthy, faulty) = fault.planted(&self.root)?;
        let at = |error| Error::Io(path.clone(), error);
        fs::write(&path, faulty).map_err(at)?;
        let outcome = self.look();
        fs::write(&path, healthy).map_err(at)?;
        outcome
    }

    fn look(&self) -> Result<Outcome, Error> {
        if !self.cargo(&["build", "--quiet", "--package", "oracle", "--bin", "oracle"])? {
            return Ok(Outcome::NotPlanted);
        }
        let oracle = [
            "run",
            "--quiet",
            "--package",
            "oracle",
            "--bin",
            "oracle",
            "--",
            "--as-is",
            "--seed",
            SEED,
            "--seconds",
            SECONDS,
        ];
        if !self.cargo(&oracle)? {
            return Ok(Outcome::FoundByOracle);
        }
        // All at once: alone, each would build its dependencies with other features.
        let cases = [
            "test",
            "--quiet",
            "--package",
            "executor",
            "--package",
            "planner",
            "--package",
            "oracle",
        ];
        if !self.cargo(&cases)? {
            return Ok(Outcome::FoundByCases);
        }
        Ok(Outcome::NotFound)
    }

    /// Runs cargo in the copy; whether all went well.
    fn cargo(&self, arguments: &[&str]) -> Result<bool, Error> {
        let status = Command::new("cargo")
            .args(arguments)
            .env_remove("RUSTFLAGS")
            .current_dir(&self.root)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .map_err(|error| Error::Io(self.root.clone(), error))?;
        Ok(status.success())
    }
}
