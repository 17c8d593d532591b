//! Tasks sent ahead: the tasks that follow one, sent to its host in the same request.
//!
//! A round trip a task is what a slow link costs. Where the tasks after one need nothing of results that are still
//! outstanding, their requests go with the first one's; the worker runs them in order and stops at the first failure.
//! Everything else stays in its order: a task's outcome waits until it is the task's turn, and events, handlers,
//! counts and registered results come about then.
//!
//! What may be sent ahead, and why nobody can tell the difference, is in `docs/decisions/0008-tasks-sent-ahead.md`.
//! [`rules`] holds what can be said of a task by itself, [`Watch`] what can only be seen while it is rendered:
//! a follower is an ordinary [`TaskRunner`](crate::task::TaskRunner) that gets as far as its request. Has it looked at
//! anything outstanding by then, or needed more than one request, it is forgotten and runs when its turn comes.

mod follower;
mod leader;
pub(crate) mod rules;
mod sent;
mod watch;

pub(crate) use follower::Follower;
pub(crate) use leader::Leader;
pub(crate) use sent::Sent;
pub(crate) use watch::Watch;

/// How a task goes to its host.
pub(crate) enum Place {
    /// By itself.
    Alone,
    /// It takes the tasks that follow along.
    Leading(Leader),
    /// Together with a task before it.
    Following(Follower),
}

impl Place {
    /// Where the task goes ahead, and needs more than the one request it may make: give it up. It runs when its turn comes.
    pub(crate) async fn needs_own_turn(&self) {
        if let Self::Following(follower) = self {
            match follower.give_up().await {}
        }
    }
}
