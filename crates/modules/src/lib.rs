//! The Ansible modules: one file each, one word in the list below.

mod command;
mod file;
mod ping;
mod slurp;
mod stat;
mod tempfile;

mod table;

pub use table::{DOCS, MODULES, find};
