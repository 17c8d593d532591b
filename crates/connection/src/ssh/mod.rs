//! Everything about SSH.

mod algorithms;
mod authenticate;
pub(crate) mod config;
pub(crate) mod connection;
pub(crate) mod held_key;
mod host_key;
pub(crate) mod known_hosts;
mod output;
pub(crate) mod pace;
mod pattern;
pub(crate) mod program;
mod refused;
mod short_number;
mod stream;
