//! `package`: the host's own package manager.

use super::{ActionContext, foreign, remote};
use crate::task::{Execution, with_defaults_of};
use churten_value::{Dict, Value};

pub(crate) async fn run(context: &ActionContext<'_>, mut arguments: Dict) -> Execution {
    let manager = match arguments.remove("use").map(|value| value.to_text()).filter(|name| name != "auto") {
        Some(name) => name,
        None => match known_manager(context) {
            Some(name) => name,
            None => {
                let filter =
                    Dict::from([("filter", Value::from("ansible_pkg_mgr")), ("gather_subset", Value::from("!all"))]);
                let facts = remote::at_once(context, "ansible.legacy.setup", filter).await;
                if facts.has_failed() || facts.is_unreachable() {
                    return facts;
                }
                let facts = facts.result.get("ansible_facts").and_then(|facts| facts.get("ansible_pkg_mgr"));
                facts.map_or_else(|| "auto".into(), Value::to_text)
            }
        },
    };
    if manager == "auto" || manager == "unknown" {
        return Execution::refused(
            "Could not detect which package manager to use. Try gathering facts or setting the \"use\" option.",
        );
    }
    let manager = ["ansible.builtin.", "ansible.legacy."]
        .iter()
        .find_map(|start| manager.strip_prefix(start))
        .unwrap_or(&manager);
    match with_defaults_of(context.engine, context.task, context.scope, manager, &arguments) {
        Ok(arguments) => by_manager(context, manager, arguments).await,
        Err(report) => Execution::failure(report),
    }
}

/// Run the module of a package manager: the native one, or ansible-core's own.
pub(super) async fn by_manager(context: &ActionContext<'_>, manager: &str, arguments: Dict) -> Execution {
    if churten_modules::find(manager).is_some() {
        return remote::named(context, &format!("ansible.legacy.{manager}"), arguments, vec![]).await;
    }
    let full = format!("ansible.builtin.{manager}");
    match context.engine.foreign(&full.into()) {
        Some(module) => foreign::run(context, &module, arguments).await,
        None => Execution::refused(format!("not yet supported by churten: the package manager {manager}")),
    }
}

pub(super) fn known_manager(context: &ActionContext<'_>) -> Option<String> {
    let facts = context.target_scope().value("ansible_facts")?;
    facts.get("pkg_mgr").map(Value::to_text)
}
