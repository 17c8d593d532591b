//! `ansible-playbook`: from what was asked for to a run, its output and its exit code.

mod extra_vars;
mod inputs;
mod interrupt;
mod listing;
mod reporter;
mod run;
mod secrets;
mod setup;

pub(crate) use reporter::Totals;
pub(crate) use run::{run, run_with};
pub(crate) use setup::WORKER_ARGUMENT;
