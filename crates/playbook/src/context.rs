//! What a list of tasks stands in while it is loaded.

use crate::{Item, Keywords, Role};
use churten_value::{Dict, Value};
use std::path::PathBuf;
use std::sync::Arc;

/// Nesting of blocks, imports and roles beyond this is a recursion.
pub(crate) const MAX_DEPTH: usize = 40;

/// What is the same for a whole play and matters when more of it is loaded.
#[derive(Clone, Debug)]
pub struct PlayContext {
    /// The play's number.
    pub id: u64,
    /// Directory of the playbook file.
    pub directory: PathBuf,
    /// The same directory as the imports around the play name it.
    pub search_directory: PathBuf,
    /// `vars`, then the vars of `import_playbook` statements: what names of imports may use.
    pub vars: Vec<Arc<Dict>>,
    /// `vars_files`, read when the name of an import needs them.
    pub vars_files: Vec<Value>,
}

/// Everything around a list of tasks.
#[derive(Clone)]
pub(crate) struct Context {
    pub(crate) play: Arc<PlayContext>,
    /// Keywords in effect.
    pub(crate) keywords: Arc<Keywords>,
    pub(crate) role: Option<Arc<Role>>,
    /// Roles around, outermost first.
    pub(crate) role_chain: Arc<[Arc<Role>]>,
    /// File arguments of imports and includes around, innermost first.
    pub(crate) include_chain: Arc<[Arc<str>]>,
    /// Variables of dynamic includes around, outermost first.
    pub(crate) include_vars: Arc<[Arc<Dict>]>,
    /// True in a list of handlers.
    pub(crate) handlers: bool,
    /// True inside a block.
    pub(crate) in_block: bool,
    pub(crate) depth: usize,
}

impl Context {
    pub(crate) fn with_keywords(&self, keywords: Arc<Keywords>) -> Self {
        Self { keywords, depth: self.depth + 1, ..self.clone() }
    }

    /// The names under `collections`.
    pub(crate) fn collections(&self) -> Vec<Arc<str>> {
        self.keywords.collections.iter().filter_map(Value::as_str).map(Arc::from).collect()
    }
}

/// What static loading finds beside the items themselves.
#[derive(Default)]
pub(crate) struct Found {
    /// Roles, dependencies before the role that needs them.
    pub(crate) roles: Vec<Arc<Role>>,
    /// Handlers of imported roles.
    pub(crate) handlers: Vec<Item>,
}
