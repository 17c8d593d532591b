//! `ansible-config list`: what settings and options of plugins there are.

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
/// A plugin of a collection.
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
            let plugins = named(kind, &options.plugins, console)?;
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
/// A plugin of a collection.
pub(super) fn named(kind: &str, names: &[String], console: &mut Console) -> Result<Dict, Report> {
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
            None if short.contains('.') => {
                return Err(Report::not_yet(format!("the options of the {kind} plugin {name}")));
            }
            None => {
                console.warning(&format!("Skipping {name} as we could not find matching plugin"));
                continue;
            }
        };
    }
    Ok(plugins)
}
