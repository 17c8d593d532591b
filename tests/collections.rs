//! Modules of collections, which run in Python on the hosts: what they say of wrong arguments, and what they do there,
//! as with ansible-core.
//!
//! `CHURTEN_ORACLE` names ansible-core with the collections of `tests/collections/install`; `CHURTEN_FLEET` the tool of
//! `tests/fleet`, which lends hosts for the second half.

#[path = "collections/arguments.rs"]
mod arguments;
#[path = "collections/differences.rs"]
mod differences;
#[path = "collections/hosts.rs"]
mod hosts;
#[path = "collections/lent.rs"]
mod lent;
#[path = "collections/masks.rs"]
mod masks;

use churten_testing::Oracle;
use churten_value::{Value, from_json};
use std::io::Write as _;

/// The oracle, if it has the collections; what is missing is told.
fn oracle() -> Option<Oracle> {
    let Some(oracle) = Oracle::find() else {
        say("modules of collections: skipped, CHURTEN_ORACLE names no ansible-core");
        return None;
    };
    let asked = ["-c", "import ansible_collections.community.general.plugins.modules"];
    let answer = std::process::Command::new(oracle.python()).args(asked).output();
    if !answer.is_ok_and(|output| output.status.success()) {
        say("modules of collections: skipped, CHURTEN_ORACLE has no collections; see tests/collections/install");
        return None;
    }
    Some(oracle)
}

/// A line for whoever runs the tests, whether they show output or not.
fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// The tasks of a run and what each one's host answered, from the output of the callback `ansible.posix.json`.
fn results(output: &str) -> Option<Vec<(String, Value)>> {
    // Errors while loading come before it.
    let document = from_json(output.get(output.find('{')?..)?).ok()?;
    let mut found = Vec::new();
    for play in document.get("plays")?.as_list()? {
        for task in play.get("tasks")?.as_list()? {
            let name = task.get("task")?.get("name")?.to_text();
            found.extend(task.get("hosts")?.as_dict()?.values().map(|result| (name.clone(), result.clone())));
        }
    }
    Some(found)
}
