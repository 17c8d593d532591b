//! `-e`: variables from the command line.

use churten_diagnostics::Report;
use churten_syntax::{ParseOptions, parse_key_values, parse_yaml_single};
use churten_value::{Data, Dict, Source, Tags, Value, Vaulted, from_json};
use churten_vault::Secrets;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// All `-e` options merged, later ones stronger: `@file`, YAML or JSON mappings, and `k=v` pairs.
pub(crate) fn parse(options: &[String], secrets: &Secrets, merge_hashes: bool) -> Result<Dict, Report> {
    let mut merged = Dict::new();
    let source = Source::described("<CLI option '-e'>");
    for option in options {
        let vars = match option.strip_prefix('@') {
            Some(path) => file(path, secrets)?,
            None if option.starts_with(['/', '.']) => {
                let message = format!("Please prepend extra_vars filename '{option}' with '@'");
                return Err(Report::new(message).kind(churten_diagnostics::ErrorKind::Options));
            }
            None if option.starts_with(['[', '{']) => mapping(option.as_bytes(), source, option)?,
            None => trusted(parse_key_values(option, false)?, source),
        };
        for (name, value) in vars {
            let value = match merged.get_value(&name) {
                Some(below) if merge_hashes => churten_executor::merge_hashes(below, &value),
                _ => value,
            };
            merged.insert(name, value);
        }
    }
    Ok(merged)
}

fn file(path: &str, secrets: &Secrets) -> Result<Dict, Report> {
    let path = std::path::absolute(expanded(path)).unwrap_or_else(|_| PathBuf::from(path));
    let shown = path.display().to_string();
    let bytes = std::fs::read(&path).map_err(|error| churten_playbook::unreadable(&path, &error))?;
    let bytes = secrets.content(bytes, &path)?;
    mapping(&bytes, Source::file(&shown), &format!("@{shown}"))
}

/// A path with a leading `~` as the home directory; the working directory when there is none.
fn expanded(path: &str) -> PathBuf {
    match (path, path.strip_prefix("~/"), std::env::var_os("HOME")) {
        ("", ..) => PathBuf::from("."),
        ("~", _, Some(home)) => home.into(),
        (_, Some(rest), Some(home)) => Path::new(&home).join(rest),
        _ => path.into(),
    }
}

fn mapping(text: &[u8], source: Source, shown: &str) -> Result<Dict, Report> {
    let parsed = parse_yaml_single(text, source, &ParseOptions::TRUSTED)?;
    let is_json = std::str::from_utf8(text).is_ok_and(|text| from_json(text).is_ok());
    match parsed.documents.first().map(|value| &value.data) {
        Some(Data::Dict(entries)) if is_json => {
            Ok(entries.iter().map(|(key, value)| (key.clone(), placed(unwrapped(value), source))).collect())
        }
        Some(Data::Dict(entries)) => Ok(entries.as_ref().clone()),
        _ => {
            Err(Report::new(format!("Invalid extra vars data supplied. '{shown}' could not be made into a dictionary"))
                .kind(churten_diagnostics::ErrorKind::Options))
        }
    }
}

/// What `to_json` makes of text that is no template, and of vaults, is that again.
fn unwrapped(value: &Value) -> Value {
    match &value.data {
        Data::List(items) => Value::list(items.iter().map(unwrapped).collect()).with_tags(value.tags),
        Data::Dict(entries) => {
            if let Some(text) = entries.get("__ansible_unsafe").filter(|text| text.as_str().is_some()) {
                return text.clone().with_tags(text.tags.trust(false));
            }
            if let Some(armour) = entries.get("__ansible_vault").and_then(Value::as_str) {
                return Value::from(Data::Vault(Arc::new(Vaulted { armour: armour.into() }))).with_tags(value.tags);
            }
            Value::dict(entries.iter().map(|(key, value)| (key.clone(), unwrapped(value))).collect())
                .with_tags(value.tags)
        }
        _ => value.clone(),
    }
}

/// JSON of the command line has no lines.
fn placed(value: Value, source: Source) -> Value {
    if source.is_file() {
        return value;
    }
    let place = churten_value::Origin::whole(source);
    value.map_leaves(&mut |leaf| leaf.clone().with_tags(leaf.tags.at(place)))
}

/// What stands on the command line is the user's own: its texts are templates.
fn trusted(vars: Dict, source: Source) -> Dict {
    let tags = Tags::NONE.trust(true).at(churten_value::Origin::whole(source));
    vars.into_iter().map(|(name, value)| (name, Value { tags, ..value })).collect()
}
