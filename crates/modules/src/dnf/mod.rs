//! The `dnf` module, and what it shares with `dnf5`.

pub(crate) mod arguments;
mod command;
mod groups;
pub(crate) mod installed;
mod list;
mod local;
mod modules;
mod run;
pub(crate) mod specification;
pub(crate) mod transaction;
mod version;

pub(crate) use run::Dnf;
