//! The inventory as `ansible-inventory` shows it.

use crate::Inventory;
use crate::cached_facts::CachedFacts;
use crate::merge::merge_variables;
use crate::model::{Group, GroupId};
use churten_diagnostics::Report;
use churten_value::{Data, Dict, Str, Value};
use std::collections::HashSet;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

/// Deeper groups are not shown; each level costs stack.
const MAX_DEPTH: usize = 500;

/// What is listed.
#[derive(Clone, Debug, Default)]
pub struct ListOptions {
    /// Directories whose `group_vars` and `host_vars` count for hosts beside the inventory's: that of a playbook.
    pub playbook_directories: Vec<PathBuf>,
    /// The same where a group, or a host alone, is shown: only what was asked for with `--playbook-dir`.
    pub own_directories: Vec<PathBuf>,
    /// Group variables stay with the groups (`--export`).
    pub export: bool,
    /// Extra vars, above all others of a host.
    pub extra: Dict,
    /// Facts that count as variables of a host, above those of the inventory.
    pub facts: CachedFacts,
    /// The only hosts to list (`--limit`).
    pub hosts: Option<HashSet<Arc<str>>>,
}

impl ListOptions {
    fn shows(&self, host: &str) -> bool {
        self.hosts.as_ref().is_none_or(|hosts| hosts.contains(host))
    }
}

impl Inventory {
    /// The variables of a host (`ansible-inventory --host`).
    ///
    /// # Errors
    /// An unknown host, a file of variables that cannot be read.
    pub fn listed_host(&self, host: &str, options: &ListOptions) -> Result<Dict, Report> {
        if options.export {
            return self.host_own_vars(host, &options.own_directories);
        }
        let mut vars = (*self.host_vars(host, &options.playbook_directories)?).clone();
        let mut warnings = vec![];
        let facts = options.facts.of(host, &mut |warning| warnings.push(warning));
        self.warn(warnings);
        if let Some(facts) = facts? {
            merge_variables(&mut vars, &facts, self.behaviour);
        }
        merge_variables(&mut vars, &options.extra, self.behaviour);
        Ok(vars)
    }

    /// `ansible-inventory --list --yaml`: groups within groups. A host's variables stand where it is met first.
    ///
    /// # Errors
    /// A file of variables that cannot be read.
    pub fn nested_list(&self, options: &ListOptions) -> Result<Value, Report> {
        let mut seen = HashSet::new();
        let mut shown = HashSet::new();
        let all = self.nested_group(self.data.group(GroupId::ALL), options, 0, &mut seen, &mut shown)?;
        Ok(if all.is_empty() { Dict::new() } else { Dict::from([("all", Value::dict(all))]) }.into())
    }

    fn nested_group(
        &self,
        group: &Group,
        options: &ListOptions,
        depth: usize,
        seen: &mut HashSet<Arc<str>>,
        shown: &mut HashSet<Arc<str>>,
    ) -> Result<Dict, Report> {
        if depth > MAX_DEPTH {
            return Err(Report::new(format!("groups are nested too deeply at {}", group.name)));
        }
        let mut children = Dict::new();
        for child in self.children(group) {
            if shown.contains(&child.name) {
                // Below another parent it is only named.
                children.insert(child.name.clone(), Value::dict(Dict::new()));
                continue;
            }
            let entry = self.nested_group(child, options, depth + 1, seen, shown)?;
            if !entry.is_empty() {
                shown.insert(child.name.clone());
                children.insert(child.name.clone(), Value::dict(entry));
            }
        }
        let mut hosts = Dict::new();
        if &*group.name != "all" {
            for host in self.members(group).filter(|host| options.shows(&host.name)) {
                let is_first = seen.insert(host.name.clone());
                let vars = if is_first { self.listed_host(&host.name, options)? } else { Dict::new() };
                hosts.insert(host.name.clone(), Value::dict(vars));
            }
        }
        let mut entry = Dict::new();
        if !children.is_empty() {
            entry.insert("children", Value::dict(children));
        }
        if !hosts.is_empty() {
            entry.insert("hosts", Value::dict(hosts));
        }
        if options.export {
            let vars = self.shown_group_vars(group, options)?;
            if !vars.is_empty() {
                entry.insert("vars", Value::dict(vars));
            }
        }
        Ok(entry)
    }

    /// `ansible-inventory --list --toml`: every group that has something to show, by name, without nesting.
    ///
    /// # Errors
    /// A file of variables that cannot be read.
    pub fn flat_list(&self, options: &ListOptions) -> Result<Dict, Report> {
        let mut groups = Dict::new();
        self.flat_group(self.data.group(GroupId::ALL), options, 0, &mut HashSet::new(), &mut groups)?;
        groups.retain(|_, entry| entry.is_truthy());
        Ok(groups)
    }

    fn flat_group(
        &self,
        group: &Group,
        options: &ListOptions,
        depth: usize,
        seen: &mut HashSet<Arc<str>>,
        groups: &mut Dict,
    ) -> Result<(), Report> {
        if depth > MAX_DEPTH {
            return Err(Report::new(format!("groups are nested too deeply at {}", group.name)));
        }
        // Its place is before its children; its hosts are looked at after theirs.
        groups.insert(group.name.clone(), Value::dict(Dict::new()));
        let mut children = Vec::new();
        for child in self.children(group) {
            if &*child.name == "ungrouped" && self.members(child).next().is_none() {
                continue;
            }
            children.push(Value::from(child.name.to_string()));
            self.flat_group(child, options, depth + 1, seen, groups)?;
        }
        let is_all = &*group.name == "all";
        let mut entry = Dict::new();
        if !is_all && !children.is_empty() {
            entry.insert("children", children);
        }
        let mut hosts = Dict::new();
        for host in self.members(group).filter(|host| !is_all && options.shows(&host.name)) {
            let is_first = seen.insert(host.name.clone());
            let vars = if is_first { self.listed_host(&host.name, options)? } else { Dict::new() };
            hosts.insert(host.name.clone(), Value::dict(vars));
        }
        if !hosts.is_empty() {
            entry.insert("hosts", Value::dict(hosts));
        }
        if options.export {
            let vars = self.shown_group_vars(group, options)?;
            if !vars.is_empty() {
                entry.insert("vars", Value::dict(vars));
            }
        }
        groups.insert(group.name.clone(), Value::dict(entry));
        Ok(())
    }

    /// A group's variables with its priority, when that is not the usual one.
    fn shown_group_vars(&self, group: &Group, options: &ListOptions) -> Result<Dict, Report> {
        let mut vars = self.group_vars(&group.name, &options.own_directories)?;
        if group.priority != 1 {
            vars.insert("ansible_group_priority", group.priority);
        }
        Ok(vars)
    }

    /// `ansible-inventory --list`: groups with their hosts and children, host variables under `_meta`.
    ///
    /// # Errors
    /// A file of variables that cannot be read.
    pub fn list(&self, options: &ListOptions) -> Result<Value, Report> {
        let mut hostvars = Dict::new();
        for host in self.group_hosts("all").into_iter().filter(|host| options.shows(host)) {
            let vars = self.listed_host(&host, options)?;
            if !vars.is_empty() {
                hostvars.insert(host, listed(&Value::from(vars)));
            }
        }
        let mut out = Dict::new();
        let meta = Dict::from([("hostvars", Value::from(hostvars)), ("profile", "inventory_legacy".into())]);
        out.insert("_meta", meta);
        for id in self.data.with_descendants(GroupId::ALL) {
            let group = self.data.group(id);
            let mut entry = Dict::new();
            let hosts = self.members(group).filter(|host| options.shows(&host.name));
            let hosts: Value = hosts.map(|host| host.name.clone()).collect();
            if id != GroupId::ALL && hosts.is_truthy() {
                entry.insert("hosts", hosts);
            }
            let children: Value = self.children(group).map(|child| child.name.clone()).collect();
            if children.is_truthy() {
                entry.insert("children", children);
            }
            if options.export {
                let vars = self.shown_group_vars(group, options)?;
                if !vars.is_empty() {
                    entry.insert("vars", listed(&vars.into()));
                }
            }
            if !entry.is_empty() {
                out.insert(group.name.clone(), entry);
            }
        }
        Ok(out.into())
    }

    /// `ansible-inventory --graph [GROUP]`, with variables (`--vars`) or without; `None` for an unknown group.
    ///
    /// # Errors
    /// A file of variables that cannot be read.
    pub fn graph(&self, group: &str, options: &ListOptions, show_vars: bool) -> Result<Option<String>, Report> {
        let Some(group) = self.group(group) else { return Ok(None) };
        let mut out = String::new();
        self.graph_group(group, options, show_vars, 0, &mut out)?;
        Ok(Some(out))
    }

    fn graph_group(
        &self,
        group: &Group,
        options: &ListOptions,
        show_vars: bool,
        depth: usize,
        out: &mut String,
    ) -> Result<(), Report> {
        if depth > MAX_DEPTH {
            return Err(Report::new(format!("groups are nested too deeply at {}", group.name)));
        }
        line(&format!("@{}:", group.name), depth, out);
        for child in self.children(group) {
            self.graph_group(child, options, show_vars, depth + 1, out)?;
        }
        if &*group.name != "all" {
            for host in self.members(group) {
                line(&host.name, depth + 1, out);
                if show_vars {
                    show(&self.listed_host(&host.name, options)?, depth + 2, out);
                }
            }
        }
        if show_vars {
            show(&self.shown_group_vars(group, options)?, depth + 1, out);
        }
        Ok(())
    }
}

/// A value as `ansible-inventory --list` prints it in JSON: text that is no template and vaulted text are
/// marked, so that the output can be an inventory again.
pub fn listed(value: &Value) -> Value {
    value.map_leaves(&mut |leaf| match &leaf.data {
        Data::Str(text) if !leaf.tags.is_trusted() => Dict::from([("__ansible_unsafe", text.clone())]).into(),
        Data::Bytes(bytes) => Dict::from([("__ansible_unsafe", String::from_utf8_lossy(bytes).into_owned())]).into(),
        Data::Vault(vaulted) => Dict::from([("__ansible_vault", vaulted.armour.clone())]).into(),
        _ => leaf.clone(),
    })
}

fn show(vars: &Dict, depth: usize, out: &mut String) {
    let mut entries: Vec<(String, &Value)> = vars.iter().map(|(key, value)| (key.to_text(), value)).collect();
    entries.sort_by(|a, b| a.0.cmp(&b.0));
    for (key, value) in entries {
        line(&format!("{{{key} = {}}}", Str(value)), depth, out);
    }
}

fn line(text: &str, depth: usize, out: &mut String) {
    if depth > 0 {
        out.push_str(&"  |".repeat(depth));
        out.push_str("--");
    }
    let _ = writeln!(out, "{text}");
}
