//! The Ansible modules: one file each, one word in the list below.

mod apt;
mod assemble;
mod async_status;
mod attributes;
mod blockinfile;
mod command;
mod copy;
mod cron;
mod file;
mod file_status;
mod find;
mod getent;
mod git;
mod group;
mod hostname;
mod known_hosts;
mod lineinfile;
mod package_facts;
mod ping;
mod pip;
mod python_regex;
mod replace;
mod run;
mod service;
mod service_facts;
mod setup;
mod slurp;
mod stat;
mod systemd;
mod tempfile;
mod text_encoding;
mod text_file;
mod unarchive;
mod user;
mod wait_for;
mod web;

mod table;

pub use assemble::Assembly;
pub use table::{DOCS, MODULES, find};
pub use web::{ContentError, ContentRequest, content};
