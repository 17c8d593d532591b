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
    /// Which list a handler stands in: the play's, a role's, a block. Lists are numbered in the order they came.
    lists: HashMap<u64, usize>,
    notified: HashMap<u64, HashSet<Arc<str>>>,
    /// Notifications that are not yet matched with handlers, in order.
    saved: Vec<(Arc<str>, Arc<str>)>,
}

impl Handlers {
    pub(super) fn new(items: &[Item]) -> Self {
        let mut flat = vec![];
        let mut lists = HashMap::new();
        tasks_of(items, &mut flat);
        number(items, &mut lists, &mut 0);
        let items = Arc::new(flat.into_iter().map(Item::Task).collect());
        Self { items, lists, notified: HashMap::new(), saved: vec![] }
    }

    /// Handlers that an include brought.
    pub(super) fn add(&mut self, handlers: &[Arc<Task>]) {
        let known: HashSet<u64> = self.tasks().map(|task| task.id).collect();
        let new = handlers.iter().filter(|task| !known.contains(&task.id));
        let new: Vec<Item> = new.cloned().map(Item::Task).collect();
        let mut next = self.lists.values().max().map_or(0, |last| last + 1);
        number(&new, &mut self.lists, &mut next);
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
        // The list that came last is looked through first, from its beginning.
        let mut tasks: Vec<Arc<Task>> = self.tasks().cloned().collect();
        tasks.sort_by_key(|task| std::cmp::Reverse(self.lists.get(&task.id).copied().unwrap_or_default()));
        let is_named = |task: &&Arc<Task>| match try_names_of(engine, play, task) {
            Ok(names) => names.iter().any(|own| own == name),
            Err(report) => {
                warn_of_name(engine, task, &report);
                false
            }
        };
        let named = tasks.iter().find(is_named);
        let mut found: Vec<Arc<Task>> = named.cloned().into_iter().collect();
        // Of those with one name that listen only the first is meant.
        let mut seen = HashSet::new();
        for task in tasks.iter().filter(|task| listens(task, name)) {
            let shown = names_of(engine, play, task).into_iter().next();
            let shown = shown.or_else(|| task.name.as_ref().map(Value::to_text));
            if shown.is_none_or(|name| seen.insert(name)) {
                found.push(task.clone());
            }
        }
        found
    }
}

/// Number the lists that handlers stand in: tasks that follow each other in one file or role, and blocks.
fn number(items: &[Item], lists: &mut HashMap<u64, usize>, next: &mut usize) {
    let mut role: Option<Option<u64>> = None;
    for item in items {
        match item {
            Item::Task(task) => {
                let own = task.role.as_ref().map(|role| role.id);
                if role.is_some_and(|last| last != own) {
                    *next += 1;
                }
                role = Some(own);
                lists.insert(task.id, *next);
            }
            Item::Block(block) => {
                let mut inside = vec![];
                tasks_of(&block.tasks, &mut inside);
                *next += 1;
                lists.extend(inside.into_iter().map(|task| (task.id, *next)));
                *next += 1;
                role = None;
            }
        }
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
    // A name that needs a host's variables cannot be notified.
    try_names_of(engine, play, task).unwrap_or_default()
}

/// A handler that can neither be notified by its name nor listens is of no use.
fn warn_of_name(engine: &Engine, task: &Task, error: &Report) {
    if task.listen.is_empty() {
        let name = task.name.as_ref().map(Value::to_text).unwrap_or_default();
        engine.warn(format!(
            "Handler '{name}' is unusable because it has no listen topics and the name could not be templated \
             (host-specific variables are not supported in handler names). The error: {}",
            error.headline()
        ));
    }
}

/// As [`names_of`]; the error says why the name cannot be rendered.
fn try_names_of(engine: &Engine, play: &Arc<PlayState>, task: &Task) -> Result<Vec<String>, Report> {
    let Some(name) = &task.name else { return Ok(vec![]) };
    let name = if engine.templar.is_template(name) {
        let scope = engine.variables.scope(Some(play), None, Some(task));
        engine.templar.render(name, &scope)?.to_text()
    } else {
        name.to_text()
    };
    let mut names = vec![name.clone()];
    if let Some(role) = &task.role {
        names.push(format!("{} : {name}", role.name));
        names.push(format!("{} : {name}", role.full_name()));
    }
    Ok(names)
}

/// Topics are compared as they are written; templates in them are not rendered.
fn listens(task: &Task, topic: &str) -> bool {
    task.listen.iter().map(Value::to_text).any(|own| {
        let role = task.role.as_ref();
        own == topic
            || role.is_some_and(|role| {
                format!("{} : {own}", role.name) == topic || format!("{} : {own}", role.full_name()) == topic
            })
    })
}
