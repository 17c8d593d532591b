//! Plays, tasks and results as `ansible.posix.json` and `ansible.posix.jsonl` write them.

use crate::output::cleaning::is_debug;
use churten_executor::{Counts, PlayInfo, Status, TaskInfo, TaskResult};
use churten_value::{Dict, Origin, Value};
use jiff::Timestamp;
use std::sync::Arc;

/// The time now, in UTC, to the microsecond.
pub(super) fn now() -> String {
    Timestamp::now().strftime("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}

/// Makes ids: of the process, the time and a number.
pub(super) struct Ids(String);

impl Ids {
    /// Ids of a new run.
    pub(super) fn new() -> Self {
        let now = Timestamp::now().as_nanosecond();
        let hex = format!("{:08x}{:012x}", std::process::id(), now & 0xffff_ffff_ffff);
        let part = |from, to| hex.get(from..to).unwrap_or_default();
        Self(format!("{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20)))
    }

    fn id(&self, number: u64) -> String {
        format!("{}-{number:012x}", self.0)
    }
}

/// `file:line`
pub(super) fn path(origin: Option<Origin>) -> Option<String> {
    origin.map(|origin| format!("{}:{}", origin.source.name(), origin.line))
}

/// When something began and ended.
pub(super) fn duration(start: &str, end: Option<&str>) -> Value {
    let mut duration = Dict::from([("start", Value::from(start))]);
    if let Some(end) = end {
        duration.insert("end", end);
    }
    Value::dict(duration)
}

/// A play, without its tasks.
pub(super) fn play(play: &PlayInfo, number: u64, ids: &Ids, start: &str) -> Dict {
    record(play.name.trim(), play.origin, &ids.id(number), start)
}

/// A task, without its results.
pub(super) fn task(task: &TaskInfo, ids: &Ids, start: &str) -> Dict {
    record(task.name.trim(), task.origin, &ids.id(task.id), start)
}

fn record(name: &str, origin: Option<Origin>, id: &str, start: &str) -> Dict {
    let mut record = Dict::from([("name", Value::from(name)), ("id", id.into())]);
    record.insert("path", path(origin).map_or(Value::NONE, Value::from));
    record.insert("duration", duration(start, None));
    record
}

/// What a task gave on a host, with what ansible-core keeps beside it.
pub(super) fn result(result: &TaskResult) -> Value {
    let mut shown = (*result.result).clone();
    let has_failed = matches!(result.status, Status::Failed { .. });
    shown.retain(|key, value| match key.as_str() {
        Some("failed") => has_failed,
        Some("skipped") => value.is_truthy(),
        _ => true,
    });
    // It runs modules of its own, and tells of none.
    if result.task.resolved_action.rsplit('.').next() == Some("gather_facts") {
        shown.remove("invocation");
    }
    if result.is_of_loop() {
        let is_debug = is_debug(result);
        if let Some(items) = shown.get("results").and_then(Value::as_list) {
            let items: Vec<Value> = items.iter().map(|value| item(value, is_debug)).collect();
            shown.insert("results", items);
        }
    } else {
        shown.insert("_ansible_no_log", result.task.no_log);
        let has_error = has_failed || matches!(result.status, Status::Unreachable { .. });
        if has_error && !shown.contains("censored") && !shown.contains("exception") {
            shown.insert("exception", "(traceback unavailable)");
        }
    }
    shown.insert("action", result.task.action.as_str());
    Value::dict(shown)
}

fn item(item: &Value, is_debug: bool) -> Value {
    let Some(entries) = item.as_dict() else { return item.clone() };
    let mut shown = entries.clone();
    shown.insert("_ansible_no_log", shown.contains("censored"));
    if !shown.contains("_ansible_item_label")
        && let Some(name) = shown.get("ansible_loop_var").map(Value::to_text)
        && let Some(label) = shown.get(&name).cloned()
    {
        shown.insert("_ansible_item_label", label);
    }
    if is_debug && !shown.contains("skip_reason") {
        shown.insert("_ansible_verbose_always", true);
    }
    Value::dict(shown)
}

/// The recap.
pub(super) fn stats(hosts: &[(Arc<str>, Counts)], custom: Option<&Dict>) -> Dict {
    let mut stats = Dict::new();
    for (host, counts) in hosts {
        let entries = [
            ("ok", counts.ok),
            ("failures", counts.failed),
            ("unreachable", counts.unreachable),
            ("changed", counts.changed),
            ("skipped", counts.skipped),
            ("rescued", counts.rescued),
            ("ignored", counts.ignored),
        ];
        let entries: Dict = entries.into_iter().map(|(name, count)| (name, Value::from(count))).collect();
        stats.insert(host.as_ref(), Value::dict(entries));
    }
    let mut by_host = custom.cloned().unwrap_or_default();
    let whole = by_host.remove("_run").unwrap_or_else(|| Value::dict(Dict::new()));
    Dict::from([("stats", Value::dict(stats)), ("custom_stats", Value::dict(by_host)), ("global_custom_stats", whole)])
}
