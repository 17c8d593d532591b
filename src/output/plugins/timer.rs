//! `ansible.posix.timer`: how long a playbook took.

use crate::output::Console;
use crate::output::callback::Callback;
use churten_executor::Event;
use std::time::{Duration, Instant};

/// The callback.
pub(crate) struct Timer {
    started: Instant,
}

impl Timer {
    /// The clock starts now.
    pub(crate) fn new() -> Self {
        Self { started: Instant::now() }
    }
}

impl Callback for Timer {
    fn event(&mut self, event: &Event, console: &mut Console) {
        if let Event::Recap { .. } = event {
            console.banner("PLAYBOOK RECAP");
            console.line(&format!("Playbook run took {}", words(self.started.elapsed())));
            console.line("\r");
        }
    }
}

fn words(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    format!("{days} days, {hours} hours, {minutes} minutes, {} seconds", seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::words;
    use std::time::Duration;

    #[test]
    fn durations() {
        assert_eq!(words(Duration::from_millis(41_900)), "0 days, 0 hours, 0 minutes, 41 seconds");
        assert_eq!(words(Duration::from_secs(2 * 86_400 + 3_723)), "2 days, 1 hours, 2 minutes, 3 seconds");
    }
}
