//! Roles.

use crate::Keywords;
use churten_value::{Dict, Value};
use std::path::PathBuf;
use std::sync::Arc;

/// One use of a role: the same role with other parameters is another use.
#[derive(Clone, Debug)]
pub struct Role {
    /// A number that two uses of a role share when they are equal (name, parameters, tags, conditions, vars, files)
    /// in one play: a use has run when its number has.
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
    /// The roles that pulled this one in as a dependency, outermost first. Their own `dependencies` are empty here.
    pub parents: Vec<Arc<Role>>,
    /// The roles this one depends on, in order.
    pub dependencies: Vec<Arc<Role>>,
    /// `allow_duplicates` in `meta/main`, or on `include_role`.
    pub allow_duplicates: bool,
    /// `public` of `include_role`, true for roles of the play and `import_role`.
    pub public: bool,
    /// Argument specs of the entry point, checked before the role's first task.
    pub argument_spec: Option<Value>,
    /// `tasks_from`, or `main`.
    pub entry_point: Arc<str>,
    /// Keywords of the `roles:` entry or the dependency, already part of every task's keywords.
    pub keywords: Arc<Keywords>,
    /// True when the role, or the one that depends on it, came by `import_role` or `include_role`.
    pub from_include: bool,
    /// True when another role depends on this one; otherwise a role with parents was imported or included by one.
    pub is_dependency: bool,
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
