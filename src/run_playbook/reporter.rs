//! The thread that turns events into output.

use crate::output::{Callback, Console, DefaultCallback};
use churten_executor::Event;
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedReceiver, error::TryRecvError};

/// How often the progress line is drawn while nothing happens.
const TICK: Duration = Duration::from_millis(200);

/// Show events until the last sender is gone; gives the callback back for what comes after the run.
pub(super) fn show(mut events: UnboundedReceiver<Event>, mut callback: DefaultCallback, live: bool) -> DefaultCallback {
    if !live {
        while let Some(event) = events.blocking_recv() {
            callback.event(&event);
        }
        return callback;
    }
    let mut waited = Duration::ZERO;
    loop {
        match events.try_recv() {
            Ok(event) => callback.event(&event),
            Err(TryRecvError::Disconnected) => return callback,
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
