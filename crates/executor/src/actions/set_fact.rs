//! `set_fact`: set variables of the host.

use super::ActionContext;
use crate::task::{Execution, to_boolean};
use churten_diagnostics::Report;
use churten_value::{Dict, Value};

const NAME_RULE: &str = "Variable names must be strings starting with a letter or underscore character, and contain only letters, numbers and underscores.";

pub(crate) fn run(context: &ActionContext<'_>, mut arguments: Dict) -> Execution {
    let cacheable = arguments.remove("cacheable").and_then(|value| to_boolean(&value)).unwrap_or(false);
    if arguments.is_empty() {
        return Execution::refused("No key/value pairs provided, at least one is required for this action to succeed");
    }
    let mut facts = Dict::new();
    for (name, value) in arguments {
        if let Err(report) = check_name(&name) {
            return Execution::action_error(report);
        }
        facts.insert(name, value);
    }
    context.engine.warn_reserved(&facts);
    let result = Dict::from([
        ("changed", Value::from(false)),
        ("ansible_facts", Value::dict(facts)),
        ("_ansible_facts_cacheable", cacheable.into()),
    ]);
    Execution::of(result)
}

/// Refuse what cannot be the name of a variable.
pub(super) fn check_name(name: &Value) -> Result<(), Report> {
    let text = name.to_text();
    let kind = match name.as_str() {
        Some(_) if is_variable_name(&text) => return Ok(()),
        Some(_) => String::new(),
        None => format!(" of type '{}'", name.type_name()),
    };
    Err(Report::new(format!("Invalid variable name '{text}'{kind}.")).at(name.origin()).help(NAME_RULE))
}

/// A Python identifier in ASCII that is no keyword.
pub(crate) fn is_variable_name(name: &str) -> bool {
    const KEYWORDS: [&str; 38] = [
        // Jinja's own constants are no names, either.
        "true", "false", "none", "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class",
        "continue", "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in",
        "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
    ];
    let mut letters = name.chars();
    letters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && letters.all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !KEYWORDS.contains(&name)
}
