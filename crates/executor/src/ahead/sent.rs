//! A task that was sent ahead and whose turn is still to come.

use crate::event::{Event, TaskInfo};
use crate::task::{EventSink, Message};
use churten_playbook::Task;
use std::sync::Arc;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::task::JoinSet;

/// A task that was sent ahead: its messages, which wait for its turn.
pub(crate) struct Sent {
    task: Arc<Task>,
    messages: UnboundedReceiver<(usize, Message)>,
    /// Receives the results; it ends with the last task of the request that is let go.
    _results: Arc<JoinSet<()>>,
}

impl Sent {
    pub(super) fn new(
        task: Arc<Task>,
        messages: UnboundedReceiver<(usize, Message)>,
        results: Arc<JoinSet<()>>,
    ) -> Self {
        Self { task, messages, _results: results }
    }

    /// Is it this task?
    pub(crate) fn is_of(&self, task: &Task) -> bool {
        self.task.id == task.id
    }

    /// Wait for the task's end and pass its messages on, as what was announced as `info`. False when it was not run: a task
    /// before it failed, or it could not go ahead after all.
    pub(crate) async fn tell(mut self, info: &Arc<TaskInfo>, sink: &EventSink) -> bool {
        let mut held = vec![];
        while let Some((_, message)) = self.messages.recv().await {
            match message {
                Message::Event(mut event) => {
                    if let Event::ItemEnd(result) = &mut event {
                        result.task = info.clone();
                    }
                    held.push(event);
                }
                Message::Done(mut outcome) => {
                    if let Some(end) = &mut outcome.end {
                        end.task = info.clone();
                    }
                    held.into_iter().for_each(|event| sink.event(event));
                    sink.done(*outcome);
                    return true;
                }
            }
        }
        false
    }
}
