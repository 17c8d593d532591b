//! Connections end to end: against hosts inside this process, and against OpenSSH's server.
#![expect(clippy::print_stdout, reason = "tests say why they are skipped")]

mod delivery;
mod loopback;
mod sshd;
mod stage;
mod uploads;
