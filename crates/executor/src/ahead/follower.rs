//! A task on its way ahead of its turn.

use super::Watch;
use crate::profile::{self, SpanKind};
use crate::reach::Reach;
use crate::scope::HostScope;
use churten_connection::{ConnectionError, Session};
use churten_protocol::Invocation;
use churten_value::Dict;
use std::convert::Infallible;
use std::future::pending;
use std::sync::Arc;
use tokio::sync::{Notify, mpsc, oneshot};

/// What a module gave, or why there is nothing.
pub(super) type Answer = Result<Dict, ConnectionError>;

/// What a follower tells whoever drives it.
pub(super) enum Signal {
    /// It has its request, and waits for the answer.
    Ready(Box<Invocation>, oneshot::Sender<Answer>),
    /// It cannot go ahead.
    GivesUp,
}

/// The place of a task that goes together with one before it.
pub(crate) struct Follower {
    /// The session of the task before it, and how that is reached.
    session: Session,
    reach: Arc<Reach>,
    watch: Arc<Watch>,
    signals: mpsc::UnboundedSender<Signal>,
    /// Ends the run of the task.
    end: Arc<Notify>,
}

impl Follower {
    pub(super) fn new(
        session: Session,
        reach: Arc<Reach>,
        watch: Arc<Watch>,
        signals: mpsc::UnboundedSender<Signal>,
        end: Arc<Notify>,
    ) -> Self {
        Self { session, reach, watch, signals, end }
    }

    /// The variables, watched.
    pub(crate) fn watch(&self, scope: HostScope) -> HostScope {
        scope.watched(self.watch.clone())
    }

    /// The session of the task before it, when the task reaches its host in the same way.
    pub(crate) async fn session(&self, reach: &Reach) -> Session {
        if *reach != *self.reach {
            match self.give_up().await {}
        }
        self.session.clone()
    }

    /// Hand over the task's only request and wait for the answer.
    pub(crate) async fn run(&self, invocation: Invocation) -> Answer {
        let (sender, answer) = oneshot::channel();
        let _ = self.signals.send(Signal::Ready(Box::new(invocation), sender));
        let waiting = profile::begin(SpanKind::Ahead);
        let answer = answer.await;
        drop(waiting);
        match answer {
            Ok(answer) => answer,
            // The task was left out: one before it failed.
            Err(_) => match self.give_up().await {},
        }
    }

    /// The task cannot go ahead. Never returns: its run is let go.
    pub(crate) async fn give_up(&self) -> Infallible {
        let _ = self.signals.send(Signal::GivesUp);
        self.end.notify_one();
        pending().await
    }
}
