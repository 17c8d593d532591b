//! Which plugin reads which source, and what happens when none can.

use crate::build::Builder;
use crate::inventory::Format;
use crate::model::HostSource;
use crate::reader::Content;
use crate::{address, constructed, generator, ini, ranges, script, toml, yaml};
use churten_config::{Settings, normalise};
use churten_diagnostics::{ErrorKind, Report};
use churten_value::{BigInt, Dict, Origin, Source, Value};
use fancy_regex::Regex;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Directories inside directories are followed so far.
const MAX_DEPTH: usize = 20;

/// The default of the setting; it is no loss when it does not exist.
const DEFAULT_SOURCE: &str = "/etc/ansible/hosts";

/// Told before the first plugin tries a source.
const SETTING_UP: &str = "setting up inventory plugins";

/// Of every plugin that looks into files.
const NO_FILE: &str = "Skipping due to inventory source not existing or not being readable by the current user";

/// Plugins that churten has.
const PLUGINS: [&str; 9] =
    ["advanced_host_list", "auto", "constructed", "generator", "host_list", "ini", "script", "toml", "yaml"];

/// Reads all sources and puts groups and hosts in order.
///
/// # Errors
/// A source that cannot be read, where the settings call for it; a plugin churten does not have.
pub(crate) fn load(builder: &mut Builder<'_>, sources: &[String]) -> Result<(), Report> {
    let mut parsed = false;
    for source in sources {
        parsed |= load_source(builder, source, 0)?;
        builder.directories.extend(directory(source, builder.settings));
    }
    builder.data.source = None;
    if parsed {
        builder.data.reconcile();
        let data = &builder.data;
        let same: Vec<Arc<str>> =
            data.groups.iter().map(|group| &group.name).filter(|name| data.host_id(name).is_some()).cloned().collect();
        for name in same {
            builder.warn(Report::new(format!("Found both group and host with same name: {name}")));
        }
    } else if builder.settings.inventory_unparsed_is_failed() {
        return Err(Report::new("No inventory was parsed, please check your configuration and options."));
    } else if builder.settings.inventory_unparsed_warning() {
        builder.warn(Report::new("No inventory was parsed, only implicit localhost is available"));
    }
    Ok(())
}

/// Reads one text and puts groups and hosts in order.
///
/// # Errors
/// What is wrong with the text.
pub(crate) fn load_text(builder: &mut Builder<'_>, text: &str, format: Format) -> Result<(), Report> {
    const NAME: &str = "inventory";
    match format {
        Format::Ini => ini::parse(builder, text, NAME)?,
        Format::Toml => toml::parse(builder, text, Path::new(NAME))?,
        Format::Yaml => {
            let content = builder.reader.yaml_text(text.as_bytes(), NAME)?;
            yaml::parse(builder, &content.value)?;
            content.warnings.into_iter().for_each(|report| builder.warn(report));
            content.deprecations.into_iter().for_each(|report| builder.deprecate(report));
        }
    }
    builder.data.reconcile();
    Ok(())
}

/// The directory whose `group_vars` and `host_vars` belong to a source: a directory is its own, host lists have none.
pub(crate) fn directory(source: &str, settings: &Settings) -> Option<PathBuf> {
    let path = normalise(&settings.environment().working_directory.join(source));
    if is_host_list(source, &path) {
        return None;
    }
    Some(if path.is_dir() { path } else { path.parent().unwrap_or(Path::new("/")).to_owned() })
}

/// A comma makes a list of hosts, unless there is a file of that name.
fn is_host_list(source: &str, path: &Path) -> bool {
    source.contains(',') && !path.exists()
}

fn load_source(builder: &mut Builder<'_>, source: &str, depth: usize) -> Result<bool, Report> {
    let found = normalise(&builder.settings.environment().working_directory.join(source));
    let is_list = is_host_list(source, &found);
    let path = if is_list { PathBuf::from(source) } else { found };
    if path.is_dir() {
        return load_directory(builder, &path, depth);
    }
    let shown = path.to_string_lossy().into_owned();
    let parent = path.parent().filter(|_| !is_list).map(Path::to_owned);
    builder.data.source = Some(Arc::new(HostSource { file: shown.clone(), directory: parent }));
    let mut failures: Vec<Report> = Vec::new();
    let mut parsed = false;
    let mut content = None;
    let is_first = !builder.notes.iter().any(|note| note.text == SETTING_UP);
    builder.note(4, SETTING_UP);
    if is_first {
        builder.note(4, "Loading collection ansible.builtin from ");
    }
    for enabled in builder.settings.inventory_enabled() {
        // A plugin of a full name calls itself by its Python package.
        let (plugin, shown_name) = match enabled.strip_prefix("ansible.builtin.") {
            Some(name) => (name, format!("ansible_collections.ansible.builtin.plugins.inventory.{name}")),
            None => (enabled.strip_prefix("ansible.legacy.").unwrap_or(enabled), enabled.to_owned()),
        };
        if !PLUGINS.contains(&plugin) {
            builder.warn(Report::new(format!("Failed to load inventory plugin, skipping {enabled}")));
            continue;
        }
        let Some(result) = run_plugin(builder, enabled, plugin, source, &path, &mut content) else {
            // `auto` looks at the name first; lists of hosts are no files.
            let is_yaml = path.extension().is_some_and(|extension| extension == "yml" || extension == "yaml");
            let looks = !plugin.ends_with("host_list") && (plugin != "auto" || is_yaml);
            if looks && !path.exists() {
                builder.note(3, NO_FILE);
            }
            let reason = "as it did not pass its verify_file() method";
            builder.note(3, format!("{shown_name} declined parsing {shown} {reason}"));
            continue;
        };
        match result {
            Ok(()) => {
                builder.note(3, format!("Parsed {shown} inventory source with {shown_name} plugin"));
                parsed = true;
                break;
            }
            Err(report) if report.chain().any(|link| link.kind == ErrorKind::NotYet) => return Err(report),
            Err(report) => {
                let place = Source::described(&format!("<inventory plugin '{shown_name}' with source '{shown}'>"));
                let report = report.or_at(Some(Origin::whole(place)));
                failures.push(report.context(format!("Failed to parse inventory with '{shown_name}' plugin.")));
            }
        }
    }
    if parsed {
        if let Some(notes) = content {
            notes.warnings.into_iter().for_each(|report| builder.warn(report));
            notes.deprecations.into_iter().for_each(|report| builder.deprecate(report));
        }
        return Ok(true);
    }
    for failure in failures {
        builder.warn(failure);
    }
    if source == DEFAULT_SOURCE && !path.exists() {
        return Ok(false);
    }
    if builder.settings.inventory_any_unparsed_is_failed() {
        return Err(Report::new(format!("Completely failed to parse inventory source {shown}")));
    }
    builder.warn(Report::new(format!("Unable to parse {shown} as an inventory source")));
    Ok(false)
}

fn load_directory(builder: &mut Builder<'_>, path: &Path, depth: usize) -> Result<bool, Report> {
    if depth > MAX_DEPTH {
        return Err(Report::new(format!("inventory directories are nested too deeply: {}", path.display())));
    }
    let ignored = ignored_names(builder)?;
    let entries = std::fs::read_dir(path)
        .map_err(|error| Report::new(format!("Unable to read inventory directory {}: {error}", path.display())))?;
    let mut names: Vec<String> =
        entries.filter_map(Result::ok).filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    let mut parsed = false;
    for name in names {
        if !ignored.is_match(&name).unwrap_or(false) {
            parsed |= load_source(builder, &path.join(name).to_string_lossy(), depth + 1)?;
        }
    }
    if !parsed {
        builder.warn(Report::new(format!("Unable to parse {} as an inventory source", path.display())));
    }
    Ok(parsed)
}

fn ignored_names(builder: &Builder<'_>) -> Result<Regex, Report> {
    let mut pattern = r"^\.|^host_vars$|^group_vars$|^vars_plugins$".to_owned();
    for extension in builder.settings.inventory_ignore_extensions() {
        pattern += &format!("|{}$", fancy_regex::escape(extension));
    }
    for extra in builder.settings.inventory_ignore_patterns() {
        pattern += &format!("|{extra}");
    }
    Regex::new(&pattern)
        .map_err(|error| Report::new(format!("INVENTORY_IGNORE_PATTERNS is no regular expression: {error}")))
}

/// `None` when the plugin does not read such sources. `enabled` is its name as the setting has it.
fn run_plugin(
    builder: &mut Builder<'_>,
    enabled: &str,
    plugin: &str,
    source: &str,
    path: &Path,
    content: &mut Option<Content>,
) -> Option<Result<(), Report>> {
    let exists = path.exists();
    let extension = path.extension().map(|extension| format!(".{}", extension.to_string_lossy())).unwrap_or_default();
    match plugin {
        "host_list" | "advanced_host_list" if !exists && source.contains(',') => {
            Some(builder.begin().and_then(|()| host_list(builder, source, plugin == "advanced_host_list")))
        }
        "host_list" | "advanced_host_list" => None,
        _ if !exists => None,
        "script" if script::is_script(path) => Some(builder.begin().and_then(|()| script::parse(builder, path))),
        "auto" if extension == ".yml" || extension == ".yaml" => Some(auto(builder, path, content)),
        "yaml" => {
            let option = builder.settings.plugin_option("inventory/yaml", "yaml_extensions", &|_| None);
            let extensions = match option {
                Ok(resolved) => resolved.value,
                Err(report) => return Some(Err(report)),
            };
            let known =
                extensions.as_list().is_some_and(|items| items.iter().any(|item| item.as_str() == Some(&*extension)));
            (known || extension.is_empty()).then(|| {
                builder.begin()?;
                let document = read(builder, path, content).map_err(without_place)?;
                yaml::parse(builder, &document)
            })
        }
        "toml" if extension == ".toml" => Some(
            builder
                .begin()
                .and_then(|()| builder.reader.bytes(path))
                .and_then(|bytes| toml::parse(builder, &String::from_utf8_lossy(&bytes), path)),
        ),
        "constructed" | "generator" if matches!(&*extension, "" | ".config" | ".yml" | ".yaml" | ".json") => {
            Some(builder.begin().and_then(|()| configured(builder, enabled, plugin, path, content)))
        }
        "ini" if extension != ".toml" => {
            let bytes = || {
                let failed = |report: Report| Report::parser(ini::FAILED).caused_by(report.apart());
                builder.reader.bytes(path).map_err(failed)
            };
            Some(builder.begin().and_then(|()| bytes()).and_then(|bytes| {
                let text = String::from_utf8_lossy(&bytes).into_owned();
                ini::parse(builder, &text, &path.to_string_lossy())
            }))
        }
        _ => None,
    }
}

/// The yaml plugin names itself as the place of an error.
fn without_place(mut report: Report) -> Report {
    report.origin = None;
    report
}

/// A file is read once for the plugins `auto` and `yaml`.
fn read(builder: &Builder<'_>, path: &Path, content: &mut Option<Content>) -> Result<Value, Report> {
    if content.is_none() {
        *content = Some(builder.reader.yaml(path)?);
    }
    Ok(content.as_ref().map(|content| content.value.clone()).unwrap_or_default())
}

/// A configuration file of a plugin that is enabled by name.
fn configured(
    builder: &mut Builder<'_>,
    enabled: &str,
    plugin: &str,
    path: &Path,
    content: &mut Option<Content>,
) -> Result<(), Report> {
    let document = read(builder, path, content).map_err(without_place)?;
    if !document.is_truthy() {
        return Err(Report::parser(format!("{} is empty", path.display())));
    }
    let Some(configuration) = document.as_dict() else {
        let class = yaml::python_class(&document);
        let class = class.rsplit('.').next().unwrap_or(&class).trim_end_matches("'>");
        return Err(Report::parser(format!("'{class}' object has no attribute 'get'")));
    };
    match configuration.get("plugin").map(Value::to_text) {
        Some(name) if name == enabled => run_configuration(builder, plugin, configuration, path),
        name => {
            let name = name.unwrap_or_else(|| "none found".to_owned());
            Err(Report::parser(format!("Incorrect plugin name in file: {name}")))
        }
    }
}

/// Configuration files of inventory plugins name the plugin.
fn auto(builder: &mut Builder<'_>, path: &Path, content: &mut Option<Content>) -> Result<(), Report> {
    let document = read(builder, path, content)?;
    let shown = path.display();
    let name = document.get("plugin").filter(|name| name.is_truthy()).map(Value::to_text);
    let Some(name) = name else {
        return Err(Report::parser(format!(
            "no root 'plugin' key found, '{shown}' is not a valid YAML inventory plugin config file"
        )));
    };
    match (name.strip_prefix("ansible.builtin.").unwrap_or(&name), document.as_dict()) {
        (plugin @ ("constructed" | "generator"), Some(configuration)) => {
            let class = match name.strip_prefix("ansible.builtin.") {
                Some(plugin) => format!("ansible_collections.ansible.builtin.plugins.inventory.{plugin}"),
                None => name.clone(),
            };
            builder.note(1, format!("Using inventory plugin '{class}' to process inventory source '{shown}'"));
            run_configuration(builder, plugin, configuration, path)
        }
        _ => Err(Report::not_yet(format!("the inventory plugin '{name}' ({shown})"))),
    }
}

fn run_configuration(builder: &mut Builder<'_>, plugin: &str, configuration: &Dict, path: &Path) -> Result<(), Report> {
    builder.begin()?;
    match plugin {
        "generator" => generator::parse(builder, configuration),
        _ => constructed::parse(builder, configuration)
            .map_err(|report| report.context(format!("Failed to parse '{}'.", path.display()))),
    }
}

/// `a,b:22,c,`; the advanced form expands ranges.
fn host_list(builder: &mut Builder<'_>, source: &str, advanced: bool) -> Result<(), Report> {
    for entry in source.split(',').map(str::trim).filter(|entry| !entry.is_empty()) {
        let (names, port) = match listed_hosts(entry, advanced)? {
            Ok(found) => found,
            Err(reason) => {
                builder.note(3, format!("Unable to parse address from hostname, leaving unchanged: {reason}"));
                (vec![entry.to_owned()], None)
            }
        };
        builder.count_names(names.len())?;
        for name in names {
            if builder.data.host_id(&name).is_none() {
                builder.add_host(&name, Some(crate::model::GroupId::UNGROUPED), port.clone());
            }
        }
    }
    Ok(())
}

/// Names with their port.
type Listed = (Vec<String>, Option<BigInt>);

/// The hosts that an entry of a list stands for, or why it is taken as it is.
///
/// # Errors
/// A range with a bound that is no number.
fn listed_hosts(entry: &str, advanced: bool) -> Result<Result<Listed, String>, Report> {
    if !advanced {
        if !address::is_address(entry) {
            return Ok(Err(format!("Not a valid network hostname: {entry}")));
        }
        if ranges::has_range(entry) && entry.parse::<std::net::Ipv6Addr>().is_err() && !entry.starts_with('[') {
            return Ok(Err("Detected range in host but was asked to ignore ranges".to_owned()));
        }
    }
    let (host, port) = if address::is_address(entry) { address::split_port(entry) } else { (entry, None) };
    if !advanced {
        return Ok(Ok((vec![host.to_owned()], port)));
    }
    match ranges::expand(host) {
        Ok(names) => Ok(Ok((names, port))),
        Err(reason) if reason.starts_with("host range must") => Ok(Err(reason)),
        Err(reason) => Err(Report::parser(reason)),
    }
}
