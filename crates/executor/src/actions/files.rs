//! Files on the controller: where relative names are looked for.

use super::ActionContext;
use churten_diagnostics::Report;
use std::path::{Path, PathBuf};

/// Find a file of a task: absolute and `~` names as they are, others below each directory of the search path, first
/// in its `subdirectory` (`files`, `templates`, `vars`), then in itself.
pub(super) fn find(context: &ActionContext<'_>, subdirectory: &str, name: &str) -> Result<PathBuf, Report> {
    let name = expand_home(name);
    let candidates = candidates(context, subdirectory, &name);
    match candidates.iter().find(|path| path.exists()) {
        Some(found) => Ok(found.clone()),
        None => Err(not_found(&name, &candidates)),
    }
}

/// Where a name is, or would be: the first place that exists, else the last.
pub(super) fn placed(context: &ActionContext<'_>, subdirectory: &str, name: &str) -> PathBuf {
    let candidates = candidates(context, subdirectory, name);
    let found = candidates.iter().find(|path| path.exists()).or_else(|| candidates.last());
    found.cloned().unwrap_or_else(|| PathBuf::from(name))
}

fn candidates(context: &ActionContext<'_>, subdirectory: &str, name: &str) -> Vec<PathBuf> {
    if Path::new(name).is_absolute() {
        return vec![PathBuf::from(name)];
    }
    let own = context.task.search_path.iter().map(|directory| PathBuf::from(&**directory));
    let directories: Vec<PathBuf> = own.chain([context.play.play.search_directory.clone()]).collect();
    directories.iter().flat_map(|directory| [directory.join(subdirectory).join(name), directory.join(name)]).collect()
}

/// What is said of a name that is in none of the candidates.
pub(super) fn not_found(name: &str, candidates: &[PathBuf]) -> Report {
    let mut message = format!("Could not find or access '{name}'");
    if !Path::new(name).is_absolute() {
        message += "\nSearched in:";
        for path in candidates {
            message += &format!("\n\t{}", path.display());
        }
    }
    message += " on the Ansible Controller.\nIf you are using a module and expect the file to exist on the remote, see the remote_src option";
    Report::new(message)
}

/// `~` and `~/x` below the user's home.
pub(super) fn expand_home(name: &str) -> String {
    match (name.strip_prefix('~'), std::env::var("HOME")) {
        (Some(rest), Ok(home)) if rest.is_empty() || rest.starts_with('/') => home + rest,
        _ => name.to_owned(),
    }
}

/// The content of a file, decrypted when it is a vault and `decrypt` is set.
pub(super) fn read(context: &ActionContext<'_>, path: &Path, decrypt: bool) -> Result<Vec<u8>, Report> {
    let bytes = std::fs::read(path).map_err(|error| {
        Report::new(format!("an error occurred while trying to read the file '{}': {error}", path.display()))
    })?;
    if !decrypt || !churten_vault::is_vault(&bytes) {
        return Ok(bytes);
    }
    let secrets = &context.engine.secrets;
    if secrets.is_empty() {
        let path = path.display();
        return Err(Report::new(format!("A vault password or secret must be specified to decrypt {path}")));
    }
    Ok(std::mem::take(&mut *secrets.content(bytes, path)?))
}

/// What is in a template; a vault is decrypted.
pub(super) fn read_template(context: &ActionContext<'_>, path: &Path) -> Result<Vec<u8>, Report> {
    let bytes = read(context, path, false)?;
    Ok(std::mem::take(&mut *context.engine.secrets.content(bytes, path)?))
}
