//! Which Python of the host runs modules: the one of the settings, or one that is looked for (`auto`).

use super::exec;
use crate::actions::ActionContext;
use crate::reach;
use crate::scope::HostScope;
use crate::task::Execution;
use churten_connection::Session;
use churten_diagnostics::Report;
use churten_protocol::Blob;
use churten_value::{Dict, Value, str_repr};
use std::cell::{Cell, RefCell};

/// Prints the path of the first of its arguments that is a program.
const LOOK: &str = "for p in \"$@\"; do command -v \"$p\" && exit 0; done; exit 1";

/// What is taken when none of the names is found.
const LAST_RESORT: &str = "/usr/bin/python3";

/// Where ansible-core explains the search.
const ADVICE: &str = "https://docs.ansible.com/ansible-core/2.19/reference_appendices/interpreter_discovery.html";

/// A Python of a host.
pub(crate) struct Interpreter {
    /// As it is started: a path, or a name that the host looks up.
    pub(super) path: String,
    /// It was looked for in this task, which is to be told.
    is_new: bool,
}

impl Interpreter {
    /// Puts what the search found into the task's result.
    pub(crate) fn tell(self, result: &mut Dict) {
        if !self.is_new {
            return;
        }
        let mut facts = Dict::from([("discovered_interpreter_python", Value::from(self.path))]);
        if let Some(others) = result.get("ansible_facts").and_then(Value::as_dict) {
            facts.extend_from(others);
        }
        result.insert("ansible_facts", Value::dict(facts));
    }
}

/// The interpreter of the settings (`INTERPRETER_PYTHON` and its variables); for `auto` the one found before on this host,
/// or the first of `INTERPRETER_PYTHON_FALLBACK` that is there now.
///
/// The search is part of any task whose host asks for it by its variable, as people read what it finds; without the variable
/// only modules in Python need one.
pub(super) async fn interpreter(context: &ActionContext<'_>, session: &Session) -> Result<Interpreter, Box<Execution>> {
    let wanted = setting(context, "INTERPRETER_PYTHON")?.to_text();
    if !wanted.starts_with("auto") {
        return Ok(Interpreter { path: wanted.trim().to_owned(), is_new: false });
    }
    if let Some(path) = found_before(context) {
        return Ok(Interpreter { path, is_new: false });
    }
    let names = setting(context, "INTERPRETER_PYTHON_FALLBACK")?;
    let names: Vec<String> = names.as_list().unwrap_or_default().iter().map(Value::to_text).collect();
    // ansible-core's search is a line for a shell, which such a name makes unreadable.
    let is_unreadable = names.iter().any(|name| name.contains('\''));
    let mut argv = ["/bin/sh", "-c", LOOK, "sh"].map(str::to_owned).to_vec();
    argv.extend(names.iter().cloned());
    let looked = session.exec(exec(context, argv, Blob::default())).await;
    let output = looked.map_err(|error| Box::new(reach::failure(&error)))?;
    let said = String::from_utf8_lossy(&output.stdout.0).into_owned();
    let found =
        said.lines().next().map(str::trim).filter(|path| output.code == 0 && !path.is_empty() && !is_unreadable);
    let path = found.unwrap_or(LAST_RESORT).to_owned();
    context.engine.remember_interpreter(context.target(), &path);
    if context.delegate.is_some() && fact(context.scope).is_some() {
        // ansible-core takes the interpreter of the play's host here, and has nothing to tell.
        return Ok(Interpreter { path, is_new: false });
    }
    if !wanted.ends_with("_silent") {
        if is_unreadable {
            let host = str_repr(context.target());
            let cause = Report::new("unexpected output from Python interpreter discovery");
            let what = format!("Unhandled error in Python interpreter discovery for host {host}");
            context.engine.warn_report(cause.context(what));
        }
        let found = found.or(is_unreadable.then_some(LAST_RESORT));
        context.engine.warn_report(warning(context.target(), found, &names));
    }
    if wanted.starts_with("auto_legacy") {
        context.engine.warn_report(Report::new(format!(
            "The '{wanted}' option for 'INTERPRETER_PYTHON' now has the same effect as 'auto'. This feature will be removed from \
             ansible-core version 2.21."
        )));
    }
    Ok(Interpreter { path, is_new: true })
}

fn warning(host: &str, found: Option<&str>, names: &[String]) -> Report {
    let host = str_repr(host);
    match found {
        Some(path) => Report::new(format!(
            "Host {host} is using the discovered Python interpreter at {}, but future installation of another Python \
             interpreter could cause a different interpreter to be discovered.",
            str_repr(path)
        ))
        .help(format!("See {ADVICE} for more information.")),
        None => {
            let tried: Vec<String> = names.iter().map(|name| str_repr(name)).collect();
            Report::new(format!("No python interpreters found for host {host} (tried [{}]).", tried.join(", ")))
        }
    }
}

/// Does the host's variable ask for a search that has not been made?
pub(crate) fn is_wanted(context: &ActionContext<'_>) -> bool {
    let asks = |value: Value| value.as_str().is_some_and(|text| text.starts_with("auto"));
    variable(context, "ansible_python_interpreter").is_some_and(asks) && found_before(context).is_none()
}

/// Does a module in Python have to wait for a search?
pub(super) fn is_to_be_found(context: &ActionContext<'_>) -> bool {
    let is_auto = |value: Value| value.to_text().starts_with("auto");
    found_before(context).is_none() && setting(context, "INTERPRETER_PYTHON").is_ok_and(is_auto)
}

fn found_before(context: &ActionContext<'_>) -> Option<String> {
    let found = context.engine.interpreter_of(context.target());
    found.or_else(|| fact(context.target_scope()))
}

/// The fact that an earlier search left.
fn fact(scope: &HostScope) -> Option<String> {
    let facts = scope.value("ansible_facts")?;
    facts.get("discovered_interpreter_python").map(Value::to_text)
}

/// A setting of the host, which may be a variable. One that is omitted is what it is by default, whatever the configuration says.
pub(in crate::actions) fn setting(context: &ActionContext<'_>, name: &str) -> Result<Value, Box<Execution>> {
    let settings = &context.engine.settings;
    let (broken, is_omitted) = (RefCell::new(None), Cell::new(false));
    let look = |name: &str| match template(context, name) {
        Ok(value) => {
            is_omitted.set(value.as_ref().is_some_and(Value::is_omit));
            value.filter(|value| !value.is_none() && !value.is_omit())
        }
        Err(report) => broken.replace(Some(report)).and(None),
    };
    let found = settings.get_with_variables(name, &look);
    if is_omitted.get() {
        return Ok(settings.default_of(name));
    }
    let found = broken.take().map_or(found, Err);
    found.map_err(|report: Report| Box::new(Execution::failure(report)))
}

/// A variable of the host that can be read.
fn variable(context: &ActionContext<'_>, name: &str) -> Option<Value> {
    rendered(context, name).ok().flatten()
}

/// A variable of the host; `None` for one that is nothing.
pub(super) fn rendered(context: &ActionContext<'_>, name: &str) -> Result<Option<Value>, Report> {
    Ok(template(context, name)?.filter(|value| !value.is_none() && !value.is_omit()))
}

fn template(context: &ActionContext<'_>, name: &str) -> Result<Option<Value>, Report> {
    let Some(raw) = context.target_scope().value(name) else { return Ok(None) };
    context.engine.templar.render(&raw, context.target_scope()).map(Some)
}
