//! `ansible-config init`: a first configuration file, or variables of the environment or of hosts that do the same.

use super::list::{named, with_servers};
use super::{ALL, BASE, COLLECTIONS};
use crate::command_line::ConfigOptions;
use crate::output::Console;
use churten_config::{SETTINGS, Settings, declared_settings, listed_kinds};
use churten_diagnostics::Report;
use churten_syntax::{EmitOptions, emit_yaml};
use churten_value::{Data, Dict, Repr, Value};

/// What is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Ini,
    Environment,
    Variables,
}

/// The text of the file.
///
/// # Errors
/// A plugin of a collection.
pub(super) fn init(options: &ConfigOptions, settings: &Settings, console: &mut Console) -> Result<String, Report> {
    let format = match options.format.as_deref() {
        Some("env") => Format::Environment,
        Some("vars") => Format::Variables,
        _ => Format::Ini,
    };
    let mut groups = Vec::new();
    let kind = options.kind.as_str();
    if matches!(kind, BASE | ALL) {
        let mut base = with_servers(settings);
        let home = settings.text("ANSIBLE_HOME").unwrap_or_default();
        for definition in SETTINGS {
            if let Some(facts) = base.get(definition.name).and_then(Value::as_dict)
                && facts.get("default").is_some_and(|value| value.to_text().contains("{{"))
            {
                let mut facts = facts.clone();
                facts.insert("default", definition.default_value(home));
                base.insert(definition.name, Value::dict(facts));
            }
        }
        groups.push(if format == Format::Ini { base } else { in_written_order(base) });
    }
    let plugins = |kind: &str, names: &[String], console: &mut Console| {
        named(kind, names, settings, console)
            .map(|plugins| plugins.iter().filter_map(|(name, options)| shown(name, options)).collect::<Vec<_>>())
    };
    match kind {
        BASE => {}
        ALL => {
            for kind in listed_kinds() {
                groups.extend(plugins(&kind, &[], console)?);
            }
        }
        kind => groups.extend(plugins(kind, &options.plugins, console)?),
    }
    let mut writer = Writer { format, disabled: options.disabled, sections: Vec::new(), lines: Vec::new() };
    for group in &groups {
        for (name, facts) in group {
            let Some(facts) = facts.as_dict() else { continue };
            if name.as_str() == Some("GALAXY_SERVERS") {
                writer.add_servers(facts);
            } else {
                writer.add(&name.to_text(), facts)?;
            }
        }
    }
    Ok(writer.finish())
}

/// The options of a plugin that are written: of a collection's those that are described.
fn shown(name: &Value, options: &Value) -> Option<Dict> {
    let mut options = options.as_dict()?.clone();
    if name.as_str().is_some_and(|name| name.starts_with(COLLECTIONS)) {
        options.retain(|_, facts| facts.get("description").is_some_and(Value::is_truthy));
    }
    Some(options)
}

/// The settings in the order in which ansible-core declares them.
fn in_written_order(mut settings: Dict) -> Dict {
    let mut ordered = Dict::new();
    for name in declared_settings() {
        if let Some(facts) = settings.remove(name.as_str()) {
            ordered.insert(name, facts);
        }
    }
    for (name, facts) in &settings {
        ordered.insert(name.clone(), facts.clone());
    }
    ordered
}

/// A section of an ini file: its keys and their lines.
struct Section {
    name: String,
    keys: Vec<(String, Vec<String>)>,
}

struct Writer {
    format: Format,
    disabled: bool,
    sections: Vec<Section>,
    lines: Vec<String>,
}

impl Writer {
    fn add(&mut self, name: &str, facts: &Dict) -> Result<(), Report> {
        let text = |key: &str| facts.get(key).map(Value::to_text).unwrap_or_default();
        let kind = if facts.contains("type") { text("type") } else { "string".to_owned() };
        let value = facts.get("default").cloned().unwrap_or_default();
        match self.format {
            Format::Ini => self.add_key(facts, &kind, &description(facts, "\n# "), &value),
            Format::Environment | Format::Variables => {
                let place = if self.format == Format::Environment { "env" } else { "vars" };
                // What is for ansible-core itself only has a comment.
                let Some(variable) = last_name(facts, place) else { return Ok(()) };
                self.lines.push(format!("# {name}({kind}): {}", description(facts, "\n#")).trim_end().to_owned());
                if variable.starts_with('_') {
                    return Ok(());
                }
                if self.format == Format::Environment {
                    let mark = if self.disabled { "#" } else { "" };
                    self.lines.push(format!("{mark}{variable}={}\n", environment_text(&value, &kind)));
                } else {
                    let value = if facts.contains("default") { value } else { "".into() };
                    self.add_variable(&variable, &value)?;
                }
            }
        }
        Ok(())
    }

    /// The sections of servers of Ansible Galaxy, which only a file has.
    fn add_servers(&mut self, servers: &Dict) {
        let options = servers.values().filter_map(Value::as_dict).flat_map(Dict::values).filter_map(Value::as_dict);
        for facts in options.filter(|_| self.format == Format::Ini).collect::<Vec<_>>() {
            let text = |key: &str| facts.get(key).map(Value::to_text).unwrap_or_default();
            self.add_key(
                facts,
                &text("type"),
                &description(facts, "\n# "),
                facts.get("default").unwrap_or(&Value::NONE),
            );
        }
    }

    fn add_variable(&mut self, name: &str, value: &Value) -> Result<(), Report> {
        let value = value.clone();
        let is_list = matches!(value.data, Data::List(_) | Data::Dict(_));
        // A list stands on the line of its name.
        let text = if is_list {
            format!("{name}: {}", emit_yaml(&value, &EmitOptions { flow: Some(true), ..EmitOptions::PLAIN })?)
        } else {
            let entry = Value::dict([(Value::from(name), value)].into_iter().collect());
            emit_yaml(&entry, &EmitOptions { flow: Some(false), ..EmitOptions::PLAIN })?
        };
        let mark = if self.disabled { "#" } else { "" };
        self.lines.push(format!("{mark}{}\n\n", text.trim_end()));
        Ok(())
    }

    fn add_key(&mut self, facts: &Dict, kind: &str, description: &str, value: &Value) {
        let Some(place) = facts.get("ini").and_then(Value::as_list).and_then(|places| places.last()) else { return };
        let part = |key: &str| place.get(key).map(Value::to_text).unwrap_or_default();
        let (section, key) = (part("section"), part("key"));
        let mark = if self.disabled { ";" } else { "" };
        let comment = format!("# ({kind}) {description}").trim_end().to_owned();
        let lines = vec![comment, format!("{mark}{key}={}", ini_text(value, kind))];
        let index = self.sections.iter().position(|known| known.name == section).unwrap_or_else(|| {
            self.sections.push(Section { name: section, keys: Vec::new() });
            self.sections.len() - 1
        });
        let Some(section) = self.sections.get_mut(index) else { return };
        match section.keys.iter_mut().find(|(known, _)| *known == key) {
            // What an earlier setting says stays.
            Some(_) => {}
            None => section.keys.push((key, lines)),
        }
    }

    fn finish(self) -> String {
        if self.format != Format::Ini {
            return self.lines.join("\n");
        }
        let mut out = String::new();
        for section in &self.sections {
            out += &format!("[{}]\n", section.name);
            for (_, lines) in &section.keys {
                out += &lines.join("\n");
                out += "\n\n";
            }
            out.push('\n');
        }
        if let Some(rest) = out.strip_suffix('\n') {
            out.truncate(rest.len());
        }
        out
    }
}

fn last_name(facts: &Dict, place: &str) -> Option<String> {
    facts.get(place).and_then(Value::as_list)?.last()?.get("name").map(Value::to_text)
}

fn ini_text(value: &Value, kind: &str) -> String {
    match &value.data {
        Data::None => String::new(),
        Data::List(items) if kind == "list" || items.is_empty() => joined(items),
        _ => value.to_text(),
    }
}

fn environment_text(value: &Value, kind: &str) -> String {
    match &value.data {
        Data::None if matches!(kind, "bool" | "boolean") => "0".to_owned(),
        Data::None => String::new(),
        Data::Bool(flag) if matches!(kind, "bool" | "boolean") => if *flag { "1" } else { "0" }.to_owned(),
        Data::List(items) if kind == "list" && !items.is_empty() => quoted(&joined(items)),
        Data::List(_) => Repr(value).to_string(),
        _ => quoted(&value.to_text()),
    }
}

fn joined(items: &[Value]) -> String {
    items.iter().map(Value::to_text).collect::<Vec<_>>().join(", ")
}

/// A word as a shell reads it.
fn quoted(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "@%+=:,./-_".contains(c);
    if text.is_empty() || text.chars().all(is_plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\"'\"'"))
}

/// The text of a description; its paragraphs are lines of their own.
fn description(facts: &Dict, between: &str) -> String {
    let Some(description) = facts.get("description") else { return String::new() };
    match description.as_list() {
        Some(paragraphs) => paragraphs.iter().map(Value::to_text).collect::<Vec<_>>().join(between),
        None => description.to_text(),
    }
}
