//! `dnf`: the generation of it that the host has.

use super::{ActionContext, package, remote};
use crate::task::Execution;
use churten_diagnostics::Report;
use churten_value::{Dict, Value};

/// What may be said to be there, and the module of it. The third generation, yum, has none any more.
const GENERATIONS: [(&str, &str); 5] =
    [("yum", "yum"), ("yum4", "dnf"), ("dnf", "dnf"), ("dnf4", "dnf"), ("dnf5", "dnf5")];

pub(crate) async fn run(context: &ActionContext<'_>, mut arguments: Dict) -> Execution {
    let (short, long) = (arguments.remove("use"), arguments.remove("use_backend"));
    if short.is_some() && long.is_some() {
        return Execution::refused("parameters are mutually exclusive: ('use', 'use_backend')");
    }
    let wanted = short.or(long).map_or_else(|| "auto".to_owned(), |value| value.to_text());
    let known = match wanted.as_str() {
        "auto" => package::known_manager(context),
        // It is another word for that where the manager is known.
        "yum" => package::known_manager(context).or(Some(wanted)),
        _ => Some(wanted),
    };
    let mut module = known.as_deref().and_then(module_of);
    let mut facts = None;
    if module.is_none() {
        let filter = Dict::from([("filter", Value::from("ansible_pkg_mgr")), ("gather_subset", Value::from("!all"))]);
        let asked = remote::at_once(context, "ansible.legacy.setup", filter).await;
        if asked.has_failed() || asked.is_unreachable() {
            return asked;
        }
        let manager = asked.result.get("ansible_facts").and_then(|facts| facts.get("ansible_pkg_mgr"));
        let manager = manager.map_or_else(String::new, Value::to_text);
        module = module_of(&manager);
        facts = Some(manager);
    }
    match module {
        Some("yum") => Execution::failed("Could not find a dnf module backend for ansible.legacy.yum."),
        Some(module) => {
            let mut execution = package::by_manager(context, module, arguments).await;
            // What was found out is known from now on.
            if let Some(manager) = facts {
                execution.result.insert("ansible_facts", found(manager));
            }
            execution
        }
        None => unknown(facts),
    }
}

fn module_of(name: &str) -> Option<&'static str> {
    GENERATIONS.iter().find(|(generation, _)| *generation == name).map(|(_, module)| *module)
}

fn found(manager: String) -> Dict {
    Dict::from([("pkg_mgr", manager)])
}

/// The host has something else. ansible-core's message is two.
fn unknown(facts: Option<String>) -> Execution {
    let lines = [
        "Could not detect which major revision of dnf is in use, which is required to determine module backend.",
        "You should manually specify use_backend to tell the module whether to use the dnf4 or dnf5 backend})",
    ];
    let shown = format!("({})", lines.map(|line| format!("'{line}'")).join(", "));
    let mut execution = Execution::failed(lines.iter().copied().collect::<Value>());
    if let Some(manager) = facts {
        execution.result.insert("ansible_facts", found(manager));
    }
    execution.error = Some(Report::new(shown).context("Action failed").context("Task failed"));
    execution
}
