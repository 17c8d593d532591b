//! `--list-tasks` of real content, beside the oracle's.
//!
//! Skipped unless `CHURTEN_ORACLE` (the oracle's bin directory) and `CHURTEN_CONTENT` (playbooks, separated by colons)
//! are set.

mod support;

use churten_diagnostics::Report;
use churten_playbook::{Environment, ListOptions, ListedPlay, Loader, ResolvedAction, TagFilter, list_playbook};
use churten_value::{Dict, Value};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

/// Every module and lookup exists.
struct Lenient(support::Fake);

impl Environment for Lenient {
    fn render(&self, value: &Value, vars: &[Arc<Dict>]) -> Result<Value, Report> {
        self.0.render(value, vars)
    }

    fn resolve_action(&self, name: &str, collections: &[Arc<str>]) -> Result<Option<ResolvedAction>, Report> {
        let known = self.0.resolve_action(name, collections)?;
        Ok(known.or_else(|| Some(ResolvedAction::named(format!("some.collection.{name}")))))
    }

    fn has_lookup(&self, _name: &str) -> bool {
        true
    }

    fn roles_path(&self) -> Vec<PathBuf> {
        std::env::var("ANSIBLE_ROLES_PATH").map(|path| path.split(':').map(PathBuf::from).collect()).unwrap_or_default()
    }

    fn collections_paths(&self) -> Vec<PathBuf> {
        Vec::new()
    }

    fn warning(&self, _warning: Report) {}

    fn deprecation(&self, _warning: Report, _version: &str) {}
}

fn ours(path: &Path) -> String {
    let loader = Loader::new(Arc::new(Lenient(support::Fake::default())));
    let playbook = match loader.playbook(path) {
        Ok(playbook) => playbook,
        Err(report) => return format!("[ERROR]: {}", report.headline()),
    };
    let plays: Vec<ListedPlay<'_>> = playbook
        .plays
        .iter()
        .map(|play| {
            let patterns = match play.hosts.as_list() {
                Some(items) => items.iter().map(Value::to_text).collect(),
                None => vec![play.hosts.to_text()],
            };
            let name = play.name.as_ref().map(Value::to_text).unwrap_or_default();
            ListedPlay { play, name, patterns, hosts: Vec::new() }
        })
        .collect();
    let options = ListOptions { tasks: true, ..ListOptions::default() };
    let tags = |_: &churten_playbook::Play, tags: &[Value]| tags.iter().map(Value::to_text).collect();
    list_playbook(&path.display().to_string(), &plays, options, &TagFilter::default(), &tags)
}

/// Lines of tasks; play lines have rendered names.
fn task_lines(text: &str) -> Vec<&str> {
    text.lines().filter(|line| line.starts_with("      ") || line.starts_with("[ERROR]")).collect()
}

#[test]
fn real_content_lists_alike() {
    let (Ok(oracle), Ok(content)) = (std::env::var("CHURTEN_ORACLE"), std::env::var("CHURTEN_CONTENT")) else {
        // Nothing to compare with.
        return;
    };
    let mut failures = String::new();
    let mut tasks = 0;
    for path in content.split(':').map(Path::new) {
        let program = Path::new(&oracle).join("ansible-playbook");
        let output = Command::new(program).arg("--list-tasks").arg(path).output().expect("the oracle runs");
        let theirs = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        let ours = ours(path);
        let (their_lines, our_lines) = (task_lines(&theirs), task_lines(&ours));
        tasks += their_lines.len();
        if their_lines != our_lines {
            let first = (0..).find(|&index| their_lines.get(index) != our_lines.get(index)).unwrap_or(0);
            failures += &format!(
                "=== {} ({} and {} lines)\n- {}\n+ {}\n",
                path.display(),
                their_lines.len(),
                our_lines.len(),
                their_lines.get(first).unwrap_or(&"(none)"),
                our_lines.get(first).unwrap_or(&"(none)")
            );
        }
    }
    assert!(failures.is_empty(), "{tasks} lines\n{failures}");
}
