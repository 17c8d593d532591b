//! `setup`: the facts of a host, read from `/proc`, `/sys` and `/etc`.

mod distribution;
mod hardware;
mod identity;
mod interface;
mod kernel;
mod local;
mod machine;
mod module;
mod network;
mod others;
mod package_manager;
mod platform;
mod python;
mod security;
pub(crate) mod service_manager;
mod subset;
mod time;
mod virtualization;

pub(crate) use machine::Machine;
pub(crate) use module::Setup;
pub(crate) use platform::fully_qualified_name;
pub(crate) use service_manager::runs_systemd;
