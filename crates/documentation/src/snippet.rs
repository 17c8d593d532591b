//! What to begin with: a task, a lookup, a source of hosts.

use crate::document::Document;
use crate::fields::texts;
use crate::look::Look;
use crate::markup::text_of;
use crate::wrap::{Margins, fill};
use churten_value::{Dict, Value};

/// Columns in front of what is said about an argument.
const COLUMN: usize = 31;

/// A task with every argument of a module, a lookup with every option, or the file of an inventory plugin; nothing for one
/// without any. `None` for an inventory plugin whose files name it, of which ansible-core makes none.
///
/// # Errors
/// The lookup has no options: the name of what is missing.
pub fn snippet(document: &Document, kind: &str, name: &str, look: &Look<'_>) -> Result<Option<String>, &'static str> {
    let options = document.doc.get("options").and_then(Value::as_dict).filter(|options| !options.is_empty());
    let Some(options) = options else {
        return if kind == "lookup" { Err("options") } else { Ok(Some(String::new())) };
    };
    let mut sorted: Vec<(String, &Value)> = options.iter().map(|(name, about)| (name.to_text(), about)).collect();
    sorted.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(match kind {
        "lookup" => Some(lookup(name, &sorted)),
        "inventory" if options.contains("plugin") => None,
        "inventory" => Some(inventory(name, &sorted, look)),
        _ => Some(task(&document.doc, &sorted, look)),
    })
}

/// Margins of what is said behind an argument.
fn beside<'a>(look: &Look<'_>, others: &'a str) -> Margins<'a> {
    Margins { width: look.columns.saturating_sub(COLUMN - 2), first: "", others }
}

fn is_required(about: &Value) -> bool {
    about.get("required").is_some_and(Value::is_truthy)
}

fn task(doc: &Dict, options: &[(String, &Value)], look: &Look<'_>) -> String {
    let text = |key: &str| doc.get(key).map(Value::to_text).unwrap_or_default();
    let mut lines =
        vec![format!("- name: {}", text_of(&text("short_description"), look)), format!("  {}:", text("module"))];
    let others = format!("{}# ", " ".repeat(COLUMN - 2));
    for (name, about) in options {
        let mut said = text_of(&texts(about.get("description").cloned()).join(" "), look);
        if is_required(about) {
            said = format!("(required) {said}");
        }
        let key = format!("{name}:");
        lines.push(format!("      {key:20}   # {}", fill(&said, beside(look, &others))));
    }
    lines.join("\n")
}

/// A call with comments in front of it. Descriptions and defaults are shown as Python shows them.
fn lookup(plugin: &str, options: &[(String, &Value)]) -> String {
    let mut lines = Vec::new();
    let (mut terms, mut named) = (Vec::new(), Vec::new());
    for (name, about) in options {
        let kind = about.get("type").map_or_else(|| "string".to_owned(), Value::to_text);
        let said = about.get("description").map(Value::to_text).unwrap_or_default();
        lines.push(format!("# {name}({kind}): {said}"));
        if matches!(name.as_str(), "_terms" | "_raw" | "_list") {
            terms.push(format!("< {name} >"));
            continue;
        }
        let default = about.get("default").map_or_else(|| "None".to_owned(), Value::to_text);
        let is_text = matches!(about.get("type").and_then(Value::as_str), Some("str" | "string"));
        named.push(if is_text { format!("{name}='{default}'") } else { format!("{name}={default}") });
    }
    let rest: String = named.iter().map(|one| format!(", {one}")).collect();
    lines.extend([String::new(), format!("lookup('{plugin}', {}{rest})", terms.join(", "))]);
    lines.join("\n")
}

/// A file of an inventory plugin.
fn inventory(plugin: &str, options: &[(String, &Value)], look: &Look<'_>) -> String {
    let mut lines = vec![format!("# {plugin}:")];
    let others = format!("{}# ", " ".repeat(COLUMN - 2));
    for (name, about) in options {
        let said = text_of(&texts(about.get("description").cloned()).join(" "), look);
        let value = match (is_required(about), about.get("default")) {
            (true, _) => "(required)".to_owned(),
            (false, default) => default.map_or_else(|| "None".to_owned(), Value::to_text),
        };
        lines.push(format!("{name}: {value:9} # {}", fill(&said, beside(look, &others))));
    }
    lines.join("\n")
}
