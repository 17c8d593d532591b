//! The files of plugins: which one a name means, and which there are.

use crate::Kind;
use crate::finder::{Finder, Place};
use crate::routes::{self, Route};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Redirects that go in circles end here.
const MAX_REDIRECTS: usize = 32;
/// Directories of modules in directories.
const MAX_DEPTH: usize = 8;

/// The file of a plugin, which documents it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PluginFile {
    /// The full name; the plain one of the project's own.
    pub name: String,
    /// The collection; empty for the project's own.
    pub collection: String,
    /// The file: the source, or a YAML file beside it where it holds the documentation.
    pub path: PathBuf,
}

impl PluginFile {
    fn own(name: &str, path: PathBuf) -> Self {
        Self { name: name.to_owned(), collection: String::new(), path }
    }

    fn of(collection: &str, name: &str, path: PathBuf) -> Self {
        Self { name: format!("{collection}.{name}"), collection: collection.to_owned(), path }
    }
}

/// A program of ansible-core's among its modules.
const WRAPPER: &str = "async_wrapper";
/// The name of the project's own plugins, with which ansible-core's are found, too.
const LEGACY: &str = "ansible.legacy";
/// The name of ansible-core's own plugins.
const CORE: &str = "ansible.builtin";

impl Finder {
    /// The file of a plugin of a kind. `core` is the directory that holds an installed ansible-core.
    pub fn plugin(&self, kind: Kind, name: &str, core: Option<&Path>) -> Option<PluginFile> {
        let core = core.map(|core| core_directory(core, kind));
        self.plugin_at(kind, name, core.as_deref(), 0)
    }

    fn plugin_at(&self, kind: Kind, name: &str, core: Option<&Path>, redirects: usize) -> Option<PluginFile> {
        if redirects > MAX_REDIRECTS {
            return None;
        }
        let short = name.strip_prefix("ansible.legacy.").unwrap_or(name);
        if !short.contains('.') {
            let mut own = self.directories(kind).into_iter();
            if let Some(path) = own.find_map(|directory| documented(&directory, kind, short)) {
                return Some(PluginFile::own(short, path));
            }
        }
        let short = short.strip_prefix("ansible.builtin.").unwrap_or(short);
        if !short.contains('.') {
            if let Some(path) = core.and_then(|core| documented(core, kind, short)) {
                return Some(PluginFile::of(CORE, short, path));
            }
            return match routes::of_builtin(kind, short)? {
                Route::Moved { collection, name } => {
                    self.plugin_at(kind, &format!("{collection}.{name}"), core, redirects + 1)
                }
                Route::Removed { .. } => None,
            };
        }
        let mut parts = short.splitn(3, '.');
        let (namespace, name, plugin) = (parts.next()?, parts.next()?, parts.next()?);
        let Place::Directory(directory) = self.collection(namespace, name) else { return None };
        let collection = format!("{namespace}.{name}");
        if let Some(redirect) = self.runtime(&directory).entry(kind, plugin).redirect {
            let full = if redirect.contains('.') { redirect } else { format!("{collection}.{redirect}") };
            return self.plugin_at(kind, &full, core, redirects + 1);
        }
        let path = documented(&directory.join("plugins").join(kind.routing()), kind, plugin)?;
        Some(PluginFile::of(&collection, plugin, path))
    }

    /// The files of all plugins of a kind, by name; with `filter` only those of a collection.
    pub fn plugins(&self, kind: Kind, core: Option<&Path>, filter: Option<&str>) -> Vec<PluginFile> {
        let mut found = BTreeMap::new();
        let mut add = |collection: &str, directory: &Path| {
            let mut names = BTreeMap::new();
            names_in(directory, kind, "", 0, &mut names);
            if collection == CORE {
                // Of what is no plugin.
                names.remove(if kind == Kind::Cache { "base" } else { WRAPPER });
            }
            for (name, path) in names {
                let file = PluginFile::of(collection, &name, path);
                found.entry(file.name.clone()).or_insert(file);
            }
        };
        let is_own = filter.is_none_or(|filter| filter == LEGACY);
        if (is_own || filter == Some(CORE))
            && let Some(core) = core
        {
            add(CORE, &core_directory(core, kind));
        }
        if is_own {
            for directory in self.directories(kind) {
                add(LEGACY, &directory);
            }
        }
        for (collection, directory) in self.collections() {
            if filter.is_none_or(|filter| filter == collection) {
                add(&collection, &directory.join("plugins").join(kind.routing()));
            }
        }
        found.into_values().collect()
    }

    /// Every collection that is installed, and its directory.
    pub fn collections(&self) -> BTreeMap<String, PathBuf> {
        let mut found = BTreeMap::new();
        for root in self.roots() {
            let all = if root.ends_with("ansible_collections") { root } else { root.join("ansible_collections") };
            for (namespace, directory) in directories_in(&all) {
                for (name, directory) in directories_in(&directory) {
                    found.entry(format!("{namespace}.{name}")).or_insert(directory);
                }
            }
        }
        found
    }
}

/// Where an installed ansible-core has its plugins of a kind.
fn core_directory(core: &Path, kind: Kind) -> PathBuf {
    match kind {
        Kind::Module => core.join("ansible/modules"),
        _ => core.join("ansible/plugins").join(kind.routing()),
    }
}

fn directories_in(directory: &Path) -> Vec<(String, PathBuf)> {
    let Ok(entries) = std::fs::read_dir(directory) else { return Vec::new() };
    entries
        .filter_map(Result::ok)
        .filter(|entry| entry.path().is_dir())
        .filter_map(|entry| Some((entry.file_name().into_string().ok()?, entry.path())))
        .filter(|(name, _)| name.chars().all(|letter| letter == '_' || letter.is_ascii_alphanumeric()))
        .collect()
}

/// The file in a directory that documents a plugin of a name.
fn documented(directory: &Path, kind: Kind, name: &str) -> Option<PathBuf> {
    let is_word = |part: &str| !part.is_empty() && part.chars().all(|c| c == '_' || c.is_ascii_alphanumeric());
    if !name.split('.').all(is_word) {
        return None;
    }
    let stem = name.replace('.', "/");
    let at = |stem: &str| {
        let path = |extension: &str| Some(directory.join(format!("{stem}{extension}"))).filter(|path| path.is_file());
        let source = path(".py").or_else(|| path(".ps1"));
        let beside = || path(".yml").or_else(|| path(".yaml"));
        // A source has many filters or tests, and each of them a file that documents it.
        if matches!(kind, Kind::Filter | Kind::Test)
            && let Some(path) = beside()
        {
            return Some(path);
        }
        match source {
            // What is no Python is documented beside it.
            Some(source) if source.extension().is_some_and(|extension| extension == "py") => Some(source),
            _ => beside(),
        }
    };
    let (parent, last) = stem.rsplit_once('/').map_or(("", stem.as_str()), |(parent, last)| (parent, last));
    let old = if parent.is_empty() { format!("_{last}") } else { format!("{parent}/_{last}") };
    at(&stem).or_else(|| at(&old))
}

fn names_in(directory: &Path, kind: Kind, prefix: &str, depth: usize, found: &mut BTreeMap<String, PathBuf>) {
    let Ok(entries) = std::fs::read_dir(directory) else { return };
    for entry in entries.filter_map(Result::ok) {
        let Ok(file) = entry.file_name().into_string() else { continue };
        let path = entry.path();
        if path.is_dir() {
            if depth < MAX_DEPTH && !file.starts_with(['.', '_']) {
                names_in(&path, kind, &format!("{prefix}{file}."), depth + 1, found);
            }
            continue;
        }
        let Some((stem, extension)) = file.rsplit_once('.') else { continue };
        if file.starts_with('.') || stem.starts_with("__") || !matches!(extension, "py" | "ps1" | "yml" | "yaml") {
            continue;
        }
        if let Some(path) = documented(directory, kind, stem) {
            found.insert(format!("{prefix}{stem}"), path);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Finder, Kind};
    use std::fs;
    use std::path::Path;

    fn write(root: &Path, name: &str, text: &str) {
        let path = root.join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("made");
        fs::write(path, text).expect("written");
    }

    #[test]
    fn files_are_found() {
        let directory = tempfile::tempdir().expect("a directory");
        let root = directory.path();
        let mine = "ansible_collections/my/own";
        for name in [
            "core/ansible/modules/ping.py",
            "core/ansible/modules/async_wrapper.py",
            "core/ansible/plugins/lookup/env.py",
            "core/ansible/plugins/filter/core.py",
            "core/ansible/plugins/filter/bool.yml",
            "library/local.py",
            &format!("{mine}/plugins/modules/deep/one.py"),
            &format!("{mine}/plugins/modules/windows.ps1"),
            &format!("{mine}/plugins/modules/windows.yml"),
            &format!("{mine}/plugins/modules/_old.py"),
            &format!("{mine}/plugins/filter/both.py"),
            &format!("{mine}/plugins/filter/both.yml"),
        ] {
            write(root, name, "");
        }
        write(
            root,
            &format!("{mine}/meta/runtime.yml"),
            "plugin_routing: {modules: {former: {redirect: my.own.windows}}}",
        );
        let finder = Finder::new(vec![root.to_owned()], Vec::new());
        finder.add_own(Kind::Module, root.join("library"));
        let core = root.join("core");
        let ask = |kind, name: &str| {
            let found = finder.plugin(kind, name, Some(&core));
            found.map_or_else(String::new, |found| {
                format!("{} {}", found.name, found.path.strip_prefix(root).expect("below").display())
            })
        };
        for (kind, name, wanted) in [
            (Kind::Module, "ping", "ansible.builtin.ping core/ansible/modules/ping.py".to_owned()),
            (Kind::Module, "local", "local library/local.py".to_owned()),
            (Kind::Lookup, "ansible.builtin.env", "ansible.builtin.env core/ansible/plugins/lookup/env.py".to_owned()),
            (Kind::Module, "my.own.deep.one", format!("my.own.deep.one {mine}/plugins/modules/deep/one.py")),
            (Kind::Module, "my.own.former", format!("my.own.windows {mine}/plugins/modules/windows.yml")),
            (Kind::Module, "my.own.old", format!("my.own.old {mine}/plugins/modules/_old.py")),
            (Kind::Filter, "my.own.both", format!("my.own.both {mine}/plugins/filter/both.yml")),
            (Kind::Module, "my.own../x", String::new()),
            (Kind::Module, "no.such.one", String::new()),
        ] {
            assert_eq!(ask(kind, name), wanted, "{name}");
        }
        let names = |filter| -> Vec<String> {
            finder.plugins(Kind::Module, Some(&core), filter).into_iter().map(|file| file.name).collect()
        };
        assert_eq!(names(Some("my.own")), ["my.own._old", "my.own.deep.one", "my.own.windows"]);
        assert_eq!(names(Some("ansible.legacy")), ["ansible.builtin.ping", "ansible.legacy.local"]);
    }
}
