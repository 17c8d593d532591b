//! `churten link`: the programs of Ansible as links to this one.

use super::dispatch::Program;
use churten_diagnostics::Report;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

/// Make a link for every program of Ansible that churten has; gives their paths.
///
/// # Errors
/// When a link cannot be made, or a file that is no link is in its place.
pub(crate) fn link(directory: &Path) -> Result<Vec<PathBuf>, Report> {
    let failed = |path: &Path, error: std::io::Error| Report::new(format!("cannot link {}: {error}", path.display()));
    let executable = std::env::current_exe().map_err(|error| failed(directory, error))?;
    let mut made = Vec::new();
    for (_, name, _) in Program::ALL {
        let path = directory.join(name);
        match std::fs::symlink_metadata(&path) {
            Ok(metadata) if metadata.is_symlink() => {
                std::fs::remove_file(&path).map_err(|error| failed(&path, error))?;
            }
            Ok(_) => return Err(Report::new(format!("{} exists and is no link", path.display()))),
            Err(_) => {}
        }
        symlink(&executable, &path).map_err(|error| failed(&path, error))?;
        made.push(path);
    }
    Ok(made)
}
