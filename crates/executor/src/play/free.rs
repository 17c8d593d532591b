//! The strategies `free` and `host_pinned`: every host goes through the play at its own pace.

use super::linear::{AfterTask, BatchEnd, Linear};
use super::turn::Turn;
use super::turn::run_in_turn;
use crate::event::TaskInfo;
use crate::task::{EventSink, Message, TaskOutcome, TaskRunner};
use churten_diagnostics::Report;
use churten_playbook::Task;
use std::sync::Arc;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::task::JoinSet;

/// What a host is doing.
struct Busy {
    task: Arc<Task>,
    info: Arc<TaskInfo>,
    is_handler: bool,
}

impl Linear<'_> {
    /// Run the batch to its end. With `pinned` a host begins only when another is through, as many at a time as there
    /// are forks.
    pub(crate) async fn run_free(mut self, pinned: bool) -> Result<BatchEnd, Report> {
        let (sender, mut receiver) = unbounded_channel();
        let mut running = JoinSet::new();
        let mut busy: Vec<Option<Busy>> = self.hosts.iter().map(|_| None).collect();
        loop {
            let mut places = if pinned { self.engine.options.forks.max(1) } else { usize::MAX };
            for (index, slot) in busy.iter_mut().enumerate() {
                if places == 0 || self.break_play {
                    break;
                }
                if slot.is_none() {
                    *slot = self.begin(index, &sender, &mut running).await?;
                }
                if slot.is_some() {
                    places -= 1;
                }
            }
            self.publish_active_hosts();
            if busy.iter().all(Option::is_none) {
                break;
            }
            tokio::select! {
                Some((index, message)) = receiver.recv() => match message {
                    Message::Event(event) => self.engine.emit(event),
                    Message::Done(mut outcome) => {
                        self.tell_end(&mut outcome)?;
                        self.hosts[index].ahead.follow(&mut outcome);
                        if let Some(ended) = busy[index].take() {
                            // What other hosts answer meanwhile waits until the person is through.
                            let outcome = self.debugged(&ended.task, &ended.info, *outcome).await?;
                            self.end_free(&ended, &outcome)?;
                        }
                    }
                },
                Some(Err(error)) = running.join_next() => {
                    return Err(Report::new(format!("Unexpected failure while running a task: {error}")));
                }
            }
        }
        Ok(self.end())
    }

    /// Begin the next task of a host; `None` when it has none left. Meta tasks are done at once.
    async fn begin(
        &mut self,
        index: usize,
        sender: &UnboundedSender<(usize, Message)>,
        running: &mut JoinSet<()>,
    ) -> Result<Option<Busy>, Report> {
        loop {
            let Some(task) = self.next_of(index) else { return Ok(None) };
            self.hosts[index].cursor.advance();
            if task.action.builtin() == Some("meta") {
                self.meta(&task, &[index]).await?;
                continue;
            }
            if !self.is_wanted(&task, index) {
                continue;
            }
            if task.action.builtin() == Some("pause") {
                let message = "The 'pause' module bypasses the host loop, which is currently not supported in the free \
                               strategy and would instead execute for every host in the inventory list.";
                return Err(Report::new(message).or_at(task.origin));
            }
            let announced = self.announce(&task, index);
            if announced.run_once {
                self.engine.warn(
                    "Using run_once with the free strategy is not currently supported. This task will still be \
                     executed for every host in the inventory list."
                        .into(),
                );
            }
            if announced.any_errors_fatal {
                self.engine.warn(
                    "Using any_errors_fatal with the free strategy is not supported, as tasks are executed \
                     independently on each host"
                        .into(),
                );
            }
            let name = self.hosts[index].name.clone();
            if !self.takes_step(&task, Some(&name)).await? {
                continue;
            }
            self.tell_host_start(&announced.info, index);
            let is_handler = announced.is_handler;
            if is_handler {
                self.handlers.take(task.id, Some(&name));
            }
            let limit = self.throttle(&task, index)?;
            let sent = self.hosts[index].ahead.take(&task);
            let followers = if sent.is_some() { vec![] } else { self.followers_on(&task, index) };
            let runner = TaskRunner {
                engine: self.engine.clone(),
                play: self.state.clone(),
                host: name,
                task: task.clone(),
                info: announced.info.clone(),
                sink: EventSink { index, sender: sender.clone() },
                place: Self::place(&followers),
            };
            running.spawn(run_in_turn(runner, Turn::queue(limit.as_ref(), &self.forks), sent));
            return Ok(Some(Busy { task, info: announced.info, is_handler }));
        }
    }

    fn end_free(&mut self, ended: &Busy, outcome: &TaskOutcome) -> Result<(), Report> {
        let mut after = AfterTask::default();
        self.settle(&ended.task, outcome, false, &mut after)?;
        if crate::actions::is_include(&ended.task.action.resolved) {
            self.include(&ended.task, &ended.info, std::slice::from_ref(outcome), ended.is_handler, &mut after)?;
        }
        self.decide(false, &after)
    }

    /// The next task of a host.
    fn next_of(&mut self, index: usize) -> Option<Arc<Task>> {
        let handlers = &self.handlers;
        let host = &mut self.hosts[index];
        if host.unreachable {
            return None;
        }
        let wanted = |task: &Task| handlers.is_notified(task.id, &host.name) || !handlers.contains(task.id);
        host.cursor.next(&wanted)
    }
}
