//! `ansible._protomatter.debug`: the values of expressions, errors included, from ansible-core's internal collection.

use super::ActionContext;
use crate::task::Execution;
use churten_diagnostics::Report;
use churten_value::{Dict, Value};

/// The action's full name.
pub(crate) const DEBUG: &str = "ansible._protomatter.debug";

pub(super) fn debug(context: &ActionContext<'_>, arguments: &Dict) -> Execution {
    let written = arguments.get("expression").cloned().unwrap_or_default();
    let expressions = written.as_list().map_or_else(|| vec![written.clone()], <[Value]>::to_vec);
    let mut results = vec![];
    let mut warnings = vec![];
    for expression in &expressions {
        if expression.as_str().is_none() {
            results.push(expression.clone());
            continue;
        }
        results.push(match context.engine.templar.evaluate(expression, context.scope) {
            Ok(value) => value,
            Err(report) => {
                let (shown, warning) = not_rendered(&report);
                warnings.push(Value::from(warning));
                shown
            }
        });
    }
    let mut result =
        Dict::from([("expression_result", Value::list(results)), ("changed", false.into()), ("failed", false.into())]);
    if !warnings.is_empty() {
        result.insert("warnings", warnings);
    }
    result.insert("_ansible_verbose_always", true);
    Execution::of(result)
}

/// What stands in the place of a value that could not be had, and the warning about it.
fn not_rendered(report: &Report) -> (Value, String) {
    let error = report.headline();
    (format!("<< error 1 - {error} >>").into(), format!("Encountered 1 template error.\nerror 1 - {error}"))
}
