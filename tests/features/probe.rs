//! Asking the program whether it has something.

use super::page::State;
use std::path::Path;
use std::process::Command;

/// What the program says, on both streams.
pub(crate) fn churten(arguments: &[&str]) -> String {
    let home = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_churten"))
        .args(arguments)
        .current_dir(home.path())
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("HOME", home.path())
        .envs([("ANSIBLE_NOCOLOR", "1"), ("COLUMNS", "200"), ("LC_ALL", "C.UTF-8")])
        .output()
        .unwrap();
    [output.stdout, output.stderr].iter().map(|bytes| String::from_utf8_lossy(bytes).into_owned()).collect()
}

/// What it says of a playbook.
fn playbook(text: &str, inventory: &str) -> String {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("play.yml");
    std::fs::write(&path, text).unwrap();
    let role = directory.path().join("roles/r/tasks");
    std::fs::create_dir_all(&role).unwrap();
    std::fs::write(role.join("main.yml"), "[]\n").unwrap();
    churten(&["playbook", "-i", inventory, path.to_str().unwrap()])
}

fn state(said: &str, missing: &str) -> State {
    if said.contains("not yet supported by churten") {
        State::Refused
    } else if said.contains(missing) {
        State::Missing
    } else {
        State::There
    }
}

/// A keyword of an element. Its value is most often wrong, which is another complaint.
pub(crate) fn keyword(name: &str, element: &str) -> State {
    let value = match name {
        "hosts" => "hosts: nobody",
        "tags" => "tags: []",
        _ => &format!("{name}: null"),
    };
    let hosts = if name == "hosts" { "" } else { "hosts: nobody\n  " };
    let text = match element {
        "Play" => format!("- {hosts}{value}\n"),
        "Role" => format!("- hosts: nobody\n  roles:\n    - role: r\n      {value}\n"),
        "Block" if name == "block" => "- hosts: nobody\n  tasks:\n    - block: []\n".to_owned(),
        "Block" => format!("- hosts: nobody\n  tasks:\n    - block: []\n      {value}\n"),
        _ => {
            let list = if element == "Handler" { "handlers" } else { "tasks" };
            let action = if name == "action" { "" } else { "      ping:\n" };
            format!("- hosts: nobody\n  {list}:\n    - name: x\n{action}      {value}\n")
        }
    };
    state(&playbook(&text, "localhost,"), "is not a valid attribute for")
}

/// A filter, test or lookup.
pub(crate) fn expression(kind: &str, name: &str) -> State {
    let (expression, missing) = match kind {
        "filter" => (format!("'x' | {name}"), "No filter named"),
        "test" => (format!("'x' is {name}"), "No test named"),
        // Nothing that runs something or waits for somebody.
        _ => (format!("lookup('{name}', 'x', errors='strict')"), "was not found"),
    };
    let text = format!(
        "- hosts: all\n  gather_facts: false\n  tasks:\n    - debug:\n        msg: \"{{{{ {expression} }}}}\"\n"
    );
    state(&playbook(&text, "localhost,"), missing)
}

/// A module; it is only looked for.
pub(crate) fn module(name: &str) -> State {
    let text = format!("- hosts: nobody\n  tasks:\n    - {name}: {{}}\n");
    state(&playbook(&text, "localhost,"), "couldn't resolve module/action")
}

/// The options of a program, by its help.
pub(crate) fn options(program: &str) -> Vec<String> {
    let mut words: Vec<&str> = program.split(' ').collect();
    words[0] = match words[0] {
        "ansible" => "adhoc",
        other => other.trim_start_matches("ansible-"),
    };
    words.push("--help");
    let said = churten(&words);
    let lines = said.lines().filter(|line| line.starts_with("  -")).map(str::trim_start);
    let spellings = lines.flat_map(|line| line.split("  ").next().unwrap_or_default().split([',', ' ']));
    spellings.filter(|word| word.starts_with('-')).map(str::to_owned).collect()
}

/// All source text that may ask for a setting. An accessor counts when it is used itself.
pub(crate) fn sources(root: &Path) -> String {
    let accessors = std::fs::read_to_string(root.join("crates/config/src/accessors.rs")).unwrap();
    let mut text = text_of_sources(root);
    let mut unused: Vec<&str> = accessors.split("\n    pub fn ").skip(1).collect();
    assert!(unused.len() > 40, "only {} accessors", unused.len());
    loop {
        let name = |accessor: &str| format!(".{}(", accessor.split('(').next().unwrap_or_default());
        let (used, rest): (Vec<&str>, Vec<&str>) = unused.iter().partition(|accessor| text.contains(&name(accessor)));
        text.extend(used.iter().copied());
        unused = rest;
        if used.is_empty() {
            return text;
        }
    }
}

fn text_of_sources(root: &Path) -> String {
    let mut text = String::new();
    let mut waiting = vec![root.join("src"), root.join("crates")];
    while let Some(path) = waiting.pop() {
        for entry in std::fs::read_dir(&path).unwrap() {
            let path = entry.unwrap().path();
            // The table of settings names them all.
            let is_other = ["table", "tests", "generate", "target"].iter().any(|name| path.ends_with(name));
            if path.is_dir() && !is_other {
                waiting.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs")
                && !["tests.rs", "accessors.rs"].iter().any(|name| path.ends_with(name))
            {
                text.push_str(&std::fs::read_to_string(&path).unwrap());
            }
        }
    }
    text
}
