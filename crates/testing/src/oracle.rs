//! ansible-core, whose behaviour is the measure.

use std::path::{Path, PathBuf};

/// Names the directory of the oracle's programs.
pub const ORACLE_VARIABLE: &str = "CHURTEN_ORACLE";

/// An installation of ansible-core.
#[derive(Clone, Debug)]
pub struct Oracle {
    directory: PathBuf,
}

impl Oracle {
    /// The oracle of the environment; tests that need one say why they do nothing without it.
    pub fn find() -> Option<Self> {
        let directory = PathBuf::from(std::env::var_os(ORACLE_VARIABLE)?);
        directory.join("ansible-playbook").is_file().then_some(Self { directory })
    }

    /// One of its programs: `ansible-playbook`.
    pub fn program(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }

    /// Its Python interpreter, which runs modules.
    pub fn python(&self) -> PathBuf {
        self.directory.join("python")
    }

    /// The directory of its programs.
    pub fn directory(&self) -> &Path {
        &self.directory
    }
}
