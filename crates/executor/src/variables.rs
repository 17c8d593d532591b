//! Every variable of a run: one owner, immutable shared layers, per-host overlays.

use crate::fact_cache::FactCache;
use crate::play_state::PlayState;
use crate::role_layers::RoleLayers;
use crate::scope::HostScope;
use churten_config::VarsRoot;
use churten_diagnostics::Report;
use churten_inventory::{CorruptFacts, Inventory};
use churten_playbook::{Role, Task};
use churten_value::{Dict, Value};
use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// What was learned of one host while the run went on.
#[derive(Clone)]
pub(crate) struct HostData {
    /// Facts as modules returned them, to be kept beyond the run; empty without a place to keep them.
    returned: Arc<Dict>,
    /// `ansible_facts`, names without their `ansible_` prefix.
    facts: Arc<Dict>,
    /// The facts as variables: `ansible_facts` and, unless switched off, the `ansible_*` names.
    fact_layer: Arc<Dict>,
    /// What `include_vars` read.
    included: Arc<Dict>,
    /// What `set_fact` and `register` set.
    set: Arc<Dict>,
}

/// Settings of the variables.
#[derive(Clone, Debug)]
pub struct VariableOptions {
    /// `-e`, already parsed and merged; the strings are trusted.
    pub extra: Arc<Dict>,
    /// `INJECT_FACTS_AS_VARS`
    pub inject_facts: bool,
    /// `HASH_BEHAVIOUR=merge`
    pub merge_hashes: bool,
    /// `PLAYBOOK_VARS_ROOT`
    pub vars_root: VarsRoot,
    /// Variables that are the same for every host and task: `ansible_version`, `ansible_run_tags`, ...
    pub globals: Arc<Dict>,
}

/// Every variable of a run.
pub(crate) struct Variables {
    options: VariableOptions,
    inventory: RwLock<Inventory>,
    hosts: RwLock<HashMap<Arc<str>, HostData>>,
    /// Magic variables of a host, thrown away when the inventory changes.
    host_magic: RwLock<HashMap<Arc<str>, Arc<Dict>>>,
    groups: RwLock<Option<Arc<Dict>>>,
    /// By the role and the roles around it.
    roles: RwLock<HashMap<Vec<u64>, Arc<RoleLayers>>>,
    /// Where facts are kept beyond the run.
    cache: Option<FactCache>,
    /// Names of facts that may be none, of which the user has not been told yet.
    restricted: RwLock<BTreeSet<String>>,
}

fn read<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

fn write<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}

impl Variables {
    pub(crate) fn new(inventory: Inventory, options: VariableOptions, cache: Option<FactCache>) -> Self {
        Self {
            options,
            inventory: RwLock::new(inventory),
            hosts: RwLock::default(),
            host_magic: RwLock::default(),
            groups: RwLock::default(),
            roles: RwLock::default(),
            cache,
            restricted: RwLock::default(),
        }
    }

    /// What is known of a host. What an earlier run learned is read when the host is first asked for.
    fn data_of(&self, host: &str) -> HostData {
        if let Some(data) = read(&self.hosts).get(host) {
            return data.clone();
        }
        match &self.cache {
            None => HostData::default(),
            Some(_) => {
                // A broken file of a host of the play was told when the play began.
                let _ = self.load_cached(host);
                read(&self.hosts).get(host).cloned().unwrap_or_default()
            }
        }
    }

    /// Read what an earlier run learned of a host, unless that was done before.
    pub(crate) fn load_cached(&self, host: &str) -> Result<(), Box<CorruptFacts>> {
        let Some(cache) = &self.cache else { return Ok(()) };
        if read(&self.hosts).contains_key(host) {
            return Ok(());
        }
        let loaded = cache.load(host);
        let mut data = HostData::default();
        if let Ok(Some(facts)) = &loaded {
            self.restrict(facts);
            data.add_facts(facts, self.options.inject_facts, true);
        }
        write(&self.hosts).entry(host.into()).or_insert(data);
        loaded.map(|_| ())
    }

    /// Forget what earlier runs learned (`--flush-cache`).
    pub(crate) fn flush_cache(&self) {
        if let Some(cache) = &self.cache {
            self.host_names().iter().for_each(|host| cache.remove(host));
            // Nothing need name it.
            cache.remove("localhost");
        }
    }

    pub(crate) fn merges_hashes(&self) -> bool {
        self.options.merge_hashes
    }

    pub(crate) fn injects_facts(&self) -> bool {
        self.options.inject_facts
    }

    pub(crate) fn extra(&self) -> &Arc<Dict> {
        &self.options.extra
    }

    pub(crate) fn inventory(&self) -> RwLockReadGuard<'_, Inventory> {
        read(&self.inventory)
    }

    /// Change the inventory (`add_host`, `group_by`); what was derived from it is thrown away.
    pub(crate) fn change_inventory<T>(&self, change: impl FnOnce(&mut Inventory) -> T) -> T {
        let result = change(&mut write(&self.inventory));
        write(&self.host_magic).clear();
        *write(&self.groups) = None;
        result
    }

    pub(crate) fn host_names(&self) -> Vec<Arc<str>> {
        self.inventory().hosts().map(|host| host.name.clone()).collect()
    }

    pub(crate) fn knows_host(&self, host: &str) -> bool {
        self.inventory().host(host).is_some() || crate::localhost::is_local_name(host)
    }

    /// The variables for a task on a host, strongest first. Without a host: for the play as a whole.
    pub(crate) fn scope(
        self: &Arc<Self>,
        play: Option<&Arc<PlayState>>,
        host: Option<&str>,
        task: Option<&Task>,
    ) -> HostScope {
        let mut layers: Vec<Arc<Dict>> = Vec::with_capacity(24);
        let role = task.and_then(|task| task.role.as_ref()).map(|role| self.role_layers(role));
        if let Some(task) = task {
            layers.push(self.task_magic(task, play));
        }
        if let Some(play) = play {
            layers.push(play.magic());
        }
        if let Some(host) = host {
            layers.push(self.magic_of(host));
        }
        layers.push(self.options.globals.clone());
        layers.push(self.group_magic());
        layers.push(self.options.extra.clone());
        if let Some(task) = task {
            layers.extend(self.one_kind(&task.include_vars));
        }
        if let Some(role) = &role {
            layers.extend(role.params.iter().cloned());
        }
        let data = host.map(|host| self.data_of(host)).unwrap_or_default();
        layers.push(data.set);
        layers.push(data.included);
        if let Some(task) = task {
            layers.extend(self.one_kind(&task.keywords.vars));
        }
        if let Some(role) = &role {
            layers.extend(role.vars.iter().cloned());
        }
        if let Some(play) = play {
            layers.extend(play.variable_layers(host));
        }
        layers.push(data.fact_layer);
        if let Some(host) = host {
            layers.push(self.inventory_vars(host, play, task));
        }
        if let Some(role) = &role {
            layers.extend(role.defaults.iter().cloned());
        }
        if let Some(play) = play {
            layers.extend(play.role_defaults());
        }
        layers.retain(|layer| !layer.is_empty());
        HostScope::new(layers, self.clone(), play.cloned())
    }

    /// Layers of one kind, given weakest first: they replace each other even where mappings of different kinds are
    /// merged.
    fn one_kind(&self, layers: &[Arc<Dict>]) -> Vec<Arc<Dict>> {
        match layers {
            [first, rest @ ..] if self.options.merge_hashes && !rest.is_empty() => {
                let mut whole = (**first).clone();
                rest.iter().for_each(|layer| whole.extend_from(layer));
                vec![Arc::new(whole)]
            }
            _ => layers.iter().rev().cloned().collect(),
        }
    }

    /// The variables of a host as `hostvars` shows them: what the inventory says, facts and what was set, but nothing of
    /// the play; only the directory of its playbook counts, for `group_vars` and `host_vars`.
    pub(crate) fn host_scope(self: &Arc<Self>, play: Option<&Arc<PlayState>>, host: &str) -> HostScope {
        let data = self.data_of(host);
        let layers = vec![
            self.magic_of(host),
            self.options.globals.clone(),
            self.group_magic(),
            Arc::new(play.iter().map(|play| ("playbook_dir", play.magic().get("playbook_dir").cloned())).collect()),
            self.options.extra.clone(),
            data.set,
            data.included,
            data.fact_layer,
            self.inventory_vars(host, play, None),
        ];
        HostScope::new(layers, self.clone(), play.cloned())
    }

    fn inventory_vars(&self, host: &str, play: Option<&Arc<PlayState>>, task: Option<&Task>) -> Arc<Dict> {
        // Unreadable vars files are reported when the play starts, by `check_host_vars`, and when the task does.
        self.inventory().host_vars(host, &self.vars_directories(play, task)).unwrap_or_default()
    }

    /// The directories whose `group_vars` and `host_vars` count beside the inventory's.
    fn vars_directories(&self, play: Option<&Arc<PlayState>>, task: Option<&Task>) -> Vec<PathBuf> {
        let of_task =
            |task: &Task, limit| task.search_path.iter().take(limit).map(|path| PathBuf::from(&**path)).collect();
        match (self.options.vars_root, task) {
            (VarsRoot::Top, _) | (_, None) => play.iter().map(|play| play.play.directory.clone()).collect(),
            (VarsRoot::Bottom, Some(task)) => of_task(task, 1),
            (VarsRoot::All, Some(task)) => of_task(task, usize::MAX),
        }
    }

    /// Read the vars files that count for a task alone, so that an error in one is the task's.
    pub(crate) fn check_task_vars(&self, host: &str, play: &Arc<PlayState>, task: &Task) -> Result<(), Report> {
        match self.options.vars_root {
            VarsRoot::Top => Ok(()),
            _ => self.inventory().host_vars(host, &self.vars_directories(Some(play), Some(task))).map(drop),
        }
    }

    /// Read the vars files of a host, so that an error in one stops the play before its first task.
    pub(crate) fn check_host_vars(&self, host: &str, directory: &std::path::Path) -> Result<(), Report> {
        self.inventory().host_vars(host, &[directory.to_path_buf()]).map(|_| ())
    }

    pub(crate) fn role_layers(&self, role: &Arc<Role>) -> Arc<RoleLayers> {
        let key: Vec<u64> = role.parents.iter().map(|parent| parent.id).chain([role.id]).collect();
        if let Some(layers) = read(&self.roles).get(&key) {
            return layers.clone();
        }
        let layers = Arc::new(RoleLayers::of(role));
        write(&self.roles).insert(key, layers.clone());
        layers
    }

    fn magic_of(&self, host: &str) -> Arc<Dict> {
        if let Some(magic) = read(&self.host_magic).get(host) {
            return magic.clone();
        }
        let magic = Arc::new(self.inventory().magic(host));
        write(&self.host_magic).insert(host.into(), magic.clone());
        magic
    }

    /// `groups`.
    pub(crate) fn group_magic(&self) -> Arc<Dict> {
        if let Some(groups) = &*read(&self.groups) {
            return groups.clone();
        }
        let groups = Arc::new(Dict::from([("groups", self.inventory().groups_variable())]));
        *write(&self.groups) = Some(groups.clone());
        groups
    }

    fn task_magic(&self, task: &Task, play: Option<&Arc<PlayState>>) -> Arc<Dict> {
        let mut magic = match &task.role {
            Some(role) => (*self.role_layers(role).magic).clone(),
            None => Dict::new(),
        };
        magic.insert("ansible_search_path", crate::search_path::of(task, play.map(|play| &*play.play)));
        magic.insert("environment", task.keywords.environment.to_vec());
        if let Some(play) = play {
            magic.insert("role_names", play.magic().get("ansible_play_role_names").cloned());
        }
        Arc::new(magic)
    }

    fn update(&self, host: &str, change: impl FnOnce(&mut HostData)) {
        let _ = self.load_cached(host);
        change(write(&self.hosts).entry(host.into()).or_default());
    }

    /// Set variables at the level of `set_fact` and `register`.
    pub(crate) fn set(&self, host: &str, name: &str, value: Value) {
        self.update(host, |data| {
            Arc::make_mut(&mut data.set).insert(name, value);
        });
    }

    /// Set variables at the level of `include_vars`.
    pub(crate) fn include(&self, host: &str, vars: &Dict) {
        let merge = self.options.merge_hashes;
        self.update(host, |data| {
            let included = Arc::make_mut(&mut data.included);
            for (name, value) in vars {
                let value = match included.get_value(name) {
                    Some(existing) if merge => crate::scope::merge_hashes(existing, value),
                    _ => value.clone(),
                };
                included.insert(name.clone(), value);
            }
        });
    }

    /// Does a fact become a variable of its own name?
    pub(crate) fn injects(&self, name: &str) -> bool {
        (self.options.inject_facts || name == "ansible_local") && crate::facts::may_be_injected(name)
    }

    fn restrict(&self, facts: &Dict) {
        let names = facts.keys().filter_map(Value::as_str).filter(|name| crate::facts::is_restricted(name));
        let names: Vec<String> = names.map(str::to_owned).collect();
        if !names.is_empty() {
            write(&self.restricted).extend(names);
        }
    }

    /// Names of facts that became no variables, each handed out once; they are told when a next task begins.
    pub(crate) fn take_restricted(&self) -> BTreeSet<String> {
        if read(&self.restricted).is_empty() { BTreeSet::new() } else { std::mem::take(&mut *write(&self.restricted)) }
    }

    /// Add facts as a module returned them.
    pub(crate) fn add_facts(&self, host: &str, facts: &Dict) -> Result<(), Report> {
        let inject = self.options.inject_facts;
        let keep = self.cache.is_some();
        self.restrict(facts);
        self.update(host, |data| data.add_facts(facts, inject, keep));
        let Some(cache) = &self.cache else { return Ok(()) };
        cache.store(host, &self.data_of(host).returned).map_err(|error| {
            let reason = churten_module::python_error(&error);
            Report::new(format!("The facts of {host} cannot be kept (fact_caching_connection): {reason}"))
        })
    }

    /// Forget the facts of a host (`meta: clear_facts`).
    pub(crate) fn clear_facts(&self, host: &str) {
        self.update(host, |data| {
            data.returned = Arc::default();
            data.facts = Arc::default();
            data.fact_layer = HostData::default().fact_layer;
        });
        if let Some(cache) = &self.cache {
            cache.remove(host);
        }
    }

    /// True when facts of the host were gathered (`gathering: smart`).
    pub(crate) fn has_facts(&self, host: &str) -> bool {
        self.data_of(host).facts.get(GATHERED).is_some_and(Value::is_truthy)
    }
}

/// The mark of `gather_facts` among the facts.
const GATHERED: &str = "_ansible_facts_gathered";

/// Facts with that mark.
pub(crate) fn gathered(facts: &Dict) -> Dict {
    let mut facts = facts.clone();
    facts.insert(GATHERED, true);
    facts
}

/// What a fact is called in `ansible_facts`.
fn fact_name(name: &str) -> &str {
    match name {
        "ansible_local" => name,
        _ => name.strip_prefix("ansible_").unwrap_or(name),
    }
}

impl Default for HostData {
    /// Nothing is known; `ansible_facts` is there all the same.
    fn default() -> Self {
        Self {
            returned: Arc::default(),
            facts: Arc::default(),
            fact_layer: Arc::new(Dict::from([("ansible_facts", Dict::new())])),
            included: Arc::default(),
            set: Arc::default(),
        }
    }
}

impl HostData {
    /// Add facts as a module returned them.
    fn add_facts(&mut self, facts: &Dict, inject: bool, keep: bool) {
        let all = Arc::make_mut(&mut self.facts);
        let layer = Arc::make_mut(&mut self.fact_layer);
        for (name, value) in facts {
            let Some(text) = name.as_str() else { continue };
            all.insert(fact_name(text), value.clone());
            if (inject || text == "ansible_local") && crate::facts::may_be_injected(text) {
                layer.insert(name.clone(), value.clone());
            }
        }
        layer.insert("ansible_facts", Value::dict(all.clone()));
        if keep {
            Arc::make_mut(&mut self.returned).extend_from(facts);
        }
    }
}
