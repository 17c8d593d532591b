//! Telling that a task begins: what callbacks need of it.

use super::linear::Linear;
use super::selection::tags_of;
use crate::engine::Engine;
use crate::event::{Event, TaskInfo, TaskKind};
use crate::scope::HostScope;
use churten_playbook::Task;
use churten_value::Dict;
use std::sync::Arc;

/// A task that was announced.
pub(super) struct Announced {
    pub(super) info: Arc<TaskInfo>,
    pub(super) is_handler: bool,
    pub(super) run_once: bool,
    pub(super) any_errors_fatal: bool,
}

impl Linear<'_> {
    /// Tell that a task begins; names and flags are those of one host.
    pub(super) fn announce(&self, task: &Arc<Task>, index: usize) -> Announced {
        let is_handler = task.is_handler;
        for name in self.engine.variables.take_restricted() {
            self.engine.warn(format!("Removed restricted key from module data: {name}"));
        }
        task.keywords.vars.iter().for_each(|vars| self.engine.warn_reserved(vars));
        let scope = self.engine.variables.scope(Some(self.state), Some(&self.hosts[index].name), Some(task));
        let flag = |name: &str, pick: crate::task::Pick, default: bool| {
            crate::task::flag(self.engine, task, name, pick, default, &scope).unwrap_or(false)
        };
        let run_once = self.runs_once(task, &scope);
        let default = self.engine.settings.any_errors_fatal();
        let any_errors_fatal = flag("any_errors_fatal", |keywords| &keywords.any_errors_fatal, default);
        let kind = if is_handler { TaskKind::Handler } else { TaskKind::Task };
        let info = Arc::new(task_info(self.engine, task, &scope, run_once));
        self.engine.emit(Event::TaskStart { task: info.clone(), kind });
        Announced { info, is_handler, run_once, any_errors_fatal }
    }
}

/// What callbacks need of a task, its name rendered for the first host.
pub(super) fn task_info(engine: &Engine, task: &Task, scope: &HostScope, run_once: bool) -> TaskInfo {
    let flag = |pick: crate::task::Pick, default: bool| {
        crate::task::flag(engine, task, "", pick, default, scope).unwrap_or(default)
    };
    let name = task_name(engine, task, scope);
    TaskInfo {
        id: task.id,
        name,
        action: task.action.name.to_string(),
        resolved_action: task.action.resolved.to_string(),
        args: task.args.as_dict().cloned().unwrap_or_else(Dict::new),
        origin: task.origin,
        no_log: flag(|keywords| &keywords.no_log, engine.options.no_log),
        check_mode: flag(|keywords| &keywords.check_mode, engine.options.check),
        diff: flag(|keywords| &keywords.diff, engine.options.diff),
        is_loop: task.r#loop.is_some(),
        role: task.role.as_ref().map(|role| role.name.clone()),
        tags: tags_of(engine, scope, task),
        run_once,
    }
}

/// A task's name as it is shown: rendered, with its role in front; the action's where it has none.
pub(crate) fn task_name(engine: &Engine, task: &Task, scope: &HostScope) -> String {
    let name = match &task.name {
        Some(name) => engine.lenient_text(name, scope),
        None => match (task.action.builtin(), task.args.get("name").or_else(|| task.args.get("role"))) {
            // Which role, when the task says nothing else.
            (Some("include_role"), Some(role)) => format!("{} : {}", task.action.name, role.to_text()),
            _ => String::new(),
        },
    };
    let name = if name.is_empty() { task.action.name.to_string() } else { name };
    match &task.role {
        Some(role) if task.action.builtin() != Some("include_role") => format!("{} : {name}", role.full_name()),
        _ => name,
    }
}
