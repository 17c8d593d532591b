//! How many connections are being made at a time: to one address, and in all. sshd drops some of those that knock while
//! more than its `MaxStartups` (10:30:60) are not let in yet; how many that are only shows by being dropped. In all, more
//! are begun as long as they do not take longer for it.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How many are begun at an address of which nothing is known: where sshd's default begins to drop.
const FIRST: usize = 10;

/// How many are begun in all while nothing is known.
const FIRST_IN_ALL: usize = 48;

/// The fewest in all, however long they take.
const FEWEST_IN_ALL: usize = 16;

/// A connection takes no longer for the others up to twice the fastest and this, and much longer beyond four times and the
/// second.
const SLOWER: (Duration, Duration) = (Duration::from_millis(150), Duration::from_secs(2));

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
    /// How long the fastest took.
    fastest: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self::beginning_with(FIRST)
    }
}

impl Pace {
    /// The pace of all addresses together.
    pub(crate) fn in_all(most: usize) -> Self {
        Self::beginning_with(most.clamp(1, FIRST_IN_ALL))
    }

    fn beginning_with(limit: usize) -> Self {
        let state = State { limit, excess: 0, made: 0, last_drop: None, fastest: Duration::MAX };
        Self { places: Arc::new(Semaphore::new(limit)), state: Mutex::new(state) }
    }

    /// Wait for one's turn.
    pub(crate) async fn turn(self: &Arc<Self>) -> Turn {
        // Nobody closes the semaphore.
        let place = Arc::clone(&self.places).acquire_owned().await.ok();
        Turn { pace: Arc::clone(self), place }
    }

    fn grow(&self, state: &mut State) {
        state.limit += 1;
        match state.excess {
            0 => self.places.add_permits(1),
            _ => state.excess -= 1,
        }
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
            self.pace.grow(&mut state);
        }
    }

    /// It was made, or refused, in this time: one more, or one fewer, by how long the fastest took. At the most as many as
    /// are given.
    pub(crate) fn took(self, time: Duration, most: usize) {
        let mut state = self.pace.state();
        state.fastest = state.fastest.min(time);
        let (little, much) = (state.fastest * 2 + SLOWER.0, state.fastest * 4 + SLOWER.1);
        if time < little && state.limit < most {
            self.pace.grow(&mut state);
        } else if time > much && state.limit > FEWEST_IN_ALL {
            state.limit -= 1;
            state.excess += 1;
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

    #[tokio::test]
    async fn more_are_begun_while_they_take_no_longer() {
        let pace = Arc::new(Pace::in_all(60));
        let limit = || pace.state().limit;
        assert_eq!(limit(), FIRST_IN_ALL);
        for _ in 0..100 {
            pace.turn().await.took(Duration::from_millis(50), 60);
        }
        assert_eq!((limit(), pace.places.available_permits()), (60, 60));
        pace.turn().await.took(Duration::from_secs(1), 60);
        assert_eq!(limit(), 60);
        for _ in 0..100 {
            pace.turn().await.took(Duration::from_secs(9), 60);
        }
        assert_eq!((limit(), pace.places.available_permits()), (FEWEST_IN_ALL, FEWEST_IN_ALL));
        assert_eq!(Pace::in_all(5).state().limit, 5);
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
