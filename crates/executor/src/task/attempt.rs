//! One execution of a task: where, whether, with what, how often and for how long its action runs.

use super::attributes::{integer, seconds};
use super::telling::DELEGATED_VARS;
use super::{Attributes, Execution, IncludeRequest, TaskRunner, finalize, judge, messages, reached};
use crate::actions::{self, ActionContext};
use crate::ahead::Place;
use crate::event::{Event, Status};
use crate::profile::{self, SpanKind};
use crate::scope::HostScope;
use churten_diagnostics::Report;
use churten_value::{Dict, Value};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How often a task is done again whose connection was lost before it began.
const MAX_RECONNECTS: usize = 2;

/// The longest `timeout`, in seconds.
const MAX_TIMEOUT: u64 = 100_000_000;

/// What is known of an execution before its action runs.
enum Prepared {
    /// There is nothing to run: skipped, failed, or an include.
    Ended(Box<Execution>),
    /// The action's rendered arguments.
    Action(Dict),
}

impl TaskRunner {
    /// One execution: of the task, or of one item of its loop. Its result keeps what was said while it ran.
    pub(super) async fn execute(&self, scope: &HostScope, item: Option<&Dict>) -> (Execution, Attributes) {
        let keeps = messages::keeps_deprecations(&self.engine, scope);
        let ((mut execution, attributes), heard) = messages::listen(keeps, self.carry_out(scope, item)).await;
        messages::keep(heard, &mut execution);
        (execution, attributes)
    }

    async fn carry_out(&self, scope: &HostScope, item: Option<&Dict>) -> (Execution, Attributes) {
        let rendering = profile::begin(SpanKind::Render);
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
        let environment = finalize::environment(&self.engine, &self.task, &seen);
        drop(rendering);
        let execution = match environment {
            Ok(environment) => Box::pin(self.attempt(scope, &attributes, &environment, arguments)).await,
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

    fn prepare(&self, scope: &HostScope, item: Option<&Dict>) -> Prepared {
        for deprecation in self.task.action.deprecations.iter() {
            let _ = messages::hold(Report::new(deprecation.clone()));
        }
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
            info: &self.info,
            place: &self.place,
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
            // `reboot` knows by itself what a lost connection means. What went along with another task shares its request.
            let goes_along = matches!(self.place, Place::Following(_));
            let may_reconnect = !goes_along && task.action.builtin() != Some("reboot");
            for _ in 0..MAX_RECONNECTS {
                if !(execution.is_unstarted && may_reconnect) {
                    break;
                }
                execution = self.limited(&context, attributes, arguments.clone()).await;
            }
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
            // On the heap: what awaits a future of this size by value holds it more than once.
            Ok(0) => return Box::pin(actions::run(context, arguments)).await,
            Ok(seconds @ 1..=MAX_TIMEOUT) => seconds,
            _ => {
                let message =
                    format!("Timeout {} is invalid, it must be between 0 and {MAX_TIMEOUT}.", attributes.timeout);
                return Execution::failure(Report::new(message));
            }
        };
        let running = Box::pin(actions::run(context, arguments));
        match tokio::time::timeout(Duration::from_secs(seconds), running).await {
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
