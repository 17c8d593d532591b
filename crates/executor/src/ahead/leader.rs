//! The first task of a request, which takes along those after it.

use super::follower::{Answer, Signal};
use super::{Follower, Place, Sent, Watch};
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
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::sync::{Notify, oneshot};
use tokio::task::{AbortHandle, JoinSet};

/// The most bytes of files that go in one request.
const MAX_FILES: usize = 1 << 20;

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
    request: Option<Request>,
}

/// A request on its way: who waits for its answer.
struct Request {
    answer: oneshot::Sender<Answer>,
    runner: AbortHandle,
}

impl Leader {
    pub(crate) fn new(tasks: Vec<Arc<Task>>) -> Self {
        Self { tasks, sent: Mutex::default() }
    }

    /// What went along.
    pub(crate) fn take_sent(&self) -> Vec<Sent> {
        std::mem::take(&mut *self.sent.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Run the task's module, and those of the tasks that can go with it.
    pub(crate) async fn run(
        &self,
        context: &ActionContext<'_>,
        session: &Session,
        reach: &Reach,
        invocation: Invocation,
    ) -> Answer {
        // Without a network between there is nothing to win.
        if reach.transport == Transport::Local {
            return session.run(invocation).await;
        }
        let mut invocations = vec![invocation];
        let mut running = JoinSet::new();
        let ready = self.gather(context, session, reach, &mut invocations, &mut running).await;
        if invocations.len() == 1 {
            return match invocations.pop() {
                Some(invocation) => session.run(invocation).await,
                None => Err(left_out(session)),
            };
        }
        let (count, host) = (invocations.len() - 1, session.host());
        context.engine.debug(&format!("sent {count} tasks ahead to {host}"));
        let mut results = session.run_batch(invocations, true).await?;
        let first = results.next().await.unwrap_or_else(|| Err(left_out(session)))?;
        self.send(ready, results, running);
        Ok(first.1)
    }

    /// Let the followers come as far as their requests; what they have to send goes to `invocations`.
    async fn gather(
        &self,
        context: &ActionContext<'_>,
        session: &Session,
        reach: &Reach,
        invocations: &mut Vec<Invocation>,
        running: &mut JoinSet<()>,
    ) -> Vec<Ready> {
        let reach = Arc::new(reach.clone());
        let mut outstanding = HashSet::new();
        register(context.task, &mut outstanding);
        let mut files = invocations.iter().map(|invocation| size(&invocation.files)).sum::<usize>();
        let mut ready = vec![];
        for task in &self.tasks {
            let watch = Watch::new(&outstanding);
            let (signals, mut received) = unbounded_channel();
            let (sender, mut messages) = unbounded_channel();
            let end = Arc::new(Notify::new());
            let follower = Follower::new(session.clone(), reach.clone(), watch.clone(), signals, end.clone());
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
                Some(Signal::Ready(invocation, answer)) => {
                    files += size(&invocation.files);
                    if files > MAX_FILES {
                        break;
                    }
                    invocations.push(*invocation);
                    ready.push(Ready { task: task.clone(), messages, request: Some(Request { answer, runner }) });
                }
                // It is through.
                None => {
                    let Some((messages, fails)) = ended(&mut messages) else { break };
                    if fails {
                        break;
                    }
                    ready.push(Ready { task: task.clone(), messages, request: None });
                }
            }
            register(task, &mut outstanding);
        }
        // What is not sent at all has no reason to go ahead, and can as well see the results.
        while ready.last().is_some_and(|last| last.request.is_none()) {
            ready.pop();
        }
        ready
    }

    /// Hand the results to the followers as they come.
    fn send(&self, ready: Vec<Ready>, mut results: BatchResults, mut running: JoinSet<()>) {
        let mut waiting = vec![];
        let mut followers = vec![];
        for follower in ready {
            waiting.extend(follower.request);
            followers.push((follower.task, follower.messages));
        }
        running.spawn(async move {
            for Request { answer, runner } in waiting {
                match results.next().await {
                    Some(result) => {
                        let _ = answer.send(result.map(|(_, result)| result));
                    }
                    // A task before it failed, or the connection was lost with it.
                    None => runner.abort(),
                }
            }
        });
        let running = Arc::new(running);
        let sent = followers.into_iter().map(|(task, messages)| Sent::new(task, messages, running.clone()));
        *self.sent.lock().unwrap_or_else(PoisonError::into_inner) = sent.collect();
    }
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

fn left_out(session: &Session) -> ConnectionError {
    ConnectionError::ProtocolViolation {
        host: session.host().to_owned(),
        reason: "the worker left out the first task of a request".to_owned(),
    }
}
