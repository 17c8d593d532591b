//! The first task of a request, which takes along those after it.

use super::{Answer, Answers, Follower, Place, Sent, Signal, Watch, Way};
use crate::actions::{ActionContext, size};
use crate::event::Status;
use crate::reach::Reach;
use crate::task::{EventSink, Message, TaskOutcome, TaskRunner};
use churten_connection::{BatchResults, ConnectionError, Session, Transport};
use churten_playbook::Task;
use churten_protocol::Invocation;
use churten_value::Value;
use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Notify;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::{AbortHandle, JoinSet};

/// The most bytes of files that go in one request.
const MAX_FILES: usize = 1 << 20;

/// The most runs of modules that go in one request.
const MAX_RUNS: usize = 500;

/// The place of a task that takes others along.
pub(crate) struct Leader {
    /// The tasks after it, as far as they may go with it.
    tasks: Vec<Arc<Task>>,
    sent: Mutex<Vec<Sent>>,
}

/// A follower that is ready to go.
struct Ready {
    task: Arc<Task>,
    messages: UnboundedReceiver<(usize, Message)>,
    waiting: Option<Waiting>,
}

/// Who waits for the next results of a request, and for how many.
struct Waiting {
    results: usize,
    answers: UnboundedSender<Answer>,
    /// Ends the run of a follower.
    runner: Option<AbortHandle>,
}

/// What goes to the host together.
struct Request {
    invocations: Vec<Invocation>,
    ends: Vec<u32>,
    /// Bytes of files.
    size: usize,
}

impl Request {
    fn new(invocations: Vec<Invocation>) -> Self {
        let mut request = Self { invocations: vec![], ends: vec![], size: 0 };
        request.add(invocations);
        request
    }

    /// Add what a task runs.
    fn add(&mut self, invocations: Vec<Invocation>) {
        self.size += size_of(&invocations);
        self.invocations.extend(invocations);
        self.ends.extend(self.invocations.len().checked_sub(1).and_then(|end| u32::try_from(end).ok()));
    }

    fn has_room_for(&self, invocations: &[Invocation]) -> bool {
        self.size + size_of(invocations) <= MAX_FILES && self.invocations.len() + invocations.len() <= MAX_RUNS
    }
}

impl Leader {
    pub(crate) fn new(tasks: Vec<Arc<Task>>) -> Self {
        Self { tasks, sent: Mutex::default() }
    }

    /// What went along.
    pub(crate) fn take_sent(&self) -> Vec<Sent> {
        std::mem::take(&mut *self.sent.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Run the task's modules, and those of the tasks that can go with it.
    pub(super) async fn run(
        &self,
        context: &ActionContext<'_>,
        session: &Session,
        reach: &Reach,
        invocations: Vec<Invocation>,
    ) -> Answers {
        // What an attempt before this one has taken along.
        drop(self.take_sent());
        // Without a network between there is nothing to win.
        if reach.transport == Transport::Local {
            return Answers::alone(session, invocations).await;
        }
        let results = invocations.len();
        let mut request = Request::new(invocations);
        let mut running = JoinSet::new();
        let way = Way::opened(reach.clone(), session.clone());
        let ready = self.gather(context, &way, &mut request, &mut running).await;
        let Request { invocations, ends, .. } = request;
        if invocations.len() == results {
            return Answers::alone(session, invocations).await;
        }
        context.engine.debug(&format!("sent {} tasks ahead to {}", ends.len() - 1, session.host()));
        match session.run_batch(invocations, ends).await {
            Err(error) => Answers::One(Some(Box::new(Err(error)))),
            Ok(batch) => {
                let (answers, received) = unbounded_channel();
                self.hand_out(Waiting { results, answers, runner: None }, ready, batch, running);
                Answers::Shared(received)
            }
        }
    }

    /// Let the followers come as far as what they send, which is added to the request.
    async fn gather(
        &self,
        context: &ActionContext<'_>,
        way: &Arc<Way>,
        request: &mut Request,
        running: &mut JoinSet<()>,
    ) -> Vec<Ready> {
        let mut outstanding = HashSet::new();
        register(context.task, &mut outstanding);
        let mut ready = vec![];
        for task in &self.tasks {
            let watch = Watch::new(&outstanding);
            let (signals, mut received) = unbounded_channel();
            let (sender, mut messages) = unbounded_channel();
            let end = Arc::new(Notify::new());
            let follower = Follower::new(way.clone(), watch.clone(), signals, end.clone());
            let runner = TaskRunner {
                engine: context.engine.clone(),
                play: context.play.clone(),
                host: context.host.clone(),
                task: task.clone(),
                // It gets its own when its turn comes.
                info: context.info.clone(),
                sink: EventSink { index: 0, sender },
                place: Place::Following(follower),
            };
            let runner = running.spawn(ended_by(runner, end));
            let signal = received.recv().await;
            if watch.is_tripped() {
                break;
            }
            match signal {
                Some(Signal::GivesUp) => break,
                Some(Signal::Ready(invocations, answers)) => {
                    if !request.has_room_for(&invocations) {
                        break;
                    }
                    let waiting = Waiting { results: invocations.len(), answers, runner: Some(runner) };
                    request.add(invocations);
                    ready.push(Ready { task: task.clone(), messages, waiting: Some(waiting) });
                }
                // It is through.
                None => {
                    let Some((messages, fails)) = ended(&mut messages) else { break };
                    if fails {
                        break;
                    }
                    ready.push(Ready { task: task.clone(), messages, waiting: None });
                }
            }
            register(task, &mut outstanding);
        }
        // What is not sent at all has no reason to go ahead, and can as well see the results.
        while ready.last().is_some_and(|last| last.waiting.is_none()) {
            ready.pop();
        }
        ready
    }

    /// Hand the results out as they come: to the task itself first, then to its followers.
    fn hand_out(&self, own: Waiting, ready: Vec<Ready>, mut batch: BatchResults, mut running: JoinSet<()>) {
        let mut waiting = vec![own];
        let mut followers = vec![];
        for follower in ready {
            waiting.extend(follower.waiting);
            followers.push((follower.task, follower.messages));
        }
        running.spawn(async move {
            for Waiting { results, answers, runner } in waiting {
                for _ in 0..results {
                    match batch.next().await {
                        Some(answer) => {
                            let _ = answers.send(answer.map(|(_, result)| result));
                        }
                        // A task before it failed, or the connection was lost with it.
                        None => {
                            runner.iter().for_each(AbortHandle::abort);
                            break;
                        }
                    }
                }
            }
        });
        let running = Arc::new(running);
        let sent = followers.into_iter().map(|(task, messages)| Sent::new(task, messages, running.clone()));
        *self.sent.lock().unwrap_or_else(PoisonError::into_inner) = sent.collect();
    }
}

/// The bytes of files in what a task sends.
fn size_of(invocations: &[Invocation]) -> usize {
    invocations.iter().map(|invocation| size(&invocation.files)).sum()
}

/// The run of a follower, until it is ended.
async fn ended_by(runner: TaskRunner, end: Arc<Notify>) {
    tokio::select! {
        () = runner.run() => {}
        () = end.notified() => {}
    }
}

/// The outcome of a follower that had nothing to send, as messages that wait; and whether it failed.
fn ended(messages: &mut UnboundedReceiver<(usize, Message)>) -> Option<(UnboundedReceiver<(usize, Message)>, bool)> {
    let (sender, kept) = unbounded_channel();
    let mut fails = None;
    while let Ok(message) = messages.try_recv() {
        if let Message::Done(outcome) = &message.1 {
            fails = Some(settles(outcome));
        }
        sender.send(message).ok()?;
    }
    fails.map(|fails| (kept, fails))
}

/// Has the outcome effects that later tasks would have to know of?
fn settles(outcome: &TaskOutcome) -> bool {
    let goes_on = matches!(outcome.status, Status::Ok | Status::Skipped);
    !goes_on || outcome.execution.result.contains("ansible_facts")
}

/// Note the name under which a task registers its result.
fn register(task: &Task, outstanding: &mut HashSet<Arc<str>>) {
    outstanding.extend(task.register.as_ref().and_then(Value::as_str).map(Arc::from));
}

/// The error of a worker that does not answer all of a request.
pub(crate) fn left_out(session: &Session) -> ConnectionError {
    ConnectionError::ProtocolViolation {
        host: session.host().to_owned(),
        reason: "the worker left out a part of a request".to_owned(),
    }
}
