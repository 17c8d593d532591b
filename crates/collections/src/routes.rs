//! Where the names that `ansible.builtin` once had are now; the facts are in `routes.txt`.

use crate::Kind;
use std::collections::HashMap;
use std::sync::LazyLock;

/// What became of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    /// It is `collection`.`name` now.
    Moved { collection: &'static str, name: &'static str },
    /// It is gone since a date, with some advice.
    Removed { date: &'static str, advice: &'static str },
}

static TABLE: LazyLock<HashMap<(Kind, &'static str), Route>> = LazyLock::new(|| read(include_str!("routes.txt")));

/// What became of a name that is none of `ansible.builtin`'s any more.
pub(crate) fn of_builtin(kind: Kind, name: &str) -> Option<Route> {
    TABLE.get(&(kind, name)).copied()
}

/// Actions of `ansible.builtin` that a module of the project's own does not replace: their own code comes first, if it
/// ends in a module at all.
const ACTIONS: [&str; 27] = [
    "add_host",
    "assemble",
    "assert",
    "copy",
    "debug",
    "fail",
    "fetch",
    "gather_facts",
    "group_by",
    "import_role",
    "import_tasks",
    "include_role",
    "include_tasks",
    "include_vars",
    "meta",
    "package",
    "pause",
    "raw",
    "reboot",
    "script",
    "set_fact",
    "set_stats",
    "shell",
    "template",
    "unarchive",
    "validate_argument_spec",
    "wait_for_connection",
];

/// True for a name of `ansible.builtin` that is more than a module.
pub(crate) fn is_action(name: &str) -> bool {
    ACTIONS.contains(&name)
}

fn read(text: &'static str) -> HashMap<(Kind, &'static str), Route> {
    let mut table = HashMap::new();
    let mut kind = None;
    for line in text.lines() {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            kind = Kind::of_routing(name);
            continue;
        }
        let Some(kind) = kind else { continue };
        if let Some(gone) = line.strip_prefix('!') {
            let mut fields = gone.splitn(3, '|').map(str::trim);
            let name = fields.next().unwrap_or_default();
            let date = fields.next().unwrap_or_default();
            table.insert((kind, name), Route::Removed { date, advice: fields.next().unwrap_or_default() });
        } else if let Some((collection, names)) = line.split_once(": ") {
            for entry in names.split(' ') {
                let (old, name) = entry.split_once('=').unwrap_or((entry, entry));
                table.insert((kind, old), Route::Moved { collection, name });
            }
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::{Route, of_builtin};
    use crate::Kind;

    #[test]
    fn names_are_found() {
        let moved = |collection, name| Some(Route::Moved { collection, name });
        assert_eq!(of_builtin(Kind::Module, "ufw"), moved("community.general", "ufw"));
        assert_eq!(of_builtin(Kind::Filter, "json_query"), moved("community.general", "json_query"));
        assert_eq!(of_builtin(Kind::Action, "yum"), moved("ansible.builtin", "dnf"));
        assert_eq!(of_builtin(Kind::Module, "nosuchmodule"), None);
        assert!(matches!(of_builtin(Kind::Module, "bigip_facts"), Some(Route::Removed { date: "2019-11-06", .. })));
    }
}
