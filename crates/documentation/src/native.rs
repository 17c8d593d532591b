//! The documentation of native modules and actions: what they declare, their doc comments, and the words beside them.

use crate::controller::CONTROLLER;
use crate::document::Document;
use crate::words::words;
use churten_module::{Argument, ArgumentSpec, CheckMode, Docs, Manual, convert_value};
use churten_value::{Dict, Value};

/// What stands for the file of a native module.
const PLACE: &str = "churten";

/// The documentation of a native module by its short or full name.
pub fn native(name: &str) -> Option<Document> {
    let short = name.strip_prefix("ansible.builtin.").unwrap_or(name);
    let manual = manuals().find(|manual| manual.name == short)?;
    let full = if short.contains('.') { short.to_owned() } else { format!("ansible.builtin.{short}") };
    let collection = full.rsplit_once('.').map_or("", |(collection, _)| collection);
    let mut paragraphs: Vec<String> =
        manual.docs.text.split("\n\n").map(|text| marked(&text.replace('\n', " "))).collect();
    let title = paragraphs.first().cloned().unwrap_or_default();
    if paragraphs.len() > 1 {
        paragraphs.remove(0);
    }
    let support = |is_there: bool| Value::from(Dict::from([("support", if is_there { "full" } else { "none" })]));
    let doc = Dict::from([
        ("module", Value::from(full.rsplit('.').next().unwrap_or_default())),
        ("short_description", title.trim_end_matches('.').into()),
        ("description", paragraphs.into()),
        ("options", options(manual.spec, manual.docs).into()),
        (
            "attributes",
            Dict::from([
                ("check_mode", support(manual.check == CheckMode::Run)),
                ("diff_mode", support(manual.has_difference)),
            ])
            .into(),
        ),
        ("collection", collection.into()),
        ("plugin_name", full.as_str().into()),
        ("filename", PLACE.into()),
        ("has_action", false.into()),
    ]);
    let (examples, returned) = words(short).unwrap_or_default();
    Some(Document { doc, examples, returned, metadata: Value::NONE, left_out: Vec::new() })
}

/// The manuals of native modules, and of what the controller does itself where it has no module of that name.
pub(crate) fn manuals() -> impl Iterator<Item = &'static Manual> {
    churten_modules::MANUALS.iter().chain(CONTROLLER)
}

/// The full names of all native modules.
pub fn native_names() -> Vec<String> {
    let full = |name: &str| if name.contains('.') { name.to_owned() } else { format!("ansible.builtin.{name}") };
    manuals().map(|manual| full(manual.name)).collect()
}

fn options(spec: &ArgumentSpec, docs: &Docs) -> Dict {
    let mut options: Dict = spec
        .arguments
        .iter()
        .filter(|argument| !argument.name.starts_with('_'))
        .map(|argument| (Value::from(argument.name), Value::from(option(argument, docs))))
        .collect();
    for (included, docs) in spec.include.iter().zip(docs.include) {
        options.extend_from(&self::options(included, docs));
    }
    options
}

fn option(argument: &Argument, docs: &Docs) -> Dict {
    let said = docs.arguments.iter().find(|said| said.name == argument.name);
    let text = said.map_or("", |said| said.text);
    let texts = |texts: &[&'static str]| texts.iter().copied().collect::<Value>();
    let mut about = Dict::from([("description", marked(&text.replace('\n', " ")))]);
    about.insert("type", argument.kind.name());
    if argument.required {
        about.insert("required", true);
    }
    if let Some(elements) = argument.elements {
        about.insert("elements", elements.name());
    }
    if !argument.choices.is_empty() {
        about.insert("choices", texts(argument.choices));
    }
    if !argument.aliases.is_empty() {
        about.insert("aliases", texts(argument.aliases));
    }
    let default = match (argument.default.to_value().unwrap_or_default(), argument.elements) {
        (value, Some(kind)) if value.as_list().is_some() => {
            let items = value.as_list().unwrap_or_default().iter();
            Value::list(items.map(|item| convert_value(kind, item).unwrap_or_else(|_| item.clone())).collect())
        }
        (value, _) => value,
    };
    if !default.is_none() {
        about.insert("default", default);
    }
    if let (Some(inner), Some(docs)) = (argument.options, said.and_then(|said| said.inside)) {
        about.insert("suboptions", options(inner, docs));
    }
    about
}

/// Text between backticks, as documentation marks it.
pub(crate) fn marked(text: &str) -> String {
    let mut out = String::new();
    for (index, part) in text.split('`').enumerate() {
        match index % 2 {
            0 => out.push_str(part),
            _ if part.contains(')') => out.push_str(&format!("V({})", part.replace('\\', "\\\\").replace(')', "\\)"))),
            _ => out.push_str(&format!("C({part})")),
        }
    }
    out
}
