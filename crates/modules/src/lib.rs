//! The Ansible modules: one file each, one word in the list below.

mod ping;

mod table;

pub use table::{DOCS, MODULES, find};
