//! What a callback is.

use super::console::Console;
use churten_executor::Event;

/// Turns the events of a run into output.
pub(crate) trait Callback {
    /// One event, in the order it must be shown.
    fn event(&mut self, event: &Event);

    /// The console, for text that is no event.
    fn console(&mut self) -> &mut Console;
}
