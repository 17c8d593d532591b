//! What a task knows of how its host is reached.

use super::attributes::{Pick, keyword};
use crate::actions::ActionContext;
use crate::engine::Engine;
use crate::localhost::is_local_name;
use crate::play_state::PlayState;
use crate::scope::HostScope;
use churten_config::ValueOrigin;
use churten_playbook::Task;
use churten_value::{Dict, Value};
use std::sync::Arc;

/// Two names of one variable.
const ADDRESS: [&str; 2] = ["ansible_host", "ansible_ssh_host"];
const USER: [&str; 2] = ["ansible_user", "ansible_ssh_user"];
const TIMEOUT: [&str; 2] = ["ansible_timeout", "ansible_ssh_timeout"];
const PIPELINING: [&str; 2] = ["ansible_pipelining", "ansible_ssh_pipelining"];
const PRIVATE_KEY: [&str; 2] = ["ansible_private_key_file", "ansible_ssh_private_key_file"];
const PORT: [&str; 2] = ["ansible_port", "ansible_ssh_port"];
const PASSWORD: [&str; 2] = ["ansible_password", "ansible_ssh_pass"];

/// The variables that every task on `host` has, weaker than all others: connection and address and, where they are known,
/// user and port, `ansible_timeout` and its kin; of a delegated task those of the other host. As in ansible-core, loops and names of tasks do not see
/// them.
pub(super) fn variables(engine: &Engine, play: &Arc<PlayState>, host: &str, task: &Task, scope: &HostScope) -> Dict {
    let mut known = Dict::new();
    let written = |name: &str, pick: Pick| Some(keyword(engine, task, name, pick, scope).ok().flatten()?.0);
    let delegate = task.keywords.delegate_to.as_ref().and_then(|name| engine.templar.render(name, scope).ok());
    let delegate = delegate.filter(|name| !name.is_omit()).map(|name| name.to_text());
    let other = delegate.as_deref().map(|name| engine.variables.scope(Some(play), Some(name), Some(task)));
    let reached = other.as_ref().unwrap_or(scope);
    let variable = |names: &[&str]| names.iter().find_map(|name| reached.value(name));

    let transport = || match engine.settings.resolved("DEFAULT_TRANSPORT") {
        Some(found) if !matches!(found.origin, ValueOrigin::CommandLine(_)) => found.value.clone(),
        // What `-c` says is for the play's own hosts.
        _ => "ssh".into(),
    };
    let connection = written("connection", |keywords| &keywords.connection);
    let connection = connection.unwrap_or_else(|| engine.settings.transport().into());
    let connection = match &delegate {
        // A play on the controller does not reach other hosts there.
        Some(name) => variable(&["ansible_connection"]).unwrap_or_else(|| {
            let is_stray = connection.as_str() == Some("local") && !is_local_name(name);
            if is_stray { transport() } else { connection }
        }),
        None => connection,
    };
    let connection = connection.to_text();
    known.insert("ansible_connection", if connection == "smart" { "ssh".to_owned() } else { connection });

    let own = || {
        let known = engine.variables.inventory();
        let is_implicit = known.host(host).is_none_or(|host| host.implicit) && is_local_name(host);
        if is_implicit { "127.0.0.1" } else { host }
    };
    let address = variable(&["ansible_host"]).unwrap_or_else(|| delegate.as_deref().unwrap_or_else(own).into());
    let user = || {
        let keyword = written("remote_user", |keywords| &keywords.remote_user);
        keyword.or_else(|| engine.settings.remote_user().map(Value::from))
    };
    let port = || {
        let keyword = written("port", |keywords| &keywords.port).filter(|_| delegate.is_none());
        keyword.or_else(|| engine.settings.remote_port().map(|port| i64::from(port).into()))
    };
    let settings = &engine.settings;
    let text = |name: &str| settings.text(name).map(Value::from);
    let or_setting = |names: [&'static str; 2], setting: Option<Value>| (names, variable(&names).or(setting));
    for (names, value) in [
        (ADDRESS, Some(address)),
        (USER, variable(&USER).or_else(user)),
        (PORT, variable(&PORT).or_else(port)),
        or_setting(TIMEOUT, Some(i64::from(settings.timeout()).into())),
        or_setting(PIPELINING, Some(settings.pipelining().into())),
        or_setting(PRIVATE_KEY, settings.private_key_file().map(Value::from)),
        or_setting(["ansible_shell_executable"; 2], text("DEFAULT_EXECUTABLE")),
        or_setting(["ansible_module_compression"; 2], text("DEFAULT_MODULE_COMPRESSION")),
    ] {
        for name in names {
            known.insert(name, value.clone());
        }
    }
    known.retain(|_, value| !value.is_none());
    known
}

/// The password of the host that is reached: what the inventory says, else the one that was asked for. Conditions and
/// arguments know it; actions do not.
pub(super) fn passwords(
    engine: &Engine,
    play: &Arc<PlayState>,
    task: &Task,
    scope: &HostScope,
    delegate: Option<&str>,
) -> Dict {
    let other = delegate.map(|name| engine.variables.scope(Some(play), Some(name), Some(task)));
    let reached = other.as_ref().unwrap_or(scope);
    let asked = || {
        let password = engine.options.connection.password.as_ref()?;
        // Never trusted: it is no template.
        Some(Value::from(std::str::from_utf8(password.expose()).ok()?))
    };
    let password = PASSWORD.iter().find_map(|name| reached.value(name)).or_else(asked);
    password.map(|password| Dict::from(PASSWORD.map(|name| (name, password.clone())))).unwrap_or_default()
}

/// The address of the host that a task is delegated to, when the inventory has one.
pub(super) fn address(context: &ActionContext<'_>) -> Option<Value> {
    let (_, scope) = context.delegate.as_ref()?;
    context.engine.templar.render(&scope.value("ansible_host")?, scope).ok()
}
