//! `gather_facts`: the facts modules of the host.

use super::{ActionContext, remote};
use crate::task::{Execution, with_defaults_of};
use churten_value::{Dict, Value};

pub(crate) async fn run(context: &ActionContext<'_>, mut arguments: Dict) -> Execution {
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
