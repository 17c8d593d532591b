//! What threads hand to one another, in order.
//!
//! The standard library's channels do the same, and take six kilobytes of the worker for each type that goes through
//! them (docs/decisions/0012).

use crate::output::lock;
use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

/// A queue that anybody may put into, and one takes from.
pub(crate) fn queue<T>() -> (Giver<T>, Taker<T>) {
    let state = State { items: VecDeque::new(), givers: 1, taken_from: true };
    let queue = Arc::new(Queue { state: Mutex::new(state), changed: Condvar::new() });
    (Giver(Arc::clone(&queue)), Taker(queue))
}

struct Queue<T> {
    state: Mutex<State<T>>,
    /// Something came in, or nobody is left who could give.
    changed: Condvar,
}

struct State<T> {
    items: VecDeque<T>,
    givers: usize,
    taken_from: bool,
}

/// The end to put into.
pub(crate) struct Giver<T>(Arc<Queue<T>>);

/// The end to take from.
pub(crate) struct Taker<T>(Arc<Queue<T>>);

/// Why nothing was taken.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Nothing {
    /// There was nothing in time.
    Yet,
    /// Nobody is left who could give.
    Ever,
}

impl<T> Giver<T> {
    /// Put something in; it comes back where nobody takes any more.
    pub(crate) fn give(&self, item: T) -> Result<(), T> {
        let mut state = lock(&self.0.state);
        if !state.taken_from {
            return Err(item);
        }
        state.items.push_back(item);
        drop(state);
        self.0.changed.notify_one();
        Ok(())
    }
}

impl<T> Clone for Giver<T> {
    fn clone(&self) -> Self {
        lock(&self.0.state).givers += 1;
        Self(Arc::clone(&self.0))
    }
}

impl<T> Drop for Giver<T> {
    fn drop(&mut self) {
        lock(&self.0.state).givers -= 1;
        self.0.changed.notify_one();
    }
}

impl<T> Taker<T> {
    /// Wait for the next; `None` when nobody is left who could give.
    pub(crate) fn take(&self) -> Option<T> {
        self.take_within(Duration::MAX).ok()
    }

    /// Wait no longer than this for the next.
    pub(crate) fn take_within(&self, limit: Duration) -> Result<T, Nothing> {
        let queue = &*self.0;
        let waits = |state: &mut State<T>| state.items.is_empty() && state.givers > 0;
        let waited = queue.changed.wait_timeout_while(lock(&queue.state), limit, waits);
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        let nothing = if state.givers == 0 { Nothing::Ever } else { Nothing::Yet };
        state.items.pop_front().ok_or(nothing)
    }
}

impl<T> Drop for Taker<T> {
    fn drop(&mut self) {
        let mut state = lock(&self.0.state);
        state.taken_from = false;
        // What is left in it may want to take the lock when it goes.
        let left = std::mem::take(&mut state.items);
        drop(state);
        drop(left);
    }
}

#[cfg(test)]
mod tests {
    use super::{Nothing, queue};
    use std::thread;
    use std::time::Duration;

    const SHORT: Duration = Duration::from_millis(20);
    const LONG: Duration = Duration::from_secs(60);

    #[test]
    fn everything_comes_in_order_until_nobody_gives() {
        let (giver, taker) = queue();
        let other = giver.clone();
        let gives = thread::spawn(move || (0..1000).try_for_each(|item| giver.give(item)));
        assert!((0..1000).all(|item| taker.take_within(LONG) == Ok(item)));
        gives.join().unwrap().unwrap();
        assert_eq!(taker.take_within(SHORT), Err(Nothing::Yet));
        other.give(7).unwrap();
        drop(other);
        assert_eq!(taker.take(), Some(7));
        assert_eq!(taker.take(), None);
        assert_eq!(taker.take_within(Duration::MAX), Err(Nothing::Ever));
    }

    #[test]
    fn who_waits_hears_that_nobody_gives() {
        let (giver, taker) = queue::<u8>();
        let waits = thread::spawn(move || taker.take());
        thread::sleep(SHORT);
        drop(giver);
        assert_eq!(waits.join().unwrap(), None);
    }

    #[test]
    fn what_nobody_takes_comes_back() {
        let (giver, taker) = queue();
        let (inner, nobody) = queue::<u8>();
        giver.give(inner).unwrap_or_else(|_| panic!("it is taken from"));
        drop(taker);
        assert_eq!(nobody.take(), None, "what was in it is gone");
        assert!(giver.give(queue().0).is_err());
    }
}
