//! How hosts and items are called.

use churten_executor::{HostLabel, TaskResult};

/// `host`, or `host -> other(address)` for a task delegated to another.
pub(super) fn host(label: &HostLabel) -> String {
    match &label.delegated {
        Some(delegated) if *delegated != label.name => {
            let address = label.address.as_ref().map(|address| format!("({address})")).unwrap_or_default();
            format!("{} -> {delegated}{address}", label.name)
        }
        _ => label.name.to_string(),
    }
}

/// The host of a result: a condition that is false leaves a task with its own host.
pub(super) fn result_host(result: &TaskResult) -> String {
    if result.result.contains("false_condition") { result.host.name.to_string() } else { host(&result.host) }
}

/// `(item=LABEL)`, or nothing for a result without a label.
pub(super) fn item(result: &TaskResult) -> String {
    if result.result.contains("censored") || result.task.no_log {
        return "(item=(censored due to no_log))".into();
    }
    match &result.item_label {
        Some(label) => format!("(item={})", label.to_text()),
        None => "(item=None)".into(),
    }
}
