//! What the loader needs from the run around it.

use churten_diagnostics::Report;
use churten_syntax::DuplicateKeys;
use churten_value::{Dict, Value};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use zeroize::Zeroizing;

/// An action or module that exists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResolvedAction {
    /// The full name after routing: `ansible.builtin.debug`.
    pub name: Arc<str>,
    /// What its collection says of its end, in whole sentences.
    pub deprecations: Arc<[String]>,
}

impl ResolvedAction {
    /// One that nobody wants to end.
    pub fn named(name: impl Into<Arc<str>>) -> Self {
        Self { name: name.into(), deprecations: Arc::default() }
    }
}

/// A group of actions that does not exist, by its full name.
pub fn no_group(name: &str) -> Report {
    Report::parser(format!("Error loading module_defaults: could not resolve the module_defaults group {name}"))
}

/// What the loader needs from the run around it. The executor implements it; tests have a small one.
pub trait Environment: Send + Sync {
    /// Render the name of an import or a role. `vars` are layers, the last wins; extra vars win over all of them and
    /// are the environment's own business.
    fn render(&self, value: &Value, vars: &[Arc<Dict>]) -> Result<Value, Report>;

    /// True when the value holds a template.
    fn is_template(&self, value: &Value) -> bool {
        value.is_trusted_text()
            && value.as_str().is_some_and(|text| ["{{", "{%", "{#"].iter().any(|mark| text.contains(mark)))
    }

    /// The module or action behind a name, looked for in `collections` when the name has no collection.
    ///
    /// # Errors
    /// One that was removed.
    fn resolve_action(&self, name: &str, collections: &[Arc<str>]) -> Result<Option<ResolvedAction>, Report>;

    /// The full names of the actions in a group (`module_defaults` of `group/NAME`).
    ///
    /// # Errors
    /// There is no such group.
    fn action_group(&self, name: &str) -> Result<Vec<Arc<str>>, Report> {
        Err(no_group(name))
    }

    /// A collection's directory is in use, perhaps for the first time. May warn.
    ///
    /// # Errors
    /// It is not for this version, and that is to be an error.
    fn collection_used(&self, _collection: &str, _directory: &Path) -> Result<(), Report> {
        Ok(())
    }

    /// The name of a task as it would be shown. Warns of what cannot be rendered in it.
    fn check_name(&self, _name: &Value, _vars: &[Arc<Dict>]) {}

    /// The directory of a role outside of collections, or of an imported playbook, is in use: modules and plugins in it
    /// count from here on.
    fn directory_found(&self, _path: &Path) {}

    /// True when a lookup of this name exists (`with_NAME`).
    fn has_lookup(&self, name: &str) -> bool;

    /// What to do about a mapping key that occurs twice.
    fn duplicate_keys(&self) -> DuplicateKeys {
        DuplicateKeys::Warn
    }

    /// `DEFAULT_PRIVATE_ROLE_VARS` when it is set somewhere: are variables of roles for the role's own tasks only?
    fn private_role_vars(&self) -> Option<bool> {
        None
    }

    /// The `roles_path` setting, absolute.
    fn roles_path(&self) -> Vec<PathBuf>;

    /// The `collections_path` setting, absolute; each holds `ansible_collections`.
    fn collections_paths(&self) -> Vec<PathBuf>;

    /// True unless the setting `invalid_task_attribute_failed` is off.
    fn invalid_attributes_fail(&self) -> bool {
        true
    }

    /// The content of a file, decrypted when it is a vault.
    fn read(&self, path: &Path) -> Result<Zeroizing<Vec<u8>>, Report> {
        std::fs::read(path).map(Zeroizing::new).map_err(|error| crate::files::unreadable(path, &error))
    }

    /// A file was taken in by `import_tasks`; told at verbosity 2.
    fn imported(&self, _file: &Path) {}

    /// A warning for the user.
    fn warning(&self, warning: Report);

    /// A deprecation: the feature goes in ansible-core `version`.
    fn deprecation(&self, warning: Report, version: &str);
}
