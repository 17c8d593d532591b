//! `service`: hands hosts with systemd to `systemd`, and manages scripts itself elsewhere.

mod module;
mod script;
mod startup;
mod sysvinit;

pub(crate) use module::Service;
pub(crate) use sysvinit::SysVInit;
