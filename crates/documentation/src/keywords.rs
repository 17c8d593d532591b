//! The keywords of playbooks. What they apply to and take are facts of ansible-core 2.19; what is said of them is in our own
//! words, or in those of an installed ansible-core (its `keyword_desc.yml`).

use crate::look::Look;
use crate::source::{read, yaml};
use crate::yaml::block;
use churten_diagnostics::Report;
use churten_value::{Dict, Source, Value};
use std::path::Path;

/// A keyword: its name; the elements that take it, by their first letters; the type; when it is rendered (`e`xplicitly,
/// `i`mplicitly, `s`tatic: never); its priority; what it is.
type Keyword = (&'static str, &'static str, &'static str, char, i64, &'static str);

const KEYWORDS: [Keyword; 60] = [
    ("action", "TH", "string", 'e', 0, "The module or action of the task, when it is not the key itself."),
    ("always", "B", "list", 'e', 0, "Tasks that run at the end of the block, whatever happened in it."),
    ("any_errors_fatal", "PRBTH", "bool", 'e', 0, "The first host that fails ends the play for all."),
    ("args", "TH", "dict", 'e', 0, "More arguments for the module."),
    ("async", "TH", "int", 'e', 0, "Let the module run apart from the connection, for so many seconds at most."),
    ("become", "PRBTH", "bool", 'e', 0, "Run as another user of the host."),
    ("become_exe", "PRBTH", "string", 'e', 0, "The program that makes one another user."),
    ("become_flags", "PRBTH", "string", 'e', 0, "Flags for that program."),
    ("become_method", "PRBTH", "string", 'e', 0, "How to become another user: `sudo`, `su`, `doas`."),
    ("become_user", "PRBTH", "string", 'e', 0, "The user to become."),
    ("block", "B", "list", 'e', 0, "Tasks that share keywords and what happens when one fails."),
    ("changed_when", "TH", "list", 'i', 0, "Conditions under which the task counts as changed."),
    ("check_mode", "PRBTH", "bool", 'e', 0, "Predict changes, or make them, whatever the command line says."),
    ("collections", "PRBTH", "list", 's', 100, "Collections in which short names of modules and roles are looked for."),
    ("connection", "PRBTH", "string", 'e', 0, "How to reach the host: `ssh`, `local`."),
    ("debugger", "PRBTH", "string", 'e', 0, "When to stop for the debugger of tasks."),
    ("delay", "TH", "float", 'e', 0, "Seconds between two tries of `until`."),
    ("delegate_facts", "RBTH", "bool", 'e', 0, "Facts are those of the host that the task is delegated to."),
    ("delegate_to", "RBTH", "string", 'e', 0, "Run the task on another host."),
    ("diff", "PRBTH", "bool", 'e', 0, "Show what differs."),
    ("environment", "PRBTH", "list", 'e', 0, "Environment variables for the module."),
    ("fact_path", "P", "string", 'e', 0, "Where the host has facts of its own."),
    ("failed_when", "TH", "list", 'i', 0, "Conditions under which the task counts as failed."),
    ("force_handlers", "P", "bool", 'e', 0, "Run handlers also on hosts that have failed."),
    ("gather_facts", "P", "bool", 'e', 0, "Gather facts before the play begins."),
    ("gather_subset", "P", "list", 'e', 0, "Which facts are gathered then."),
    ("gather_timeout", "P", "int", 'e', 0, "Seconds that a fact may take."),
    ("handlers", "P", "list", 'e', -1, "Tasks that run once, where they were notified."),
    ("hosts", "P", "list", 'e', -2, "The hosts of the play, as a pattern."),
    ("ignore_errors", "PRBTH", "bool", 'e', 0, "Go on with a host on which the task failed."),
    ("ignore_unreachable", "PRBTH", "bool", 'e', 0, "Go on with a host that could not be reached."),
    ("loop", "TH", "list", 'e', 0, "Run the task once for each item of a list."),
    ("loop_control", "TH", "class", 'e', 0, "How a loop names, labels and paces its items."),
    ("max_fail_percentage", "P", "percent", 'e', 0, "The share of failed hosts with which the play ends."),
    ("module_defaults", "PRBTH", "list", 'e', 0, "Arguments of modules where a task gives none."),
    ("name", "PRBTH", "string", 'e', 0, "What is shown of it."),
    ("no_log", "PRBTH", "bool", 'e', 0, "Show and log neither arguments nor results."),
    ("notify", "BTH", "list", 'e', 0, "Handlers to run when the task has changed something."),
    ("order", "P", "string", 'e', 0, "The order of the hosts."),
    ("poll", "TH", "int", 'e', 0, "Seconds between two looks at a task with `async`; 0 for none."),
    ("port", "PRBTH", "int", 'e', 0, "The port of the connection."),
    ("post_tasks", "P", "list", 'e', -1, "Tasks after those of the play."),
    ("pre_tasks", "P", "list", 'e', -1, "Tasks before the roles of the play."),
    ("register", "TH", "string", 's', 0, "The variable that holds the result."),
    ("remote_user", "PRBTH", "string", 'e', 0, "The user to log in as."),
    ("rescue", "B", "list", 'e', 0, "Tasks that run when one of the block fails."),
    ("retries", "TH", "int", 'e', 0, "How often `until` tries."),
    ("roles", "P", "list", 'e', 90, "The roles of the play, which run before its tasks."),
    ("run_once", "PRBTH", "bool", 'e', 0, "Run on the first host for all of them."),
    ("serial", "P", "list", 'e', 0, "How many hosts go through the play at a time."),
    ("strategy", "P", "string", 'e', 0, "How hosts go through the tasks."),
    ("tags", "PRBTH", "list", 'e', 0, "Words by which tasks are chosen on the command line."),
    ("tasks", "P", "list", 'e', -1, "The tasks of the play."),
    ("throttle", "PRBTH", "int", 'e', 0, "How many hosts run the task at a time."),
    ("timeout", "PRBTH", "int", 'e', 0, "Seconds after which the task has failed."),
    ("until", "TH", "list", 'i', 0, "Run the task again until these conditions hold."),
    ("vars", "PRBTH", "dict", 's', 100, "Variables."),
    ("vars_files", "P", "list", 'e', 99, "Files with variables of the play."),
    ("vars_prompt", "P", "list", 'e', 0, "Variables that are asked for when the play begins."),
    ("when", "RBTH", "list", 'i', 0, "Conditions under which it runs."),
];

/// Every keyword: what it is, what it applies to, its type. `core` is the directory that holds an installed ansible-core,
/// whose words are taken.
///
/// # Errors
/// Its words cannot be read.
pub fn keywords(core: Option<&Path>) -> Result<Dict, Report> {
    let theirs = match core.map(|core| core.join("ansible/keyword_desc.yml")).filter(|path| path.is_file()) {
        Some(path) => yaml(&read(&path)?, Source::file(&path.to_string_lossy()))?.as_dict().cloned(),
        None => None,
    };
    let own = |keyword: &Keyword| (keyword.0.to_owned(), Value::from(keyword.5.replace('`', "'")));
    let mut descriptions: Vec<(String, Value)> = match &theirs {
        Some(theirs) => theirs.iter().map(|(name, said)| (name.to_text(), said.clone())).collect(),
        None => KEYWORDS.iter().map(own).collect(),
    };
    descriptions.sort_by(|(one, _), (other, _)| one.cmp(other));
    let about = |(name, said): (String, Value)| {
        let mut about = KEYWORDS
            .iter()
            .find(|keyword| keyword.0 == name)
            .map_or_else(|| Dict::from([("applies_to", Value::list(Vec::new()))]), facts);
        about.insert("description", said);
        (Value::from(name), Value::dict(about))
    };
    Ok(descriptions.into_iter().map(about).collect())
}

fn facts(&(name, elements, kind, rendered, priority, _): &Keyword) -> Dict {
    let element = |letter: char| match letter {
        'P' => "Play",
        'R' => "Role",
        'B' => "Block",
        'T' => "Task",
        _ => "Handler",
    };
    let rendered = match rendered {
        'i' => "implicit",
        's' => "static",
        _ => "explicit",
    };
    let mut facts = Dict::from([
        ("applies_to", elements.chars().map(element).collect::<Value>()),
        ("priority", priority.into()),
        ("template", rendered.into()),
        ("type", kind.into()),
    ]);
    if name == "async" {
        facts.insert("alias", "async");
    }
    facts
}

/// What is said of keywords, as a page, or of each in a line of a list.
pub fn keyword_page(about: &Dict, look: &Look<'_>) -> String {
    block(&Value::dict(about.clone()), "", look)
}
