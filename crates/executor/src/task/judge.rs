//! Did it change, did it fail, is it done: what a result counts as.

use super::messages;
use super::outcome::{Execution, PLAIN_OUTPUT, SKIPPED_BY_ACTION, is_true};
use crate::engine::Engine;
use crate::scope::HostScope;
use churten_diagnostics::Report;
use churten_playbook::Task;
use churten_value::{Data, Dict, Value};
use std::sync::Arc;

/// Complete a module's result: `stdout_lines`, `failed` from a return code, `changed`.
pub(crate) fn complete(result: &mut Dict) {
    if !result.contains(PLAIN_OUTPUT) {
        complete_output(result);
    }
    messages::name_deprecators(result);
    if !result.contains("failed") {
        let bad_code =
            result.get("rc").is_some_and(|code| !matches!(&code.data, Data::Int(0)) && code.as_str() != Some("0"));
        if bad_code {
            result.insert("failed", true);
        }
    }
    if !result.contains("changed") {
        result.insert("changed", false);
    }
}

/// `stdout_lines` and `stderr_lines`.
pub(crate) fn complete_output(result: &mut Dict) {
    for name in ["stdout", "stderr"] {
        let lines = format!("{name}_lines");
        if let Some(text) = result.get(name).and_then(Value::as_str)
            && !result.contains(&lines)
        {
            let split: Vec<Value> = split_lines(text).map(Value::from).collect();
            result.insert(lines, split);
        }
    }
}

/// Python's `str.splitlines()`.
pub(crate) fn split_lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let breaks = ['\n', '\r', '\u{b}', '\u{c}', '\u{1c}', '\u{1d}', '\u{1e}', '\u{85}', '\u{2028}', '\u{2029}'];
        let Some(end) = rest.find(breaks) else { return Some(std::mem::take(&mut rest)) };
        let line = &rest[..end];
        let after = &rest[end..];
        let width = if after.starts_with("\r\n") { 2 } else { after.chars().next().map_or(1, char::len_utf8) };
        rest = &after[width..];
        Some(line)
    })
}

/// Apply `changed_when` and `failed_when`, with the result's own fields and its registered name in scope.
pub(crate) fn judge(engine: &Engine, task: &Task, scope: &HostScope, execution: &mut Execution) {
    if execution.error.is_some() && !execution.by_module {
        return;
    }
    if is_true(&execution.result, "skipped") || execution.is_unreachable() {
        return;
    }
    if !task.changed_when.is_empty() {
        match all(engine, &task.changed_when, &scope_of(task, scope, &execution.result)) {
            Ok(changed) => {
                execution.result.insert("changed", changed);
            }
            Err(report) => {
                execution.result.insert("changed_when_result", report.headline());
                execution.result.insert("failed", true);
                execution.by_module = false;
                return;
            }
        }
    }
    if !task.failed_when.is_empty() {
        match all(engine, &task.failed_when, &scope_of(task, scope, &execution.result)) {
            Ok(failed) => {
                let failed_before = is_true(&execution.result, "failed");
                execution.result.insert("failed_when_result", failed);
                // What an action says of itself is no exception.
                if failed_before && !failed && (execution.by_module || execution.error.is_some()) {
                    execution.result.remove("exception");
                    execution.result.insert("failed_when_suppressed_exception", "(traceback unavailable)");
                }
                execution.result.insert("failed", failed);
                execution.by_module &= failed_before && failed;
                if failed && !execution.result.contains("msg") {
                    execution.result.insert("msg", "Task failed: Action failed: Unknown error.");
                }
            }
            Err(report) => {
                execution.result.insert("failed_when_result", report.headline());
                execution.result.insert("failed", true);
                execution.by_module = false;
            }
        }
    }
}

/// Is the `until` of a task met?
pub(crate) fn is_done(engine: &Engine, task: &Task, scope: &HostScope, execution: &Execution) -> Result<bool, Report> {
    if task.until.is_empty() {
        return Ok(!execution.has_failed());
    }
    all(engine, &task.until, &scope_of(task, scope, &execution.result))
}

fn all(engine: &Engine, conditions: &[Value], scope: &HostScope) -> Result<bool, Report> {
    for condition in conditions {
        if !engine.templar.condition(condition, scope)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The variables a judgement sees: those of the task, and the result under its registered name.
fn scope_of(task: &Task, scope: &HostScope, result: &Dict) -> HostScope {
    let Some(name) = task.register.as_ref().and_then(Value::as_str) else { return scope.clone() };
    scope.under(Arc::new(Dict::from([(name, Value::dict(registered(result)))])))
}

/// The result as it is registered: without internal keys.
pub(crate) fn registered(result: &Dict) -> Dict {
    let mut clean = registered_item(result);
    clean.remove("invocation");
    clean
}

/// The result of a loop's item as it is registered: with its invocation.
pub(crate) fn registered_item(result: &Dict) -> Dict {
    let mut clean = result.clone();
    clean.retain(|key, _| key.as_str().is_none_or(|key| !key.starts_with("_ansible_")));
    // What never ran, and what a loop comes to, says nothing of failures unless there are some.
    let is_loop = clean.contains("results") && clean.contains("skipped");
    let is_include = clean.contains("include_args");
    let never_ran = clean.contains("skip_reason") || result.contains(SKIPPED_BY_ACTION);
    if !clean.contains("failed") && !is_loop && !is_include && !never_ran {
        clean.insert("failed", false);
    }
    if is_true(&clean, "failed") && !is_loop && !clean.contains("exception") {
        clean.insert("exception", "(traceback unavailable)");
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::split_lines;

    #[test]
    fn lines_split_as_in_python() {
        for (text, lines) in [
            ("", &[] as &[&str]),
            ("a", &["a"]),
            ("a\n", &["a"]),
            ("a\r\nb\n\nc", &["a", "b", "", "c"]),
            ("a\u{85}b\u{2028}", &["a", "b"]),
        ] {
            assert_eq!(split_lines(text).collect::<Vec<_>>(), lines);
        }
    }
}
