//! What a task says beside its result: warnings and deprecations, kept for its result and told with it.

use super::outcome::Execution;
use crate::engine::Engine;
use crate::event::Said;
use crate::scope::HostScope;
use churten_diagnostics::Report;
use churten_value::{Deprecation, Dict, Value};
use std::cell::RefCell;
use std::sync::Arc;

/// What stands between the message of a deprecation and the release that ends the feature.
const REMOVAL: &str = "This feature will be removed from ansible-core version ";

const WARNINGS: &str = "warnings";
const DEPRECATIONS: &str = "deprecations";

tokio::task_local! {
    /// What the execution that is running has said, and whether its result keeps deprecations.
    static SAID: (RefCell<Said>, bool);
}

/// Does the result of a task keep deprecations? A variable of the task is enough; to have them shown is another matter.
pub(super) fn keeps_deprecations(engine: &Engine, scope: &HostScope) -> bool {
    let wanted = || scope.value("ansible_deprecation_warnings").is_some_and(|value| value.is_truthy());
    engine.settings.deprecation_warnings() || wanted()
}

/// Is it a deprecation? Those of templates come as warnings; their text says when the feature goes.
pub(crate) fn is_deprecation(report: &Report) -> bool {
    report.message.contains("This feature will be removed ")
}

/// Keep a message for the result of the task that is running. Gives it back when there is none.
pub(crate) fn hold(report: Report) -> Option<Report> {
    let mut report = Some(report);
    // Outside of a task there is no result that could keep it.
    let _ = SAID.try_with(|(said, keeps_deprecations)| {
        let mut said = said.borrow_mut();
        let said = &mut *said;
        if let Some(report) = report.take() {
            let is_deprecation = is_deprecation(&report);
            let kept = if is_deprecation { &mut said.deprecations } else { &mut said.warnings };
            // Those of values and actions are kept whether they are shown or not.
            let is_kept = !is_deprecation || *keeps_deprecations || Deprecation::find(&report.message).is_some();
            if is_kept && !kept.contains(&report) {
                kept.push(report);
            }
        }
    });
    report
}

/// A deprecation as results show it.
fn deprecation(report: &Report) -> Value {
    let message = report.headline();
    if let Some(mut fields) = Deprecation::find(&report.message).and_then(|fields| fields.as_dict().cloned()) {
        if !fields.contains("version") && !fields.contains("date") {
            fields.insert("version", Value::NONE);
        }
        return Value::dict(fields);
    }
    let (message, version) = message.split_once(REMOVAL).unwrap_or((&message, ""));
    let owner = "ansible.builtin";
    let deprecator = Dict::from([("resolved_name", Value::from(owner)), ("type", Value::NONE)]);
    Value::dict(Dict::from([
        ("msg", message.trim_end().into()),
        ("version", version.trim_end_matches('.').into()),
        ("collection_name", owner.into()),
        ("deprecator", Value::dict(deprecator)),
    ]))
}

/// Do some work and hear what is said.
pub(super) async fn listen<T>(keeps_deprecations: bool, work: impl Future<Output = T>) -> (T, Said) {
    let work = async {
        let done = work.await;
        (done, SAID.with(|(said, _)| said.take()))
    };
    SAID.scope((RefCell::default(), keeps_deprecations), work).await
}

/// Put what was said into the result, in front of what the module says itself.
pub(super) fn keep(said: Said, execution: &mut Execution) {
    // What includes ask for is no result.
    if execution.include.is_some() {
        execution.said = Arc::new(said);
        return;
    }
    let warnings = said.warnings.iter().map(|report| report.headline().trim_end().into()).collect();
    let deprecations = said.deprecations.iter().map(deprecation).collect();
    execution.said = Arc::new(said);
    add(&mut execution.result, warnings, deprecations);
}

fn add(result: &mut Dict, warnings: Vec<Value>, deprecations: Vec<Value>) {
    for (key, mut messages) in [(WARNINGS, warnings), (DEPRECATIONS, deprecations)] {
        messages.extend(taken(result, key));
        if !messages.is_empty() {
            result.insert(key, Value::list(messages));
        }
    }
}

fn taken(result: &mut Dict, key: &str) -> Vec<Value> {
    let messages = result.remove(key);
    messages.and_then(|value| value.as_list().map(<[Value]>::to_vec)).unwrap_or_default()
}

/// The messages of a loop's items belong to the result of the loop, not to those of the items. Gives all of them.
pub(super) fn gather(executions: &[Execution], items: &mut [Dict], loop_result: &mut Dict) -> Said {
    let (mut warnings, mut deprecations) = (vec![], vec![]);
    let mut all = Said { is_all: true, ..Said::default() };
    for (execution, item) in executions.iter().zip(items) {
        let own = taken(item, WARNINGS);
        let said = &execution.said;
        all.warnings.extend(said.warnings.iter().cloned());
        all.warnings.extend(own.iter().skip(said.warnings.len()).map(|warning| Report::new(warning.to_text())));
        all.deprecations.extend(said.deprecations.iter().cloned());
        warnings.extend(own);
        deprecations.extend(taken(item, DEPRECATIONS));
    }
    add(loop_result, warnings, deprecations);
    all
}

/// Deprecations of modules name who says so, as ansible-core's do.
pub(super) fn name_deprecators(result: &mut Dict) {
    let Some(entries) = result.get(DEPRECATIONS).and_then(Value::as_list) else { return };
    let named: Vec<Value> = entries.iter().map(named).collect();
    result.insert(DEPRECATIONS, named);
}

fn named(entry: &Value) -> Value {
    let (Some(fields), Some(collection)) = (entry.as_dict(), entry.get("collection_name").and_then(Value::as_str))
    else {
        return entry.clone();
    };
    if fields.contains("deprecator") {
        return entry.clone();
    }
    let mut fields = fields.clone();
    let plugin = fields.remove("plugin").map(|plugin| plugin.to_text());
    // "module 'uri'"
    let plugin = plugin.as_deref().and_then(|plugin| plugin.trim_end_matches('\'').split_once(" '"));
    let deprecator = match plugin {
        Some((kind, name)) => {
            Dict::from([("resolved_name", Value::from(format!("{collection}.{name}"))), ("type", kind.into())])
        }
        None => Dict::from([("resolved_name", Value::from(collection)), ("type", Value::NONE)]),
    };
    fields.insert("deprecator", Value::dict(deprecator));
    Value::dict(fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(result: &Dict) -> String {
        churten_value::Repr(&Value::dict(result.clone())).to_string()
    }

    #[tokio::test]
    async fn what_is_said_stands_before_what_the_module_says() {
        let say = |text: &str| assert_eq!(hold(Report::new(text)), None);
        let saying = async {
            say("first");
            say("Old thing. This feature will be removed from ansible-core version 2.23.");
            say("second");
        };
        let ((), said) = listen(true, saying).await;
        assert!(hold(Report::new("outside of a task")).is_some());
        let mut execution = Execution::of(Dict::from([("warnings", vec!["own"])]));
        keep(said, &mut execution);
        assert_eq!(
            shown(&execution.result),
            "{'warnings': ['first', 'second', 'own'], 'deprecations': [{'msg': 'Old thing.', 'version': '2.23', \
             'collection_name': 'ansible.builtin', 'deprecator': {'resolved_name': 'ansible.builtin', 'type': None}}]}"
        );
        assert_eq!(execution.said.warnings.len(), 2);
    }

    #[test]
    fn a_loop_takes_the_messages_of_its_items() {
        let mut items = [Dict::from([("warnings", vec!["a"])]), Dict::new(), Dict::from([("warnings", vec!["a"])])];
        let mut result = Dict::new();
        let executions: Vec<Execution> = items.iter().cloned().map(Execution::of).collect();
        let said = gather(&executions, &mut items, &mut result);
        assert_eq!(shown(&result), "{'warnings': ['a', 'a']}");
        assert_eq!(said.warnings.len(), 2);
        assert!(items.iter().all(Dict::is_empty));
    }

    #[test]
    fn modules_are_named() {
        let entry = Dict::from([("msg", "m"), ("collection_name", "a.b"), ("plugin", "module 'uri'")]);
        let mut result = Dict::from([("deprecations", Value::list(vec![Value::dict(entry)]))]);
        name_deprecators(&mut result);
        assert_eq!(
            shown(&result),
            "{'deprecations': [{'msg': 'm', 'collection_name': 'a.b', \
             'deprecator': {'resolved_name': 'a.b.uri', 'type': 'module'}}]}"
        );
    }
}
