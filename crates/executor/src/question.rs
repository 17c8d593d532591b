//! What a run asks the user, and how the answer comes back.

use churten_diagnostics::Report;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::oneshot;
use zeroize::Zeroizing;

/// What the user said, or why there is no answer.
pub type Answer = Result<Zeroizing<String>, Report>;

/// How a question is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// By a line.
    Line,
    /// By a line that must not be seen while it is typed.
    Private,
    /// On a terminal, key by key: by a line, or with a limit by letting that time pass; Ctrl-C and then `C` goes on,
    /// Ctrl-C and then `A` gives up.
    Pause {
        /// How long to wait. What is typed meanwhile is no answer.
        limit: Option<Duration>,
        /// Show what is typed.
        echo: bool,
    },
}

/// Something the user must answer before the run goes on.
///
/// It travels among the events, so that it is asked after everything that was told before it.
#[derive(Clone, Debug)]
pub struct Question {
    /// The text in front of the answer, with its space at the end.
    pub prompt: String,
    /// How it is answered.
    pub form: Form,
    reply: Arc<Mutex<Option<oneshot::Sender<Answer>>>>,
}

impl Question {
    /// A question, and where its answer arrives.
    pub(crate) fn new(prompt: String, form: Form) -> (Self, oneshot::Receiver<Answer>) {
        let (sender, receiver) = oneshot::channel();
        (Self { prompt, form, reply: Arc::new(Mutex::new(Some(sender))) }, receiver)
    }

    /// Answer. Only the first answer counts.
    pub fn answer(&self, answer: Answer) {
        let sender = self.reply.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(sender) = sender {
            // A run that has ended needs no answer.
            let _ = sender.send(answer);
        }
    }

    /// True while the run waits for the answer.
    pub fn is_wanted(&self) -> bool {
        let reply = self.reply.lock().unwrap_or_else(PoisonError::into_inner);
        reply.as_ref().is_some_and(|sender| !sender.is_closed())
    }
}

#[cfg(test)]
mod tests {
    use super::{Form, Question};
    use zeroize::Zeroizing;

    #[test]
    fn the_first_answer_arrives() {
        let (question, mut receiver) = Question::new("name: ".into(), Form::Line);
        let copy = question.clone();
        assert!(copy.is_wanted());
        copy.answer(Ok(Zeroizing::new("a".into())));
        question.answer(Ok(Zeroizing::new("b".into())));
        assert!(!question.is_wanted());
        assert_eq!(receiver.try_recv().unwrap().unwrap().as_str(), "a");
        let (question, receiver) = Question::new("name: ".into(), Form::Private);
        drop(receiver);
        assert!(!question.is_wanted());
    }
}
