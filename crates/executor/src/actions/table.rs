//! Which actions exist.

use super::{
    ActionContext, add_host, assemble, assert, async_status, copy, debug, dnf, fail, fetch, foreign, gather_facts,
    include_vars, package, pause, protomatter, raw, reboot, remote, script, set_fact, set_stats, synchronize, template,
    unarchive, uri, validate_argument_spec, wait_for_connection,
};
use crate::task::Execution;
use churten_value::Dict;

/// Actions of `ansible.builtin` that the controller runs itself, or begins itself.
const CONTROLLER: [&str; 30] = [
    "add_host",
    "assemble",
    "assert",
    "async_status",
    "copy",
    "debug",
    "dnf",
    "fail",
    "fetch",
    "gather_facts",
    "group_by",
    "import_role",
    "import_tasks",
    "include_role",
    "include_tasks",
    "include_vars",
    "meta",
    "package",
    "pause",
    "raw",
    "reboot",
    "script",
    "set_fact",
    "set_stats",
    "shell",
    "template",
    "unarchive",
    "uri",
    "validate_argument_spec",
    "wait_for_connection",
];

/// True when churten has an action or a module of this full name.
pub(crate) fn is_known(resolved: &str) -> bool {
    match resolved.strip_prefix("ansible.builtin.") {
        Some(name) => CONTROLLER.contains(&name) || churten_modules::find(name).is_some(),
        None => resolved == protomatter::DEBUG || resolved.contains('.') && churten_modules::find(resolved).is_some(),
    }
}

/// True for an action that is nothing but a module on the host.
pub(crate) fn is_plain_module(resolved: &str) -> bool {
    let has_action = resolved.strip_prefix("ansible.builtin.").is_some_and(|name| CONTROLLER.contains(&name));
    !has_action && ![protomatter::DEBUG, synchronize::NAME].contains(&resolved) && is_known(resolved)
}

/// True for the actions that `async` may stand beside: modules, and actions that only prepare one.
pub(crate) fn supports_async(resolved: &str) -> bool {
    let prepares = matches!(resolved.strip_prefix("ansible.builtin."), Some("dnf" | "package" | "shell"));
    // What ansible-core has as actions here may be modules of ours.
    let action = matches!(
        resolved.strip_prefix("ansible.builtin."),
        Some("assemble" | "reboot" | "unarchive" | "wait_for_connection")
    );
    prepares || is_plain_module(resolved) && !action
}

/// True for the actions that take in tasks while the play runs.
pub(crate) fn is_include(resolved: &str) -> bool {
    matches!(resolved, "ansible.builtin.include_tasks" | "ansible.builtin.include_role")
}

/// Run an action with its rendered arguments.
pub(crate) async fn run(context: &ActionContext<'_>, arguments: Dict) -> Execution {
    match context.task.action.builtin() {
        Some("add_host") => add_host::add_host(context, &arguments),
        Some("assemble") => assemble::run(context, arguments).await,
        Some("assert") => assert::run(context, &arguments),
        Some("async_status") => async_status::run(context, arguments).await,
        Some("copy") => copy::run(context, arguments).await,
        Some("debug") => debug::run(context, &arguments),
        Some("dnf") => dnf::run(context, arguments).await,
        Some("fail") => fail::run(&arguments),
        Some("fetch") => fetch::run(context, arguments).await,
        Some("gather_facts") => gather_facts::run(context, arguments).await,
        Some("group_by") => add_host::group_by(context, &arguments),
        Some("include_vars") => include_vars::run(context, &arguments),
        Some("package") => package::run(context, arguments).await,
        Some("pause") => pause::run(context, &arguments).await,
        Some("raw") => raw::raw(context, arguments).await,
        Some("reboot") => reboot::run(context, &arguments).await,
        Some("script") => script::run(context, arguments).await,
        Some("set_fact") => set_fact::run(context, arguments),
        Some("set_stats") => set_stats::run(&arguments),
        Some("shell") => raw::shell(context, arguments).await,
        Some("template") => template::run(context, arguments).await,
        Some("unarchive") => unarchive::run(context, arguments).await,
        Some("uri") => uri::run(context, arguments).await,
        Some("validate_argument_spec") => validate_argument_spec::run(context, &arguments),
        Some("wait_for_connection") => wait_for_connection::run(context, &arguments).await,
        None if &*context.task.action.resolved == protomatter::DEBUG => protomatter::debug(context, &arguments),
        None if &*context.task.action.resolved == synchronize::NAME => synchronize::run(context, arguments).await,
        // Only a task that might have been skipped comes here with a module that is not there.
        _ if !is_known(&context.task.action.resolved) => match context.engine.foreign(&context.task.action.resolved) {
            Some(module) => foreign::run(context, &module, arguments).await,
            None => {
                let what = context.engine.refused_module(&context.task.action.resolved);
                Execution::refused(format!("not yet supported by churten: {what}"))
            }
        },
        _ => remote::module(context, arguments).await,
    }
}
