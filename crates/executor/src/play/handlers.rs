//! Handlers: who is notified, and by which names they are found.

use crate::engine::Engine;
use crate::play_state::PlayState;
use churten_diagnostics::Report;
use churten_playbook::{Item, Task};
use churten_value::Value;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// The handlers of a play and the hosts that were notified of them.
pub(super) struct Handlers {
    /// In the order they run.
    pub(super) items: Arc<Vec<Item>>,
    notified: HashMap<u64, HashSet<Arc<str>>>,
    /// Notifications that are not yet matched with handlers, in order.
    saved: Vec<(Arc<str>, Arc<str>)>,
}

impl Handlers {
    pub(super) fn new(items: &[Item]) -> Self {
        let mut flat = vec![];
        tasks_of(items, &mut flat);
        Self { items: Arc::new(flat.into_iter().map(Item::Task).collect()), notified: HashMap::new(), saved: vec![] }
    }

    /// Handlers that an include brought.
    pub(super) fn add(&mut self, handlers: &[Arc<Task>]) {
        let known: HashSet<u64> = self.tasks().map(|task| task.id).collect();
        let new = handlers.iter().filter(|task| !known.contains(&task.id));
        let new: Vec<Item> = new.cloned().map(Item::Task).collect();
        Arc::make_mut(&mut self.items).extend(new);
    }

    fn tasks(&self) -> impl DoubleEndedIterator<Item = &Arc<Task>> {
        self.items.iter().filter_map(|item| match item {
            Item::Task(task) => Some(task),
            Item::Block(_) => None,
        })
    }

    pub(super) fn contains(&self, task: u64) -> bool {
        self.tasks().any(|known| known.id == task)
    }

    pub(super) fn is_notified(&self, task: u64, host: &str) -> bool {
        self.notified.get(&task).is_some_and(|hosts| hosts.contains(host))
    }

    /// Remember that a host notified a handler or a topic.
    pub(super) fn save(&mut self, name: &str, host: &Arc<str>) {
        let entry = (Arc::from(name), host.clone());
        if !self.saved.contains(&entry) {
            self.saved.push(entry);
        }
    }

    /// True when a handler has this name, or listens to it.
    pub(super) fn knows(&self, engine: &Engine, play: &Arc<PlayState>, name: &str) -> bool {
        !self.find(engine, play, name).is_empty()
    }

    /// Match the saved notifications of a host with handlers. Gives the names of those that were not yet notified.
    pub(super) fn deliver(&mut self, engine: &Engine, play: &Arc<PlayState>, host: &Arc<str>) -> Vec<String> {
        let mut fresh = vec![];
        let (own, others) = std::mem::take(&mut self.saved).into_iter().partition(|(_, by)| by == host);
        self.saved = others;
        let own: Vec<(Arc<str>, Arc<str>)> = own;
        for (name, _) in own {
            for task in self.find(engine, play, &name) {
                if self.notified.entry(task.id).or_default().insert(host.clone()) {
                    let names = names_of(engine, play, &task);
                    fresh.push(names.into_iter().nth(usize::from(task.role.is_some())).unwrap_or_default());
                }
            }
        }
        fresh
    }

    /// True when the host has handlers to run.
    pub(super) fn any_for(&self, host: &str) -> bool {
        self.notified.values().any(|hosts| hosts.contains(host))
    }

    /// The handler runs on the host now, or with `None` once for all of them.
    pub(super) fn take(&mut self, task: u64, host: Option<&str>) {
        if let Some(hosts) = self.notified.get_mut(&task) {
            match host {
                Some(host) => {
                    hosts.remove(host);
                }
                None => hosts.clear(),
            }
        }
    }

    /// The handlers with a name or a `listen` topic.
    fn find(&self, engine: &Engine, play: &Arc<PlayState>, name: &str) -> Vec<Arc<Task>> {
        let tasks: Vec<Arc<Task>> = self.tasks().cloned().collect();
        // Of several handlers with one name the last one defined is meant.
        let named = tasks.iter().rev().find(|task| names_of(engine, play, task).iter().any(|own| own == name));
        let mut found: Vec<Arc<Task>> = named.cloned().into_iter().collect();
        found.extend(tasks.iter().filter(|task| listens(engine, play, task, name)).cloned());
        found
    }
}

fn tasks_of(items: &[Item], into: &mut Vec<Arc<Task>>) {
    for item in items {
        match item {
            Item::Task(task) => into.push(task.clone()),
            Item::Block(block) => tasks_of(&block.tasks, into),
        }
    }
}

/// What a handler answers to: its name, with its role in front, and with its role's full name in front.
fn names_of(engine: &Engine, play: &Arc<PlayState>, task: &Task) -> Vec<String> {
    let Some(name) = &task.name else { return vec![] };
    let name = if engine.templar.is_template(name) {
        let scope = engine.variables.scope(Some(play), None, Some(task));
        match engine.templar.render(name, &scope) {
            Ok(name) => name.to_text(),
            // A name that needs a host's variables cannot be notified.
            Err(_) => return vec![],
        }
    } else {
        name.to_text()
    };
    let mut names = vec![name.clone()];
    if let Some(role) = &task.role {
        names.push(format!("{} : {name}", role.name));
        names.push(format!("{} : {name}", role.full_name()));
    }
    names
}

fn listens(engine: &Engine, play: &Arc<PlayState>, task: &Task, topic: &str) -> bool {
    let scope = || engine.variables.scope(Some(play), None, Some(task));
    let text = |listen: &Value| -> Result<String, Report> {
        if engine.templar.is_template(listen) {
            return Ok(engine.templar.render(listen, &scope())?.to_text());
        }
        Ok(listen.to_text())
    };
    task.listen.iter().any(|listen| {
        let Ok(own) = text(listen) else { return false };
        let role = task.role.as_ref();
        own == topic
            || role.is_some_and(|role| {
                format!("{} : {own}", role.name) == topic || format!("{} : {own}", role.full_name()) == topic
            })
    })
}
