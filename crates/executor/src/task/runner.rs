//! Runs one task on one host.

use super::attributes::{integer, seconds};
use super::learned::Learned;
use super::looping::ItemLoop;
use super::{Attributes, Execution, IncludeRequest, finalize, is_true, judge, looping, messages, reached};
use crate::actions::{self, ActionContext};
use crate::engine::Engine;
use crate::event::{Event, HostLabel, Status, TaskInfo, TaskResult};
use crate::play_state::PlayState;
use crate::scope::HostScope;
use churten_diagnostics::Report;
use churten_playbook::{Action, Task};
use churten_value::{Dict, Tags, Value};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::mpsc::UnboundedSender;

/// What a result knows of the host it was delegated to.
const DELEGATED_VARS: &str = "_ansible_delegated_vars";

/// The longest `timeout`, in seconds.
const MAX_TIMEOUT: u64 = 100_000_000;

const CENSORED: &str = "the output has been hidden due to the fact that 'no_log: true' was specified for this result";

/// Takes a host's events while its task runs; whoever holds the other end puts hosts in order.
#[derive(Clone)]
pub(crate) struct EventSink {
    pub(crate) index: usize,
    pub(crate) sender: UnboundedSender<(usize, Message)>,
}

/// What a running task tells.
pub(crate) enum Message {
    Event(Event),
    Done(Box<TaskOutcome>),
}

impl EventSink {
    pub(crate) fn event(&self, event: Event) {
        // The receiver only goes away when the run is being torn down.
        let _ = self.sender.send((self.index, Message::Event(event)));
    }

    pub(crate) fn done(&self, outcome: TaskOutcome) {
        let _ = self.sender.send((self.index, Message::Done(Box::new(outcome))));
    }
}

/// How a task ended on a host, and what the run must do about it.
pub(crate) struct TaskOutcome {
    pub(crate) host: Arc<str>,
    /// The overall result.
    pub(crate) execution: Execution,
    /// The results of a loop's items.
    pub(crate) items: Vec<Execution>,
    pub(crate) attributes: Attributes,
    pub(crate) status: Status,
    /// Names of the handlers that the result notifies, or why they cannot be told.
    pub(crate) notifications: Result<Vec<String>, Report>,
    /// What is told when the outcome is taken in.
    pub(crate) end: Option<Box<TaskResult>>,
}

impl TaskOutcome {
    /// What an include task asks for, in the order of its items.
    pub(crate) fn includes(&self) -> impl Iterator<Item = &IncludeRequest> {
        let own = self.execution.include.iter();
        own.chain(self.items.iter().filter_map(|item| item.include.as_ref()))
    }

    /// The results that have effects: the items of a loop, or the result itself.
    pub(crate) fn effective(&self) -> impl Iterator<Item = &Execution> {
        let own = self.items.is_empty().then_some(&self.execution);
        own.into_iter().chain(&self.items)
    }
}

/// Runs one task on one host.
pub(crate) struct TaskRunner {
    pub(crate) engine: Arc<Engine>,
    pub(crate) play: Arc<PlayState>,
    pub(crate) host: Arc<str>,
    pub(crate) task: Arc<Task>,
    pub(crate) info: Arc<TaskInfo>,
    pub(crate) sink: EventSink,
}

/// What is known of an execution before its action runs.
pub(super) enum Prepared {
    /// There is nothing to run: skipped, failed, or an include.
    Ended(Box<Execution>),
    /// The action's rendered arguments.
    Action(Dict),
}

impl TaskRunner {
    /// Run the task and tell its events and its outcome.
    pub(crate) async fn run(mut self) {
        let started = Instant::now();
        let scope = self.engine.variables.scope(Some(&self.play), Some(&self.host), Some(&self.task));
        let items = self.settle_action(&scope).and_then(|()| looping::items(&self.engine, &self.task, &scope));
        let scope = if self.delegates_items(&items) { scope } else { self.reached(scope) };
        let (execution, items, attributes) = match items {
            Ok(None) => {
                let (execution, attributes) = self.execute(&scope, None).await;
                (execution, vec![], attributes)
            }
            Ok(Some(items)) => self.run_items(&scope, &items).await,
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
        let notifications =
            self.notifications(&scope, if items.is_empty() { std::slice::from_ref(&execution) } else { &items });
        let end = Some(Box::new(self.result(&execution, &attributes, status, None, started)));
        let host = self.host.clone();
        self.sink.done(TaskOutcome { host, execution, items, attributes, status, notifications, end });
    }

    /// Can the items of a loop be delegated to different hosts?
    fn delegates_items<T, E>(&self, items: &Result<Option<T>, E>) -> bool {
        matches!(items, Ok(Some(_))) && self.task.keywords.delegate_to.is_some()
    }

    /// With what is known of the host that is reached.
    fn reached(&self, scope: HostScope) -> HostScope {
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
        Arc::make_mut(&mut self.task).action = Action { name: name.into(), resolved: resolved.name, is_missing: false };
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

    pub(super) fn result(
        &self,
        execution: &Execution,
        attributes: &Attributes,
        status: Status,
        item_label: Option<Value>,
        started: Instant,
    ) -> TaskResult {
        let is_hidden = attributes.no_log || execution.is_hidden;
        let result = if is_hidden {
            let changed = execution.result.get("changed").cloned().unwrap_or_else(|| false.into());
            let mut censored = Dict::from([("censored", Value::from(CENSORED)), ("changed", changed)]);
            // The callback asks whether there were items, not what they were.
            if let Some(delegated) = execution.result.get(DELEGATED_VARS) {
                censored.insert(DELEGATED_VARS, delegated.clone());
            }
            if execution.result.contains("results") {
                censored.insert("results", Vec::<Value>::new());
            }
            censored
        } else {
            execution.result.clone()
        };
        TaskResult {
            host: self.label(&execution.result),
            task: self.info.clone(),
            status,
            result: Arc::new(result),
            item_label: item_label.map(|label| if is_hidden { "(censored due to no_log)".into() } else { label }),
            seconds: started.elapsed().as_secs_f64(),
            said: execution.said.clone(),
        }
    }

    /// The host, with the one the task was delegated to once it ran there.
    fn label(&self, result: &Dict) -> HostLabel {
        let delegated = result.get(DELEGATED_VARS).and_then(|vars| vars.get("ansible_delegated_host"));
        let other = delegated.and_then(Value::as_str).filter(|name| **name != *self.host);
        let address = result.get(DELEGATED_VARS).and_then(|vars| vars.get("ansible_host")).and_then(Value::as_str);
        HostLabel {
            name: self.host.clone(),
            address: other.and(address).filter(|address| Some(*address) != other).map(Arc::from),
            delegated: other.map(Arc::from),
        }
    }

    fn show_error(&self, execution: &Execution, attributes: &Attributes) {
        if !execution.has_failed() && !execution.is_unreachable() {
            return;
        }
        let report = match &execution.error {
            Some(report) => report.clone(),
            None => {
                let what = if execution.by_module { "Module failed." } else { "Action failed." };
                let text = |key: &str| execution.result.get(key).map(Value::to_text).filter(|text| !text.is_empty());
                let message = text("msg").unwrap_or_default();
                let public = message.is_empty() || message == "non-zero return code";
                let mut chain = vec!["Task failed".to_owned(), what.to_owned()];
                if attributes.no_log && !public {
                    chain.push(CENSORED.to_owned());
                } else {
                    // A failure without a message of its own already has what is put in front here.
                    let front = format!("Task failed: {} ", what.replace('.', ":"));
                    let own = message.strip_prefix(&*front).unwrap_or(&message);
                    chain.extend((!own.is_empty()).then(|| own.to_owned()));
                    chain.extend(text(churten_module::CAUSE_KEY));
                }
                let links = chain.into_iter().rev().map(Report::new);
                let joined = links.reduce(|cause, report| report.caused_by(cause));
                Report::new(joined.map(|report| report.headline()).unwrap_or_default())
            }
        };
        self.sink.event(Event::Error(report.or_at(self.task.origin)));
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
            let (execution, attributes) = self.execute(&item_scope, Some(&vars)).await;
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
    fn attributes(&self, scope: &HostScope) -> Attributes {
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

    /// One execution: of the task, or of one item of its loop. Its result keeps what was said while it ran.
    async fn execute(&self, scope: &HostScope, item: Option<&Dict>) -> (Execution, Attributes) {
        let keeps = messages::keeps_deprecations(&self.engine, scope);
        let ((mut execution, attributes), heard) = messages::listen(keeps, self.carry_out(scope, item)).await;
        messages::keep(heard, &mut execution);
        (execution, attributes)
    }

    async fn carry_out(&self, scope: &HostScope, item: Option<&Dict>) -> (Execution, Attributes) {
        let delegate = match Attributes::delegate(&self.engine, &self.task, scope) {
            Ok(delegate) => delegate,
            Err(report) => {
                let mut execution = Execution::failure(report);
                // It shows what was written.
                let written = self.task.keywords.delegate_to.as_ref().map(Value::to_text).unwrap_or_default();
                execution.result.insert(DELEGATED_VARS, Dict::from([("ansible_delegated_host", written)]));
                return (execution, self.attributes(scope));
            }
        };
        let known;
        let scope = match &delegate {
            None => scope,
            Some(name) => {
                known = scope.under(self.delegated_vars(name));
                &known
            }
        };
        let of_item;
        let scope = if item.is_some() && delegate.is_some() {
            of_item = self.reached(scope.clone());
            &of_item
        } else {
            scope
        };
        let passwords = reached::passwords(&self.engine, &self.play, &self.task, scope, delegate.as_deref());
        let seen = scope.clone().over(passwords);
        let attributes = Attributes::of(&self.engine, &self.task, &seen);
        let condition = self.false_condition(&seen);
        let attributes = match (condition, attributes) {
            (Ok(Some(condition)), attributes) => {
                return (Execution::skipped(&condition), attributes.unwrap_or_else(|_| self.attributes(scope)));
            }
            (Err(report), attributes) => {
                return (Execution::failure(report), attributes.unwrap_or_else(|_| self.attributes(scope)));
            }
            (Ok(None), Err(report)) => return (Execution::failure(report), self.attributes(scope)),
            (Ok(None), Ok(attributes)) => attributes,
        };
        let arguments = match self.prepare(&seen, item) {
            Prepared::Ended(execution) => return (*execution, attributes),
            Prepared::Action(arguments) => arguments,
        };
        let execution = match finalize::environment(&self.engine, &self.task, &seen) {
            Ok(environment) => self.attempt(scope, &attributes, &environment, arguments).await,
            Err(report) => Err(report),
        };
        let execution = execution.unwrap_or_else(Execution::failure);
        (execution, attributes)
    }

    /// `ansible_delegated_vars`: the variables of the host that the task is delegated to, under its name.
    fn delegated_vars(&self, name: &str) -> Arc<Dict> {
        let scope = self.engine.variables.scope(Some(&self.play), Some(name), Some(&self.task));
        let mut vars = scope.flat();
        vars.insert("inventory_hostname", self.host.clone());
        vars.remove("ansible_search_path");
        for (name, value) in
            [("ansible_host", name.into()), ("ansible_port", Value::NONE), ("ansible_user", Value::NONE)]
        {
            if !vars.contains(name) {
                vars.insert(name, value);
            }
        }
        Arc::new(Dict::from([("ansible_delegated_vars", Value::dict(Dict::from([(name, Value::dict(vars))])))]))
    }

    pub(super) fn prepare(&self, scope: &HostScope, item: Option<&Dict>) -> Prepared {
        let arguments = match finalize::arguments(&self.engine, &self.task, scope) {
            Ok(arguments) => arguments,
            Err(report) => return Prepared::Ended(Box::new(Execution::failure(report))),
        };
        if matches!(self.task.action.builtin(), Some("include_tasks" | "include_role")) {
            let mut execution = Execution::of(included(&arguments, item.is_some()));
            let item_vars = item.cloned().unwrap_or_default();
            execution.include = Some(IncludeRequest { args: arguments, item_vars, label: None });
            return Prepared::Ended(Box::new(execution));
        }
        Prepared::Action(arguments)
    }

    /// Run the action until it is done, at the most as often as `retries` says.
    async fn attempt(
        &self,
        scope: &HostScope,
        attributes: &Attributes,
        environment: &[(String, String)],
        arguments: Dict,
    ) -> Result<Execution, Report> {
        let (engine, task) = (&self.engine, &self.task);
        let tries = match &task.retries {
            None if task.until.is_empty() => 1,
            None => 4,
            Some(retries) => {
                u32::try_from(integer(engine, "retries", retries, scope)?.max(0)).unwrap_or(u32::MAX - 1) + 1
            }
        };
        let delay = match &task.delay {
            None => 5.0,
            Some(delay) => seconds(engine, "delay", delay, scope)?,
        };
        let context = ActionContext {
            engine,
            play: &self.play,
            host: &self.host,
            task,
            scope,
            attributes,
            environment,
            sink: &self.sink,
            delegate: None,
        };
        let context = context.with_delegate()?;
        let action = &task.action.resolved;
        let supports_async = || actions::supports_async(action) || !actions::is_known(action);
        if attributes.detached.is_some() && !supports_async() {
            let message = format!("This action ({}) does not support async.", task.action.name);
            return Ok(Execution::refused(message));
        }
        let address = reached::address(&context);
        let mut attempt = 0;
        loop {
            attempt += 1;
            let started = Instant::now();
            let mut execution = self.limited(&context, attributes, arguments.clone()).await;
            if let Some(detached) = attributes.detached {
                let tell = |event| self.sink.event(event);
                actions::follow(&context, detached, &mut execution, &tell).await;
            }
            judge::complete(&mut execution.result);
            if let Some(name) = &attributes.delegate_to {
                let mut delegated = Dict::from([("ansible_delegated_host", name.as_str())]);
                if let Some(address) = &address {
                    delegated.insert("ansible_host", address.clone());
                }
                execution.result.insert(DELEGATED_VARS, delegated);
            }
            if tries > 1 {
                // `changed_when` and `failed_when` may ask for it.
                execution.result.insert("attempts", attempt);
            }
            judge::judge(engine, task, scope, &mut execution);
            if tries == 1 || execution.is_unreachable() {
                return Ok(execution);
            }
            if judge::is_done(engine, task, scope, &execution)? {
                execution.result.insert("attempts", attempt);
                return Ok(execution);
            }
            if attempt == tries {
                // The condition is what failed, unless the module had failed, too.
                execution.by_module &= execution.has_failed();
                execution.result.insert("attempts", tries - 1);
                execution.result.insert("failed", true);
                return Ok(execution);
            }
            execution.result.insert("attempts", attempt);
            let mut tried = execution.clone();
            tried.result.insert("retries", tries);
            let result = self.result(&tried, attributes, Status::Ok, None, started);
            self.sink.event(Event::Retry { result, attempt, retries: tries });
            tokio::time::sleep(Duration::from_secs_f64(delay)).await;
        }
    }

    /// Run the action, for no longer than the task's `timeout`.
    async fn limited(&self, context: &ActionContext<'_>, attributes: &Attributes, arguments: Dict) -> Execution {
        let seconds = match u64::try_from(attributes.timeout) {
            Ok(0) => return actions::run(context, arguments).await,
            Ok(seconds @ 1..=MAX_TIMEOUT) => seconds,
            _ => {
                let message =
                    format!("Timeout {} is invalid, it must be between 0 and {MAX_TIMEOUT}.", attributes.timeout);
                return Execution::failure(Report::new(message));
            }
        };
        match tokio::time::timeout(Duration::from_secs(seconds), actions::run(context, arguments)).await {
            Ok(execution) => execution,
            Err(_) => {
                let mut execution = Execution::failure(Report::new(format!("Timed out after {seconds} second(s).")));
                // There is no frame of an interpreter to show; the text is the one without DISPLAY_TRACEBACK.
                let frame = "Configure `DISPLAY_TRACEBACK` to see a traceback on timeout errors.";
                let timed_out = Dict::from([("frame", Value::from(frame)), ("period", seconds.into())]);
                execution.result.insert("timedout", timed_out);
                execution
            }
        }
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

/// The result of an include: what it asks for. Items do not tell whether they changed something.
fn included(arguments: &Dict, is_item: bool) -> Dict {
    let mut rest = arguments.clone();
    let mut result = Dict::new();
    for name in ["_raw_params", "file"] {
        if let Some(file) = rest.remove(name) {
            result.insert("include", file);
        }
    }
    result.insert("include_args", Value::dict(rest));
    if !is_item {
        result.insert("changed", false);
    }
    result
}

fn status_of(execution: &Execution, attributes: &Attributes) -> Status {
    if execution.is_unreachable() {
        Status::Unreachable { ignored: attributes.ignore_unreachable }
    } else if execution.counts_as_failed() {
        Status::Failed { ignored: attributes.ignore_errors }
    } else if execution.is_skipped() {
        Status::Skipped
    } else {
        Status::Ok
    }
}
