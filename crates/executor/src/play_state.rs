//! A play while it runs: its name, hosts and variables.

use crate::scope::HostScope;
use crate::variables::Variables;
use churten_playbook::{Play, Role};
use churten_value::{Dict, Value};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// A play while one batch of its hosts runs.
pub(crate) struct PlayState {
    pub(crate) play: Arc<Play>,
    /// The rendered name, or the host pattern.
    pub(crate) name: String,
    /// All hosts of the play.
    all_hosts: RwLock<Vec<Arc<str>>>,
    /// Hosts of this batch.
    pub(crate) batch: Vec<Arc<str>>,
    magic: RwLock<Arc<Dict>>,
    /// What `vars_files` gave for a host.
    files: RwLock<HashMap<Arc<str>, Arc<Dict>>>,
    /// What `vars_prompt` asked for.
    prompted: Arc<Dict>,
    /// Roles whose variables the whole play sees: the static ones, and `public` included ones.
    roles: RwLock<Vec<Arc<Role>>>,
}

impl PlayState {
    pub(crate) fn new(
        play: Arc<Play>,
        name: String,
        all_hosts: Vec<Arc<str>>,
        batch: Vec<Arc<str>>,
        prompted: Arc<Dict>,
    ) -> Self {
        let roles = play.roles.iter().filter(|role| role.public).cloned().collect();
        let state = Self {
            play,
            name,
            all_hosts: RwLock::new(all_hosts.clone()),
            batch,
            magic: RwLock::default(),
            files: RwLock::default(),
            prompted,
            roles: RwLock::new(roles),
        };
        state.set_active_hosts(&all_hosts, &[]);
        state
    }

    /// All hosts of the play.
    pub(crate) fn all_hosts(&self) -> Vec<Arc<str>> {
        self.all_hosts.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The play has other hosts now (`meta: refresh_inventory`).
    pub(crate) fn set_all_hosts(&self, hosts: Vec<Arc<str>>) {
        *self.all_hosts.write().unwrap_or_else(PoisonError::into_inner) = hosts;
    }

    /// Magic variables of the play, `ansible_play_hosts` being the hosts that have not failed.
    pub(crate) fn magic(&self) -> Arc<Dict> {
        self.magic.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Say which hosts of the play go on, and which have failed; those that cannot be reached do neither.
    pub(crate) fn set_active_hosts(&self, active: &[Arc<str>], failed: &[Arc<str>]) {
        let names = |hosts: &mut dyn Iterator<Item = &Arc<str>>| Value::list(hosts.cloned().map(Value::from).collect());
        let play_hosts = names(&mut active.iter());
        let batch = names(&mut self.batch.iter().filter(|host| active.contains(host)));
        let roles = self.play.roles.iter().filter(|role| role.parents.is_empty());
        let role_names: Vec<Value> = roles.map(|role| Value::from(role.full_name())).collect();
        let dependencies = self.play.roles.iter().filter(|role| !role.parents.is_empty());
        let mut dependent_names: Vec<Value> = vec![];
        let mut all_names: Vec<Value> = vec![];
        for name in dependencies.map(|role| Value::from(role.full_name())) {
            if !dependent_names.iter().any(|known| known.to_text() == name.to_text()) {
                dependent_names.push(name);
            }
        }
        for name in role_names.iter().chain(&dependent_names) {
            if !all_names.iter().any(|known| known.to_text() == name.to_text()) {
                all_names.push(name.clone());
            }
        }
        let magic = Dict::from([
            ("ansible_role_names", Value::list(all_names)),
            ("ansible_dependent_role_names", Value::list(dependent_names)),
            ("ansible_play_name", Value::from(self.name.as_str())),
            ("ansible_play_hosts_all", names(&mut self.all_hosts().iter())),
            ("ansible_play_hosts", play_hosts.clone()),
            ("ansible_current_hosts", play_hosts),
            ("ansible_failed_hosts", names(&mut failed.iter())),
            ("ansible_play_batch", batch.clone()),
            ("play_hosts", batch),
            ("ansible_play_role_names", Value::list(role_names)),
            ("playbook_dir", self.play.directory.display().to_string().into()),
        ]);
        *self.magic.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(magic);
    }

    /// [`set_active_hosts`](Self::set_active_hosts), when there are others than before.
    pub(crate) fn set_active_hosts_if_changed(&self, active: &[Arc<str>], failed: &[Arc<str>]) {
        let magic = self.magic();
        let shown = magic.get("ansible_play_hosts").and_then(Value::as_list).unwrap_or_default();
        let same = shown.len() == active.len() && shown.iter().zip(active).all(|(a, b)| a.as_str() == Some(b));
        if !same {
            self.set_active_hosts(active, failed);
        }
    }

    /// Remember what `vars_files` gave for a host.
    pub(crate) fn set_files(&self, host: &Arc<str>, vars: Arc<Dict>) {
        self.files.write().unwrap_or_else(PoisonError::into_inner).insert(host.clone(), vars);
    }

    /// A role whose variables the rest of the play may see.
    pub(crate) fn publish_role(&self, role: &Arc<Role>) {
        let mut roles = self.roles.write().unwrap_or_else(PoisonError::into_inner);
        if !roles.iter().any(|known| known.id == role.id) {
            roles.push(role.clone());
        }
    }

    /// Role vars, `vars_files`, prompted and play vars, strongest first.
    pub(crate) fn variable_layers(&self, host: Option<&str>) -> Vec<Arc<Dict>> {
        let roles = self.roles.read().unwrap_or_else(PoisonError::into_inner);
        let mut layers: Vec<Arc<Dict>> = roles.iter().rev().map(|role| role.vars.clone()).collect();
        let files = self.files.read().unwrap_or_else(PoisonError::into_inner);
        layers.extend(host.and_then(|host| files.get(host)).cloned());
        layers.push(self.prompted.clone());
        layers.extend(self.play.import_vars.iter().rev().cloned());
        layers.push(self.play.vars.clone());
        layers
    }

    /// Defaults of the play's roles, strongest first.
    pub(crate) fn role_defaults(&self) -> Vec<Arc<Dict>> {
        let roles = self.roles.read().unwrap_or_else(PoisonError::into_inner);
        roles.iter().rev().map(|role| role.defaults.clone()).collect()
    }

    /// The variables of the play on a host, outside any task.
    pub(crate) fn scope(self: &Arc<Self>, variables: &Arc<Variables>, host: Option<&str>) -> HostScope {
        variables.scope(Some(self), host, None)
    }
}
