//! What every module of some collections says of wrong arguments: against `arguments/answers.txt`, which ansible-core
//! wrote, and a sample against ansible-core itself.

use crate::{oracle, results, say};
use churten_testing::{Oracle, Sandbox, side_by_side};
use churten_value::Value;
use sha2::{Digest as _, Sha256};
use std::path::Path;

/// Messages longer than this are kept as their beginning, length and digest.
const LONGEST: usize = 120;
/// One of so many tasks is asked of ansible-core.
const SAMPLE: usize = 48;

/// A task that fails, and why.
struct Wrong {
    module: String,
    /// As JSON.
    arguments: String,
    message: String,
}

#[test]
fn wrong_arguments_of_every_module() {
    let Some(oracle) = oracle() else { return };
    let all = read();
    assert!(all.len() > 1000, "only {} tasks", all.len());
    let whole: Vec<&Wrong> = all.iter().collect();
    let halves: Vec<&[&Wrong]> = whole.chunks(whole.len().div_ceil(2)).collect();
    let ours = side_by_side(&halves, |half| run(&oracle, Path::new(env!("CARGO_BIN_EXE_churten")), half)).concat();
    let mut wrong = Vec::new();
    for (task, message) in all.iter().zip(&ours) {
        if short(message) != task.message {
            wrong.push(format!(
                "{} {}\n  ansible-core: {}\n  churten: {message}",
                task.module, task.arguments, task.message
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {} differ from the record; `tests/collections/arguments/record NAME` shows ansible-core's whole text\n{}",
        wrong.len(),
        all.len(),
        wrong.join("\n")
    );
    let sample: Vec<usize> = (0..all.len()).step_by(SAMPLE).collect();
    let asked: Vec<&Wrong> = sample.iter().map(|index| &all[*index]).collect();
    let theirs = run(&oracle, &oracle.program("ansible-playbook"), &asked);
    for (index, message) in sample.iter().zip(&theirs) {
        assert_eq!(&ours[*index], message, "{} {}", all[*index].module, all[*index].arguments);
    }
    let (all, sample) = (all.len(), sample.len());
    say(&format!("{all} tasks with wrong arguments agree with ansible-core, {sample} of them asked now"));
}

/// The record.
fn read() -> Vec<Wrong> {
    let mut collection = "";
    let mut found = Vec::new();
    for line in include_str!("arguments/answers.txt").lines().filter(|line| !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            collection = name;
            continue;
        }
        let mut parts = line.splitn(3, '\t').map(str::to_owned);
        let mut part = || parts.next().unwrap_or_else(|| panic!("a line of three parts: {line}"));
        found.push(Wrong { module: format!("{collection}.{}", part()), arguments: part(), message: part() });
    }
    found
}

/// The messages of a program, in order.
fn run(oracle: &Oracle, program: &Path, tasks: &[&Wrong]) -> Vec<String> {
    let sandbox = Sandbox::new(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/collections/arguments")).unwrap();
    let task = |task: &&Wrong| {
        format!("{{\"name\": \"task\", \"{}\": {}, \"check_mode\": true}}", task.module, task.arguments)
    };
    let tasks: Vec<String> = tasks.iter().map(task).collect();
    let play = format!(
        "[{{\"hosts\": \"all\", \"gather_facts\": false, \"ignore_errors\": true, \"tasks\": [\n{}]}}]",
        tasks.join(",\n")
    );
    std::fs::write(sandbox.path().join("playbooks/play.yml"), play).unwrap();
    let path = format!("{}:/usr/local/bin:/usr/bin:/bin", oracle.directory().display());
    let environment: Vec<(String, String)> =
        [("PATH", &*path), ("ANSIBLE_STDOUT_CALLBACK", "ansible.posix.json"), ("ANSIBLE_PIPELINING", "1")]
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
    let program = sandbox.link(program, "ansible-playbook").unwrap();
    let arguments = ["-i", "localhost,", "-c", "local", "play.yml"].map(str::to_owned);
    let outcome = sandbox.run(&program, &oracle.python(), &environment, &arguments).unwrap();
    let found = results(&outcome.stdout).unwrap_or_else(|| panic!("{}\n{}", outcome.stdout, outcome.stderr));
    assert_eq!(found.len(), tasks.len(), "{}", outcome.stderr);
    found.iter().map(|(_, result)| message(result)).collect()
}

/// The reason of a failure.
fn message(result: &Value) -> String {
    let has_failed = result.get("failed").is_some_and(Value::is_truthy);
    let text = result.get("msg").map(Value::to_text).filter(|_| has_failed);
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap();
    text.unwrap_or_else(|| "did not fail".to_owned())
        .replace(&format!("on {}'s Python", host.trim()), "on HOST's Python")
}

/// A message as the record has it.
fn short(message: &str) -> String {
    let line = message.replace('\\', "\\\\").replace('\n', "\\n");
    if line.chars().count() <= LONGEST {
        return line;
    }
    let digest: String = Sha256::digest(message).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let start: String = line.chars().take(48).collect();
    format!("{start}... ({} characters, {digest})", message.chars().count())
}
