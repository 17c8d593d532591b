//! The `dnf` module.

mod arguments;
mod command;
mod groups;
mod installed;
mod list;
mod local;
mod modules;
mod run;
mod specification;
mod transaction;
mod version;

pub(crate) use run::Dnf;
