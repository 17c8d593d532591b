//! The variables of a host from everything that belongs to the inventory.

use crate::Inventory;
use crate::files::VariableFiles;
use crate::merge::merge_variables;
use crate::model::{GroupId, HostId};
use crate::names::reserved;
use churten_config::HashBehaviour;
use churten_diagnostics::Report;
use churten_value::Dict;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

/// The levels of group variables, as the setting `VARIABLE_PRECEDENCE` names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    AllInventory,
    GroupsInventory,
    AllFilesOfInventory,
    AllFilesOfPlaybook,
    GroupFilesOfInventory,
    GroupFilesOfPlaybook,
}

impl Level {
    pub(crate) fn of_setting(name: &str) -> Option<Self> {
        Some(match name {
            "all_inventory" => Self::AllInventory,
            "groups_inventory" => Self::GroupsInventory,
            "all_plugins_inventory" => Self::AllFilesOfInventory,
            "all_plugins_play" => Self::AllFilesOfPlaybook,
            "groups_plugins_inventory" => Self::GroupFilesOfInventory,
            "groups_plugins_play" => Self::GroupFilesOfPlaybook,
            _ => return None,
        })
    }
}

/// Variables of a host, the weakest first.
type Layers = Arc<[Arc<Dict>]>;

/// What was worked out before.
pub(crate) struct Cache {
    pub(crate) files: VariableFiles,
    /// Warnings about names that were given already.
    reserved: Vec<Report>,
    /// Lists of playbook directories asked for; their place is part of the keys below.
    playbooks: Vec<Vec<PathBuf>>,
    layers: HashMap<(usize, Vec<GroupId>), Arc<Dict>>,
    hosts: HashMap<(usize, HostId), Layers>,
    merged: HashMap<(usize, HostId), Arc<Dict>>,
}

impl Cache {
    pub(crate) fn new(files: VariableFiles) -> Mutex<Self> {
        Mutex::new(Self {
            files,
            reserved: Vec::new(),
            playbooks: Vec::new(),
            layers: HashMap::new(),
            hosts: HashMap::new(),
            merged: HashMap::new(),
        })
    }

    /// After hosts, groups or their variables changed.
    pub(crate) fn forget(&mut self) {
        self.layers.clear();
        self.hosts.clear();
        self.merged.clear();
    }
}

impl Inventory {
    /// The variables of a host as shared layers, the weakest first: from groups (inventory sources, then `group_vars`
    /// files, by `VARIABLE_PRECEDENCE`), then its own from inventory sources and from `host_vars` files beside
    /// inventory and playbook.
    ///
    /// A name is looked up from the last layer to the first; hosts of the same groups share the first. With
    /// `HASH_BEHAVIOUR=merge` there is one layer, already merged.
    ///
    /// `playbook_directories` are those that `PLAYBOOK_VARS_ROOT` names for the play at hand.
    ///
    /// # Errors
    /// An unknown host, a file that cannot be read.
    pub fn host_layers(&self, host: &str, playbook_directories: &[PathBuf]) -> Result<Arc<[Arc<Dict>]>, Report> {
        let mut cache = self.cache.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let (_, layers) = self.layers(&mut cache, host, playbook_directories)?;
        Ok(layers)
    }

    /// The layers of [`host_layers`](Self::host_layers) in one mapping, which is kept. Hosts that have nothing of
    /// their own share one mapping; for the others this is a copy of all their variables.
    ///
    /// # Errors
    /// An unknown host, a file that cannot be read.
    pub fn host_vars(&self, host: &str, playbook_directories: &[PathBuf]) -> Result<Arc<Dict>, Report> {
        let mut cache = self.cache.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let (key, layers) = self.layers(&mut cache, host, playbook_directories)?;
        if let [only] = &*layers {
            return Ok(only.clone());
        }
        let merged = cache.merged.entry(key).or_insert_with(|| {
            let mut merged = Dict::new();
            layers.iter().for_each(|layer| merge_variables(&mut merged, layer, self.behaviour));
            Arc::new(merged)
        });
        Ok(merged.clone())
    }

    fn layers(
        &self,
        cache: &mut Cache,
        host: &str,
        playbook_directories: &[PathBuf],
    ) -> Result<((usize, HostId), Layers), Report> {
        let Some(id) = self.find_host(host) else {
            return Err(Report::new(format!("host not found: {host}")));
        };
        let key = (cache.playbook(playbook_directories), id);
        if let Some(known) = cache.hosts.get(&key) {
            return Ok((key, known.clone()));
        }
        let mut layers = vec![self.group_layer(cache, key.0, playbook_directories, id)?];
        cache.check_names(&self.data.host(id).vars);
        layers.extend(self.own_layers(cache, playbook_directories, id)?);
        if self.behaviour == HashBehaviour::Merge && layers.len() > 1 {
            let mut merged = Dict::new();
            layers.iter().for_each(|layer| merge_variables(&mut merged, layer, self.behaviour));
            layers = vec![Arc::new(merged)];
        }
        let layers: Layers = layers.into();
        cache.hosts.insert(key, layers.clone());
        Ok((key, layers))
    }

    /// The variables of a host without those of its groups: from inventory sources, then from `host_vars` files.
    ///
    /// # Errors
    /// An unknown host, a file that cannot be read.
    pub fn host_own_vars(&self, host: &str, playbook_directories: &[PathBuf]) -> Result<Dict, Report> {
        let Some(id) = self.find_host(host) else {
            return Err(Report::new(format!("host not found: {host}")));
        };
        let mut cache = self.cache.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let mut merged = Dict::new();
        for layer in self.own_layers(&mut cache, playbook_directories, id)? {
            merge_variables(&mut merged, &layer, self.behaviour);
        }
        Ok(merged)
    }

    fn own_layers(
        &self,
        cache: &mut Cache,
        playbook_directories: &[PathBuf],
        host: HostId,
    ) -> Result<Vec<Arc<Dict>>, Report> {
        let entry = self.data.host(host);
        let mut layers = Vec::new();
        if !entry.vars.is_empty() {
            layers.push(entry.vars.clone());
        }
        for directory in self.directories.iter().chain(playbook_directories) {
            layers.extend(cache.files.of(directory, "host_vars", &entry.name)?);
        }
        Ok(layers)
    }

    /// The variables of a group: its own from inventory sources, then from `group_vars` files.
    ///
    /// # Errors
    /// An unknown group, a file that cannot be read.
    pub fn group_vars(&self, group: &str, playbook_directories: &[PathBuf]) -> Result<Dict, Report> {
        let Some(id) = self.data.group_id(group) else {
            return Err(Report::new(format!("group not found: {group}")));
        };
        let group = self.data.group(id);
        let mut vars = (*group.vars).clone();
        let mut cache = self.cache.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        for directory in self.directories.iter().chain(playbook_directories) {
            if let Some(more) = cache.files.of(directory, "group_vars", &group.name)? {
                merge_variables(&mut vars, &more, self.behaviour);
            }
        }
        Ok(vars)
    }

    /// Warnings about variables looked at so far (duplicate keys, reserved names), each handed out once.
    pub fn take_warnings(&self) -> Vec<Report> {
        let mut cache = self.cache.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        std::mem::take(&mut cache.files.warnings)
    }

    /// Keep warnings for [`take_warnings`](Self::take_warnings).
    pub(crate) fn warn(&self, warnings: Vec<Report>) {
        let mut cache = self.cache.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        cache.files.warnings.extend(warnings);
    }

    /// Deprecations in files of variables read so far, each handed out once.
    pub fn take_deprecations(&self) -> Vec<Report> {
        let mut cache = self.cache.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        std::mem::take(&mut cache.files.deprecations)
    }

    /// What all hosts of the same groups have in common.
    fn group_layer(
        &self,
        cache: &mut Cache,
        playbook: usize,
        playbook_directories: &[PathBuf],
        host: HostId,
    ) -> Result<Arc<Dict>, Report> {
        let mut direct = self.data.host(host).groups.clone();
        direct.sort_unstable();
        let key = (playbook, direct);
        if let Some(known) = cache.layers.get(&key) {
            return Ok(known.clone());
        }
        let mut groups: Vec<GroupId> = self.data.groups_of(host);
        groups.retain(|group| *group != GroupId::ALL);
        let all = [GroupId::ALL];
        let mut layer = Dict::new();
        for level in &self.levels {
            let (members, directories): (&[GroupId], Option<&[PathBuf]>) = match level {
                Level::AllInventory => (&all, None),
                Level::GroupsInventory => (&groups, None),
                Level::AllFilesOfInventory => (&all, Some(&self.directories)),
                Level::AllFilesOfPlaybook => (&all, Some(playbook_directories)),
                Level::GroupFilesOfInventory => (&groups, Some(&self.directories)),
                Level::GroupFilesOfPlaybook => (&groups, Some(playbook_directories)),
            };
            let Some(directories) = directories else {
                for group in members {
                    let vars = &self.data.group(*group).vars;
                    cache.check_names(vars);
                    merge_variables(&mut layer, vars, self.behaviour);
                }
                continue;
            };
            for directory in directories {
                if !cache.files.has_any(directory, "group_vars") {
                    continue;
                }
                for group in members {
                    if let Some(vars) = cache.files.of(directory, "group_vars", &self.data.group(*group).name)? {
                        merge_variables(&mut layer, &vars, self.behaviour);
                    }
                }
            }
        }
        let layer = Arc::new(layer);
        cache.layers.insert(key, layer.clone());
        Ok(layer)
    }
}

impl Cache {
    /// Warns once about each variable of an inventory source that is named like a keyword.
    fn check_names(&mut self, vars: &Dict) {
        for report in vars.keys().filter_map(reserved) {
            if !self.reserved.contains(&report) {
                self.reserved.push(report.clone());
                self.files.warnings.push(report);
            }
        }
    }

    fn playbook(&mut self, directories: &[PathBuf]) -> usize {
        match self.playbooks.iter().position(|known| known == directories) {
            Some(index) => index,
            None => {
                self.playbooks.push(directories.to_vec());
                self.playbooks.len() - 1
            }
        }
    }
}
