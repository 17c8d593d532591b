//! `service`: hands hosts with systemd to `systemd`, and manages scripts itself elsewhere.

mod module;
mod script;
mod startup;

pub(crate) use module::Service;
