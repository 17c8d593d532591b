//! `package`: the host's own package manager.

use super::{ActionContext, remote};
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
    if churten_modules::find(&manager).is_none() {
        return Execution::refused(format!("not yet supported by churten: the package manager {manager}"));
    }
    let arguments = with_defaults_of(context.engine, context.task, context.scope, &manager, &arguments);
    match arguments {
        Ok(arguments) => remote::named(context, &format!("ansible.legacy.{manager}"), arguments, vec![]).await,
        Err(report) => Execution::failure(report),
    }
}

fn known_manager(context: &ActionContext<'_>) -> Option<String> {
    let facts = context.target_scope().value("ansible_facts")?;
    facts.get("pkg_mgr").map(Value::to_text)
}
