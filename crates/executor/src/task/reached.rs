//! What a task knows of how its host is reached.

use super::attributes::{Pick, keyword};
use crate::engine::Engine;
use crate::play_state::PlayState;
use crate::scope::HostScope;
use churten_playbook::Task;
use churten_value::{Dict, Value};
use std::sync::Arc;

/// Two names of one variable.
const USER: [&str; 2] = ["ansible_user", "ansible_ssh_user"];
const PORT: [&str; 2] = ["ansible_port", "ansible_ssh_port"];

/// The variables that every task has, weaker than all others: `ansible_connection` and, where they are known, user, port
/// and address. As in ansible-core, loops and names of tasks do not see them. What cannot be rendered yet, because it
/// names the item of a loop, is left out.
pub(super) fn variables(engine: &Engine, play: &Arc<PlayState>, task: &Task, scope: &HostScope) -> Dict {
    let mut known = Dict::new();
    let written = |name: &str, pick: Pick| Some(keyword(engine, task, name, pick, scope).ok().flatten()?.0);
    let delegate = task.keywords.delegate_to.as_ref().and_then(|name| engine.templar.render(name, scope).ok());
    let delegate = delegate.filter(|name| !name.is_omit()).map(|name| name.to_text());
    let connection = delegate
        .as_deref()
        .and_then(|name| engine.variables.scope(Some(play), Some(name), Some(task)).value("ansible_connection"))
        .or_else(|| written("connection", |keywords| &keywords.connection))
        .map_or_else(|| engine.settings.transport().to_owned(), |value| value.to_text());
    known.insert("ansible_connection", if connection == "smart" { "ssh".to_owned() } else { connection });
    if delegate.is_some() {
        return known;
    }
    if let Some(address) = scope.value("ansible_host") {
        known.insert("ansible_ssh_host", address);
    }
    let user = || {
        let keyword = written("remote_user", |keywords| &keywords.remote_user);
        keyword.or_else(|| engine.settings.remote_user().map(Value::from))
    };
    let port = || {
        let keyword = written("port", |keywords| &keywords.port);
        keyword.or_else(|| engine.settings.remote_port().map(|port| i64::from(port).into()))
    };
    let both = |names: [&'static str; 2], other: &dyn Fn() -> Option<Value>| {
        let value = names.iter().find_map(|name| scope.value(name)).or_else(other)?;
        Some((names, value))
    };
    for (names, value) in [both(USER, &user), both(PORT, &port)].into_iter().flatten() {
        for name in names {
            known.insert(name, value.clone());
        }
    }
    known
}
