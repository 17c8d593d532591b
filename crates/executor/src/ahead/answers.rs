//! The results of what a task has sent.

use churten_connection::{BatchResults, ConnectionError, Session};
use churten_protocol::Invocation;
use churten_value::Dict;
use tokio::sync::mpsc::UnboundedReceiver;

/// What a module gave, or why there is nothing.
pub(crate) type Answer = Result<Dict, ConnectionError>;

/// The results of a task's modules, in order, as they come.
pub(crate) enum Answers {
    /// Of a request that has one, or could not be sent.
    One(Option<Box<Answer>>),
    /// Of a request of the task's own.
    Own(BatchResults),
    /// Of the task's part of a request that it shares with others.
    Shared(UnboundedReceiver<Answer>),
}

impl Answers {
    /// Run modules in a request of their own.
    pub(crate) async fn alone(session: &Session, mut invocations: Vec<Invocation>) -> Self {
        match invocations.pop() {
            None => Self::One(None),
            Some(only) if invocations.is_empty() => Self::One(Some(Box::new(session.run(only).await))),
            Some(last) => {
                invocations.push(last);
                match session.run_batch(invocations, vec![]).await {
                    Ok(results) => Self::Own(results),
                    Err(error) => Self::One(Some(Box::new(Err(error)))),
                }
            }
        }
    }

    /// The next one; `None` after the last, and after an error.
    pub(super) async fn next(&mut self) -> Option<Answer> {
        match self {
            Self::One(answer) => answer.take().map(|answer| *answer),
            Self::Own(results) => results.next().await.map(|answer| answer.map(|(_, result)| result)),
            Self::Shared(answers) => answers.recv().await,
        }
    }
}
