//! Names of groups and variables.

use churten_diagnostics::Report;
use churten_value::{Value, str_repr};

/// What to do about group names that are no variable names (`TRANSFORM_INVALID_GROUP_CHARS`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Transform {
    Always,
    Silently,
    Never,
    Ignore,
}

impl Transform {
    pub(crate) fn of_setting(text: &str) -> Self {
        match text {
            "always" => Self::Always,
            "silently" => Self::Silently,
            "ignore" => Self::Ignore,
            _ => Self::Never,
        }
    }
}

/// The name to use for a group, and whether its characters are worth a warning.
pub(crate) fn safe_group_name(name: &str, transform: Transform) -> (String, Option<&'static str>) {
    let is_valid = |(index, c): (usize, char)| c == '_' || c.is_alphanumeric() && !(index == 0 && c.is_numeric());
    let bad = name.chars().enumerate().any(|place| !is_valid(place));
    if !bad {
        return (name.to_owned(), None);
    }
    if transform == Transform::Always || transform == Transform::Silently {
        let name = name.chars().enumerate().map(|(index, c)| if is_valid((index, c)) { c } else { '_' }).collect();
        let warning =
            "Invalid characters were found in group names and automatically replaced, use -vvvv to see details";
        return (name, (transform != Transform::Silently).then_some(warning));
    }
    let warning = "Invalid characters were found in group names but not replaced, use -vvvv to see details";
    (name.to_owned(), (transform == Transform::Never).then_some(warning))
}

/// Keywords of plays, blocks and tasks, and names the template language has taken.
const RESERVED: [&str; 75] = [
    "action",
    "always",
    "any_errors_fatal",
    "args",
    "async",
    "async_val",
    "become",
    "become_exe",
    "become_flags",
    "become_method",
    "become_user",
    "block",
    "changed_when",
    "check_mode",
    "collections",
    "connection",
    "cycler",
    "debugger",
    "delay",
    "delegate_facts",
    "delegate_to",
    "dict",
    "diff",
    "environment",
    "fact_path",
    "failed_when",
    "force_handlers",
    "gather_facts",
    "gather_subset",
    "gather_timeout",
    "handlers",
    "hosts",
    "ignore_errors",
    "ignore_unreachable",
    "joiner",
    "lipsum",
    "local_action",
    "lookup",
    "loop",
    "loop_control",
    "loop_with",
    "max_fail_percentage",
    "module_defaults",
    "name",
    "namespace",
    "no_log",
    "notify",
    "now",
    "omit",
    "order",
    "poll",
    "port",
    "post_tasks",
    "pre_tasks",
    "q",
    "query",
    "range",
    "register",
    "remote_user",
    "rescue",
    "retries",
    "roles",
    "run_once",
    "serial",
    "strategy",
    "tags",
    "tasks",
    "throttle",
    "timeout",
    "undef",
    "until",
    "vars_files",
    "vars_prompt",
    "when",
    "with_",
];

/// The warning about a variable named like a keyword.
pub(crate) fn reserved(key: &Value) -> Option<Report> {
    let name = key.as_str()?;
    RESERVED
        .contains(&name)
        .then(|| Report::new(format!("Found variable using reserved name {}.", str_repr(name))).at(key.origin()))
}

/// The deprecation of a variable whose name is no identifier.
pub(crate) fn invalid(key: &Value) -> Option<Report> {
    let name = key.to_text();
    let is_identifier = !name.is_empty()
        && name
            .chars()
            .enumerate()
            .all(|(index, c)| c == '_' || c.is_ascii_alphabetic() || index > 0 && c.is_ascii_digit())
        && key.as_str().is_some();
    const KEYWORDS: [&str; 7] = ["False", "None", "True", "false", "none", "not", "true"];
    if is_identifier && !KEYWORDS.contains(&name.as_str()) {
        return None;
    }
    let shown = churten_value::Repr(key);
    Some(
        Report::new(format!(
            "Accepting inventory variable with invalid name {shown}. This feature will be removed from ansible-core \
             version 2.23."
        ))
        .at(key.origin())
        .help(
            "Variable names must be strings starting with a letter or underscore character, and contain only letters, \
             numbers and underscores.",
        ),
    )
}
