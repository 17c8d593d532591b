//! Where the time of a run goes: what each task waits for, as spans that are told as events.
//!
//! Nothing is measured unless the run is profiled.

use crate::ahead::Place;
use crate::engine::Engine;
use crate::event::Event;
use crate::task::TaskRunner;
use churten_connection::{Observer, Phase, PhaseKind, observed};
use churten_value::{Dict, Value};
use std::collections::HashMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::mpsc::UnboundedSender;

/// Waiting for less than this is no waiting.
const NO_QUEUE: Duration = Duration::from_micros(100);

/// Something that took time on a task's way.
#[derive(Clone, Debug)]
pub struct Span {
    /// The host that runs the task.
    pub host: Arc<str>,
    /// What happens on a host at the same time is in different lanes, from 0.
    pub lane: usize,
    /// What it is.
    pub kind: SpanKind,
    /// What it is called.
    pub name: String,
    /// When it began.
    pub began: Instant,
    /// How long it took.
    pub took: Duration,
    /// What else is known of it.
    pub details: Dict,
}

/// The kinds of spans. All but `Task` and `Queue` are inside of a task, but for the answers to tasks that went ahead with it, and
/// `Module` is inside of a round trip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpanKind {
    /// A task on a host, from its variables to its result.
    Task,
    /// It waits for its turn: `forks`, `throttle`.
    Queue,
    /// Conditions, keywords and arguments are evaluated.
    Render,
    /// A connection is made.
    Connect,
    /// A worker is looked for, sent where it is missing, and started.
    Worker,
    /// A worker is started under another identity.
    Become,
    /// A request and its answer.
    Wire,
    /// The task has gone to its host with one before it, and waits for its answer.
    Ahead,
    /// A module runs on the host.
    Module,
}

impl SpanKind {
    /// The kind as a word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Task => "task",
            Self::Queue => "queue",
            Self::Render => "render",
            Self::Connect => "connect",
            Self::Worker => "worker",
            Self::Become => "become",
            Self::Wire => "wire",
            Self::Ahead => "ahead",
            Self::Module => "module",
        }
    }
}

/// Which lanes of which hosts are taken.
pub(crate) type Lanes = Arc<Mutex<HashMap<Arc<str>, Vec<bool>>>>;

/// A lane of a host, free again when it is dropped.
struct Lane {
    lanes: Lanes,
    host: Arc<str>,
    number: usize,
}

impl Lane {
    fn take(lanes: &Lanes, host: &Arc<str>) -> Self {
        let mut all = lanes.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = all.entry(host.clone()).or_default();
        let number = taken.iter().position(|is_taken| !is_taken).unwrap_or(taken.len());
        match taken.get_mut(number) {
            Some(is_taken) => *is_taken = true,
            None => taken.push(true),
        }
        Self { lanes: lanes.clone(), host: host.clone(), number }
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        let mut all = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(is_taken) = all.get_mut(&self.host).and_then(|taken| taken.get_mut(self.number)) {
            *is_taken = false;
        }
    }
}

/// Where the spans of a task go.
#[derive(Clone)]
struct Track {
    lane: Arc<Lane>,
    events: UnboundedSender<Event>,
}

tokio::task_local! {
    static TRACK: Track;
}

impl Track {
    fn new(engine: &Engine, host: &Arc<str>) -> Self {
        Self { lane: Arc::new(Lane::take(&engine.lanes, host)), events: engine.events.clone() }
    }

    fn tell(&self, kind: SpanKind, name: String, began: Instant, took: Duration, details: Dict) {
        let span = Span { host: self.lane.host.clone(), lane: self.lane.number, kind, name, began, took, details };
        // Without a receiver the run is being torn down.
        let _ = self.events.send(Event::Span(Box::new(span)));
    }
}

impl Observer for Track {
    fn phase(&self, phase: Phase) {
        let mut details = Dict::new();
        if phase.host != *self.lane.host {
            details.insert("host", phase.host.as_str());
        }
        let kind = match phase.kind {
            PhaseKind::Connect => SpanKind::Connect,
            PhaseKind::Deliver => SpanKind::Worker,
            PhaseKind::Become => SpanKind::Become,
            PhaseKind::RoundTrip => SpanKind::Wire,
        };
        let name = if kind == SpanKind::Wire { phase.request } else { kind.name() };
        let took = phase.ended.saturating_duration_since(phase.began);
        self.tell(kind, name.to_owned(), phase.began, took, details.clone());
        if let (Some(module), Some(inside)) = (phase.module, phase.inside) {
            // When it began is not known, for clocks differ: half of the rest is taken as the way there.
            let inside = inside.min(took);
            let began = phase.began + (took - inside) / 2;
            self.tell(SpanKind::Module, module, began, inside, details);
        }
    }
}

/// A span under way; it ends when it is dropped.
pub(crate) struct Under {
    track: Track,
    kind: SpanKind,
    name: String,
    began: Instant,
    details: Dict,
}

impl Drop for Under {
    fn drop(&mut self) {
        let (name, details) = (std::mem::take(&mut self.name), std::mem::take(&mut self.details));
        let took = self.began.elapsed();
        if self.kind != SpanKind::Queue || took >= NO_QUEUE {
            self.track.tell(self.kind, name, self.began, took, details);
        }
    }
}

/// A span of the task that runs here; `None` unless the run is profiled.
pub(crate) fn begin(kind: SpanKind) -> Option<Under> {
    let track = TRACK.try_with(Track::clone).ok()?;
    Some(Under { track, kind, name: kind.name().to_owned(), began: Instant::now(), details: Dict::new() })
}

/// The time that a task waits for its turn; `None` unless the run is profiled.
pub(crate) fn queue(runner: &TaskRunner) -> Option<Under> {
    let engine = runner.engine.options.profile.then_some(&runner.engine)?;
    let track = Track::new(engine, &runner.host);
    let name = SpanKind::Queue.name().to_owned();
    Some(Under { track, kind: SpanKind::Queue, name, began: Instant::now(), details: Dict::new() })
}

/// Run a task, and tell where its time goes.
pub(crate) fn watch(runner: TaskRunner) -> Pin<Box<dyn Future<Output = ()> + Send>> {
    let track = Track::new(&runner.engine, &runner.host);
    let mut details = Dict::from([("action", Value::from(&*runner.task.action.resolved))]);
    let name = match &runner.place {
        Place::Alone | Place::Leading(_) => runner.info.name.clone(),
        // Its name is rendered when its turn comes.
        Place::Following(_) => {
            details.insert("ahead", true);
            let written = runner.task.name.as_ref().map(Value::to_text);
            written.unwrap_or_else(|| runner.task.action.name.to_string())
        }
    };
    let task = Under { track: track.clone(), kind: SpanKind::Task, name, began: Instant::now(), details };
    // The run is large: it is not to be moved from one future into the next.
    let run: Pin<Box<dyn Future<Output = ()> + Send>> = Box::pin(runner.run_unwatched());
    let work = observed(Arc::new(track.clone()), run);
    Box::pin(async move {
        TRACK.scope(track, work).await;
        drop(task);
    })
}

#[cfg(test)]
mod tests {
    use super::{Lane, Lanes};

    #[test]
    fn lanes_are_used_again() {
        let lanes = Lanes::default();
        let host = "h".into();
        let (first, second) = (Lane::take(&lanes, &host), Lane::take(&lanes, &host));
        assert_eq!((first.number, second.number), (0, 1));
        drop(first);
        assert_eq!(Lane::take(&lanes, &host).number, 0);
        drop(second);
        assert_eq!(Lane::take(&lanes, &"other".into()).number, 0);
    }
}
