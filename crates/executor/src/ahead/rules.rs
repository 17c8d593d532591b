//! What can be said of a task before anything is rendered: may it go with others?

use crate::actions;
use churten_playbook::{Loop, Task};
use churten_value::{Data, Value};

/// The most tasks that go in one request.
pub(crate) const MAX_TASKS: usize = 64;

/// The most tasks on their way ahead on all hosts together: each takes some kilobytes here until its turn comes, and with
/// many hosts it is not the way to one of them that takes the time.
pub(crate) const MAX_RUNNING: usize = 1_000;

/// Modules that give facts, which are variables for the tasks that follow.
const SETTLING: [&str; 7] =
    ["async_status", "getent", "hostname", "mount_facts", "package_facts", "service_facts", "setup"];

/// Modules that look at nothing but their own host, and that no other host looks at: files, accounts, settings.
/// With several hosts in a play only these go together, for the others may talk to a host that is not as far.
const WITHIN_HOST: [&str; 29] = [
    "apt_key",
    "assemble",
    "blockinfile",
    "copy",
    "cron",
    "deb822_repository",
    "debconf",
    "debug",
    "dpkg_selections",
    "file",
    "find",
    "group",
    "known_hosts",
    "lineinfile",
    "ping",
    "replace",
    "slurp",
    "stat",
    "tempfile",
    "template",
    "user",
    "yum_repository",
    "ansible.posix.authorized_key",
    "ansible.posix.sysctl",
    "community.general.alternatives",
    "community.general.ini_file",
    "community.general.locale_gen",
    "community.general.pam_limits",
    "community.general.timezone",
];

/// Lookups behind `with_X` that look at nothing but their terms and the controller's own files.
const STEADY_LOOKUPS: [&str; 11] = [
    "dict",
    "fileglob",
    "first_found",
    "flattened",
    "indexed_items",
    "items",
    "list",
    "nested",
    "sequence",
    "subelements",
    "together",
];

/// May a task go to its host together with others, as the first or as a later one? With `alone` its host is the only
/// one in the play that is left.
pub(crate) fn may_join(task: &Task, alone: bool) -> bool {
    is_plain(task) && has_joining_action(task, alone) && judges_itself(task)
}

/// Nothing about the task makes it wait, repeats it or moves it elsewhere.
fn is_plain(task: &Task) -> bool {
    let keywords = &task.keywords;
    !task.is_handler
        && !task.implicit
        && task.r#loop.as_ref().is_none_or(is_steady)
        && task.r#async.is_none()
        && task.until.is_empty()
        && task.retries.is_none()
        && task.register.as_ref().is_none_or(|name| name.as_str().is_some())
        && [&keywords.delegate_to, &keywords.throttle, &keywords.timeout, &keywords.debugger, &keywords.connection]
            .into_iter()
            .all(Option::is_none)
        && [&keywords.run_once, &keywords.any_errors_fatal].into_iter().all(is_off)
}

/// Nothing happens between the items of the loop, or is asked of the world to find them.
fn is_steady(definition: &Loop) -> bool {
    let lookup = definition.lookup.as_deref();
    let lookup = lookup.map(|name| name.strip_prefix("ansible.builtin.").unwrap_or(name));
    lookup.is_none_or(|name| STEADY_LOOKUPS.contains(&name))
        && definition.control.pause.is_none()
        && definition.control.break_when.is_empty()
}

/// Does the action make one request, or give up its place before it makes a second one?
pub(crate) fn is_sent_at_once(task: &Task) -> bool {
    let resolved = &*task.action.resolved;
    let name = builtin(resolved);
    let is_action = matches!(name, "copy" | "package" | "shell" | "template" | "uri");
    (is_action || actions::is_plain_module(resolved)) && !SETTLING.contains(&name)
}

fn builtin(resolved: &str) -> &str {
    resolved.strip_prefix("ansible.builtin.").unwrap_or(resolved)
}

/// The task's result needs no judgement of ours: its host knows by itself whether it failed.
fn judges_itself(task: &Task) -> bool {
    let is_literal = |value: &Value| matches!(value.data, Data::Bool(_));
    let is_false = |value: &Value| matches!(value.data, Data::Bool(false));
    task.changed_when.iter().all(is_literal) && task.failed_when.iter().all(is_false)
}

fn has_joining_action(task: &Task, alone: bool) -> bool {
    let resolved = &*task.action.resolved;
    if task.action.name.contains("{{") || task.action.is_missing || !actions::is_known(resolved) {
        return false;
    }
    let name = builtin(resolved);
    (name == "debug" || is_sent_at_once(task)) && (alone || WITHIN_HOST.contains(&name))
}

fn is_off(keyword: &Option<Value>) -> bool {
    keyword.as_ref().is_none_or(|value| matches!(value.data, Data::Bool(false)))
}

#[cfg(test)]
mod tests {
    use super::{SETTLING, WITHIN_HOST};

    #[test]
    fn every_name_is_a_module_or_action() {
        let is_action = |name: &str| crate::actions::is_known(&format!("ansible.builtin.{name}"));
        for name in WITHIN_HOST.iter().chain(&SETTLING) {
            assert!(churten_modules::find(name).is_some() || is_action(name), "{name}");
        }
        assert!(!WITHIN_HOST.iter().any(|name| SETTLING.contains(name)));
    }
}
