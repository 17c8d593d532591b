#![allow(dead_code, clippy::allow_attributes, reason = "each test uses a part of it")]

//! Cases in text files, and an environment that knows a few modules.

use churten_diagnostics::Report;
use churten_playbook::{Environment, ResolvedAction};
use churten_value::{Dict, Value};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

/// One case: name, arguments, files.
pub(crate) struct Case {
    pub name: String,
    pub arguments: Vec<String>,
    pub files: Vec<(String, String)>,
}

/// Read a `.cases` file.
pub(crate) fn cases(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for line in text.lines() {
        if let Some(header) = line.strip_prefix("### ") {
            let mut words = header.split_whitespace().map(str::to_owned);
            let name = words.next().unwrap_or_default();
            cases.push(Case { name, arguments: words.collect(), files: Vec::new() });
        } else if let (Some(path), Some(case)) = (line.strip_prefix("## "), cases.last_mut()) {
            case.files.push((path.trim().to_owned(), String::new()));
        } else if let Some((_, content)) = cases.last_mut().and_then(|case| case.files.last_mut()) {
            content.push_str(line);
            content.push('\n');
        }
    }
    cases
}

/// Read an `.expected` file: name, exit code, text.
pub(crate) fn answers(text: &str) -> Vec<(String, i32, String)> {
    let mut answers: Vec<(String, i32, String)> = Vec::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("### ") {
            answers.push((name.to_owned(), -1, String::new()));
        } else if let Some(answer) = answers.last_mut() {
            match line.strip_prefix("rc ") {
                Some(code) if answer.1 < 0 => answer.1 = code.parse().unwrap_or(0),
                _ => {
                    answer.2.push_str(line);
                    answer.2.push('\n');
                }
            }
        }
    }
    answers
}

impl Case {
    /// Write the files into a fresh directory.
    pub(crate) fn write(&self) -> (tempfile::TempDir, PathBuf) {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let path = directory.path().canonicalize().expect("a real path");
        for (name, content) in &self.files {
            let target = path.join(name);
            std::fs::create_dir_all(target.parent().expect("a parent")).expect("a directory");
            std::fs::write(target, content).expect("a file");
        }
        (directory, path)
    }

    /// The values of `-e name=value`.
    pub(crate) fn extra_vars(&self) -> Dict {
        let pairs = self.arguments.windows(2).filter(|pair| pair[0] == "-e");
        pairs.filter_map(|pair| pair[1].split_once('=')).collect()
    }
}

/// An environment with plain `{{ name }}` substitution.
#[derive(Default)]
pub(crate) struct Fake {
    pub extra: Dict,
    pub messages: Mutex<Vec<String>>,
}

const ACTIONS: &[&str] = &[
    "add_host",
    "assert",
    "command",
    "copy",
    "debug",
    "fail",
    "file",
    "group_by",
    "import_role",
    "import_tasks",
    "include",
    "include_role",
    "include_tasks",
    "include_vars",
    "meta",
    "raw",
    "script",
    "service",
    "set_fact",
    "shell",
    "template",
    "validate_argument_spec",
];

impl Environment for Fake {
    fn render(&self, value: &Value, vars: &[Arc<Dict>]) -> Result<Value, Report> {
        let mut text = value.to_text();
        for _ in 0..10 {
            let Some(start) = text.find("{{") else { break };
            let Some(length) = text[start..].find("}}") else { break };
            let name = text[start + 2..start + length].trim().to_owned();
            let found = self.extra.get(&name).or_else(|| vars.iter().rev().find_map(|layer| layer.get(&name)));
            let Some(found) = found else {
                return Err(Report::undefined(format!("'{name}' is undefined")).at(value.origin()));
            };
            text = format!("{}{}{}", &text[..start], found.to_text(), &text[start + length + 2..]);
        }
        Ok(text.into())
    }

    fn resolve_action(&self, name: &str, _collections: &[Arc<str>]) -> Result<Option<ResolvedAction>, Report> {
        let simple =
            name.strip_prefix("ansible.builtin.").or_else(|| name.strip_prefix("ansible.legacy.")).unwrap_or(name);
        if let Some(windows) = simple.strip_prefix("ansible.windows.").or(simple.starts_with("win_").then_some(simple))
        {
            return Ok(Some(ResolvedAction::named(format!("ansible.windows.{windows}"))));
        }
        if simple == "include" {
            let message = "The 'ansible.builtin.include' action plugin has been removed. Use include_tasks or \
                           import_tasks instead. This feature was removed from ansible-core in a release after 2023-05-16.";
            return Err(Report::new(message));
        }
        let known = ACTIONS.contains(&simple);
        Ok(known.then(|| ResolvedAction::named(format!("ansible.builtin.{simple}"))))
    }

    fn has_lookup(&self, name: &str) -> bool {
        ["dict", "items", "list", "fileglob", "first_found", "sequence"].contains(&name)
    }

    fn roles_path(&self) -> Vec<PathBuf> {
        ["{home}/.ansible/roles", "/usr/share/ansible/roles", "/etc/ansible/roles"].map(PathBuf::from).to_vec()
    }

    fn collections_paths(&self) -> Vec<PathBuf> {
        vec![PathBuf::from("/nonexistent")]
    }

    fn warning(&self, warning: Report) {
        self.messages.lock().expect("no panic").push(format!("[WARNING]: {}\n", warning.render()));
    }

    fn deprecation(&self, warning: Report, version: &str) {
        let message = format!("{} This feature will be removed from ansible-core version {version}.", warning.message);
        let warning = Report { message, ..warning };
        self.messages.lock().expect("no panic").push(format!("[DEPRECATION WARNING]: {}\n", warning.render()));
    }
}

/// Text without what depends on the directory.
pub(crate) fn neutral(text: &str, directory: &Path) -> String {
    text.replace(&directory.display().to_string(), "{dir}")
}
