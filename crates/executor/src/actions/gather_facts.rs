//! `gather_facts`: the facts modules of the host.

use super::foreign::setting;
use super::{ActionContext, remote};
use crate::task::{Execution, with_defaults_of};
use churten_value::{Dict, Value};

/// The names of what gathers facts here.
const SETUP: [&str; 4] = ["smart", "setup", "ansible.builtin.setup", "ansible.legacy.setup"];

pub(crate) async fn run(context: &ActionContext<'_>, mut arguments: Dict) -> Execution {
    let modules = match setting(context, "FACTS_MODULES") {
        Ok(modules) => modules,
        Err(execution) => return *execution,
    };
    let mut names = modules.as_list().unwrap_or_default().iter().map(Value::to_text);
    if let Some(other) = names.find(|name| !SETUP.contains(&name.as_str())) {
        return Execution::refused(format!("not yet supported by churten: {other} as one of FACTS_MODULES"));
    }
    arguments.remove("parallel");
    let arguments = match with_defaults_of(context.engine, context.task, context.scope, "setup", &arguments) {
        Ok(arguments) => arguments,
        Err(report) => return Execution::failure(report),
    };
    let mut execution = remote::named(context, "ansible.legacy.setup", arguments, vec![]).await;
    if let Some(facts) = execution.result.get("ansible_facts").and_then(Value::as_dict) {
        let mut facts = facts.clone();
        facts.insert("_ansible_facts_gathered", true);
        execution.result.insert("ansible_facts", facts);
    }
    execution
}
