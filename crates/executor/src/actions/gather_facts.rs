//! `gather_facts`: the facts modules of the host.

use super::foreign::setting;
use super::{ActionContext, foreign, is_known, remote};
use crate::task::{Execution, with_defaults_of};
use churten_diagnostics::Report;
use churten_value::{Dict, Value};
use std::sync::Arc;

/// The names of what gathers facts unless somebody chooses.
const SETUP: [&str; 3] = ["setup", "ansible.builtin.setup", "ansible.legacy.setup"];

/// What a choice of modules names the usual one.
const SMART: &str = "smart";

/// Arguments that only `setup` has, and how warnings call them.
const OF_SETUP: [(&str, &str); 3] = [("gather_subset", "subset"), ("gather_timeout", "timeout"), ("filter", "filter")];

pub(crate) async fn run(context: &ActionContext<'_>, mut arguments: Dict) -> Execution {
    let modules = match setting(context, "FACTS_MODULES") {
        Ok(modules) => modules,
        Err(execution) => return *execution,
    };
    let mut names: Vec<String> = modules.as_list().unwrap_or_default().iter().map(Value::to_text).collect();
    if names.iter().any(|name| name == SMART) {
        names.retain(|name| name != SMART);
        names.push("ansible.legacy.setup".into());
    }
    arguments.remove("parallel");
    match &names[..] {
        [name] if SETUP.contains(&name.as_str()) => setup(context, &arguments).await,
        _ => all(context, &names, &arguments).await,
    }
}

async fn setup(context: &ActionContext<'_>, arguments: &Dict) -> Execution {
    match with_defaults_of(context.engine, context.task, context.scope, "setup", arguments) {
        Ok(arguments) => remote::named(context, "ansible.legacy.setup", arguments, vec![]).await,
        Err(report) => Execution::failure(report),
    }
}

/// One module after the other: their facts together, and which of them failed or did nothing.
async fn all(context: &ActionContext<'_>, names: &[String], arguments: &Dict) -> Execution {
    let modules = match names.iter().map(|name| Ok((name, resolved(context, name)?))).collect::<Result<Vec<_>, _>>() {
        Ok(modules) => modules,
        Err(report) => return Execution::failure(report),
    };
    let (mut facts, mut warnings, mut deprecations) = (Dict::new(), Vec::new(), Vec::new());
    let (mut failed, mut skipped) = (Dict::new(), Dict::new());
    for (name, resolved) in modules {
        let execution = match SETUP.contains(&name.as_str()) {
            true => setup(context, arguments).await,
            false => one(context, name, &resolved, without_setups(context, name, arguments)).await,
        };
        if execution.is_unreachable() {
            return execution;
        }
        let result = execution.result;
        for (list, key) in [(&mut warnings, "warnings"), (&mut deprecations, "deprecations")] {
            list.extend(result.get(key).and_then(Value::as_list).unwrap_or_default().iter().cloned());
        }
        if result.get("failed").is_some_and(Value::is_truthy) {
            failed.insert(name.as_str(), result);
        } else if result.get("skipped").is_some_and(Value::is_truthy) {
            skipped.insert(name.as_str(), result);
        } else if let Some(more) = result.get("ansible_facts").and_then(Value::as_dict) {
            add(&mut facts, more);
        }
    }
    let mut result = Dict::from([("ansible_facts", Value::from(facts))]);
    for (key, list) in [("warnings", warnings), ("deprecations", deprecations)] {
        if !list.is_empty() {
            result.insert(key, Value::list(list));
        }
    }
    let listed = |which: &Dict| which.keys().map(Value::to_text).collect::<Vec<_>>().join(", ");
    if !skipped.is_empty() {
        result.insert("msg", format!("The following modules were skipped: {}.", listed(&skipped)));
        if skipped.len() == names.len() {
            result.insert("skipped", true);
        }
        result.insert("skipped_modules", skipped);
    }
    if failed.is_empty() {
        return Execution::by_module(result);
    }
    result.insert("failed", true);
    result.insert("msg", format!("The following modules failed to execute: {}.", listed(&failed)));
    result.insert("failed_modules", failed);
    Execution { by_module: false, ..Execution::by_module(result) }
}

/// Other modules take nothing that is `setup`'s own.
fn without_setups(context: &ActionContext<'_>, module: &str, arguments: &Dict) -> Dict {
    let mut arguments = arguments.clone();
    for (name, shown) in OF_SETUP {
        let Some(value) = arguments.remove(name) else { continue };
        let is_all = value.as_str() == Some("all")
            || value.as_list().is_some_and(|items| matches!(items, [only] if only.as_str() == Some("all")));
        let is_usual = value.is_none() || name == "gather_subset" && is_all;
        if !is_usual {
            context.engine.warn(format!("Not passing {shown}({}) to {module}", value.to_text()));
        }
    }
    arguments
}

/// The full name of a module.
fn resolved(context: &ActionContext<'_>, name: &str) -> Result<Arc<str>, Report> {
    let action = crate::loading::resolve(&context.engine.finder, &context.engine.events, name, &[])?;
    let missing = || Report::new(format!("The module {name} was not found in configured module paths"));
    action.map(|action| action.name).ok_or_else(missing)
}

async fn one(context: &ActionContext<'_>, name: &str, resolved: &Arc<str>, arguments: Dict) -> Execution {
    let arguments = match with_defaults_of(context.engine, context.task, context.scope, name, &arguments) {
        Ok(arguments) => arguments,
        Err(report) => return Execution::failure(report),
    };
    if is_known(resolved) {
        return remote::named(context, resolved, arguments, vec![]).await;
    }
    match context.engine.foreign(resolved) {
        Some(module) => foreign::run(context, &module, arguments).await,
        None => {
            let module = context.engine.refused_module(resolved);
            Execution::refused(format!("not yet supported by churten: {module}"))
        }
    }
}

/// Put facts on top of others: dictionaries become one, and so do lists, whose common items come last.
fn add(facts: &mut Dict, more: &Dict) {
    for (key, value) in more {
        let value = match facts.get_value(key).map(|below| (below.as_dict(), below.as_list())) {
            Some((Some(below), _)) if let Some(above) = value.as_dict() => {
                let mut both = below.clone();
                add(&mut both, above);
                both.into()
            }
            Some((_, Some(below))) if let Some(above) = value.as_list() => {
                let kept = below.iter().filter(|item| !above.contains(item));
                Value::list(kept.chain(above).cloned().collect())
            }
            _ => value.clone(),
        };
        facts.insert(key.clone(), value);
    }
}
