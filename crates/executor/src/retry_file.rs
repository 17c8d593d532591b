//! Retry files: the hosts that failed, one a line, for `--limit @FILE`.

use churten_config::Settings;
use churten_diagnostics::python_error;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Write the retry file of a playbook, when the settings call for one and hosts failed.
///
/// # Errors
/// The warning to show.
pub(crate) fn write(
    settings: &Settings,
    playbook: &Path,
    failed: &BTreeSet<Arc<str>>,
) -> Result<Option<PathBuf>, String> {
    if !settings.retry_files_enabled() || failed.is_empty() {
        return Ok(None);
    }
    let playbook = std::path::absolute(playbook).unwrap_or_else(|_| playbook.to_path_buf());
    let directory = match settings.retry_files_save_path() {
        Some(path) => PathBuf::from(path),
        None => playbook.parent().map(Path::to_path_buf).unwrap_or_default(),
    };
    let mut name = playbook.file_stem().unwrap_or_default().to_owned();
    name.push(".retry");
    let file = directory.join(name);
    let failure = |reason: String| format!("Could not create retry file '{}'.\n\t{reason}", file.display());
    std::fs::create_dir_all(&directory).map_err(|error| {
        let shown = directory.display();
        failure(format!("Unable to create local directories '{shown}': {}: b'{shown}'", python_error(&error)))
    })?;
    let text: String = failed.iter().map(|host| format!("{host}\n")).collect();
    std::fs::write(&file, text).map_err(|error| failure(format!("{}: '{}'", python_error(&error), file.display())))?;
    Ok(Some(file))
}
