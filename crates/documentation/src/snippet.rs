//! A task to begin with.

use crate::document::Document;
use crate::fields::texts;
use crate::look::Look;
use crate::markup::text_of;
use crate::wrap::{Margins, fill};
use churten_value::Value;

/// Columns in front of what is said about an argument.
const COLUMN: usize = 31;

/// A task with every argument of a module; nothing for one without arguments.
pub fn snippet(document: &Document, look: &Look<'_>) -> String {
    let doc = &document.doc;
    let text = |key: &str| doc.get(key).map(Value::to_text).unwrap_or_default();
    let Some(options) = doc.get("options").and_then(Value::as_dict).filter(|options| !options.is_empty()) else {
        return String::new();
    };
    let mut lines =
        vec![format!("- name: {}", text_of(&text("short_description"), look)), format!("  {}:", text("module"))];
    let mut names: Vec<&Value> = options.keys().collect();
    names.sort_by_key(|name| name.to_text());
    let others = format!("{}# ", " ".repeat(COLUMN - 2));
    for name in names {
        let Some(about) = options.get_value(name) else { continue };
        let mut said = text_of(&texts(about.get("description").cloned()).join(" "), look);
        if about.get("required").is_some_and(Value::is_truthy) {
            said = format!("(required) {said}");
        }
        let margins = Margins { width: look.columns.saturating_sub(COLUMN - 2), first: "", others: &others };
        let key = format!("{}:", name.to_text());
        lines.push(format!("      {key:20}   # {}", fill(&said, margins)));
    }
    lines.join("\n")
}
