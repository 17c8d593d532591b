//! The `dnf5` module. What is installed, names and versions are read as by `dnf`.

mod answer;
mod command;
mod list;
mod run;
mod transaction;

pub(crate) use run::Dnf5;
