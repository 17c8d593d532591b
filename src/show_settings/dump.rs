//! `ansible-config dump`: every setting with its value and origin.

use super::BASE;
use crate::command_line::ConfigOptions;
use churten_config::{PLUGINS, Resolved, Settings, ValueOrigin};
use churten_diagnostics::Report;
use churten_syntax::{EmitOptions, emit_yaml};
use churten_value::{Dict, JsonStyle, Str, Value};

/// A setting as it is shown.
struct Entry {
    name: &'static str,
    origin: String,
    value: Value,
}

impl Entry {
    fn new(name: &'static str, resolved: &Resolved) -> Self {
        // The file itself comes from nowhere.
        let origin = if name == "CONFIG_FILE" { String::new() } else { resolved.origin.to_string() };
        Self { name, origin, value: resolved.value.clone() }
    }

    fn line(&self) -> String {
        format!("{}({}) = {}\n", self.name, self.origin, Str(&self.value))
    }

    fn data(self) -> Value {
        let entries = [("name", Value::from(self.name)), ("origin", self.origin.into()), ("value", self.value)];
        Value::dict(Dict::from(entries))
    }
}

/// The settings, or the options of plugins, in the format that was asked for.
///
/// # Errors
/// Options of plugins churten does not know all of; settings of plugins that are wrong.
pub(super) fn dump(options: &ConfigOptions, settings: &Settings) -> Result<String, Report> {
    let format = options.format.as_deref().unwrap_or("display");
    if options.kind == BASE {
        return base(options, settings, format);
    }
    if options.plugins.is_empty() {
        return Err(Report::not_yet(format!("ansible-config dump -t {} without names of plugins", options.kind)));
    }
    plugins(options, settings, format)
}

fn base(options: &ConfigOptions, settings: &Settings, format: &str) -> Result<String, Report> {
    let shown = |name: &str, resolved: &Resolved| {
        !options.only_changed || name == "CONFIG_FILE" || resolved.origin != ValueOrigin::Default
    };
    // Servers of Ansible Galaxy come last, by themselves.
    let entries = settings.entries().filter(|(definition, _)| definition.name != "GALAXY_SERVERS");
    let entries = entries
        .filter(|(definition, resolved)| shown(definition.name, resolved))
        .map(|(definition, resolved)| Entry::new(definition.name, resolved));
    if format == "display" {
        return Ok(entries.map(|entry| entry.line()).collect::<String>() + "\nGALAXY_SERVERS:\n");
    }
    let mut list: Vec<Value> = entries.map(Entry::data).collect();
    list.push(Value::dict(Dict::from([("GALAXY_SERVERS", Value::dict(Dict::new()))])));
    written(&Value::list(list), format)
}

fn plugins(options: &ConfigOptions, settings: &Settings, format: &str) -> Result<String, Report> {
    let mut text = String::new();
    let mut list = Vec::new();
    for name in &options.plugins {
        let short = name.strip_prefix("ansible.builtin.").unwrap_or(name);
        let Some(plugin) = PLUGINS.iter().find(|plugin| plugin.kind == options.kind && plugin.name == short) else {
            return Err(Report::not_yet(format!("the options of the {} plugin {name}", options.kind)));
        };
        let mut entries = Vec::new();
        for definition in plugin.options {
            let label = format!("{}/{}", plugin.kind, plugin.name);
            let resolved = settings.plugin_option(&label, definition.name, &|_| None)?;
            if !options.only_changed || resolved.origin != ValueOrigin::Default {
                entries.push(Entry::new(definition.name, &resolved));
            }
        }
        if entries.is_empty() {
            continue;
        }
        if format == "display" {
            text += &format!("\n{short}:\n{}\n", "_".repeat(short.chars().count()));
            entries.iter().for_each(|entry| text += &entry.line());
        } else {
            let entries = Value::list(entries.into_iter().map(Entry::data).collect());
            list.push(Value::dict(Dict::from([(short, entries)])));
        }
    }
    if format == "display" { Ok(text) } else { written(&Value::list(list), format) }
}

fn written(value: &Value, format: &str) -> Result<String, Report> {
    if format == "yaml" {
        return emit_yaml(value, &EmitOptions { flow: Some(false), sort_keys: false, ..EmitOptions::PLAIN });
    }
    Ok(value.to_json(JsonStyle { sort_keys: false, ..JsonStyle::RESULT }))
}
