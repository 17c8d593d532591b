//! From a name in a playbook to what it means.

use crate::Kind;
use crate::requirement;
use crate::routes::{self, Route};
use crate::runtime::{Notice, Runtime};
use churten_config::OnProblem;
use churten_value::{Deprecation, Dict, Value};
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

/// The version of ansible-core that collections are for.
const CORE: &str = "2.19.14";

/// Redirects that go in circles end here.
const MAX_REDIRECTS: usize = 32;

/// What a name means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// The short name of a module or action of `ansible.builtin`.
    Builtin(Arc<str>),
    /// A module or action of a collection or of the project itself.
    File {
        /// The full name, or the plain name of the project's own.
        name: Arc<str>,
        /// The file.
        path: PathBuf,
    },
    /// The full name of a module that is there without its collection.
    Native(Arc<str>),
    /// It was removed; the message.
    Removed(String),
    /// There is none.
    Missing,
}

/// What a name means, and what there is to say about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolution {
    /// What it means.
    pub found: Found,
    /// Warnings.
    pub warnings: Vec<String>,
    /// Deprecations.
    pub deprecations: Vec<String>,
}

/// Looks for modules and actions.
#[derive(Debug)]
pub struct Finder {
    roots: Mutex<Vec<PathBuf>>,
    configured: Vec<(Kind, PathBuf)>,
    /// Directories with the project's own modules and actions, in the order in which they are searched.
    own: Mutex<Vec<(Kind, PathBuf)>>,
    runtimes: Mutex<HashMap<PathBuf, Arc<Runtime>>>,
    on_mismatch: OnProblem,
    /// Collections whose requirement was looked at.
    used: Mutex<HashSet<String>>,
}

/// A collection's directory, or the part of its name that does not exist.
pub(crate) enum Place {
    Directory(PathBuf),
    Missing(String),
}

impl Finder {
    /// A finder over the directories of [`roots`](crate::roots).
    ///
    /// `configured` are directories of modules and actions from settings, weaker than the project's own.
    pub fn new(roots: Vec<PathBuf>, configured: Vec<(Kind, PathBuf)>) -> Self {
        Self {
            roots: Mutex::new(roots),
            configured,
            own: Mutex::default(),
            runtimes: Mutex::default(),
            on_mismatch: OnProblem::Warn,
            used: Mutex::default(),
        }
    }

    /// This finder with what to do about collections that are not for this version of ansible-core
    /// (`COLLECTIONS_ON_ANSIBLE_VERSION_MISMATCH`).
    #[must_use]
    pub fn on_mismatch(self, on_mismatch: OnProblem) -> Self {
        Self { on_mismatch, ..self }
    }

    /// A collection in `directory` is used: what is to be warned of, the first time.
    ///
    /// # Errors
    /// It is not for this version of ansible-core, and that is an error.
    pub fn used(&self, collection: &str, directory: &Path) -> Result<Option<String>, String> {
        if self.on_mismatch == OnProblem::Ignore {
            return Ok(None);
        }
        let is_first = lock(&self.used).insert(collection.to_owned());
        if !is_first && self.on_mismatch != OnProblem::Error {
            return Ok(None);
        }
        let runtime = self.runtime(directory);
        let Some(requirement) = &runtime.requires else { return Ok(None) };
        match requirement::meets(CORE, requirement) {
            Ok(true) => Ok(None),
            Ok(false) => {
                let message = format!("Collection {collection} does not support Ansible version {CORE}");
                if self.on_mismatch == OnProblem::Error { Err(message) } else { Ok(Some(message)) }
            }
            Err(clause) => Ok(is_first.then(|| {
                format!(
                    "Error parsing collection metadata requires_ansible value from collection {collection}: Invalid \
                     specifier: '{clause}'"
                )
            })),
        }
    }

    /// The directories in which collections are looked for.
    pub fn roots(&self) -> Vec<PathBuf> {
        lock(&self.roots).clone()
    }

    /// `collections`, `library` and `action_plugins` beside a playbook count, the first before all other collections.
    pub fn add_playbook_directory(&self, directory: &Path) {
        let directory = &std::path::absolute(directory).unwrap_or_else(|_| directory.to_path_buf());
        let collections = directory.join("collections");
        // Files in it are known by their absolute paths.
        let collections = std::path::absolute(&collections).unwrap_or(collections);
        let mut roots = lock(&self.roots);
        if !roots.contains(&collections) {
            roots.insert(0, collections);
        }
        drop(roots);
        self.add_own(Kind::Module, directory.join("library"));
        self.add_own(Kind::ModuleUtils, directory.join("module_utils"));
        self.add_own(Kind::Action, directory.join("action_plugins"));
    }

    /// Adds a directory of the project's own modules (`library`) or actions (`action_plugins`), once.
    pub fn add_own(&self, kind: Kind, directory: PathBuf) {
        let mut own = lock(&self.own);
        let entry = (kind, directory);
        if !own.contains(&entry) && entry.1.is_dir() {
            own.push(entry);
        }
    }

    /// The project's own directories of a kind, in the order in which they are searched.
    pub fn own_directories(&self, kind: Kind) -> Vec<PathBuf> {
        lock(&self.own).iter().filter(|(own, _)| *own == kind).map(|(_, directory)| directory.clone()).collect()
    }

    /// Which action or module a name means.
    ///
    /// `collections` are those of the play, in which a short name is looked for first; `is_builtin` knows the short
    /// names of `ansible.builtin` that exist, and the full names in other collections that need no file.
    pub fn action(&self, name: &str, collections: &[Arc<str>], is_builtin: &dyn Fn(&str) -> bool) -> Resolution {
        let mut search = Search { finder: self, is_builtin, warnings: Vec::new(), deprecations: Vec::new() };
        let found = search.name(name, collections);
        Resolution { found, warnings: search.warnings, deprecations: search.deprecations }
    }

    /// The directories of the project and of settings, in the order in which they are searched.
    pub(crate) fn directories(&self, kind: Kind) -> Vec<PathBuf> {
        let own = lock(&self.own);
        own.iter().chain(&self.configured).filter(|(own, _)| *own == kind).map(|(_, path)| path.clone()).collect()
    }

    fn own_file(&self, kind: Kind, name: &str) -> Option<PathBuf> {
        lock(&self.own)
            .iter()
            .chain(&self.configured)
            .filter(|(own, _)| *own == kind)
            .find_map(|(_, directory)| file_of(directory, kind, name))
    }

    pub(crate) fn collection(&self, namespace: &str, collection: &str) -> Place {
        let mut has_namespace = false;
        for root in lock(&self.roots).iter() {
            let all =
                if root.ends_with("ansible_collections") { root.clone() } else { root.join("ansible_collections") };
            let namespace = all.join(namespace);
            let directory = namespace.join(collection);
            if directory.is_dir() {
                return Place::Directory(directory);
            }
            has_namespace |= namespace.is_dir();
        }
        let missing = if has_namespace { format!("{namespace}.{collection}") } else { namespace.to_owned() };
        Place::Missing(missing)
    }

    /// What a collection has in one of its `action_groups`.
    pub(crate) fn group_entries(&self, collection: &str, group: &str) -> Option<Vec<Value>> {
        let (namespace, name) = collection.split_once('.')?;
        match self.collection(namespace, name) {
            Place::Directory(directory) => self.runtime(&directory).group(group),
            Place::Missing(_) => None,
        }
    }

    pub(crate) fn runtime(&self, directory: &Path) -> Arc<Runtime> {
        lock(&self.runtimes).entry(directory.to_owned()).or_insert_with(|| Arc::new(Runtime::load(directory))).clone()
    }
}

struct Search<'a> {
    finder: &'a Finder,
    is_builtin: &'a dyn Fn(&str) -> bool,
    warnings: Vec<String>,
    deprecations: Vec<String>,
}

impl Search<'_> {
    fn name(&mut self, name: &str, collections: &[Arc<str>]) -> Found {
        if let Some(short) = name.strip_prefix("ansible.builtin.") {
            return self.builtin(short, 0);
        }
        if let Some(short) = name.strip_prefix("ansible.legacy.") {
            return self.legacy(short);
        }
        if name.contains('.') {
            return self.full(name, 0);
        }
        for collection in collections {
            let found = match &**collection {
                "ansible.legacy" => self.legacy(name),
                "ansible.builtin" => self.builtin(name, 0),
                _ => self.full(&format!("{collection}.{name}"), 0),
            };
            if found != Found::Missing {
                return found;
            }
        }
        // Where one of these is named, that was the whole search.
        if collections.iter().any(|name| matches!(&**name, "ansible.legacy" | "ansible.builtin")) {
            return Found::Missing;
        }
        self.legacy(name)
    }

    /// The project's own, then what `ansible.builtin` has or had.
    fn legacy(&mut self, name: &str) -> Found {
        // An action that is found first begins with its own code and not with a module of that name.
        let kinds: &[Kind] = if routes::is_action(name) { &[Kind::Action] } else { &[Kind::Action, Kind::Module] };
        for kind in kinds {
            if let Some(path) = self.finder.own_file(*kind, name) {
                return Found::File { name: name.into(), path };
            }
        }
        self.builtin(name, 0)
    }

    fn builtin(&mut self, name: &str, redirects: usize) -> Found {
        if !name.contains('.') && (self.is_builtin)(name) {
            return Found::Builtin(name.into());
        }
        for kind in [Kind::Action, Kind::Module] {
            match routes::of_builtin(kind, name) {
                Some(Route::Removed { date, advice }) => {
                    let what = if kind == Kind::Action { "action plugin" } else { "module" };
                    return Found::Removed(format!(
                        "The 'ansible.builtin.{name}' {what} has been removed. {advice} This feature was removed from \
                         ansible-core in a release after {date}."
                    ));
                }
                Some(Route::Moved { collection: "ansible.builtin", name }) => return self.builtin(name, redirects + 1),
                Some(Route::Moved { collection, name }) => {
                    let found = self.full(&format!("{collection}.{name}"), redirects + 1);
                    if found != Found::Missing {
                        return found;
                    }
                }
                None => {}
            }
        }
        Found::Missing
    }

    /// `namespace.collection.name`, where the name may have directories.
    fn full(&mut self, full: &str, redirects: usize) -> Found {
        let mut parts = full.splitn(3, '.');
        let (Some(namespace), Some(collection), Some(name)) = (parts.next(), parts.next(), parts.next()) else {
            return Found::Missing;
        };
        let is_word = |part: &str| !part.is_empty() && part.chars().all(|c| c == '_' || c.is_ascii_alphanumeric());
        if redirects > MAX_REDIRECTS || ![namespace, collection].into_iter().chain(name.split('.')).all(is_word) {
            return Found::Missing;
        }
        let directory = match self.finder.collection(namespace, collection) {
            Place::Directory(directory) => directory,
            // What is native needs no file.
            Place::Missing(_) if (self.is_builtin)(full) => return Found::Native(full.into()),
            Place::Missing(missing) => {
                let warning = format!("Error loading plugin '{full}': No module named 'ansible_collections.{missing}'");
                if !self.warnings.contains(&warning) {
                    self.warnings.push(warning);
                }
                return Found::Missing;
            }
        };
        let runtime = self.finder.runtime(&directory);
        let collection = format!("{namespace}.{collection}");
        match self.finder.used(&collection, &directory) {
            Ok(warning) => self.warnings.extend(warning),
            Err(message) => return Found::Removed(message),
        }
        for kind in [Kind::Action, Kind::Module] {
            let entry = runtime.entry(kind, name);
            let what = if kind == Kind::Action { "action plugin" } else { "module" };
            if let Some(notice) = &entry.removed {
                let when = ending(notice, &collection, "was removed from");
                return Found::Removed(format!("The '{full}' {what} has been removed. {}{when}", advice(notice)));
            }
            if let Some(notice) = &entry.deprecated {
                self.deprecations.extend(deprecation(full, notice, &collection));
            }
            if let Some(redirect) = entry.redirect {
                let found = match redirect.strip_prefix("ansible.builtin.") {
                    Some(short) => self.builtin(short, redirects + 1),
                    None if redirect.contains('.') => self.full(&redirect, redirects + 1),
                    None => self.full(&format!("{collection}.{redirect}"), redirects + 1),
                };
                if found != Found::Missing {
                    return found;
                }
                continue;
            }
            let file = file_of(&directory.join("plugins").join(kind.routing()), kind, name);
            if let Some(path) = file {
                return Found::File { name: full.into(), path };
            }
        }
        Found::Missing
    }
}

/// What is told of a plugin that is on its way out; results have it with its parts.
fn deprecation(full: &str, notice: &Notice, collection: &str) -> Option<String> {
    let message = format!("{full} has been deprecated. {}", notice.advice);
    let deprecator = Dict::from([("resolved_name", Value::from(collection)), ("type", Value::NONE)]);
    let mut fields = Dict::from([
        ("msg", Value::from(message.trim_end())),
        ("collection_name", collection.into()),
        ("deprecator", Value::dict(deprecator)),
    ]);
    for (key, when) in [("version", &notice.version), ("date", &notice.date)] {
        if let Some(when) = when {
            fields.insert(key, when.as_str());
        }
    }
    Deprecation::of(fields).map(|deprecation| deprecation.sentence().to_string())
}

fn advice(notice: &Notice) -> String {
    if notice.advice.is_empty() { String::new() } else { format!("{} ", notice.advice) }
}

/// When a feature goes or went.
fn ending(notice: &Notice, collection: &str, verb: &str) -> String {
    let when = match (&notice.version, &notice.date) {
        (Some(version), _) => format!("version {version}"),
        (None, Some(date)) => format!("in a release after {date}"),
        (None, None) => "in a future release".to_owned(),
    };
    format!("This feature {verb} collection '{collection}' {when}.")
}

/// The file of a plugin's name below a directory. Modules may be programs of any kind.
fn file_of(directory: &Path, kind: Kind, name: &str) -> Option<PathBuf> {
    let stem = name.replace('.', "/");
    let python = directory.join(format!("{stem}.py"));
    if python.is_file() {
        return Some(python);
    }
    if kind != Kind::Module {
        return None;
    }
    let path = directory.join(&stem);
    let (parent, wanted) = (path.parent()?, path.file_name()?.to_str()?);
    let mut names: Vec<String> = std::fs::read_dir(parent)
        .ok()?
        .filter_map(Result::ok)
        .filter(|entry| entry.path().is_file())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|file| {
            let (stem, extension) = file.split_once('.').unwrap_or((file, ""));
            let is_other = extension.ends_with('~')
                || matches!(
                    extension,
                    "pyc" | "pyo" | "md" | "txt" | "rst" | "yml" | "yaml" | "ini" | "swp" | "bak" | "rpm"
                );
            stem == wanted && !is_other
        })
        .collect();
    names.sort();
    names.into_iter().next().map(|file| parent.join(file))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

#[cfg(test)]
mod tests {
    use super::{Finder, Found, Kind};
    use churten_config::OnProblem;
    use std::fs;
    use std::path::Path;

    fn write(root: &Path, name: &str, text: &str) {
        let path = root.join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("made");
        fs::write(path, text).expect("written");
    }

    fn builtin(name: &str) -> bool {
        matches!(name, "debug" | "dnf" | "file" | "ansible.posix.mount")
    }

    #[test]
    fn names_are_resolved() {
        let directory = tempfile::tempdir().expect("a directory");
        let root = directory.path();
        let general = "ansible_collections/community/general";
        write(root, &format!("{general}/plugins/modules/ufw.py"), "");
        write(root, &format!("{general}/plugins/modules/deep/er.py"), "");
        write(root, &format!("{general}/plugins/action/only.py"), "");
        let runtime = "plugin_routing:\n  modules:\n    old: {redirect: community.general.ufw}\n    own: {redirect: ufw}\n    \
                       gone: {tombstone: {removal_version: 2.0.0, warning_text: Use ufw.}}\n    ufw: {deprecation: \
                       {removal_date: 2031-01-02, warning_text: Soon.}}\n    ring: {redirect: community.general.ring}\n";
        write(root, &format!("{general}/meta/runtime.yml"), runtime);
        write(root, "library/file.py", "");
        write(root, "library/speech.sh", "");
        let finder = Finder::new(vec![root.to_owned()], Vec::new());
        let ask = |name: &str, collections: &[&str]| {
            let collections: Vec<_> = collections.iter().map(|name| (*name).into()).collect();
            finder.action(name, &collections, &builtin)
        };
        let name_of = |found: Found| match found {
            Found::Builtin(name) => format!("builtin {name}"),
            Found::File { name, path } => format!("{name} {}", path.strip_prefix(root).expect("below").display()),
            Found::Native(name) => format!("native {name}"),
            Found::Removed(text) => text,
            Found::Missing => "missing".to_owned(),
        };
        let ufw = "community.general.ufw ansible_collections/community/general/plugins/modules/ufw.py";
        for (name, collections, wanted) in [
            ("debug", &[][..], "builtin debug"),
            ("ansible.builtin.file", &[], "builtin file"),
            ("yum", &[], "builtin dnf"),
            ("ufw", &[], ufw),
            ("community.general.old", &[], ufw),
            ("community.general.own", &[], ufw),
            (
                "only",
                &["community.general"],
                "community.general.only ansible_collections/community/general/plugins/action/only.py",
            ),
            ("only", &[], "missing"),
            (
                "community.general.deep.er",
                &[],
                "community.general.deep.er ansible_collections/community/general/plugins/modules/deep/er.py",
            ),
            (
                "community.general.gone",
                &[],
                "The 'community.general.gone' module has been removed. Use ufw. This feature was removed from collection 'community.general' version 2.0.0.",
            ),
            ("community.general.ring", &[], "missing"),
            ("community.general.../x", &[], "missing"),
            ("a.b", &[], "missing"),
            ("ansible.posix.mount", &[], "native ansible.posix.mount"),
            ("mount", &[], "native ansible.posix.mount"),
        ] {
            assert_eq!(name_of(ask(name, collections).found), wanted, "{name}");
        }
        let resolution = ask("ufw", &[]);
        assert_eq!(
            resolution.deprecations,
            [
                "community.general.ufw has been deprecated. Soon. This feature will be removed from collection 'community.general' in a release after 2031-01-02."
            ]
        );
        for (requires, on_mismatch, wanted, text) in [
            (
                "'>=2.9,<2.19'",
                OnProblem::Warn,
                "old.old.m",
                "Collection old.old does not support Ansible version 2.19.14",
            ),
            (
                "foo",
                OnProblem::Error,
                "old.old.m",
                "Error parsing collection metadata requires_ansible value from collection old.old: Invalid specifier: 'foo'",
            ),
            ("'>=2.20'", OnProblem::Ignore, "old.old.m", ""),
            ("'>=2.20'", OnProblem::Error, "Collection old.old does not support Ansible version 2.19.14", ""),
        ] {
            write(root, "ansible_collections/old/old/plugins/modules/m.py", "");
            write(root, "ansible_collections/old/old/meta/runtime.yml", &format!("requires_ansible: {requires}\n"));
            let finder = Finder::new(vec![root.to_owned()], Vec::new()).on_mismatch(on_mismatch);
            let first = finder.action("old.old.m", &[], &builtin);
            assert_eq!(name_of(first.found).split(' ').next(), wanted.split(' ').next(), "{requires}");
            assert_eq!(first.warnings.concat(), text);
            let second = finder.action("old.old.m", &[], &builtin);
            assert_eq!(
                (second.warnings.len(), name_of(second.found).starts_with("Coll")),
                (0, wanted.starts_with("Coll"))
            );
        }
        for (name, missing) in [("community.nope.x", "community.nope"), ("nope.nope.x", "nope")] {
            let warning = format!("Error loading plugin '{name}': No module named 'ansible_collections.{missing}'");
            assert_eq!(ask(name, &[]).warnings, [warning]);
        }
        finder.add_own(Kind::Module, root.join("library"));
        assert_eq!(name_of(ask("file", &[]).found), "file library/file.py");
        assert_eq!(name_of(ask("ansible.builtin.file", &[]).found), "builtin file");
        assert_eq!(name_of(ask("speech", &[]).found), "speech library/speech.sh");
        assert_eq!(name_of(ask("speech", &["community.general"]).found), "speech library/speech.sh");
        assert_eq!(name_of(ask("speech", &["ansible.builtin"]).found), "missing");
        // Its own code comes first, whatever the project has.
        write(root, "library/copy.py", "");
        assert_eq!(name_of(ask("copy", &[]).found), "missing");
    }
}
