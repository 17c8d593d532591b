//! A loop as requests of many items: one round trip for all of them.
//!
//! Each item is an ordinary execution of the task that gets as far as its request, as a [`Follower`] of the loop. An item
//! that looks at the results of those before it, or needs more than one request, runs by itself when its turn comes; what
//! is after it goes into the next request.

use super::learned::Learned;
use super::looping::ItemLoop;
use super::runner::{TaskRunner, summary};
use super::{Attributes, Execution};
use crate::actions::{self, ActionContext, size};
use crate::ahead::{Answer, Follower, Place, Signal, Watch, Way, rules};
use crate::reach::Reach;
use crate::scope::HostScope;
use churten_connection::{Invocation, Transport};
use churten_diagnostics::Report;
use churten_value::{Dict, Value};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

/// Items in one request, and the most bytes of files; a longer loop is several requests.
const MAX_ITEMS: usize = 500;
const MAX_FILES: usize = 1 << 20;

/// How often the items are sent again that a lost connection never took.
const MAX_RECONNECTS: usize = 2;

/// An item of the loop.
struct Item {
    vars: Dict,
    started: Instant,
}

type Ended = (Execution, Attributes);
type Running = Pin<Box<dyn Future<Output = Ended> + Send>>;

/// How far an item is.
enum State {
    /// It needed no request.
    Ended(Box<Ended>),
    /// It waits for the answer to its request.
    Waiting(Running, UnboundedSender<Answer>),
}

/// Items that go in one request.
#[derive(Default)]
struct Wave {
    items: Vec<(Item, State)>,
    invocations: Vec<Invocation>,
    /// The item after these has to run by itself.
    is_cut: bool,
}

/// The items that are through.
struct Progress {
    executions: Vec<Execution>,
    last: Attributes,
    learned: Learned,
}

impl TaskRunner {
    /// May the items be sent together? Not when one of them can change how the next is run.
    fn is_batchable(&self, items: &ItemLoop) -> bool {
        let task = &self.task;
        let keywords = &task.keywords;
        let control = task.r#loop.as_ref().map(|definition| &definition.control);
        let fixed = |value: &Option<Value>| value.as_ref().is_none_or(|value| !self.engine.templar.is_template(value));
        let worthwhile = items.items.len() > 1 || !matches!(self.place, Place::Alone);
        worthwhile
            && self.engine.options.batches
            && items.pause == 0.0
            && rules::is_sent_at_once(task)
            && task.r#async.is_none()
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

    /// Run the items in as few requests as they fit into; `None` when they have to be run one by one.
    pub(super) async fn run_batch(
        &self,
        scope: &HostScope,
        items: &ItemLoop,
    ) -> Option<(Execution, Vec<Execution>, Attributes)> {
        if !self.is_batchable(items) {
            return None;
        }
        let attributes = Attributes::of(&self.engine, &self.task, scope).ok()?;
        let context = self.context(scope, &attributes);
        if actions::wants_interpreter(&context) {
            // It is looked for with the first item.
            return None;
        }
        // Without a network between there is nothing to win, and lookups may read what an earlier item wrote.
        let reach = Reach::of(&context).ok().filter(|reach| reach.transport != Transport::Local)?;
        let mut way = match &self.place {
            Place::Following(follower) => follower.way(&reach).await.clone(),
            Place::Alone | Place::Leading(_) => Way::new(reach.clone()),
        };
        let mut progress = Progress { executions: vec![], last: attributes.clone(), learned: Learned::new(scope) };
        let mut reconnects = 0;
        while progress.executions.len() < items.items.len() {
            let wave = self.gather(scope, items, &progress, &way).await;
            let is_cut = wave.is_cut;
            if self.take(&context, items, wave, &way, &mut progress, reconnects < MAX_RECONNECTS).await {
                reconnects += 1;
                way = Way::new(reach.clone());
                continue;
            }
            if is_cut {
                let item = Item { vars: items.variables(progress.executions.len()), started: Instant::now() };
                let runner = self.at(Place::Alone);
                let ended = Box::pin(runner.execute(&progress.learned.scope(&item.vars), Some(&item.vars))).await;
                self.finish(items, &item, ended, &mut progress);
            }
        }
        Some((summary(&progress.executions), progress.executions, progress.last))
    }

    /// Let the next items come as far as their requests.
    async fn gather(&self, scope: &HostScope, items: &ItemLoop, progress: &Progress, way: &Arc<Way>) -> Wave {
        let mut wave = Wave::default();
        let mut bytes = 0;
        let first = progress.executions.len();
        for index in (first..items.items.len()).take(MAX_ITEMS) {
            let (started, vars) = (Instant::now(), items.variables(index));
            let register = self.task.register.as_ref().and_then(Value::as_str);
            // The first one can see what the items before have left.
            let register = register.filter(|_| index > first);
            let watch = Watch::of_item(register, scope.watch().cloned());
            let (signals, mut received) = unbounded_channel();
            let follower = Follower::of_item(way.clone(), watch.clone(), signals);
            let runner = self.at(Place::Following(follower));
            let seen = progress.learned.scope(&vars).watched(watch.clone());
            let item = vars.clone();
            let mut running: Running = Box::pin(async move { runner.execute(&seen, Some(&item)).await });
            let state = tokio::select! {
                biased;
                Some(signal) = received.recv() => match signal {
                    Signal::Ready(invocations, answers) => Some((State::Waiting(running, answers), invocations)),
                    Signal::GivesUp => None,
                },
                ended = &mut running => Some((State::Ended(Box::new(ended)), vec![])),
            };
            let Some((state, invocations)) = state.filter(|_| !watch.is_tripped()) else {
                wave.is_cut = true;
                break;
            };
            bytes += invocations.iter().map(|invocation| size(&invocation.files)).sum::<usize>();
            wave.invocations.extend(invocations);
            wave.items.push((Item { vars, started }, state));
            if bytes >= MAX_FILES {
                break;
            }
        }
        wave
    }

    /// Send the items and take in their results as they come. True when the connection never took them, and those that are
    /// left are to be sent again.
    async fn take(
        &self,
        context: &ActionContext<'_>,
        items: &ItemLoop,
        wave: Wave,
        way: &Arc<Way>,
        progress: &mut Progress,
        may_reconnect: bool,
    ) -> bool {
        let is_all = progress.executions.len() + wave.items.len() == items.items.len();
        let failed = |execution: &Execution| execution.has_failed() || execution.is_unreachable();
        let ended = wave.items.iter().filter_map(|(_, state)| match state {
            State::Ended(ended) => Some(&ended.0),
            State::Waiting(..) => None,
        });
        let fails = progress.executions.iter().chain(ended).any(failed);
        let goes_along = matches!(self.place, Place::Following(_));
        if !is_all || fails {
            // The host would not stop after it.
            self.place.needs_own_turn().await;
        }
        let alone = Place::Alone;
        let place = if is_all && !fails { &self.place } else { &alone };
        let mut sent = match way.session() {
            Some(session) if !wave.invocations.is_empty() => {
                Some((session, place.send(context, session, way.reach(), wave.invocations).await))
            }
            _ => None,
        };
        let mut lost = None;
        for (item, state) in wave.items {
            let ended = match (state, &mut sent) {
                (State::Ended(ended), _) => *ended,
                (State::Waiting(running, sender), Some((session, answers))) => {
                    let answer = match lost.clone() {
                        Some(error) => Err(error),
                        None => place.next(answers, session).await,
                    };
                    if let Err(error) = &answer {
                        if error.is_unstarted() && may_reconnect && !goes_along {
                            return true;
                        }
                        lost = Some(error.clone());
                    }
                    let _ = sender.send(answer);
                    running.await
                }
                // There is a request only in a session.
                (State::Waiting(..), None) => {
                    let report = Report::new("The item was left out");
                    (Execution::failure(report), Attributes::default())
                }
            };
            self.finish(items, &item, ended, progress);
        }
        false
    }

    /// Take in how an item ended.
    fn finish(&self, items: &ItemLoop, item: &Item, (execution, attributes): Ended, progress: &mut Progress) {
        progress.learned.take(&self.engine, &self.task, &execution.result);
        // Labels may show the item's own result.
        let scope = progress.learned.scope(&item.vars);
        let index = progress.executions.len();
        progress.executions.push(self.finish_item(items, index, &scope, execution, &attributes, item.started));
        progress.last = attributes;
    }

    fn context<'a>(&'a self, scope: &'a HostScope, attributes: &'a Attributes) -> ActionContext<'a> {
        ActionContext {
            engine: &self.engine,
            play: &self.play,
            host: &self.host,
            task: &self.task,
            scope,
            attributes,
            environment: &[],
            sink: &self.sink,
            info: &self.info,
            place: &self.place,
            delegate: None,
        }
    }
}
