//! Reading content files.

use crate::environment::Environment;
use churten_diagnostics::Report;
use churten_syntax::{ParseOptions, parse_yaml_single};
use churten_value::{Source, Value};
use std::path::{Component, Path, PathBuf};

/// The error for a file that is absent or cannot be read, in ansible-core's words.
pub fn unreadable(path: &Path, error: &std::io::Error) -> Report {
    let shown = path.display();
    if error.kind() == std::io::ErrorKind::NotFound {
        return Report::new(format!(
            "Unable to retrieve file contents.\nCould not find or access '{shown}' on the Ansible Controller.\nIf you are \
             using a module and expect the file to exist on the remote, see the remote_src option: [Errno 2] No such file \
             or directory: '{shown}'"
        ));
    }
    let number = error.raw_os_error().unwrap_or(0);
    let system = error.to_string();
    let reason = system.split(" (os error").next().unwrap_or_default();
    Report::parser(format!(
        "An error occurred while trying to read the file '{shown}': [Errno {number}] {reason}: '{shown}'"
    ))
}

/// The file that an error of [`unreadable`] says is absent.
pub fn absent(report: &Report) -> Option<&str> {
    let rest = report.message.strip_prefix("Unable to retrieve file contents.\nCould not find or access '")?;
    rest.split_once("' on the Ansible Controller.").map(|(path, _)| path)
}

/// Parse a content file: its single document, `None` (Python's) when it is empty. Warnings go to the environment.
pub(crate) fn load(environment: &dyn Environment, path: &Path) -> Result<Value, Report> {
    let bytes = environment.read(path)?;
    let source = Source::file(&path.to_string_lossy());
    let options = ParseOptions { duplicate_keys: environment.duplicate_keys(), ..ParseOptions::TRUSTED };
    let parsed = parse_yaml_single(&bytes, source, &options)?;
    for warning in &parsed.warnings {
        environment.warning(warning.clone());
    }
    for deprecation in &parsed.deprecations {
        environment.deprecation(deprecation.clone(), "2.23");
    }
    Ok(parsed.into_value())
}

/// A path without `.`, `..` and doubled slashes, absolute; symbolic links stay.
pub(crate) fn absolute(path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    for component in whole.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                clean.pop();
            }
            other => clean.push(other),
        }
    }
    clean
}

/// A playbook's path from the command line: a relative one is cleaned, an absolute one stays as it is written.
pub(crate) fn on_command_line(path: &Path) -> PathBuf {
    if path.is_absolute() { path.to_path_buf() } else { absolute(path) }
}

/// `path` with a leading `~` as the home directory.
pub(crate) fn expand_home(path: &str) -> PathBuf {
    if (path == "~" || path.starts_with("~/"))
        && let Some(home) = std::env::var_os("HOME")
    {
        return Path::new(&home).join(path.trim_start_matches('~').trim_start_matches('/'));
    }
    PathBuf::from(path)
}
