//! The inventory of a run.

use crate::build::Builder;
use crate::cached_facts::CachedFacts;
use crate::files::{Stage, VariableFiles};
use crate::merge::merge_variables;
use crate::model::{Data, Group, GroupId, Host, HostId, LOCALHOST};
use crate::names::{Transform, safe_group_name};
use crate::reader::Reader;
use crate::sources;
use crate::variables::{Cache, Level};
use churten_config::{HashBehaviour, OnProblem, Settings};
use churten_diagnostics::Report;
use churten_value::{Dict, Value};
use churten_vault::Secrets;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

/// What an inventory is loaded with.
pub struct LoadOptions<'a> {
    /// The settings of the run.
    pub settings: &'a Settings,
    /// What opens vaults among the sources and files of variables.
    pub secrets: Arc<Secrets>,
    /// `ansible_python_interpreter` of the implicit localhost; the `python3` of the path when `None`.
    pub python: Option<String>,
    /// Variables of the command line, for `constructed` inventories that ask for them.
    pub extra_vars: Arc<Dict>,
    /// Why no plugin can begin: extra vars that cannot be read. Each plugin that would read a source says so.
    pub broken: Option<Report>,
    /// What earlier runs learned of hosts, for `constructed` inventories.
    pub facts: CachedFacts,
}

/// The form of an inventory that is given as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// What the plugin `ini` reads.
    Ini,
    /// What the plugin `yaml` reads.
    Yaml,
    /// What the plugin `toml` reads.
    Toml,
}

/// An inventory and what to tell the user about it.
pub struct Loaded {
    /// The inventory.
    pub inventory: Inventory,
    /// Warnings, in order.
    pub warnings: Vec<Report>,
    /// Deprecations, in order.
    pub deprecations: Vec<Report>,
    /// What scripts that did their work wrote to their standard error; ansible-core shows it with `[ERROR]`.
    pub errors: Vec<Report>,
    /// Which plugins were tried on which source.
    pub notes: Vec<Note>,
}

/// What is told about loading to those who want to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The verbosity (number of `-v`) from which on it is told.
    pub level: u8,
    /// The text.
    pub text: String,
}

/// An error, and the warnings that came before it.
#[derive(Debug)]
pub struct Failure {
    /// The error.
    pub report: Report,
    /// Warnings, in order.
    pub warnings: Vec<Report>,
}

impl From<Failure> for Report {
    fn from(failure: Failure) -> Self {
        failure.report
    }
}

impl From<Report> for Failure {
    fn from(report: Report) -> Self {
        Self { report, warnings: Vec::new() }
    }
}

/// Which hosts exist, in which groups, with which variables.
///
/// Reading takes `&self`; [`add_host`](Self::add_host) and [`add_group`](Self::add_group) change the inventory for the
/// rest of the run and need its one owner.
pub struct Inventory {
    pub(crate) data: Data,
    /// Directories whose `group_vars` and `host_vars` belong to the inventory, in the order of the sources.
    pub(crate) directories: Vec<PathBuf>,
    pub(crate) levels: Vec<Level>,
    pub(crate) behaviour: HashBehaviour,
    pub(crate) mismatch: OnProblem,
    pub(crate) localhost_warning: bool,
    pub(crate) cache: Mutex<Cache>,
    /// The names of this machine that no source mentions.
    implicit: Vec<HostId>,
    transform: Transform,
    /// What was changed at run time, to be done again when the sources are read again.
    changes: Vec<Change>,
}

/// A change at run time.
enum Change {
    Host { name: String, groups: Vec<String>, vars: Dict },
    Group { name: String, host: Option<String>, parents: Vec<String> },
}

impl std::fmt::Debug for Inventory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Inventory")
            .field("hosts", &self.data.hosts.len())
            .field("groups", &self.data.groups.len())
            .finish_non_exhaustive()
    }
}

impl Inventory {
    /// Reads the sources: files, directories, programs, or host lists with a comma. Relative paths start at the
    /// working directory of the settings' environment.
    ///
    /// # Errors
    /// A source that cannot be read where the settings call for an error, and features churten does not have.
    pub fn load(sources: &[String], options: &LoadOptions<'_>) -> Result<Loaded, Failure> {
        let settings = options.settings;
        let reader = Reader::new(settings, options.secrets.clone());
        let mut builder = Builder::new(settings, reader.clone(), options.extra_vars.clone());
        builder.broken.clone_from(&options.broken);
        builder.facts.clone_from(&options.facts);
        if let Err(report) = sources::load(&mut builder, sources) {
            return Err(Failure { report, warnings: builder.warnings });
        }
        let directories = sources.iter().filter_map(|source| sources::directory(source, settings)).collect();
        Self::built(builder, directories, reader, options)
    }

    /// Reads one text as an inventory, without files of variables beside it.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn of_text(text: &str, format: Format, options: &LoadOptions<'_>) -> Result<Loaded, Failure> {
        let reader = Reader::new(options.settings, options.secrets.clone());
        let mut builder = Builder::new(options.settings, reader.clone(), options.extra_vars.clone());
        if let Err(report) = sources::load_text(&mut builder, text, format) {
            return Err(Failure { report, warnings: builder.warnings });
        }
        Self::built(builder, Vec::new(), reader, options)
    }

    fn built(
        builder: Builder<'_>,
        directories: Vec<PathBuf>,
        reader: Reader,
        options: &LoadOptions<'_>,
    ) -> Result<Loaded, Failure> {
        let (settings, mut builder) = (options.settings, builder);
        let mut levels = Vec::new();
        for name in settings.variable_precedence() {
            match Level::of_setting(name) {
                Some(level) => levels.push(level),
                None => builder.warn(Report::new(format!("Ignoring unknown variable precedence entry: {name}"))),
            }
        }
        let Builder { mut data, mut warnings, mut deprecations, errors, notes, .. } = builder;
        let implicit = implicit_hosts(&mut data, options.python.clone().or_else(|| find_python(settings)));
        let mut files = VariableFiles::new(settings, reader.clone(), Stage::Inventory)?;
        take_in(&mut data, &mut files, &directories, settings.hash_behaviour())?;
        warnings.append(&mut files.warnings);
        deprecations.append(&mut files.deprecations);
        let inventory = Self {
            data,
            directories,
            levels,
            behaviour: settings.hash_behaviour(),
            mismatch: settings.host_pattern_mismatch(),
            localhost_warning: settings.localhost_warning(),
            cache: Cache::new(VariableFiles::new(settings, reader, Stage::Task)?),
            implicit,
            transform: Transform::of_setting(settings.transform_invalid_group_chars()),
            changes: Vec::new(),
        };
        Ok(Loaded { inventory, warnings, deprecations, errors, notes })
    }

    /// From now on files of variables count as for `ansible-inventory`, which shows more than tasks may see
    /// (`RUN_VARS_PLUGINS`).
    ///
    /// # Errors
    /// A wrong setting.
    pub fn show_files(&mut self, settings: &Settings) -> Result<(), Report> {
        let cache = self.cache.get_mut().unwrap_or_else(|poisoned| poisoned.into_inner());
        cache.files.at(Stage::Any, settings)
    }

    /// A host by name; the implicit localhost too.
    pub fn host(&self, name: &str) -> Option<&Host> {
        self.find_host(name).map(|id| self.data.host(id))
    }

    pub(crate) fn find_host(&self, name: &str) -> Option<HostId> {
        self.data.host_id(name).or_else(|| self.localhost(name))
    }

    /// The host that stands for a name of this machine when no source mentions that very name.
    pub(crate) fn localhost(&self, name: &str) -> Option<HostId> {
        if !LOCALHOST.contains(&name) {
            return None;
        }
        self.data.localhost.or_else(|| self.implicit.iter().copied().find(|id| &*self.data.host(*id).name == name))
    }

    /// Every host in the order in which it was first mentioned, without the implicit localhost.
    pub fn hosts(&self) -> impl Iterator<Item = &Host> {
        self.data.hosts.iter().filter(|host| !host.implicit)
    }

    /// A group by name.
    pub fn group(&self, name: &str) -> Option<&Group> {
        self.data.group_id(name).map(|id| self.data.group(id))
    }

    /// Every group in the order in which it was first mentioned; `all` and `ungrouped` come first.
    pub fn groups(&self) -> impl Iterator<Item = &Group> {
        self.data.groups.iter()
    }

    /// The children of a group.
    pub fn children<'a>(&'a self, group: &'a Group) -> impl Iterator<Item = &'a Group> {
        group.children.iter().map(|id| self.data.group(*id))
    }

    /// The hosts put into this very group.
    pub fn members<'a>(&'a self, group: &'a Group) -> impl Iterator<Item = &'a Host> {
        group.hosts.iter().map(|id| self.data.host(*id))
    }

    /// The names of the hosts of a group and of the groups below it, in inventory order.
    pub fn group_hosts(&self, group: &str) -> Vec<Arc<str>> {
        let hosts = self.data.group_id(group).map(|id| self.data.hosts_of(id)).unwrap_or_default();
        hosts.into_iter().map(|host| self.data.host(host).name.clone()).collect()
    }

    /// Adds a host at run time, or puts an existing one into more groups and gives it more variables (`add_host`).
    /// True when anything changed.
    pub fn add_host(&mut self, name: &str, groups: &[&str], vars: &Dict) -> bool {
        let owned = groups.iter().map(|group| (*group).to_owned()).collect();
        self.changes.push(Change::Host { name: name.to_owned(), groups: owned, vars: vars.clone() });
        let is_new = self.data.host_id(name).is_none();
        let (host, _) = self.data.ensure_host(name);
        if is_new {
            self.data.put_host(GroupId::ALL, host);
        }
        let mut changed = is_new;
        for group in groups {
            let (group, created) = self.ensure_group(group);
            changed |= self.data.put_host(group, host) || created;
        }
        let entry = Arc::make_mut(&mut self.data.hosts[host.index()].vars);
        let before = entry.clone();
        merge_variables(entry, vars, self.behaviour);
        changed |= *entry != before;
        self.finish_change();
        changed
    }

    /// Puts a host into a group at run time, the group below parent groups (`group_by`). All groups are made when they
    /// do not exist. True when anything changed.
    ///
    /// # Errors
    /// An unknown host, groups that would contain each other.
    pub fn add_group(&mut self, name: &str, host: Option<&str>, parents: &[&str]) -> Result<bool, Report> {
        let owned = parents.iter().map(|parent| (*parent).to_owned()).collect();
        self.changes.push(Change::Group { name: name.to_owned(), host: host.map(str::to_owned), parents: owned });
        let host = match host {
            Some(host) => Some(self.find_host(host).ok_or_else(|| Report::new(format!("host not found: {host}")))?),
            None => None,
        };
        let (group, mut changed) = self.ensure_group(name);
        for parent in parents {
            let (parent, created) = self.ensure_group(parent);
            changed |= created | self.data.add_child(parent, group).map_err(Report::new)?;
        }
        if let Some(host) = host {
            changed |= self.data.put_host(group, host);
        }
        self.finish_change();
        Ok(changed)
    }

    /// Make the changes that an earlier inventory went through at run time, as far as they are possible here.
    pub fn take_changes_of(&mut self, earlier: Self) {
        for change in earlier.changes {
            match change {
                Change::Host { name, groups, vars } => {
                    let groups: Vec<&str> = groups.iter().map(String::as_str).collect();
                    self.add_host(&name, &groups, &vars);
                }
                Change::Group { name, host, parents } => {
                    let parents: Vec<&str> = parents.iter().map(String::as_str).collect();
                    // A host that is gone is in no group, and a group that holds its parent now stays where it is.
                    let host = host.as_deref().filter(|host| self.find_host(host).is_some());
                    let _ = self.add_group(&name, host, &parents);
                }
            }
        }
    }

    fn ensure_group(&mut self, name: &str) -> (GroupId, bool) {
        let (name, _) = safe_group_name(name, self.transform);
        let is_new = self.data.group_id(&name).is_none();
        (self.data.ensure_group(&name), is_new)
    }

    fn finish_change(&mut self) {
        self.data.reconcile();
        self.cache.get_mut().unwrap_or_else(|poisoned| poisoned.into_inner()).forget();
    }

    /// The magic variables a host has from the inventory: `inventory_hostname`, `inventory_hostname_short`,
    /// `inventory_file`, `inventory_dir`, `group_names`.
    pub fn magic(&self, host: &str) -> Dict {
        let mut magic = Dict::new();
        let Some(id) = self.find_host(host) else { return magic };
        let host = self.data.host(id);
        magic.insert("inventory_hostname", host.name.clone());
        magic.insert("inventory_hostname_short", host.name.split('.').next().unwrap_or_default());
        if !host.implicit {
            // Hosts added during the run have no source, and a host list is in no directory: both are `None` there.
            let source = host.source.as_ref();
            magic.insert("inventory_file", source.map(|source| source.file.as_str()));
            let directory = source.and_then(|source| source.directory.as_ref());
            magic.insert("inventory_dir", directory.map(|path| path.to_string_lossy().into_owned()));
        }
        let groups = self.data.groups_of(id);
        let mut names: Vec<&Arc<str>> =
            groups.iter().filter(|group| **group != GroupId::ALL).map(|group| &self.data.group(*group).name).collect();
        names.sort();
        magic.insert("group_names", names.into_iter().cloned().collect::<Value>());
        magic
    }

    /// The magic variable `groups`: every group with the names of its hosts. The same for all hosts; make it once.
    pub fn groups_variable(&self) -> Value {
        let entries: Dict = self
            .data
            .groups
            .iter()
            .map(|group| (group.name.clone(), self.group_hosts(&group.name).into_iter().collect::<Value>()))
            .collect();
        entries.into()
    }

    /// The directories of the sources, whose `group_vars` and `host_vars` belong to the inventory.
    pub fn source_directories(&self) -> &[PathBuf] {
        &self.directories
    }
}

/// Make what the files of variables beside the sources say the inventory's own.
fn take_in(
    data: &mut Data,
    files: &mut VariableFiles,
    directories: &[PathBuf],
    behaviour: HashBehaviour,
) -> Result<(), Report> {
    let groups = data.groups.iter_mut().map(|group| ("group_vars", &group.name, &mut group.vars));
    let hosts = data.hosts.iter_mut().map(|host| ("host_vars", &host.name, &mut host.vars));
    for (kind, name, vars) in groups.chain(hosts) {
        for directory in directories {
            if let Some(more) = files.of(directory, kind, name)? {
                merge_variables(Arc::make_mut(vars), &more, behaviour);
            }
        }
    }
    Ok(())
}

/// Hosts that exist for patterns only: in no group, seen by no glob.
fn implicit_hosts(data: &mut Data, python: Option<String>) -> Vec<HostId> {
    let mut vars = Dict::from([("ansible_connection", Value::template("local"))]);
    if let Some(python) = python {
        vars.insert("ansible_python_interpreter", Value::template(python));
    }
    let vars = Arc::new(vars);
    LOCALHOST
        .iter()
        .map(|name| {
            let id = HostId(u32::try_from(data.hosts.len()).unwrap_or(u32::MAX));
            let name: Arc<str> = (*name).into();
            data.hosts.push(Host { name, vars: vars.clone(), groups: Vec::new(), implicit: true, source: None });
            id
        })
        .collect()
}

fn find_python(settings: &Settings) -> Option<String> {
    let path = settings.environment().variables.get("PATH")?;
    let found = path.split(':').map(|directory| Path::new(directory).join("python3")).find(|file| file.is_file())?;
    Some(found.to_string_lossy().into_owned())
}
