//! What manuals of native modules say beside the declarations: examples and return values, a file for each in `manuals/`.
//!
//! A file has the form of a sidecar (`EXAMPLES`, `RETURN`) without its `DOCUMENTATION`. In what is said of values, text between
//! backticks is marked as in doc comments.

use crate::native::marked;
use crate::source;
use churten_value::{Dict, Source, Value};

/// Expands to the files by the names of their modules.
macro_rules! words {
    ($($name:literal,)*) => {
        /// The files by the names of modules: short ones, and full ones of other collections.
        const FILES: &[(&str, &str)] = &[$(($name, include_str!(concat!("../manuals/", $name, ".yml")))),*];
    };
}

words! {
    "add_host", "ansible.posix.authorized_key", "ansible.posix.mount", "ansible.posix.synchronize",
    "ansible.posix.sysctl", "apt", "apt_key", "apt_repository", "assemble", "assert", "async_status",
    "blockinfile", "command", "community.general.alternatives", "community.general.archive",
    "community.general.ini_file", "community.general.locale_gen", "community.general.modprobe",
    "community.general.npm", "community.general.pam_limits", "community.general.timezone", "community.general.ufw",
    "copy", "cron", "deb822_repository", "debconf", "debug", "dnf", "dnf5", "dpkg_selections", "expect", "fail", "fetch",
    "file", "find", "gather_facts", "get_url", "getent", "git", "group", "group_by", "hostname", "import_playbook",
    "import_role", "import_tasks", "include_role", "include_tasks", "include_vars", "iptables", "known_hosts",
    "lineinfile", "meta", "mount_facts", "package", "package_facts", "pause", "ping", "pip", "raw", "reboot",
    "replace", "rpm_key", "script", "service", "service_facts", "set_fact", "set_stats", "setup", "shell", "slurp",
    "stat", "subversion", "systemd", "systemd_service", "sysvinit", "tempfile", "template", "unarchive", "uri",
    "user", "validate_argument_spec", "wait_for", "wait_for_connection", "yum_repository",
}

/// Examples and return values of a native module, by its short name or that in its collection.
pub(crate) fn words(name: &str) -> Option<(Value, Value)> {
    let (_, text) = FILES.iter().find(|(of, _)| *of == name)?;
    let blocks = source::sidecar(text, Source::file(&format!("manuals/{name}.yml"))).ok()?;
    let returned = match blocks.returned.as_dict() {
        Some(values) => said(values).into(),
        None => Value::NONE,
    };
    Some((blocks.examples, returned))
}

/// Values with what is said of them marked.
fn said(values: &Dict) -> Dict {
    let mut all = values.clone();
    for (_, value) in all.iter_mut() {
        let Some(about) = value.as_dict() else { continue };
        let mut about = about.clone();
        for key in ["description", "returned"] {
            if let Some(text) = about.get(key).and_then(Value::as_str).map(marked) {
                about.insert(key, text);
            }
        }
        if let Some(inner) = about.get("contains").and_then(Value::as_dict).map(said) {
            about.insert("contains", inner);
        }
        *value = about.into();
    }
    all
}

#[cfg(test)]
mod tests;
