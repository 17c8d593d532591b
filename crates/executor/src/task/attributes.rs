//! The keywords of a task, rendered for one host.

use super::Detached;
use crate::engine::Engine;
use crate::scope::HostScope;
use churten_diagnostics::Report;
use churten_playbook::Task;
use churten_value::{Data, Value};

/// The keywords that decide how a task runs and how its result counts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Attributes {
    pub(crate) no_log: bool,
    pub(crate) ignore_errors: bool,
    pub(crate) ignore_unreachable: bool,
    pub(crate) check_mode: bool,
    pub(crate) diff: bool,
    pub(crate) delegate_to: Option<String>,
    pub(crate) delegate_facts: bool,
    /// Seconds; 0 for no limit.
    pub(crate) timeout: u64,
    /// `async` and `poll`, when the task is asynchronous.
    pub(crate) detached: Option<Detached>,
}

impl Attributes {
    pub(crate) fn of(engine: &Engine, task: &Task, scope: &HostScope) -> Result<Self, Report> {
        let keywords = &task.keywords;
        let flag = |name: &str, value: &Option<Value>, default: bool| match value {
            None => Ok(default),
            Some(value) => boolean(engine, name, value, scope),
        };
        let delegate_to = match &keywords.delegate_to {
            None => None,
            Some(name) => {
                let rendered = engine.templar.render(name, scope)?;
                if rendered.is_omit() || rendered.is_none() {
                    None
                } else {
                    let name = rendered.to_text();
                    if name.is_empty() {
                        return Err(Report::new("Empty hostname produced from delegate_to: \"\"").at(rendered.origin()));
                    }
                    Some(name)
                }
            }
        };
        Ok(Self {
            no_log: flag("no_log", &keywords.no_log, engine.options.no_log)?,
            ignore_errors: flag("ignore_errors", &keywords.ignore_errors, false)?,
            ignore_unreachable: flag("ignore_unreachable", &keywords.ignore_unreachable, false)?,
            check_mode: flag("check_mode", &keywords.check_mode, engine.options.check)?,
            diff: flag("diff", &keywords.diff, engine.options.diff)?,
            delegate_to,
            delegate_facts: flag("delegate_facts", &keywords.delegate_facts, false)?,
            detached: Detached::of(engine, task, scope)?,
            timeout: match &keywords.timeout {
                None => engine.options.task_timeout,
                Some(value) => integer(engine, "timeout", value, scope)?.unsigned_abs(),
            },
        })
    }
}

/// Ansible's booleans: `yes`, `on`, `1`, `true`, `t`, `y` and their opposites, in any case.
pub(crate) fn to_boolean(value: &Value) -> Option<bool> {
    match &value.data {
        Data::Bool(flag) => Some(*flag),
        Data::Int(0) => Some(false),
        Data::Int(1) => Some(true),
        Data::Float(number) if *number == 0.0 => Some(false),
        Data::Float(number) if *number == 1.0 => Some(true),
        Data::Str(text) => match text.trim().to_lowercase().as_str() {
            "y" | "yes" | "on" | "1" | "true" | "t" | "1.0" => Some(true),
            "n" | "no" | "off" | "0" | "false" | "f" | "0.0" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// A keyword that is a boolean once rendered. An omitted or empty one is false.
pub(crate) fn boolean(engine: &Engine, name: &str, value: &Value, scope: &HostScope) -> Result<bool, Report> {
    let rendered = engine.templar.render(value, scope)?;
    if rendered.is_omit() || rendered.is_none() {
        return Ok(false);
    }
    to_boolean(&rendered).ok_or_else(|| invalid(name, &rendered, value, "bool"))
}

/// A keyword that is an integer once rendered.
pub(crate) fn integer(engine: &Engine, name: &str, value: &Value, scope: &HostScope) -> Result<i64, Report> {
    let rendered = engine.templar.render(value, scope)?;
    match &rendered.data {
        Data::Int(number) => Ok(*number),
        Data::Float(number) => Ok(*number as i64),
        Data::Str(text) if text.trim().parse::<i64>().is_ok() => Ok(text.trim().parse().unwrap_or_default()),
        _ => Err(invalid(name, &rendered, value, "int")),
    }
}

/// A keyword that is a number of seconds once rendered.
pub(crate) fn seconds(engine: &Engine, name: &str, value: &Value, scope: &HostScope) -> Result<f64, Report> {
    let rendered = engine.templar.render(value, scope)?;
    let number = match &rendered.data {
        Data::Int(number) => Some(*number as f64),
        Data::Float(number) => Some(*number),
        Data::Str(text) => text.trim().parse().ok(),
        _ => None,
    };
    // A pause that no clock can hold is as wrong as a negative one.
    number.filter(|seconds| (0.0..1e9).contains(seconds)).ok_or_else(|| invalid(name, &rendered, value, "float"))
}

fn invalid(name: &str, rendered: &Value, raw: &Value, wanted: &str) -> Report {
    let type_name = rendered.type_name();
    Report::new(format!(
        "the field '{name}' has an invalid value ({}), and could not be converted to {wanted}: type {type_name}",
        rendered.to_text()
    ))
    .at(raw.origin())
}

/// An integer as an argument gives it.
pub(crate) fn integer_of(value: &Value) -> Option<i64> {
    match &value.data {
        Data::Int(number) => Some(*number),
        Data::Str(text) => text.trim().parse().ok(),
        _ => None,
    }
}
