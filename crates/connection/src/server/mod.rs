//! An SSH server inside this process: throwaway hosts on loopback, for tests and for trying the product out.
//!
//! Every [`SshServer`] is a host of its own with its own key, users and home directory. Commands run as the user of
//! this process under `/bin/sh`; nothing keeps them inside the home directory, so it is a stage, not a cage. It listens
//! on loopback addresses only.

mod handler;
mod host;
mod key;
mod process;

pub use host::{ServerOptions, ServerUser, SshServer};
pub use key::ThrowawayKey;
