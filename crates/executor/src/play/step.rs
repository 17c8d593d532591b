//! `--start-at-task` and `--step`: where a play begins, and which of its tasks run.

use super::linear::Linear;
use crate::engine::Engine;
use crate::event::{Event, HostLabel, TaskInfo};
use churten_diagnostics::Report;
use churten_playbook::{Item, Task};
use std::sync::Arc;

/// The name of a task as it is written, with its role in front; the action when it has none.
fn written_name(task: &Task) -> String {
    let name = task.name.as_ref().map(churten_value::Value::to_text).filter(|name| !name.is_empty());
    let name = name.unwrap_or_else(|| task.action.name.to_string());
    match &task.role {
        Some(role) => format!("{} : {name}", role.full_name()),
        None => name,
    }
}

/// Is this the task that `--start-at-task` names: by its name, with or without its role, or by a glob?
fn is_start(task: &Task, wanted: &str) -> bool {
    let matches = |name: &str| name == wanted || churten_module::glob::matches(wanted, name);
    let own = task.name.as_ref().is_some_and(|name| matches(&name.to_text()));
    !task.implicit && (own || matches(&written_name(task)))
}

impl Linear<'_> {
    /// Move the hosts to the task that `--start-at-task` names. Facts are gathered before it when the play gathers facts,
    /// or when it is the play's first task.
    pub(super) fn seek_start(&mut self, engine: &Engine, gather: Option<Task>, gathers: bool) {
        let Some(wanted) = engine.start_at() else { return };
        let mut found = false;
        let mut first = true;
        for host in &mut self.hosts {
            while let Some(task) = host.cursor.next(&|_| true) {
                if is_start(&task, &wanted) {
                    found = true;
                    break;
                }
                first &= task.implicit;
                host.cursor.advance();
            }
        }
        if !found {
            return;
        }
        engine.started();
        if let Some(gather) = gather.filter(|_| gathers || first) {
            self.order.insert(0, gather.id);
            let gather = [Item::Task(Arc::new(gather))];
            for host in self.hosts.iter_mut().filter(|host| !host.cursor.has_ended()) {
                host.cursor.include(&gather);
            }
        }
    }

    /// With `--step`: does the user want this task, on this host when hosts are asked for one by one?
    pub(super) async fn takes_step(&mut self, task: &Task, host: Option<&str>) -> Result<bool, Report> {
        if !self.stepping {
            return Ok(true);
        }
        let kind = if self.handlers.contains(task.id) { "HANDLER" } else { "TASK" };
        let place = host.map(|host| format!(" on {host}")).unwrap_or_default();
        let question = format!("Perform task: {kind}: {}{place} (N)o/(y)es/(c)ontinue: ", written_name(task));
        let answer = self.engine.ask(question.clone(), false).await?;
        self.engine.emit(Event::Stepped(question));
        match answer.to_lowercase().as_str() {
            "y" | "yes" => Ok(true),
            "c" | "continue" => {
                self.stepping = false;
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    /// Tell that a host begins a task.
    pub(super) fn tell_host_start(&self, info: &Arc<TaskInfo>, index: usize) {
        let label = HostLabel::of(self.hosts[index].name.clone());
        self.engine.emit(Event::HostStart(info.clone(), label));
    }
}
