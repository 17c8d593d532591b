//! Lookups that find files.

use super::{Lookup, Plugin};
use crate::fault::{Fault, Outcome};
use crate::val::{Val, python_str};
use std::path::{Path, PathBuf};

pub(super) const TABLE: &[Plugin] = &[Plugin::new("fileglob", fileglob), Plugin::new("first_found", first_found)];

fn fileglob(lookup: &mut Lookup<'_, '_>) -> Outcome<Vec<Val>> {
    let mut found = Vec::new();
    for term in lookup.texts()? {
        let (directory, pattern) = match term.rsplit_once('/') {
            Some(("", name)) => (Some("/"), name),
            Some((directory, name)) => (Some(directory), name),
            None => (None, term.as_str()),
        };
        let mut directories = Vec::new();
        match directory {
            Some(directory) => directories.extend(lookup.find_file("files", directory)),
            None => {
                for directory in lookup.session.search_directories(lookup.root) {
                    directories.extend([directory.join("files"), directory]);
                }
            }
        }
        let matches = directories.into_iter().map(|directory| {
            let mut names: Vec<PathBuf> = glob(&directory, pattern);
            names.retain(|name| name.is_file());
            names.sort();
            names
        });
        let first = matches.into_iter().find(|names| !names.is_empty()).unwrap_or_default();
        found.extend(first.into_iter().map(|name| Val::str(name.to_string_lossy())));
    }
    Ok(found)
}

/// The entries of a directory whose names match a shell pattern.
pub(crate) fn glob(directory: &Path, pattern: &str) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(directory) else { return Vec::new() };
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    names
        .filter(|name| (!name.starts_with('.') || pattern.starts_with('.')) && matches(pattern, name))
        .map(|name| directory.join(name))
        .collect()
}

/// Python's `fnmatch`.
pub(crate) fn matches(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) = (pattern.chars().collect(), name.chars().collect());
    let (mut at, mut position) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while position < name.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at + 1, position));
                at += 1;
                continue;
            }
            Some('?') => {
                at += 1;
                position += 1;
                continue;
            }
            Some('[') => {
                if let Some((inside, next)) = class(&pattern, at, name[position]) {
                    if inside {
                        at = next;
                        position += 1;
                        continue;
                    }
                } else if name[position] == '[' {
                    at += 1;
                    position += 1;
                    continue;
                }
            }
            Some(character) if *character == name[position] => {
                at += 1;
                position += 1;
                continue;
            }
            _ => {}
        }
        let Some((after, from)) = star else { return false };
        at = after;
        position = from + 1;
        star = Some((after, from + 1));
    }
    pattern.iter().skip(at).all(|character| *character == '*')
}

/// Whether `[...]` at `start` holds the character, and where it ends; `None` without an end.
fn class(pattern: &[char], start: usize, character: char) -> Option<(bool, usize)> {
    let mut at = start + 1;
    let negated = pattern.get(at) == Some(&'!');
    at += usize::from(negated);
    let first = at;
    let mut inside = false;
    loop {
        let low = *pattern.get(at)?;
        if low == ']' && at > first {
            return Some((inside != negated, at + 1));
        }
        match (pattern.get(at + 1), pattern.get(at + 2)) {
            (Some('-'), Some(high)) if *high != ']' => {
                inside |= (low..=*high).contains(&character);
                at += 3;
            }
            _ => {
                inside |= low == character;
                at += 1;
            }
        }
    }
}

/// What one term, or the options, ask for.
#[derive(Clone, Default)]
struct Wanted {
    files: Vec<String>,
    paths: Vec<String>,
}

fn split(value: &Val, separators: &[char], lookup: &Lookup<'_, '_>) -> Outcome<Vec<String>> {
    let mut parts = Vec::new();
    match value {
        Val::None => {}
        Val::List(_) | Val::Tuple(_) => {
            for item in lookup.session.items(value)? {
                parts.extend(split(&item, separators, lookup)?);
            }
        }
        other => {
            let text = python_str(other, lookup.session)?;
            parts.extend(text.split(separators).map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()));
        }
    }
    Ok(parts)
}

impl Wanted {
    fn candidates(&self) -> Vec<String> {
        if self.paths.is_empty() {
            return self.files.clone();
        }
        if self.files.is_empty() {
            return self.paths.clone();
        }
        let join = |path: &String| {
            let path = Path::new(path);
            self.files.iter().map(|file| path.join(file).to_string_lossy().into_owned()).collect::<Vec<_>>()
        };
        self.paths.iter().flat_map(join).collect()
    }
}

fn collect(
    term: &Val,
    options: &Wanted,
    skip: &mut bool,
    lookup: &Lookup<'_, '_>,
    candidates: &mut Vec<String>,
) -> Outcome<()> {
    lookup.session.enter()?;
    match term {
        Val::Dict(entries) => {
            let mut wanted = options.clone();
            for (key, value) in lookup.session.pairs(entries) {
                match key.value().as_str() {
                    Some("files") => wanted.files = split(&value.defined()?, &[',', ';'], lookup)?,
                    Some("paths") => wanted.paths = split(&value.defined()?, &[',', ':', ';'], lookup)?,
                    Some("skip") => *skip = value.truth()?,
                    _ => {}
                }
            }
            candidates.extend(wanted.candidates());
        }
        Val::Str(_) => {
            let files = split(term, &[',', ';'], lookup)?;
            candidates.extend(Wanted { files, paths: options.paths.clone() }.candidates());
        }
        Val::List(_) | Val::Tuple(_) => {
            for item in lookup.session.items(term)? {
                collect(&item, options, skip, lookup, candidates)?;
            }
        }
        other => {
            return Err(Fault::ansible(format!(
                "Invalid term supplied. A string, dict or list is required, not '{}').",
                other.python_type()
            )));
        }
    }
    Ok(())
}

fn first_found(lookup: &mut Lookup<'_, '_>) -> Outcome<Vec<Val>> {
    let mut skip = lookup.flag("skip", false)?;
    // The task's kind of file, where the executor knows it: `templates`, `vars`, `files`.
    let subdirectory = match lookup.option("_subdirectory") {
        Some(name) => lookup.text(&name)?,
        None => "files".to_owned(),
    };
    let (files, paths) = (lookup.option("files"), lookup.option("paths"));
    let options = Wanted {
        files: split(&files.unwrap_or(Val::None), &[',', ';'], lookup)?,
        paths: split(&paths.unwrap_or(Val::None), &[',', ':', ';'], lookup)?,
    };
    let mut candidates = Vec::new();
    if lookup.terms.is_empty() {
        candidates = options.candidates();
    }
    for term in std::mem::take(&mut lookup.terms) {
        collect(&term, &options, &mut skip, lookup, &mut candidates)?;
    }
    for candidate in candidates {
        if let Some(path) = lookup.find_file(&subdirectory, &candidate) {
            return Ok(vec![Val::str(churten_config::normalise(&path).to_string_lossy())]);
        }
    }
    if skip { Ok(Vec::new()) } else { Err(Fault::ansible("No file was found when using first_found.")) }
}
