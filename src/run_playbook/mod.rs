//! `ansible-playbook`: from what was asked for to a run, its output and its exit code. What other programs share with
//! it is set up here.

mod drive;
mod extra_vars;
mod inputs;
mod interrupt;
mod listing;
mod reporter;
mod run;
mod secrets;
mod setup;

pub(crate) use drive::{credentials, drive, finish, runtime};
pub(crate) use reporter::Totals;
pub(crate) use run::{profiled, recorded, run, run_with};
pub(crate) use secrets::{Asking, asked_id, of_ids, wanted_ids};
pub(crate) use setup::{LoadedInventory, Parts, WORKER_ARGUMENT, inventory, run as set_up, settings, vault_secrets};
