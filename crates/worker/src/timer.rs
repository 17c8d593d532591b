//! One thread that waits for all deadlines: those of jobs, and the silence of the controller.

use crate::jobs::Job;
use crate::output::lock;
use std::sync::{Arc, Condvar, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

/// Deadlines and the controller's last sign of life.
pub(crate) struct Timer {
    state: Mutex<State>,
    wake: Condvar,
}

struct State {
    deadlines: Vec<(Instant, Weak<Job>)>,
    heard: Instant,
    closed: bool,
}

impl Timer {
    pub(crate) fn new() -> Self {
        let state = State { deadlines: Vec::new(), heard: Instant::now(), closed: false };
        Self { state: Mutex::new(state), wake: Condvar::new() }
    }

    /// The controller gave a sign of life.
    pub(crate) fn heard(&self) {
        lock(&self.state).heard = Instant::now();
    }

    /// Call [`Job::time_out`] after so many milliseconds; 0 for never.
    pub(crate) fn limit(&self, job: &Arc<Job>, milliseconds: u64) {
        if milliseconds == 0 {
            return;
        }
        // Beyond the clock's range is never, too.
        if let Some(at) = Instant::now().checked_add(Duration::from_millis(milliseconds)) {
            lock(&self.state).deadlines.push((at, Arc::downgrade(job)));
            self.wake.notify_all();
        }
    }

    /// Forget the deadlines of a job.
    pub(crate) fn unlimit(&self, job: &Arc<Job>) {
        lock(&self.state).deadlines.retain(|(_, other)| !std::ptr::eq(other.as_ptr(), Arc::as_ptr(job)));
    }

    pub(crate) fn close(&self) {
        lock(&self.state).closed = true;
        self.wake.notify_all();
    }

    /// Wait for deadlines until closed. True when it ended because the controller was silent for too long.
    pub(crate) fn watch(&self, silence: Option<Duration>) -> bool {
        let mut state = lock(&self.state);
        loop {
            if state.closed {
                return false;
            }
            let now = Instant::now();
            if silence.is_some_and(|limit| now.duration_since(state.heard) >= limit) {
                return true;
            }
            let (due, later) = std::mem::take(&mut state.deadlines).into_iter().partition(|(at, _)| *at <= now);
            state.deadlines = later;
            let due: Vec<(Instant, Weak<Job>)> = due;
            if !due.is_empty() {
                drop(state);
                due.iter().filter_map(|(_, job)| job.upgrade()).for_each(|job| job.time_out());
                state = lock(&self.state);
                continue;
            }
            let next = state.deadlines.iter().map(|(at, _)| *at).chain(silence.map(|limit| state.heard + limit)).min();
            state = match next {
                None => self.wake.wait(state).unwrap_or_else(PoisonError::into_inner),
                Some(at) => {
                    let wait = at.saturating_duration_since(now).max(Duration::from_millis(1));
                    self.wake.wait_timeout(state, wait).unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
    }
}
