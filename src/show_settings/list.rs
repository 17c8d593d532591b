//! `ansible-config list`: what settings and options of plugins there are.

use super::documentation::{self, Found};
use super::{ALL, BASE};
use crate::command_line::ConfigOptions;
use crate::output::Console;
use churten_config::{Settings, listed_kinds, listed_plugins, listed_settings};
use churten_diagnostics::Report;
use churten_syntax::{EmitOptions, emit_yaml};
use churten_value::{Dict, JsonStyle, Value};

/// The settings, or plugins and their options, in the format that was asked for.
///
/// # Errors
/// See [`named`].
pub(super) fn list(options: &ConfigOptions, settings: &Settings, console: &mut Console) -> Result<String, Report> {
    let value = Value::dict(listed(options, settings, console)?);
    if options.format.as_deref() == Some("json") {
        return Ok(value.to_json(JsonStyle::RESULT));
    }
    emit_yaml(&value, &EmitOptions { flow: Some(false), ..EmitOptions::PLAIN })
}

fn listed(options: &ConfigOptions, settings: &Settings, console: &mut Console) -> Result<Dict, Report> {
    match options.kind.as_str() {
        BASE => Ok(with_servers(settings)),
        ALL => {
            let mut settings = with_servers(settings);
            let plugins =
                listed_kinds().into_iter().map(|kind| (kind.to_uppercase(), Value::dict(listed_plugins(&kind))));
            settings.insert("PLUGINS", Value::dict(plugins.map(|(kind, value)| (Value::from(kind), value)).collect()));
            Ok(settings)
        }
        kind => {
            let plugins = named(kind, &options.plugins, settings, console)?;
            Ok(Dict::from([("PLUGINS", Value::dict(Dict::from([(kind, Value::dict(plugins))])))]))
        }
    }
}

/// The settings, and what there is to set about servers of Ansible Galaxy.
pub(super) fn with_servers(settings: &Settings) -> Dict {
    let mut listed = listed_settings();
    listed.insert("GALAXY_SERVERS", Value::dict(settings.listed_galaxy_servers()));
    listed
}

/// Plugins of a kind: those that are named, or all.
///
/// # Errors
/// A plugin of a collection whose documentation cannot be read.
pub(super) fn named(kind: &str, names: &[String], settings: &Settings, console: &mut Console) -> Result<Dict, Report> {
    let all = listed_plugins(kind);
    if names.is_empty() {
        return Ok(all);
    }
    let mut plugins = Dict::new();
    for name in names {
        let short =
            name.strip_prefix("ansible.builtin.").or_else(|| name.strip_prefix("ansible.legacy.")).unwrap_or(name);
        match all.get(short) {
            Some(options) => plugins.insert(name.as_str(), options.clone()),
            None if short.contains('.') => match documentation::find(settings, kind, short)? {
                Found::Plugin(name, options) => plugins.insert(name.as_str(), Value::dict(options)),
                Found::NoPlugin => {
                    console.warning(&skipping(name));
                    continue;
                }
                Found::NoCollection(missing) => {
                    console.warning(&format!("Error loading plugin '{name}': No module named '{missing}'"));
                    console.warning(&skipping(name));
                    continue;
                }
            },
            None => {
                console.warning(&skipping(name));
                continue;
            }
        };
    }
    Ok(plugins)
}

fn skipping(name: &str) -> String {
    format!("Skipping {name} as we could not find matching plugin")
}
