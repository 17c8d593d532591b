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
        self.limit_to(job, Duration::from_millis(milliseconds));
    }

    /// Call [`Job::time_out`] after so long; beyond the clock's range is never.
    pub(crate) fn limit_to(&self, job: &Arc<Job>, limit: Duration) {
        if let Some(at) = Instant::now().checked_add(limit) {
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

    /// Until closed, or until `send` says that it is of no use: call it whenever the controller was silent for so long. It
    /// may block, so this has a thread of its own.
    pub(crate) fn probe(&self, limit: Duration, send: impl Fn() -> bool) {
        let mut wait = limit;
        let mut state = lock(&self.state);
        while !state.closed {
            state = self.wake.wait_timeout(state, wait).unwrap_or_else(PoisonError::into_inner).0;
            let silence = state.heard.elapsed();
            wait = limit.saturating_sub(silence);
            if wait.is_zero() && !state.closed {
                drop(state);
                if !send() {
                    return;
                }
                wait = limit;
                state = lock(&self.state);
            }
        }
    }

    /// Wait for deadlines until closed, and call `beat` every so often. True when it ended because the controller was
    /// silent for too long.
    pub(crate) fn watch(&self, silence: Option<Duration>, every: Duration, beat: impl Fn()) -> bool {
        let mut next_beat = Instant::now() + every;
        let mut state = lock(&self.state);
        loop {
            if state.closed {
                return false;
            }
            let now = Instant::now();
            if now >= next_beat {
                next_beat = now + every;
                beat();
            }
            if silence.is_some_and(|limit| now.duration_since(state.heard) >= limit) {
                return true;
            }
            let (due, later) = std::mem::take(&mut state.deadlines).into_iter().partition(|(at, _)| *at <= now);
            state.deadlines = later;
            let due: Vec<(Instant, Weak<Job>)> = due;
            // Under the lock: after `unlimit` no job is told that its time is up.
            due.iter().filter_map(|(_, job)| job.upgrade()).for_each(|job| job.time_out());
            let silent = silence.map(|limit| state.heard + limit);
            let next = state.deadlines.iter().map(|(at, _)| *at).chain(silent).fold(next_beat, Instant::min);
            let wait = next.saturating_duration_since(now).max(Duration::from_millis(1));
            state = self.wake.wait_timeout(state, wait).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Timer;
    use crate::jobs::Job;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::{Duration, Instant};

    #[test]
    fn deadlines_beats_and_silence_are_kept_apart() {
        let timer = Arc::new(Timer::new());
        let beats = Arc::new(AtomicUsize::new(0));
        let (watching, counting) = (Arc::clone(&timer), Arc::clone(&beats));
        let watch = std::thread::spawn(move || {
            watching.watch(Some(Duration::from_millis(300)), Duration::from_millis(40), || {
                counting.fetch_add(1, Ordering::SeqCst);
            })
        });
        let [soon, never, forgotten] = [1, 2, 3].map(|id| Arc::new(Job::new(id)));
        timer.limit(&soon, 50);
        timer.limit(&never, 0);
        timer.limit(&forgotten, 60);
        timer.unlimit(&forgotten);
        timer.limit(&never, u64::MAX);
        let begun = Instant::now();
        assert!(watch.join().unwrap(), "silence was noticed");
        assert!(begun.elapsed() < Duration::from_secs(2));
        assert!(soon.is_timed_out() && !never.is_timed_out() && !forgotten.is_timed_out());
        assert!(beats.load(Ordering::SeqCst) >= 2);

        let timer = Timer::new();
        timer.close();
        assert!(!timer.watch(None, Duration::from_secs(9), || {}));
        timer.probe(Duration::ZERO, || unreachable!("it is closed"));
    }

    #[test]
    fn silence_is_asked_about() {
        let timer = Arc::new(Timer::new());
        let asked = Arc::new(AtomicUsize::new(0));
        let (probing, counting) = (Arc::clone(&timer), Arc::clone(&asked));
        let probe = std::thread::spawn(move || {
            probing.probe(Duration::from_millis(100), || counting.fetch_add(1, Ordering::SeqCst) < 2);
        });
        for _ in 0..20 {
            std::thread::sleep(Duration::from_millis(10));
            timer.heard();
        }
        probe.join().unwrap();
        assert_eq!(asked.load(Ordering::SeqCst), 3, "until it is of no use");
    }
}
