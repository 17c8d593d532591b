//! `ansible-config validate`: names that no setting has.

use super::{ALL, BASE, read};
use crate::command_line::ConfigOptions;
use crate::output::{Console, Stream};
use crate::start::fail;
use churten_config::{Definition, PLUGINS, SETTINGS, Settings, parse_ini};
use churten_diagnostics::{ErrorKind, Report};

/// What begins so is no setting: the name of the configuration file, and what ansible-test uses.
const OTHERS: [&str; 2] = ["ANSIBLE_CONFIG", "ANSIBLE_TEST_"];

/// Tell every unknown name; gives the exit code.
pub(super) fn validate(options: &ConfigOptions, settings: &Settings, console: &mut Console) -> u8 {
    let known = known(&options.kind);
    let is_environment = options.format.as_deref() == Some("env");
    let unknown = if is_environment { Ok(variables(settings, &known)) } else { keys(settings, &known) };
    match unknown {
        Err(report) => fail(console, &report),
        Ok(unknown) if unknown.is_empty() => {
            console.line("All configurations seem valid!");
            0
        }
        Ok(unknown) => {
            unknown.iter().for_each(|text| console.error(Stream::Error, text));
            1
        }
    }
}

/// What may be set: settings, or the options of a kind of plugin, or both.
fn known(kind: &str) -> Vec<&'static Definition> {
    let base = SETTINGS.iter().filter(|_| matches!(kind, BASE | ALL));
    // Plugins of collections are not asked for.
    let plugins = PLUGINS.iter().filter(|plugin| plugin.kind == kind || kind == ALL);
    let plugins = plugins.filter(|plugin| !plugin.name.contains('.'));
    base.chain(plugins.flat_map(|plugin| plugin.options)).collect()
}

/// Keys and sections of the configuration file.
fn keys(settings: &Settings, known: &[&Definition]) -> Result<Vec<String>, Report> {
    let Some(file) = settings.config_file() else { return Ok(Vec::new()) };
    let ini = parse_ini(&read(file)?).map_err(|message| Report::new(message).kind(ErrorKind::Options))?;
    let known = || known.iter().flat_map(|definition| definition.ini);
    if known().next().is_none() {
        return Ok(Vec::new());
    }
    let mut unknown = Vec::new();
    for (section, options) in ini.sections() {
        // The quote that ends the file's name is missing in ansible-core, too.
        let is_known = |key: &str| {
            let of_server = settings.is_galaxy_key(section, key).unwrap_or_default();
            of_server || known().any(|(name, known)| *name == section && *known == key)
        };
        let is_section = known().any(|(name, _)| *name == section) || settings.is_galaxy_key(section, "").is_some();
        if !is_section {
            unknown.push(format!("Found unknown section '{section}' in '{}.", file.display()));
            continue;
        }
        for key in options.keys() {
            if !is_known(key) {
                unknown.push(format!("Found unknown key '{key}' in section '{section}' in '{}.", file.display()));
            }
        }
    }
    Ok(unknown)
}

/// Variables of the environment that look like settings.
fn variables(settings: &Settings, known: &[&Definition]) -> Vec<String> {
    let is_known = |name: &str| known.iter().any(|definition| definition.env.contains(&name));
    settings
        .environment()
        .variables
        .keys()
        .filter(|name| {
            name.starts_with("ANSIBLE_") && !OTHERS.iter().any(|other| name.starts_with(other)) && !is_known(name)
        })
        .map(|name| format!("Found unknown environment variable '{name}'."))
        .collect()
}
