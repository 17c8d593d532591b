//! The thread that turns events into output.

use crate::output::{Callbacks, Console};
use crate::prompt;
use churten_executor::{Event, Form, Question};
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedReceiver, error::TryRecvError};

/// How often the progress line is drawn while nothing happens.
const TICK: Duration = Duration::from_millis(200);

/// The sums of a run's recap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    /// Tasks that changed something, over all hosts.
    pub(crate) changed: u32,
    /// Tasks that failed.
    pub(crate) failed: u32,
    /// Hosts that could not be reached.
    pub(crate) unreachable: u32,
}

impl Totals {
    fn take(&mut self, event: &Event) {
        if let Event::Recap { hosts, .. } = event {
            // A later recap tells of the whole run so far.
            *self = Self::default();
            for (_, counts) in hosts {
                self.changed += counts.changed;
                self.failed += counts.failed;
                self.unreachable += counts.unreachable;
            }
        }
    }
}

/// Show events until the last sender is gone; gives the callbacks back for what comes after the run.
pub(super) fn show(mut events: UnboundedReceiver<Event>, mut callbacks: Callbacks, live: bool) -> (Callbacks, Totals) {
    let mut totals = Totals::default();
    let mut take = |callbacks: &mut Callbacks, event: &Event| {
        totals.take(event);
        if let Event::Ask(question) = event {
            ask(callbacks.console(), question);
        } else {
            callbacks.event(event);
        }
    };
    if !live {
        while let Some(event) = events.blocking_recv() {
            take(&mut callbacks, &event);
        }
        return (callbacks, totals);
    }
    let mut waited = Duration::ZERO;
    loop {
        match events.try_recv() {
            Ok(event) => take(&mut callbacks, &event),
            Err(TryRecvError::Disconnected) => return (callbacks, totals),
            Err(TryRecvError::Empty) => {
                // Short naps keep output prompt; a terminal is watched by a person.
                let nap = Duration::from_millis(5);
                std::thread::sleep(nap);
                waited += nap;
                if waited >= TICK {
                    waited = Duration::ZERO;
                    callbacks.console().tick();
                }
            }
        }
    }
}

/// Ask the user, unless the run does not wait for the answer any more.
fn ask(console: &mut Console, question: &Question) {
    let stop = || !question.is_wanted();
    let answer = match question.form {
        Form::Private => {
            console.clear_progress();
            prompt::ask_private(&question.prompt, &stop)
        }
        Form::Line => {
            console.prompt(&question.prompt);
            prompt::read_answer(&stop)
        }
        Form::Pause { limit, echo } => {
            console.prompt(&format!("{}\n", question.prompt));
            prompt::pause(limit, echo, &mut |text| console.prompt(text), &stop)
        }
    };
    question.answer(answer);
}
