//! `group_vars` and `host_vars`: one file, or one directory of files, for each name.

use crate::merge::merge_variables;
use crate::reader::Reader;
use crate::yaml::python_class;
use churten_config::{HashBehaviour, Settings};
use churten_diagnostics::{ErrorKind, Report};
use churten_value::{Dict, Value};
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Directories below `group_vars/name/` are followed so far.
const MAX_DEPTH: usize = 20;

/// The names of the plugin that reads them in ansible-core.
const PLUGIN: [&str; 3] = ["host_group_vars", "ansible.builtin.host_group_vars", "ansible.legacy.host_group_vars"];

/// Reads variable files and remembers them.
pub(crate) struct VariableFiles {
    reader: Reader,
    extensions: Vec<String>,
    behaviour: HashBehaviour,
    is_enabled: bool,
    /// The names in `group_vars` and `host_vars` of each directory asked for; most hosts have no file.
    listings: HashMap<PathBuf, Arc<HashSet<String>>>,
    found: HashMap<(PathBuf, Arc<str>), Option<Arc<Dict>>>,
    pub(crate) warnings: Vec<Report>,
    pub(crate) deprecations: Vec<Report>,
}

/// When files of variables are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Once, when the inventory has been read: what they say is then as if the inventory said it.
    Inventory,
    /// When a task needs them.
    Task,
    /// When somebody else wants to know: `ansible-inventory`, and plugins that make groups of what is known so far.
    Any,
}

impl Stage {
    /// Whether the settings want such files at this time: `VARIABLE_PLUGINS_ENABLED`, the plugin's own `stage`, and where
    /// that says nothing `RUN_VARS_PLUGINS`.
    fn is_wanted(self, settings: &Settings) -> Result<bool, Report> {
        let stage = settings.plugin_option("vars/host_group_vars", "stage", &|_| None)?.value;
        let is_time = match stage.as_str() {
            Some("inventory") => self == Self::Inventory,
            Some("task") => self == Self::Task,
            Some(_) => true,
            None if self == Self::Any => true,
            None if settings.run_vars_plugins() == "start" => self == Self::Inventory,
            None => self == Self::Task,
        };
        Ok(is_time && settings.list("VARIABLE_PLUGINS_ENABLED").iter().any(|name| PLUGIN.contains(name)))
    }
}

impl VariableFiles {
    pub(crate) fn new(settings: &Settings, reader: Reader, stage: Stage) -> Result<Self, Report> {
        let option = settings.plugin_option("vars/host_group_vars", "_valid_extensions", &|_| None)?;
        let extensions = option.value.as_list().unwrap_or_default().iter().map(Value::to_text).collect();
        Ok(Self {
            reader,
            extensions,
            behaviour: settings.hash_behaviour(),
            is_enabled: stage.is_wanted(settings)?,
            listings: HashMap::new(),
            found: HashMap::new(),
            warnings: Vec::new(),
            deprecations: Vec::new(),
        })
    }

    /// Read files from now on as is due at this time.
    pub(crate) fn at(&mut self, stage: Stage, settings: &Settings) -> Result<(), Report> {
        self.is_enabled = stage.is_wanted(settings)?;
        Ok(())
    }

    /// The variables of `base/kind/name*`; `None` when there is no such file.
    pub(crate) fn of(&mut self, base: &Path, kind: &str, name: &Arc<str>) -> Result<Option<Arc<Dict>>, Report> {
        let directory = base.join(kind);
        let listing = self.listing(&directory);
        if listing.is_empty() || name.starts_with('/') || name.contains("..") {
            return Ok(None);
        }
        let key = (directory, name.clone());
        if let Some(known) = self.found.get(&key) {
            return Ok(known.clone());
        }
        let variables = self.read(&key.0, name, &listing)?.map(Arc::new);
        self.found.insert(key, variables.clone());
        Ok(variables)
    }

    /// True when `base/kind` has any entry at all.
    pub(crate) fn has_any(&mut self, base: &Path, kind: &str) -> bool {
        !self.listing(&base.join(kind)).is_empty()
    }

    fn listing(&mut self, directory: &Path) -> Arc<HashSet<String>> {
        if let Some(known) = self.listings.get(directory) {
            return known.clone();
        }
        let entries = self.is_enabled.then(|| std::fs::read_dir(directory).ok()).flatten();
        let names: HashSet<String> = entries
            .map(|entries| {
                entries.filter_map(Result::ok).filter_map(|entry| entry.file_name().into_string().ok()).collect()
            })
            .unwrap_or_default();
        let names = Arc::new(names);
        self.listings.insert(directory.to_owned(), names.clone());
        names
    }

    /// The first of `name`, `name.yml`, `name.yaml`, `name.json` that exists; a directory only without an ending.
    fn read(&mut self, directory: &Path, name: &str, listing: &HashSet<String>) -> Result<Option<Dict>, Report> {
        let endings: Vec<String> = std::iter::once(String::new()).chain(self.extensions.iter().cloned()).collect();
        for ending in endings {
            let file = format!("{name}{ending}");
            if !listing.contains(&file) && !name.contains('/') {
                continue;
            }
            let path = directory.join(&file);
            let Ok(facts) = std::fs::metadata(&path) else { continue };
            let mut files = Vec::new();
            if facts.is_dir() {
                if !ending.is_empty() {
                    continue;
                }
                self.collect(&path, 0, &mut files)?;
            } else {
                files.push(path);
            }
            let mut variables = Dict::new();
            for file in files {
                self.read_file(&file, &mut variables)?;
            }
            return Ok(Some(variables));
        }
        Ok(None)
    }

    fn collect(&self, directory: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<(), Report> {
        let shown = directory.display();
        if depth > MAX_DEPTH {
            return Err(Report::new(format!("directories of variables are nested too deeply: {shown}")));
        }
        let entries =
            std::fs::read_dir(directory).map_err(|error| Report::new(format!("cannot read {shown}: {error}")))?;
        let mut names: Vec<String> =
            entries.filter_map(Result::ok).filter_map(|entry| entry.file_name().into_string().ok()).collect();
        names.sort();
        for name in names {
            if name.starts_with('.') || name.ends_with('~') {
                continue;
            }
            let path = directory.join(&name);
            if path.is_dir() {
                self.collect(&path, depth + 1, files)?;
                continue;
            }
            let extension = path.extension().map(|text| format!(".{}", text.to_string_lossy())).unwrap_or_default();
            if extension.is_empty() || self.extensions.contains(&extension) {
                files.push(path);
            }
        }
        Ok(())
    }

    fn read_file(&mut self, path: &Path, variables: &mut Dict) -> Result<(), Report> {
        let content = self.reader.yaml(path).map_err(|report| report.kind(ErrorKind::Parser))?;
        self.warnings.extend(content.warnings);
        self.deprecations.extend(content.deprecations);
        let value = content.value;
        match value.as_dict() {
            Some(entries) => merge_variables(variables, entries, self.behaviour),
            None if !value.is_truthy() => {}
            None => {
                let class = python_class(&value);
                let class = class.rsplit('.').next().unwrap_or(&class).trim_end_matches("'>").to_owned();
                return Err(Report::parser(format!(
                    "Could not process '{}': failed to combine variables, expected dicts but got a 'dict' and a \
                     '{class}'.",
                    path.display()
                )));
            }
        }
        Ok(())
    }
}
