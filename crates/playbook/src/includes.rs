//! Where the file of an include or import is.

use crate::Role;
use crate::files::{absolute, expand_home};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A chain with one more file argument inside.
pub(crate) fn extend(file: &str, chain: &[Arc<str>]) -> Arc<[Arc<str>]> {
    std::iter::once(Arc::from(file)).chain(chain.iter().cloned()).collect()
}

/// The file that `target` means: first beside the files the include came through, innermost first, then in the role's
/// directory, then beside the playbook. The last place is the answer when there is no such file.
pub(crate) fn search(
    target: &str,
    role: Option<&Role>,
    chain: &[Arc<str>],
    playbook_directory: &Path,
    handlers: bool,
) -> PathBuf {
    let target = expand_home(target);
    if target.is_absolute() {
        return target;
    }
    let kind = if handlers { "handlers" } else { "tasks" };
    let mut candidates = Vec::new();
    let mut cumulative = PathBuf::new();
    for file in chain {
        let directory = Path::new(&**file).parent().unwrap_or(Path::new(""));
        cumulative = directory.join(&cumulative);
        match role {
            Some(role) => candidates.push(role.path.join(kind).join(&cumulative).join(&target)),
            None => candidates.push(playbook_directory.join(&cumulative).join(&target)),
        }
    }
    if let Some(role) = role {
        candidates.push(role.path.join(kind).join(&target));
        if handlers {
            candidates.push(role.path.join("tasks").join(&target));
        }
        candidates.push(role.path.join(&target));
        candidates.push(playbook_directory.join(kind).join(&target));
    }
    let last = absolute(&playbook_directory.join(&target));
    candidates.into_iter().map(|candidate| absolute(&candidate)).find(|candidate| candidate.exists()).unwrap_or(last)
}
