//! Threads for requests: started on demand, kept for a while, bounded in number.

use crate::output::lock;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// Requests that may wait for a thread.
const MAX_WAITING: usize = 4096;

/// How long a thread without work stays.
const IDLE: Duration = Duration::from_secs(10);

/// Room for the deepest value a message can carry; memory is taken only as it is used.
const STACK: usize = 2 << 20;

type Task = Box<dyn FnOnce() + Send>;

#[derive(Default)]
struct State {
    waiting: VecDeque<Task>,
    threads: usize,
    idle: usize,
    closed: bool,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    wake: Condvar,
}

/// A pool. When it is dropped its threads end after what they are doing.
pub(crate) struct Pool {
    shared: Arc<Shared>,
    limit: usize,
}

impl Pool {
    pub(crate) fn new(limit: usize) -> Self {
        Self { shared: Arc::default(), limit: limit.max(1) }
    }

    /// Run a task as soon as a thread is free, never in the caller's; `false` when too many wait already.
    pub(crate) fn run(&self, task: Task) -> bool {
        let mut state = lock(&self.shared.state);
        if state.closed || state.waiting.len() >= MAX_WAITING {
            return false;
        }
        state.waiting.push_back(task);
        if state.idle >= state.waiting.len() || state.threads >= self.limit {
            drop(state);
            self.shared.wake.notify_one();
            return true;
        }
        let shared = Arc::clone(&self.shared);
        match thread::Builder::new().name("request".into()).stack_size(STACK).spawn(move || work(&shared)) {
            Ok(_) => state.threads += 1,
            // Without any thread nobody would ever take it.
            Err(_) if state.threads == 0 => {
                state.waiting.pop_back();
                return false;
            }
            Err(_) => {}
        }
        true
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        let mut state = lock(&self.shared.state);
        state.closed = true;
        state.waiting.clear();
        self.shared.wake.notify_all();
    }
}

fn work(shared: &Shared) {
    let mut state = lock(&shared.state);
    loop {
        if let Some(task) = state.waiting.pop_front() {
            drop(state);
            // Tasks answer for their own panics; this only keeps the count of threads right.
            let _ = catch_unwind(AssertUnwindSafe(task));
            state = lock(&shared.state);
            continue;
        }
        if state.closed {
            break;
        }
        state.idle += 1;
        let (after, timeout) = shared.wake.wait_timeout(state, IDLE).unwrap_or_else(PoisonError::into_inner);
        state = after;
        state.idle -= 1;
        if timeout.timed_out() && state.waiting.is_empty() {
            break;
        }
    }
    state.threads -= 1;
}
