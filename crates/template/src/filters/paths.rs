//! Filters on paths, as Python's `posixpath` has them.

use super::Filter;
use super::types::soft_text;
use crate::eval::Call;
use crate::fault::{Fault, Outcome};
use crate::lookups::matches_shell_pattern;
use crate::val::Val;
use std::path::{Path, PathBuf};

pub(super) const TABLE: &[Filter] = &[
    Filter::new("basename", basename),
    Filter::new("commonpath", commonpath),
    Filter::new("dirname", dirname),
    Filter::new("expanduser", expanduser),
    Filter::new("expandvars", expandvars),
    Filter::new("fileglob", fileglob),
    Filter::new("normpath", normpath),
    Filter::new("path_join", path_join),
    Filter::new("realpath", realpath),
    Filter::new("relpath", relpath),
    Filter::new("splitext", splitext),
];

fn path(value: Option<Val>) -> Outcome<String> {
    match value.unwrap_or(Val::None) {
        Val::Str(text) => Ok(text.to_string()),
        other => {
            let class = match &other {
                Val::List(_) => "_AnsibleLazyTemplateList",
                Val::Dict(_) => "_AnsibleLazyTemplateDict",
                other => other.python_type(),
            };
            Err(Fault::python(format!("expected str, bytes or os.PathLike object, not {class}")))
        }
    }
}

fn only(call: &mut Call<'_, '_>, name: &str) -> Outcome<String> {
    let [value] = call.bind(name, ["path"], 1)?;
    path(value)
}

fn basename(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let path = only(call, "basename")?;
    Ok(path.rsplit('/').next().unwrap_or_default().into())
}

fn dirname(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let path = only(call, "dirname")?;
    let head = &path[..path.rfind('/').map_or(0, |slash| slash + 1)];
    let stripped = head.trim_end_matches('/');
    Ok(if stripped.is_empty() { head } else { stripped }.into())
}

fn splitext(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let path = only(call, "splitext")?;
    let name_start = path.rfind('/').map_or(0, |slash| slash + 1);
    let name = &path[name_start..];
    let leading = name.len() - name.trim_start_matches('.').len();
    let dot = name.rfind('.').filter(|dot| *dot >= leading && leading < name.len());
    let cut = dot.map_or(path.len(), |dot| name_start + dot);
    Ok(Val::tuple(vec![path[..cut].into(), path[cut..].into()]))
}

/// Python's `normpath`: no `.`, no `name/..`, single slashes; two leading slashes stay.
pub(crate) fn normalised(path: &str) -> String {
    if path.is_empty() {
        return ".".to_owned();
    }
    let root = match path.len() - path.trim_start_matches('/').len() {
        0 => "",
        2 => "//",
        _ => "/",
    };
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if root.is_empty() && parts.last().is_none_or(|last| *last == "..") => parts.push(".."),
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let joined = format!("{root}{}", parts.join("/"));
    if joined.is_empty() { ".".to_owned() } else { joined }
}

fn normpath(call: &mut Call<'_, '_>) -> Outcome<Val> {
    Ok(normalised(&only(call, "normpath")?).into())
}

fn absolute(path: &str) -> String {
    if path.starts_with('/') {
        return normalised(path);
    }
    let current = std::env::current_dir().unwrap_or_default();
    normalised(&format!("{}/{path}", current.to_string_lossy()))
}

/// Symbolic links are followed as far as the path exists.
fn realpath(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let path = only(call, "realpath")?;
    let mut left: Vec<String> = split_parts(&if path.starts_with('/') {
        path
    } else {
        format!("{}/{path}", std::env::current_dir().unwrap_or_default().to_string_lossy())
    });
    let mut real = PathBuf::from("/");
    let mut links = 0;
    while let Some(part) = left.pop() {
        if part == ".." {
            real.pop();
            continue;
        }
        let next = real.join(&part);
        match std::fs::read_link(&next) {
            Ok(target) if links < 40 => {
                links += 1;
                let target = target.to_string_lossy().into_owned();
                if target.starts_with('/') {
                    real = PathBuf::from("/");
                }
                left.extend(split_parts(&target));
            }
            _ => real = next,
        }
    }
    Ok(Val::str(real.to_string_lossy()))
}

/// The parts of a path, last first.
fn split_parts(path: &str) -> Vec<String> {
    path.split('/').rev().filter(|part| !part.is_empty() && *part != ".").map(str::to_owned).collect()
}

fn relpath(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value, start] = call.bind("relpath", ["path", "start"], 1)?;
    let start = start.filter(|start| !start.is_none());
    let (target, start) = (path(value)?, start.map_or(Ok(".".to_owned()), |start| path(Some(start)))?);
    if target.is_empty() {
        return Err(Fault::python("no path specified"));
    }
    let (target, start) = (absolute(&target), absolute(&start));
    let parts = |path: &str| path.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let (target, start) = (parts(&target), parts(&start));
    let common = target.iter().zip(&start).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..".to_owned(), start.len() - common);
    let relative: Vec<String> = up.chain(target.into_iter().skip(common)).collect();
    Ok(if relative.is_empty() { ".".into() } else { relative.join("/").into() })
}

fn expanduser(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let path = only(call, "expanduser")?;
    let Some(rest) = path.strip_prefix('~') else { return Ok(path.into()) };
    let (user, rest) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let home = match (user, std::env::var("HOME")) {
        ("", Ok(home)) => Some(home),
        ("", Err(_)) => home_of("root"),
        (user, _) => home_of(user),
    };
    Ok(match home {
        Some(home) => {
            let whole = format!("{}{rest}", home.trim_end_matches('/'));
            if whole.is_empty() { "/".into() } else { whole.into() }
        }
        None => path.into(),
    })
}

/// A user's home directory in `/etc/passwd`.
fn home_of(user: &str) -> Option<String> {
    let users = std::fs::read_to_string("/etc/passwd").ok()?;
    let fields = users.lines().map(|line| line.split(':').collect::<Vec<_>>());
    fields
        .filter(|fields| fields.first() == Some(&user))
        .find_map(|fields| fields.get(5).map(|home| (*home).to_owned()))
}

fn expandvars(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let path = only(call, "expandvars")?;
    let mut out = String::with_capacity(path.len());
    let mut rest = path.as_str();
    while let Some(dollar) = rest.find('$') {
        out.push_str(&rest[..dollar]);
        let after = &rest[dollar + 1..];
        let (name, length) = match after.strip_prefix('{') {
            Some(inner) => match inner.find('}') {
                Some(end) => (&inner[..end], end + 2),
                None => ("", 0),
            },
            None => {
                let end = after.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(after.len());
                (&after[..end], end)
            }
        };
        match std::env::var(name) {
            Ok(value) if !name.is_empty() => out.push_str(&value),
            _ => out.push_str(&rest[dollar..dollar + 1 + length]),
        }
        rest = &after[length..];
    }
    out.push_str(rest);
    Ok(out.into())
}

fn texts(value: &Val, call: &Call<'_, '_>) -> Outcome<Vec<String>> {
    call.items(value)?.into_iter().map(|item| path(Some(item))).collect()
}

fn commonpath(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value] = call.bind("commonpath", ["paths"], 1)?;
    let value = value.unwrap_or(Val::None);
    if !matches!(value, Val::List(_) | Val::Tuple(_)) {
        return Err(Fault::python(format!(
            "|commonpath expects sequence, got <class '{}'> instead.",
            value.python_type()
        )));
    }
    let paths = texts(&value, call)?;
    let Some(first) = paths.first() else { return Err(Fault::python("commonpath() arg is an empty sequence")) };
    let is_absolute = first.starts_with('/');
    if paths.iter().any(|path| path.starts_with('/') != is_absolute) {
        return Err(Fault::python("Can't mix absolute and relative paths"));
    }
    let split = |path: &String| {
        path.split('/').filter(|part| !part.is_empty() && *part != ".").map(str::to_owned).collect::<Vec<_>>()
    };
    let mut common = split(first);
    for path in &paths {
        let same = common.iter().zip(split(path)).take_while(|(a, b)| **a == *b).count();
        common.truncate(same);
    }
    Ok(format!("{}{}", if is_absolute { "/" } else { "" }, common.join("/")).into())
}

fn path_join(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value] = call.bind("path_join", ["paths"], 1)?;
    let value = value.unwrap_or(Val::None);
    match &value {
        Val::Str(_) => Ok(value),
        Val::List(_) | Val::Tuple(_) => {
            let parts = texts(&value, call)?;
            if parts.is_empty() {
                return Err(Fault::python("join() missing 1 required positional argument: 'a'"));
            }
            let mut joined = String::new();
            for (index, part) in parts.into_iter().enumerate() {
                if index == 0 || part.starts_with('/') {
                    joined = part;
                } else {
                    if !joined.is_empty() && !joined.ends_with('/') {
                        joined.push('/');
                    }
                    joined.push_str(&part);
                }
            }
            Ok(joined.into())
        }
        other => Err(Fault::python(format!(
            "|path_join expects string or sequence, got <class '{}'> instead.",
            other.python_type()
        ))),
    }
}

/// The files that match a shell pattern, in any part of the path.
fn fileglob(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value] = call.bind("fileglob", ["pathname"], 1)?;
    let pattern = soft_text(value, call)?;
    let mut found = vec![PathBuf::from(if pattern.starts_with('/') { "/" } else { "" })];
    for part in pattern.split('/').filter(|part| !part.is_empty()) {
        found = found.iter().flat_map(|directory| entries(directory, part)).collect();
    }
    found.retain(|path| path.is_file());
    found.sort();
    Ok(Val::list(found.iter().map(|path| Val::str(path.to_string_lossy())).collect()))
}

fn entries(directory: &Path, pattern: &str) -> Vec<PathBuf> {
    if !pattern.contains(['*', '?', '[']) {
        return Some(directory.join(pattern)).filter(|path| path.symlink_metadata().is_ok()).into_iter().collect();
    }
    let listed = if directory.as_os_str().is_empty() { Path::new(".") } else { directory };
    let names =
        std::fs::read_dir(listed).into_iter().flatten().filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    names
        .filter(|name| (!name.starts_with('.') || pattern.starts_with('.')) && matches_shell_pattern(pattern, name))
        .map(|name| directory.join(name))
        .collect()
}
