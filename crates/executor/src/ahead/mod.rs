//! What shares a request: the items of a loop, and the tasks that follow one, sent to its host together with it.
//!
//! A round trip a task is what a slow link costs. Where the tasks after one need nothing of results that are still
//! outstanding, their requests go with the first one's; the worker runs them in order and stops after the first task that
//! failed. Everything else stays in its order: a task's outcome waits until it is the task's turn, and events, handlers,
//! counts and registered results come about then.
//!
//! What may be sent ahead, and why nobody can tell the difference, is in `docs/decisions/0008-tasks-sent-ahead.md`.
//! [`rules`] holds what can be said of a task by itself, [`Watch`] what can only be seen while it is rendered:
//! a follower is an ordinary [`TaskRunner`](crate::task::TaskRunner) that gets as far as its request. Has it looked at
//! anything outstanding by then, or needed more than one request, it is forgotten and runs when its turn comes.
//!
//! The items of a loop are followers, too, of the loop they belong to ([`crate::task`]'s `batch`).

mod answers;
mod follower;
mod leader;
pub(crate) mod rules;
mod sent;
mod watch;

pub(crate) use answers::{Answer, Answers};
pub(crate) use follower::{Follower, Signal, Way};
pub(crate) use leader::{Leader, left_out};
pub(crate) use sent::Sent;
pub(crate) use watch::Watch;

use crate::actions::ActionContext;
use crate::reach::Reach;
use churten_connection::Session;
use churten_protocol::Invocation;

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

    /// Run the task's module.
    pub(crate) async fn run(
        &self,
        context: &ActionContext<'_>,
        session: &Session,
        reach: &Reach,
        invocation: Invocation,
    ) -> Answer {
        let mut answers = self.send(context, session, reach, vec![invocation]).await;
        self.next(&mut answers, session).await
    }

    /// Send all that a task runs.
    pub(crate) async fn send(
        &self,
        context: &ActionContext<'_>,
        session: &Session,
        reach: &Reach,
        invocations: Vec<Invocation>,
    ) -> Answers {
        match self {
            Self::Alone => Answers::alone(session, invocations).await,
            Self::Leading(leader) => leader.run(context, session, reach, invocations).await,
            Self::Following(follower) => follower.run(invocations),
        }
    }

    /// The next result. A follower that was left out, because a task before it failed, is given up.
    pub(crate) async fn next(&self, answers: &mut Answers, session: &Session) -> Answer {
        match self {
            Self::Alone | Self::Leading(_) => answers.next().await.unwrap_or_else(|| Err(left_out(session))),
            Self::Following(follower) => {
                let waiting = follower.wait();
                let answer = answers.next().await;
                drop(waiting);
                match answer {
                    Some(answer) => answer,
                    None => match follower.give_up().await {},
                }
            }
        }
    }
}
