//! Filling an inventory from its sources.

use crate::cached_facts::CachedFacts;
use crate::inventory::Note;
use crate::merge::merge_variables;
use crate::model::{Data, GroupId, HostId};
use crate::names::{self, Transform};
use crate::ranges::MAX_NAMES;
use crate::reader::Reader;
use churten_config::{HashBehaviour, Settings};
use churten_diagnostics::Report;
use churten_value::{BigInt, Dict, Value, str_repr};
use std::path::PathBuf;
use std::sync::Arc;

/// The inventory while it is filled, and what to tell the user about it.
pub(crate) struct Builder<'a> {
    pub(crate) data: Data,
    pub(crate) settings: &'a Settings,
    pub(crate) reader: Reader,
    /// Variables of the command line, for configurations that ask for them.
    pub(crate) extra_vars: Arc<Dict>,
    /// The directories of the sources read so far.
    pub(crate) directories: Vec<PathBuf>,
    pub(crate) warnings: Vec<Report>,
    pub(crate) deprecations: Vec<Report>,
    /// What scripts wrote to their standard error.
    pub(crate) errors: Vec<Report>,
    /// Which plugins were tried on which source.
    pub(crate) notes: Vec<Note>,
    /// Why no plugin can begin.
    pub(crate) broken: Option<Report>,
    /// What earlier runs learned of hosts.
    pub(crate) facts: CachedFacts,
    transform: Transform,
    behaviour: HashBehaviour,
    /// Names that came out of ranges.
    ranged: usize,
}

impl<'a> Builder<'a> {
    pub(crate) fn new(settings: &'a Settings, reader: Reader, extra_vars: Arc<Dict>) -> Self {
        Self {
            data: Data::new(),
            settings,
            reader,
            extra_vars,
            directories: Vec::new(),
            warnings: Vec::new(),
            deprecations: Vec::new(),
            errors: Vec::new(),
            notes: Vec::new(),
            broken: None,
            facts: CachedFacts::default(),
            transform: Transform::of_setting(settings.transform_invalid_group_chars()),
            behaviour: settings.hash_behaviour(),
            ranged: 0,
        }
    }

    /// A plugin begins to read a source.
    ///
    /// # Errors
    /// Why no plugin can.
    pub(crate) fn begin(&self) -> Result<(), Report> {
        self.broken.clone().map_or(Ok(()), Err)
    }

    /// Tells something from a verbosity on.
    pub(crate) fn note(&mut self, level: u8, text: impl Into<String>) {
        self.notes.push(Note { level, text: text.into() });
    }

    /// Adds a warning, once.
    pub(crate) fn warn(&mut self, report: Report) {
        if !self.warnings.contains(&report) {
            self.warnings.push(report);
        }
    }

    pub(crate) fn deprecate(&mut self, report: Report) {
        if !self.deprecations.contains(&report) {
            self.deprecations.push(report);
        }
    }

    /// The group of a name that may hold invalid characters.
    pub(crate) fn add_group(&mut self, name: &str) -> GroupId {
        let (name, warning) = names::safe_group_name(name, self.transform);
        if let Some(warning) = warning
            && self.data.group_id(&name).is_none()
        {
            self.warn(Report::new(warning));
        }
        self.data.ensure_group(&name)
    }

    /// The group of a name that a plugin made up: invalid characters are always replaced, silently.
    pub(crate) fn add_made_group(&mut self, name: &str) -> GroupId {
        let (name, _) = names::safe_group_name(name, Transform::Silently);
        self.data.ensure_group(&name)
    }

    pub(crate) fn add_child(&mut self, parent: GroupId, child: GroupId) -> Result<(), Report> {
        self.data.add_child(parent, child).map(|_| ()).map_err(Report::parser)
    }

    /// A pattern stands for so many names.
    ///
    /// # Errors
    /// When the ranges of all sources stand for too many.
    pub(crate) fn count_names(&mut self, names: usize) -> Result<(), Report> {
        if names > 1 {
            self.ranged += names;
        }
        if self.ranged > MAX_NAMES {
            return Err(Report::parser(format!("all host ranges stand for more than {MAX_NAMES} names")));
        }
        Ok(())
    }

    pub(crate) fn add_host(&mut self, name: &str, group: Option<GroupId>, port: Option<BigInt>) -> HostId {
        let (host, duplicate) = self.data.ensure_host(name);
        if let Some(first) = duplicate {
            self.warn(Report::new(format!(
                "A duplicate localhost-like entry was found ({name}). First found localhost was {first}"
            )));
        }
        if let Some(port) = port {
            self.set_host_variable(host, "ansible_port".into(), Value::int(port));
        }
        if let Some(group) = group {
            self.data.put_host(group, host);
        }
        host
    }

    pub(crate) fn set_host_variable(&mut self, host: HostId, key: Value, value: Value) {
        self.check_name(&key);
        let behaviour = self.behaviour;
        set(&mut self.data.hosts[host.index()].vars, key, value, behaviour);
    }

    pub(crate) fn set_group_variable(&mut self, group: GroupId, key: Value, value: Value) -> Result<(), Report> {
        if key.as_str() == Some("ansible_group_priority") {
            self.data.groups[group.index()].priority = priority(&value)?;
            return Ok(());
        }
        self.check_name(&key);
        let behaviour = self.behaviour;
        set(&mut self.data.groups[group.index()].vars, key, value, behaviour);
        Ok(())
    }

    fn check_name(&mut self, key: &Value) {
        if let Some(report) = names::invalid(key) {
            self.deprecate(report);
        }
    }
}

fn priority(value: &Value) -> Result<i64, Report> {
    let text = value.to_text();
    value.as_int().or_else(|| text.trim().parse().ok()).ok_or_else(|| {
        let number: Option<BigInt> = text.trim().parse().ok();
        let reason = if number.is_some() { "out of range" } else { "invalid literal for int() with base 10" };
        Report::parser(format!("{reason}: {}", str_repr(&text)))
    })
}

/// A variable written twice: the last value wins, dictionaries by the rules of `HASH_BEHAVIOUR`.
fn set(vars: &mut Arc<Dict>, key: Value, value: Value, behaviour: HashBehaviour) {
    let mut one = Dict::with_capacity(1);
    one.insert(key, value);
    merge_variables(Arc::make_mut(vars), &one, behaviour);
}
