//! Lists: names with what they are, or with their files.

use super::json;
use super::library::Places;
use crate::command_line::{DocMode, DocOptions};
use churten_diagnostics::Report;
use churten_documentation::{Document, DocumentedFile, Look, list, native, native_names, table};
use churten_value::{Dict, Value};
use std::collections::BTreeMap;

/// Names with what they are, or with their files.
pub(super) fn listed(options: &DocOptions, places: &Places, look: &Look<'_>) -> Result<String, Report> {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    for file in places.listed(&options.kind, &options.names)? {
        let about =
            if options.mode == DocMode::Files { file.path.to_string_lossy().into_owned() } else { title(&file) };
        found.insert(file.name, about);
    }
    if options.kind == "module" && !places.has_core() {
        for name in native_names().into_iter().filter(|name| is_of(name, &options.names)) {
            let document = native(&name);
            let about = document.and_then(|document| Some(document.doc.get("short_description")?.to_text()));
            let about = if options.mode == DocMode::Files { None } else { about };
            found.entry(name).or_insert_with(|| about.unwrap_or_else(|| "churten".into()));
        }
    }
    let entries: Vec<(String, String)> = found.into_iter().collect();
    if options.json {
        let all: Dict =
            entries.iter().map(|(name, about)| (Value::from(name.as_str()), Value::from(about.as_str()))).collect();
        return Ok(json(all));
    }
    if options.mode == DocMode::Files {
        return Ok(table(&entries, look));
    }
    Ok(list(&entries, look))
}

/// True for a name of one of some collections; without any, for every name.
fn is_of(name: &str, collections: &[String]) -> bool {
    let is_in = |of: &String| name.strip_prefix(of.as_str()).is_some_and(|rest| rest.starts_with('.'));
    collections.is_empty() || collections.iter().any(is_in)
}

/// What a plugin is, in a line. A page tells what is wrong with its documentation, a list does not.
fn title(file: &DocumentedFile) -> String {
    let title = Document::title(file).ok().flatten();
    title.filter(|title| !title.is_empty()).unwrap_or_else(|| "UNDOCUMENTED".to_owned())
}
