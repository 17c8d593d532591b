//! The command line: what was asked for, as data.

mod describe;
mod dispatch;
mod help;
mod link;
mod option_table;
mod parser;
mod passwords;
mod playbook;
#[cfg(test)]
mod tests;
mod version;

pub(crate) use dispatch::{Command, parse};
pub(crate) use link::link;
pub(crate) use passwords::read_password_file;
pub(crate) use playbook::PlaybookOptions;
pub(crate) use version::{VersionFacts, version_text};
