//! What goes to a host together with something before it.

use super::{Answer, Answers, Watch};
use crate::actions::ActionContext;
use crate::profile::{self, SpanKind};
use crate::reach::{self, Reach};
use crate::scope::HostScope;
use crate::task::Execution;
use churten_connection::Session;
use churten_protocol::Invocation;
use std::convert::Infallible;
use std::future::pending;
use std::sync::Arc;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::sync::{Notify, OnceCell};

/// What a follower tells whoever drives it.
pub(crate) enum Signal {
    /// It has what it sends, and waits for the answers. Without the sender it is left out.
    Ready(Vec<Invocation>, UnboundedSender<Answer>),
    /// It cannot go ahead.
    GivesUp,
}

/// The way to a host that followers share: the session is opened by the first that needs it.
pub(crate) struct Way {
    reach: Reach,
    session: OnceCell<Result<Session, Box<Execution>>>,
}

impl Way {
    /// A way that nobody has taken yet.
    pub(crate) fn new(reach: Reach) -> Arc<Self> {
        Arc::new(Self { reach, session: OnceCell::new() })
    }

    /// A way that leads to an open session.
    pub(super) fn opened(reach: Reach, session: Session) -> Arc<Self> {
        Arc::new(Self { reach, session: OnceCell::new_with(Some(Ok(session))) })
    }

    /// How the host is reached.
    pub(crate) fn reach(&self) -> &Reach {
        &self.reach
    }

    /// The session; `None` before somebody needed it, and where it could not be opened.
    pub(crate) fn session(&self) -> Option<&Session> {
        self.session.get().and_then(|opened| opened.as_ref().ok())
    }
}

/// The place of a task, or an item of a loop, that goes together with one before it.
pub(crate) struct Follower {
    way: Arc<Way>,
    watch: Arc<Watch>,
    signals: UnboundedSender<Signal>,
    /// Ends the run of the task.
    end: Arc<Notify>,
    /// It is one of a loop, whose task waits for the answers itself.
    is_item: bool,
}

impl Follower {
    pub(crate) fn new(way: Arc<Way>, watch: Arc<Watch>, signals: UnboundedSender<Signal>, end: Arc<Notify>) -> Self {
        Self { way, watch, signals, end, is_item: false }
    }

    /// An item, whose run the loop ends.
    pub(crate) fn of_item(way: Arc<Way>, watch: Arc<Watch>, signals: UnboundedSender<Signal>) -> Self {
        Self { is_item: true, ..Self::new(way, watch, signals, Arc::default()) }
    }

    /// The time until it is answered, as a profile tells it.
    pub(super) fn wait(&self) -> Option<profile::Under> {
        if self.is_item { None } else { profile::begin(SpanKind::Ahead) }
    }

    /// The variables, watched.
    pub(crate) fn watch(&self, scope: HostScope) -> HostScope {
        scope.watched(self.watch.clone())
    }

    /// The way that is shared, when it is the one to take.
    pub(crate) async fn way(&self, reach: &Reach) -> &Arc<Way> {
        if *reach != self.way.reach {
            match self.give_up().await {}
        }
        &self.way
    }

    /// The session that is shared, when the task reaches its host in the same way.
    pub(crate) async fn session(&self, context: &ActionContext<'_>, reach: &Reach) -> Result<Session, Box<Execution>> {
        self.way(reach).await.session.get_or_init(|| reach::open(context, reach)).await.clone()
    }

    /// Hand over all that is to be sent.
    pub(super) fn run(&self, invocations: Vec<Invocation>) -> Answers {
        let (sender, answers) = unbounded_channel();
        let _ = self.signals.send(Signal::Ready(invocations, sender));
        Answers::Shared(answers)
    }

    /// The task cannot go ahead. Never returns: its run is let go.
    pub(crate) async fn give_up(&self) -> Infallible {
        let _ = self.signals.send(Signal::GivesUp);
        self.end.notify_one();
        pending().await
    }
}
