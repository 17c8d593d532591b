//! The `config` lookup.

use super::{Lookup, Plugin};
use crate::fault::{Fault, Outcome};
use crate::val::{Root, Val};
use churten_config::{LoadOptions, Resolved, Settings};

pub(super) const TABLE: &[Plugin] = &[Plugin::new("config", config)];

fn config(lookup: &mut Lookup<'_, '_>) -> Outcome<Vec<Val>> {
    let option = |lookup: &mut Lookup<'_, '_>, name: &str| match lookup.option(name) {
        None | Some(Val::None) => Ok(None),
        Some(value) => lookup.text(&value).map(Some),
    };
    let missing = option(lookup, "on_missing")?.unwrap_or_else(|| "error".to_owned());
    if !matches!(missing.as_str(), "error" | "skip" | "warn") {
        return Err(Fault::ansible(format!(
            "Invalid value '{missing}' for config 'on_missing' for 'config' lookup plugin."
        )));
    }
    let show_origin = lookup.flag("show_origin", false)?;
    let plugin = match (option(lookup, "plugin_type")?, option(lookup, "plugin_name")?) {
        (Some(kind), Some(name)) => Some(format!("{kind}/{name}")),
        (None, None) => None,
        _ => {
            return Err(Fault::ansible(
                "Both plugin_type and plugin_name are required, cannot use one without the other.",
            ));
        }
    };
    if let Some((kind, name)) = plugin.as_deref().and_then(|plugin| plugin.split_once('/')) {
        let short = name.strip_prefix("ansible.builtin.").unwrap_or(name);
        let is_lookup = kind == "lookup" && super::has_lookup(short);
        if !is_lookup && !Settings::has_plugin(kind, short) {
            return Err(Fault::ansible(format!("Unable to load {kind} plugin '{name}'.")));
        }
    }
    // Without the run's own settings these are what its configuration file and environment say.
    let environment = &lookup.session.shared.environment;
    let own;
    let settings = match &environment.settings {
        Some(settings) => &**settings,
        None => {
            own = Settings::load(LoadOptions::of_process()).map_err(Fault::report)?;
            &own
        }
    };
    let mut results = Vec::new();
    for term in &lookup.terms {
        let Val::Str(name) = term else {
            return Err(Fault::ansible(format!(
                "Invalid setting identifier, {} is not a <class 'str'>, its a <class '{}'>.",
                lookup.text(term)?,
                term.python_type()
            )));
        };
        let variable = |name: &str| lookup.session.variable(lookup.root, name)?.to_data(lookup.session).ok();
        let found: Option<Resolved> = match &plugin {
            Some(plugin) if Settings::plugin_definition(plugin, name).is_some() => {
                Some(settings.plugin_option(plugin, name, &variable).map_err(Fault::report)?)
            }
            Some(_) => None,
            None => settings.resolved(name).cloned(),
        };
        match found {
            Some(resolved) => {
                let value = Val::from_raw(&resolved.value, Root::default());
                results.push(if show_origin {
                    Val::tuple(vec![value, Val::str(resolved.origin.to_string())])
                } else {
                    value
                });
            }
            None if missing == "error" => {
                return Err(Fault::ansible(format!("No config definition exists for '{}'.", &**name)));
            }
            None if missing == "warn" => {
                let message = format!("Skipping, did not find setting {}", &**name);
                (environment.warn)(churten_diagnostics::Report::new(message));
            }
            None => {}
        }
    }
    Ok(results)
}
