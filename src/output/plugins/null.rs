//! `community.general.null`: nothing.

use crate::output::Console;
use crate::output::callback::Callback;
use churten_executor::Event;

/// The callback.
pub(crate) struct Null;

impl Callback for Null {
    fn event(&mut self, _: &Event, _: &mut Console) {}
}
