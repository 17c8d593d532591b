//! The real machine.

mod accounts;
mod files;
mod host;
mod process;
mod sys;

pub use host::LocalHost;
