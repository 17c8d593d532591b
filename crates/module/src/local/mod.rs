//! The real machine.

mod accounts;
mod files;
mod host;
mod http;
mod network;
mod process;
mod sys;
mod terminal;
mod tls;
mod writers;

pub use host::LocalHost;
pub use writers::wait_for_writers;
