//! The manual of a native module as a page of Markdown.

use crate::document::Document;
use crate::fields::texts;
use crate::native::{native, native_names};
use churten_value::{Dict, JsonStyle, Value};
use fancy_regex::{Captures, Regex};
use std::fmt::Write as _;
use std::sync::LazyLock;

/// Marks of the text of native manuals.
static MARKS: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\b[CV]\(((?:[^\\)]+|\\.)+)\)").ok());

/// Text with its marks as Markdown has them.
fn plain(text: &str) -> String {
    let Some(marks) = &*MARKS else { return text.to_owned() };
    let code = |found: &Captures<'_>| {
        let inner = found.get(1).map_or("", |found| found.as_str());
        format!("`{}`", inner.replace("\\)", ")").replace("\\\\", "\\"))
    };
    marks.replace_all(text, code).into_owned()
}

/// A cell of a table.
fn cell(text: &str) -> String {
    plain(text).replace('|', "\\|").replace('\n', " ")
}

/// The pages of all native modules by the names of their files, `README.md` with all names among them.
pub fn manual() -> Vec<(String, String)> {
    let mut names = native_names();
    names.sort();
    let mut index = "# Native modules\n\nWhat churten runs itself, without Python: modules on hosts, and actions of the controller. The arguments are those of ansible-core's modules of the same \
                     names;\nthese pages are made from the declarations by `tests/module_pages.rs`.\n\n\
                     | module | what it does | check mode | difference |\n|---|---|---|---|\n"
        .to_owned();
    let mut pages = Vec::new();
    for name in &names {
        let Some(document) = native(name) else { continue };
        let short = name.strip_prefix("ansible.builtin.").unwrap_or(name);
        let about = document.doc.get("short_description").map(Value::to_text).unwrap_or_default();
        let (check, difference) = (support(&document, "check_mode"), support(&document, "diff_mode"));
        let _ = writeln!(index, "| [{short}]({short}.md) | {} | {check} | {difference} |", cell(&about));
        pages.push((format!("{short}.md"), page(name, &document)));
    }
    pages.insert(0, ("README.md".to_owned(), index));
    pages
}

fn support(document: &Document, attribute: &str) -> String {
    let about = document.doc.get("attributes").and_then(|attributes| attributes.get(attribute));
    match about.and_then(|about| about.get("support")).and_then(Value::as_str) {
        Some("full") => "yes".to_owned(),
        _ => "no".to_owned(),
    }
}

fn page(name: &str, document: &Document) -> String {
    let about = document.doc.get("short_description").map(Value::to_text).unwrap_or_default();
    let mut text = format!("# {name}\n\n{}.\n", plain(&about));
    for paragraph in texts(document.doc.get("description").cloned()) {
        let paragraph = plain(&paragraph);
        if paragraph.trim_end_matches('.') != plain(&about) {
            let _ = write!(text, "\n{paragraph}\n");
        }
    }
    let check = support(document, "check_mode");
    let difference = support(document, "diff_mode");
    let _ = write!(text, "\nCheck mode: {check}. Difference: {difference}.\n");
    if let Some(options) = document.doc.get("options").and_then(Value::as_dict).filter(|options| !options.is_empty()) {
        text.push_str("\n## Arguments\n\n| argument | type | default | choices | |\n|---|---|---|---|---|\n");
        rows(options, "", &mut text);
    }
    if let Some(values) = document.returned.as_dict() {
        text.push_str("\n## Return values\n\n| value | type | when | |\n|---|---|---|---|\n");
        returned(values, "", &mut text);
    }
    if let Some(examples) = document.examples.as_str() {
        let _ = write!(text, "\n## Examples\n\n```yaml\n{}\n```\n", examples.trim_end());
    }
    text
}

/// The type of a value, and that of what is in it.
fn kind(about: &Value) -> String {
    let part = |key: &str| about.get(key).map(Value::to_text).unwrap_or_default();
    match part("elements").as_str() {
        "" => part("type"),
        elements => format!("{} of {elements}", part("type")),
    }
}

fn returned(values: &Dict, prefix: &str, text: &mut String) {
    let mut entries: Vec<(String, &Value)> = values.iter().map(|(key, about)| (key.to_text(), about)).collect();
    entries.sort_by(|(one, _), (other, _)| one.cmp(other));
    for (name, about) in entries {
        let part = |key: &str| cell(&about.get(key).map(Value::to_text).unwrap_or_default());
        let (kind, when, said) = (kind(about), part("returned"), part("description"));
        let _ = writeln!(text, "| `{prefix}{name}` | {kind} | {when} | {said} |");
        if let Some(inner) = about.get("contains").and_then(Value::as_dict) {
            returned(inner, &format!("{prefix}{name}."), text);
        }
    }
}

fn rows(options: &Dict, prefix: &str, text: &mut String) {
    let mut entries: Vec<(String, &Value)> = options.iter().map(|(key, about)| (key.to_text(), about)).collect();
    entries.sort_by(|(one, _), (other, _)| one.cmp(other));
    for (name, about) in entries {
        let part = |key: &str| about.get(key).map(Value::to_text).unwrap_or_default();
        let list = |key: &str| {
            let items = about.get(key).and_then(Value::as_list).unwrap_or_default().iter();
            items.map(|item| format!("`{}`", item.to_text())).collect::<Vec<_>>().join(", ")
        };
        let kind = kind(about);
        let default = match about.get("default") {
            _ if about.get("required").is_some_and(Value::is_truthy) => "required".to_owned(),
            Some(default) => match default.as_str() {
                Some(text) => format!("`{text}`"),
                None => format!("`{}`", default.to_json(JsonStyle::PLAIN)),
            },
            None => String::new(),
        };
        let default = if default == "``" { "empty".to_owned() } else { default };
        let aliases = match list("aliases").as_str() {
            "" => String::new(),
            aliases => format!(" Also {aliases}."),
        };
        let said = cell(&format!("{}{aliases}", part("description")));
        let choices = cell(&list("choices"));
        let _ = writeln!(text, "| `{prefix}{name}` | {kind} | {} | {choices} | {said} |", cell(&default));
        if let Some(inner) = about.get("suboptions").and_then(Value::as_dict) {
            rows(inner, &format!("{prefix}{name}."), text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{manual, plain};

    #[test]
    fn every_module_has_a_page() {
        assert_eq!(plain(r"C(a) V(b\)) ABC(x)"), "`a` `b)` ABC(x)");
        let pages = manual();
        assert!(pages.len() > 40);
        assert!(pages.iter().all(|(name, text)| name.ends_with(".md") && text.starts_with("# ")));
    }
}
