//! Where documentation is looked for.

use crate::command_line::DocOptions;
use churten_collections::{Finder, Kind, PluginFile, libraries, roots};
use churten_config::Settings;
use churten_diagnostics::Report;
use churten_documentation::{Document, DocumentedFile, Library, RoleDirectory, native, roles_in};
use std::path::{Path, PathBuf};

/// The settings with directories of plugins.
const PATHS: [(Kind, &str); 16] = [
    (Kind::Action, "DEFAULT_ACTION_PLUGIN_PATH"),
    (Kind::Become, "BECOME_PLUGIN_PATH"),
    (Kind::Cache, "DEFAULT_CACHE_PLUGIN_PATH"),
    (Kind::Callback, "DEFAULT_CALLBACK_PLUGIN_PATH"),
    (Kind::Cliconf, "DEFAULT_CLICONF_PLUGIN_PATH"),
    (Kind::Connection, "DEFAULT_CONNECTION_PLUGIN_PATH"),
    (Kind::DocFragment, "DOC_FRAGMENT_PLUGIN_PATH"),
    (Kind::Filter, "DEFAULT_FILTER_PLUGIN_PATH"),
    (Kind::HttpApi, "DEFAULT_HTTPAPI_PLUGIN_PATH"),
    (Kind::Inventory, "DEFAULT_INVENTORY_PLUGIN_PATH"),
    (Kind::Lookup, "DEFAULT_LOOKUP_PLUGIN_PATH"),
    (Kind::Module, "DEFAULT_MODULE_PATH"),
    (Kind::NetConf, "DEFAULT_NETCONF_PLUGIN_PATH"),
    (Kind::Strategy, "DEFAULT_STRATEGY_PLUGIN_PATH"),
    (Kind::Test, "DEFAULT_TEST_PLUGIN_PATH"),
    (Kind::Vars, "DEFAULT_VARS_PLUGIN_PATH"),
];

/// The directories of plugins beside a playbook.
const BESIDE: [(Kind, &str); 15] = [
    (Kind::Become, "become_plugins"),
    (Kind::Cache, "cache_plugins"),
    (Kind::Callback, "callback_plugins"),
    (Kind::Cliconf, "cliconf_plugins"),
    (Kind::Connection, "connection_plugins"),
    (Kind::DocFragment, "doc_fragments"),
    (Kind::Filter, "filter_plugins"),
    (Kind::HttpApi, "httpapi_plugins"),
    (Kind::Inventory, "inventory_plugins"),
    (Kind::Lookup, "lookup_plugins"),
    (Kind::NetConf, "netconf_plugins"),
    (Kind::Shell, "shell_plugins"),
    (Kind::Strategy, "strategy_plugins"),
    (Kind::Test, "test_plugins"),
    (Kind::Vars, "vars_plugins"),
];

/// The project's own directories, collections, and an installed ansible-core.
pub(super) struct Places {
    finder: Finder,
    core: Option<PathBuf>,
}

impl Places {
    /// The places that options and settings name.
    pub(super) fn new(options: &DocOptions, settings: &Settings) -> Result<Self, Report> {
        let configured = PATHS
            .iter()
            .flat_map(|(kind, name)| settings.paths(name).into_iter().map(|directory| (*kind, directory)))
            .collect();
        let finder = Finder::new(roots(settings), configured);
        let current = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("/"));
        for directory in &options.run.module_path {
            finder.add_own(Kind::Module, current.join(directory));
        }
        let directory =
            options.run.playbook_directory.clone().or_else(|| settings.text("PLAYBOOK_DIR").map(PathBuf::from));
        if let Some(directory) = directory {
            let directory = current.join(directory);
            finder.add_playbook_directory(&directory);
            for (kind, name) in BESIDE {
                finder.add_own(kind, directory.join(name));
            }
        }
        let core = libraries(settings).into_iter().find(|library| library.join("ansible/release.py").is_file());
        Ok(Self { finder, core })
    }

    /// True with an installed ansible-core, whose own words are shown.
    pub(super) fn has_core(&self) -> bool {
        self.core.is_some()
    }

    /// The directory that holds an installed ansible-core.
    pub(super) fn core(&self) -> Option<&Path> {
        self.core.as_deref()
    }

    /// The roles of all collections, or of one.
    pub(super) fn collection_roles(&self, filter: Option<&str>) -> Vec<RoleDirectory> {
        let mut found = Vec::new();
        let collections = self.finder.collections().into_iter();
        for (collection, shown) in collections.filter(|(name, _)| filter.is_none_or(|filter| filter == name)) {
            found.extend(roles_in(&shown.join("roles")).into_iter().map(|(name, path)| RoleDirectory {
                name: format!("{collection}.{name}"),
                collection: Some(collection.clone()),
                path,
                shown: shown.clone(),
            }));
        }
        found
    }

    /// The documentation of a plugin; `None` where there is no such plugin.
    ///
    /// # Errors
    /// It has none, or it cannot be read.
    pub(super) fn document(&self, kind: &str, name: &str) -> Result<Option<Document>, Report> {
        let Some(file) = self.finder.plugin(of_name(kind)?, name, self.core()) else {
            let full = self.finder.action(name, &[], &|name| native(name).is_some());
            let native_name = match &full.found {
                churten_collections::Found::Builtin(name) | churten_collections::Found::Native(name) => name,
                _ => return Ok(None),
            };
            return Ok((kind == "module").then(|| native(native_name)).flatten());
        };
        let file = documented(file);
        let path = file.path.display();
        let none = |reason: String| {
            let missing = "Missing documentation (or could not parse documentation)";
            Report::new(format!("{kind} {} {missing}: {reason}", file.name))
        };
        let document = Document::read(&file, kind, self).map_err(|report| {
            let reason = report.message;
            none(format!("{kind} plugin '{name}' did not contain a DOCUMENTATION attribute in '{path}': {reason}"))
        })?;
        let document = document
            .ok_or_else(|| none(format!("No documentation available for {kind} plugin '{name}' in '{path}'.")))?;
        Ok(Some(document))
    }

    /// The files of all plugins of a kind.
    fn all(&self, kind: &str, filter: Option<&str>) -> Result<Vec<DocumentedFile>, Report> {
        let files = self.finder.plugins(of_name(kind)?, self.core(), filter);
        Ok(files.into_iter().map(documented).collect())
    }

    /// The files of the plugins of a kind that say something of themselves, of all collections or of those named.
    ///
    /// # Errors
    /// There is no such collection.
    pub(super) fn listed(&self, kind: &str, collections: &[String]) -> Result<Vec<DocumentedFile>, Report> {
        let mut found = Vec::new();
        if collections.is_empty() {
            found = self.all(kind, None)?;
        }
        for collection in collections {
            self.has_collection(collection)?;
            found.extend(self.all(kind, Some(collection))?);
        }
        // A source of filters or tests is named like one of them only where it documents it.
        let says_something = |file: &DocumentedFile| matches!(Document::title(file), Ok(Some(_)));
        found.retain(|file| !matches!(kind, "filter" | "test") || says_something(file));
        Ok(found)
    }

    /// Whether there is a collection of a name.
    ///
    /// # Errors
    /// There is none.
    fn has_collection(&self, name: &str) -> Result<(), Report> {
        is_collection_name(name)?;
        let is_there = matches!(name, "ansible.builtin" | "ansible.legacy")
            || self.finder.collections().contains_key(name)
            || native_is_of(name);
        if is_there {
            return Ok(());
        }
        let message = format!("Cannot use supplied collection '{name}'");
        let cause = format!("unable to locate collection {name}");
        Err(Report::new(format!("{message}: {cause}\n\n{message}.\n\n<<< caused by >>>\n\n{cause}\n")))
    }
}

/// Whether a collection can have a name.
///
/// # Errors
/// None can.
pub(super) fn is_collection_name(name: &str) -> Result<(), Report> {
    let is_word = |part: &str| !part.is_empty() && part.chars().all(|c| c == '_' || c.is_ascii_alphanumeric());
    if name.split('.').count() == 2 && name.split('.').all(is_word) {
        return Ok(());
    }
    let message = "Invalid collection name (must be of the form namespace.collection)";
    Err(Report::new(format!("{message}: {name}")))
}

fn native_is_of(collection: &str) -> bool {
    churten_documentation::native_names()
        .iter()
        .any(|name| name.rsplit_once('.').is_some_and(|(of, _)| of == collection))
}

fn documented(file: PluginFile) -> DocumentedFile {
    DocumentedFile { name: file.name, collection: file.collection, path: file.path }
}

fn of_name(kind: &str) -> Result<Kind, Report> {
    Kind::named(kind).ok_or_else(|| Report::not_yet(format!("ansible-doc -t {kind}")))
}

impl Library for Places {
    fn fragment(&self, name: &str) -> Option<DocumentedFile> {
        self.finder.plugin(Kind::DocFragment, name, self.core()).map(documented)
    }

    fn has_action(&self, module: &str) -> bool {
        self.finder.plugin(Kind::Action, module, self.core()).is_some()
    }
}
