//! The options of a collection's plugin, as its file documents them. No Python is started.

use churten_collections::{libraries, roots};
use churten_config::Settings;
use churten_diagnostics::Report;
use churten_python::assignments;
use churten_syntax::{ParseOptions, parse_yaml_single};
use churten_value::{Dict, Source, Value};
use std::path::{Path, PathBuf};

/// A plugin's file is no larger.
const MAX_BYTES: u64 = 4 << 20;

/// What a name leads to.
pub(super) enum Found {
    /// The full name as ansible-core shows it, and the options by name.
    Plugin(String, Dict),
    /// The collection has none of this name.
    NoPlugin,
    /// There is no such collection: what Python's import says is missing.
    NoCollection(String),
}

/// The plugin of a kind with a full name (`community.general.diy`).
///
/// # Errors
/// A plugin whose documentation cannot be read.
pub(super) fn find(settings: &Settings, kind: &str, name: &str) -> Result<Found, Report> {
    let mut parts = name.splitn(3, '.');
    let (Some(namespace), Some(collection), Some(rest)) = (parts.next(), parts.next(), parts.next()) else {
        return Ok(Found::NoPlugin);
    };
    let directories = collections(settings);
    if !directories.iter().any(|root| root.join(namespace).is_dir()) {
        return Ok(Found::NoCollection(format!("ansible_collections.{namespace}")));
    }
    let Some(directory) =
        directories.iter().map(|root| root.join(namespace).join(collection)).find(|directory| directory.is_dir())
    else {
        return Ok(Found::NoCollection(format!("ansible_collections.{namespace}.{collection}")));
    };
    let path = directory.join("plugins").join(kind).join(format!("{}.py", rest.replace('.', "/")));
    if !path.is_file() {
        return Ok(Found::NoPlugin);
    }
    let Some(text) = constant(&read(&path)?, "DOCUMENTATION") else { return Ok(Found::NoPlugin) };
    let documentation = parsed(&text, &path)?;
    let mut options = documentation.get("options").and_then(Value::as_dict).cloned().unwrap_or_default();
    for fragment in fragments(&documentation) {
        for (option, facts) in fragment_options(settings, &fragment)? {
            let merged = options.get(&option).map_or_else(|| facts.clone(), |own| merged(own, &facts));
            options.insert(option.as_str(), merged);
        }
    }
    let mut options: Vec<(Value, Value)> = options.into_iter().collect();
    options.sort_by_key(|(name, _)| name.to_text());
    let options = options.into_iter().collect();
    Ok(Found::Plugin(format!("ansible_collections.{namespace}.{collection}.plugins.{kind}.{rest}"), options))
}

/// The directories that hold the namespaces of collections.
fn collections(settings: &Settings) -> Vec<PathBuf> {
    let root = |root: PathBuf| {
        let inner = root.join("ansible_collections");
        if inner.is_dir() { inner } else { root }
    };
    roots(settings).into_iter().map(root).collect()
}

fn read(path: &Path) -> Result<String, Report> {
    use std::io::Read as _;
    let mut bytes = Vec::new();
    let read = std::fs::File::open(path).and_then(|file| file.take(MAX_BYTES).read_to_end(&mut bytes));
    read.map_err(|error| Report::new(format!("Unable to read {}: {error}", path.display())))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn parsed(text: &str, path: &Path) -> Result<Value, Report> {
    let source = Source::described(&path.display().to_string());
    Ok(parse_yaml_single(text.as_bytes(), source, &ParseOptions::UNTRUSTED)?.into_value())
}

/// The text that a Python source gives a name.
fn constant(source: &str, name: &str) -> Option<String> {
    let found = assignments(source).into_iter().find(|assignment| assignment.name == name)?;
    found.value.as_str().map(str::to_owned)
}

fn fragments(documentation: &Value) -> Vec<String> {
    match documentation.get("extends_documentation_fragment") {
        None => vec![],
        Some(names) => match names.as_list() {
            Some(names) => names.iter().map(Value::to_text).collect(),
            None => names.to_text().split(',').map(|name| name.trim().to_owned()).collect(),
        },
    }
}

/// The options of a fragment: `name`, `ns.collection.name`, each with or without a part of it behind another dot.
fn fragment_options(settings: &Settings, name: &str) -> Result<Vec<(String, Value)>, Report> {
    let (whole, part) = (fragment_file(settings, name), name.rsplit_once('.'));
    let (file, constant_name) = match (whole, part) {
        (Some(file), _) => (file, "DOCUMENTATION".to_owned()),
        (None, Some((name, part))) => match fragment_file(settings, name) {
            Some(file) => (file, part.to_uppercase()),
            None => return Err(unknown(name)),
        },
        (None, None) => return Err(unknown(name)),
    };
    let (path, collection) = file;
    let text = constant(&read(&path)?, &constant_name).ok_or_else(|| unknown(name))?;
    let documentation = parsed(&text, &path)?;
    let options = documentation.get("options").and_then(Value::as_dict).cloned().unwrap_or_default();
    Ok(options.iter().map(|(option, facts)| (option.to_text(), of_collection(facts, &collection))).collect())
}

/// What a plugin says of an option, and what a fragment says beside it.
fn merged(own: &Value, fragment: &Value) -> Value {
    let (Some(own_facts), Some(facts)) = (own.as_dict(), fragment.as_dict()) else { return own.clone() };
    let mut all = facts.clone();
    for (name, value) in own_facts {
        let value = facts.get_value(name).map_or_else(|| value.clone(), |other| merged(value, other));
        all.insert(name.clone(), value);
    }
    Value::dict(all)
}

/// The versions that a fragment names are those of its collection, not of the plugin's.
fn of_collection(facts: &Value, collection: &str) -> Value {
    let Some(entries) = facts.as_dict() else { return facts.clone() };
    let mut entries = entries.clone();
    if entries.contains("version_added") {
        entries.insert("version_added_collection", collection);
    }
    for name in ["env", "ini", "vars"] {
        if let Some(sources) = entries.get(name).and_then(Value::as_list) {
            let sources = sources.iter().map(|source| of_collection(source, collection)).collect();
            entries.insert(name, Value::list(sources));
        }
    }
    if let Some(inner) = entries.get("suboptions").and_then(Value::as_dict) {
        let inner = inner.iter().map(|(name, facts)| (name.clone(), of_collection(facts, collection))).collect();
        entries.insert("suboptions", Value::dict(inner));
    }
    Value::dict(entries)
}

fn unknown(name: &str) -> Report {
    Report::new(format!("unknown doc_fragment(s) in file: {name}"))
}

/// The file of a fragment and the collection it is of.
fn fragment_file(settings: &Settings, name: &str) -> Option<(PathBuf, String)> {
    let short = name.strip_prefix("ansible.builtin.").unwrap_or(name);
    if !short.contains('.') {
        let path = |library: PathBuf| library.join("ansible/plugins/doc_fragments").join(format!("{short}.py"));
        let found = libraries(settings).into_iter().map(path).find(|path| path.is_file());
        return found.map(|path| (path, "ansible.builtin".to_owned()));
    }
    let mut parts = name.splitn(3, '.');
    let (namespace, collection, rest) = (parts.next()?, parts.next()?, parts.next()?);
    let file =
        |root: PathBuf| root.join(namespace).join(collection).join("plugins/doc_fragments").join(format!("{rest}.py"));
    let found = collections(settings).into_iter().map(file).find(|path| path.is_file());
    found.map(|path| (path, format!("{namespace}.{collection}")))
}

#[cfg(test)]
mod tests {
    use super::fragments;
    use churten_value::{Dict, Value};

    #[test]
    fn fragments_are_one_or_many() {
        let extends = |value: Value| fragments(&Value::dict(Dict::from([("extends_documentation_fragment", value)])));
        assert_eq!(extends("a.b.c".into()), ["a.b.c"]);
        assert_eq!(extends(Value::list(vec!["a".into(), "b".into()])), ["a", "b"]);
    }
}
