//! `fail`: fail with a message.

use crate::task::Execution;
use churten_value::{Dict, Value};

pub(crate) fn run(arguments: &Dict) -> Execution {
    if let Err(refused) = only(arguments, "fail", &["msg"]) {
        return *refused;
    }
    let mut execution = Execution::failed("Failed as requested from task");
    if let Some(message) = arguments.get("msg") {
        // As it is: it need not be a text.
        execution.result.insert("msg", message.clone());
    }
    execution
}

/// Refuse arguments that an action does not have.
pub(super) fn only(arguments: &Dict, action: &str, valid: &[&str]) -> Result<(), Box<Execution>> {
    let unknown: Vec<String> =
        arguments.keys().map(Value::to_text).filter(|name| !valid.contains(&name.as_str())).collect();
    if unknown.is_empty() {
        return Ok(());
    }
    Err(Box::new(Execution::refused(format!("Invalid options for {action}: {}", unknown.join(",")))))
}
