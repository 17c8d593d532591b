//! One task on one host: conditions, loop, arguments, action, judgement.

mod attempt;
mod attributes;
mod batch;
mod detached;
mod finalize;
mod judge;
mod learned;
mod looping;
mod messages;
mod outcome;
mod reached;
mod runner;
mod telling;

pub(crate) use attributes::{Attributes, Pick, boolean, flag, integer_of, keyword, to_boolean};
pub(crate) use detached::Detached;
pub(crate) use finalize::{arguments, with_defaults_of};
pub(crate) use judge::{complete_output, registered};
pub(crate) use messages::{hold, is_deprecation};
pub(crate) use outcome::{Execution, IncludeRequest, PLAIN_OUTPUT, is_true};
pub(crate) use runner::TaskRunner;
pub(crate) use telling::{EventSink, Message, TaskOutcome};
