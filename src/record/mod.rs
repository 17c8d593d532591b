//! The record of a run (`--log-events`): every event as one line of JSON, which `churten replay` shows again.
//!
//! The first line is `{"event": "record", "version": 1, ...}`. A reader refuses a higher version; within one version only
//! names are added. Every other line has `event`, `seconds` since the run began, and what docs/record.md says of it. The
//! file is the user's alone (0600): results stand in it as callbacks see them, with `no_log` applied.

mod read;
mod replay;
mod write;

pub(crate) use replay::replay;
pub(crate) use write::{About, Record, private_file};

/// The version of the format.
const VERSION: i64 = 1;

#[cfg(test)]
mod tests;
