//! Roles.

use churten_value::{Dict, Value};
use std::path::PathBuf;
use std::sync::Arc;

/// One use of a role: the same role with other parameters is another use.
#[derive(Debug)]
pub struct Role {
    /// A number unique in the run.
    pub id: u64,
    /// The name as written, which is also `ansible_role_name` without its collection.
    pub name: Arc<str>,
    /// `namespace.collection` of a collection role.
    pub collection: Option<Arc<str>>,
    /// The role's directory.
    pub path: PathBuf,
    /// `defaults/main`
    pub defaults: Arc<Dict>,
    /// `vars/main`
    pub vars: Arc<Dict>,
    /// Parameters given beside the role's name (`- role: x` + `foo: bar`).
    pub params: Arc<Dict>,
    /// `vars:` of the `roles:` entry, `import_role` or `include_role`.
    pub include_vars: Arc<Dict>,
    /// The roles that pulled this one in as a dependency, outermost first.
    pub parents: Vec<Arc<Role>>,
    /// The roles this one depends on, in order.
    pub dependencies: Vec<Arc<Role>>,
    /// `allow_duplicates` in `meta/main`, or on `include_role`.
    pub allow_duplicates: bool,
    /// `public` of `include_role`, true for roles of the play and `import_role`.
    pub public: bool,
    /// Argument specs of the entry point, checked before the role's first task.
    pub argument_spec: Option<Value>,
    /// `meta/main`, whole.
    pub metadata: Dict,
}

impl Role {
    /// Full name: with the collection in front if it has one.
    pub fn full_name(&self) -> String {
        match &self.collection {
            Some(collection) => format!("{collection}.{}", self.name),
            None => self.name.to_string(),
        }
    }
}
