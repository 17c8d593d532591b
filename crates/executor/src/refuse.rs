//! What the language has and churten does not have yet: refused with its line before any host is touched.

use crate::engine::Engine;
use crate::strategy::Strategy;
use churten_diagnostics::Report;
use churten_playbook::{Item, Keywords, Play, Task};

/// The first thing in a play that is not there yet.
pub(crate) fn check(engine: &Engine, play: &Play) -> Result<(), Report> {
    if let Some(strategy) = &play.strategy
        && !engine.templar.is_template(strategy)
    {
        Strategy::of(&strategy.to_text()).map_err(|report| report.or_at(strategy.origin().or(play.origin)))?;
    }
    keywords(&play.keywords, play.origin)?;
    for items in [&play.pre_tasks, &play.role_tasks, &play.tasks, &play.post_tasks, &play.handlers] {
        check_items(items)?;
    }
    Ok(())
}

/// The first thing in a list of tasks that is not there yet.
pub(crate) fn check_items(items: &[Item]) -> Result<(), Report> {
    for item in items {
        match item {
            Item::Task(task) => check_task(task)?,
            Item::Block(block) => {
                for items in [&block.tasks, &block.rescue, &block.always] {
                    check_items(items)?;
                }
            }
        }
    }
    Ok(())
}

fn check_task(task: &Task) -> Result<(), Report> {
    // A name that is a template is looked at when the task runs.
    if !task.action.name.contains("{{") && !crate::actions::is_known(&task.action.resolved) {
        let message = format!("the module {}", task.action.resolved);
        return Err(Report::not_yet(message).at(task.action_origin.or(task.origin)));
    }
    keywords(&task.keywords, task.origin)
}

fn keywords(keywords: &Keywords, origin: Option<churten_value::Origin>) -> Result<(), Report> {
    if let Some(value) = &keywords.debugger
        && value.as_str() != Some("never")
    {
        return Err(Report::not_yet("debugger").at(value.origin().or(origin)));
    }
    Ok(())
}
