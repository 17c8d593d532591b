//! The thread that turns events into output.

use crate::output::{Callback, Console, DefaultCallback};
use churten_executor::Event;
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
            for (_, counts) in hosts {
                self.changed += counts.changed;
                self.failed += counts.failed;
                self.unreachable += counts.unreachable;
            }
        }
    }
}

/// Show events until the last sender is gone; gives the callback back for what comes after the run.
pub(super) fn show(
    mut events: UnboundedReceiver<Event>,
    mut callback: DefaultCallback,
    live: bool,
) -> (DefaultCallback, Totals) {
    let mut totals = Totals::default();
    if !live {
        while let Some(event) = events.blocking_recv() {
            totals.take(&event);
            callback.event(&event);
        }
        return (callback, totals);
    }
    let mut waited = Duration::ZERO;
    loop {
        match events.try_recv() {
            Ok(event) => {
                totals.take(&event);
                callback.event(&event);
            }
            Err(TryRecvError::Disconnected) => return (callback, totals),
            Err(TryRecvError::Empty) => {
                // Short naps keep output prompt; a terminal is watched by a person.
                let nap = Duration::from_millis(5);
                std::thread::sleep(nap);
                waited += nap;
                if waited >= TICK {
                    waited = Duration::ZERO;
                    console(&mut callback).tick();
                }
            }
        }
    }
}

fn console(callback: &mut DefaultCallback) -> &mut Console {
    callback.console()
}
