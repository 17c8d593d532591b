//! Modules that are not native: where they are, and whether they can be run.

use crate::actions;
use crate::engine::Engine;
use churten_collections::{Found, Kind, libraries};
use churten_python::{Archive, Library, ModuleKind, Places, PythonModule, kind_of, pack, pack_base};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// A larger module is not read.
const MAX_BYTES: u64 = 64 << 20;

/// A module that is not native.
#[derive(Debug)]
pub(crate) struct ForeignModule {
    /// The full name, or the plain name of the project's own.
    pub(crate) name: Arc<str>,
    pub(crate) path: PathBuf,
    pub(crate) kind: ModuleKind,
    pub(crate) source: Vec<u8>,
}

/// What is known of them so far.
#[derive(Default)]
pub(crate) struct ForeignModules {
    library: OnceLock<Option<Library>>,
    found: Mutex<HashMap<Arc<str>, Option<Arc<ForeignModule>>>>,
    packed: Mutex<HashMap<PathBuf, Arc<Archive>>>,
    base: OnceLock<Option<Arc<Archive>>>,
    /// The Python that was found on a host.
    interpreters: Mutex<HashMap<Arc<str>, String>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Engine {
    /// True when a task can have this action.
    pub(crate) fn has_action(&self, resolved: &Arc<str>) -> bool {
        actions::is_known(resolved) || self.foreign(resolved).is_some()
    }

    /// The installed ansible-core, if there is one.
    pub(crate) fn python_library(&self) -> Option<&Library> {
        self.foreign.library.get_or_init(|| Library::find(&libraries(&self.settings))).as_ref()
    }

    /// A module that is not native and can be run; `None` when there is none.
    pub(crate) fn foreign(&self, resolved: &Arc<str>) -> Option<Arc<ForeignModule>> {
        if let Some(known) = lock(&self.foreign.found).get(resolved) {
            return known.clone();
        }
        let found = self.find_foreign(resolved).map(Arc::new);
        lock(&self.foreign.found).insert(resolved.clone(), found.clone());
        found
    }

    /// The Python that was found on a host in this run.
    pub(crate) fn interpreter_of(&self, host: &str) -> Option<String> {
        lock(&self.foreign.interpreters).get(host).cloned()
    }

    /// Forgets what was found on a host.
    pub(crate) fn forget_interpreter(&self, host: &str) {
        lock(&self.foreign.interpreters).remove(host);
    }

    /// Keeps what was found on a host.
    pub(crate) fn remember_interpreter(&self, host: &Arc<str>, path: &str) {
        lock(&self.foreign.interpreters).insert(host.clone(), path.to_owned());
    }

    /// What is refused for a module that is neither native nor can be run.
    pub(crate) fn refused_module(&self, resolved: &str) -> String {
        let reason = match self.foreign_file(resolved) {
            None => "",
            Some(path) if is_action(&path) => " (an action in Python)",
            Some(path) => match read(&path).as_deref().map(kind_of) {
                Some(ModuleKind::PowerShell) => " (a module for Windows)",
                Some(ModuleKind::Python) if self.python_library().is_none() => {
                    " (in Python; it needs module_utils, and no ansible-core is installed here)"
                }
                _ => "",
            },
        };
        format!("the module {resolved}{reason}")
    }

    fn find_foreign(&self, resolved: &Arc<str>) -> Option<ForeignModule> {
        // An action in Python runs on the controller, which is another thing.
        let path = self.foreign_file(resolved).filter(|path| !is_action(path))?;
        let source = read(&path)?;
        let kind = kind_of(&source);
        let needs_library = kind == ModuleKind::Python;
        if kind == ModuleKind::PowerShell || needs_library && self.python_library().is_none() {
            return None;
        }
        Some(ForeignModule { name: resolved.clone(), path, kind, source })
    }

    fn foreign_file(&self, resolved: &str) -> Option<PathBuf> {
        match resolved.strip_prefix("ansible.builtin.") {
            Some(name) => self.python_library()?.module(name),
            None => match self.finder.action(resolved, &[], &|_| false).found {
                Found::File { path, .. } => Some(path),
                _ => None,
            },
        }
    }

    /// What an interpreter keeps loaded between modules; `None` where the installed ansible-core is another.
    pub(crate) fn python_base(&self) -> Option<&Arc<Archive>> {
        let pack = || self.python_library().and_then(|library| pack_base(library).ok()).map(Arc::new);
        self.foreign.base.get_or_init(pack).as_ref()
    }

    /// The archive of a module in Python.
    pub(crate) fn packed(&self, module: &ForeignModule) -> Result<Arc<Archive>, String> {
        if let Some(archive) = lock(&self.foreign.packed).get(&module.path) {
            return Ok(archive.clone());
        }
        let library = self.python_library().ok_or("no ansible-core is installed on the controller")?;
        let places =
            Places { library: library.clone(), own: self.own_module_utils(), collections: self.finder.roots() };
        let own = PythonModule {
            name: PythonModule::python_name(&module.name),
            path: module.path.clone(),
            source: module.source.clone(),
        };
        let archive = pack(&own, &places).map_err(|missing| missing.to_string())?;
        let archive = Arc::new(archive);
        lock(&self.foreign.packed).insert(module.path.clone(), archive.clone());
        Ok(archive)
    }

    /// `module_utils` beside the project's own modules, and those of the settings.
    fn own_module_utils(&self) -> Vec<PathBuf> {
        let mut found = self.finder.own_directories(Kind::ModuleUtils);
        found.extend(self.settings.paths("DEFAULT_MODULE_UTILS_PATH"));
        found
    }
}

fn read(path: &Path) -> Option<Vec<u8>> {
    let size = std::fs::metadata(path).ok()?.len();
    if size > MAX_BYTES { None } else { std::fs::read(path).ok() }
}

/// The project's own actions and those of collections are in directories of these names.
fn is_action(path: &Path) -> bool {
    path.parent().and_then(Path::file_name).is_some_and(|name| name == "action_plugins" || name == "action")
}
