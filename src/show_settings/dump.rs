//! `ansible-config dump`: every setting with its value and origin.

use super::list::named;
use super::{ALL, BASE, COLLECTIONS, declared};
use crate::command_line::ConfigOptions;
use crate::output::Console;
use churten_config::{Definition, GalaxyOption, PLUGINS, Resolved, Settings, ValueOrigin, listed_kinds};
use churten_diagnostics::Report;
use churten_syntax::{EmitOptions, emit_yaml};
use churten_value::{Dict, JsonStyle, Str, Value};

/// In place of the origin of a value that must be set and is not.
const REQUIRED: &str = "REQUIRED";

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
pub(super) fn dump(options: &ConfigOptions, settings: &Settings, console: &mut Console) -> Result<String, Report> {
    let format = options.format.as_deref().unwrap_or("display");
    match options.kind.as_str() {
        BASE => base(options, settings, format),
        ALL => all(options, settings, format, console),
        kind => match plugins(kind, &options.plugins, options.only_changed, settings, console)? {
            shown if format == "display" => Ok(shown.iter().map(Plugin::text).collect()),
            shown => written(&Value::list(shown.into_iter().map(Plugin::data).collect()), format),
        },
    }
}

/// The settings, and the plugins of every kind.
fn all(options: &ConfigOptions, settings: &Settings, format: &str, console: &mut Console) -> Result<String, Report> {
    let mut text = String::new();
    let mut list = base_entries(options, settings)?;
    for kind in listed_kinds() {
        let shown = plugins(&kind, &[], options.only_changed, settings, console)?;
        let title = format!("{}:", kind.to_uppercase());
        text += &format!("\n{title}\n{}\n", "=".repeat(kind.len()));
        text.extend(shown.iter().map(Plugin::text));
        let entries = Value::list(shown.into_iter().map(Plugin::data).collect());
        list.push(Value::dict([(Value::from(title), entries)].into_iter().collect()));
    }
    if format == "display" {
        Ok(base(options, settings, format)? + "\n" + &text)
    } else {
        written(&Value::list(list), format)
    }
}

fn base(options: &ConfigOptions, settings: &Settings, format: &str) -> Result<String, Report> {
    if format == "display" {
        let lines: String = entries(options, settings).map(|entry| entry.line()).collect();
        return Ok(lines + "\nGALAXY_SERVERS:\n" + &server_text(options.only_changed, settings)?);
    }
    written(&Value::list(base_entries(options, settings)?), format)
}

/// The servers of Ansible Galaxy and their options in alphabetical order.
fn server_text(only_changed: bool, settings: &Settings) -> Result<String, Report> {
    let mut text = String::new();
    for server in settings.galaxy_servers() {
        if text.is_empty() {
            text.push('\n');
        }
        text += &format!("\n{server}\n{}\n", "=".repeat(server.chars().count()));
        let mut entries: Vec<Entry> = server_entries(settings, server)?;
        entries.sort_by_key(|entry| entry.name);
        let is_default = |entry: &Entry| entry.origin == "default" || entry.origin == REQUIRED;
        text.extend(entries.iter().filter(|entry| !only_changed || !is_default(entry)).map(Entry::line));
    }
    Ok(text)
}

fn server_entries(settings: &Settings, server: &str) -> Result<Vec<Entry>, Report> {
    let entry = |option: GalaxyOption| match option.resolved {
        Some(resolved) => Entry::new(option.name, &resolved),
        None => Entry { name: option.name, origin: REQUIRED.to_owned(), value: Value::NONE },
    };
    Ok(settings.galaxy_server(server)?.into_iter().map(entry).collect())
}

/// The servers of Ansible Galaxy as data.
fn server_data(settings: &Settings) -> Result<Dict, Report> {
    let mut servers = settings.galaxy_servers();
    servers.sort_unstable();
    let mut data = Dict::new();
    for server in servers {
        let with_type = |entry: Entry| {
            let entries = [
                ("name", Value::from(entry.name)),
                ("origin", entry.origin.into()),
                ("type", Value::NONE),
                ("value", entry.value),
            ];
            Value::dict(Dict::from(entries))
        };
        let entries: Vec<Value> = server_entries(settings, server)?.into_iter().map(with_type).collect();
        data.insert(server, entries);
    }
    Ok(data)
}

/// The settings as data.
fn base_entries(options: &ConfigOptions, settings: &Settings) -> Result<Vec<Value>, Report> {
    let mut list: Vec<Value> = entries(options, settings).map(Entry::data).collect();
    list.push(Value::dict(Dict::from([("GALAXY_SERVERS", Value::dict(server_data(settings)?))])));
    Ok(list)
}

fn entries(options: &ConfigOptions, settings: &Settings) -> impl Iterator<Item = Entry> {
    let only_changed = options.only_changed;
    // Servers of Ansible Galaxy come last, by themselves.
    let entries = settings.entries().filter(|(definition, _)| definition.name != "GALAXY_SERVERS");
    entries
        .filter(move |(definition, resolved)| {
            !only_changed || definition.name == "CONFIG_FILE" || resolved.origin != ValueOrigin::Default
        })
        .map(|(definition, resolved)| Entry::new(definition.name, resolved))
}

/// A plugin and what its options are set to.
struct Plugin {
    name: String,
    entries: Vec<Entry>,
}

impl Plugin {
    fn text(&self) -> String {
        let lines: String = self.entries.iter().map(Entry::line).collect();
        format!("\n{}:\n{}\n{lines}", self.name, "_".repeat(self.name.chars().count()))
    }

    fn data(self) -> Value {
        let entries = Value::list(self.entries.into_iter().map(Entry::data).collect());
        Value::dict([(Value::from(self.name), entries)].into_iter().collect())
    }
}

/// The plugins of a kind that have something to show: those that are named, or all.
fn plugins(
    kind: &str,
    names: &[String],
    only_changed: bool,
    settings: &Settings,
    console: &mut Console,
) -> Result<Vec<Plugin>, Report> {
    let mut shown = Vec::new();
    let plugins = named(kind, names, settings, console)?;
    let mut found: Vec<String> = plugins.keys().map(Value::to_text).collect();
    // Those that go come first.
    found.sort_by_key(|name| !name.contains(' '));
    for name in found {
        let short = name.rsplit('.').next().unwrap_or(&name);
        // One that goes is listed a second time, with a word about it.
        let short = short.split(' ').next().unwrap_or(short);
        let definitions = if name.starts_with(COLLECTIONS) {
            // As ansible-core says of the name that it shows.
            let missing = "ansible_collections.ansible_collections";
            console.warning(&format!("Error loading plugin '{name}': No module named '{missing}'"));
            if kind == "cache" {
                console.warning(&format!(
                    "Skipping \"{name}\" cache plugin, as we cannot load plugin to check config due to : Unable to load the \
                     cache plugin '{name}'."
                ));
                continue;
            }
            declared(plugins.get(&name))
        } else {
            let plugin = PLUGINS.iter().find(|plugin| plugin.kind == kind && plugin.name == short);
            plugin.map(|plugin| plugin.options.to_vec()).unwrap_or_default()
        };
        let told = if name.starts_with(COLLECTIONS) { &name } else { short };
        let mut entries = Vec::new();
        for definition in &definitions {
            let resolved = settings.defined_option(&format!("{kind}/{told}"), definition)?;
            if !only_changed || resolved.origin != ValueOrigin::Default {
                let mut entry = Entry::new(definition.name, &resolved);
                if definition.required && (resolved.value.is_none() || resolved.origin == ValueOrigin::Default) {
                    // Its default is not looked at.
                    entry.value = Value::NONE;
                    entry.origin = REQUIRED.into();
                }
                entries.push(entry);
            }
        }
        if !entries.is_empty() {
            shown.push(Plugin { name, entries });
        }
    }
    Ok(shown)
}

/// The definitions of documented options, by name.
fn declared(options: Option<&Value>) -> Vec<Definition> {
    let options = options.and_then(Value::as_dict).into_iter().flat_map(Dict::iter);
    let mut definitions: Vec<Definition> =
        options.filter_map(|(name, facts)| Some(declared::definition(&name.to_text(), facts.as_dict()?))).collect();
    definitions.sort_by_key(|definition| definition.name);
    definitions
}

fn written(value: &Value, format: &str) -> Result<String, Report> {
    if format == "yaml" {
        return emit_yaml(value, &EmitOptions { flow: Some(false), sort_keys: false, ..EmitOptions::PLAIN });
    }
    Ok(value.to_json(JsonStyle { sort_keys: false, ..JsonStyle::RESULT }))
}
