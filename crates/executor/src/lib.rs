//! Walks hosts through tasks: strategies, variable precedence, controller-side actions.

mod event;

pub use event::{Counts, Event, HostLabel, PlayInfo, Status, TaskInfo, TaskKind, TaskResult};
