//! The keywords of a task, rendered for one host.

use super::Detached;
use crate::engine::Engine;
use crate::scope::HostScope;
use churten_diagnostics::Report;
use churten_playbook::{Keywords, Task};
use churten_value::{Data, Repr, Value};

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
    /// Seconds; 0 for no limit. What is no possible limit is an error once the action would run.
    pub(crate) timeout: i64,
    /// `async` and `poll`, when the task is asynchronous.
    pub(crate) detached: Option<Detached>,
}

impl Attributes {
    pub(crate) fn of(engine: &Engine, task: &Task, scope: &HostScope) -> Result<Self, Report> {
        let flag = |name: &str, pick: Pick, default: bool| flag(engine, task, name, pick, default, scope);
        let delegate_to = Self::delegate(engine, task, scope)?;
        // Also actions that need no connection fail when these are wrong.
        flag("become", |keywords| &keywords.r#become, false)?;
        let others: [(&str, Pick); 7] = [
            ("become_exe", |keywords| &keywords.become_exe),
            ("become_flags", |keywords| &keywords.become_flags),
            ("become_method", |keywords| &keywords.become_method),
            ("become_user", |keywords| &keywords.become_user),
            ("connection", |keywords| &keywords.connection),
            ("port", |keywords| &keywords.port),
            ("remote_user", |keywords| &keywords.remote_user),
        ];
        for (name, pick) in others {
            keyword(engine, task, name, pick, scope)?;
        }
        debugger(engine, task, scope)?;
        Ok(Self {
            no_log: flag("no_log", |keywords| &keywords.no_log, engine.options.no_log)?,
            ignore_errors: flag("ignore_errors", |keywords| &keywords.ignore_errors, false)?,
            ignore_unreachable: flag("ignore_unreachable", |keywords| &keywords.ignore_unreachable, false)?,
            check_mode: flag("check_mode", |keywords| &keywords.check_mode, engine.options.check)?,
            diff: flag("diff", |keywords| &keywords.diff, engine.options.diff)?,
            delegate_to,
            delegate_facts: flag("delegate_facts", |keywords| &keywords.delegate_facts, false)?,
            detached: Detached::of(engine, task, scope)?,
            timeout: match keyword(engine, task, "timeout", |keywords| &keywords.timeout, scope)? {
                None => i64::try_from(engine.options.task_timeout).unwrap_or(i64::MAX),
                Some((value, raw)) => integer_from("timeout", &value, raw)?,
            },
        })
    }

    /// The host that the task is delegated to. It is found out before the conditions of the task are.
    ///
    /// # Errors
    /// A template that cannot be rendered, or that gives nothing.
    pub(crate) fn delegate(engine: &Engine, task: &Task, scope: &HostScope) -> Result<Option<String>, Report> {
        let Some(written) = task.keywords.delegate_to.as_ref().filter(|name| name.is_truthy()) else {
            return Ok(None);
        };
        let rendered = engine.templar.render(written, scope)?;
        if rendered.is_omit() {
            return Ok(None);
        }
        if !rendered.is_truthy() {
            let written = written.to_text();
            return Err(Report::new(format!("Empty hostname produced from delegate_to: \"{written}\"")));
        }
        Ok(Some(rendered.to_text()))
    }

    /// The keywords of a task some of which cannot be rendered: the others count, and what may be secret stays so.
    pub(crate) fn of_broken(engine: &Engine, task: &Task, scope: &HostScope) -> Self {
        let flag = |name: &str, pick: Pick, default: bool, broken: bool| {
            flag(engine, task, name, pick, default, scope).unwrap_or(broken)
        };
        Self {
            no_log: flag("no_log", |keywords| &keywords.no_log, engine.options.no_log, true),
            ignore_errors: flag("ignore_errors", |keywords| &keywords.ignore_errors, false, false),
            ignore_unreachable: flag("ignore_unreachable", |keywords| &keywords.ignore_unreachable, false, false),
            check_mode: flag("check_mode", |keywords| &keywords.check_mode, engine.options.check, false),
            diff: flag("diff", |keywords| &keywords.diff, engine.options.diff, false),
            ..Self::default()
        }
    }

    /// When the host gives up by itself, in milliseconds; 0 for no limit. The controller is the first to know that the
    /// time is over, and tells so.
    pub(crate) fn timeout_milliseconds(&self) -> u64 {
        const GRACE: u64 = 5_000;
        match u64::try_from(self.timeout) {
            Ok(seconds @ 1..) => seconds.saturating_mul(1000).saturating_add(GRACE),
            _ => 0,
        }
    }
}

/// `debugger` must say when.
fn debugger(engine: &Engine, task: &Task, scope: &HostScope) -> Result<(), Report> {
    const KNOWN: [&str; 5] = ["never", "always", "on_failed", "on_unreachable", "on_skipped"];
    let found = keyword(engine, task, "debugger", |keywords| &keywords.debugger, scope)?;
    match found.as_ref().and_then(|(value, raw)| Some((value.as_str()?, *raw))) {
        Some((name, raw)) if !name.is_empty() && !KNOWN.contains(&name) => {
            let known = KNOWN.join(", ");
            let cause = Report::new(format!("'{name}' is not a valid value for debugger. Must be one of {known}"));
            Err(processing("debugger", raw, cause.at(task.origin)))
        }
        _ => Ok(()),
    }
}

/// One of the keywords.
pub(crate) type Pick = fn(&Keywords) -> &Option<Value>;

/// A keyword in effect, rendered, and as it was written. `omit` on the task itself gives what is in effect around it;
/// `None` when nothing sets it.
pub(crate) fn keyword<'t>(
    engine: &Engine,
    task: &'t Task,
    name: &str,
    pick: Pick,
    scope: &HostScope,
) -> Result<Option<(Value, &'t Value)>, Report> {
    for keywords in [&task.keywords, &task.surroundings] {
        let Some(raw) = pick(keywords) else { return Ok(None) };
        let rendered = engine.templar.render(raw, scope).map_err(|report| processing(name, raw, report))?;
        if !rendered.is_omit() {
            return Ok(Some((rendered, raw)));
        }
    }
    Ok(None)
}

/// A keyword that is a boolean once rendered. An empty one is false.
pub(crate) fn flag(
    engine: &Engine,
    task: &Task,
    name: &str,
    pick: Pick,
    default: bool,
    scope: &HostScope,
) -> Result<bool, Report> {
    match keyword(engine, task, name, pick, scope)? {
        None => Ok(default),
        Some((value, _)) if value.is_none() => Ok(false),
        Some((value, raw)) => to_boolean(&value).ok_or_else(|| invalid(name, &value, raw, "bool")),
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
    let rendered = engine.templar.render(value, scope).map_err(|report| processing(name, value, report))?;
    if rendered.is_omit() || rendered.is_none() {
        return Ok(false);
    }
    to_boolean(&rendered).ok_or_else(|| invalid(name, &rendered, value, "bool"))
}

/// A keyword that is an integer once rendered.
pub(crate) fn integer(engine: &Engine, name: &str, value: &Value, scope: &HostScope) -> Result<i64, Report> {
    let rendered = engine.templar.render(value, scope).map_err(|report| processing(name, value, report))?;
    integer_from(name, &rendered, value)
}

fn integer_from(name: &str, rendered: &Value, raw: &Value) -> Result<i64, Report> {
    match &rendered.data {
        Data::Int(number) => Ok(*number),
        Data::Float(number) => Ok(*number as i64),
        Data::Str(text) if text.trim().parse::<i64>().is_ok() => Ok(text.trim().parse().unwrap_or_default()),
        _ => Err(invalid(name, rendered, raw, "int")),
    }
}

/// A keyword that is a number of seconds once rendered.
pub(crate) fn seconds(engine: &Engine, name: &str, value: &Value, scope: &HostScope) -> Result<f64, Report> {
    let rendered = engine.templar.render(value, scope).map_err(|report| processing(name, value, report))?;
    let number = match &rendered.data {
        Data::Int(number) => Some(*number as f64),
        Data::Float(number) => Some(*number),
        Data::Str(text) => text.trim().parse().ok(),
        _ => None,
    };
    // A pause that no clock can hold is as wrong as a negative one.
    number.filter(|seconds| (0.0..1e9).contains(seconds)).ok_or_else(|| invalid(name, &rendered, value, "float"))
}

/// An error of a keyword's value.
pub(crate) fn processing(name: &str, raw: &Value, cause: Report) -> Report {
    cause.context(format!("Error processing keyword '{name}'")).at(raw.origin())
}

fn invalid(name: &str, rendered: &Value, raw: &Value, wanted: &str) -> Report {
    let cause = Report::new(format!("The value {} could not be converted to '{wanted}'.", Repr(rendered)));
    processing(name, raw, cause.at(raw.origin()).apart())
}

/// An integer as an argument gives it.
pub(crate) fn integer_of(value: &Value) -> Option<i64> {
    match &value.data {
        Data::Int(number) => Some(*number),
        Data::Str(text) => text.trim().parse().ok(),
        _ => None,
    }
}
