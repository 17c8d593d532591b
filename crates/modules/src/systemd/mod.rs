//! `systemd_service`, and `systemd`, its older name.

mod control;
mod module;
mod status;

pub(crate) use module::{Systemd, SystemdService};
