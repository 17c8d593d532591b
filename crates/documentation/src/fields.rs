//! Options and return values on a page.

use crate::look::{Look, Meaning};
use crate::markup::text_of;
use crate::wrap::{Margins, fill};
use crate::yaml;
use churten_value::{Dict, Value};

/// Where the sources of an option's value stand.
const SOURCES: [&str; 6] = ["env", "ini", "yaml", "vars", "keyword", "cli"];
/// Where the options inside of one stand.
const INNER: [&str; 4] = ["options", "suboptions", "contains", "spec"];
/// Deeper options are not shown.
const MAX_DEPTH: usize = 40;

/// How options are written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layout {
    /// They are values that are returned.
    pub(crate) is_returned: bool,
    /// Versions are always shown.
    pub(crate) is_versioned: bool,
    /// Columns before a name.
    pub(crate) outer: usize,
    /// Columns before what is said of it.
    pub(crate) inner: usize,
}

impl Layout {
    /// The options of a module or plugin.
    pub(crate) const OPTIONS: Self = Self { is_returned: false, is_versioned: false, outer: 0, inner: 8 };
    /// The options of a role.
    pub(crate) const ROLE: Self = Self { is_versioned: true, inner: 10, ..Self::OPTIONS };
    /// The values it returns.
    pub(crate) const RETURNED: Self = Self { is_returned: true, ..Self::OPTIONS };

    fn nested(self) -> Self {
        Self { is_versioned: true, outer: self.inner, inner: self.inner + 2, ..self }
    }
}

/// The lines of options, by name.
pub(crate) fn fields(options: &Dict, look: &Look<'_>, layout: Layout) -> Vec<String> {
    let mut lines = Vec::new();
    write(options, look, layout, 0, &mut lines);
    lines
}

fn write(options: &Dict, look: &Look<'_>, layout: Layout, depth: usize, lines: &mut Vec<String>) {
    let mut entries: Vec<(String, Dict)> =
        options.iter().map(|(name, about)| (name.to_text(), about.as_dict().cloned().unwrap_or_default())).collect();
    entries.sort_by(|(one, _), (other, _)| one.cmp(other));
    let indent = " ".repeat(layout.inner);
    for (name, mut about) in entries {
        let is_required = about.remove("required").is_some_and(|value| value.is_truthy());
        describe(&name, is_required, &texts(about.remove("description")), look, layout, lines);
        let inner: Vec<(&str, Dict)> =
            INNER.iter().filter_map(|key| Some((*key, about.remove(key)?.as_dict()?.clone()))).collect();
        let sources = sources(&mut about, look);
        if !sources.is_empty() {
            lines.push(yaml::block(&Dict::from([("set_via", sources)]).into(), &indent, look));
        }
        let version = about.remove("version_added");
        let collection = about.remove("version_added_collection");
        if !layout.is_returned && !is_required && !about.contains("default") {
            about.insert("default", Value::NONE);
        }
        rest(&about, &indent, look, lines);
        if let Some(version) = version
            && (layout.is_versioned || look.verbosity > 0)
        {
            lines.push(format!("{indent}added in: {}", added(&version, collection.as_ref())));
        }
        for (key, inner) in inner {
            lines.extend([format!("{indent}{key}:"), String::new()]);
            if depth < MAX_DEPTH {
                write(&inner, look, layout.nested(), depth + 1, lines);
            }
            // The last one's empty line ends both.
            lines.pop();
        }
        lines.push(String::new());
    }
}

/// True when an option, or one inside of it, says nothing of itself.
pub(crate) fn lacks_description(options: &Dict) -> bool {
    options.iter().any(|(_, about)| {
        let inner = INNER.iter().filter_map(|key| about.get(key)?.as_dict());
        about.as_dict().is_none_or(|about| !about.contains("description")) || inner.into_iter().any(lacks_description)
    })
}

/// The paragraphs of a description.
pub(crate) fn texts(value: Option<Value>) -> Vec<String> {
    match value.filter(|value| !value.is_none()) {
        None => Vec::new(),
        Some(value) => match value.as_list() {
            Some(items) => items.iter().map(Value::to_text).collect(),
            None => vec![value.to_text()],
        },
    }
}

fn describe(
    name: &str,
    is_required: bool,
    description: &[String],
    look: &Look<'_>,
    layout: Layout,
    lines: &mut Vec<String>,
) {
    let outer = " ".repeat(layout.outer);
    let (lead, shown) = match (look.is_marked(), is_required) {
        (true, true) => ("= ", name.to_owned()),
        (true, false) => ("- ", name.to_owned()),
        (false, true) => ("   ", look.painted(Meaning::Required, &look.bold(name))),
        (false, false) => ("   ", look.painted(Meaning::Plugin, name)),
    };
    let length = name.chars().count();
    let column = layout.inner.max(layout.outer + length + 2) + 3;
    let key = format!("{outer}{lead}{shown}{}", " ".repeat(column - layout.outer - 3 - length));
    let indent = " ".repeat(column);
    for (index, text) in description.iter().enumerate() {
        let text = fill(&text_of(text, look), Margins::even(look.limit(), &indent));
        if index > 0 {
            lines.push(text);
            continue;
        }
        let rest = text.strip_prefix(&indent).unwrap_or_default();
        lines.push(if rest.is_empty() { key.trim_end().to_owned() } else { format!("{key}{rest}") });
    }
}

/// Where the value of an option comes from.
fn sources(about: &mut Dict, look: &Look<'_>) -> Dict {
    let mut found = Dict::new();
    for source in SOURCES {
        let Some(value) = about.remove(source) else { continue };
        let Some(items) = value.as_list().filter(|items| !items.is_empty()) else { continue };
        let items = items.iter().map(|item| {
            let Some(entries) = item.as_dict() else { return item.clone() };
            let mut entries = entries.clone();
            let version = entries.remove("version_added");
            let collection = entries.remove("version_added_collection");
            if let Some(version) = version.filter(|_| look.verbosity > 0) {
                entries.insert("added in", added(&version, collection.as_ref()));
            }
            if let ("cli", false, Some(name)) = (source, entries.contains("option"), entries.get("name")) {
                let option = format!("--{}", name.to_text().replace('_', "-"));
                entries.insert("option", option);
            }
            entries.into()
        });
        found.insert(source, Value::list(items.collect()));
    }
    found
}

fn rest(about: &Dict, indent: &str, look: &Look<'_>, lines: &mut Vec<String>) {
    let mut keys: Vec<&Value> = about.keys().filter(|key| !key.to_text().starts_with('_')).collect();
    keys.sort_by_key(|key| key.to_text());
    for key in keys {
        let Some(value) = about.get_value(key) else { continue };
        if value.as_list().is_some() {
            lines.push(yaml::indented(&format!("{}: {}", key.to_text(), yaml::flow(value, look)), indent));
        } else {
            let mut one = Dict::new();
            one.insert(key.clone(), value.clone());
            lines.push(yaml::block(&one.into(), indent, look));
        }
    }
}

/// `version 1.2 of community.general`
pub(crate) fn added(version: &Value, collection: Option<&Value>) -> String {
    let collection = collection.map(Value::to_text).unwrap_or_default();
    match collection.as_str() {
        "" => format!("version {}", version.to_text()),
        "ansible.builtin" => format!("version {} of ansible-core", version.to_text()),
        _ => format!("version {} of {collection}", version.to_text()),
    }
}
