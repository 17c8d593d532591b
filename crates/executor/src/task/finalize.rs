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
    let mut arguments = defaults(engine, task, scope).map_err(failed)?;
    let written = match &task.args.data {
        Data::Dict(entries) => entries.as_ref().clone(),
        Data::None => Dict::new(),
        _ => {
            let rendered = engine.templar.render(&task.args, scope).map_err(failed)?;
            match &rendered.data {
                Data::Dict(entries) => entries.as_ref().clone(),
                Data::None | Data::Omit => Dict::new(),
                _ => {
                    let message = format!("Task args must resolve to a 'dict' not '{}'.", rendered.type_name());
                    return Err(failed(Report::new(message).at(task.args.origin())));
                }
            }
        }
    };
    // `args: "{{ mapping }}"` beside other arguments: it comes below them.
    if let Some(template) = written.get("_variable_params") {
        let rendered = engine.templar.render(template, scope).map_err(failed)?;
        if let Some(entries) = rendered.as_dict() {
            arguments.extend_from(entries);
        }
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
        let rendered = engine.templar.render(value, scope).map_err(|report| {
            failed(report.context(format!("Error while resolving value for '{text}'")).at(value.origin()))
        })?;
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
    Ok(arguments)
}

/// Where errors about a task's arguments point: the action's own line.
fn task_place(task: &Task) -> Option<churten_value::Origin> {
    task.action_origin.or(task.origin)
}

/// `module_defaults` that apply to the task's action, outermost weakest.
fn defaults(engine: &Engine, task: &Task, scope: &HostScope) -> Result<Dict, Report> {
    let mut merged = Dict::new();
    for layer in &task.keywords.module_defaults {
        let rendered = engine.templar.render(layer, scope)?;
        let layers: Vec<Value> = match &rendered.data {
            Data::List(items) => items.to_vec(),
            _ => vec![rendered],
        };
        for layer in &layers {
            let Some(by_action) = layer.as_dict() else { continue };
            let short = task.action.builtin().unwrap_or(&task.action.resolved);
            for (name, defaults) in by_action {
                let name = name.as_str().unwrap_or_default();
                let same = name == &*task.action.resolved
                    || name == short
                    || name.strip_prefix("ansible.legacy.").is_some_and(|name| name == short);
                if let (true, Some(defaults)) = (same, defaults.as_dict()) {
                    merged.extend_from(defaults);
                }
            }
        }
    }
    Ok(merged)
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
