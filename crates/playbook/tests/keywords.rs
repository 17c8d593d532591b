//! Keywords in effect on every task, as ansible-core 2.19 has them after loading.

mod support;

use churten_playbook::{Item, Loader, Task};
use churten_value::{Dict, JsonStyle, Value};
use std::sync::Arc;
use support::{Case, Fake, answers, cases, neutral};

/// Cases where this differs on purpose: name and reason.
const DIFFERENT: &[(&str, &str)] = &[];

fn line(kind: &str, task: &Task) -> Option<String> {
    if task.implicit && task.action.builtin() == Some("meta") {
        return None;
    }
    let keywords = &task.keywords;
    let mut tags: Vec<String> = keywords.tags.iter().map(Value::to_text).collect();
    tags.sort();
    tags.dedup();
    let mut vars = Dict::new();
    for layer in &keywords.vars {
        vars.extend_from(layer);
    }
    let mut when: Vec<String> = keywords.when.iter().map(Value::to_text).collect();
    when.sort();
    when.dedup();
    let own_loop = task.r#loop.as_ref();
    let mut found: Dict = [
        ("kind", Value::str(kind)),
        ("name", task.name.clone().into()),
        ("action", task.action.name.clone().into()),
        ("args", task.args.clone()),
        ("role", task.role.as_ref().map(|role| role.full_name()).into()),
        ("tags", tags.into()),
        ("loop", own_loop.map(|own| own.items.clone()).into()),
        ("loop_with", own_loop.and_then(|own| own.lookup.clone()).into()),
        ("search_path", task.search_path.to_vec().into()),
        ("until", task.until.clone().into()),
        ("changed_when", task.changed_when.clone().into()),
        ("failed_when", task.failed_when.clone().into()),
        ("listen", task.listen.clone().into()),
        ("vars", vars.into()),
        ("when", when.into()),
        ("environment", keywords.environment.clone().into()),
        ("notify", keywords.notify.clone().into()),
        ("module_defaults", keywords.module_defaults.iter().map(short_names).collect::<Vec<_>>().into()),
        ("any_errors_fatal", keywords.any_errors_fatal.clone().into()),
        ("become", keywords.r#become.clone().into()),
        ("become_user", keywords.become_user.clone().into()),
        ("become_method", keywords.become_method.clone().into()),
        ("check_mode", keywords.check_mode.clone().into()),
        ("connection", keywords.connection.clone().into()),
        ("delegate_to", keywords.delegate_to.clone().into()),
        ("delegate_facts", keywords.delegate_facts.clone().into()),
        ("diff", keywords.diff.clone().into()),
        ("ignore_errors", keywords.ignore_errors.clone().into()),
        ("ignore_unreachable", keywords.ignore_unreachable.clone().into()),
        ("no_log", keywords.no_log.clone().into()),
        ("port", keywords.port.clone().into()),
        ("remote_user", keywords.remote_user.clone().into()),
        ("run_once", keywords.run_once.clone().into()),
        ("throttle", keywords.throttle.clone().into()),
        ("timeout", keywords.timeout.clone().into()),
        ("register", task.register.clone().into()),
        ("retries", task.retries.clone().into()),
        ("delay", task.delay.clone().into()),
    ]
    .into_iter()
    .collect();
    let defaults = [("any_errors_fatal", false), ("no_log", false)];
    found.retain(|key, value| {
        let is_default = defaults.iter().any(|(name, own)| key.as_str() == Some(name) && value.as_bool() == Some(*own));
        !is_default && (value.is_truthy() || value.as_bool().is_some() || value.as_int().is_some())
    });
    Some(Value::dict(found).to_json(JsonStyle { sort_keys: true, ..JsonStyle::PLAIN }))
}

fn walk(kind: &str, items: &[Item], lines: &mut Vec<String>) {
    for item in items {
        match item {
            Item::Task(task) => lines.extend(line(kind, task)),
            Item::Block(block) => {
                for section in [&block.tasks, &block.rescue, &block.always] {
                    walk(kind, section, lines);
                }
            }
        }
    }
}

fn dumped(case: &Case) -> String {
    let (_keep, directory) = case.write();
    let extra: Dict = case.arguments.iter().filter_map(|argument| argument.split_once('=')).collect();
    let fake = Arc::new(Fake { extra, ..Fake::default() });
    let loader = Loader::new(fake);
    let playbook = match loader.playbook(&directory.join("site.yml")) {
        Ok(playbook) => playbook,
        Err(report) => return neutral(&report.render(), &directory),
    };
    let mut lines = Vec::new();
    for play in &playbook.plays {
        lines.push(format!("play {}", play.name.as_ref().unwrap_or(&play.hosts).to_text()));
        for section in [&play.pre_tasks, &play.role_tasks, &play.tasks, &play.post_tasks] {
            walk("task", section, &mut lines);
        }
        walk("handler", &play.handlers, &mut lines);
    }
    neutral(&lines.join("\n"), &directory)
}

/// Which keys of two lines differ, to read a failure quickly.
fn difference(expected: &str, got: &str) -> String {
    let keys = |text: &str| churten_value::from_json(text).ok().and_then(|value| value.as_dict().cloned());
    let (Some(expected), Some(got)) = (keys(expected), keys(got)) else {
        return format!("- {expected}\n+ {got}\n");
    };
    let mut text = format!(
        "{} {}\n",
        expected.get("name").cloned().unwrap_or_default().to_text(),
        expected.get("args").cloned().unwrap_or_default().to_text()
    );
    for key in expected.keys().chain(got.keys().filter(|key| !expected.contains_value(key))) {
        let (theirs, ours) = (expected.get_value(key), got.get_value(key));
        if theirs != ours {
            let show = |value: Option<&Value>| value.map_or("(none)".into(), |value| value.to_json(JsonStyle::PLAIN));
            text += &format!("  {}: {} <> {}\n", key.to_text(), show(theirs), show(ours));
        }
    }
    text
}

/// A layer of `module_defaults` with the names that the recording has: as they were written.
fn short_names(layer: &Value) -> Value {
    let entries = layer.as_dict().into_iter().flatten();
    let short = |key: &Value| Value::from(key.to_text().trim_start_matches("ansible.builtin."));
    Value::dict(entries.map(|(key, defaults)| (short(key), defaults.clone())).collect())
}

#[test]
fn keywords_as_recorded() {
    let expected = answers(include_str!("cases/keywords.expected"));
    let mut failures = String::new();
    for case in cases(include_str!("cases/keywords.cases")) {
        let (_, _, theirs) = expected.iter().find(|(name, ..)| *name == case.name).expect("a recorded answer");
        if DIFFERENT.iter().any(|(name, _)| *name == case.name) {
            continue;
        }
        let ours = dumped(&case);
        let (theirs, ours): (Vec<&str>, Vec<&str>) =
            (theirs.trim().lines().filter(|line| line.starts_with(['{', 'p'])).collect(), ours.lines().collect());
        if theirs == ours {
            continue;
        }
        failures += &format!("=== {} ({} and {} lines)\n", case.name, theirs.len(), ours.len());
        for index in 0..theirs.len().max(ours.len()) {
            let (their, our) = (theirs.get(index).unwrap_or(&"(none)"), ours.get(index).unwrap_or(&"(none)"));
            if their != our {
                failures += &difference(their, our);
            }
        }
    }
    assert!(failures.is_empty(), "{failures}");
}
