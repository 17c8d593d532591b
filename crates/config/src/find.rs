//! Which configuration file applies.

use crate::{Environment, expand_path};
use churten_diagnostics::Report;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// The first readable of `ANSIBLE_CONFIG`, `./ansible.cfg`, `~/.ansible.cfg`, `/etc/ansible/ansible.cfg`, and the
/// warning when the second had to be refused.
pub(crate) fn find(environment: &Environment) -> (Option<PathBuf>, Option<Report>) {
    let here = &environment.working_directory;
    let is_file = |path: &Path| std::fs::File::open(path).is_ok() && !path.is_dir();
    if let Some(text) = environment.variables.get("ANSIBLE_CONFIG") {
        let mut path = expand_path(text, here, environment);
        if path.is_dir() {
            path.push("ansible.cfg");
        }
        if is_file(&path) {
            return (Some(path), None);
        }
    }
    let mut warning = None;
    let local = here.join("ansible.cfg");
    if let Ok(facts) = std::fs::metadata(here) {
        if facts.permissions().mode() & 0o002 == 0 {
            if is_file(&local) {
                return (Some(local), None);
            }
        } else if local.exists() {
            warning = Some(Report::new(format!(
                "Ansible is being run in a world writable directory ({}), ignoring it as an ansible.cfg source. For \
                 more information see \
                 https://docs.ansible.com/ansible/devel/reference_appendices/config.html#cfg-in-world-writable-dir",
                here.display()
            )));
        }
    }
    let rest = [environment.home.join(".ansible.cfg"), PathBuf::from("/etc/ansible/ansible.cfg")];
    (rest.into_iter().find(|path| is_file(path)), warning)
}
