//! Runs one task on one host.

use super::learned::Learned;
use super::looping::ItemLoop;
use super::telling::{EventSink, TaskOutcome, status_of};
use super::{Attributes, Execution, is_true, judge, looping, messages, reached};
use crate::ahead::Place;
use crate::engine::Engine;
use crate::event::{Event, Status, TaskInfo};
use crate::play_state::PlayState;
use crate::profile;
use crate::scope::HostScope;
use churten_diagnostics::Report;
use churten_playbook::{Action, Task};
use churten_value::{Dict, Tags, Value};
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Runs one task on one host.
pub(crate) struct TaskRunner {
    pub(crate) engine: Arc<Engine>,
    pub(crate) play: Arc<PlayState>,
    pub(crate) host: Arc<str>,
    pub(crate) task: Arc<Task>,
    pub(crate) info: Arc<TaskInfo>,
    pub(crate) sink: EventSink,
    /// Whether it goes to its host alone.
    pub(crate) place: Place,
}

impl TaskRunner {
    /// Run the task and tell its events and its outcome.
    pub(crate) fn run(self) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        if self.engine.options.profile { profile::watch(self) } else { Box::pin(self.run_unwatched()) }
    }

    /// [`run`](Self::run) without looking at the time.
    pub(crate) async fn run_unwatched(mut self) {
        let started = Instant::now();
        let scope = self.engine.variables.scope(Some(&self.play), Some(&self.host), Some(&self.task));
        let scope = match &self.place {
            Place::Following(follower) => follower.watch(scope),
            Place::Alone | Place::Leading(_) => scope,
        };
        let is_readable = self.engine.variables.check_task_vars(&self.host, &self.play, &self.task);
        let items = is_readable
            .and_then(|()| self.settle_action(&scope))
            .and_then(|()| looping::items(&self.engine, &self.task, &scope));
        let scope = if self.delegates_items(&items) { scope } else { self.reached(scope) };
        let (execution, items, attributes) = match items {
            Ok(None) => {
                let (execution, attributes) = self.execute(&scope, None).await;
                (execution, vec![], attributes)
            }
            Ok(Some(items)) => {
                if items.hides {
                    self.place.needs_own_turn().await;
                    looping::warn_of_hidden(&self.engine, &self.task, &items);
                }
                self.run_items(&scope, &items).await
            }
            Err(report) => {
                // A loop that cannot be evaluated does not matter under a false condition.
                let attributes = self.attributes(&scope);
                let execution = match self.false_condition(&scope) {
                    Ok(Some(condition)) => Execution::skipped(&condition),
                    _ => Execution::failure(report),
                };
                (execution, vec![], attributes)
            }
        };
        let status = status_of(&execution, &attributes);
        if items.is_empty() {
            self.show_error(&execution, &attributes);
        }
        let notifications = match status {
            // A loop in which one item failed notifies nobody, whatever the others have changed.
            Status::Failed { .. } | Status::Unreachable { .. } => Ok(vec![]),
            _ if items.is_empty() => self.notifications(&scope, std::slice::from_ref(&execution)),
            _ => self.notifications(&scope, &items),
        };
        let end = Some(Box::new(self.result(&execution, &attributes, status, None, started)));
        let host = self.host.clone();
        let ahead = match &self.place {
            Place::Leading(leader) => leader.take_sent(),
            Place::Alone | Place::Following(_) => vec![],
        };
        self.sink.done(TaskOutcome { host, execution, items, attributes, status, notifications, end, ahead });
    }

    /// The same run in another place.
    pub(super) fn at(&self, place: Place) -> Self {
        Self {
            engine: self.engine.clone(),
            play: self.play.clone(),
            host: self.host.clone(),
            task: self.task.clone(),
            info: self.info.clone(),
            sink: self.sink.clone(),
            place,
        }
    }

    /// Can the items of a loop be delegated to different hosts?
    fn delegates_items<T, E>(&self, items: &Result<Option<T>, E>) -> bool {
        matches!(items, Ok(Some(_))) && self.task.keywords.delegate_to.is_some()
    }

    /// With what is known of the host that is reached.
    pub(super) fn reached(&self, scope: HostScope) -> HostScope {
        let reached = reached::variables(&self.engine, &self.play, &self.host, &self.task, &scope);
        scope.over(reached)
    }

    /// Find out which action the task has on this host, when its name is a template.
    fn settle_action(&mut self, scope: &HostScope) -> Result<(), Report> {
        let written = &self.task.action;
        if !written.name.contains("{{") {
            if written.is_missing && !written.name.contains('.') {
                let message = format!("Cannot resolve '{}' to an action or module.", written.name);
                return Err(Report::new(message).at(self.task.action_origin));
            }
            return Ok(());
        }
        let name = Value::str(&*written.name).with_tags(Tags::NONE.trust(true));
        let name = self.engine.templar.render(&name, scope).map_err(|report| report.or_at(self.task.action_origin))?;
        let name = name.to_text();
        let rejected = self.engine.filter.rejects(&name);
        let resolved = crate::loading::resolve(&self.engine.finder, &self.engine.events, &name, &[])
            .map_err(|report| report.or_at(self.task.action_origin))?
            .filter(|_| !rejected)
            .ok_or_else(|| {
                Report::new(format!(
                    "couldn't resolve module/action '{name}'. This often indicates a misspelling, missing collection, \
                     or incorrect module path."
                ))
                .at(self.task.action_origin)
            })?;
        if !self.engine.has_action(&resolved.name) {
            return Err(Report::not_yet(format_args!("the module {}", resolved.name)).at(self.task.action_origin));
        }
        // Callbacks go by the action that ran.
        let info = Arc::make_mut(&mut self.info);
        info.action.clone_from(&name);
        info.resolved_action = resolved.name.to_string();
        let deprecations = resolved.deprecations;
        Arc::make_mut(&mut self.task).action =
            Action { name: name.into(), resolved: resolved.name, is_missing: false, deprecations };
        Ok(())
    }

    /// The rendered names of `notify`, when one of the results changed something.
    fn notifications(&self, scope: &HostScope, results: &[Execution]) -> Result<Vec<String>, Report> {
        let changed = |execution: &Execution| {
            let failed = execution.counts_as_failed() || execution.is_unreachable() || execution.is_skipped();
            !failed && is_true(&execution.result, "changed")
        };
        let mut names = vec![];
        if !results.iter().any(changed) {
            return Ok(names);
        }
        for written in &self.task.keywords.notify {
            let rendered = self.engine.templar.render(written, scope)?;
            match rendered.as_list() {
                Some(items) => names.extend(items.iter().map(Value::to_text)),
                None => names.push(rendered.to_text()),
            }
        }
        Ok(names)
    }

    async fn run_items(&self, scope: &HostScope, items: &ItemLoop) -> (Execution, Vec<Execution>, Attributes) {
        if items.items.is_empty() {
            let attributes = self.attributes(scope);
            let result = Dict::from([
                ("changed", Value::from(false)),
                ("skipped", true.into()),
                ("skipped_reason", "No items in the list".into()),
                ("results", Value::list(vec![])),
            ]);
            return (Execution::of(result), vec![], attributes);
        }
        if let Some(done) = self.run_batch(scope, items).await {
            return done;
        }
        self.place.needs_own_turn().await;
        let alone = self.at(Place::Alone);
        let mut executions = Vec::with_capacity(items.items.len());
        let mut last = Attributes::default();
        let mut learned = Learned::new(scope);
        for index in 0..items.items.len() {
            if index > 0 && items.pause > 0.0 {
                tokio::time::sleep(Duration::from_secs_f64(items.pause)).await;
            }
            let started = Instant::now();
            let vars = items.variables(index);
            let item_scope = learned.scope(&vars);
            let (execution, attributes) = alone.execute(&item_scope, Some(&vars)).await;
            learned.take(&self.engine, &self.task, &execution.result);
            // Labels may show the item's own result.
            let item_scope = learned.scope(&vars);
            let execution = self.finish_item(items, index, &item_scope, execution, &attributes, started);
            last = attributes;
            let stop = self.breaks(&item_scope, &execution);
            executions.push(execution);
            match stop {
                Ok(false) => {}
                Ok(true) => break,
                Err(report) => return (Execution::failure(report), executions, last),
            }
        }
        (summary(&executions), executions, last)
    }

    /// The task's keywords, as far as they can be rendered.
    pub(super) fn attributes(&self, scope: &HostScope) -> Attributes {
        let attributes = Attributes::of(&self.engine, &self.task, scope);
        attributes.unwrap_or_else(|_| Attributes::of_broken(&self.engine, &self.task, scope))
    }

    /// Mark an item's result and tell its end.
    pub(super) fn finish_item(
        &self,
        items: &ItemLoop,
        index: usize,
        scope: &HostScope,
        mut execution: Execution,
        attributes: &Attributes,
        started: Instant,
    ) -> Execution {
        items.mark(&mut execution.result, index);
        let mut labelled = true;
        let label = items.label(&self.engine, index, scope).unwrap_or_else(|report| {
            labelled = false;
            execution.result.remove("skipped");
            execution.result.insert("failed", true);
            let message = format!("Failed to template loop_control.label: {}", report.headline());
            execution.result.insert("msg", message);
            // What the callback finds in the result; of `debug` it shows less.
            let is_debug = self.task.action.builtin() == Some("debug");
            execution.result.get("item").filter(|_| !is_debug).cloned().unwrap_or_default()
        });
        let ends = execution.include.is_none();
        if let Some(include) = &mut execution.include {
            include.label = Some(label.clone());
        }
        if ends {
            let status = status_of(&execution, attributes);
            if labelled {
                self.show_error(&execution, attributes);
            }
            self.sink.event(Event::ItemEnd(self.result(&execution, attributes, status, Some(label), started)));
        }
        execution
    }

    /// `loop_control.break_when`
    fn breaks(&self, scope: &HostScope, execution: &Execution) -> Result<bool, Report> {
        let conditions = self.task.r#loop.as_ref().map(|definition| &definition.control.break_when);
        let Some(conditions) = conditions.filter(|conditions| !conditions.is_empty()) else { return Ok(false) };
        let scope = match self.task.register.as_ref().and_then(Value::as_str) {
            None => scope.clone(),
            Some(name) => {
                let result = Value::dict(judge::registered(&execution.result));
                scope.under(Arc::new(Dict::from([(name, result)])))
            }
        };
        for condition in conditions {
            if !self.engine.templar.condition(condition, &scope)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The first condition of the task that does not hold.
    pub(super) fn false_condition(&self, scope: &HostScope) -> Result<Option<Value>, Report> {
        for condition in &self.task.keywords.when {
            if !self.engine.templar.condition(condition, scope)? {
                return Ok(Some(condition.clone()));
            }
        }
        Ok(None)
    }
}

/// The overall result of a loop.
pub(super) fn summary(executions: &[Execution]) -> Execution {
    let any = |key: &str| executions.iter().any(|execution| is_true(&execution.result, key));
    let all_skipped = executions.iter().all(Execution::is_skipped);
    let mut items: Vec<Dict> = executions.iter().map(|execution| judge::registered_item(&execution.result)).collect();
    let mut said = Dict::new();
    let all = messages::gather(executions, &mut items, &mut said);
    let mut result = Dict::from([
        ("results", Value::list(items.into_iter().map(Value::dict).collect())),
        ("changed", any("changed").into()),
        ("skipped", all_skipped.into()),
    ]);
    if any("failed") {
        result.insert("failed", true);
    }
    if any("unreachable") {
        result.insert("unreachable", true);
    }
    let message = if any("failed") || any("unreachable") {
        "One or more items failed"
    } else if all_skipped {
        "All items skipped"
    } else {
        "All items completed"
    };
    result.insert("msg", message);
    result.extend_from(&said);
    let is_hidden = executions.iter().any(|execution| execution.is_hidden);
    Execution { said: Arc::new(all), is_hidden, ..Execution::of(result) }
}
