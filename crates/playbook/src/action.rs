//! What a task does: the action statement in all its forms.

use crate::environment::Environment;
use crate::fields::{class_of, place};
use crate::keyword_table::is_task_keyword;
use churten_diagnostics::Report;
use churten_syntax::parse_key_values_tagged;
use churten_value::{Data, Dict, Origin, Value};
use std::sync::Arc;

/// Actions whose whole text is one free-form command.
const FREE_FORM: &[&str] = &["command", "raw", "script", "shell", "win_command", "win_shell"];
/// Other actions that accept text beside `k=v`.
const RAW_PARAMS: &[&str] = &[
    "add_host",
    "group_by",
    "import_role",
    "import_tasks",
    "include_role",
    "include_tasks",
    "include_vars",
    "meta",
    "set_fact",
];

fn simple_name(name: &str) -> Option<&str> {
    if let Some(windows) = name.strip_prefix("ansible.windows.") {
        return windows.starts_with("win_").then_some(windows);
    }
    let simple = name.strip_prefix("ansible.builtin.").or_else(|| name.strip_prefix("ansible.legacy.")).unwrap_or(name);
    (!simple.contains('.')).then_some(simple)
}

pub(crate) fn is_free_form(name: &str) -> bool {
    simple_name(name).is_some_and(|simple| FREE_FORM.contains(&simple))
}

pub(crate) fn takes_raw_params(name: &str) -> bool {
    simple_name(name).is_some_and(|simple| FREE_FORM.contains(&simple) || RAW_PARAMS.contains(&simple))
}

/// The action statement of a task.
pub(crate) struct Statement {
    /// The action's name as written.
    pub(crate) name: Arc<str>,
    /// Where the name is written when it was given by `action:` or `local_action:`.
    pub(crate) origin: Option<Origin>,
    /// True for the form `NAME: ...`, whose name must resolve at load.
    pub(crate) is_key: bool,
    /// True for `local_action`.
    pub(crate) is_local: bool,
    /// A mapping, or one template.
    pub(crate) args: Value,
}

/// Find the one action of a task. `origin` is the task's place.
pub(crate) fn statement(
    task: &Dict,
    origin: Option<Origin>,
    environment: &dyn Environment,
) -> Result<Statement, Report> {
    let additional = additional_args(task, origin, environment)?;
    let mut found: Option<Statement> = None;
    let mut is_text = false;
    if let Some(thing) = task.get("action") {
        found = Some(old_style(thing, origin, environment)?);
    }
    if let Some(thing) = task.get("local_action") {
        if found.is_some() {
            return Err(Report::parser("action and local_action are mutually exclusive").at(origin));
        }
        let statement = old_style(thing, origin, environment)?;
        found = Some(Statement { is_local: true, ..statement });
    }
    for (key, thing) in task {
        let Some(name) = key.as_str() else {
            return Err(Report::parser(format!("'{}' is not a valid attribute for a Task", key.to_text()))
                .at(key.origin().or(origin)));
        };
        if is_task_keyword(name) {
            continue;
        }
        if let Some(other) = &found {
            return Err(Report::parser(format!("conflicting action statements: {}, {name}", other.name)).at(origin));
        }
        is_text = thing.as_str().is_some();
        found = Some(Statement {
            name: name.into(),
            origin: key.origin(),
            is_key: true,
            is_local: false,
            args: arguments(name, thing, origin, environment)?,
        });
    }
    let Some(mut statement) = found else {
        return Err(Report::parser("no module/action detected in task.").at(origin));
    };
    if is_text && task.contains("args") {
        warn_of_text(&statement.args, environment);
    }
    statement.args = merge(additional, statement.args);
    let internal = |name: &&Value| name.as_str().is_some_and(|name| name.starts_with("_ansible_"));
    if let Some(name) = statement.args.as_dict().and_then(|args| args.keys().find(internal)) {
        return Err(Report::new(format!(
            "Invalid parameter specified beginning with keyword '_ansible_' for action '{}': '{}'. The prefix '_ansible_' \
             is reserved for internal use only.",
            statement.name,
            name.to_text()
        )));
    }
    Ok(statement)
}

/// `args:` as a mapping or one template; `None` when absent or empty.
fn additional_args(
    task: &Dict,
    origin: Option<Origin>,
    environment: &dyn Environment,
) -> Result<Option<Value>, Report> {
    const HELP: &str = "A mapping or template which resolves to a mapping is required.";
    let Some(args) = task.get("args") else { return Ok(None) };
    match &args.data {
        Data::None => {
            environment.deprecation(Report::new("Ignoring empty task `args` keyword.").at(origin).help(HELP), "2.23");
            Ok(None)
        }
        Data::Dict(_) => Ok(Some(args.clone())),
        Data::Str(_) if environment.is_template(args) => Ok(Some(args.clone())),
        _ => Err(Report::parser("The value of the task `args` keyword is invalid.").at(place(args)).help(HELP)),
    }
}

/// Arguments in the form `k=v` beside the keyword `args`.
fn warn_of_text(own: &Value, environment: &dyn Environment) {
    let Data::Dict(entries) = &own.data else { return };
    let written = entries.keys().filter(|key| key.as_str() != Some("_raw_params"));
    let names: Vec<String> = written.map(|key| churten_value::Repr(key).to_string()).collect();
    if !names.is_empty() {
        let report = Report::new(format!("Merging legacy k=v args ({}) into task args.", names.join(", ")));
        let report = report.at(own.origin()).help("Include all task args in the task `args` mapping.");
        environment.deprecation(report, "2.23");
    }
}

fn merge(additional: Option<Value>, own: Value) -> Value {
    let Some(additional) = additional else { return own };
    let (base, own_entries) = match (&additional.data, &own.data) {
        (_, Data::Dict(entries)) if entries.is_empty() => return additional,
        (Data::Dict(base), Data::Dict(entries)) => ((**base).clone(), entries.clone()),
        (_, Data::Dict(entries)) => (Dict::from([("_variable_params", additional.clone())]), entries.clone()),
        (Data::Dict(base), _) => {
            let mut merged = (**base).clone();
            merged.insert("_variable_params", own.clone());
            return Value::dict(merged).with_tags(own.tags);
        }
        _ => return own,
    };
    let mut merged = base;
    merged.extend_from(&own_entries);
    Value::dict(merged).with_tags(own.tags)
}

fn unexpected(thing: &Value, origin: Option<Origin>) -> Report {
    Report::parser(format!("unexpected parameter type in action: {}", class_of(thing))).at(origin)
}

/// The arguments in `NAME: thing`.
fn arguments(
    name: &str,
    thing: &Value,
    origin: Option<Origin>,
    environment: &dyn Environment,
) -> Result<Value, Report> {
    match &thing.data {
        Data::Dict(_) => Ok(thing.clone()),
        Data::None => Ok(Value::dict(Dict::new())),
        Data::Str(text) => key_values(name, text, thing, origin, environment),
        _ => Err(unexpected(thing, origin)),
    }
}

fn key_values(
    name: &str,
    text: &str,
    thing: &Value,
    origin: Option<Origin>,
    environment: &dyn Environment,
) -> Result<Value, Report> {
    let mut parsed = parse_key_values_tagged(text, is_free_form(name), thing.tags)
        .map_err(|error| Report::parser(format!("Error loading tasks: {}", error.headline())).at(origin))?;
    // `debug: "{{ arguments }}"`: the template gives the whole mapping.
    if !takes_raw_params(name) && parsed.len() == 1 && parsed.contains("_raw_params") && environment.is_template(thing)
    {
        return Ok(Value::str(text.trim()).with_tags(thing.tags));
    }
    // Beside other arguments it gives those that are not written.
    if !takes_raw_params(name)
        && let Some(template) = parsed.get("_raw_params").filter(|raw| environment.is_template(raw)).cloned()
    {
        parsed.remove("_raw_params");
        parsed.insert("_variable_params", template);
    }
    Ok(Value::dict(parsed).with_tags(thing.tags))
}

/// `action: NAME k=v`, or a mapping with `module`.
fn old_style(thing: &Value, origin: Option<Origin>, environment: &dyn Environment) -> Result<Statement, Report> {
    let missing = || Report::parser("no module/action detected in task.").at(origin);
    let (text, rest) = match &thing.data {
        Data::Str(text) => (text.clone(), None),
        Data::Dict(entries) => {
            environment.deprecation(
                Report::new("Using a mapping for `action` is deprecated.")
                    .at(thing.origin())
                    .help("Use a string value for `action`."),
                "2.23",
            );
            let module = entries.get("module").and_then(Value::as_str).ok_or_else(missing)?;
            let mut rest = (**entries).clone();
            rest.remove("module");
            // `args` inside stands for what it holds, as a mapping or as `k=v`.
            let inner = match rest.get("args").map(|inner| (&inner.data, inner.tags)) {
                Some((Data::Dict(inner), _)) => Some(inner.as_ref().clone()),
                Some((Data::Str(text), tags)) => Some(
                    parse_key_values_tagged(text, false, tags)
                        .map_err(|error| Report::parser(error.headline()).at(origin))?,
                ),
                _ => None,
            };
            if let Some(inner) = inner {
                rest.remove("args");
                rest.extend_from(&inner);
            }
            (Arc::from(module), Some(rest))
        }
        _ => return Err(unexpected(thing, origin)),
    };
    let (name, remainder) = split_name(text.trim());
    if name.is_empty() {
        return Err(missing());
    }
    let mut args = match key_values(name, remainder, thing, origin, environment)? {
        value if remainder.is_empty() => {
            drop(value);
            Value::dict(Dict::new()).with_tags(thing.tags)
        }
        value => value,
    };
    if let (Some(rest), Data::Dict(given)) = (rest, &args.data) {
        let mut merged = rest;
        merged.extend_from(given);
        args = Value::dict(merged).with_tags(thing.tags);
    }
    Ok(Statement { name: name.into(), origin: thing.origin(), is_key: false, is_local: false, args })
}

/// The first word, which may be a template with spaces in it, and the rest.
fn split_name(text: &str) -> (&str, &str) {
    let mut depth = 0_usize;
    let bytes = text.as_bytes();
    for (index, byte) in bytes.iter().enumerate() {
        match byte {
            b'{' if bytes.get(index + 1).is_some_and(|next| matches!(next, b'{' | b'%')) => depth += 1,
            b'}' if index > 0 && matches!(bytes[index - 1], b'}' | b'%') => depth = depth.saturating_sub(1),
            b' ' | b'\t' | b'\n' if depth == 0 => return (&text[..index], text[index..].trim_start()),
            _ => {}
        }
    }
    (text, "")
}
