//! Which parts of a result are shown.

use churten_executor::TaskResult;
use churten_value::{Data, Dict, Value};

/// What `debug` hides when it shows a variable.
const HIDDEN_BY_DEBUG: [&str; 8] = [
    "changed",
    "failed",
    "skipped",
    "invocation",
    "skip_reason",
    "ansible_loop_var",
    "ansible_index_var",
    "ansible_loop",
];

/// True for the action that only shows something.
pub(super) fn is_debug(result: &TaskResult) -> bool {
    matches!(result.task.resolved_action.as_str(), "ansible.builtin.debug" | "ansible.legacy.debug" | "debug")
}

/// True when a result that is not a failure shows its dictionary.
pub(super) fn is_verbose(result: &Dict, verbosity: u8) -> bool {
    (verbosity > 0 || is_set(result, "_ansible_verbose_always")) && !result.contains("_ansible_verbose_override")
}

/// True when an internal mark of the result is set.
pub(super) fn is_set(result: &Dict, key: &str) -> bool {
    result.get(key).is_some_and(Value::is_truthy)
}

/// The result as it is shown at a verbosity: without internal keys, messages printed elsewhere, and details that only
/// higher verbosities show.
pub(super) fn clean(result: &TaskResult, verbosity: u8) -> Dict {
    let mut shown = clean_of_internals(result, verbosity);
    if is_debug(result) {
        if shown.contains("msg") {
            shown.retain(|key, _| key.as_str().is_some_and(|key| key == "msg"));
        } else {
            for key in HIDDEN_BY_DEBUG {
                shown.remove(key);
            }
        }
    }
    shown
}

/// As [`clean`], with everything of a `debug` result.
pub(super) fn clean_of_internals(result: &TaskResult, verbosity: u8) -> Dict {
    let mut shown = (*result.result).clone();
    shown.retain(|key, _| {
        let Some(key) = key.as_str() else { return true };
        match key {
            "failed" | "skipped" | "exception" | "warnings" | "deprecations" => false,
            "invocation" | "diff" => verbosity >= 3,
            _ => !is_internal(key),
        }
    });
    if shown.values().any(has_internal) {
        shown = shown.iter().map(|(key, value)| (key.clone(), without_internal(value))).collect();
    }
    shown
}

/// A key that ansible-core keeps to itself.
fn is_internal(key: &str) -> bool {
    key.starts_with("_ansible_")
}

/// Does a value have an internal key anywhere in it, or a text that is vaulted still?
fn has_internal(value: &Value) -> bool {
    match &value.data {
        Data::Vault(_) => true,
        Data::List(items) => items.iter().any(has_internal),
        Data::Dict(entries) => {
            entries.iter().any(|(key, value)| key.as_str().is_some_and(is_internal) || has_internal(value))
        }
        _ => false,
    }
}

fn without_internal(value: &Value) -> Value {
    match &value.data {
        Data::Vault(_) => "<redacted>".into(),
        Data::List(items) => Value::list(items.iter().map(without_internal).collect()).with_tags(value.tags),
        Data::Dict(entries) => {
            let kept = entries.iter().filter(|(key, _)| !key.as_str().is_some_and(is_internal));
            let kept: Dict = kept.map(|(key, value)| (key.clone(), without_internal(value))).collect();
            Value::dict(kept).with_tags(value.tags)
        }
        _ => value.clone(),
    }
}
