//! What the language has and churten does not have yet: refused with its line before any host is touched.

use crate::engine::Engine;
use crate::strategy::Strategy;
use churten_diagnostics::Report;
use churten_playbook::{Item, Play, Task};
use churten_template::Extensions;

/// The first thing in a play that is not there yet.
pub(crate) fn check(engine: &Engine, play: &Play) -> Result<(), Report> {
    let extensions = engine.settings.jinja2_extensions();
    if let Some(unknown) = extensions.into_iter().find(|name| !Extensions::may_be_named(name)) {
        return Err(Report::not_yet(format_args!("the Jinja2 extension {unknown:?}")));
    }
    if let Some(strategy) = &play.strategy
        && !engine.templar.is_template(strategy)
    {
        Strategy::of(&strategy.to_text()).map_err(|report| report.or_at(strategy.origin().or(play.origin)))?;
    }
    for items in [&play.pre_tasks, &play.role_tasks, &play.tasks, &play.post_tasks, &play.handlers] {
        check_items(engine, items)?;
    }
    Ok(())
}

/// The first thing in a list of tasks that is not there yet.
pub(crate) fn check_items(engine: &Engine, items: &[Item]) -> Result<(), Report> {
    for item in items {
        match item {
            Item::Task(task) => check_task(engine, task)?,
            Item::Block(block) => {
                for items in [&block.tasks, &block.rescue, &block.always] {
                    check_items(engine, items)?;
                }
            }
        }
    }
    Ok(())
}

fn check_task(engine: &Engine, task: &Task) -> Result<(), Report> {
    // A name that is a template, and a task that may be skipped, are looked at when the task runs; a name that nothing has
    // fails there.
    let is_unknown = task.action.is_missing && !task.action.name.contains('.');
    let is_certain = !task.action.name.contains("{{") && task.keywords.when.is_empty() && !is_unknown;
    if is_certain && !engine.has_action(&task.action.resolved) {
        let message = engine.refused_module(&task.action.resolved);
        return Err(Report::not_yet(message).at(task.action_origin.or(task.origin)));
    }
    Ok(())
}
