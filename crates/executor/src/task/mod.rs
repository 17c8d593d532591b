//! One task on one host: conditions, loop, arguments, action, judgement.

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

pub(crate) use attributes::{Attributes, Pick, boolean, flag, integer_of, keyword, to_boolean};
pub(crate) use detached::Detached;
pub(crate) use finalize::{arguments, with_defaults_of};
pub(crate) use judge::{complete_output, registered};
pub(crate) use messages::{hold, is_deprecation};
pub(crate) use outcome::{Execution, IncludeRequest, PLAIN_OUTPUT, is_true};
pub(crate) use runner::{EventSink, Message, TaskOutcome, TaskRunner};
