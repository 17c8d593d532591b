//! From raw arguments to what an action gets.

use crate::engine::Engine;
use crate::scope::HostScope;
use churten_diagnostics::Report;
use churten_playbook::Task;
use churten_value::{Data, Dict, Value};

/// Arguments that actions evaluate themselves, as expressions or raw.
fn stays_raw(resolved: &str, argument: &str) -> bool {
    let action = resolved.strip_prefix("ansible.builtin.").unwrap_or_default();
    matches!((action, argument), ("debug", "var") | ("assert", "that"))
        || argument == "expression" && resolved == crate::actions::PROTOMATTER_DEBUG
}

/// The rendered arguments of a task, `module_defaults` below, omitted ones left out.
pub(crate) fn arguments(engine: &Engine, task: &Task, scope: &HostScope) -> Result<Dict, Report> {
    let failed = |report: Report| {
        report.context(format!("Finalization of task args for '{}' failed", task.action.resolved)).at(task_place(task))
    };
    let action = task.action.builtin().unwrap_or_default();
    let written = match &task.args.data {
        Data::Dict(entries) => entries.as_ref().clone(),
        Data::None => Dict::new(),
        _ => {
            unsafe_template(engine, &task.args);
            let rendered = engine.templar.render(&task.args, scope).map_err(failed)?;
            mapping(&rendered, &task.args).map_err(failed)?
        }
    };
    // `args: "{{ mapping }}"` beside other arguments: it comes below them.
    let below = match written.get("_variable_params") {
        None => Dict::new(),
        Some(template) => {
            unsafe_template(engine, template);
            let rendered = engine.templar.render(template, scope).map_err(failed)?;
            mapping(&rendered, template).map_err(failed)?
        }
    };
    let is_masked = |name: &Value| written.get_value(name).or_else(|| below.get_value(name)).is_some();
    let mut arguments = defaults(engine, task, scope, &task.action.resolved, &is_masked).map_err(failed)?;
    arguments.extend_from(&below);
    if written.contains("_raw_params") && !task.action.takes_raw_params() {
        let message = format!("Action '{}' does not support raw params.", task.action.resolved);
        return Err(Report::new(message).at(task_place(task)));
    }
    for (name, value) in &written {
        let text = name.to_text();
        if text == "_variable_params" {
            continue;
        }
        if stays_raw(&task.action.resolved, &text) {
            arguments.insert(name.clone(), value.clone());
            continue;
        }
        let rendered = argument(engine, &text, value, scope).map_err(failed)?;
        // Names of facts may be templates; names of arguments may not.
        let name = match action == "set_fact" && engine.templar.is_template(name) {
            true => &engine.templar.render(name, scope).map_err(failed)?,
            false => name,
        };
        if let ("add_host", "_raw_params", Some(entries)) = (action, &*text, rendered.as_dict()) {
            // `add_host: "{{ mapping }}"`
            arguments.extend_from(entries);
            continue;
        }
        if rendered.is_omit() {
            arguments.remove_value(name);
        } else {
            arguments.insert(name.clone(), rendered);
        }
    }
    if let ("service", Some(manager)) = (action, service_manager(&arguments, scope)) {
        arguments = with_defaults_of(engine, task, scope, &manager, &arguments).map_err(failed)?;
    }
    Ok(arguments)
}

/// One argument, rendered.
fn argument(engine: &Engine, name: &str, value: &Value, scope: &HostScope) -> Result<Value, Report> {
    engine.templar.render(value, scope).map_err(|report| {
        let context = format!("Error while resolving value for '{name}'");
        report.context(context).at(value.origin()).about(value.to_text())
    })
}

/// What a template for all arguments gave.
fn mapping(rendered: &Value, template: &Value) -> Result<Dict, Report> {
    match &rendered.data {
        Data::Dict(entries) => Ok(entries.as_ref().clone()),
        Data::None | Data::Omit => Ok(Dict::new()),
        _ => {
            let message = format!("Task args must resolve to a 'dict' not '{}'.", rendered.type_name());
            Err(Report::new(message).at(template.origin()))
        }
    }
}

/// Facts as variables could choose the arguments of a task.
fn unsafe_template(engine: &Engine, template: &Value) {
    if engine.variables.injects_facts() {
        let message = "Using a template for task args is unsafe in some situations (see \
                       https://docs.ansible.com/ansible/devel/reference_appendices/faq.html#argsplat-unsafe).";
        engine.warn_report(Report::new(message).at(template.origin()));
    }
}

/// Where errors about a task's arguments point: the action's own line.
fn task_place(task: &Task) -> Option<churten_value::Origin> {
    task.action_origin.or(task.origin)
}

/// `module_defaults` that apply to an action, by its full name; outermost weakest. What the task says itself (`is_masked`)
/// is not rendered.
fn defaults(
    engine: &Engine,
    task: &Task,
    scope: &HostScope,
    action: &str,
    is_masked: &dyn Fn(&Value) -> bool,
) -> Result<Dict, Report> {
    let mut merged = Dict::new();
    for layer in &task.keywords.module_defaults {
        let Some(written) = layer.get(action) else { continue };
        match written.as_dict() {
            Some(defaults) => merged.extend_from(defaults),
            None => {
                let rendered = engine.templar.render(written, scope)?;
                merged.extend_from(rendered.as_dict().unwrap_or(&Dict::new()));
            }
        }
    }
    let mut rendered = Dict::with_capacity(merged.len());
    for (name, value) in &merged {
        if !is_masked(name) {
            let value = argument(engine, &name.to_text(), value, scope)?;
            if !value.is_omit() {
                rendered.insert(name.clone(), value);
            }
        }
    }
    Ok(rendered)
}

/// Arguments over the defaults of another module than the task's own, to which the action hands them on.
pub(crate) fn with_defaults_of(
    engine: &Engine,
    task: &Task,
    scope: &HostScope,
    module: &str,
    arguments: &Dict,
) -> Result<Dict, Report> {
    let resolved = crate::loading::resolve(&engine.finder, &engine.events, module, &[])?;
    let mut merged = match &resolved {
        Some(action) => defaults(engine, task, scope, &action.name, &|name| arguments.get_value(name).is_some())?,
        None => Dict::new(),
    };
    merged.extend_from(arguments);
    Ok(merged)
}

/// The manager that `service` hands its arguments on to, as far as that is known before it runs.
fn service_manager(arguments: &Dict, scope: &HostScope) -> Option<String> {
    let chosen = arguments.get("use").map(Value::to_text).filter(|name| name != "auto");
    chosen.or_else(|| scope.value("ansible_facts")?.get("service_mgr").map(Value::to_text))
}

/// `environment` of a task: all layers merged, the innermost strongest.
pub(crate) fn environment(engine: &Engine, task: &Task, scope: &HostScope) -> Result<Vec<(String, String)>, Report> {
    let mut merged = Dict::new();
    for layer in &task.keywords.environment {
        let failed = |report: Report| super::attributes::processing("environment", layer, report);
        let rendered = match layer.as_dict() {
            Some(entries) => {
                let mut kept = Dict::new();
                for (name, value) in entries {
                    match engine.templar.render(value, scope) {
                        Ok(value) if value.is_omit() => {}
                        Ok(value) => {
                            kept.insert(name.clone(), value);
                        }
                        // Facts cannot be needed to gather them; ansible-core is as lenient with every task.
                        Err(report) if report.is_undefined() && report.headline().contains("ansible_env") => {}
                        Err(report) => return Err(failed(report)),
                    }
                }
                Value::dict(kept)
            }
            None => engine.templar.render(layer, scope).map_err(failed)?,
        };
        add_environment(&rendered, layer, &mut merged)?;
    }
    Ok(merged.iter().map(|(name, value)| (name.to_text(), value.to_text())).collect())
}

fn add_environment(rendered: &Value, raw: &Value, merged: &mut Dict) -> Result<(), Report> {
    match &rendered.data {
        Data::Dict(entries) => merged.extend_from(entries),
        Data::List(items) => {
            for item in items.iter() {
                add_environment(item, raw, merged)?;
            }
        }
        Data::None | Data::Omit => {}
        Data::Str(text) if text.is_empty() => {}
        _ => {
            let message =
                format!("environment must be a dictionary, received {} ({})", rendered.to_text(), rendered.type_name());
            return Err(Report::new(message).at(raw.origin()));
        }
    }
    Ok(())
}
