//! `ansible-inventory`: an inventory as lists, as one host's variables, or as a tree.

mod toml;

use crate::command_line::{InventoryFormat, InventoryOptions};
use crate::output::{Console, Stream};
use crate::prompt;
use crate::run_playbook::{LoadedInventory, inventory, vault_secrets};
use crate::start::{Started, fail, start};
use churten_config::Settings;
use churten_diagnostics::{ErrorKind, Report};
use churten_executor::FactCache;
use churten_inventory::{CachedFacts, Inventory, Limit, ListOptions, Pattern};
use churten_syntax::{EmitOptions, emit_yaml};
use churten_value::{JsonStyle, Value};
use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Show what was asked for; gives the exit code.
pub(crate) fn run(options: &InventoryOptions) -> u8 {
    let Started { settings, mut console, .. } = match start("ansible-inventory", &options.run, None) {
        Ok(started) => started,
        Err(code) => return code,
    };
    match show(options, &settings, &mut console) {
        Ok(()) => 0,
        Err(report) => fail(&mut console, &report),
    }
}

fn refuse(message: &str) -> Report {
    Report::new(message).kind(ErrorKind::Options)
}

fn show(options: &InventoryOptions, settings: &Arc<Settings>, console: &mut Console) -> Result<(), Report> {
    let actions = &options.actions;
    match [actions.list, actions.host.is_some(), actions.graph].iter().filter(|given| **given).count() {
        0 => {
            return Err(refuse("No action selected, at least one of --host, --graph or --list needs to be specified."));
        }
        1 => {}
        _ => {
            let message =
                "Conflicting options used, only one of --host, --graph or --list can be used at the same time.";
            return Err(refuse(message));
        }
    }
    let ask = |text: &str| prompt::ask_private(text, &|| false);
    let secrets = Arc::new(vault_secrets(settings, &options.run, &ask, &mut |warning| console.warning(&warning))?);
    settings.deprecations().for_each(|deprecation| console.deprecation(&deprecation.render()));
    let LoadedInventory { loaded, extra, facts } = match inventory(&options.run, settings, &secrets) {
        Ok(loaded) => loaded,
        Err(failure) => {
            failure.warnings.iter().for_each(|warning| console.warning(&warning.render()));
            return Err(failure.report);
        }
    };
    loaded.notes.iter().for_each(|note| console.verbose(note.level, None, &note.text));
    loaded.errors.iter().for_each(|error| console.error(Stream::Error, &error.render()));
    loaded.deprecations.iter().for_each(|deprecation| console.deprecation(&deprecation.render()));
    loaded.warnings.iter().for_each(|warning| console.warning(&warning.render()));
    let mut inventory = loaded.inventory;
    inventory.show_files(settings)?;
    let directory = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("/"));
    let own_directory = options
        .run
        .playbook_directory
        .clone()
        .or_else(|| settings.text("PLAYBOOK_DIR").map(PathBuf::from))
        .map(|path| directory.join(path));
    let restricted = Arc::new(Mutex::new(BTreeSet::new()));
    let list = ListOptions {
        playbook_directories: vec![own_directory.clone().unwrap_or_else(|| directory.clone())],
        own_directories: own_directory.into_iter().collect(),
        export: options.export || settings.flag("INVENTORY_EXPORT"),
        extra: (*extra).clone(),
        facts: shown_facts(facts, settings, &restricted),
        hosts: None,
    };
    let text = text(&inventory, list, options, &directory, console);
    // What was found out about variables while they were read.
    for name in restricted.lock().unwrap_or_else(PoisonError::into_inner).iter() {
        console.warning(&format!("Removed restricted key from module data: {name}"));
    }
    inventory.take_warnings().iter().for_each(|warning| console.warning(&warning.render()));
    inventory.take_deprecations().iter().for_each(|deprecation| console.deprecation(&deprecation.render()));
    let text = text?;
    match &options.output {
        None => {
            console.line(&text);
            Ok(())
        }
        Some(path) => write(path, &text),
    }
}

/// Cached facts as variables; `restricted` gets the names that no fact may have.
fn shown_facts(
    cache: Option<FactCache>,
    settings: &Settings,
    restricted: &Arc<Mutex<BTreeSet<String>>>,
) -> CachedFacts {
    let restricted = restricted.clone();
    FactCache::injected(cache, settings.inject_facts_as_vars(), move |name| {
        restricted.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned());
    })
}

/// The text of what was asked for.
fn text(
    inventory: &Inventory,
    mut list: ListOptions,
    options: &InventoryOptions,
    directory: &Path,
    console: &mut Console,
) -> Result<String, Report> {
    let actions = &options.actions;
    if let Some(host) = &actions.host {
        let found = inventory.select(&Pattern::parse(host)?, None)?;
        found.warnings.iter().for_each(|warning| console.warning(&warning.render()));
        let [host] = &found.hosts[..] else {
            return Err(refuse("You must pass a single valid host to --host parameter"));
        };
        written(&Value::dict(inventory.listed_host(host, &list)?), options.format)
    } else if actions.graph {
        let group = options.group.as_deref().unwrap_or("all");
        let graph = inventory.graph(group, &list, options.vars)?;
        graph.ok_or_else(|| refuse("Pattern must be valid group name when using --graph"))
    } else {
        let limit = options.run.limit.as_deref().map(|limit| Limit::parse(limit, directory)).transpose()?.flatten();
        if limit.is_some() {
            let found = inventory.select(&Pattern::parse("all")?, limit.as_ref())?;
            found.warnings.iter().for_each(|warning| console.warning(&warning.render()));
            list.hosts = Some(found.hosts.into_iter().collect());
        }
        match options.format {
            InventoryFormat::Json => written(&inventory.list(&list)?, options.format),
            InventoryFormat::Yaml => written(&inventory.nested_list(&list)?, options.format),
            InventoryFormat::Toml => toml::to_toml(&inventory.flat_list(&list)?),
        }
    }
}

fn written(value: &Value, format: InventoryFormat) -> Result<String, Report> {
    match format {
        InventoryFormat::Json => Ok(value.to_json(JsonStyle::RESULT)),
        InventoryFormat::Yaml => {
            emit_yaml(value, &EmitOptions { flow: Some(false), aliases: true, ..EmitOptions::PLAIN })
        }
        InventoryFormat::Toml => value.as_dict().map_or_else(|| Ok(String::new()), toml::to_toml),
    }
}

fn write(path: &Path, text: &str) -> Result<(), Report> {
    std::fs::File::create(path).and_then(|mut file| file.write_all(text.as_bytes())).map_err(|error| {
        let code = error.raw_os_error().unwrap_or_default();
        let reason = error.to_string();
        let reason = reason.split(" (os error").next().unwrap_or_default();
        let shown = path.display();
        Report::new(format!("Unable to write to destination file '{shown}': [Errno {code}] {reason}: b'{shown}'"))
    })
}
