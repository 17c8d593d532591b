//! An installed ansible-core, whose `module_utils` modules in Python need.

use std::path::{Path, PathBuf};

/// The library of an installed ansible-core.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Library {
    /// The directory that holds `ansible`.
    pub root: PathBuf,
    /// Its version: `2.19.14`.
    pub version: String,
}

impl Library {
    /// The first of some directories (`site-packages`) that holds ansible-core.
    pub fn find(directories: &[PathBuf]) -> Option<Self> {
        directories.iter().find_map(|root| {
            let version = version(&root.join("ansible/release.py"))?;
            root.join("ansible/module_utils/basic.py").is_file().then(|| Self { root: root.clone(), version })
        })
    }

    /// The file of one of ansible-core's own modules.
    pub fn module(&self, name: &str) -> Option<PathBuf> {
        let is_name = !name.is_empty() && name.chars().all(|letter| letter == '_' || letter.is_ascii_alphanumeric());
        let path = self.root.join("ansible/modules").join(format!("{name}.py"));
        (is_name && path.is_file()).then_some(path)
    }
}

fn version(release: &Path) -> Option<String> {
    let text = std::fs::read_to_string(release).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("__version__"))?;
    Some(line.trim_matches([' ', '=', '\'', '"']).to_owned())
}
