//! The real machine.

mod accounts;
mod files;
mod host;
mod http;
mod network;
mod process;
mod sys;
mod tls;

pub use host::LocalHost;
