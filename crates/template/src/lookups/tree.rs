//! `community.general.filetree`: the files below a directory, with what `stat` says of them.

use super::{Lookup, Plugin};
use crate::fault::Outcome;
use crate::val::Val;
use std::collections::HashSet;
use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

pub(super) const TABLE: &[Plugin] =
    &[Plugin::new("community.general.filetree", file_tree), Plugin::new("filetree", file_tree)];

/// Deeper directories are left out.
const MAX_DEPTH: usize = 200;

fn file_tree(lookup: &mut Lookup<'_, '_>) -> Outcome<Vec<Val>> {
    let mut found = Vec::new();
    let (users, groups) = (names("/etc/passwd"), names("/etc/group"));
    // A path that an earlier tree has is that one's.
    let mut seen = HashSet::new();
    for term in lookup.texts()? {
        let Some(path) = lookup.find_file("files", &term) else { continue };
        let mut root = path.to_string_lossy().into_owned();
        if term.ends_with('/') && !root.ends_with('/') {
            root.push('/');
        }
        let mut entries = Vec::new();
        walk(&path, Path::new(""), 0, &mut entries);
        for (relative, metadata) in entries {
            if seen.insert(relative.clone()) {
                found.extend(properties(&root, &relative, &metadata, &users, &groups));
            }
        }
    }
    Ok(found)
}

fn walk(root: &Path, relative: &Path, depth: usize, found: &mut Vec<(String, Metadata)>) {
    let Ok(entries) = std::fs::read_dir(root.join(relative)) else { return };
    let mut names: Vec<PathBuf> = entries.flatten().map(|entry| relative.join(entry.file_name())).collect();
    names.sort();
    let mut directories = Vec::new();
    let mut files = Vec::new();
    for name in names {
        let Ok(metadata) = root.join(&name).symlink_metadata() else { continue };
        let leads_to_directory = root.join(&name).is_dir();
        let list = if leads_to_directory { &mut directories } else { &mut files };
        list.push((name, metadata));
    }
    for (name, metadata) in directories.iter().chain(&files) {
        found.push((name.to_string_lossy().into_owned(), metadata.clone()));
    }
    if depth < MAX_DEPTH {
        for (name, metadata) in directories {
            if metadata.is_dir() {
                walk(root, &name, depth + 1, found);
            }
        }
    }
}

/// Names by number, as the files of accounts have them.
fn names(file: &str) -> Vec<(u32, String)> {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let line = |line: &str| {
        let mut fields = line.split(':');
        let name = fields.next()?.to_owned();
        Some((fields.nth(1)?.parse().ok()?, name))
    };
    text.lines().filter_map(line).collect()
}

fn properties(
    root: &str,
    relative: &str,
    metadata: &Metadata,
    users: &[(u32, String)],
    groups: &[(u32, String)],
) -> Option<Val> {
    let name = |names: &[(u32, String)], number: u32| {
        let found = names.iter().find(|(known, _)| *known == number).map(|(_, name)| Val::from(name.as_str()));
        found.unwrap_or_else(|| Val::Int(number.into()))
    };
    let seconds = |seconds: i64, nanoseconds: i64| Val::Float(seconds as f64 + nanoseconds as f64 / 1e9);
    let path = Path::new(root).join(relative);
    let mut entries = vec![("root", Val::from(root)), ("path", Val::from(relative))];
    let kind = metadata.file_type();
    if kind.is_symlink() {
        entries.push(("state", "link".into()));
        entries.push(("src", std::fs::read_link(&path).ok()?.to_string_lossy().as_ref().into()));
    } else if kind.is_dir() {
        entries.push(("state", "directory".into()));
    } else if kind.is_file() {
        entries.push(("state", "file".into()));
        entries.push(("src", path.to_string_lossy().as_ref().into()));
    } else {
        return None;
    }
    entries.extend([
        ("uid", Val::Int(metadata.uid().into())),
        ("gid", Val::Int(metadata.gid().into())),
        ("owner", name(users, metadata.uid())),
        ("group", name(groups, metadata.gid())),
        ("mode", format!("0{:o}", metadata.mode() & 0o7777).into()),
        ("size", Val::Int(i64::try_from(metadata.size()).unwrap_or(i64::MAX))),
        ("mtime", seconds(metadata.mtime(), metadata.mtime_nsec())),
        ("ctime", seconds(metadata.ctime(), metadata.ctime_nsec())),
    ]);
    Some(Val::dict(entries))
}
