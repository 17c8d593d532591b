//! Puts a run together: settings, secrets, inventory, variables, connections.

use super::inputs::Passwords;
use super::{extra_vars, secrets};
use crate::command_line::PlaybookOptions;
use crate::workers::WORKERS;
use churten_config::{LoadOptions, Settings, ValueOrigin};
use churten_connection::{ConnectionSettings, Connections};
use churten_diagnostics::Report;
use churten_executor::{
    ConnectionDefaults, Event, FactCache, PluginFilter, ReloadInventory, RunOptions, RunSetup, VariableOptions,
};
use churten_inventory::{Failure, Inventory, Limit, Loaded, Note};
use churten_protocol::Secret;
use churten_value::{Dict, Value};
use churten_vault::Secrets;
use std::cell::RefCell;
use std::io::IsTerminal;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::mpsc::UnboundedSender;

/// The first argument that makes this program a worker.
pub(crate) const WORKER_ARGUMENT: &str = "--churten-worker";

/// The settings with the command line on top.
pub(crate) fn settings(inputs: &PlaybookOptions, configuration: Option<PathBuf>) -> Result<Settings, Report> {
    let mut options = LoadOptions::of_process();
    options.cli = inputs.settings.clone();
    options.config_file = configuration;
    Settings::load(options)
}

/// The vault passwords of a run.
pub(crate) fn vault_secrets(
    settings: &Settings,
    inputs: &PlaybookOptions,
    ask: secrets::Ask<'_>,
    warn: &mut dyn FnMut(String),
) -> Result<Secrets, Report> {
    let wanted = secrets::wanted_ids(inputs, settings);
    secrets::of_ids(settings, &wanted, secrets::Asking::Known, ask, warn)
}

/// An inventory, and the extra vars that were read with it.
pub(crate) struct LoadedInventory {
    /// The inventory and what to tell about it.
    pub(crate) loaded: Loaded,
    /// `-e`
    pub(crate) extra: Arc<Dict>,
    /// What earlier runs learned of hosts.
    pub(crate) facts: Option<FactCache>,
}

/// Read extra vars and the inventory.
///
/// # Errors
/// The first error, with the warnings that came before it.
pub(crate) fn inventory(
    inputs: &PlaybookOptions,
    settings: &Arc<Settings>,
    secrets: &Arc<Secrets>,
) -> Result<LoadedInventory, Failure> {
    let merge_hashes = settings.hash_behaviour() == churten_config::HashBehaviour::Merge;
    let extra = extra_vars::parse(&inputs.extra_vars, secrets, merge_hashes).map(Arc::new);
    let warnings = RefCell::new(vec![]);
    let facts = FactCache::open(settings, &|text| warnings.borrow_mut().push(Report::new(text)))?;
    let mut loaded = reload(settings, secrets, &sources(inputs, settings), &extra)()?;
    loaded.warnings.splice(0..0, warnings.into_inner());
    Ok(LoadedInventory { loaded, extra: extra?, facts })
}

/// Where the inventory is read from.
fn sources(inputs: &PlaybookOptions, settings: &Settings) -> Vec<String> {
    if inputs.inventory.is_empty() {
        settings.inventory_sources().iter().map(|path| path.display().to_string()).collect()
    } else {
        inputs.inventory.clone()
    }
}

/// What is there before a run is put together.
pub(crate) struct Parts<'a> {
    /// Passwords for connections and privilege escalation.
    pub(crate) passwords: &'a Passwords,
    /// The settings.
    pub(crate) settings: Arc<Settings>,
    /// Vault passwords.
    pub(crate) secrets: Arc<Secrets>,
    /// Modules that must not be used.
    pub(crate) filter: Arc<PluginFilter>,
}

/// Everything a run is made of.
pub(crate) fn run(
    inputs: &PlaybookOptions,
    parts: Parts<'_>,
    events: UnboundedSender<Event>,
) -> Result<RunSetup, Report> {
    let Parts { passwords, settings, secrets, filter } = parts;
    let sources = sources(inputs, &settings);
    for deprecation in settings.deprecations() {
        let _ = events.send(Event::Deprecated(deprecation));
    }
    let merge_hashes = settings.hash_behaviour() == churten_config::HashBehaviour::Merge;
    let extra = extra_vars::parse(&inputs.extra_vars, &secrets, merge_hashes).map(Arc::new);
    let reload = reload(&settings, &secrets, &sources, &extra);
    let loaded = match reload() {
        Ok(loaded) => loaded,
        Err(failure) => {
            send_warnings(&events, failure.warnings);
            return Err(failure.report);
        }
    };
    for Note { level, text } in loaded.notes {
        let _ = events.send(Event::Verbose { level, host: None, text });
    }
    for error in loaded.errors {
        let _ = events.send(Event::RunError(error));
    }
    for deprecation in loaded.deprecations {
        let _ = events.send(Event::Deprecated(deprecation));
    }
    send_warnings(&events, loaded.warnings);
    let extra = extra?;
    let working_directory = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("/"));
    let limit = inputs.limit.as_deref().map(|limit| Limit::parse(limit, &working_directory)).transpose()?.flatten();
    let tags = chosen(&inputs.tags, &settings.run_tags(), "all");
    let skip_tags = chosen(&inputs.skip_tags, &settings.skip_tags(), "");
    let globals = globals(inputs, &settings, &sources, &tags, &skip_tags);
    let forks = inputs.forks.unwrap_or_else(|| settings.forks());
    let run_options = RunOptions {
        batches: !inputs.no_batch,
        profile: inputs.profile.is_some(),
        forks: forks as usize,
        parallel: parallel(inputs, &settings),
        check: inputs.check,
        diff: inputs.diff || settings.diff_always(),
        verbosity: inputs.verbosity,
        no_log: settings.no_log(),
        task_timeout: settings.task_timeout().into(),
        limit,
        tags,
        skip_tags,
        start_at_task: inputs.start_at_task.clone(),
        step: inputs.step,
        interactive: std::io::stdin().is_terminal(),
        force_handlers: inputs.force_handlers || settings.force_handlers(),
        flush_cache: inputs.flush_cache,
        gathering: settings.gathering().to_owned(),
        error_on_missing_handler: settings.error_on_missing_handler(),
        connection: ConnectionDefaults {
            r#become: inputs.r#become,
            password: passwords.connection.as_ref().map(|password| Secret::from(password.as_str())),
            become_password: passwords.r#become.as_ref().map(|password| Secret::from(password.as_str())),
        },
        // Absolute first: the parent of a bare file name is no directory.
        basedir: inputs
            .playbooks
            .first()
            .and_then(|path| absolute(path).parent().map(Path::to_path_buf))
            .or_else(|| inputs.playbook_directory.as_deref().map(absolute))
            .or_else(|| settings.text("PLAYBOOK_DIR").map(|directory| absolute(Path::new(directory))))
            .unwrap_or(working_directory),
    };
    Ok(RunSetup {
        options: run_options,
        inventory: loaded.inventory,
        variables: VariableOptions {
            extra,
            inject_facts: settings.inject_facts_as_vars(),
            merge_hashes,
            vars_root: settings.playbook_vars_root(),
            globals: Arc::new(globals),
        },
        secrets,
        connections: Connections::new(connections(parallel(inputs, &settings))),
        events,
        settings,
        reload,
        filter,
        module_path: inputs.module_path.iter().map(|path| absolute(path)).collect(),
    })
}

/// Reads the inventory, now and whenever a play asks for it.
fn reload(
    settings: &Arc<Settings>,
    secrets: &Arc<Secrets>,
    sources: &[String],
    extra: &Result<Arc<Dict>, Report>,
) -> ReloadInventory {
    let (settings, secrets, sources) = (settings.clone(), secrets.clone(), sources.to_vec());
    let (extra_vars, broken) = match extra {
        Ok(extra) => (extra.clone(), None),
        Err(report) => (Arc::default(), Some(report.clone())),
    };
    Box::new(move || {
        let options = churten_inventory::LoadOptions {
            settings: &settings,
            secrets: secrets.clone(),
            python: None,
            extra_vars: extra_vars.clone(),
            broken: broken.clone(),
            // What is wrong with its settings is told by who needs it first.
            facts: FactCache::open(&settings, &|_| {})?.map(|cache| cache.returned()).unwrap_or_default(),
        };
        Inventory::load(&sources, &options)
    })
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf())
}

fn send_warnings(events: &UnboundedSender<Event>, warnings: Vec<Report>) {
    for warning in warnings {
        let _ = events.send(Event::WarningReport(warning));
    }
}

/// Tags of the command line, else of the settings, else the default.
fn chosen(given: &[String], setting: &[&str], default: &str) -> Vec<String> {
    if !given.is_empty() {
        return given.to_vec();
    }
    if !setting.is_empty() {
        return setting.iter().map(|tag| (*tag).to_owned()).collect();
    }
    if default.is_empty() { vec![] } else { vec![default.to_owned()] }
}

/// The workers this program carries, and one inside it for `connection: local`.
fn connections(forks: usize) -> ConnectionSettings {
    ConnectionSettings {
        workers: WORKERS.to_vec(),
        local: Some(Arc::new(|socket: UnixStream| {
            let reader = socket.try_clone()?;
            let options = churten_worker::Options {
                runner: Arc::new(churten_worker::NativeModules),
                // For `become` on this machine: this program again, as a worker.
                command: worker_command(),
                ..churten_worker::Options::default()
            };
            churten_worker::serve(reader, socket, options)
        })),
        parallel: forks,
        ..ConnectionSettings::default()
    }
}

/// How many hosts run a task at the same time where nobody says so. ansible-core's five are what its processes cost; a
/// host costs nothing here while it works.
const PARALLEL: usize = 2000;

/// How many hosts run a task at the same time: as many as the forks, when somebody has chosen them.
fn parallel(inputs: &PlaybookOptions, settings: &Settings) -> usize {
    let is_default = || settings.resolved("DEFAULT_FORKS").is_some_and(|found| found.origin == ValueOrigin::Default);
    match inputs.forks {
        Some(forks) => forks as usize,
        None if is_default() => PARALLEL,
        None => settings.forks() as usize,
    }
}

/// The command that starts this program as a worker.
fn worker_command() -> Option<Vec<String>> {
    let program = std::env::current_exe().ok()?.to_str()?.to_owned();
    Some(vec![program, WORKER_ARGUMENT.into()])
}

/// Variables that are the same for every host and task.
fn globals(
    inputs: &PlaybookOptions,
    settings: &Settings,
    sources: &[String],
    tags: &[String],
    skip_tags: &[String],
) -> Dict {
    let texts = |list: &[String]| list.iter().map(String::as_str).collect::<Value>();
    let sources: Vec<String> = sources
        .iter()
        .map(
            |source| {
                if source.contains(',') { source.clone() } else { absolute(Path::new(source)).display().to_string() }
            },
        )
        .collect();
    let version = Dict::from([
        ("string", Value::from("2.19.14")),
        ("full", "2.19.14".into()),
        ("major", 2.into()),
        ("minor", 19.into()),
        ("revision", 14.into()),
    ]);
    let mut globals = Dict::from([
        ("ansible_version", Value::dict(version)),
        ("ansible_check_mode", inputs.check.into()),
        ("ansible_config_file", settings.config_file().map(|path| path.display().to_string()).into()),
        ("ansible_diff_mode", (inputs.diff || settings.diff_always()).into()),
        ("ansible_forks", inputs.forks.unwrap_or_else(|| settings.forks()).into()),
        ("ansible_inventory_sources", texts(&sources)),
        ("ansible_run_tags", texts(tags)),
        ("ansible_skip_tags", texts(skip_tags)),
        ("ansible_verbosity", i64::from(inputs.verbosity).into()),
        ("ansible_playbook_python", "/usr/bin/python3".into()),
    ]);
    if let Some(limit) = &inputs.limit {
        globals.insert("ansible_limit", limit.as_str());
    }
    if let Some(file) = settings.config_file() {
        globals.insert("ansible_config_file", file.display().to_string());
    }
    globals
}
