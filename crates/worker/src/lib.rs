//! The worker: what runs on a host on the controller's behalf.
//!
//! [`serve`] speaks `churten-protocol` over any pair of blocking streams until the controller goes away, and then
//! leaves nothing behind: processes are killed, temporary files removed, workers under other identities ended. It
//! keeps no state of the process (no working directory, no umask, no environment), so any number of workers can be
//! served inside one process. [`run_program`] is the program `churten-worker`.
//!
//! A [`Runner`] runs the modules; [`NativeModules`] are those of the product.
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing))]

mod attachments;
mod caught;
mod child;
mod detached;
mod download;
mod exec;
mod files;
mod identity;
mod jobs;
mod kept;
mod modules;
mod native;
mod output;
mod paths;
mod pool;
mod privilege;
mod processes;
mod program;
mod python;
mod queue;
mod requests;
mod routes;
mod runner;
mod serve;
mod signals;
mod sys;
mod temporary;
mod timer;
mod upload;

pub use identity::own_build_hash;
pub use native::NativeModules;
pub use program::{run_program, run_program_as};
pub use runner::{Context, NoModules, Runner};
pub use serve::{Options, serve};
