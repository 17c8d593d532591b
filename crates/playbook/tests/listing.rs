//! `--list-hosts`, `--list-tasks`, `--list-tags` and tag selection as ansible-core 2.19 prints them.

mod support;

use churten_playbook::{ListOptions, ListedPlay, Loader, TagFilter, list_playbook};
use churten_value::Value;
use std::sync::Arc;
use support::{Case, Fake, answers, cases, neutral};

/// Cases where this differs on purpose: name and reason.
const DIFFERENT: &[(&str, &str)] =
    &[("unsorted-tags", "tags that are numbers are sorted as text; ansible-core crashes")];

fn texts(value: &Value) -> Vec<String> {
    match value.as_list() {
        Some(items) => items.iter().map(Value::to_text).collect(),
        None => vec![value.to_text()],
    }
}

fn words(arguments: &[String], option: &str) -> Vec<String> {
    let given = arguments.windows(2).filter(|pair| pair[0] == option);
    given.flat_map(|pair| pair[1].split(',').map(str::to_owned)).collect()
}

fn listed(case: &Case) -> String {
    let (_keep, directory) = case.write();
    let fake = Arc::new(Fake::default());
    let loader = Loader::new(fake.clone());
    let playbook = match loader.playbook(&directory.join("site.yml")) {
        Ok(playbook) => playbook,
        Err(report) => return neutral(&report.render(), &directory),
    };
    let render = |play: &churten_playbook::Play, value: &Value| {
        use churten_playbook::Environment;
        fake.render(value, std::slice::from_ref(&play.vars)).expect("a defined variable").to_text()
    };
    let plays: Vec<ListedPlay<'_>> = playbook
        .plays
        .iter()
        .map(|play| {
            let patterns: Vec<String> =
                texts(&play.hosts).iter().map(|text| render(play, &Value::str(text.as_str()))).collect();
            let hosts = patterns.iter().filter(|pattern| *pattern == "localhost").cloned().collect();
            let name = play.name.as_ref().map(|name| render(play, name)).unwrap_or_default();
            ListedPlay { play, name, patterns, hosts }
        })
        .collect();
    let has = |option: &str| case.arguments.iter().any(|argument| argument == option);
    let options = ListOptions { hosts: has("--list-hosts"), tasks: has("--list-tasks"), tags: has("--list-tags") };
    let filter = TagFilter::new(&words(&case.arguments, "-t"), &words(&case.arguments, "--skip-tags"));
    list_playbook("site.yml", &plays, options, &filter, &|_, tags| tags.iter().map(Value::to_text).collect())
}

/// The tags of a play come from a Python set: in no order.
fn sorted_play_tags(line: &str) -> String {
    match line.split_once("\tTAGS: [") {
        Some((start, tags)) if line.starts_with("  play #") => {
            let mut tags: Vec<&str> = tags.trim_end_matches(']').split(',').collect();
            tags.sort_unstable();
            format!("{start}\tTAGS: [{}]", tags.join(","))
        }
        _ => line.to_owned(),
    }
}

fn lines(text: &str) -> String {
    text.lines().filter(|line| !line.starts_with("[WARNING]")).map(|line| sorted_play_tags(line) + "\n").collect()
}

#[test]
fn lists_as_recorded() {
    let expected = answers(include_str!("cases/listing.expected"));
    let mut failures = String::new();
    for case in cases(include_str!("cases/listing.cases")) {
        let (_, _, text) = expected.iter().find(|(name, ..)| *name == case.name).expect("a recorded answer");
        if DIFFERENT.iter().any(|(name, _)| *name == case.name) {
            continue;
        }
        let (theirs, ours) = (lines(text), lines(&listed(&case)));
        if theirs.trim() != ours.trim() {
            failures += &format!("=== {}\n--- expected\n{theirs}\n--- got\n{ours}\n", case.name);
        }
    }
    assert!(failures.is_empty(), "{failures}");
}
