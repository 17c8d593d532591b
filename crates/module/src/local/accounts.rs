//! Users and groups from `/etc/passwd` and `/etc/group`, then from the host's own `getent` (LDAP, SSSD).
//!
//! A static program has no name service switch, and `getent` is on every host that needs one.

use crate::{Group, User};
use std::process::{Command, Stdio};

/// Files beyond this are not account files.
const MAX_FILE: u64 = 64 << 20;

pub(super) fn user(line: &str) -> Option<User> {
    let fields: Vec<&str> = line.split(':').collect();
    let [name, _, uid, gid, gecos, home, shell] = fields.as_slice() else { return None };
    Some(User {
        name: (*name).to_owned(),
        uid: uid.parse().ok()?,
        gid: gid.parse().ok()?,
        gecos: (*gecos).to_owned(),
        home: (*home).to_owned(),
        shell: (*shell).to_owned(),
    })
}

pub(super) fn group(line: &str) -> Option<Group> {
    let fields: Vec<&str> = line.split(':').collect();
    let [name, _, gid, members] = fields.as_slice() else { return None };
    Some(Group {
        name: (*name).to_owned(),
        gid: gid.parse().ok()?,
        members: members.split(',').filter(|member| !member.is_empty()).map(str::to_owned).collect(),
    })
}

/// The first entry that is wanted: in the file, else as `getent DATABASE KEY` knows it.
pub(super) fn find<T>(
    file: &str,
    database: &str,
    key: &str,
    parse: fn(&str) -> Option<T>,
    wanted: impl Fn(&T) -> bool,
) -> Option<T> {
    let search = |text: &str| text.lines().filter_map(parse).find(|entry| wanted(entry));
    let text = super::files::read_bounded(file.as_ref(), MAX_FILE).unwrap_or_default();
    search(&String::from_utf8_lossy(&text)).or_else(|| {
        if key.is_empty() || key.starts_with('-') || !uses_other_sources(database) {
            return None;
        }
        let output = Command::new("getent").args([database, key]).stdin(Stdio::null()).output().ok()?;
        search(&String::from_utf8_lossy(&output.stdout))
    })
}

/// True when `/etc/nsswitch.conf` names more than the files, so that asking costs a process only where it can help.
fn uses_other_sources(database: &str) -> bool {
    let Ok(text) = super::files::read_bounded("/etc/nsswitch.conf".as_ref(), MAX_FILE) else { return false };
    let text = String::from_utf8_lossy(&text).into_owned();
    text.lines()
        .filter_map(|line| line.trim().strip_prefix(database)?.trim_start().strip_prefix(':').map(str::to_owned))
        .any(|sources| sources.split_whitespace().any(|source| !matches!(source, "files" | "systemd" | "compat")))
}
