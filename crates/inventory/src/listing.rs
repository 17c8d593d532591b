//! The inventory as `ansible-inventory` shows it.

use crate::Inventory;
use crate::model::{Group, GroupId};
use churten_diagnostics::Report;
use churten_value::{Data, Dict, Str, Value};
use std::fmt::Write as _;
use std::path::PathBuf;

/// Deeper groups are not shown; each level costs stack.
const MAX_DEPTH: usize = 500;

impl Inventory {
    /// `ansible-inventory --list`: groups with their hosts and children, host variables under `_meta`.
    ///
    /// `export` keeps group variables with the groups (`--export`).
    ///
    /// # Errors
    /// A file of variables that cannot be read.
    pub fn list(&self, playbook_directories: &[PathBuf], export: bool) -> Result<Value, Report> {
        let mut hostvars = Dict::new();
        for host in self.group_hosts("all") {
            let vars = if export {
                self.host_own_vars(&host, playbook_directories)?.into()
            } else {
                self.host_vars(&host, playbook_directories)?
            };
            if !vars.is_empty() {
                hostvars.insert(host, listed(&Value::from((*vars).clone())));
            }
        }
        let mut out = Dict::new();
        let meta = Dict::from([("hostvars", Value::from(hostvars)), ("profile", "inventory_legacy".into())]);
        out.insert("_meta", meta);
        for id in self.data.with_descendants(GroupId::ALL) {
            let group = self.data.group(id);
            let mut entry = Dict::new();
            let hosts: Value = self.members(group).map(|host| host.name.clone()).collect();
            if id != GroupId::ALL && hosts.is_truthy() {
                entry.insert("hosts", hosts);
            }
            let children: Value = self.children(group).map(|child| child.name.clone()).collect();
            if children.is_truthy() {
                entry.insert("children", children);
            }
            if export {
                let mut vars = self.group_vars(&group.name, playbook_directories)?;
                if group.priority != 1 {
                    vars.insert("ansible_group_priority", group.priority);
                }
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
    pub fn graph(
        &self,
        group: &str,
        playbook_directories: &[PathBuf],
        show_vars: bool,
    ) -> Result<Option<String>, Report> {
        let Some(group) = self.group(group) else { return Ok(None) };
        let mut out = String::new();
        self.graph_group(group, playbook_directories, show_vars, 0, &mut out)?;
        Ok(Some(out))
    }

    fn graph_group(
        &self,
        group: &Group,
        playbook_directories: &[PathBuf],
        show_vars: bool,
        depth: usize,
        out: &mut String,
    ) -> Result<(), Report> {
        if depth > MAX_DEPTH {
            return Err(Report::new(format!("groups are nested too deeply at {}", group.name)));
        }
        line(&format!("@{}:", group.name), depth, out);
        for child in self.children(group) {
            self.graph_group(child, playbook_directories, show_vars, depth + 1, out)?;
        }
        if &*group.name != "all" {
            for host in self.members(group) {
                line(&host.name, depth + 1, out);
                if show_vars {
                    show(&*self.host_vars(&host.name, playbook_directories)?, depth + 2, out);
                }
            }
        }
        if show_vars {
            let mut vars = self.group_vars(&group.name, playbook_directories)?;
            if group.priority != 1 {
                vars.insert("ansible_group_priority", group.priority);
            }
            show(&vars, depth + 1, out);
        }
        Ok(())
    }
}

/// A value as `ansible-inventory --list` and `--host` print it in JSON: text that is no template and vaulted text are
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
