//! What results do to a run: variables, counts, handlers, failures.

use super::linear::{AfterTask, Linear};
use crate::cursor::AfterFailure;
use crate::event::{Event, Status};
use crate::task::{Execution, TaskOutcome, is_true, registered};
use crate::variables;
use churten_diagnostics::Report;
use churten_playbook::Task;
use churten_value::{Dict, Value};
use std::sync::Arc;

impl Linear<'_> {
    /// Take in how a task ended on a host.
    pub(super) fn settle(
        &mut self,
        task: &Arc<Task>,
        outcome: &TaskOutcome,
        run_once: bool,
        after: &mut AfterTask,
    ) -> Result<(), Report> {
        let host = outcome.host.clone();
        let receivers: Vec<Arc<str>> = if run_once {
            // What runs once counts for every host that is still there.
            self.hosts.iter().filter(|run| !run.unreachable).map(|run| run.name.clone()).collect()
        } else {
            vec![host.clone()]
        };
        // Of what failed, also of a loop in which one item did, there are no facts.
        if !matches!(outcome.status, Status::Failed { .. } | Status::Unreachable { .. }) {
            for execution in outcome.effective() {
                self.take_effects(task, outcome, execution, &receivers)?;
            }
        }
        self.register(task, outcome, &receivers)?;
        self.save_notifications(outcome)?;
        if self.handlers.contains(task.id) {
            // A handler notifies others in the same flush.
            self.deliver(&host);
        }
        if let (Some(role), Status::Ok | Status::Failed { .. }) = (&task.role, outcome.status) {
            self.begun_roles.insert((role.id, host.clone()));
        }
        match outcome.status {
            Status::Skipped => self.stats.count(&host, |counts| counts.skipped += 1),
            Status::Ok => {
                let includes = crate::actions::is_include(&task.action.resolved);
                if !includes {
                    let changed = is_true(&outcome.execution.result, "changed");
                    self.stats.count(&host, |counts| {
                        counts.ok += 1;
                        counts.changed += u32::from(changed);
                    });
                }
            }
            Status::Failed { ignored: true } => {
                let changed = is_true(&outcome.execution.result, "changed");
                self.stats.count(&host, |counts| {
                    counts.ok += 1;
                    counts.ignored += 1;
                    counts.changed += u32::from(changed);
                });
            }
            Status::Failed { ignored: false } => {
                let failed: Vec<Arc<str>> = if run_once { receivers } else { vec![host] };
                for host in failed {
                    self.fail_host(task, &host, &outcome.execution, host == outcome.host, after);
                }
            }
            Status::Unreachable { ignored: true } => self.stats.count(&host, |counts| {
                counts.ok += 1;
                counts.ignored += 1;
            }),
            Status::Unreachable { ignored: false } => {
                self.stats.count(&host, |counts| counts.unreachable += 1);
                if let Some(run) = self.hosts.iter_mut().find(|run| run.name == host) {
                    run.unreachable = true;
                    run.cursor.end();
                }
                after.own.push(host.clone());
                after.unreachable.push(host);
            }
        }
        Ok(())
    }

    /// A task failed on a host: go on in a `rescue`, or not at all.
    pub(super) fn fail_host(
        &mut self,
        task: &Task,
        host: &Arc<str>,
        execution: &Execution,
        counts: bool,
        after: &mut AfterTask,
    ) {
        let Some(run) = self.hosts.iter_mut().find(|run| run.name == *host) else { return };
        let end = run.cursor.fail();
        if end == AfterFailure::Rescued {
            let variables = &self.engine.variables;
            let result = Value::dict(registered(&execution.result));
            variables.set(host, "ansible_failed_result", result);
            variables.set(host, "ansible_failed_task", failed_task(task));
            after.rescued.push(host.clone());
        } else {
            after.failed.push(host.clone());
        }
        if counts {
            after.own.push(host.clone());
            self.stats.count(host, |counts| match end {
                AfterFailure::Rescued => counts.rescued += 1,
                AfterFailure::HostFailed => counts.failed += 1,
            });
        }
    }

    /// A host fails without a result that a `rescue` could look at.
    pub(super) fn fail_silently(&mut self, host: &Arc<str>, after: &mut AfterTask) {
        let Some(run) = self.hosts.iter_mut().find(|run| run.name == *host) else { return };
        match run.cursor.fail() {
            AfterFailure::Rescued => after.rescued.push(host.clone()),
            AfterFailure::HostFailed => after.failed.push(host.clone()),
        }
    }

    /// Facts, hosts, groups, statistics and notifications of one result.
    fn take_effects(
        &mut self,
        task: &Arc<Task>,
        outcome: &TaskOutcome,
        execution: &Execution,
        receivers: &[Arc<str>],
    ) -> Result<(), Report> {
        let result = &execution.result;
        // What `debug` shows is nobody's fact.
        let shows = task.action.builtin() == Some("debug");
        if let Some(facts) = result.get("ansible_facts").and_then(Value::as_dict).filter(|_| !shows) {
            self.apart.forget();
            let facts = match task.action.builtin() {
                Some("gather_facts") => &variables::gathered(facts),
                _ => facts,
            };
            self.take_facts(task, outcome, execution, facts, receivers)?;
        }
        if let Some(stats) = result.get("ansible_stats") {
            self.stats.add_custom(&outcome.host, stats);
        }
        Ok(())
    }

    fn take_facts(
        &self,
        task: &Task,
        outcome: &TaskOutcome,
        execution: &Execution,
        facts: &Dict,
        receivers: &[Arc<str>],
    ) -> Result<(), Report> {
        let variables = &self.engine.variables;
        let delegated: Vec<Arc<str>>;
        let receivers = match &outcome.attributes.delegate_to {
            Some(name) if outcome.attributes.delegate_facts => {
                delegated = vec![name.as_str().into()];
                &delegated
            }
            _ => receivers,
        };
        for host in receivers {
            match task.action.builtin() {
                Some("include_vars") => variables.include(host, facts),
                Some("set_fact") => {
                    for (name, value) in facts {
                        variables.set(host, &name.to_text(), value.clone());
                    }
                    if is_true(&execution.result, "_ansible_facts_cacheable") {
                        variables.add_facts(host, facts)?;
                    }
                }
                _ => variables.add_facts(host, facts)?,
            }
        }
        Ok(())
    }

    /// `register`
    fn register(&self, task: &Task, outcome: &TaskOutcome, receivers: &[Arc<str>]) -> Result<(), Report> {
        let Some(register) = &task.register else { return Ok(()) };
        let Some(name) = register.as_str() else {
            return Err(Report::parser("register must be the name of a variable").at(register.origin()));
        };
        if churten_playbook::is_reserved_name(name) {
            self.engine.warn_report(
                Report::new(format!("Found variable using reserved name '{name}'.")).at(register.origin()),
            );
        }
        let result = Value::dict(registered(&outcome.execution.result));
        for host in receivers {
            self.engine.variables.set(host, name, result.clone());
        }
        Ok(())
    }

    /// Match what a host notified with handlers.
    pub(super) fn deliver(&mut self, host: &Arc<str>) {
        for handler in self.handlers.deliver(self.engine, self.state, host) {
            self.engine.emit(Event::Notified { handler: handler.into(), host: host.clone() });
        }
    }

    /// Remember notifications until handlers are flushed.
    fn save_notifications(&mut self, outcome: &TaskOutcome) -> Result<(), Report> {
        let names = match &outcome.notifications {
            Ok(names) => names,
            Err(report) => return Err(report.clone()),
        };
        for name in names {
            if self.handlers.knows(self.engine, self.state, name) {
                self.handlers.save(name, &outcome.host);
            }
        }
        Ok(())
    }

    /// Tell how a task ended on a host, after the handlers it notifies. A name that no handler has is an error at
    /// once.
    pub(super) fn tell_end(&self, outcome: &mut TaskOutcome) -> Result<(), Report> {
        for name in outcome.notifications.iter().flatten() {
            if self.handlers.knows(self.engine, self.state, name) {
                let text = format!("Notification for handler {name} has been saved.");
                self.engine.emit(Event::Verbose { level: 2, host: None, text });
                continue;
            }
            let message = format!(
                "The requested handler '{name}' was not found in either the main handlers list nor in the listening handlers list"
            );
            if self.engine.options.error_on_missing_handler {
                return Err(Report::new(message));
            }
            self.engine.warn(message);
        }
        if let Some(end) = outcome.end.take() {
            self.engine.emit(Event::HostEnd(*end));
        }
        Ok(())
    }
}

/// What `ansible_failed_task` shows of a task.
fn failed_task(task: &Task) -> Value {
    let name = task.name.clone().unwrap_or_else(|| "".into());
    Value::dict(Dict::from([
        ("name", name),
        ("action", Value::from(task.action.name.clone())),
        ("args", task.args.clone()),
        ("ignore_errors", task.keywords.ignore_errors.clone().into()),
        ("register", task.register.clone().into()),
    ]))
}
