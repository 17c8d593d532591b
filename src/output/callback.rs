//! What a callback is.

use churten_executor::Event;

/// Turns the events of a run into output.
pub(crate) trait Callback {
    /// One event, in the order it must be shown.
    fn event(&mut self, event: &Event);
}
