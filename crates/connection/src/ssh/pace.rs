//! How many connections to one address are being made at a time. sshd drops some of those that knock while more than
//! its `MaxStartups` (10:30:60) are not let in yet; how many that are only shows by being dropped.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How many are begun at an address of which nothing is known: where sshd's default begins to drop.
const FIRST: usize = 10;

/// What is dropped at the same time says one thing, not many.
const ROUND: Duration = Duration::from_millis(100);

/// The first pause of one that was dropped, and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(2));

/// How often one attempt that is dropped is made again.
const MAX_DROPS: u32 = 8;

/// The paces of all addresses.
#[derive(Default)]
pub(crate) struct Paces(Mutex<HashMap<String, Arc<Pace>>>);

impl Paces {
    /// The pace of an address.
    pub(crate) fn of(&self, address: &str) -> Arc<Pace> {
        let mut paces = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(paces.entry(address.to_owned()).or_default())
    }
}

/// The pace of one address.
pub(crate) struct Pace {
    places: Arc<Semaphore>,
    state: Mutex<State>,
}

struct State {
    /// How many may be made at a time.
    limit: usize,
    /// Places that are to go when they are given back.
    excess: usize,
    /// Connections that were made since the limit was raised.
    made: usize,
    last_drop: Option<Instant>,
}

impl Default for Pace {
    fn default() -> Self {
        let state = Mutex::new(State { limit: FIRST, excess: 0, made: 0, last_drop: None });
        Self { places: Arc::new(Semaphore::new(FIRST)), state }
    }
}

impl Pace {
    /// Wait for one's turn.
    pub(crate) async fn turn(self: &Arc<Self>) -> Turn {
        // Nobody closes the semaphore.
        let place = Arc::clone(&self.places).acquire_owned().await.ok();
        Turn { pace: Arc::clone(self), place }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One connection that is being made.
pub(crate) struct Turn {
    pace: Arc<Pace>,
    place: Option<OwnedSemaphorePermit>,
}

impl Turn {
    /// It was made: there may be room for more. Without a drop so far the limit doubles with each round.
    pub(crate) fn made(self) {
        let mut state = self.pace.state();
        state.made += 1;
        if state.last_drop.is_none() || state.made >= state.limit {
            state.made = 0;
            state.limit += 1;
            match state.excess {
                0 => self.pace.places.add_permits(1),
                _ => state.excess -= 1,
            }
        }
    }

    /// It was dropped: half as many from now on. The place is to be kept until the next attempt may be made, or the next
    /// one in the queue would be dropped as well.
    pub(crate) fn dropped(&self) {
        let mut state = self.pace.state();
        if state.last_drop.is_none_or(|last| last.elapsed() > ROUND) {
            let limit = (state.limit / 2).max(1);
            state.excess += state.limit - limit;
            state.limit = limit;
        }
        state.last_drop = Some(Instant::now());
        state.made = 0;
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut state = self.pace.state();
        if state.excess > 0
            && let Some(place) = self.place.take()
        {
            state.excess -= 1;
            place.forget();
        }
    }
}

/// When one that was dropped may try again.
pub(crate) struct Patience {
    deadline: Instant,
    drops: u32,
}

impl Patience {
    /// For attempts within a time.
    pub(crate) fn new(limit: Duration) -> Self {
        Self { deadline: Instant::now() + limit, drops: 0 }
    }

    /// The pause before the next attempt; `None` when there is no time left for one.
    pub(crate) fn pause(&mut self) -> Option<Duration> {
        let longest = PAUSES.0.saturating_mul(1 << self.drops.min(8)).min(PAUSES.1);
        self.drops += 1;
        // Between a half and the whole, so that those who were dropped together do not come back together.
        let share = 0.5 + (RandomState::new().hash_one(self.drops) % 1000) as f64 / 2000.0;
        let pause = longest.mul_f64(share);
        (self.drops <= MAX_DROPS && Instant::now() + pause < self.deadline).then_some(pause)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_server_that_drops_is_asked_by_fewer() {
        let pace = Arc::new(Pace::default());
        let mut turns = Vec::new();
        for _ in 0..FIRST {
            turns.push(pace.turn().await);
        }
        assert_eq!(pace.places.available_permits(), 0);
        // Three get in, the rest is dropped at once.
        for (index, turn) in turns.into_iter().enumerate() {
            match index {
                0..3 => turn.made(),
                _ => turn.dropped(),
            }
        }
        let limit = pace.state().limit;
        assert_eq!(limit, (FIRST + 3) / 2);
        assert_eq!((pace.places.available_permits(), pace.state().excess), (limit, 0));
        // One more after as many as there are places.
        for _ in 0..limit {
            pace.turn().await.made();
        }
        assert_eq!(pace.places.available_permits(), limit + 1);
        for _ in 0..20 {
            pace.state().last_drop = None;
            pace.turn().await.dropped();
        }
        assert_eq!((pace.places.available_permits(), pace.state().excess), (1, 0));
        // Whoever is neither gives the place back.
        drop(pace.turn().await);
        assert_eq!(pace.places.available_permits(), 1);
    }

    #[test]
    fn patience_ends() {
        let mut patience = Patience::new(Duration::from_secs(3600));
        let pauses: Vec<Duration> = std::iter::from_fn(|| patience.pause()).collect();
        assert_eq!(pauses.len(), MAX_DROPS as usize);
        assert!(pauses[0] >= PAUSES.0 / 2 && pauses.iter().all(|pause| *pause <= PAUSES.1), "{pauses:?}");
        assert_eq!(Patience::new(Duration::ZERO).pause(), None);
    }
}
