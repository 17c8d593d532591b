//! The real machine.

mod accounts;
mod files;
mod host;
mod http;
mod mounts;
mod network;
mod process;
mod selinux;
mod sys;
mod syslog;
mod terminal;
mod tls;
mod writers;

pub use host::LocalHost;
pub use writers::wait_for_writers;
