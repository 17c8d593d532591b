//! What the playbook loader needs from a run.

use crate::actions;
use crate::event::Event;
use crate::plugin_filter::PluginFilter;
use churten_collections::{Finder, Found, Kind};
use churten_config::{Settings, ValueOrigin};
use churten_diagnostics::Report;
use churten_playbook::{Environment, ResolvedAction};
use churten_template::Templar;
use churten_value::{Dict, Value};
use churten_vault::Secrets;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::mpsc::UnboundedSender;
use zeroize::Zeroizing;

/// The loader's view of a run.
pub(crate) struct LoadingEnvironment {
    pub(crate) settings: Arc<Settings>,
    pub(crate) templar: Templar,
    pub(crate) secrets: Arc<Secrets>,
    pub(crate) extra: Arc<Dict>,
    pub(crate) globals: Arc<Dict>,
    pub(crate) events: UnboundedSender<Event>,
    pub(crate) finder: Arc<Finder>,
    pub(crate) filter: Arc<PluginFilter>,
    pub(crate) held: Arc<Held>,
}

/// What loading has to tell while it must wait: all playbooks are loaded before the first runs, and what concerns the
/// second is told when that one begins.
#[derive(Debug, Default)]
pub(crate) struct Held(Mutex<Option<Vec<Event>>>);

impl Held {
    fn lock(&self) -> MutexGuard<'_, Option<Vec<Event>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hold events back from now on.
    pub(crate) fn hold(&self) {
        self.lock().get_or_insert_default();
    }

    /// Hold nothing back any more; gives what was held.
    pub(crate) fn release(&self) -> Vec<Event> {
        self.lock().take().unwrap_or_default()
    }

    /// The event, unless it was kept.
    fn keep(&self, event: Event) -> Option<Event> {
        match &mut *self.lock() {
            Some(held) => {
                held.push(event);
                None
            }
            None => Some(event),
        }
    }
}

impl LoadingEnvironment {
    /// Layers of variables as one, the last wins, extra vars over all.
    fn names(&self, vars: &[Arc<Dict>]) -> Dict {
        let mut names = (*self.globals).clone();
        for layer in vars {
            names.extend_from(layer);
        }
        names.extend_from(&self.extra);
        names
    }

    fn tell(&self, event: Event) {
        if let Some(event) = self.held.keep(event) {
            let _ = self.events.send(event);
        }
    }
}

/// Lookups of `ansible.builtin` 2.19.
const LOOKUPS: [&str; 25] = [
    "config",
    "csvfile",
    "dict",
    "env",
    "file",
    "fileglob",
    "first_found",
    "indexed_items",
    "ini",
    "inventory_hostnames",
    "items",
    "lines",
    "list",
    "nested",
    "password",
    "pipe",
    "random_choice",
    "sequence",
    "subelements",
    "template",
    "together",
    "unvault",
    "url",
    "varnames",
    "vars",
];

/// Names in `ansible.builtin` after routing: what has another name now.
fn route(name: &str) -> &str {
    match name {
        "yum" => "dnf",
        _ => name,
    }
}

/// The name of a module or action in `ansible.builtin`.
fn builtin(short: &str) -> Option<&str> {
    let routed = route(short);
    [routed, short].into_iter().find(|name| actions::is_known(&format!("ansible.builtin.{name}")))
}

/// The file of a playbook of an installed collection, `namespace.collection.playbook`.
pub fn collection_playbook(settings: &Settings, name: &str) -> Option<PathBuf> {
    let is_full = !name.contains('/') && name.matches('.').count() >= 2;
    is_full.then(|| churten_playbook::collection_playbook(&churten_collections::roots(settings), name)).flatten()
}

/// The action or module of a name.
///
/// # Errors
/// One that was removed.
pub(crate) fn resolve(
    finder: &Finder,
    events: &UnboundedSender<Event>,
    name: &str,
    collections: &[Arc<str>],
) -> Result<Option<ResolvedAction>, Report> {
    // What ansible-core keeps for itself has no routing.
    if name.starts_with("ansible._protomatter.") && actions::is_known(name) {
        return Ok(Some(ResolvedAction::named(name)));
    }
    let resolution = finder.action(name, collections, &|name| {
        if name.contains('.') { churten_modules::find(name).is_some() } else { builtin(name).is_some() }
    });
    for warning in resolution.warnings {
        let _ = events.send(Event::WarningReport(Report::new(warning)));
    }
    for deprecation in &resolution.deprecations {
        let _ = events.send(Event::Deprecated(Report::new(deprecation.clone())));
    }
    let name = match resolution.found {
        Found::Builtin(short) => builtin(&short).map(|name| format!("ansible.builtin.{name}").into()),
        Found::File { name, .. } | Found::Native(name) => Some(name),
        Found::Removed(message) => return Err(Report::new(message)),
        Found::Missing => None,
    };
    Ok(name.map(|name| ResolvedAction { name, deprecations: resolution.deprecations.into() }))
}

impl Environment for LoadingEnvironment {
    fn render(&self, value: &Value, vars: &[Arc<Dict>]) -> Result<Value, Report> {
        self.templar.render(value, &self.names(vars))
    }

    fn resolve_action(&self, name: &str, collections: &[Arc<str>]) -> Result<Option<ResolvedAction>, Report> {
        if self.filter.rejects(name) {
            return Ok(None);
        }
        resolve(&self.finder, &self.events, name, collections)
    }

    fn action_group(&self, name: &str) -> Result<Vec<Arc<str>>, Report> {
        let members = self.finder.group(name);
        members.ok_or_else(|| churten_playbook::no_group(&churten_collections::full_group_name(name)))
    }

    fn collection_used(&self, collection: &str, directory: &Path) -> Result<(), Report> {
        match self.finder.used(collection, directory) {
            Ok(warning) => {
                warning.into_iter().for_each(|warning| self.tell(Event::WarningReport(Report::new(warning))));
                Ok(())
            }
            Err(message) => Err(Report::new(message)),
        }
    }

    fn check_name(&self, name: &Value, vars: &[Arc<Dict>]) {
        let (_, warning) = crate::lenient::text(&self.templar, name, &self.names(vars));
        warning.into_iter().for_each(|warning| self.tell(Event::WarningReport(warning)));
    }

    fn directory_found(&self, path: &Path) {
        self.finder.add_own(Kind::Module, path.join("library"));
        self.finder.add_own(Kind::ModuleUtils, path.join("module_utils"));
        self.finder.add_own(Kind::Action, path.join("action_plugins"));
    }

    fn has_lookup(&self, name: &str) -> bool {
        // What is only missing here is refused when it is asked for.
        let short = name.strip_prefix("ansible.builtin.").or_else(|| name.strip_prefix("ansible.legacy."));
        churten_template::has_lookup(name) || LOOKUPS.contains(&short.unwrap_or(name))
    }

    fn duplicate_keys(&self) -> churten_syntax::DuplicateKeys {
        churten_inventory::duplicate_keys(&self.settings)
    }

    fn private_role_vars(&self) -> Option<bool> {
        let found = self.settings.resolved("DEFAULT_PRIVATE_ROLE_VARS")?;
        (found.origin != ValueOrigin::Default).then(|| self.settings.private_role_vars())
    }

    fn invalid_attributes_fail(&self) -> bool {
        self.settings.flag("INVALID_TASK_ATTRIBUTE_FAILED")
    }

    fn roles_path(&self) -> Vec<PathBuf> {
        self.settings.roles_path()
    }

    fn collections_paths(&self) -> Vec<PathBuf> {
        self.finder.roots()
    }

    fn read(&self, path: &Path) -> Result<Zeroizing<Vec<u8>>, Report> {
        let bytes = std::fs::read(path).map_err(|error| churten_playbook::unreadable(path, &error))?;
        self.secrets.content(bytes, path)
    }

    fn imported(&self, file: &Path) {
        self.tell(Event::Verbose { level: 2, host: None, text: format!("statically imported: {}", file.display()) });
    }

    fn warning(&self, warning: Report) {
        self.tell(Event::WarningReport(warning));
    }

    fn deprecation(&self, mut warning: Report, version: &str) {
        warning.message += &format!(" This feature will be removed from ansible-core version {version}.");
        self.tell(Event::Deprecated(warning));
    }
}
