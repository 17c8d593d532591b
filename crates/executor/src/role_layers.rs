//! What a role brings to the variables of its tasks.

use churten_playbook::Role;
use churten_value::{Dict, Value};
use std::sync::Arc;

/// Layers of one use of a role, strongest first.
pub(crate) struct RoleLayers {
    pub(crate) params: Vec<Arc<Dict>>,
    /// The role's vars, its dependencies' and its parents'.
    pub(crate) vars: Vec<Arc<Dict>>,
    pub(crate) defaults: Vec<Arc<Dict>>,
    /// `role_name`, `role_path` and the like.
    pub(crate) magic: Arc<Dict>,
}

impl RoleLayers {
    pub(crate) fn of(role: &Role) -> Self {
        let parents = || role.parents.iter().rev();
        let mut dependencies = vec![];
        all_dependencies(role, &mut dependencies);
        let below = || dependencies.iter().rev();
        let mut params = vec![role.params.clone()];
        params.extend(parents().map(|parent| parent.params.clone()));
        let mut vars = vec![role.include_vars.clone(), role.vars.clone()];
        vars.extend(below().map(|role| role.vars.clone()));
        vars.extend(parents().flat_map(|parent| [parent.include_vars.clone(), parent.vars.clone()]));
        let mut defaults = vec![role.defaults.clone()];
        defaults.extend(parents().map(|parent| parent.defaults.clone()));
        defaults.extend(below().map(|role| role.defaults.clone()));
        let mut magic = Dict::from([
            ("role_name", Value::from(role.name.clone())),
            ("ansible_role_name", role.full_name().into()),
            ("role_uuid", uuid(role.id).into()),
            ("role_path", role.path.display().to_string().into()),
            ("ansible_collection_name", role.collection.clone().map_or(Value::NONE, Value::from)),
        ]);
        let includers = includers(role);
        if !includers.is_empty() {
            let names: Vec<Value> = includers.iter().map(|role| role.full_name().into()).collect();
            let paths: Vec<Value> = includers.iter().map(|role| role.path.display().to_string().into()).collect();
            magic.insert("ansible_parent_role_names", names);
            magic.insert("ansible_parent_role_paths", paths);
        }
        let mut layers = Self { params, vars, defaults, magic: Arc::new(magic) };
        for list in [&mut layers.params, &mut layers.vars, &mut layers.defaults] {
            list.retain(|layer| !layer.is_empty());
        }
        layers
    }
}

/// A name of the role's place in the play that nothing else has, in the form of a UUID.
fn uuid(id: u64) -> String {
    format!("00000000-0000-4000-8000-{:012x}", id & 0xffff_ffff_ffff)
}

/// The roles that imported or included this one or what it came by, the nearest first.
fn includers(role: &Role) -> Vec<&Arc<Role>> {
    let mut found = vec![];
    let mut inner = role;
    for parent in role.parents.iter().rev() {
        if inner.from_include && !inner.is_dependency {
            found.push(parent);
        }
        inner = parent;
    }
    found
}

fn all_dependencies(role: &Role, into: &mut Vec<Arc<Role>>) {
    for dependency in &role.dependencies {
        all_dependencies(dependency, into);
        if !into.iter().any(|known| known.id == dependency.id) {
            into.push(dependency.clone());
        }
    }
}
