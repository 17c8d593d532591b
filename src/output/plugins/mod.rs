//! The callbacks beside `default` and `minimal`, one file for each.

mod counter_enabled;
mod dense;
mod json_document;
mod json_lines;
mod junit;
mod junit_xml;
mod log_plays;
mod null;
mod profile_roles;
mod profile_tasks;
mod records;
mod selective;
mod stopwatch;
mod timer;
mod tree;
mod unixy;

pub(super) use counter_enabled::CounterEnabled;
pub(super) use dense::Dense;
pub(super) use json_document::JsonDocument;
pub(super) use json_lines::JsonLines;
pub(super) use junit::Junit;
pub(super) use log_plays::LogPlays;
pub(super) use null::Null;
pub(super) use profile_roles::ProfileRoles;
pub(super) use profile_tasks::ProfileTasks;
pub(super) use selective::Selective;
pub(super) use timer::Timer;
pub(super) use tree::Tree;
pub(super) use unixy::Unixy;
