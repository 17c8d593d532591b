//! The page of a module or plugin.

use crate::document::Document;
use crate::fields::{Layout, added, fields, texts};
use crate::look::Look;
use crate::markup::text_of;
use crate::wrap::{Margins, fill};
use crate::yaml;
use churten_value::{Dict, Value};

/// Where the documentation of ansible-core is.
const SITE: &str = "https://docs.ansible.com/ansible-core/2.19/";
/// Columns in front of what stands below a heading.
const INDENT: &str = "        ";
/// Keys that are not written, or not as they are.
const HIDDEN: [&str; 8] = [
    "filename",
    "collection",
    "plugin_name",
    "has_action",
    "module",
    "short_description",
    "version_added_collection",
    "plugin_type",
];

/// The page of a module or plugin of a kind: `module`, `lookup` and so on.
pub fn page(document: &Document, kind: &str, look: &Look<'_>) -> String {
    let mut doc = document.doc.clone();
    let mut lines = Vec::new();
    let text = |key: &str| document.doc.get(key).map(Value::to_text).unwrap_or_default();
    let name = look.bold_name(&text("plugin_name"));
    lines.extend([format!("> {} {name} ({})", kind.to_uppercase(), text("filename")), String::new()]);
    let description = texts(doc.remove("description"));
    for paragraph in &description {
        lines.push(fill(&text_of(paragraph, look), Margins::even(look.limit(), "  ")));
    }
    deprecation(&mut doc, look, &mut lines);
    lines.push(String::new());
    if doc.get("has_action").is_some_and(Value::is_truthy) {
        let note = "This module has a corresponding action plugin.";
        lines.extend([format!("{} {note}", look.heading("  * note:")), String::new()]);
    }
    if let Some(options) = filled(&mut doc, "options") {
        let mark = if look.is_marked() { "=" } else { "red" };
        let heading = look.heading("OPTIONS");
        lines.extend([format!("{heading} ({mark} indicates it is required):"), String::new()]);
        lines.extend(fields(&options, look, Layout::OPTIONS));
    }
    if let Some(attributes) = filled(&mut doc, "attributes") {
        lines.extend([look.heading("ATTRIBUTES:"), String::new()]);
        lines.extend(self::attributes(&attributes, INDENT, look));
    }
    notes(&mut doc, look, &mut lines);
    if let Some(entries) = doc.remove("seealso").as_ref().and_then(Value::as_list).filter(|list| !list.is_empty()) {
        lines.push(look.heading("SEE ALSO:"));
        entries.iter().filter_map(Value::as_dict).for_each(|entry| see_also(entry, look, &mut lines));
        lines.push(String::new());
    }
    if let Some(requirements) = doc.remove("requirements").filter(Value::is_truthy) {
        let all = text_of(&texts(Some(requirements)).join(", "), look);
        let margins = Margins { width: look.limit() - 16, first: "  ", others: INDENT };
        lines.extend([
            format!("{}{}", look.heading("REQUIREMENTS:"), fill(&all, margins)),
            String::new(),
            String::new(),
        ]);
    }
    others(document, &mut doc, look, &mut lines);
    after(document, look, &mut lines);
    lines.join("\n")
}

/// Attributes with what is said of each.
pub(crate) fn attributes(attributes: &Dict, indent: &str, look: &Look<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    for (name, about) in attributes.iter() {
        lines.push(format!("{indent}{}", look.underlined(&format!("{}:", name.to_text()))));
        lines.extend([yaml::block(about, indent, look), String::new()]);
    }
    lines
}

impl Look<'_> {
    /// The name of what a page is about.
    fn bold_name(&self, name: &str) -> String {
        self.heading(name)
    }
}

fn filled(doc: &mut Dict, key: &str) -> Option<Dict> {
    doc.remove(key)?.as_dict().filter(|entries| !entries.is_empty()).cloned()
}

fn deprecation(doc: &mut Dict, look: &Look<'_>, lines: &mut Vec<String>) {
    let Some(notice) = doc.remove("deprecated").filter(Value::is_truthy) else { return };
    lines.push(look.heading("DEPRECATED: "));
    let part = |key: &str| notice.get(key).map(Value::to_text);
    if notice.as_dict().is_none() {
        lines.push(notice.to_text());
        return;
    }
    lines.push(format!("\tReason: {}", part("why").unwrap_or_default()));
    let whose = match part("removed_from_collection").unwrap_or_default().as_str() {
        "" => "Ansible".to_owned(),
        collection => collection.to_owned(),
    };
    let when = match (part("removed_at_date"), part("removed_in")) {
        (Some(date), _) => format!("in: a release after {date}"),
        (None, Some(version)) => format!("in: {whose} {version}"),
        (None, None) => format!("in: {whose} None"),
    };
    lines.push(format!("\tWill be removed {when}"));
    let alternatives = part("alternatives").or_else(|| part("alternative")).unwrap_or_default();
    lines.push(format!("\tAlternatives: {alternatives}"));
}

fn notes(doc: &mut Dict, look: &Look<'_>, lines: &mut Vec<String>) {
    let notes = texts(doc.remove("notes"));
    if notes.is_empty() {
        return;
    }
    lines.push(look.heading("NOTES:"));
    let margins = Margins { width: look.limit() - 6, first: "      * ", others: INDENT };
    lines.extend(notes.iter().map(|note| fill(&text_of(note, look), margins)));
    lines.push(String::new());
}

fn see_also(entry: &Dict, look: &Look<'_>, lines: &mut Vec<String>) {
    let part = |key: &str| entry.get(key).map(|value| text_of(&value.to_text(), look));
    let margins = Margins::even(look.limit() - 6, "           ");
    let title = |title: &str| {
        let margins = Margins { width: look.limit() - 6, first: "      * ", others: INDENT };
        fill(title, margins)
    };
    let core = |name: &str| name.starts_with("ansible.builtin.");
    let named = match (part("module"), part("plugin"), part("plugin_type")) {
        (Some(name), ..) => Some((format!("Module {name}"), format!("{name} module"), name, "module".to_owned())),
        (None, Some(name), Some(kind)) => {
            let word = if matches!(kind.as_str(), "module" | "role") { "" } else { " plugin" };
            let mut letters = kind.chars();
            let capital: String = letters.next().map(|c| c.to_ascii_uppercase()).into_iter().chain(letters).collect();
            Some((format!("{capital}{word} {name}"), format!("{name} {kind}{word}"), name, kind))
        }
        _ => None,
    };
    if let Some((heading, what, name, kind)) = named {
        lines.push(title(&heading));
        let default = core(&name).then(|| format!("The official documentation on the {what}."));
        if let Some(description) = part("description").or(default) {
            lines.push(fill(&description, margins));
        }
        if core(&name) {
            let address = format!("{SITE}collections/{}_{kind}.html", name.replacen('.', "/", 2));
            lines.push(fill(&address, margins));
        }
    } else if let (Some(name), Some(link), Some(description)) = (part("name"), part("link"), part("description")) {
        lines.extend([title(&name), fill(&description, margins), fill(&link, margins)]);
    } else if let (Some(reference), Some(description)) = (part("ref"), part("description")) {
        lines.push(title(&format!("Ansible documentation [{reference}]")));
        lines.push(fill(&description, margins));
        lines.push(fill(&format!("{SITE}#stq={reference}&stp=1"), margins));
    }
}

/// Whatever else the documentation holds.
fn others(document: &Document, doc: &mut Dict, look: &Look<'_>, lines: &mut Vec<String>) {
    let version = doc.remove("version_added");
    if look.verbosity > 0 {
        let collection = doc.get("version_added_collection").cloned();
        let text = match version {
            Some(version) => added(&version, collection.as_ref()),
            None => "version historical of ansible-core".to_owned(),
        };
        lines.extend([format!("{}: {text}", look.heading("ADDED_IN")), String::new()]);
    }
    if document.metadata.is_truthy() {
        doc.insert("metadata", document.metadata.clone());
    }
    let mut entries: Vec<(String, &Value)> = doc.iter().map(|(key, value)| (key.to_text(), value)).collect();
    entries.sort_by(|(one, _), (other, _)| one.cmp(other));
    for (name, value) in entries {
        if HIDDEN.contains(&name.as_str()) || !value.is_truthy() {
            continue;
        }
        let heading = look.heading(&name.to_uppercase());
        let line = match (value.as_dict(), value.as_list()) {
            (Some(_), _) => format!("{heading}: {}", yaml::block(value, &" ".repeat(name.chars().count() + 2), look)),
            (None, Some(items)) => {
                let items: Vec<String> = items.iter().map(Value::to_text).collect();
                format!("{heading}: {}", items.join(", "))
            }
            (None, None) => {
                let width = look.limit().saturating_sub(name.chars().count() + 2);
                let margins = Margins { width, first: "", others: INDENT };
                format!("{heading}: {}", fill(&text_of(&value.to_text(), look), margins))
            }
        };
        lines.extend([line, String::new()]);
    }
}

fn after(document: &Document, look: &Look<'_>, lines: &mut Vec<String>) {
    if document.examples.is_truthy() {
        lines.push(look.heading("EXAMPLES:"));
        lines.push(match document.examples.as_str() {
            Some(text) => text.trim().to_owned(),
            None => yaml::block(&document.examples, "", look),
        });
        lines.push(String::new());
    }
    if let Some(values) = document.returned.as_dict().filter(|values| !values.is_empty()) {
        lines.extend([look.heading("RETURN VALUES:"), String::new()]);
        lines.extend(fields(values, look, Layout::RETURNED));
    }
}
