//! A loop over a module as one request: one round trip for all items.

use super::attempt::Prepared;
use super::judge;
use super::looping::ItemLoop;
use super::messages;
use super::runner::{TaskRunner, summary};
use super::{Attributes, Execution, finalize, reached};
use crate::actions::{self, ActionContext};
use crate::event::Said;
use crate::profile::{self, SpanKind};
use crate::reach;
use crate::scope::HostScope;
use churten_connection::{Invocation, Transport};
use churten_value::{Data, Value};
use std::sync::Arc;
use std::time::Instant;

/// Items in one request; a longer loop is several requests.
const MAX_ITEMS: usize = 500;

/// An item whose action is known.
struct Planned {
    scope: HostScope,
    attributes: Attributes,
    /// What it ended as without an action.
    ended: Option<Execution>,
    environment: Vec<(String, String)>,
    said: Said,
}

impl TaskRunner {
    /// May the items be sent together? Not when one of them can change how the next is run.
    fn is_batchable(&self, items: &ItemLoop) -> bool {
        let task = &self.task;
        let keywords = &task.keywords;
        let control = task.r#loop.as_ref().map(|definition| &definition.control);
        let fixed = |value: &Option<Value>| value.as_ref().is_none_or(|value| !self.engine.templar.is_template(value));
        items.items.len() > 1
            && items.pause == 0.0
            && actions::is_plain_module(&task.action.resolved)
            && task.r#async.is_none()
            && !self.uses_earlier_items()
            && task.args.get(actions::USE_GSSAPI).is_none()
            && task.until.is_empty()
            && task.retries.is_none()
            && keywords.delegate_to.is_none()
            && keywords.timeout.is_none()
            && self.engine.options.task_timeout == 0
            && control.is_some_and(|control| control.break_when.is_empty())
            && [&keywords.r#become, &keywords.become_user, &keywords.become_method, &keywords.connection]
                .into_iter()
                .all(fixed)
    }

    /// Does the task look at its own registered result, as the items before left it?
    fn uses_earlier_items(&self) -> bool {
        let Some(name) = self.task.register.as_ref().and_then(Value::as_str) else { return false };
        let keywords = &self.task.keywords;
        let label = self.task.r#loop.as_ref().and_then(|definition| definition.control.label.as_ref());
        mentions(&self.task.args, name)
            || label.is_some_and(|label| mentions(label, name))
            || keywords.when.iter().chain(&keywords.environment).any(|value| mentions(value, name))
            || keywords.vars.iter().any(|vars| vars.values().any(|value| mentions(value, name)))
    }

    /// Run all items in one request; `None` when they have to be run one by one.
    pub(super) async fn run_batch(
        &self,
        scope: &HostScope,
        items: &ItemLoop,
    ) -> Option<(Execution, Vec<Execution>, Attributes)> {
        if !self.is_batchable(items) {
            return None;
        }
        let started = Instant::now();
        let attributes = Attributes::of(&self.engine, &self.task, scope).ok()?;
        let context = self.context(scope, &attributes, &[]);
        if actions::wants_interpreter(&context) {
            // It is looked for with the first item.
            return None;
        }
        // Without a network between there is nothing to win, and lookups may read what an earlier item wrote.
        let reach = reach::Reach::of(&context).ok().filter(|reach| reach.transport != Transport::Local)?;
        let keeps = messages::keeps_deprecations(&self.engine, scope);
        let rendering = profile::begin(SpanKind::Render);
        let mut planned = Vec::with_capacity(items.items.len());
        let mut invocations: Vec<Invocation> = vec![];
        for index in 0..items.items.len() {
            let planning = || self.plan(scope, items, index, &reach);
            let ((mut plan, invocation), said) = messages::listen_now(keeps, Said::default(), planning);
            plan.said = said;
            if let Some(invocation) = &invocation {
                actions::prepare(&context, &invocation.arguments).await;
            }
            planned.push(plan);
            invocations.extend(invocation);
        }
        drop(rendering);
        let mut results = self.send(&context, &reach, invocations).await;
        let mut executions = Vec::with_capacity(planned.len());
        for (index, plan) in planned.into_iter().enumerate() {
            let mut said = plan.said;
            let mut execution = match plan.ended {
                Some(ended) => ended,
                None => {
                    let mut execution = results.next().await;
                    judge::complete(&mut execution.result);
                    let judging = || judge::judge(&self.engine, &self.task, &plan.scope, &mut execution);
                    ((), said) = messages::listen_now(keeps, said, judging);
                    execution
                }
            };
            messages::keep(said, &mut execution);
            executions.push(self.finish_item(items, index, &plan.scope, execution, &plan.attributes, started));
        }
        Some((summary(&executions), executions, attributes))
    }

    fn plan(
        &self,
        scope: &HostScope,
        items: &ItemLoop,
        index: usize,
        reach: &reach::Reach,
    ) -> (Planned, Option<Invocation>) {
        let vars = items.variables(index);
        let scope = scope.under(Arc::new(vars.clone()));
        let mut plan = Planned {
            scope,
            attributes: Attributes::default(),
            ended: None,
            environment: vec![],
            said: Said::default(),
        };
        let passwords = reached::passwords(&self.engine, &self.play, &self.task, &plan.scope, None);
        let seen = plan.scope.clone().over(passwords);
        let attributes = Attributes::of(&self.engine, &self.task, &seen);
        match self.false_condition(&seen) {
            Ok(None) => {}
            Ok(Some(condition)) => plan.ended = Some(Execution::skipped(&condition)),
            Err(report) => plan.ended = Some(Execution::failure(report)),
        }
        match attributes {
            Ok(attributes) => plan.attributes = attributes,
            Err(report) => {
                plan.ended.get_or_insert_with(|| Execution::failure(report));
            }
        }
        if plan.ended.is_some() {
            return (plan, None);
        }
        match finalize::environment(&self.engine, &self.task, &seen) {
            Ok(environment) => plan.environment = environment,
            Err(report) => {
                plan.ended = Some(Execution::failure(report));
                return (plan, None);
            }
        }
        match self.prepare(&seen, Some(&vars)) {
            Prepared::Ended(execution) => {
                plan.ended = Some(*execution);
                (plan, None)
            }
            Prepared::Action(arguments) => {
                let context = self.context(&plan.scope, &plan.attributes, &plan.environment);
                match actions::invocation(&context, reach, actions::module_name(&self.task), arguments, vec![]) {
                    Ok(invocation) => (plan, Some(invocation)),
                    Err(execution) => {
                        plan.ended = Some(*execution);
                        (plan, None)
                    }
                }
            }
        }
    }

    fn context<'a>(
        &'a self,
        scope: &'a HostScope,
        attributes: &'a Attributes,
        environment: &'a [(String, String)],
    ) -> ActionContext<'a> {
        ActionContext {
            engine: &self.engine,
            play: &self.play,
            host: &self.host,
            task: &self.task,
            scope,
            attributes,
            environment,
            sink: &self.sink,
            info: &self.info,
            place: &self.place,
            delegate: None,
        }
    }

    async fn send(&self, context: &ActionContext<'_>, reach: &reach::Reach, invocations: Vec<Invocation>) -> Results {
        if invocations.is_empty() {
            return Results { session: None, waiting: vec![], current: None, failure: None };
        }
        match reach::open(context, reach).await {
            Ok(session) => {
                let mut waiting: Vec<Vec<Invocation>> = vec![];
                for invocation in invocations {
                    match waiting.last_mut().filter(|chunk| chunk.len() < MAX_ITEMS) {
                        Some(chunk) => chunk.push(invocation),
                        None => waiting.push(vec![invocation]),
                    }
                }
                waiting.reverse();
                Results { session: Some(session), waiting, current: None, failure: None }
            }
            Err(execution) => Results { session: None, waiting: vec![], current: None, failure: Some(*execution) },
        }
    }
}

/// The results of the items, in order, as they arrive.
struct Results {
    session: Option<churten_connection::Session>,
    /// Requests that are not sent yet, the next one last.
    waiting: Vec<Vec<Invocation>>,
    current: Option<churten_connection::BatchResults>,
    /// What every further item ends as.
    failure: Option<Execution>,
}

impl Results {
    async fn next(&mut self) -> Execution {
        loop {
            if let Some(failure) = &self.failure {
                return failure.clone();
            }
            if let Some(current) = &mut self.current {
                match current.next().await {
                    Some(Ok((_, result))) => return Execution::by_module(result),
                    Some(Err(error)) => self.failure = Some(reach::failure(&error)),
                    None => self.current = None,
                }
                continue;
            }
            match (&self.session, self.waiting.pop()) {
                (Some(session), Some(chunk)) => match session.run_batch(chunk, false).await {
                    Ok(results) => self.current = Some(results),
                    Err(error) => self.failure = Some(reach::failure(&error)),
                },
                _ => {
                    let report = churten_diagnostics::Report::new("The worker left out an item of the loop");
                    self.failure = Some(Execution::failure(report));
                }
            }
        }
    }
}

/// Does a text anywhere inside the value contain the name?
fn mentions(value: &Value, name: &str) -> bool {
    match &value.data {
        Data::Str(text) => text.contains(name),
        Data::List(items) => items.iter().any(|item| mentions(item, name)),
        Data::Dict(entries) => entries.values().any(|value| mentions(value, name)),
        _ => false,
    }
}
