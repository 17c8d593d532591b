//! Hosts and groups, and the relations between them.

use churten_value::Dict;
use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;

/// A host's place in its inventory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HostId(pub(crate) u32);

/// A group's place in its inventory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct GroupId(pub(crate) u32);

impl HostId {
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

impl GroupId {
    /// The group `all`, which every inventory has.
    pub(crate) const ALL: Self = Self(0);
    /// The group `ungrouped`, which every inventory has.
    pub(crate) const UNGROUPED: Self = Self(1);

    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// Where a host was first mentioned: the source file and its directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostSource {
    /// The file; the magic variable `inventory_file`. A host list is its own text.
    pub file: String,
    /// The directory; the magic variable `inventory_dir`. `None` for a host list.
    pub directory: Option<PathBuf>,
}

/// One host.
#[derive(Clone, Debug)]
pub struct Host {
    /// The inventory name.
    pub name: Arc<str>,
    /// Its own variables: from the inventory sources, `add_host`, or the implicit localhost.
    pub vars: Arc<Dict>,
    /// The groups it was put into itself, `all` and `ungrouped` included when it was.
    pub groups: Vec<GroupId>,
    /// True for the localhost that no source mentions.
    pub implicit: bool,
    /// Where it was first mentioned; `None` when it was added at run time.
    pub source: Option<Arc<HostSource>>,
}

/// One group.
#[derive(Clone, Debug)]
pub struct Group {
    /// The name.
    pub name: Arc<str>,
    /// Its own variables from the inventory sources.
    pub vars: Arc<Dict>,
    /// The longest way from `all`; deeper groups win.
    pub depth: u32,
    /// `ansible_group_priority`; the higher wins within one depth.
    pub priority: i64,
    /// Groups it is a child of.
    pub parents: Vec<GroupId>,
    /// Its children.
    pub children: Vec<GroupId>,
    /// Hosts put into this very group.
    pub hosts: Vec<HostId>,
    pub(crate) members: HashSet<HostId>,
}

/// All hosts and groups, by name and by number.
#[derive(Clone, Debug)]
pub(crate) struct Data {
    pub(crate) hosts: Vec<Host>,
    pub(crate) groups: Vec<Group>,
    pub(crate) host_names: HashMap<Arc<str>, HostId>,
    pub(crate) group_names: HashMap<Arc<str>, GroupId>,
    /// The source that is being read.
    pub(crate) source: Option<Arc<HostSource>>,
    /// The first host that is a name of this machine.
    pub(crate) localhost: Option<HostId>,
}

/// The names of this machine that exist without being written anywhere.
pub(crate) const LOCALHOST: [&str; 3] = ["127.0.0.1", "localhost", "::1"];

impl Data {
    pub(crate) fn new() -> Self {
        let mut data = Self {
            hosts: Vec::new(),
            groups: Vec::new(),
            host_names: HashMap::new(),
            group_names: HashMap::new(),
            source: None,
            localhost: None,
        };
        data.insert_group("all");
        data.insert_group("ungrouped");
        data.link(GroupId::ALL, GroupId::UNGROUPED);
        data
    }

    fn insert_group(&mut self, name: &str) -> GroupId {
        let id = GroupId(u32::try_from(self.groups.len()).unwrap_or(u32::MAX));
        let name: Arc<str> = name.into();
        self.group_names.insert(name.clone(), id);
        self.groups.push(Group {
            name,
            vars: Arc::default(),
            depth: 0,
            priority: 1,
            parents: Vec::new(),
            children: Vec::new(),
            hosts: Vec::new(),
            members: HashSet::new(),
        });
        id
    }

    pub(crate) fn group(&self, id: GroupId) -> &Group {
        &self.groups[id.index()]
    }

    pub(crate) fn host(&self, id: HostId) -> &Host {
        &self.hosts[id.index()]
    }

    pub(crate) fn group_id(&self, name: &str) -> Option<GroupId> {
        self.group_names.get(name).copied()
    }

    pub(crate) fn host_id(&self, name: &str) -> Option<HostId> {
        self.host_names.get(name).copied()
    }

    /// The group of a (valid) name, made when it does not exist.
    pub(crate) fn ensure_group(&mut self, name: &str) -> GroupId {
        match self.group_id(name) {
            Some(id) => id,
            None => self.insert_group(name),
        }
    }

    /// The host of a name, made when it does not exist. The second value is the name of the localhost found before
    /// when this one is a new one.
    pub(crate) fn ensure_host(&mut self, name: &str) -> (HostId, Option<Arc<str>>) {
        if let Some(id) = self.host_id(name) {
            return (id, None);
        }
        let id = HostId(u32::try_from(self.hosts.len()).unwrap_or(u32::MAX));
        let shared: Arc<str> = name.into();
        self.host_names.insert(shared.clone(), id);
        self.hosts.push(Host {
            name: shared,
            vars: Arc::default(),
            groups: Vec::new(),
            implicit: false,
            source: self.source.clone(),
        });
        let mut duplicate = None;
        if LOCALHOST.contains(&name) {
            match self.localhost {
                Some(first) => duplicate = Some(self.host(first).name.clone()),
                None => self.localhost = Some(id),
            }
        }
        (id, duplicate)
    }

    pub(crate) fn put_host(&mut self, group: GroupId, host: HostId) -> bool {
        let entry = &mut self.groups[group.index()];
        let added = entry.members.insert(host);
        if added {
            entry.hosts.push(host);
            self.hosts[host.index()].groups.push(group);
        }
        added
    }

    /// Makes `child` a child of `parent`.
    ///
    /// # Errors
    /// ansible-core's message when the groups would contain each other.
    pub(crate) fn add_child(&mut self, parent: GroupId, child: GroupId) -> Result<bool, String> {
        if self.group(parent).children.contains(&child) {
            return Ok(false);
        }
        let (parent_name, child_name) = (self.group(parent).name.clone(), self.group(child).name.clone());
        if parent == child {
            return Err("can't add group to itself".to_owned());
        }
        if self.with_descendants(child).contains(&parent) {
            return Err(format!(
                "Adding group '{child_name}' as child to '{parent_name}' creates a recursive dependency loop."
            ));
        }
        self.link(parent, child);
        Ok(true)
    }

    fn link(&mut self, parent: GroupId, child: GroupId) {
        self.groups[parent.index()].children.push(child);
        self.groups[child.index()].parents.push(parent);
        let mut deepen = vec![(child, self.group(parent).depth + 1)];
        while let Some((group, depth)) = deepen.pop() {
            let entry = &mut self.groups[group.index()];
            if depth > entry.depth {
                entry.depth = depth;
                deepen.extend(entry.children.iter().map(|child| (*child, depth + 1)));
            }
        }
    }

    /// The group and everything below, level by level.
    pub(crate) fn with_descendants(&self, group: GroupId) -> Vec<GroupId> {
        self.closure([group], |group| &group.children)
    }

    /// The groups and everything above.
    pub(crate) fn with_ancestors(&self, groups: &[GroupId]) -> Vec<GroupId> {
        self.closure(groups.iter().copied(), |group| &group.parents)
    }

    fn closure(
        &self,
        start: impl IntoIterator<Item = GroupId>,
        next: impl Fn(&Group) -> &Vec<GroupId>,
    ) -> Vec<GroupId> {
        let mut seen = vec![false; self.groups.len()];
        let mut ordered: Vec<GroupId> = Vec::new();
        let mut visit = |id: GroupId, ordered: &mut Vec<GroupId>| {
            if !std::mem::replace(&mut seen[id.index()], true) {
                ordered.push(id);
            }
        };
        for id in start {
            visit(id, &mut ordered);
        }
        let mut done = 0;
        while let Some(id) = ordered.get(done).copied() {
            done += 1;
            for related in next(self.group(id)) {
                visit(*related, &mut ordered);
            }
        }
        ordered
    }

    /// The hosts of a group and of everything below it.
    pub(crate) fn hosts_of(&self, group: GroupId) -> Vec<HostId> {
        let mut seen = HashSet::new();
        let mut hosts = Vec::new();
        for member in self.with_descendants(group) {
            for host in &self.group(member).hosts {
                let is_hidden = group == GroupId::ALL && self.host(*host).implicit;
                if !is_hidden && seen.insert(*host) {
                    hosts.push(*host);
                }
            }
        }
        hosts
    }

    /// The groups of a host, `all` included, in the order in which their variables are merged.
    pub(crate) fn groups_of(&self, host: HostId) -> Vec<GroupId> {
        let mut groups = self.with_ancestors(&self.host(host).groups);
        self.sort_groups(&mut groups);
        groups
    }

    /// By depth, priority and name.
    pub(crate) fn sort_groups(&self, groups: &mut [GroupId]) {
        groups.sort_by(|a, b| {
            let (a, b) = (self.group(*a), self.group(*b));
            (a.depth, a.priority, &a.name).cmp(&(b.depth, b.priority, &b.name))
        });
    }

    /// After all sources: every group below `all`, every host without a group in `ungrouped` and no other there.
    pub(crate) fn reconcile(&mut self) {
        for index in 1..self.groups.len() {
            let id = GroupId(index as u32);
            if self.groups[index].parents.is_empty() {
                self.link(GroupId::ALL, id);
            }
        }
        for index in 0..self.hosts.len() {
            let id = HostId(index as u32);
            let host = &self.hosts[index];
            let has_group = host.groups.iter().any(|group| *group != GroupId::ALL && *group != GroupId::UNGROUPED);
            let is_ungrouped = host.groups.contains(&GroupId::UNGROUPED);
            if is_ungrouped && has_group {
                self.hosts[index].groups.retain(|group| *group != GroupId::UNGROUPED);
                let ungrouped = &mut self.groups[GroupId::UNGROUPED.index()];
                ungrouped.members.remove(&id);
            } else if !is_ungrouped && !has_group && !host.implicit {
                self.put_host(GroupId::UNGROUPED, id);
            }
        }
        let ungrouped = &mut self.groups[GroupId::UNGROUPED.index()];
        let members = &ungrouped.members;
        ungrouped.hosts.retain(|host| members.contains(host));
    }
}
