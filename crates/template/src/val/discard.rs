//! Letting go of containers without a stack frame for each level: a loop can nest them as deep as it has turns.

use super::cells::{Key, Slot};
use super::value::Val;
use std::cell::{Cell, RefCell};

/// What a container held.
#[expect(dead_code, reason = "it is only to be dropped")]
pub(super) enum Contents {
    Slots(Vec<Slot>),
    Values(Vec<Val>),
    Entries(Vec<(Key, Slot)>),
}

/// Deeper levels wait until this many have been left.
const MAX_DEPTH: usize = 64;

thread_local! {
    static DEPTH: Cell<usize> = const { Cell::new(0) };
    static WAITING: RefCell<Vec<Contents>> = const { RefCell::new(Vec::new()) };
}

/// Drop contents now, or, far inside of others, when those are gone.
pub(super) fn discard(contents: Contents) {
    let depth = DEPTH.get();
    if depth >= MAX_DEPTH {
        WAITING.with_borrow_mut(|waiting| waiting.push(contents));
        return;
    }
    DEPTH.set(depth + 1);
    drop(contents);
    if depth == 0 {
        while let Some(next) = WAITING.with_borrow_mut(Vec::pop) {
            drop(next);
        }
    }
    DEPTH.set(depth);
}
