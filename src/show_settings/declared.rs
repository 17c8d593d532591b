//! Options that a plugin's documentation declares, in the form in which settings are looked up.

use churten_config::{Default, Definition};
use churten_value::{Data, Dict, Value};

/// Text for the rest of the process: the tables of settings are static, and this program shows a few plugins and ends.
fn kept(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}

fn texts(facts: &Dict, list: &str, key: &str) -> &'static [&'static str] {
    let entries = facts.get(list).and_then(Value::as_list).unwrap_or_default().iter();
    let found: Vec<&str> = entries.filter_map(|entry| entry.get(key)).map(|name| kept(name.to_text())).collect();
    Vec::leak(found)
}

/// The definition of an option from what its documentation says.
pub(super) fn definition(name: &str, facts: &Dict) -> Definition {
    let sections = texts(facts, "ini", "section").iter().zip(texts(facts, "ini", "key"));
    let ini: Vec<(&str, &str)> = sections.map(|(section, key)| (*section, *key)).collect();
    let choices = facts.get("choices").and_then(Value::as_list).unwrap_or_default().iter();
    let choices: Vec<&str> = choices.map(|choice| kept(choice.to_text())).collect();
    let kind = facts.get("type").map(|kind| kept(kind.to_text())).unwrap_or_default();
    let mut definition = Definition::declared(kept(name.to_owned()), kind, default(facts.get("default")));
    definition.env = texts(facts, "env", "name");
    definition.ini = Vec::leak(ini);
    definition.vars = texts(facts, "vars", "name");
    definition.keywords = texts(facts, "keyword", "name");
    definition.cli = texts(facts, "cli", "name");
    definition.choices = Vec::leak(choices);
    definition.required = facts.get("required").is_some_and(Value::is_truthy);
    definition
}

fn default(value: Option<&Value>) -> Default {
    let Some(value) = value else { return Default::Null };
    match &value.data {
        Data::None => Default::Null,
        Data::Bool(flag) => Default::Flag(*flag),
        Data::Int(number) => Default::Number(*number),
        Data::Float(number) => Default::Real(*number),
        Data::List(items) => {
            let items: Vec<&str> = items.iter().map(|item| kept(item.to_text())).collect();
            Default::Items(Vec::leak(items))
        }
        Data::Dict(entries) => {
            let pairs: Vec<(&str, &str)> =
                entries.iter().map(|(key, value)| (kept(key.to_text()), kept(value.to_text()))).collect();
            Default::Pairs(Vec::leak(pairs))
        }
        _ => Default::Text(kept(value.to_text())),
    }
}
