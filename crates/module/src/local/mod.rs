//! The real machine.

mod accounts;
mod files;
mod host;
mod http;
mod network;
mod process;
mod starting;
mod sys;
mod tls;

pub use host::LocalHost;
pub use starting::{start, wait_for_starts};
