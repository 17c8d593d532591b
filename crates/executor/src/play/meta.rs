//! `meta`: tasks that steer the run itself.

use super::announce::task_info;
use super::linear::Linear;
use crate::event::{Event, HostLabel, Status, TaskKind, TaskResult};
use churten_diagnostics::Report;
use churten_playbook::Task;
use churten_value::{Dict, Value};
use std::sync::Arc;

impl Linear<'_> {
    /// Run a meta task on hosts. Those that concern the whole play run once.
    pub(super) async fn meta(&mut self, task: &Arc<Task>, hosts: &[usize]) -> Result<(), Report> {
        let name = task.args.get("_raw_params").map(Value::to_text).unwrap_or_default();
        let per_host = matches!(
            name.as_str(),
            "noop" | "reset_connection" | "end_host" | "role_complete" | "flush_handlers" | "end_role"
        );
        let hosts = if per_host { hosts } else { hosts.get(..1).unwrap_or_default() };
        let kind = if task.is_handler { TaskKind::Handler } else { TaskKind::Task };
        let mut flushing = false;
        for &index in hosts {
            let host = self.hosts[index].name.clone();
            let scope = self.engine.variables.scope(Some(self.state), Some(&host), Some(task));
            if !task.implicit {
                let info = Arc::new(task_info(self.engine, task, &scope, !per_host));
                self.engine.emit(Event::TaskStart { task: info, kind });
            }
            if task.is_handler && name == "flush_handlers" {
                return Err(Report::new("flush_handlers cannot be used as a handler"));
            }
            if task.is_handler {
                self.handlers.take(task.id, per_host.then_some(&*host));
            }
            let mut holds = true;
            let is_unconditional = matches!(name.as_str(), "noop" | "refresh_inventory" | "reset_connection");
            let conditions = if is_unconditional { &[][..] } else { &task.keywords.when[..] };
            if conditions.len() < task.keywords.when.len() {
                self.engine.warn(format!("{name} task does not support when conditional"));
            }
            for condition in conditions {
                if !self.engine.templar.condition(condition, &scope)? {
                    holds = false;
                    break;
                }
            }
            if !holds {
                if !task.implicit {
                    self.skip_meta(task, &name, &host, &scope);
                }
                continue;
            }
            flushing |= name == "flush_handlers";
            self.meta_on(task, &name, index, &host).await?;
        }
        if flushing {
            let handlers: Vec<u64> = {
                let mut ids = vec![];
                crate::cursor::flatten(&self.handlers.items, &mut ids);
                ids
            };
            let at = self.position.min(self.order.len());
            self.order.splice(at..at, handlers);
        }
        Ok(())
    }

    async fn meta_on(&mut self, task: &Arc<Task>, name: &str, index: usize, host: &Arc<str>) -> Result<(), Report> {
        let verbose = |text: String| {
            self.engine.emit(Event::Verbose { level: 2, host: None, text: format!("META: {text}") });
        };
        match name {
            "noop" if task.implicit => {}
            "noop" => verbose("noop".into()),
            "flush_handlers" => {
                self.deliver(host);
                if !task.implicit {
                    verbose(format!("triggered running handlers for {host}"));
                }
                if self.handlers.any_for(host) {
                    self.engine.debug(&format!("META: triggered running handlers for {host}"));
                    let handlers = self.handlers.items.clone();
                    self.hosts[index].cursor.flush_handlers(&handlers);
                }
            }
            "role_complete" => {
                // Where no task of the role has run, it may still do so later.
                if let Some(role) = &task.role
                    && self.begun_roles.contains(&(role.id, host.clone()))
                {
                    self.completed_roles.insert((role.id, host.clone()));
                }
            }
            "clear_facts" => {
                for run in &self.hosts {
                    self.engine.variables.clear_facts(&run.name);
                    self.engine.forget_interpreter(&run.name);
                }
                verbose("facts cleared".into());
            }
            "clear_host_errors" => {
                verbose("cleared host errors".into());
                for run in &mut self.hosts {
                    run.unreachable = false;
                    run.cursor.clear_failure();
                }
            }
            "end_play" | "end_batch" => {
                verbose(if name == "end_play" { "ending play" } else { "ending batch" }.into());
                for run in &mut self.hosts {
                    if !run.unreachable {
                        run.cursor.end();
                    }
                }
                self.end_play |= name == "end_play";
            }
            "end_host" => {
                verbose(format!("ending play for {host}"));
                self.hosts[index].cursor.end();
            }
            "end_role" => {
                let Some(role) = task.role.clone() else {
                    return Err(Report::parser("Cannot execute 'end_role' from outside of a role").at(task.origin));
                };
                verbose(format!("ending role {} for {host}", role.name));
                let inside = |task: &Task| {
                    let own = task.role.as_ref().is_some_and(|own| own.id == role.id);
                    own && task.action.builtin() != Some("meta")
                };
                self.hosts[index].cursor.skip_while(&inside);
            }
            "reset_connection" => {
                self.engine.connections.reset(host).await;
                verbose("reset connection".into());
            }
            "refresh_inventory" => self.refresh_inventory()?,
            _ => return Err(Report::new(format!("invalid meta action requested: {name}")).at(task.origin)),
        }
        Ok(())
    }

    /// Read the inventory again. Hosts and groups that were added while the run went on stay, and so do facts; hosts that
    /// are gone take no more tasks.
    fn refresh_inventory(&mut self) -> Result<(), Report> {
        match (self.engine.reload)() {
            Ok(loaded) => {
                self.engine.tell_inventory(loaded.warnings, loaded.deprecations, loaded.errors);
                self.engine.variables.change_inventory(|inventory| {
                    let earlier = std::mem::replace(inventory, loaded.inventory);
                    inventory.take_changes_of(earlier);
                });
            }
            Err(failure) => {
                self.engine.tell_inventory(failure.warnings, vec![], vec![]);
                return Err(failure.report);
            }
        }
        self.state.set_all_hosts(self.engine.hosts_of(&self.state.play)?);
        for run in &mut self.hosts {
            if !self.engine.variables.knows_host(&run.name) {
                run.cursor.end();
            }
        }
        let text = "META: inventory successfully refreshed".into();
        self.engine.emit(Event::Verbose { level: 2, host: None, text });
        Ok(())
    }

    fn skip_meta(&self, task: &Arc<Task>, name: &str, host: &Arc<str>, scope: &crate::scope::HostScope) {
        let (lower, reason) = match name {
            "flush_handlers" => {
                let text = format!("flush_handlers conditional evaluated to False, not running handlers for {host}");
                ("flush_handlers".to_owned(), text)
            }
            _ => (
                format!("{name} conditional evaluated to false, continuing execution for {host}"),
                format!("{name} conditional evaluated to False, continuing execution for {host}"),
            ),
        };
        self.engine.emit(Event::Verbose { level: 2, host: None, text: format!("META: {reason}") });
        let result =
            Dict::from([("msg", Value::from(lower)), ("skip_reason", reason.into()), ("skipped", true.into())]);
        self.engine.emit(Event::HostEnd(TaskResult {
            host: HostLabel::of(host.clone()),
            task: Arc::new(task_info(self.engine, task, scope, false)),
            status: Status::Skipped,
            result: Arc::new(result),
            item_label: None,
            seconds: 0.0,
            said: Arc::default(),
        }));
    }
}
