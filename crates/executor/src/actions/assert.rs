//! `assert`: fail unless expressions hold.

use super::ActionContext;
use crate::task::Execution;
use crate::task::to_boolean;
use churten_value::{Data, Dict, Value};

pub(crate) fn run(context: &ActionContext<'_>, arguments: &Dict) -> Execution {
    let Some(that) = arguments.get("that") else { return Execution::refused("missing required arguments: that") };
    let valid = ["fail_msg", "msg", "success_msg", "quiet", "that"];
    let unknown: Vec<String> =
        arguments.keys().map(Value::to_text).filter(|name| !valid.contains(&name.as_str())).collect();
    if !unknown.is_empty() {
        return Execution::refused(format!(
            "Unsupported parameters for (assert) module: {}. Supported parameters include: fail_msg, quiet, success_msg, that (msg).",
            unknown.join(", ")
        ));
    }
    let quiet = arguments.get("quiet").and_then(to_boolean).unwrap_or(false);
    let fail_message = arguments.get("fail_msg").or_else(|| arguments.get("msg"));
    let conditions: Vec<Value> = match &that.data {
        Data::Str(_) if let Some(items) = listed(context, that) => items,
        // A template that gives the list of conditions.
        Data::Str(_) if context.engine.templar.is_template(that) => {
            match context.engine.templar.render(that, context.scope) {
                Ok(rendered) => match &rendered.data {
                    Data::List(items) => items.to_vec(),
                    // What a variable gives must be the user's own; a text with templates in it is.
                    Data::Str(_) if is_one_template(that) && !rendered.tags.is_trusted() => vec![rendered],
                    _ => vec![that.clone()],
                },
                Err(report) => return Execution::action_error(report),
            }
        }
        Data::List(items) => items.to_vec(),
        _ => vec![that.clone()],
    };
    for condition in &conditions {
        match context.engine.templar.condition(condition, context.scope) {
            Ok(true) => {}
            Ok(false) => {
                let mut execution = match fail_message {
                    None => Execution::failed("Assertion failed"),
                    Some(message) => {
                        let mut execution = Execution::failed(message.to_text());
                        execution.result.insert("msg", message.clone());
                        execution
                    }
                };
                execution.result.insert("evaluated_to", false);
                execution.result.insert("assertion", condition.clone());
                if !quiet {
                    execution.result.insert("_ansible_verbose_always", true);
                }
                return execution;
            }
            Err(report) => return Execution::action_error(report.or_at(condition.origin())),
        }
    }
    let message = arguments.get("success_msg").cloned().unwrap_or_else(|| "All assertions passed".into());
    let mut result = Dict::from([("changed", Value::from(false)), ("msg", message)]);
    if !quiet {
        result.insert("_ansible_verbose_always", true);
    }
    Execution::of(result)
}

/// The conditions in the list that `that` names: they are judged, and not rendered before.
fn listed(context: &ActionContext<'_>, that: &Value) -> Option<Vec<Value>> {
    const MOST_NAMES: usize = 20;
    let mut value = that.clone();
    for _ in 0..MOST_NAMES {
        value = match &value.data {
            Data::List(items) => return Some(items.to_vec()),
            Data::Str(_) if value.tags.is_trusted() => context.scope.value(only_name(&value)?)?,
            _ => return None,
        };
    }
    None
}

/// The name in `{{ name }}`.
fn only_name(value: &Value) -> Option<&str> {
    let inner = value.as_str()?.trim().strip_prefix("{{")?.strip_suffix("}}")?.trim();
    let is_name = inner.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
    (is_name && !inner.is_empty()).then_some(inner)
}

/// `{{ expression }}` and nothing else.
fn is_one_template(value: &Value) -> bool {
    let inner = value.as_str().map(str::trim).and_then(|text| text.strip_prefix("{{")?.strip_suffix("}}"));
    inner.is_some_and(|inner| !inner.contains("{{"))
}
